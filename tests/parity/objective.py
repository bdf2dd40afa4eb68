#!/usr/bin/env python3
"""The optimum is the optimum: objectives of one-vs-rest classifiers against LIBLINEAR's, on the requests of examples/texts.

usage: objective.py BANTAM. Both objectives are computed here, in doubles: C Σ log(1 + exp(−y (x·w + b))) + penalty(w), with LIBLINEAR's
primal learners (-s 0 ridge, -s 6 lasso) at -e 1e-6 and a bias of 30, whose penalty counts for little. Ours may be higher
by 1e-6 of it, or lower by as much as LIBLINEAR's tolerance and penalised bias make it. Exits with 77 where LIBLINEAR or scikit-learn is not there.
"""
import csv, json, os, subprocess, sys, tempfile

try:
    import numpy
    from liblinear.liblinearutil import parameter, problem, train
    from sklearn.feature_extraction.text import TfidfVectorizer
except ImportError as missing:
    print(f'{missing.name} for Python is not there')
    sys.exit(77)

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'examples', 'texts', 'requests.csv')
BIAS = 30

# options of the command, LIBLINEAR's learner, C, the penalty
CASES = [
    ('', 0, 1, lambda w: w @ w / 2),
    ('', 0, 30, lambda w: w @ w / 2),
    ('--penalty l1', 6, 3, lambda w: abs(w).sum()),
    ('--penalty l1', 6, 30, lambda w: abs(w).sum()),
]

def weights_of(bantam, model):
    """Weights (features, classes), intercepts and labels, as the export in JSON tells them."""
    told = json.loads(subprocess.run([bantam, 'export', '--json', model], check=True, capture_output=True, text=True).stdout)
    features = told['parts'][0]['features']
    weights = numpy.zeros((len(features), len(told['labels'])))
    for row, feature in zip(weights, features):
        for output, weight in feature['weights']:
            row[output] = weight
    return weights, numpy.array(told['intercepts'], float), told['labels']

def objective(rows, signs, weights, intercept, C, penalty):
    return C * numpy.logaddexp(0, -signs * (rows @ weights + intercept)).sum() + penalty(weights)

def theirs(rows, signs, learner, C):
    model = train(problem(signs, rows), parameter(f'-s {learner} -c {C} -e 1e-6 -B {BIAS} -q'))
    weights, bias = model.get_decfun(label_idx=list(model.get_labels()).index(1))
    return numpy.array(weights), bias

def main():
    bantam = sys.argv[1]
    with open(TABLE, newline='', encoding='utf8') as file:
        table = list(csv.DictReader(file))
    rows = TfidfVectorizer(ngram_range=(1, 2)).fit_transform([row['text'] for row in table])
    given = numpy.array([row['label'] for row in table])
    least, most = numpy.inf, -numpy.inf
    for options, learner, C, penalty in CASES:
        with tempfile.TemporaryDirectory() as folder:
            model = os.path.join(folder, 'model')
            subprocess.run([bantam, 'train', '-q', '--calibrate', 'none', '-j', '1', '--multi-class', 'one-vs-rest', '--ngrams', '1-2', '--C', str(C),
                            *options.split(), '-o', model, TABLE], check=True, capture_output=True)
            weights, intercepts, labels = weights_of(bantam, model)
        for i, label in enumerate(labels):
            signs = numpy.where(given == label, 1.0, -1.0)
            ours = objective(rows, signs, weights[:, i], intercepts[i], C, penalty)
            reference = objective(rows, signs, *theirs(rows, signs, learner, C), C, penalty)
            above = (ours - reference) / reference
            least, most = min(least, above), max(most, above)
            if not -1e-3 < above < 1e-6:
                sys.exit(f'{options or "ridge"}, C = {C}, {label}: the objective is {ours:.9g}, LIBLINEAR reaches {reference:.9g}')
    print(f'{len(CASES)} passed, 0 failed, 0 skipped; ours is {-least:.1e} of LIBLINEAR\'s below it to {most:.1e} above')

if __name__ == '__main__':
    main()
