#!/usr/bin/env python3
"""Copy CiDiff's cases with their labels counted in lines that end at \\n.

usage: cidiff_lines.py FROM TO

The labels count a lone \\r as the end of a line too (the largest labelled line of a case is beyond its number of \\n), while logs
are read, and scored, by \\n alone. Without this, the labels of every case with progress bars point past the end of its log.
"""
import json, os, re, sys

BREAK = re.compile(rb'\r\n|\r|\n')


def renumber(text):
    """universal line number -> number of the line that ends at \\n, both from 1"""
    numbers, line = {}, 1
    numbers[1] = 1
    for count, end in enumerate(BREAK.finditer(text), 2):
        line += end.group().endswith(b'\n')
        numbers[count] = line
    return numbers


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, target = sys.argv[1:]
    os.makedirs(target, exist_ok=True)
    with open(os.path.join(source, 'labels.ndjson')) as file:
        rows = [json.loads(line) for line in file]
    with open(os.path.join(target, 'labels.ndjson'), 'w') as out:
        for row in rows:
            folder = os.path.join(target, row['id'])
            os.makedirs(folder, exist_ok=True)
            for name in ('pass.log', 'fail.log'):
                with open(os.path.join(source, row['id'], name), 'rb') as file:
                    text = file.read()
                with open(os.path.join(folder, name), 'wb') as file:
                    file.write(text)
            numbers = renumber(text)
            for key in ('error', 'context'):
                row[key] = [[numbers[first], numbers[last]] for first, last in row[key]]
            out.write(json.dumps(row) + '\n')


main()
