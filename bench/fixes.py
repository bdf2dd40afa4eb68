#!/usr/bin/env python3
"""Tells where fixes go wrong on logs of the corpus (corpus/corpus logs): the lines, the cause, the tool, or the choice among entries.

usage: bench/fixes.py FOLDER [--binary build/bantam] [--model FOLDER] [--folds FOLDS.json] [--misses]

FOLDER holds labels.ndjson and logs/, as for bench/corpus.py. Lines are right where the finding and a labelled span share one; a slot is
right where the fix holds its value, counted for fixes that are right. --misses lists the entries that were chosen for others.
"""
import collections

import corpus


def step_of(finding, row, alike):
    """The first step that went wrong, and whether the fix is right all the same."""
    fix = (finding or {}).get('fix') or {}
    right = any(fix.get('id') in alike.get(wanted, {wanted}) for wanted in row['fix'])
    if not finding:
        return 'nothing found', False
    if not corpus.line_f1(finding, row['gold'] + row['alternatives']):
        return 'lines', right
    if finding['cause'] != row['cause']:
        return 'cause not named' if finding['cause'] == 'unknown' else 'cause', right
    if finding['tool'] not in row['tool']:
        return 'tool', right
    return 'none', right


def print_steps(steps):
    total = sum(n for n, _ in steps.values())
    print('| first step that is wrong | logs | fix right | lost, of all logs |\n|---|---:|---:|---:|')
    for step, (n, right) in sorted(steps.items(), key=lambda item: item[1][1] - item[1][0]):
        print(f'| {step} | {n} | {right / n:.3f} | {(n - right) / total:.3f} |')
    print(f'| all | {total} | {sum(r for _, r in steps.values()) / total:.3f} | |')


def print_slots(asked, told, filled):
    print('\n| slot | asked for | in the log at all | filled rightly | of those in the log |\n|---|---:|---:|---:|---:|')
    for slot in [*sorted(asked), None]:
        n, there, right = (sum(c.values()) if slot is None else c[slot] for c in (asked, told, filled))
        print(f'| {slot or "all"} | {n} | {there} | {right / n:.3f} | {right / max(1, there):.3f} |')


def main():
    parser = corpus.parser_of(__doc__)
    parser.add_argument('--misses', action='store_true')
    args = parser.parse_args()
    rows = [row for row in corpus.read(args.folder, 'labels.ndjson') if row['fix']]
    answers, alike = corpus.answers_of(args, rows), corpus.same_sentence()
    steps, misses = collections.defaultdict(lambda: [0, 0]), collections.Counter()
    asked, told, filled = collections.Counter(), collections.Counter(), collections.Counter()
    for row in rows:
        path = f'{args.folder}/{row["log"]}'
        answer = answers.get(path)
        finding = answer['findings'][0] if answer and answer['findings'] else None
        step, right = step_of(finding, row, alike)
        steps[step][0] += 1
        steps[step][1] += right
        fix = (finding or {}).get('fix') or {}
        if not right:
            misses[step, fix.get('id') or 'nothing', row['fix'][0]] += 1
            continue
        with open(path, errors='replace') as file:
            log = file.read()
        for slot, value in (row['slots'] or {}).items():
            asked[slot] += 1
            told[slot] += value in log or value in f'{fix["text"]} {fix["reproduce"] or ""}'
            filled[slot] += value in f'{fix["text"]} {fix["reproduce"] or ""}'
    print_steps(steps)
    print_slots(asked, told, filled)
    if args.misses:
        print('\n| logs | wrong step | chosen | right |\n|---:|---|---|---|')
        for (step, chosen, wanted), n in misses.most_common():
            print(f'| {n} | {step} | {chosen} | {wanted} |')


main()
