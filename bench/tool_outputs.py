#!/usr/bin/env python3
"""Which tool printed this, and which place does it tell first? On outputs of single compilers and linters; prints a Markdown table.

usage: bench/tool_outputs.py FOLDER [--binary build/bantam]

FOLDER (tool-outputs/errorformat of the development data) holds NAME.in, what the tool of that name printed, and NAME.ok, what a parser
made of it: "file|line col column| message" a row. No command and no wrapper stands around the output, so that it alone has to tell.
"""
import argparse
import glob
import json
import os
import re
import subprocess

# File names that tell how a tool was run, or an older name of it.
NAMED = {'cargo-check': {'cargo', 'rustc'}, 'clippy': {'clippy', 'cargo', 'rustc'}, 'dotnet': {'dotnet', 'csc'}, 'msbuild': {'msbuild', 'csc'},
         'eslint-compact': {'eslint'}, 'govet': {'go', 'go vet'}, 'pep8': {'pycodestyle', 'flake8'}, 'remark-lint': {'remark', 'remark-lint'},
         'sbt-scalastyle': {'scalastyle', 'sbt'}, 'standardjs': {'standard'}, 'standardrb': {'standardrb', 'standard', 'rubocop'}}


def places_of(path):
    with open(path) as file:
        rows = (re.match(r'(.+?)\|(\d+)(?: col \d+)?[^|]*\|', line) for line in file)
        return {(os.path.basename(row[1].replace('\\', '/')), int(row[2])) for row in rows if row}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder')
    parser.add_argument('--binary', default='build/bantam')
    args = parser.parse_args()
    outputs = sorted(glob.glob(f'{args.folder}/*.in'))
    tools, asked, first, misses = 0, 0, 0, []
    for path in outputs:
        name, places = os.path.basename(path)[:-3], places_of(path[:-3] + '.ok')
        answer = json.loads(subprocess.run([args.binary, 'triage', '--format', 'json', path], capture_output=True, text=True).stdout)
        finding = answer['findings'][0] if answer['findings'] else {'tool': None, 'locations': []}
        told = [(re.split(r'[/\\]', place['file'])[-1], place['line']) for place in finding['locations']]
        right = finding['tool'] in NAMED.get(name, {name})
        tools += right
        asked += bool(places)
        first += bool(told) and told[0] in places
        if not right:
            misses.append(f'{name} ({finding["tool"] or "none"})')
    print(f'| outputs | {len(outputs)} |\n|---|---:|\n| the tool named | {tools / len(outputs):.3f} |')
    print(f'| the first place is one of the parser\'s, of {asked} | {first / asked:.3f} |\n\nNot named: {", ".join(misses)}.')


if __name__ == '__main__':
    main()
