#!/usr/bin/env python3
"""Times `bantam triage --format json --threads 1` beside `grep -anE` with 30 error words and other log-failure finders.

usage: throughput.py BANTAM [--rounds N] [--sizes 1,10,30] [--logs FOLDER] [--peers FOLDER] [--json FILE] [--markdown FILE]

Big logs are made the same each time: real logs of FOLDER (default ../shared/data/logchunks/logs where present, else
examples/logs) one after the other in the order of their names; where they are used up they come again with other digits, so
that no line of a later round is a copy. All programs take their turns in each round, write to a file in memory (grep stops
at the first match when it writes to /dev/null) and the median counts. One warm-up round is not counted.
"""
import argparse
import glob
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

WORDS = ('error|Error|ERROR|fail|Fail|FAIL|failed|Failed|FAILED|failure|Failure|FAILURE|fatal|Fatal|FATAL|exception|Exception|panic|'
         'Traceback|assert|Assertion|undefined reference|not found|No such file|cannot|denied|refused|timed out|Segmentation|killed')
MEBIBYTE = 1 << 20


def sources(folder):
    for candidate in (folder, '../shared/data/logchunks/logs', 'examples/logs'):
        paths = sorted(glob.glob(f'{candidate}/*.log')) if candidate else []
        if paths:
            return candidate, paths
    sys.exit('throughput: no *.log to build big logs from')


def build_log(paths, size):
    """The logs in order until `size` bytes, cut after a line; each time around with other digits."""
    pieces, total, around = [], 0, 0
    while total < size:
        table = bytes.maketrans(b'0123456789', bytes(48 + (digit + around) % 10 for digit in range(10)))
        for path in paths:
            with open(path, 'rb') as file:
                piece = file.read().translate(table)
            piece += b'' if piece.endswith(b'\n') else b'\n'
            pieces.append(piece)
            total += len(piece)
            if total >= size:
                break
        around += 1
    log = b''.join(pieces)[:size]
    return log[:log.rindex(b'\n') + 1]


def run(argv, env):
    """Seconds of one run, its output to a file in memory; without the half millisecond that Python's own start of a process takes."""
    folder = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None
    with tempfile.TemporaryFile(dir=folder) as out, open(os.devnull, 'r+b') as null:
        files = [(os.POSIX_SPAWN_DUP2, null.fileno(), 0), (os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, null.fileno(), 2)]
        begun = time.perf_counter()
        process = os.posix_spawnp(argv[0], argv, env, file_actions=files)
        _, status = os.waitpid(process, 0)
        seconds = time.perf_counter() - begun
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        raise OSError(f'{argv[0]} ended with {code}')
    return seconds


def peak_memory(argv, env):
    """Peak resident bytes of one run by GNU time, whose own size does not count as Python's would; None without it."""
    timer = shutil.which('time')
    if not timer:
        return None
    with tempfile.NamedTemporaryFile('r') as note:
        subprocess.run([timer, '-q', '-f', '%M', '-o', note.name, *argv], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, env=env, check=False)
        return int(note.read().split()[-1]) * 1024


def programs(bantam, peers):
    """name -> (command before the log, environment, largest log in MB that it is given)"""
    plain = dict(os.environ, LC_ALL='C')
    found = {'bantam': ([bantam, 'triage', '--format', 'json', '--threads', '1'], dict(os.environ), 1000),
             'grep, LC_ALL=C': (['grep', '-anE', WORDS], plain, 1000),
             'grep, LC_ALL=C.UTF-8': (['grep', '-anE', WORDS], dict(os.environ, LC_ALL='C.UTF-8'), 1000)}
    for name, tail in (('ci-why', ['--no-ai', '--raw', '--max-lines', '10000000']), ('pipelinemd', ['distill', '-f', 'json'])):
        path = shutil.which(name, path=f'{peers}:{os.environ["PATH"]}' if peers else None)
        if path:
            found[name] = ([path, *tail], dict(os.environ, NO_COLOR='1'), 1)
    return found


def alternate(table, path, size_mb, rounds):
    """name -> (median seconds, peak bytes); each round gives every program one turn."""
    times = {name: [] for name, (_, _, limit) in table.items() if size_mb <= limit}
    for turn in range(rounds + 1):
        for name in list(times):
            argv, env, _ = table[name]
            try:
                seconds = run([*argv, path], env)
            except OSError as error:
                print(f'throughput: {name} left out: {error}', file=sys.stderr)
                del times[name]
                continue
            if turn:
                times[name].append(seconds)
    return {name: (statistics.median(each), peak_memory([*table[name][0], path], table[name][1])) for name, each in times.items()}


def model_sizes(bantam, path):
    """The names of the models that the program answers with, and the bytes of the files that models/meson.build embeds."""
    answer = json.loads(subprocess.run([bantam, 'triage', '--format', 'ndjson', path], capture_output=True, check=False).stdout)
    with open('models/meson.build') as listing:
        names = re.findall(r"'([^']+/[^']+)'", listing.read())
    files = {name: os.path.getsize(f'models/{name}') for name in names}
    weights = sum(size for name, size in files.items() if name.endswith('.safetensors'))
    return {'named': [m['name'] for m in answer['models']], 'files': files, 'weights': weights, 'tables': sum(files.values()) - weights}


def machine():
    model = re.search(r'model name\s*: (.*)', open('/proc/cpuinfo').read())
    return f'{model.group(1) if model else "unknown processor"}, {os.cpu_count()} cores'


def stripped_size(bantam):
    with tempfile.NamedTemporaryFile() as copy:
        done = subprocess.run(['strip', '-o', copy.name, bantam], check=False, capture_output=True) if shutil.which('strip') else None
        return os.path.getsize(copy.name if done and done.returncode == 0 else bantam)


def measure(options):
    folder, paths = sources(options.logs)
    table = programs(options.bantam, options.peers)
    result = {'machine': machine(), 'load before': os.getloadavg()[0], 'logs': os.path.basename(os.path.dirname(folder + '/')) if 'shared' not in folder else 'logchunks',
              'rounds': options.rounds, 'sizes': []}
    with tempfile.TemporaryDirectory(dir='/dev/shm' if os.access('/dev/shm', os.W_OK) else None) as work:
        small = f'{work}/small.log'
        with open(small, 'wb') as file:
            file.write(build_log(paths, 100 * 1024))
        start = alternate(table, small, 0.1, max(options.rounds, 15))
        result['start to answer, 100 KB'] = {name: {'milliseconds': seconds * 1000} for name, (seconds, _) in start.items()}
        for size_mb in options.sizes:
            path = f'{work}/{size_mb}.log'
            with open(path, 'wb') as file:
                file.write(build_log(paths, size_mb * MEBIBYTE))
            got = alternate(table, path, size_mb, options.rounds)
            size = os.path.getsize(path)  # a long last line may be left out
            result['sizes'].append({'megabytes': size_mb, 'bytes': size, 'programs': {
                name: {'MB/s': size / 1e6 / seconds, 'seconds': seconds, 'peak MB': memory / 1e6 if memory else None}
                for name, (seconds, memory) in got.items()}})
            os.remove(path)
        result['models'] = model_sizes(options.bantam, small)
    result['binary bytes, stripped'] = stripped_size(options.bantam)
    return result


def markdown(result):
    lines = [f'Machine: {result["machine"]}. Logs: {result["logs"]}. Median of {result["rounds"]} rounds, the programs in turn; '
             f'load of the machine before: {result["load before"]:.1f}.', '',
             '| log | program | MB/s | seconds | peak memory, MB | speed beside grep, LC_ALL=C |', '|---:|---|---:|---:|---:|---:|']
    for size in result['sizes']:
        grep = size['programs']['grep, LC_ALL=C']['MB/s']
        for name, row in size['programs'].items():
            peak = f'{row["peak MB"]:.0f}' if row['peak MB'] else '–'
            lines.append(f'| {size["megabytes"]} MB | {name} | {row["MB/s"]:.1f} | {row["seconds"]:.3f} | {peak} | {row["MB/s"] / grep:.2f} |')
    lines += ['', '| start to answer, 100 KB log | ms |', '|---|---:|']
    lines += [f'| {name} | {row["milliseconds"]:.1f} |' for name, row in result['start to answer, 100 KB'].items()]
    models = result['models']
    lines += ['', f'Models: {models["weights"] / 1024:.0f} KB of trained weights, {models["tables"] / 1024:.0f} KB of tables that people write; '
              f'binary, stripped, all of it included: '
              f'{result["binary bytes, stripped"] / 1024:.0f} KB.', '']
    return '\n'.join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('bantam')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--sizes', type=lambda text: [int(part) for part in text.split(',')], default=[1, 10, 30])
    parser.add_argument('--logs')
    parser.add_argument('--peers', default=os.environ.get('BANTAM_PEERS'), help='a folder with the programs of the peers')
    parser.add_argument('--json')
    parser.add_argument('--markdown')
    options = parser.parse_args()
    result = measure(options)
    if options.json:
        with open(options.json, 'w') as file:
            file.write(json.dumps(result, indent=1) + '\n')
    text = markdown(result)
    if options.markdown:
        history = ''  # what people wrote below the figures stays
        if os.path.exists(options.markdown):
            with open(options.markdown) as file:
                history = ''.join(file.read().partition('\n## History')[1:])
        with open(options.markdown, 'w') as file:
            file.write(text + history)
    print(text)


if __name__ == '__main__':
    main()
