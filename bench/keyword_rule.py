#!/usr/bin/env python3
"""A baseline: the last line that holds an error word is the one to read. Answers as `bantam triage --format ndjson` does.

usage: keyword_rule.py triage [--format ndjson] [--lines N] LOG...

Finding 1 is that line alone; `lines` are all lines with an error word, the last first. With SKIP_LAST_WORDS=1 in the
environment the closing lines of CI systems, which name no reason, do not count. The scorer of the development data takes this
program as its --binary, and so does tests/golden/run.
"""
import json
import os
import re
import sys

WORDS = re.compile(rb'error|fail|fatal|exception|panic|traceback|assert|undefined reference|not found|no such file|cannot|'
                   rb'denied|refused|timed out|segmentation|killed', re.I)
LAST_WORDS = re.compile(rb'Process completed with exit code|Job failed: exit code|The command ".*(exited with|failed and exited)|'
                        rb'Your build exited with|Finished: FAILURE|script returned exit code|The command exited with status|'
                        rb'user command error|exited with code \'|git submodule foreach')


def numbers(arguments):
    """Splits options from paths; every option that is known here has one value."""
    count, paths = 10, []
    rest = iter(arguments)
    for argument in rest:
        if argument.startswith('--'):
            value = next(rest)
            count = int(value) if argument == '--lines' else count
        else:
            paths.append(argument)
    return count, paths


def answer(path, lines, first_span, count):
    """The answer of a finder that knows lines only: `lines` best first, `first_span` is finding 1."""
    findings = []
    if lines:
        first, last = first_span
        findings = [{'rank': 1, 'first_line': first, 'last_line': last, 'anchor_line': lines[0], 'cause': 'unknown', 'cause_alternatives': [],
                     'tool': None, 'subject': None, 'transient': 'maybe'}]
    return {'log': {'path': path}, 'status': 'unknown' if lines else 'no_failure_found', 'findings': findings,
            'lines': [{'line': line} for line in lines[:count]]}


def main():
    count, paths = numbers(sys.argv[2:])
    skipped = LAST_WORDS if os.environ.get('SKIP_LAST_WORDS') else re.compile(b'(?!)')
    for path in paths:
        with open(path, 'rb') as file:
            lines = [number for number, line in enumerate(file.read().split(b'\n'), 1)
                     if WORDS.search(line) and not skipped.search(line)][::-1]
        print(json.dumps(answer(path, lines, (lines[0], lines[0]) if lines else None, count)))


if __name__ == '__main__':
    main()
