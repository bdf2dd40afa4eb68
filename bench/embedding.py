#!/usr/bin/env python3
"""Cause of a failed job: bantam beside all-MiniLM-L6-v2 with a logistic regression on its embeddings. Behind bench/embedding.sh.

Both learn from build/corpus/train and answer for build/corpus/test, whose tools and faults the other part lacks. The peer is given what a person
would give it: the log's last lines; or lines with error words and their neighbours; or, best for it, the very lines that bantam found. Text
is cut into windows of 256 tokens (the model's most), their embeddings are averaged. Time is user CPU time of the whole answer from log to cause, one thread.
"""
import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

TAIL, WINDOW = 60, 12          # lines of the log's end; lines of a window
WATTS, PRICE = 6.0, 0.04       # assumed: watts of one busy core of a laptop, dollars for an hour of a rented core
CODES = re.compile(r'\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\x1b_[^\x07]*\x07|^\S*\d{4}-\d\d-\d\dT[0-9:.]+Z\S* ')
ERROR = re.compile(r'error|fail|fatal|exception|denied|refused|cannot|could not|unable|missing|not found|no such|timed? ?out|killed|panic', re.I)


def lines_of(path):
    with open(path, 'rb') as file:
        return [CODES.sub('', line).strip() for line in file.read().decode('utf8', 'replace').split('\n')]


def tail(path):
    return [line for line in lines_of(path) if line][-TAIL:]


def errors(path):
    lines = [line for line in lines_of(path) if line]
    kept = sorted({n for at, line in enumerate(lines) if ERROR.search(line) for n in (at - 1, at, at + 1) if 0 <= n < len(lines)})
    return [lines[n] for n in kept][-TAIL:] or lines[-TAIL:]


def windows(lines):
    return ['\n'.join(line[:300] for line in lines[at:at + WINDOW]) for at in range(0, max(1, len(lines)), WINDOW)]


def read(folder, limit):
    with open(f'{folder}/labels.ndjson') as file:
        rows = [json.loads(line) for line in file]
    return rows[::max(1, len(rows) // limit)] if limit else rows


def triage(folder, rows):
    """path -> answer, and the user CPU seconds of all runs."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    answers = {}
    paths = [f'{folder}/{r["log"]}' for r in rows]
    for at in range(0, len(paths), 128):
        run = subprocess.run(['build/bantam', 'triage', '--format', 'ndjson', '--threads', '1', *paths[at:at + 128]], capture_output=True, text=True)
        for row in run.stdout.splitlines():
            answer = json.loads(row)
            answers[answer['log']['path']] = answer
    return answers, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def found_lines(answers, folder, row):
    answer = answers.get(f'{folder}/{row["log"]}')
    if not answer or not answer['findings']:
        return ['']
    return [l['text'] for l in answer['findings'][0]['excerpt']]


def gold_lines(folder, row):
    lines = lines_of(f'{folder}/{row["log"]}')
    first, last = row['gold'][0]
    return [line for line in lines[max(0, first - 3):last + 2] if line]


def scores(truth, guessed):
    causes = sorted(set(truth))
    f1 = []
    for cause in causes:
        right = sum(t == g == cause for t, g in zip(truth, guessed))
        total = truth.count(cause) + guessed.count(cause)
        f1.append(2 * right / total if total else 0)
    return sum(t == g for t, g in zip(truth, guessed)) / len(truth), sum(f1) / len(f1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--limit', type=int, default=0, help='about so many logs of each part, evenly')
    args = parser.parse_args()
    import numpy
    import torch
    from all_minilm_l6_v2 import extract_model
    from sentence_transformers import SentenceTransformer
    from sklearn.linear_model import LogisticRegression
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        stdout, sys.stdout = sys.stdout, sys.stderr
        model = SentenceTransformer(str(extract_model(folder)), device='cpu')
        sys.stdout = stdout

    def embed(texts):
        flat = [w for lines in texts for w in windows(lines)]
        starts = numpy.cumsum([0] + [len(windows(lines)) for lines in texts])
        before = time.process_time()
        vectors = model.encode(flat, batch_size=32, show_progress_bar=False)
        seconds = time.process_time() - before
        return numpy.stack([vectors[a:b].mean(axis=0) for a, b in zip(starts, starts[1:])]), seconds

    train_folder, test_folder = 'build/corpus/train', 'build/corpus/test'
    train, test = read(train_folder, args.limit), read(test_folder, args.limit)
    truth = [r['cause'] for r in test]
    answers, seconds = triage(test_folder, test)
    ours = []
    for row in test:
        answer = answers.get(f'{test_folder}/{row["log"]}')
        finding = answer['findings'][0] if answer and answer['findings'] else None
        others = finding['cause_alternatives'] if finding else []
        ours.append(None if not finding else finding['cause'] if finding['cause'] != 'unknown' else others[0]['cause'] if others else None)
    table = [('bantam, the log alone', *scores(truth, ours), seconds / len(test))]
    ways = (('embeddings of the last lines', tail, tail), ('embeddings of lines with error words', errors, errors), ('embeddings of the lines that bantam found', None, None))
    for name, of_train, of_test in ways:
        if of_train:
            begin = time.process_time()
            texts = [of_test(f'{test_folder}/{r["log"]}') for r in test]
            reading = time.process_time() - begin
            learned = [of_train(f'{train_folder}/{r["log"]}') for r in train]
        else:
            learned, texts, reading = [gold_lines(train_folder, r) for r in train], [found_lines(answers, test_folder, r) for r in test], seconds
        x, _ = embed(learned)
        head = LogisticRegression(C=10, max_iter=2000, class_weight='balanced').fit(x, [r['cause'] for r in train])
        y, spent = embed(texts)
        table.append((name, *scores(truth, list(head.predict(y))), (spent + reading) / len(test)))
    size = sum(os.path.getsize(f'models/{kind}/model.safetensors') for kind in ('ci-lines', 'ci-tools', 'ci-cause'))
    peer_size = 90868376
    print('# The cause, by small models made for it and by a general embedding\n')
    print(f'Written by bench/embedding.sh. {len(train)} logs of the corpus to learn from, {len(test)} of other tools and faults to answer for. Joules assume {WATTS:g} W for a busy core, dollars ${PRICE:g} for an hour of a rented core.\n')
    print('| | accuracy | macro-F1 | CPU ms a log | J for 1,000 logs | $ for 1,000 logs | weights |\n|---|---:|---:|---:|---:|---:|---:|')
    for number, (name, accuracy, macro, each) in enumerate(table):
        weights = f'{size / 1e3:.0f} KB' if number == 0 else f'{peer_size / 1e6:.0f} MB'
        print(f'| {name} | {accuracy:.3f} | {macro:.3f} | {each * 1e3:.2f} | {each * 1000 * WATTS:.1f} | {each * 1000 / 3600 * PRICE:.6f} | {weights} |')
    best = max(table[1:], key=lambda row: row[1])
    print(f'\nbantam beside the best of these: {(table[0][1] - best[1]) * 100:+.1f} points of accuracy, weights {peer_size / size:.0f}× smaller, {min(row[3] for row in table[1:]) / table[0][3]:.0f}× to {max(row[3] for row in table[1:]) / table[0][3]:.0f}× less CPU time.')


main()
