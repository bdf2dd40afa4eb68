#!/usr/bin/env python3
"""Copy labelled logs without the CI system's own lines and without colour: how much does the triage lean on them?

usage: plain_logs.py FROM TO     FROM holds labels.ndjson, causes.ndjson and logs/; TO is made in the same layout

Fold and time markers, the lines that tell an exit status, and escape codes go; every line keeps its number, so that the labels
stay right.
"""
import os, re, shutil, sys

ESCAPE = re.compile(rb'\x1b\[[0-9;?]*[A-Za-z]')
MARKER = re.compile(rb'travis_(fold|time):(start|end):[^\r\x1b]*\r?')
EXIT = re.compile(rb'The command ".*" (exited with|failed and exited with) \d+.*|Done\. Your build exited with \d+\.')


def plain(text):
    lines = []
    for line in text.split(b'\n'):
        line = MARKER.sub(b'', ESCAPE.sub(b'', line))
        lines.append(b'' if EXIT.match(line.strip()) else line)
    return b'\n'.join(lines)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, target = sys.argv[1:]
    os.makedirs(os.path.join(target, 'logs'), exist_ok=True)
    for name in ('labels.ndjson', 'causes.ndjson'):
        shutil.copy(os.path.join(source, name), target)
    for name in os.listdir(os.path.join(source, 'logs')):
        with open(os.path.join(source, 'logs', name), 'rb') as file:
            text = file.read()
        with open(os.path.join(target, 'logs', name), 'wb') as file:
            file.write(plain(text))


main()
