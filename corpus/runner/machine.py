"""Runs one job on a machine of its own and records what its tools print.

The machine is this one with a fresh layer over its whole file system, a private process table, and where the job asks for it no
network, little memory or few processes: whatever a fault does to it vanishes with the layer. Nothing that a tool prints is changed.

A recording is a dictionary: the job's `steps`, each with `code`, `seconds`, `output` (text; undecodable bytes as lone surrogates) and `times`
([offset in output, seconds since the job began] where a piece arrived), and `checkout`, the same for each CI system's way to fetch.
Before each command of a step, output has the line \x1e + the command: a wrapping shows it as its system does, or leaves it out.
"""
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
HOMES = {'github': '/home/runner', 'gitlab': '/root', 'jenkins': '/var/lib/jenkins', 'travis': '/home/travis', 'circleci': '/home/circleci',
         'azure': '/home/vsts', 'buildkite': '/var/lib/buildkite-agent', 'plain': '/home/ci'}
WORKSPACES = {'github': '/home/runner/work/{n}/{n}', 'gitlab': '/builds/{c}/{n}', 'jenkins': '/var/lib/jenkins/workspace/{n}',
              'travis': '/home/travis/build/{c}/{n}', 'circleci': '/home/circleci/project', 'azure': '/home/vsts/work/1/s',
              'buildkite': '/var/lib/buildkite-agent/builds/agent-1/{c}/{n}', 'plain': '/home/ci/{n}'}
OWNER = 'acme'
MOST_OUTPUT = 24 << 20  # a job that prints more is a mistake in its recipe

# argv: scratch folder, host name, network, cache folder, whether the cache may be changed, command...
NAMESPACE = r'''set -e
scratch=$1 host=$2 network=$3 cache=$4 keep=$5; shift 5
mount -t tmpfs -o size=6g tmpfs "$scratch"
mkdir "$scratch/upper" "$scratch/work" "$scratch/root" "$scratch/cache-upper" "$scratch/cache-work"
rust=$(readlink -f ~/.rustup/toolchains/stable-* 2>/dev/null | head -n 1 || true)
mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/upper,workdir=$scratch/work" "$scratch/root"
cd "$scratch/root"
mount --rbind /dev dev; mount -t proc proc proc; mount -t sysfs sysfs sys 2>/dev/null || true
for folder in tmp work root home srv builds run mnt; do mkdir -p "$folder"; mount -t tmpfs -o mode=755 tmpfs "$folder"; done
chmod 1777 tmp
mkdir -p run/lock run/user opt/rust opt/corpus var/cache/ci
[ -z "$rust" ] || mount --bind "$rust" opt/rust
mount --bind "$CORPUS" opt/corpus
if [ "$keep" = yes ]; then mount --bind "$cache" var/cache/ci
else mount -t overlay overlay -o "lowerdir=$cache,upperdir=$scratch/cache-upper,workdir=$scratch/cache-work" var/cache/ci; fi
rm -f etc/hosts; printf '127.0.0.1 localhost registry.acme.test downloads.acme.test git.acme.test packages.acme.test mirror.acme.test artifacts.acme.test nexus.acme.test cache.acme.test hub.acme.test database redis broker\n::1 localhost\n' >etc/hosts
rm -f usr/sbin/policy-rc.d etc/gitconfig
hostname "$host"
if [ "$network" = none ]; then ip link set lo up; fi
exec chroot . "$@"
'''


class Group:
    """A control group that limits memory and processes of all that a job starts."""

    def __init__(self, name, memory, processes):
        self.folders = []
        for controller, file, value in (('memory', 'memory.limit_in_bytes', memory), ('pids', 'pids.max', str(processes))):
            root = f'/sys/fs/cgroup/{controller}'
            if not os.path.isdir(root):
                continue
            folder = f'{root}/{name}'
            os.makedirs(folder, exist_ok=True)
            with open(f'{folder}/{file}', 'w') as limit:
                limit.write(value)
            self.folders.append(folder)

    def enter(self):
        for folder in self.folders:
            with open(f'{folder}/cgroup.procs', 'w') as members:
                members.write(str(os.getpid()))

    def remove(self):
        for folder in self.folders:
            for _ in range(50):
                try:
                    os.rmdir(folder)
                    break
                except OSError:
                    time.sleep(0.1)


def record(job, cache):
    """Runs the job and returns its recording; cache is the recipe's folder of downloaded packages. Needs root and Linux."""
    os.makedirs(cache, exist_ok=True)
    scratch = tempfile.mkdtemp(prefix='corpus-', dir='/mnt')
    group = Group(os.path.basename(scratch), job['memory'], job['processes'])
    keep = job['fault'] == 'green'
    used_cache = cache if not job['cold'] else tempfile.mkdtemp(prefix='cold-', dir=os.path.dirname(cache))
    flags = ['--mount', '--uts', '--ipc', '--pid', '--fork', '--kill-child'] + (['--net'] if job['network'] == 'none' else [])
    try:
        process = subprocess.Popen(
            ['unshare'] + flags + ['bash', '-c', NAMESPACE, 'bash', scratch, machine_name(job), job['network'], used_cache, 'yes' if keep else 'no',
             '/usr/bin/python3', '-B', '/opt/corpus/runner/machine.py', '--inside'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=group.enter,
            env={'PATH': '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', 'HOME': os.environ.get('HOME', '/root'), 'CORPUS': os.path.dirname(HERE)})
        try:
            out, err = process.communicate(json.dumps(job).encode(), timeout=job['seconds'] + 180)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
        try:
            return json.loads(out)
        except ValueError:
            raise RuntimeError(f'the machine of {job["recipe"]}/{job["fault"]} ended with {process.returncode}: {err.decode(errors="replace")[-2000:]}') from None
    finally:
        group.remove()
        os.rmdir(scratch)
        if used_cache != cache:
            shutil.rmtree(used_cache, ignore_errors=True)


def machine_name(job):
    return {'github': 'fv-az1042', 'gitlab': 'runner-t1x9pqyb', 'jenkins': 'build-agent-3', 'travis': 'travis-job', 'circleci': 'circleci-host',
            'azure': 'fv-az771', 'buildkite': 'ip-10-0-4-17', 'plain': 'ci'}[job['system']]


# ---- inside the machine ----

def environment(job, workspace):
    home = HOMES[job['system']]
    cache = '/var/cache/ci'
    path = f'{workspace}/node_modules/.bin:{home}/.local/bin:{home}/go/bin:/opt/rust/bin:/usr/local/go/bin:/opt/corpus/bin:/usr/local/bin:/usr/bin:/bin:/usr/games'
    values = {'HOME': home, 'PATH': path + ':/usr/local/sbin:/usr/sbin:/sbin', 'LANG': 'C.UTF-8', 'CI': 'true', 'TERM': 'xterm-256color',
              'USER': 'root' if job['user'] == 'root' else 'ci', 'WORKSPACE': workspace, 'GIT_TERMINAL_PROMPT': '0', 'DEBIAN_FRONTEND': 'noninteractive',
              'PIP_DISABLE_PIP_VERSION_CHECK': '1', 'PIP_ROOT_USER_ACTION': 'ignore', 'NO_UPDATE_NOTIFIER': '1', 'npm_config_update_notifier': 'false',
              'npm_config_fund': 'false', 'MAVEN_OPTS': '-Xmx512m', 'CARGO_BUILD_JOBS': '2', 'GOMAXPROCS': '2', 'GOFLAGS': '-buildvcs=false',
              'PIP_CACHE_DIR': f'{cache}/pip', 'npm_config_cache': f'{cache}/npm', 'GOMODCACHE': f'{cache}/go', 'GOCACHE': f'{cache}/go-build',
              'CARGO_HOME': f'{cache}/cargo', 'YARN_CACHE_FOLDER': f'{cache}/yarn', 'XDG_CACHE_HOME': f'{cache}/xdg'}
    return values | job['env']


def as_user(job):
    if job['user'] == 'root':
        return None
    return lambda: (os.setgroups([]), os.setgid(1000), os.setuid(1000))


def quiet(script, env, cwd, what):
    """Runs what the log does not show. Raises RuntimeError with what it printed."""
    done = subprocess.run(['bash', '-ec', script], cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise RuntimeError(f'{what} ended with {done.returncode}:\n{done.stdout.decode(errors="replace")[-3000:]}')


def prepare(job, workspace, env):
    """Puts the project into a bare repository, as a server would hold it, and returns where."""
    home = HOMES[job['system']]
    source = '/srv/source'
    for folder in (home, os.path.dirname(workspace), f'/srv/git/{OWNER}', source, f'{home}/.m2', '/root/.m2'):
        os.makedirs(folder, exist_ok=True)
    for folder in (home, '/root'):  # Java takes a user's home from the password file
        with open(f'{folder}/.m2/settings.xml', 'w') as file:
            file.write('<settings><localRepository>/var/cache/ci/m2</localRepository></settings>\n')
    for name, text in job['files'].items():
        path = os.path.join(source, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w') as file:
            file.write(text)
        os.chmod(path, int(job['modes'].get(name, '755' if text.startswith('#!') else '644'), 8))
    author = {'GIT_AUTHOR_NAME': 'Ada', 'GIT_AUTHOR_EMAIL': 'ada@example.org', 'GIT_COMMITTER_NAME': 'Ada', 'GIT_COMMITTER_EMAIL': 'ada@example.org'}
    env = env | author
    quiet('git config --global init.defaultBranch main; git config --global advice.detachedHead false; git config --global safe.directory "*"; git init -q',
          env, source, 'git')
    quiet(job['prepare'] or 'true', env, source, 'prepare')
    quiet('git add -A; git commit -q --allow-empty -m "Import"', env, source, 'git')
    quiet(job['break'] or 'true', env, source, 'break')
    bare = f'/srv/git/{OWNER}/{job["project"]}.git'
    quiet(f'git add -A; git commit -q --allow-empty -m "Tidy up"; git clone -q --bare . {bare}', env, source, 'git')
    if job['user'] != 'root':
        quiet('id ci >/dev/null 2>&1 || { sed -i "/^[^:]*:[^:]*:1000:/d" /etc/passwd /etc/group; '  # whoever has that number on the machine below
              f'useradd -u 1000 -d {home} ci; }}; chown -R ci {home} {os.path.dirname(workspace)} /srv /var/cache/ci', os.environ, '/', 'useradd')
    return bare


def checkout_script(system, project, workspace, bare):
    """How each CI system fetches a project, and what its agent prints itself while doing so."""
    if system == 'github':
        return (f'echo "Syncing repository: {OWNER}/{project}"\nmkdir -p {workspace}; cd {workspace}\ngit version\ngit init {workspace}\n'
                f'git remote add origin {bare}\ngit -c protocol.version=2 fetch --no-tags --prune --no-recurse-submodules --depth=1 origin '
                '+refs/heads/main:refs/remotes/origin/main\ngit checkout --progress --force -B main refs/remotes/origin/main\ngit log -1 --format=%H')
    if system == 'gitlab':
        return (f'echo "Initialized empty Git repository in {workspace}/.git/"; git clone -q --depth 20 file://{bare} {workspace}; cd {workspace}; '
                'echo "Checking out $(git rev-parse --short=8 HEAD) as detached HEAD (ref is main)..."; echo; echo "Skipping Git submodules setup"')
    if system == 'jenkins':
        return (f'mkdir -p {workspace}; cd {workspace}\ngit init {workspace}\ngit fetch --tags --force --progress -- {bare} "+refs/heads/*:refs/remotes/origin/*"\n'
                'git checkout -f refs/remotes/origin/main')
    if system in ('travis', 'circleci'):
        return f'git clone --depth=50 --branch=main file://{bare} {workspace}'
    if system == 'azure':
        return f'git clone --progress {bare} {workspace}'
    return f'git clone -v -- {bare} {workspace}'


def traced(script, prelude):
    """The step's shell: a line that starts with \x1e goes before each command."""
    return f'exec 9>&2\n{prelude}\ntrap \'printf "\\036%s\\n" "${{BASH_COMMAND//$\'"\'\\n\'"\'/ }}" >&9\' DEBUG\n{script}\n'


class Recorder:
    """Runs the shells of a job and keeps what they print and when."""

    def __init__(self, job, env, workspace):
        self.job, self.env, self.workspace = job, env, workspace
        self.began = time.time()
        self.deadline = self.began + job['seconds']
        self.size = 0
        self.ended_by = None
        self.watch = re.compile(job['platform_when']) if job.get('platform_when') else None

    def run(self, script, cwd, terminal):
        """Returns {code, output, times, seconds}. A job that is over its time or that its platform ends is killed whole."""
        while not os.path.isdir(cwd):
            cwd = os.path.dirname(cwd)
        argv = ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script]
        read_end, write_end = pty.openpty() if terminal else os.pipe()
        start = time.time()
        process = subprocess.Popen(argv, cwd=cwd, env=self.env, stdin=subprocess.DEVNULL, stdout=write_end, stderr=write_end, start_new_session=True,
                                   preexec_fn=as_user(self.job))
        os.close(write_end)
        pieces, times, size = [], [], 0
        while True:
            over = process.poll() is not None
            ready, _, _ = select.select([read_end], [], [], 0.25)
            if ready:
                try:
                    piece = os.read(read_end, 65536)
                except OSError:  # a pseudo-terminal ends with EIO
                    piece = b''
                if not piece:
                    break
                now = round(time.time() - self.began, 2)
                if not times or now - times[-1][1] >= 0.05:
                    times.append([size, now])
                pieces.append(piece)
                size += len(piece)
                self.size += len(piece)
            if self.ended_by is None:
                self.ended_by = self.why_end(b''.join(pieces[-4:]))
                if self.ended_by:
                    self.end_all(process)
            if over and not ready:  # what it left in the background may keep the pipe open
                break
        os.close(read_end)
        code = process.wait()
        return {'code': code if code >= 0 else 128 - code, 'output': b''.join(pieces).decode('utf-8', 'surrogateescape'), 'times': times,
                'seconds': round(time.time() - start, 2)}

    def why_end(self, tail):
        if self.size > MOST_OUTPUT:
            return 'output'
        if self.watch and self.watch.search(tail.decode('utf-8', 'replace')):
            return self.job['platform']
        if time.time() > self.deadline:
            return self.job['platform'] or 'limit'
        return None

    @staticmethod
    def end_all(process):
        """As platforms do: a polite signal to the job, then the end of everything."""
        sign = signal.SIGTERM
        for _ in range(2):
            try:
                os.killpg(process.pid, sign)
            except ProcessLookupError:
                return
            for _ in range(8):
                if process.poll() is not None:
                    return
                time.sleep(0.25)
            sign = signal.SIGKILL


def make_inside(job):
    workspace = WORKSPACES[job['system']].format(n=job['project'], c=OWNER)
    env = environment(job, workspace)
    os.environ.clear()
    os.environ.update(env)
    bare = prepare(job, workspace, env)
    source = '/srv/source'
    quiet(job['machine'], env, source, 'machine')
    services = subprocess.Popen(['bash', '-c', job['service']], cwd=source, env=env, start_new_session=True, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) if job['service'].strip() else None
    if services:
        time.sleep(1.2)
    recorder = Recorder(job, env, workspace)
    checkouts, seen = {}, 0
    for system in (s for s in WORKSPACES if s != job['system']):
        elsewhere = f'/srv/elsewhere/{seen}/{os.path.basename(WORKSPACES[system].format(n=job["project"], c=OWNER))}'
        os.makedirs(os.path.dirname(elsewhere))
        if job['user'] != 'root':
            os.chown(os.path.dirname(elsewhere), 1000, 1000)
        seen += 1
        there = WORKSPACES[system].format(n=job['project'], c=OWNER)
        result = recorder.run(traced(checkout_script(system, job['project'], elsewhere, bare), ''), os.path.dirname(elsewhere), False)
        result['output'] = result['output'].replace(elsewhere, there)
        checkouts[system] = result
    recorder.began = time.time()
    recorder.deadline = recorder.began + job['seconds']
    checkouts[job['system']] = recorder.run(traced(checkout_script(job['system'], job['project'], workspace, bare), ''), os.path.dirname(workspace), False)
    failed, steps = checkouts[job['system']]['code'], []
    for step in job['steps']:
        if (failed and not step['always']) or recorder.ended_by:
            continue
        result = recorder.run(traced(step['run'], job['prelude']), workspace, job['terminal'])
        steps.append(step | result)
        failed = failed or result['code']
    return {'workspace': workspace, 'home': HOMES[job['system']], 'checkout': checkouts, 'steps': steps, 'code': failed, 'ended_by': recorder.ended_by}


if __name__ == '__main__':
    real_out = os.dup(1)
    os.dup2(2, 1)
    try:
        answer = make_inside(json.load(sys.stdin))
    except RuntimeError as error:
        answer = {'error': str(error)}
    with os.fdopen(real_out, 'w') as out:
        json.dump(answer, out)
