#!/usr/bin/env python3
"""What it brings and costs to name a cause only from some probability on; prints a Markdown table.

usage: bench/abstain.py FOLDER [--binary build/bantam] [--model FOLDER] [--folds FOLDS.json]

FOLDER holds labels.ndjson and the logs that it names; causes stand there or in causes.ndjson. Each log is answered once, with
`--abstain-below 0`: what a higher threshold names is a part of that. Macro-F1 is over the causes with 7 logs or more.
"""
import argparse
import collections
import os

from corpus import answers_of, f1_of, read

THRESHOLDS = (0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def labelled(folder):
    """The logs with a cause: of both files, where there are two."""
    causes = {row['id']: row for row in read(folder, 'causes.ndjson')} if os.path.exists(f'{folder}/causes.ndjson') else None
    for row in read(folder, 'labels.ndjson'):
        row |= (causes or {}).get(row['id'], {})
        if row.get('cause', 'unknown') != 'unknown' and row.get('kind', 'failure') == 'failure':
            yield row


def guess(answer):
    finding = answer['findings'][0] if answer and answer['findings'] else {'cause': None, 'cause_probability': None}
    return finding['cause'], finding['cause_probability'] or 0


def score(rows, guesses, threshold):
    named = [(row, cause) for row, (cause, probability) in zip(rows, guesses) if cause and probability >= threshold]
    guessed, support = collections.Counter(cause for _, cause in named), collections.Counter(row['cause'] for row in rows)
    right = collections.Counter(cause for row, cause in named if cause == row['cause'])
    either = sum(cause in (row['cause'], row['alternative']) for row, cause in named)
    scores = [f1_of(right[cause], guessed[cause], support[cause]) for cause in support if support[cause] >= 7]
    all_right = sum(right.values())
    return (len(named) / len(rows), all_right / max(1, len(named)), either / max(1, len(named)), all_right / len(rows),
            sum(scores) / max(1, len(scores)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder')
    parser.add_argument('--binary', default='build/bantam')
    parser.add_argument('--model')
    parser.add_argument('--folds')
    args = parser.parse_args()
    rows = list(labelled(args.folder))
    answers = answers_of(args, rows, '--abstain-below', '0')
    guesses = [guess(answers.get(f'{args.folder}/{row["log"]}')) for row in rows]
    print('| named from | named | right of these | or the alternative | right of all | macro-F1 |\n|---:|---:|---:|---:|---:|---:|')
    for threshold in THRESHOLDS:
        print(f'| {threshold} | ' + ' | '.join(f'{value:.3f}' for value in score(rows, guesses, threshold)) + ' |')


if __name__ == '__main__':
    main()
