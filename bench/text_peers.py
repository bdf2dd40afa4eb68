#!/usr/bin/env python3
"""One peer on one set of labelled texts, measured within its own process; prints one JSON object.

usage: bench/text_peers.py PEER JOB TRAIN.csv TEST.csv OPTIONS     (run by bench/text.py, with the peers' Python)

PEER: sklearn, liblinear, fasttext, vw. OPTIONS: a JSON object. JOB:
  fit      trains, n-grams and all, from texts that are in memory already; options: analyzer, ngrams, C, tolerance, max_iter,
           min_df; `keep` writes the probabilities of the test rows as 32-bit floats, and its classes, to that path
  predict  the same, and then how many texts a second one thread answers
Times are seconds of CPU ("cpu", all threads together) and by the clock ("wall").
"""
import csv
import json
import os
import resource
import sys
import time

import numpy

csv.field_size_limit(1 << 24)
peer, job, train_path, test_path, options = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], json.loads(sys.argv[5])


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        header = next(rows)
        label, text = header.index("label"), header.index("text")
        columns = [(row[label], row[text]) for row in rows]
    limit = options.get("rows") or len(columns)
    return [row[1] for row in columns][:limit], [row[0] for row in columns][:limit]


class Watch:
    """Seconds of the clock and of all this process's threads and children since it was made."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), self.used()

    @staticmethod
    def used():
        times = os.times()
        return times.user + times.system + times.children_user + times.children_system

    def stop(self):
        return {"wall": time.perf_counter() - self.wall, "cpu": self.used() - self.cpu}


def calibration_error(probabilities, right):
    """15 bins of equal width over the likeliest class's probability."""
    confidence = probabilities.max(1).astype(float)
    bins = numpy.ceil(confidence * 15).clip(1, 15)
    return sum(abs((right[bins == i] - confidence[bins == i]).sum()) for i in range(1, 16)) / len(right)


def features():
    """scikit-learn's vectorizer with the options of the job."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    low, high = options.get("ngrams", [1, 1])
    return TfidfVectorizer(analyzer=options.get("analyzer", "word"), ngram_range=(low, high),
                           min_df=options.get("min_df", 1))


def speed(answer, texts):
    """Texts a second of one thread: the best of a few rounds over all texts."""
    best = 0
    for _ in range(3):
        watch = time.process_time()
        answer(texts)
        best = max(best, len(texts) / (time.process_time() - watch))
    return best


def judged(result, probabilities, classes, labels):
    guess = numpy.asarray(classes)[probabilities.argmax(1)]
    right = guess == numpy.asarray(labels)
    result["accuracy"] = float(right.mean())
    result["calibration_error"] = float(calibration_error(probabilities, right))
    if options.get("keep"):
        probabilities.astype(numpy.float32).tofile(options["keep"])
        with open(options["keep"] + ".classes", "w", encoding="utf-8") as file:
            file.write("\n".join(classes) + "\n")
    return result


def run_sklearn(texts, labels, test_texts, test_labels):
    from sklearn.linear_model import LogisticRegression

    watch = Watch()
    vectorizer = features()
    rows = vectorizer.fit_transform(texts)
    learner = LogisticRegression(C=options.get("C", 1.0), max_iter=options.get("max_iter", 100),
                                 tol=options.get("tolerance", 1e-4))
    learner.fit(rows, labels)
    result = watch.stop() | {"features": rows.shape[1], "iterations": int(numpy.max(learner.n_iter_))}
    # The objective that all these learners share: C Σ loss + ½ ‖W‖², in 64-bit floats.
    rows_said = learner.predict_log_proba(rows)
    at = numpy.searchsorted(learner.classes_, labels)
    loss = -rows_said[numpy.arange(len(labels)), at].sum()
    result["objective"] = float(options.get("C", 1.0) * loss + 0.5 * (learner.coef_**2).sum())
    if job == "predict":
        everything = texts + test_texts
        result["texts_per_second"] = speed(lambda some: learner.predict(vectorizer.transform(some)), everything)
    import pickle

    result["bytes"] = len(pickle.dumps((vectorizer, learner)))
    result["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return judged(result, learner.predict_proba(vectorizer.transform(test_texts)), list(learner.classes_), test_labels)


def run_liblinear(texts, labels, test_texts, test_labels):
    """One against the rest, as LIBLINEAR has it: dual logistic regression (-s 7)."""
    from liblinear.liblinearutil import predict, problem, train, parameter

    classes = sorted(set(labels))
    number = {name: i for i, name in enumerate(classes)}
    watch = Watch()
    vectorizer = features()
    rows = vectorizer.fit_transform(texts)
    model = train(problem([number[label] for label in labels], rows), parameter(f"-s 7 -c {options.get('C', 1.0)} -q"))
    result = watch.stop()
    said, _, values = predict([number[label] for label in test_labels], vectorizer.transform(test_texts), model, "-b 1 -q")
    order = numpy.argsort(model.get_labels())
    result["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return judged(result, numpy.asarray(values)[:, order], classes, test_labels)


def fasttext_lines(path, texts, labels):
    """Shuffled: fastText takes rows as they come, and a table may be sorted by class."""
    with open(path, "w", encoding="utf-8") as file:
        for i in numpy.random.default_rng(1).permutation(len(texts)):
            file.write(f"__label__{labels[i].replace(' ', '_')} {' '.join(texts[i].split())}\n")


def run_fasttext(texts, labels, test_texts, test_labels):
    import fasttext

    fasttext.FastText.eprint = lambda *_: None
    path = options["work"] + "/fasttext.txt"
    fasttext_lines(path, texts, labels)
    watch = Watch()
    arguments = {"lr": 0.5, "epoch": 25, "wordNgrams": 2, "thread": os.cpu_count(), "verbose": 0}
    if options.get("analyzer") == "char_wb":
        arguments |= {"minn": 2, "maxn": 5, "wordNgrams": 1}
    model = fasttext.train_supervised(path, **arguments)
    result = watch.stop()
    result["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    def accuracy(of):
        said, _ = of.predict([" ".join(text.split()) for text in test_texts])
        wanted = ["__label__" + label.replace(" ", "_") for label in test_labels]
        return sum(one[0] == want for one, want in zip(said, wanted)) / len(wanted)

    result["accuracy"] = accuracy(model)
    model.save_model(options["work"] + "/model.bin")
    result["bytes"] = os.path.getsize(options["work"] + "/model.bin")
    if job == "predict":
        lines = [" ".join(text.split()) for text in texts + test_texts]
        result["texts_per_second"] = speed(model.predict, lines)
    if options.get("quantise"):
        model.quantize(input=path, retrain=True, cutoff=options["quantise"], qnorm=True)
        model.save_model(options["work"] + "/model.ftz")
        result["quantised_bytes"] = os.path.getsize(options["work"] + "/model.ftz")
        result["quantised_accuracy"] = accuracy(model)
    os.remove(options["work"] + "/model.bin")
    return result


def vw_line(text, label=""):
    cleaned = text.replace("|", " ").replace(":", " ").replace("\n", " ").replace("\r", " ")
    return f"{label} | {cleaned.lower()}"


def run_vw(texts, labels, test_texts, test_labels):
    from vowpalwabbit import Workspace

    classes = sorted(set(labels))
    number = {name: i + 1 for i, name in enumerate(classes)}
    watch = Watch()
    learner = Workspace(f"--oaa {len(classes)} --loss_function logistic --ngram 2 -b 22 --quiet --passes 1")
    order = numpy.random.default_rng(1).permutation(len(texts))
    for _ in range(options.get("passes", 10)):
        for i in order:
            learner.learn(vw_line(texts[i], number[labels[i]]))
    result = watch.stop()
    said = [learner.predict(vw_line(text)) for text in test_texts]
    result["accuracy"] = sum(classes[one - 1] == label for one, label in zip(said, test_labels)) / len(said)
    result["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return result


RUN = {"sklearn": run_sklearn, "liblinear": run_liblinear, "fasttext": run_fasttext, "vw": run_vw}
print(json.dumps(RUN[peer](*read(train_path), *read(test_path))))
