#!/usr/bin/env python3
"""Probabilities of text classifiers are those of scikit-learn with the same options, on the requests of examples/texts.

usage: classifier.py BANTAM. scikit-learn fits to 1e-10; ours to its default tolerance. Exits with 77 where it is not there.
"""
import csv, json, os, subprocess, sys, tempfile

try:
    import numpy
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_union
except ImportError as missing:
    print(f'{missing.name} for Python is not there')
    sys.exit(77)

TEXTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'examples', 'texts')

# options of the command, vectorizer, learner
CASES = [
    ('', TfidfVectorizer(), {}),
    ('--ngrams 1-2 --C 10', TfidfVectorizer(ngram_range=(1, 2)), {'C': 10}),
    ('--analyzer char --ngrams 2-4', TfidfVectorizer(analyzer='char', ngram_range=(2, 4)), {}),
    ('--analyzer char_wb --ngrams 2-5 --C 3', TfidfVectorizer(analyzer='char_wb', ngram_range=(2, 5)), {'C': 3}),
    ('--binary yes --sublinear-tf yes --norm l1 --C 100', TfidfVectorizer(binary=True, sublinear_tf=True, norm='l1'), {'C': 100}),
    ('--min-df 2 --max-df 0.5 --idf no', TfidfVectorizer(min_df=2, max_df=.5, use_idf=False), {}),
    ('--smooth-idf no --stop-words yes', TfidfVectorizer(smooth_idf=False, stop_words='english'), {}),
    ('--lowercase no --strip-accents unicode --balanced yes', TfidfVectorizer(lowercase=False, strip_accents='unicode'),
     {'class_weight': 'balanced'}),
    ('--multi-class one-vs-rest --C 5', TfidfVectorizer(), {'C': 5, 'each': True}),
    ('--analyzer word+char_wb --ngrams 1-2+2-3',
     make_union(TfidfVectorizer(ngram_range=(1, 2)), TfidfVectorizer(analyzer='char_wb', ngram_range=(2, 3))), {}),
]

def expected(vectorizer, learner, rows, texts):
    learner = dict(learner)
    each = learner.pop('each', False)
    model = LogisticRegression(tol=1e-10, max_iter=10000, **learner)
    model = OneVsRestClassifier(model) if each else model
    model.fit(vectorizer.fit_transform([row['text'] for row in rows]), [row['label'] for row in rows])
    return list(model.classes_), model.predict_proba(vectorizer.transform(texts))

def given(bantam, options, texts):
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, 'model')
        subprocess.run([bantam, 'train', '-q', '--calibrate', 'none', *options.split(), '-o', model,
                        os.path.join(TEXTS, 'requests.csv')], check=True, capture_output=True)
        answers = subprocess.run([bantam, 'predict', '-f', 'ndjson', '--top', '99', model], input='\n'.join(texts) + '\n',
                                 check=True, capture_output=True, text=True).stdout
    return [{entry['label']: entry['probability'] for entry in json.loads(line)['top']} for line in answers.splitlines()]

def main():
    with open(os.path.join(TEXTS, 'requests.csv'), newline='', encoding='utf8') as file:
        rows = list(csv.DictReader(file))
    with open(os.path.join(TEXTS, 'new-requests.txt'), encoding='utf8') as file:
        texts = file.read().splitlines() + ['', 'nothing known zzz', 'É à la card, card CARD'] + [row['text'] for row in rows[::7]]
    worst = 0
    for options, vectorizer, learner in CASES:
        labels, wanted = expected(vectorizer, learner, rows, texts)
        got = numpy.array([[answer[label] for label in labels] for answer in given(sys.argv[1], options, texts)])
        difference = numpy.abs(got - wanted).max()
        worst = max(worst, difference)
        if difference > 1e-4:
            sys.exit(f'{options or "defaults"}: a probability differs by {difference:.1e}')
    print(f'{len(CASES)} passed, 0 failed, 0 skipped; largest difference {worst:.1e}')

if __name__ == '__main__':
    main()
