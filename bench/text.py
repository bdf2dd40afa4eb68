#!/usr/bin/env python3
"""Measures text classification beside the peers and writes bench/results/text.md. Run by bench/text.sh.

usage: bench/text.py [--parts PART,...] [--sets SET,...] [--data FOLDER] [--render]

Each part measures Bantam and its peers one after the other, so that what else the machine does burdens all alike; figures of speed are
CPU seconds of all threads together (n-grams, training and, for Bantam, start, reading and writing as well). What was measured is kept
in build/peers/text.json, and the table is written from it: a part that is run again replaces its rows. References that do not hang on
the machine (scikit-learn at a tight tolerance) are kept in build/peers/reference.

  agreement   decisions and probabilities against scikit-learn with the same options
  fit         word 1-2-grams, C = 10, the same objective
  predict     texts a second of one thread, training and test texts together
  calibration what the probabilities are worth, by default, by either kind of temperature, and as they are
  size        what is left of the accuracy in few bytes
  start       program start to first answer, and resident memory
  memory      of training on the largest set
  search      what `bantam train --search` finds in two minutes
"""
import argparse
import csv
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time

import numpy

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PEERS = os.path.join(TOP, "build", "peers")
STORE = os.path.join(PEERS, "text.json")
BANTAM = os.path.join(TOP, "build", "bantam")
ASK = os.path.join(TOP, "build", "bench-text")
ANALYZERS = {"word": (1, 2), "char": (2, 4), "char_wb": (2, 5)}
ROWS_OF_REFERENCE = {"word": 4000, "char": 2500, "char_wb": 2500}  # that scikit-learn's solver converges on in seconds
ROWS_OF_SPEED = 20000  # how many rows are trained on to see how fast a model answers, and what its probabilities are worth
SECONDS_OF_FITS = 15  # after which a fit is not repeated; of five at most the best counts
LEAST_DOCUMENTS = 3  # that an n-gram of the reference stands in; a limit on their number would be cut among equals by chance
PARTS = ["agreement", "fit", "predict", "calibration", "size", "start", "memory", "search"]


def call(command):
    """Runs a command; its output, CPU seconds, seconds by the clock, and peak of resident bytes. None where it fails.

    GNU time stands between, since a child of this process would count the memory of this process as its own.
    """
    with tempfile.NamedTemporaryFile("r") as figures, tempfile.TemporaryFile("w+") as told:
        timed = ["/usr/bin/time", "-f", "%U %S %e %M", "-o", figures.name, *map(str, command)]
        done = subprocess.run(timed, stdout=subprocess.PIPE, stderr=told, text=True, cwd=TOP, check=False)
        told.seek(0)
        if done.returncode:
            reason = told.read().strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
            print(f"  {' '.join(map(str, command))[:120]}: {reason[0]}", file=sys.stderr)
            return None
        user, system, wall, peak = map(float, figures.read().split()[-4:])
    return {"out": done.stdout, "cpu": user + system, "wall": wall, "peak": int(peak) * 1024}


def peer(name, job, data, **options):
    with tempfile.TemporaryDirectory(dir=PEERS) as work:
        command = [sys.executable, "-B", "-W", "ignore", os.path.join(TOP, "bench", "text_peers.py"), name, job, *data]
        done = call([*command, json.dumps(options | {"work": work})])
    return done and json.loads(done["out"].strip().splitlines()[-1])


def train(model, paths, *options):
    done = call([BANTAM, "train", "--quiet", "-o", model, *options, *paths])
    return done and done | {"bytes": os.path.getsize(model)}


def ask(model, data, rounds=1, probabilities="-"):
    done = call([ASK, model, str(rounds), probabilities, *data])
    return done and {key: float(value) for key, value in (line.split() for line in done["out"].splitlines())}


def features(analyzer, min_df=1):
    low, high = ANALYZERS[analyzer]
    return ["--analyzer", analyzer, "--ngrams", f"{low}-{high}", "--min-df", str(min_df)]


def thinned(path, n_rows, work):
    """A table of about so many rows, evenly spaced: a table that is sorted by class keeps each class."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    if len(rows) - 1 <= n_rows:
        return path
    thin = os.path.join(work, "thinned.csv")
    kept_rows = [rows[1 + i * (len(rows) - 1) // n_rows] for i in range(n_rows)]
    with open(thin, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([rows[0], *kept_rows])
    return thin


def reference(data, analyzer, min_df):
    """Probabilities of scikit-learn at a tight tolerance, from the keep where they were made before."""
    options = {"analyzer": analyzer, "ngrams": ANALYZERS[analyzer], "min_df": min_df, "C": 1.0, "tolerance": 1e-6,
               "max_iter": 5000}
    digest = hashlib.sha256(json.dumps(options).encode())
    for path in data:
        with open(path, "rb") as file:
            digest.update(file.read())
    folder = os.path.join(PEERS, "reference")
    os.makedirs(folder, exist_ok=True)
    keep = os.path.join(folder, digest.hexdigest()[:24])
    if not os.path.exists(keep + ".json"):
        done = peer("sklearn", "fit", data, keep=keep, **options)
        if not done:
            return None
        with open(keep + ".json", "w", encoding="utf-8") as file:
            json.dump(done, file)
    return keep


def agreement(name, data):
    rows = {}
    for analyzer in ANALYZERS:
        with tempfile.TemporaryDirectory(dir=PEERS) as work:
            some = [thinned(data[0], ROWS_OF_REFERENCE[analyzer], work), data[1]]
            keep = reference(some, analyzer, LEAST_DOCUMENTS)
            model, said = work + "/model", work + "/said"
            done = keep and train(model, some[:1], "--calibrate", "none", *features(analyzer, LEAST_DOCUMENTS))
            if not done or not ask(model, some[1:], 1, said):
                continue
            with open(keep + ".classes", encoding="utf-8") as one, open(said + ".classes", encoding="utf-8") as other:
                classes = one.read().split("\n")
                assert classes == other.read().split("\n"), "the classes differ"
            theirs = numpy.fromfile(keep, numpy.float32).reshape(-1, len(classes) - 1)
            ours = numpy.fromfile(said, numpy.float32).reshape(theirs.shape)
            equal = theirs.argmax(1) == ours.argmax(1)
            with open(keep + ".json", encoding="utf-8") as file:
                taken = json.load(file)["cpu"]
            rows[analyzer] = {"equal": float(equal.mean()), "taken": taken, "rows": len(equal), "difference": float(abs(theirs - ours).mean()),
                              "largest": float(abs(theirs - ours).max())}
            print(f"  {analyzer}: {rows[analyzer]}", flush=True)
    return rows


def fit(name, data):
    options = {"analyzer": "word", "ngrams": (1, 2), "C": 10}
    rows = {}
    with tempfile.TemporaryDirectory(dir=PEERS) as work:
        model = work + "/model"
        rounds = []
        while len(rounds) < 5 and sum(one["cpu"] for one in rounds) < SECONDS_OF_FITS:
            rounds.append(train(model, data[:1], "-j", "1", "--calibrate", "none", "--C", "10", *features("word")))
            if not rounds[-1]:
                break
        if all(rounds):
            best = min(rounds, key=lambda one: one["cpu"])
            rows["bantam"] = {key: best[key] for key in ("cpu", "wall", "peak", "bytes")} | (ask(model, data[1:]) or {})
        default = train(model, data[:1], "-j", "1", "--C", "10", *features("word"))
        if default:
            rows["bantam, calibrated on 5 folds"] = {key: default[key] for key in ("cpu", "wall", "peak", "bytes")} | (ask(model, data[1:]) or {})
    rows["fastText"] = peer("fasttext", "fit", data, quantise=10000)
    if name != "language-id":  # hours
        rows["scikit-learn"] = peer("sklearn", "fit", data, **options)
        rows["LIBLINEAR (one against the rest)"] = peer("liblinear", "fit", data, **options)
        rows["Vowpal Wabbit"] = peer("vw", "fit", data)
    for key, value in rows.items():
        print(f"  {key}: {value and {k: round(v, 3) for k, v in value.items()}}", flush=True)
    return {key: value for key, value in rows.items() if value}


def predict(name, data):
    rows = {}
    for analyzer in ("word", "char_wb"):
        with tempfile.TemporaryDirectory(dir=PEERS) as work:
            some = [thinned(data[0], ROWS_OF_SPEED, work), data[1]]
            model = work + "/model"
            done = train(model, some[:1], "--calibrate", "none", "--C", "10", *features(analyzer))
            ours = done and ask(model, some, 25)  # as long, all together, as scikit-learn's three
            # Speed does not hang on the solution, so scikit-learn's solver stops early.
            theirs = peer("sklearn", "predict", some, analyzer=analyzer, ngrams=ANALYZERS[analyzer], C=10, max_iter=2)
            fast = peer("fasttext", "predict", some, analyzer=analyzer)
            rows[analyzer] = {"bantam": ours and ours["texts_per_second"],
                              "bantam, probabilities": ours and ours["probabilities_per_second"], "scikit-learn": theirs and theirs["texts_per_second"],
                              "fastText": fast and fast["texts_per_second"]}
            print(f"  {analyzer}: {rows[analyzer]}", flush=True)
    return rows


CALIBRATIONS = {"bantam": [], "one temperature": ["--calibrate", "temperature"], "one for each text": ["--calibrate", "adaptive"],
                "not calibrated, as scikit-learn": ["--calibrate", "none"]}


def calibration(name, data):
    """What scikit-learn's probabilities are worth is told by those of Bantam without calibration: the part `agreement` shows them equal."""
    rows = {}
    with tempfile.TemporaryDirectory(dir=PEERS) as work:
        some = [thinned(data[0], ROWS_OF_SPEED, work), data[1]]
        model = work + "/model"
        for key, options in CALIBRATIONS.items():
            for strength in ("1", "10"):
                done = train(model, some[:1], "--C", strength, *options, *features("word"))
                said = done and ask(model, some[1:])
                if said:
                    rows[f"{key}, C = {strength}"] = {"accuracy": said["accuracy"], "calibration_error": said["calibration_error"]}
    print(f"  {rows}", flush=True)
    return rows


def size(name, data):
    rows = {}
    limit = {"trec": "20KB"}.get(name, "100KB")
    with tempfile.TemporaryDirectory(dir=PEERS) as work:
        full, small = work + "/full", work + "/small"
        if name == "language-id":
            data = [thinned(data[0], ROWS_OF_SPEED, work), data[1]]
        done = train(full, data[:1], "--C", "10", *features("word"))
        before = done and ask(full, data[1:])
        if before:
            rows["full weights"] = {"bytes": done["bytes"], "accuracy": before["accuracy"]}
            shrunk = call([BANTAM, "shrink", "--quiet", "--max-size", limit, "--data", data[0], "-o", small, full])
            after = shrunk and ask(small, data[1:])
            if after:
                rows[f"bantam shrink --max-size {limit}"] = {"bytes": os.path.getsize(small), "accuracy": after["accuracy"]}
        fast = kept().get("fit", {}).get(name, {}).get("fastText") or peer("fasttext", "fit", data, quantise=10000)
    if fast:
        rows["fastText"] = {"bytes": fast["bytes"], "accuracy": fast["accuracy"]}
        rows["fastText, quantised (10,000 words)"] = {"bytes": fast["quantised_bytes"], "accuracy": fast["quantised_accuracy"]}
    print(f"  {rows}", flush=True)
    return rows


def start(name, data):
    with tempfile.TemporaryDirectory(dir=PEERS) as work:
        full, small, line = work + "/full", work + "/small", work + "/line.txt"
        if not train(full, data[:1], "--C", "10", *features("word")):
            return {}
        if call([BANTAM, "shrink", "--quiet", "--max-size", "100KB", "--data", data[0], "-o", small, full]) is None:
            small = full
        with open(line, "w", encoding="utf-8") as file:
            file.write("how do i find my card\n")
        command, walls = [BANTAM, "predict", small, line], []
        for _ in range(41):
            begin = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            walls.append(time.perf_counter() - begin)
        walls.sort()
        one = call(command)
        row = {"bytes": os.path.getsize(small), "median": walls[20], "least": walls[0], "peak": one["peak"], "cpu": one["cpu"]}
    print(f"  {row}", flush=True)
    return row


def memory(name, data):
    """scikit-learn trains on a thinned table only: on the whole its solver would take more memory than the machine has."""
    rows = {}
    options = {"analyzer": "word", "ngrams": (1, 2), "C": 10}
    with tempfile.TemporaryDirectory(dir=PEERS) as work:
        known = kept().get("fit", {}).get(name, {}).get("bantam")
        done = known or train(work + "/model", data[:1], "--calibrate", "none", "--C", "10", *features("word"))
        if done:
            rows["bantam, all rows"] = {"peak": done["peak"], "cpu": done["cpu"], "accuracy": done.get("accuracy")}
        thin = [thinned(data[0], ROWS_OF_SPEED, work), data[1]]
        rows[f"scikit-learn, {ROWS_OF_SPEED:,} rows, 3 iterations"] = peer("sklearn", "fit", thin, max_iter=3, **options)
    rows["fastText, all rows"] = kept().get("fit", {}).get(name, {}).get("fastText") or peer("fasttext", "fit", data)
    rows = {key: {k: value.get(k) for k in ("peak", "cpu", "accuracy")} for key, value in rows.items() if value}
    print(f"  {rows}", flush=True)
    return rows


def search(name, data):
    with tempfile.TemporaryDirectory(dir=PEERS) as work:
        model = work + "/model"
        done = call([BANTAM, "train", "--quiet", "--search", "--time", "120s", "-o", model, data[0]])
        said = done and ask(model, data[1:])
        row = said and {"accuracy": said["accuracy"], "calibration_error": said["calibration_error"], "bytes": os.path.getsize(model), "wall": done["wall"]}
    print(f"  {row}", flush=True)
    return row or {}


def debian_sections(folder):
    """What packages are about, by the words of their description; a fifth of them, chosen by name, is for testing."""
    listed = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, text=True, check=False).stdout
    rows = {"train": {}, "test": {}}
    for stanza in listed.split("\n\n"):
        fields = {}
        for line in re.sub(r"\n[ \t]+", " ", stanza).split("\n"):
            key, _, value = line.partition(": ")
            fields[key] = value
        name, text = fields.get("Package"), fields.get("Description") or fields.get("Description-en")
        section = fields.get("Section", "").split("/")[-1]
        if name and text and section and not name.endswith("-dbgsym"):
            part = "test" if hashlib.sha256(name.encode()).digest()[0] < 51 else "train"
            rows[part][name] = (section, text)
    if len(rows["train"]) < 1000:
        return None
    os.makedirs(folder, exist_ok=True)
    for part, packages in rows.items():
        with open(f"{folder}/{part}.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("label", "text")] + [packages[name] for name in sorted(packages)])
    return folder


def find_sets(root, wanted):
    sets = {}
    for name in ("banking77", "clinc150", "trec", "language-id"):
        if os.path.isfile(f"{root}/{name}/train.csv"):
            sets[name] = [f"{root}/{name}/train.csv", f"{root}/{name}/test.csv"]
    if not sets or "debian-sections" in (wanted or []):
        folder = debian_sections(os.path.join(PEERS, "debian-sections"))
        if folder:
            sets["debian-sections"] = [f"{folder}/train.csv", f"{folder}/test.csv"]
    return {name: data for name, data in sets.items() if not wanted or name in wanted}


def kept():
    if os.path.exists(STORE):
        with open(STORE, encoding="utf-8") as file:
            return json.load(file)
    return {}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--sets")
    parser.add_argument("--data", default=os.path.join(TOP, "..", "shared", "data", "text"))
    parser.add_argument("--render", action="store_true", help="only write the table from what was measured before")
    options = parser.parse_args()
    store = kept()
    sets = find_sets(options.data, options.sets and options.sets.split(","))
    if not sets and not options.render:
        sys.exit("bench-text: no data: neither the development data nor apt-cache's package lists are there")
    for part in [] if options.render else options.parts.split(","):
        for name, data in sets.items():
            if (part == "memory" and name not in ("language-id", "debian-sections")) or (part == "start" and name in ("trec", "language-id")):
                continue
            print(f"{part}: {name}", flush=True)
            begun = time.perf_counter()
            result = globals()[part](name, data)
            print(f"  {time.perf_counter() - begun:.0f} s", flush=True)
            if result:
                store = kept()  # another run may have added to it
                store.setdefault(part, {})[name] = result
                with open(STORE + ".part", "w", encoding="utf-8") as file:
                    json.dump(store, file, indent=1)
                os.replace(STORE + ".part", STORE)
    from text_table import merged, render

    results = os.path.join(TOP, "bench", "results", "text.md")
    before = ""
    if os.path.exists(results):
        with open(results, encoding="utf-8") as file:
            before = file.read()
    with open(results, "w", encoding="utf-8") as file:
        file.write(merged(render(store), before))
    print("written: bench/results/text.md")


if __name__ == "__main__":
    main()
