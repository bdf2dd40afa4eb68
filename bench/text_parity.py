#!/usr/bin/env python3
"""Are our decisions those of scikit-learn with the same options?

usage: bench/text_parity.py [--bantam build/bantam] [--data ../shared/data/text] [--rows N] [SET/ANALYZER...]

For each set (banking77, clinc150, trec, language-id) and analyzer (word 1-2, char 2-4, char_wb 2-5) both sides train on the
same rows and predict the same rows: TF-IDF, multinomial logistic regression, C = 10. scikit-learn's own tolerance (1e-4) leaves
its probabilities further from the optimum than the differences that matter here, so it gets 1e-6 and up to 2,000 iterations.
A set of more than N rows (default 20,000) is cut to every k-th row, for the sake of the time that scikit-learn takes.

Prints a row a case: rows, classes, features of both, decisions that are equal, mean and largest difference of the probabilities.
Exits with 1 where fewer than 99.9 % of the decisions are equal or the mean difference is above 1e-4.
"""
import argparse, csv, json, os, subprocess, sys, tempfile, time

import numpy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

SETS = ['banking77', 'clinc150', 'trec', 'language-id']
ANALYZERS = {'word': (1, 2), 'char': (2, 4), 'char_wb': (2, 5)}
C = 10.0

def read_rows(path, most):
    with open(path, encoding='utf8', newline='') as file:
        rows = list(csv.DictReader(file))
    step = -(-len(rows) // most)
    return rows[::step]

def write_rows(path, rows):
    with open(path, 'w', encoding='utf8', newline='') as file:
        writer = csv.DictWriter(file, ['label', 'text'])
        writer.writeheader()
        writer.writerows({'label': row['label'], 'text': row['text']} for row in rows)

def bantam_probabilities(bantam, folder, train, test, analyzer, ngrams, threads):
    train_path, test_path, model = (os.path.join(folder, name) for name in ('train.csv', 'test.csv', 'model'))
    write_rows(train_path, train)
    write_rows(test_path, test)
    begin = time.process_time(), time.time()
    subprocess.run([bantam, 'train', '-q', '-j', str(threads), '--calibrate', 'none', '--analyzer', analyzer, '--ngrams',
                    f'{ngrams[0]}-{ngrams[1]}', '--C', str(C), '-o', model, train_path], check=True, capture_output=True)
    seconds = time.time() - begin[1]
    about = json.loads(subprocess.run([bantam, 'inspect', '-f', 'json', model], check=True, capture_output=True).stdout)
    place = {label: i for i, label in enumerate(about['labels'])}
    probabilities = numpy.zeros((len(test), len(place)))
    answers = subprocess.Popen([bantam, 'predict', '-j', str(threads), '-f', 'ndjson', '--top', str(len(place)), model,
                                test_path], stdout=subprocess.PIPE)
    for i, line in enumerate(answers.stdout):
        for entry in json.loads(line)['top']:
            probabilities[i, place[entry['label']]] = entry['probability']
    if answers.wait() != 0:
        sys.exit('bantam predict failed')
    return about['labels'], about['features'], probabilities, seconds

def sklearn_probabilities(train, test, analyzer, ngrams):
    begin = time.time()
    vectorizer = TfidfVectorizer(analyzer=analyzer, ngram_range=ngrams)
    rows = vectorizer.fit_transform([row['text'] for row in train])
    model = LogisticRegression(C=C, tol=1e-6, max_iter=2000)
    model.fit(rows, [row['label'] for row in train])
    seconds = time.time() - begin
    probabilities = model.predict_proba(vectorizer.transform([row['text'] for row in test]))
    return list(model.classes_), len(vectorizer.vocabulary_), probabilities, seconds

def compare(options, name, analyzer):
    ngrams = ANALYZERS[analyzer]
    train, test = (read_rows(os.path.join(options.data, name, part + '.csv'), options.rows) for part in ('train', 'test'))
    with tempfile.TemporaryDirectory() as folder:
        labels, n_features, ours, our_seconds = bantam_probabilities(options.bantam, folder, train, test, analyzer, ngrams,
                                                                     options.threads)
    classes, n_columns, theirs, their_seconds = sklearn_probabilities(train, test, analyzer, ngrams)
    if labels != classes or n_features != n_columns:
        sys.exit(f'{name} {analyzer}: labels or features differ ({len(labels)}, {len(classes)}; {n_features}, {n_columns})')
    equal = numpy.mean(ours.argmax(1) == theirs.argmax(1))
    difference = numpy.abs(ours - theirs)
    print(f'| {name} | {analyzer} {ngrams[0]}–{ngrams[1]} | {len(train):,} / {len(test):,} | {len(labels)} | {n_features:,} '
          f'| {100 * equal:.3f} % | {difference.mean():.1e} | {difference.max():.1e} | {our_seconds:.1f} s '
          f'| {their_seconds:.1f} s |', flush=True)
    return equal >= .999 and difference.mean() <= 1e-4

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--bantam', default='build/bantam')
    parser.add_argument('--data', default='../shared/data/text')
    parser.add_argument('--rows', type=int, default=20000)
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('cases', nargs='*')
    options = parser.parse_args()
    cases = options.cases or [f'{name}/{analyzer}' for name in SETS for analyzer in ANALYZERS]
    print('| set | analyzer | rows: train / test | classes | features | decisions equal | mean difference of p | largest '
          '| fit here | fit scikit-learn |')
    print('|---|---|---|---|---|---|---|---|---|---|')
    fine = [compare(options, *case.split('/')) for case in cases]
    print(f'{sum(fine)} of {len(fine)} cases within the limits')
    return 0 if all(fine) else 1

if __name__ == '__main__':
    sys.exit(main())
