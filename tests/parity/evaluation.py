#!/usr/bin/env python3
"""Writes tests/parity/evaluation_numbers.h: made-up predictions and what scikit-learn's metrics say of them.

usage: tests/parity/evaluation.py > tests/parity/evaluation_numbers.h     (scikit-learn 1.9.1, numpy 2.4, scipy 1.17)

evaluation_test.c holds Bantam's metrics against these numbers.
"""
import warnings

import numpy
from scipy.stats import binomtest
from sklearn import __version__, metrics
from sklearn.model_selection import GroupKFold, StratifiedKFold

ROWS, CLASSES = 48, 5
warnings.simplefilter("ignore")  # of classes that nothing was given to
generator = numpy.random.default_rng(11)


def made_up_probabilities(sharpness):
    raw = generator.normal(size=(ROWS, CLASSES)) * sharpness
    raw[:, 4] -= 6  # a class that is never the likeliest
    raw[3] = raw[2]
    p = numpy.exp(raw)
    p = (p / p.sum(1, keepdims=True)).astype(numpy.float32)
    p[5] = [1, 0, 0, 0, 0]  # a probability of 0 for the truth, to be clipped
    return p


def array(ctype, name, values):
    flat = numpy.asarray(values).ravel()
    if ctype == "float":
        words = [f"{float(value):.9g}" for value in flat]
        words = [(word if "." in word or "e" in word else word + ".0") + "F" for word in words]
    elif ctype == "double":
        words = [f"{float(value):.17g}" for value in flat]
    else:
        words = [str(int(value)) for value in flat]
    body = ""
    line = "   "
    for word in words:
        if len(line) + len(word) + 2 > 98:
            body += line + "\n"
            line = "   "
        line += f" {word},"
    print(f"static const {ctype} {name}[] = {{\n{body}{line}\n}};")


def averages(truth, guess, weights):
    out = []
    for average in ("macro", "micro", "weighted"):
        out += metrics.precision_recall_fscore_support(
            truth, guess, average=average, sample_weight=weights, zero_division=0)[:3]
    return out


first, second = made_up_probabilities(1.5), made_up_probabilities(0.7)
labels = generator.integers(0, 4, ROWS)
labels[5] = 1
labels[7] = 4
weights = generator.uniform(0, 2, ROWS).astype(numpy.float32)
weights[9] = 0
groups = generator.integers(0, 9, ROWS)
guess = first.argmax(1)
one_hot = numpy.eye(CLASSES)[labels]
several = (generator.uniform(size=(ROWS, CLASSES)) < 0.3).astype(int)
sigmoids = numpy.clip(several * 0.4 + generator.uniform(size=(ROWS, CLASSES)) * 0.6, 0, 1).astype(numpy.float32)
given = (sigmoids >= 0.5).astype(int)


def calibration_error(p, truth, weights):
    top, right = p.max(1).astype(float), p.argmax(1) == truth
    total = 0.0
    for i in range(15):
        inside = (top > i / 15) & (top <= (i + 1) / 15)
        if weights[inside].sum() > 0:
            total += abs((weights[inside] * (right[inside] - top[inside])).sum())
    return total / weights.sum()


print(f"// Made by tests/parity/evaluation.py with scikit-learn {__version__}.\n// clang-format off")
print(f"enum {{\n    ROWS = {ROWS},\n    CLASSES = {CLASSES},\n    FOLDS = 4\n}};")
array("float", "first_probabilities", first)
array("float", "second_probabilities", second)
array("uint32_t", "row_labels", labels)
array("float", "row_weights", weights)
array("uint32_t", "row_groups", groups)
array("double", "accuracies", [
    metrics.accuracy_score(labels, guess, sample_weight=weights),
    metrics.balanced_accuracy_score(labels, guess, sample_weight=weights),
    metrics.log_loss(labels, first, sample_weight=weights, labels=range(CLASSES)),
    metrics.brier_score_loss(labels, first, sample_weight=weights, labels=range(CLASSES)),
    calibration_error(first, labels, weights.astype(float)),
])
array("double", "single_averages", averages(labels, guess, weights))
per_class = metrics.precision_recall_fscore_support(
    labels, guess, labels=range(CLASSES), sample_weight=weights, zero_division=0)
array("double", "class_results", numpy.array(per_class).T)
array("double", "average_precisions",
      [metrics.average_precision_score(one_hot[:, c], first[:, c], sample_weight=weights) for c in range(CLASSES)])
array("double", "confusion", metrics.confusion_matrix(labels, guess, labels=range(CLASSES), sample_weight=weights))
array("float", "sigmoids", sigmoids)
starts = numpy.concatenate([[0], several.sum(1).cumsum()])
array("size_t", "several_starts", starts)
array("uint32_t", "several_labels", numpy.nonzero(several)[1])
array("double", "several_scores", [
    metrics.accuracy_score(several, given),
    numpy.mean([metrics.log_loss(several[:, c], sigmoids[:, c], labels=[0, 1]) for c in range(CLASSES)]),
])
array("double", "several_averages", averages(several, given, None))
array("double", "several_precisions", [metrics.average_precision_score(several[:, c], sigmoids[:, c])
                                       for c in range(CLASSES)])
right, other = guess == labels, second.argmax(1) == labels
counts = [(right & ~other).sum(), (~right & other).sum(), (right & other).sum(), (~right & ~other).sum()]
array("double", "agreement", counts)
array("double", "mcnemar", [binomtest(int(counts[0]), int(counts[0] + counts[1])).pvalue])


def folds_of(splitter, *arguments):
    out = numpy.zeros(ROWS, int)
    for fold, (_, held_out) in enumerate(splitter.split(numpy.zeros(ROWS), *arguments)):
        out[held_out] = fold
    return out


array("int", "stratified_folds", folds_of(StratifiedKFold(4), labels))
sizes = numpy.bincount(groups)
assert len(sizes) == 9 and (sizes > 0).all()
grouped = folds_of(GroupKFold(4), labels, groups)
array("size_t", "grouped_fold_sizes", sorted(numpy.bincount(grouped)))
