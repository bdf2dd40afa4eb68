#!/usr/bin/env python3
"""Makes the example logs again: runs a broken project's steps and keeps what its tools print.

usage: make_log.py [--logs DIR] [CASE...]      (all cases where none is named; needs root, Linux, network)
       make_log.py --labels [--logs DIR]       (only writes the lists and README.md again)

In:  cases/NAME/case (what is broken, the steps, which lines explain the failure) and cases/NAME/project/ (the project).
Out: NAME.log, and from all of them labels.ndjson (jobs that failed), passed.ndjson (jobs that did not) and README.md.
The steps run in a namespace of their own with an empty home and a clean environment, each in a shell of its own, with a
pseudo-terminal where the case asks for one. What the tools print is never edited: only the wrapping around it (timestamps,
groups, sections, the last words of the CI system) is imitated by wrapping.py.
"""
import argparse
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time

import wrapping

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(f'{HERE}/../../../corpus/runner')
HOMES = {'github': '/home/runner', 'gitlab': '/root', 'jenkins': '/var/lib/jenkins', 'travis': '/home/travis',
         'azure': '/home/vsts', 'buildkite': '/var/lib/buildkite-agent', 'plain': '/home/ci'}
WORKSPACES = {'github': '/home/runner/work/{n}/{n}', 'gitlab': '/builds/acme/{n}', 'jenkins': '/var/lib/jenkins/workspace/{n}',
              'travis': '/home/travis/build/acme/{n}', 'azure': '/home/vsts/work/1/s',
              'buildkite': '/var/lib/buildkite-agent/builds/agent-1/acme/{n}', 'plain': '/home/ci/{n}'}
NAMED = ('title', 'system', 'project', 'terminal', 'cause', 'alternative', 'tool', 'subject', 'transient', 'gold', 'also', 'kind')


def read_case(name):
    """cases/NAME/case: `key: value` lines, then steps, each under a [heading] of its own.

    [prepare] runs before the project is put into its repository, [service] in the background during the job; neither is in the log."""
    case = {'name': name, 'env': {}, 'gold': [], 'also': [], 'steps': [], 'prepare': '', 'service': ''}
    heading = None
    for number, line in enumerate(open(f'{HERE}/cases/{name}/case'), 1):
        if re.match(r'\[.+\]$', line.strip()) and line[0] == '[':
            heading = line.strip()[1:-1]
            if heading not in ('prepare', 'service'):
                always = heading.startswith('always: ')
                case['steps'].append({'name': heading.removeprefix('always: '), 'always': always, 'script': ''})
        elif heading in ('prepare', 'service'):
            case[heading] += line
        elif heading:
            case['steps'][-1]['script'] += line
        elif line.strip() and not line.startswith('#'):
            key, _, value = line.partition(':')
            value = value.strip()
            if key == 'env':
                case['env'].update([value.split('=', 1)])
            elif key in ('gold', 'also'):
                case[key].append(value)
            elif key in NAMED:
                case[key] = value
            else:
                sys.exit(f'{name}/case:{number}: unknown key "{key}"')
    for step in case['steps']:
        step['script'] = step['script'].strip('\n')
    return case


def environment(case, workspace):
    home = HOMES[case['system']]
    path = f'{workspace}/node_modules/.bin:{home}/.local/bin:/opt/rust/bin:/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin'
    values = {'HOME': home, 'PATH': path + ':/usr/sbin:/sbin', 'LANG': 'C.UTF-8', 'CI': 'true', 'TERM': 'xterm-256color', 'USER': os.path.basename(home),
              'GIT_TERMINAL_PROMPT': '0', 'PIP_DISABLE_PIP_VERSION_CHECK': '1', 'PIP_ROOT_USER_ACTION': 'ignore',
              'NO_UPDATE_NOTIFIER': '1', 'npm_config_update_notifier': 'false', 'MAVEN_OPTS': '-Xmx512m',
              'CARGO_BUILD_JOBS': '2', 'GOMAXPROCS': '2', 'GOFLAGS': '-buildvcs=false', 'WORKSPACE': workspace}
    return values | case['env']


def prepare(case, workspace):
    """Puts the project into a bare repository, as a server would hold it, and returns where."""
    home = HOMES[case['system']]
    for folder in (home, os.path.dirname(workspace), '/srv/git/acme'):
        os.makedirs(folder, exist_ok=True)
    source = '/srv/source'
    template = f'{HERE}/cases/{case["name"]}/project'
    if os.path.isdir(template):
        shutil.copytree(template, source)
    else:
        os.makedirs(source)
    env = environment(case, workspace) | {'GIT_AUTHOR_NAME': 'Ada', 'GIT_AUTHOR_EMAIL': 'ada@example.org', 'GIT_COMMITTER_NAME': 'Ada',
                                          'GIT_COMMITTER_EMAIL': 'ada@example.org'}
    run = lambda script: subprocess.run(['bash', '-ec', script], cwd=source, env=env, check=True,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    run('git config --global init.defaultBranch main; git config --global advice.detachedHead false')
    run(case['prepare'] or 'true')
    bare = f'/srv/git/acme/{case["project"]}.git'
    run('git init -q; git add -A; '
        f'git commit -q --allow-empty -m "{case["title"]}"; git clone -q --bare . {bare}')
    return bare


def run_step(script, env, cwd, terminal, out):
    """Runs one step and hands its output over in pieces as it comes; returns its exit code."""
    cwd = cwd if os.path.isdir(cwd) else os.path.dirname(cwd)
    argv = ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script]
    if terminal:
        master, slave = pty.openpty()
        process = subprocess.Popen(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=slave, stderr=slave,
                                   start_new_session=True)
        os.close(slave)
    else:
        master, slave = os.pipe()
        process = subprocess.Popen(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=slave, stderr=slave,
                                   start_new_session=True)
        os.close(slave)
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # a pseudo-terminal ends with EIO
            piece = b''
        if not piece:
            break
        out(piece)
    os.close(master)
    code = process.wait()
    return code if code >= 0 else 128 - code


def make_inside(case, log):
    """In the namespace: everything under /home, /srv and the like is ours and vanishes with it."""
    workspace = WORKSPACES[case['system']].format(n=case['project'])
    bare = prepare(case, workspace)
    env = environment(case, workspace)
    os.environ['HOME'] = env['HOME']
    service = subprocess.Popen(['bash', '-c', case['service'] or 'true'], cwd='/srv/source', env=env, start_new_session=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1 if case['service'] else 0)
    with open(log, 'wb') as file:
        wrap = wrapping.SYSTEMS[case['system']](file, case, workspace)
        wrap.begin()
        failed = 0
        checkout = {'name': 'Checkout', 'always': False, 'script': wrap.checkout(bare)}
        for step in [checkout] + case['steps']:
            if failed and not step['always']:
                continue
            wrap.step_begin(step)
            code = run_step(wrap.shell(step['script']), env, workspace, case.get('terminal') == 'yes', wrap.write)
            wrap.step_end(step, code, failed)
            failed = failed or code
        wrap.end(failed)
    if bool(failed) != (case.get('kind', 'failure') == 'failure'):
        sys.exit(f'{case["name"]}: the job ended with {failed}, which is not what the case is for')
    try:
        os.killpg(service.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


NAMESPACE = '''set -e
rust=$(readlink -f ~/.rustup/toolchains/stable-* 2>/dev/null | head -n 1 || true)
mkdir -p /opt/rust /builds
if [ -n "$rust" ]; then mount --bind "$rust" /opt/rust; fi
chmod 755 /opt/rust
for folder in /home /srv /builds /var/lib/jenkins /var/lib/buildkite-agent /tmp; do
    case "$folder" in /tmp) ;; *) mkdir -p "$folder"; mount -t tmpfs -o mode=755 tmpfs "$folder" ;; esac
done
printf '127.0.0.1 localhost registry.acme.test downloads.acme.test database\n' >/srv/hosts
mount --bind /srv/hosts /etc/hosts
hostname "$1" 2>/dev/null || true
ip link set lo up 2>/dev/null || true
shift
exec "$@"
'''


def make(name, logs):
    case = read_case(name)
    if case['system'] == 'gitlab':  # its home is /root: a private one
        extra = 'mount -t tmpfs tmpfs /root\n'
    else:
        extra = ''
    script = NAMESPACE.replace('exec "$@"', extra + 'exec "$@"')
    log = f'{logs}/{name}.log'
    inside = f'/tmp/make-log.{os.getpid()}'
    os.makedirs(inside)
    try:
        shutil.copytree(HERE, f'{inside}/make', ignore=shutil.ignore_patterns('__pycache__'))
        subprocess.run(['unshare', '--mount', '--uts', 'bash', '-c', script, 'bash', f'{case["system"]}-runner', '/usr/bin/python3', '-B',
                        f'{inside}/make/make_log.py', '--inside', f'{inside}/out.log', name], check=True)
        shutil.copyfile(f'{inside}/out.log', log)
    finally:
        shutil.rmtree(inside, ignore_errors=True)
    rows = label(case, logs)
    print(f'{name}: {rows["lines"]} lines, gold {rows["gold"]}')


def visible_lines(path):
    raw = open(path, 'rb').read().decode('utf8', 'replace')
    raw = raw[:-1] if raw.endswith('\n') else raw
    codes = r'\x1b\(B|\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\x1b_[^\x07]*\x07'
    return [re.sub(r'^\d{4}-\d\d-\d\dT[0-9:.]+Z ', '', re.sub(codes, '', line.rstrip('\r'))) for line in raw.split('\n')]


def spans(patterns, lines, name):
    """(spans of the first matches, of all others), lines from 1."""
    from patterns import matches  # here: inside the namespace, where logs are made, only this folder is seen
    found, repeated = [], []
    for pattern in patterns:
        places = [[first + 1, last + 1] for first, last in matches(pattern, lines)]
        if not places:
            sys.exit(f'{name}: nothing matches {pattern!r}')
        found.append(places[0])
        repeated += places[1:]
    return found, repeated


def label(case, logs):
    lines = visible_lines(f'{logs}/{case["name"]}.log')
    several = lambda text: text.split(' | ') if text and ' | ' in text else text or None
    gold, again = spans(case['gold'], lines, case['name'])
    also = sum(spans(case['also'], lines, case['name']), [])
    return {'id': case['name'], 'repo': f'acme/{case["project"]}', 'log': f'{case["name"]}.log', 'lines': len(lines),
            'kind': case.get('kind', 'failure'), 'gold': gold, 'alternatives': again + also,
            'validated': None, 'cause': case.get('cause'), 'alternative': case.get('alternative'),
            'tool': several(case.get('tool')), 'subject': several(case.get('subject')),
            'transient': case.get('transient'), 'system': case['system'], 'broke': case['title']}


KINDS = (('failure', 'Failures'), ('green', 'Green: the job passed'),
         ('confuser', 'Confusers: errors in the log, and the job passed'))


def write_lists(logs):
    names = sorted(os.listdir(f'{HERE}/cases'))
    rows = [label(read_case(n), logs) for n in names if os.path.exists(f'{logs}/{n}.log')]
    for file_name, failed in (('labels.ndjson', True), ('passed.ndjson', False)):
        with open(f'{logs}/{file_name}', 'w') as file:
            file.writelines(json.dumps(row) + '\n' for row in rows if (row['kind'] == 'failure') == failed)
    with open(f'{HERE}/readme.head') as head, open(f'{logs}/README.md', 'w') as file:
        file.write(head.read())
        for kind, title in KINDS:
            mine = [r for r in rows if r['kind'] == kind]
            file.write(f'\n## {title} ({len(mine)})\n\n')
            if kind == 'failure':
                file.write('| log | lines | wrapping | what was broken | cause | tool | lines that explain |\n|---|---:|---|---|---|---|---|\n')
            else:
                file.write('| log | lines | wrapping | what is in it |\n|---|---:|---|---|\n')
            for r in mine:
                tool = ' or '.join(r['tool']) if isinstance(r['tool'], list) else r['tool'] or '–'
                gold = ', '.join(f'{a}–{b}' if a != b else f'{a}' for a, b in r['gold'])
                more = f' | `{r["cause"]}` | {tool} | {gold}' if kind == 'failure' else ''
                file.write(f'| [{r["id"]}]({r["log"]}) | {r["lines"]} | {r["system"]} | {r["broke"]}{more} |\n')
    return len(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('cases', nargs='*')
    parser.add_argument('--logs', default=os.path.dirname(HERE))
    parser.add_argument('--labels', action='store_true')
    parser.add_argument('--inside', help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.inside:
        make_inside(read_case(a.cases[0]), a.inside)
        return
    if not a.labels:
        for name in a.cases or sorted(os.listdir(f'{HERE}/cases')):
            make(name, a.logs)
    print(write_lists(a.logs), 'logs listed in labels.ndjson, passed.ndjson and README.md')


if __name__ == '__main__':
    main()
