#!/usr/bin/env python3
"""Scores `bantam triage` on logs of the corpus (corpus/corpus logs): lines, cause, tool, fix, and green logs; prints a Markdown table.

usage: bench/corpus.py FOLDER [--binary build/bantam] [--model FOLDER] [--folds FOLDS.json] [--json]

FOLDER holds labels.ndjson, passed.ndjson and logs/. A log's weight is 1. Macro-F1 is over the causes that the folder has. Confidence: the
probability of the first finding's cause; expected calibration error in 10 bins of equal width.
"""
import argparse
import collections
import json
import os
import subprocess


def triage(binary, paths, *options):
    answers = {}
    for at in range(0, len(paths), 128):
        run = subprocess.run([binary, 'triage', '--format', 'ndjson', '--lines', '40', *options, *paths[at:at + 128]], capture_output=True, text=True)
        for row in run.stdout.splitlines():
            answer = json.loads(row)
            answers[answer['log']['path']] = answer
    return answers


def read(folder, name):
    with open(f'{folder}/{name}') as file:
        return [json.loads(line) for line in file]


def answers_of(args, rows, *options):
    path = lambda row: f'{args.folder}/{row["log"]}'
    if not args.folds:
        return triage(args.binary, [path(r) for r in rows], *options, *(['--model', args.model] if args.model else []))
    found, base = {}, os.path.dirname(os.path.abspath(args.folds))
    with open(args.folds) as file:
        for fold in json.load(file)['folds']:
            groups = set(fold['groups'])
            found |= triage(args.binary, [path(r) for r in rows if r['repo'] in groups], *options, '--model', f'{base}/{fold["model"]}')
    return found


def f1_of(right, guessed, support):
    return 2 * right / (guessed + support) if guessed + support else 0


def inside(line, spans):
    return any(first <= line <= last for first, last in spans)


def line_f1(finding, spans):
    found = set(range(finding['first_line'], finding['last_line'] + 1))
    best = 0
    for first, last in spans:
        gold = set(range(first, last + 1))
        best = max(best, 2 * len(found & gold) / (len(found) + len(gold)))
    return best


def same_sentence():
    """fix id -> the ids whose sentence is the same: which of these is named makes no difference to a person."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'models', 'ci-fixes', 'fixes.json')) as file:
        fixes = json.load(file)['fixes']
    alike = collections.defaultdict(set)
    for fix in fixes:
        alike[fix['text']].add(fix['id'])
    return {fix['id']: alike[fix['text']] for fix in fixes}


def score_failures(args, rows):
    alike = same_sentence()
    answers = answers_of(args, rows)
    n, hits, bins = len(rows), collections.Counter(), [[0, 0, 0] for _ in range(10)]
    right, guessed, support = collections.Counter(), collections.Counter(), collections.Counter()
    slots_asked = slots_filled = fixes_asked = named = named_right = 0
    for row in rows:
        answer = answers.get(f'{args.folder}/{row["log"]}')
        finding = answer['findings'][0] if answer and answer['findings'] else None
        support[row['cause']] += 1
        if not finding:
            guessed[None] += 1
            fixes_asked += bool(row['fix'])
            continue
        cause = finding['cause']
        others = [o['cause'] for o in finding['cause_alternatives']]
        first = cause if cause != 'unknown' else others[0] if others else None
        spans = row['gold'] + row['alternatives']
        hits['found'] += 1
        hits['top-1 of lines'] += bool(answer['lines']) and inside(answer['lines'][0]['line'], spans)
        hits['top-5 of lines'] += any(inside(l['line'], spans) for l in answer['lines'][:5])
        hits['finding 1 F1'] += line_f1(finding, spans)
        hits['cause, accuracy'] += cause == row['cause']
        hits['cause or its alternative'] += cause in (row['cause'], row['alternative'])
        hits['cause, in the first 2'] += row['cause'] in ([cause] if cause != 'unknown' else []) + others[:1 if cause != 'unknown' else 2]
        hits['tool'] += finding['tool'] in row['tool']
        hits['transient'] += finding['transient'] == row['transient']
        guessed[cause] += 1
        right[cause] += cause == row['cause']
        named += cause != 'unknown'
        named_right += cause == row['cause']
        if finding['cause_probability'] is not None:
            at = min(9, int(finding['cause_probability'] * 10))
            bins[at][0] += 1
            bins[at][1] += finding['cause_probability']
            bins[at][2] += first == row['cause']
        if row['fix']:
            fixes_asked += 1
            fix = finding['fix'] or {}
            good = any(fix.get('id') in alike.get(right, {right}) for right in row['fix'])
            hits['fix'] += good
            for value in (row['slots'] or {}).values() if good else ():
                slots_asked += 1
                slots_filled += value in (fix['text'] or '') + ' ' + (fix['reproduce'] or '')
    macro = sum(f1_of(right[c], guessed[c], support[c]) for c in support) / len(support)
    counted = sum(b[0] for b in bins)
    fixes = hits.pop('fix')
    table = {'logs': n} | {name: value / n for name, value in hits.items()}
    table |= {f'cause, macro-F1 of {len(support)}': macro, 'cause, named': named / n, 'cause, precision of what is named': named_right / max(1, named),
              'cause, expected calibration error': sum(abs(b[1] - b[2]) for b in bins) / max(1, counted),
              'fix, the right one first': fixes / max(1, fixes_asked), 'fix, slots filled rightly': slots_filled / max(1, slots_asked)}
    return table, {c: (support[c], f1_of(right[c], guessed[c], support[c])) for c in sorted(support)}


def score_green(args, rows):
    answers = answers_of(args, rows)
    alarms = collections.Counter()
    kinds = collections.Counter(r['kind'] for r in rows)
    for row in rows:
        answer = answers.get(f'{args.folder}/{row["log"]}')
        alarms[row['kind']] += not answer or answer['status'] != 'no_failure_found'
    return {f'{kind} logs called failed, of {kinds[kind]}': alarms[kind] / kinds[kind] for kind in sorted(kinds)}


def parser_of(description):
    """The options that answers_of reads; a bench adds its own."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder')
    parser.add_argument('--binary', default='build/bantam')
    parser.add_argument('--model')
    parser.add_argument('--folds')
    return parser


def main():
    parser = parser_of(__doc__)
    parser.add_argument('--json', action='store_true')
    args = parser.parse_args()
    table, causes = score_failures(args, read(args.folder, 'labels.ndjson'))
    table |= score_green(args, read(args.folder, 'passed.ndjson'))
    if args.json:
        print(json.dumps({'table': table, 'causes': causes}))
        return
    print('| | |\n|---|---:|')
    for name, value in table.items():
        print(f'| {name} | {value:.3f} |' if isinstance(value, float) else f'| {name} | {value} |')
    print('\n| cause | logs | F1 |\n|---|---:|---:|')
    for name, (n, f1) in causes.items():
        print(f'| {name} | {n} | {f1:.2f} |')


if __name__ == '__main__':
    main()
