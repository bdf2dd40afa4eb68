#!/usr/bin/env python3
"""What another log-failure finder answers, in the form of `bantam triage --format ndjson`, so that one scorer scores all.

usage: PEER=ci-why|pipelinemd [BANTAM_PEERS=FOLDER] peer_answer.py triage [--format ndjson] [--lines N] LOG...

ci-why: `lines` are the lines that its patterns match, in its order; finding 1 is the first block that it prints with its
default context. pipelinemd: `lines` are the lines of the rules that it reports, best first, then the lines that its excerpt
stands on, or, without either, the excerpt; finding 1 is the block of the excerpt that holds the first of them.
"""
import io
import json
import os
import re
import subprocess
import sys

import keyword_rule

FOLDER = os.environ.get('BANTAM_PEERS', '')


def call(name, *arguments):
    path = os.path.join(FOLDER, name)
    process = subprocess.run([path, *arguments], capture_output=True, check=False, env=dict(os.environ, NO_COLOR='1', COLUMNS='10000'))
    return process.stdout.decode('utf8', 'replace')


def ends_at_newline(path):
    """Where the peers' lines lie among lines that end at newlines only: they end them at carriage returns and the like as well."""
    with open(path, 'rb') as file:
        text = io.TextIOWrapper(file, encoding='utf8', errors='replace', newline='').read()
    numbers, number = [0], 1
    for line in text.splitlines(keepends=True):
        numbers.append(number)
        number += line.endswith('\n')
    return numbers


def printed_lines(path, context):
    """The line numbers that ci-why prints; a line of its own starts with the number."""
    text = call('ci-why', '--no-ai', '--raw', '--max-lines', '10000000', '--context', str(context), path)
    numbers = ends_at_newline(path)
    printed = (int(n) for n in re.findall(r'^(\d+): ', text, re.M))
    return list(dict.fromkeys(numbers[n] for n in printed if n < len(numbers)))


def ci_why(path):
    lines, shown = printed_lines(path, 0), printed_lines(path, 2)
    last = first = shown[0] if shown else 0
    for number in shown:
        last = number if number == last + 1 else last
    return lines, (first, last)


def pipelinemd(path):
    text = call('pipelinemd', 'distill', '-f', 'json', path)
    if not text.strip():
        return [], None
    report, numbers = json.loads(text), ends_at_newline(path)
    place = lambda number: numbers[min(number, len(numbers) - 1)]
    hits = [place(hit['line_number']) for hit in report['rule_hits'] if hit['line_number']]
    anchors = [place(line['number']) for block in report['evidence'] for line in block['lines'] if line['is_anchor']]
    lines = list(dict.fromkeys(hits + anchors)) or [place(line['number']) for block in report['evidence'] for line in block['lines']]
    blocks = [(place(block['start']), place(block['end'])) for block in report['evidence']]
    inside = [block for block in blocks if lines and block[0] <= lines[0] <= block[1]]
    return lines, inside[0] if inside else (lines[0], lines[0]) if lines else None


def main():
    peer = {'ci-why': ci_why, 'pipelinemd': pipelinemd}[os.environ['PEER']]
    count, paths = keyword_rule.numbers(sys.argv[2:])
    for path in paths:
        lines, span = peer(path)
        print(json.dumps(keyword_rule.answer(path, lines, span, count)), flush=True)


if __name__ == '__main__':
    main()
