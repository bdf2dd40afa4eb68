#!/usr/bin/env python3
"""What bantam export writes predicts as bantam predict does, on every row: the C file compiled, the JSON read by a small predictor.

usage: export.py BANTAM RESHAPE CC [TRAIN.csv TEST.csv]
"""
import collections
import csv
import json
import math
import os
import re
import statistics
import struct
import subprocess
import sys
import tempfile
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
STRICT = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
TEXTS = [
    ("Build succeeded", "good"),
    ("Error: Missing dependency", "bad"),
    ("Deployment failed, the deployment is not the one that failed", "bad"),
    ("Test passed and the test passed and the TEST passed", "good"),
    ("a b c I x", "odd"),
    ("one_two __init__ 3.14 42nd x1 ½ ² ⅷ", "odd"),
    ("Straße ÉCOLE naïve coöperate Ångström ﬁne ﬃ ①②", "exported"),
    ("İstanbul IĞDIR ΣΊΣΥΦΟΣ ΟΔΥΣΣΕΥΣ, Σ. ΑΣ' ΑΣ·Α", "exported"),
    ("Съешь ещё этих мягких французских булок, ДА ВЫПЕЙ ЖЕ ЧАЮ", "exported"),
    ("我能吞下玻璃而不伤身体 日本語のテキスト 한국어 텍스트 각", "exported"),
    ("zero\u200bwidth non\u00a0break\u3000wide\u2028line\u0085next\x1cfile", "odd"),
    ("two  blanks\n\n\nthree\t\ttabs \r\n x", "odd"),
    ("e\u0301 o\u0308 combining \u0301alone emoji 👩‍👩‍👧 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐐀𐐁", "odd"),
    ("x" * 300 + " " + "long" * 40, "good"),
    ("the quick brown fox jumps over the lazy dog is the and", 'quote "and\\ backslash'),
]
EXTRA = ["", " \t ", "unseen words", "test test test passed passed", "É" * 70, "Σ" * 9, "x"]
# Options of bantam train; how the model is shaped afterwards; whether the small predictor below knows it.
CASES = [
    ("--calibrate none", None, True),
    ("--ngrams 1-2 --calibrate temperature", None, True),
    ("--ngrams 1-2 --calibrate adaptive", None, True),
    ("--multi-class one-vs-rest --calibrate adaptive", None, True),
    ("--ngrams 1-3 --calibrate sigmoid --strip-accents unicode --sublinear-tf yes", None, True),
    ("--analyzer char_wb --ngrams 2-5 --calibrate isotonic", None, True),
    ("--analyzer char --ngrams 1-3 --strip-accents ascii --norm l1 --calibrate none", None, True),
    ("--analyzer char_wb --ngrams 1-6 --lowercase no --binary yes --calibrate none", None, True),
    ("--analyzer word+char_wb --ngrams 1-2+2-4 --multi-class one-vs-rest --calibrate none", None, True),
    ("--stop-words yes --idf no --norm none --calibrate none", None, True),
    ("--hash-bits 10 --ngrams 1-2 --calibrate none", None, False),
    ("--hash-bits 8 --analyzer char_wb --ngrams 2-4 --calibrate none", None, False),
    ("--ngrams 1-2 --calibrate none", "int8 1 names", True),
    ("--ngrams 1-2 --calibrate none", "int4 1 names", True),
    ("--analyzer char_wb --ngrams 2-4 --calibrate none", "int4 0.1 names", True),
    ("--analyzer word+char_wb --ngrams 1-2+2-4 --calibrate none", "int8 0.2 hashes", False),
    ("--ngrams 1-2 --calibrate temperature", "f32 0.2 hashes", False),
]


class Small:
    """A predictor in Python from the JSON alone; n-grams as the definition has them."""

    def __init__(self, text):
        self.model = json.loads(text)
        self.features = [
            {feature["ngram"]: feature for feature in part["features"]} if "ngram" in part["features"][0] else None
            for part in self.model["parts"]
        ]

    @staticmethod
    def ngrams(part, text):
        if part["lowercase"]:
            text = text.lower()
        if part["accents"] != "keep" and not text.isascii():
            text = unicodedata.normalize("NFKD", text)
            keep = str.isascii if part["accents"] == "ascii" else lambda point: not unicodedata.combining(point)
            text = "".join(filter(keep, text))
        lengths = range(part["n_min"], part["n_max"] + 1)
        if part["analyzer"] == "word":
            words = [word for word in re.findall(r"\b\w\w+\b", text) if word not in part["stop_words"]]
            for n in lengths:
                yield from (" ".join(words[at : at + n]) for at in range(len(words) - n + 1))
        elif part["analyzer"] == "char":
            text = re.sub(r"\s\s+", " ", text)
            for n in lengths:
                yield from (text[at : at + n] for at in range(len(text) - n + 1))
        else:
            for word in text.split():
                word = f" {word} "
                for n in lengths:
                    yield from (word[at : at + n] for at in range(max(1, len(word) - n + 1)))
                    if len(word) <= n:
                        break

    def scores(self, text):
        scores = list(self.model["intercepts"])
        for part, features in zip(self.model["parts"], self.features):
            counts = collections.Counter(ngram for ngram in self.ngrams(part, text) if ngram in features)
            values = {}
            for ngram, count in counts.items():
                weight = 1 if part["binary"] else 1 + math.log(count) if part["sublinear_tf"] else count
                values[ngram] = weight * features[ngram]["idf"]
            norms = {"none": lambda: 1, "l1": lambda: sum(values.values()), "l2": lambda: math.hypot(*values.values())}
            norm = norms[part["norm"]]() or 1
            for ngram, value in values.items():
                for output, weight in features[ngram]["weights"]:
                    scores[output] += value / norm * weight
        return scores

    @staticmethod
    def curve(curve, score):
        scores, values = curve["scores"], curve["values"]
        if score <= scores[0]:
            return values[0]
        for at in range(1, len(scores)):
            if score < scores[at]:
                share = (score - scores[at - 1]) / (scores[at] - scores[at - 1])
                return values[at - 1] + share * (values[at] - values[at - 1])
        return values[-1]

    def predict(self, text):
        calibration, scores = self.model["calibration"], self.scores(text)
        temperature = calibration.get("temperature", 1)
        if calibration["method"] == "adaptive":
            least, typical, most = calibration["spreads"]
            spread = min(max(statistics.pstdev(scores), least), most)
            temperature *= (spread / typical) ** calibration["exponent"]
        if calibration["method"] == "sigmoid":
            lines = zip(calibration["slopes"], calibration["offsets"], scores)
            each = [1 / (1 + math.exp(slope * score + offset)) for slope, offset, score in lines]
        elif calibration["method"] == "isotonic":
            each = [self.curve(*pair) for pair in zip(calibration["curves"], scores)]
        elif calibration["link"] == "softmax" and len(scores) > 1:
            each = [math.exp((score - max(scores)) / temperature) for score in scores]
        else:
            each = [1 / (1 + math.exp(-score / temperature)) for score in scores]
        if len(scores) == 1:
            each = [1 - each[0], each[0]]
        total = sum(each)
        shares = [one / total if total else 1 / len(each) for one in each]
        return dict(zip(self.model["labels"], shares))


def write_csv(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("label", "text"), *rows])


def predicted(bantam, model, table, n_labels):
    command = [bantam, "predict", "--format", "ndjson", "--top", str(n_labels), model, table]
    out = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return [{one["label"]: one["probability"] for one in json.loads(line)["top"]} for line in out.splitlines()]


def same(case, what, rows, ours, expected, tolerance):
    assert len(ours) == len(expected), (case, what, len(ours), len(expected))
    worst = 0
    for row, left, right in zip(rows, ours, expected):
        assert left.keys() == right.keys(), (case, what, left, right)
        difference = max(abs(left[label] - right[label]) for label in left)
        assert difference <= tolerance, (case, what, row, left, right)
        worst = max(worst, difference)
    return worst


def compiled(compiler, folder, texts):
    """What the C file in the folder predicts."""
    program = os.path.join(folder, "run")
    sources = [os.path.join(folder, "classifier.c"), os.path.join(HERE, "run.c")]
    subprocess.run([*compiler, *STRICT, "-I", folder, *sources, "-lm", "-o", program], check=True)
    packed = b"".join(struct.pack("<I", len(text)) + text for text in (text.encode() for text in texts))
    out = subprocess.run([program], input=packed, capture_output=True, check=True).stdout.decode()
    rows = [line.split("\t") for line in out.splitlines()]
    answers = [dict(zip(row[1::2], map(float, row[2::2]))) for row in rows]
    for row, answer in zip(rows, answers):
        assert answer[row[0]] == max(answer.values()), row
    return answers


def check(tools, folder, case, train, test):
    bantam, reshape, compiler = tools
    options, shape, small = case
    model, table = os.path.join(folder, "model.bantam"), os.path.join(folder, "test.csv")
    write_csv(table, test)
    subprocess.run([bantam, "train", "-q", "-j", "1", "-o", model, *options.split(), train], check=True, capture_output=True)
    if shape:
        subprocess.run([reshape, model, model, *shape.split()], check=True)
    subprocess.run([bantam, "export", "--c", "-o", os.path.join(folder, "classifier.c"), model], check=True)
    texts = [text for _, text in test]
    exported = subprocess.run([bantam, "export", "--json", model], check=True, capture_output=True).stdout
    labels = json.loads(exported)["labels"]
    expected = predicted(bantam, model, table, len(labels))
    worst = same(case, "C", texts, compiled(compiler, folder, texts), expected, 1e-5)
    if small:
        predictor = Small(exported)
        worst = max(worst, same(case, "JSON", texts, [predictor.predict(text) for text in texts], expected, 1e-5))
    return worst


def main():
    bantam, reshape, compiler, *files = sys.argv[1:]
    tools = (bantam, reshape, compiler.split())
    with tempfile.TemporaryDirectory() as folder:
        train = os.path.join(folder, "train.csv")
        rows = [(label, text) for text, label in TEXTS]
        test = [("?", text) for text in [text for text, _ in TEXTS] + EXTRA]
        write_csv(train, rows * 6)
        if files:
            train = files[0]
            with open(files[1], newline="", encoding="utf-8") as file:
                test = [("?", row[1]) for row in csv.reader(file)][1:]
        worst = max(check(tools, folder, case, train, test) for case in CASES)
        write_csv(train, rows[:4] * 20) if not files else None
        if not files:  # two labels: one output
            for method in "sigmoid", "adaptive":
                worst = max(worst, check(tools, folder, (f"--calibrate {method} --ngrams 1-2", None, True), train, test))
        print(f"{len(CASES)} classifiers on {len(test)} texts each, largest difference {worst:.1e}")


main()
