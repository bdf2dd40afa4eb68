#!/usr/bin/env python3
"""How often is a failed job taken for one that passed, and the other way round?

usage: gate.py BANTAM DATA [--folds FOLDS.json]     prints a table of sets: logs, wrong answers, share

DATA is the folder of development data. Heads of failed logs end before the first command that fails, or 20 lines before the
first labelled line: nothing has failed in them as far as the labels tell, but they lack the end of a job that passed.
With FOLDS.json every LogChunks log is answered by a model that has not seen its repository.
"""
import argparse
import json
import os
import re
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ESCAPE = re.compile(rb'\x1b\[[0-9;?]*[A-Za-z]')
MARKER = re.compile(rb'travis_(fold|time):(start|end):[^\r\n\x1b]*\r?')
EXIT = re.compile(rb'^(The command ".*" (exited with|failed and exited with) \d+.*|Done\. Your build exited with \d+\.)')
FAILED = re.compile(rb'The command ".*" (?:failed and )?exited with [1-9]')
COMMAND = re.compile(rb'^(?:\x1b\[[0-9;?]*[A-Za-z])*\$ ')


def plain(lines):
    stripped = (MARKER.sub(b'', ESCAPE.sub(b'', line)) for line in lines)
    return [b'' if EXIT.match(line.strip()) else line for line in stripped]


def head_before_failure(lines, row):
    """The lines before anything fails, or None where hardly any are left."""
    first = min(span[0] for span in row['gold'] + row['alternatives']) - 21
    failed = next((i for i, line in enumerate(lines) if FAILED.search(line)), None)
    if failed is not None:
        commands = [i for i in range(failed) if COMMAND.match(MARKER.sub(b'', ESCAPE.sub(b'', lines[i])).strip())]
        first = min([first] + commands[-1:])
    return lines[:first] if first >= 40 else None


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def logchunks(data, folder):
    """(set, group, failed, path) of each log and of what is made of it below `folder`."""
    for line in open(f'{data}/logchunks/labels.ndjson'):
        row = json.loads(line)
        if row['validated'] == 'invalid' or not row['gold']:
            continue
        path = f"{data}/logchunks/{row['log']}"
        lines = read(path).split(b'\n')
        yield 'LogChunks, failed', row['repo'], True, path
        head = head_before_failure(lines, row)
        made = [('LogChunks, failed, without the CI system\'s lines', True, plain(lines))]
        if head:
            made += [('LogChunks, heads', False, head), ('LogChunks, heads, without the CI system\'s lines', False, plain(head))]
        for number, (name, failed, content) in enumerate(made):
            path = f"{folder}/{row['id']}.{number}.log"
            with open(path, 'wb') as file:
                file.write(b'\n'.join(content))
            yield name, row['repo'], failed, path


def others(data):
    for line in open(f'{data}/cidiff/labels.ndjson'):
        row = json.loads(line)
        yield 'CiDiff, failed', row['project'], True, f"{data}/cidiff/{row['id']}/fail.log"
        yield 'CiDiff, passed', row['project'], False, f"{data}/cidiff/{row['id']}/pass.log"
    for line in open(f'{data}/maven-bump/labels.ndjson'):
        row = json.loads(line)
        yield 'BUMP, failed', row['project'], True, f"{data}/maven-bump/{row['log']}"
    for name, failed in (('labels', True), ('passed', False)):
        for line in open(f'{HERE}/../examples/logs/{name}.ndjson'):
            row = json.loads(line)
            yield f"examples, {'failed' if failed else 'passed'}", row['repo'], failed, f"{HERE}/../examples/logs/{row['log']}"


def answers(bantam, paths, model):
    found = {}
    for at in range(0, len(paths), 64):
        command = [bantam, 'triage', '--format', 'ndjson', *(['--model', model] if model else []), *paths[at:at + 64]]
        output = subprocess.run(command, capture_output=True, check=False).stdout
        for line in output.decode('utf8').splitlines():
            answer = json.loads(line)
            found[answer['log']['path']] = bool(answer['findings'])
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('bantam')
    parser.add_argument('data')
    parser.add_argument('--folds')
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        logs = [*logchunks(options.data, folder), *others(options.data)]
        found, model_of = {}, {}
        if options.folds:
            base = os.path.dirname(os.path.abspath(options.folds))
            for fold in json.load(open(options.folds))['folds']:
                model_of.update({group: os.path.join(base, fold['model']) for group in fold['groups']})
        for model in sorted({model_of.get(log[1], '') for log in logs}):
            found.update(answers(options.bantam, [log[3] for log in logs if model_of.get(log[1], '') == model], model))
    print('| set | logs | wrong | share |\n|---|---|---|---|')
    for name in dict.fromkeys(log[0] for log in logs):
        of_set = [log for log in logs if log[0] == name and log[3] in found]
        wrong = sum(found[log[3]] != log[2] for log in of_set)
        print(f'| {name} | {len(of_set)} | {wrong} | {100 * wrong / max(1, len(of_set)):.1f} % |')


main()
