"""What CI systems print around the output of a job's tools, imitated: one class a system.

Each writes bytes to a file: begin(), then for each step step_begin(), write() with what the step's tools print, step_end(),
and at last end(). checkout() is the command that fetches the project as that system does; shell() may change how a step is run.
"""
import datetime
import time


def now():
    return datetime.datetime.now(datetime.timezone.utc)


class Plain:
    """No wrapping but the shell's own trace."""

    def __init__(self, file, case, workspace):
        self.file, self.case, self.workspace = file, case, workspace
        self.project = case['project']
        self.at_line_start = True
        self.started = time.time()

    def line(self, text=''):
        if not self.at_line_start:
            self.write(b'\n')
        self.write(text.encode() + b'\n')

    def write(self, piece):
        self.file.write(piece)
        self.at_line_start = piece.endswith(b'\n')

    def checkout(self, bare):
        return f'git clone {bare} {self.workspace}'

    def shell(self, script):
        return 'set -x\n' + script

    def begin(self):
        pass

    def step_begin(self, step):
        pass

    def step_end(self, step, code, failed):
        pass

    def end(self, failed):
        pass


class Stamped(Plain):
    """A time stamp before each line, put there when the line's first byte comes."""

    def stamp(self):
        return now().strftime('%Y-%m-%dT%H:%M:%S.%f') + '0Z '

    def write(self, piece):
        for part in piece.splitlines(keepends=True) if b'\r' not in piece else split_newlines(piece):
            if self.at_line_start:
                self.file.write(self.stamp().encode())
            self.file.write(part)
            self.at_line_start = part.endswith(b'\n')


def split_newlines(piece):
    parts = piece.split(b'\n')
    return [p + b'\n' for p in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


class Github(Stamped):
    def checkout(self, bare):
        w = self.workspace
        return (f'echo "Syncing repository: acme/{self.project}"; mkdir -p {w}; cd {w}; git version; git init; '
                f'git remote add origin {bare}; git -c protocol.version=2 fetch --no-tags --prune --no-recurse-submodules --depth=1 '
                'origin +refs/heads/main:refs/remotes/origin/main; git checkout --progress --force -B main refs/remotes/origin/main; '
                'git log -1 --format=%H')

    def shell(self, script):
        return script

    def begin(self):
        for text in ("Current runner version: '2.320.0'", '##[group]Operating System', 'Debian', '12', '##[endgroup]',
                     '##[group]GITHUB_TOKEN Permissions', 'Contents: read', 'Metadata: read', 'Packages: read', '##[endgroup]',
                     'Secret source: Actions', 'Prepare workflow directory', 'Prepare all required actions',
                     'Complete job name: ' + self.case['steps'][-1]['name'].lower()):
            self.line(text)

    def step_begin(self, step):
        if step['name'] == 'Checkout':
            self.line('##[group]Run actions/checkout@v4')
            self.line('with:')
            self.line(f'  repository: acme/{self.project}')
            self.line('  fetch-depth: 1')
            self.line('##[endgroup]')
            return
        script = step['script'].split('\n')
        self.line('##[group]Run ' + script[0])
        for text in script:
            self.line(f'\x1b[36;1m{text}\x1b[0m')
        self.line('shell: /usr/bin/bash --noprofile --norc -e -o pipefail {0}')
        if self.case['env']:
            self.line('env:')
            for key, value in self.case['env'].items():
                self.line(f'  {key}: {value}')
        self.line('##[endgroup]')

    def step_end(self, step, code, failed):
        if code:
            self.line(f'##[error]Process completed with exit code {code}.')

    def end(self, failed):
        for text in ('Post job cleanup.', '[command]/usr/bin/git version', 'git version 2.39.5',
                     f"Temporarily overriding HOME='{self.workspace.rsplit('/', 2)[0]}/_temp/4e9c6f0a' before making global git config changes",
                     'Adding repository directory to the temporary git global config as a safe directory',
                     f'[command]/usr/bin/git config --global --add safe.directory {self.workspace}',
                     '[command]/usr/bin/git config --local --name-only --get-regexp core\\.sshCommand',
                     "[command]/usr/bin/git submodule foreach --recursive sh -c \"git config --local --name-only --get-regexp 'core\\.sshCommand' && git config --local --unset-all 'core.sshCommand' || :\"",
                     'Cleaning up orphan processes'):
            self.line(text)


class Azure(Stamped):
    def checkout(self, bare):
        return f'git clone --progress {bare} {self.workspace}'

    def shell(self, script):
        return script

    def begin(self):
        for text in ('##[section]Starting: Build', '##[section]Starting: Initialize job', "Agent name: 'Hosted Agent'", "Agent machine name: 'fv-az1'",
                     "Current agent version: '3.246.0'", 'Current image version: \'20261101.1.0\'', "Agent running as: 'vsts'",
                     'Prepare build directory.', 'Set build variables.', 'Download all required tasks.',
                     'Downloading task: CmdLine (2.245.1)', 'Checking job knob settings.', 'Start tracking orphan processes.',
                     '##[section]Finishing: Initialize job'):
            self.line(text)

    def step_begin(self, step):
        self.line(f'##[section]Starting: {step["name"]}')
        for text in ('=' * 78, 'Task         : Command line', 'Description  : Run a command line script using Bash on Linux and macOS',
                     'Version      : 2.245.1', 'Author       : Microsoft Corporation',
                     'Help         : https://docs.microsoft.com/azure/devops/pipelines/tasks/utility/command-line', '=' * 78,
                     'Generating script.', '========================== Starting Command Output ===========================',
                     '[command]/usr/bin/bash --noprofile --norc /home/vsts/work/_temp/5c7a51a8.sh'):
            self.line(text)

    def step_end(self, step, code, failed):
        if code:
            self.line(f"##[error]Bash exited with code '{code}'.")
        self.line(f'##[section]Finishing: {step["name"]}')

    def end(self, failed):
        for text in ('##[section]Starting: Finalize Job', 'Cleaning up task key', 'Start cleaning up orphan processes.',
                     '##[section]Finishing: Finalize Job', '##[section]Finishing: Build'):
            self.line(text)


class Gitlab(Plain):
    def checkout(self, bare):
        return (f'echo "Initialized empty Git repository in {self.workspace}/.git/"; git clone -q --depth 20 file://{bare} {self.workspace}; '
                f'cd {self.workspace}; echo "Checking out $(git rev-parse --short=8 HEAD) as detached HEAD (ref is main)..."; echo; echo "Skipping Git submodules setup"')

    def shell(self, script):  # the runner echoes each command in green, then runs it
        if 'Skipping Git submodules' in script:
            return script
        lines = []
        for command in script.split('\n'):
            if command.strip():
                shown = command.replace("'", "'\\''")
                lines += [f"printf '\\033[32;1m$ %s\\033[0;m\\n' '{shown}'", command]
        return '\n'.join(lines)

    def section(self, name, title):
        self.line(f'\x1b[0Ksection_start:{int(time.time())}:{name}\r\x1b[0K\x1b[0K\x1b[36;1m{title}\x1b[0;m\x1b[0;m')

    def begin(self):
        self.line('\x1b[0KRunning with gitlab-runner 17.5.3 (12030cf4)\x1b[0;m')
        self.line('\x1b[0K  on docker-runner-2 t1x9PqYb, system ID: s_6b1c3f1a2d77\x1b[0;m')
        self.section('prepare_executor', 'Preparing the "docker" executor')
        self.line('\x1b[0KUsing Docker executor with image debian:bookworm ...\x1b[0;m')
        self.line('\x1b[0KPulling docker image debian:bookworm ...\x1b[0;m')
        self.line(f'\x1b[0Ksection_end:{int(time.time())}:prepare_executor\r\x1b[0K')
        self.section('prepare_script', 'Preparing environment')
        self.line('Running on runner-t1x9pqyb-project-41-concurrent-0 via docker-runner-2...')
        self.line(f'\x1b[0Ksection_end:{int(time.time())}:prepare_script\r\x1b[0K')
        self.in_script = False

    def step_begin(self, step):
        if step['name'] == 'Checkout':
            self.section('get_sources', 'Getting source from Git repository')
        elif step['always']:
            self.section('after_script', 'Running after_script')
        elif not self.in_script:
            self.section('step_script', 'Executing "step_script" stage of the job script')
            self.in_script = True

    def step_end(self, step, code, failed):
        if step['name'] == 'Checkout':
            self.line(f'\x1b[0Ksection_end:{int(time.time())}:get_sources\r\x1b[0K')
        elif step['always']:
            self.line(f'\x1b[0Ksection_end:{int(time.time())}:after_script\r\x1b[0K')
        elif code:
            self.line(f'\x1b[0Ksection_end:{int(time.time())}:step_script\r\x1b[0K')
            self.in_script = False

    def end(self, failed):
        if self.in_script:
            self.line(f'\x1b[0Ksection_end:{int(time.time())}:step_script\r\x1b[0K')
        self.section('cleanup_file_variables', 'Cleaning up project directory and file based variables')
        self.line(f'\x1b[0Ksection_end:{int(time.time())}:cleanup_file_variables\r\x1b[0K')
        self.line(f'\x1b[31;1mERROR: Job failed: exit code {failed}\x1b[0;m' if failed else '\x1b[32;1mJob succeeded\x1b[0;m')


class Jenkins(Plain):
    def checkout(self, bare):
        w = self.workspace
        return (f'mkdir -p {w}; cd {w}; set -x; git init {w}; git fetch --tags --force --progress -- {bare} "+refs/heads/*:refs/remotes/origin/*"; '
                'git checkout -f refs/remotes/origin/main')

    def shell(self, script):
        return 'set -x\n' + script

    def begin(self):
        for text in ('Started by an SCM change', f'Obtained Jenkinsfile from git /srv/git/acme/{self.project}.git', '[Pipeline] Start of Pipeline',
                     '[Pipeline] node', f'Running on Jenkins in {self.workspace}', '[Pipeline] {'):
            self.line(text)

    def step_begin(self, step):
        for text in ('[Pipeline] stage', f'[Pipeline] {{ ({step["name"]})', '[Pipeline] checkout' if step['name'] == 'Checkout' else '[Pipeline] sh'):
            self.line(text)

    def step_end(self, step, code, failed):
        self.line('[Pipeline] }')
        self.line('[Pipeline] // stage')

    def end(self, failed):
        for text in ('[Pipeline] }', '[Pipeline] // node', '[Pipeline] End of Pipeline'):
            self.line(text)
        if failed:
            self.line(f'ERROR: script returned exit code {failed}')
        self.line('Finished: FAILURE' if failed else 'Finished: SUCCESS')


class Travis(Plain):
    def checkout(self, bare):
        return f'git clone --depth=50 --branch=main file://{bare} {self.workspace}'

    def shell(self, script):
        return script

    def begin(self):
        for fold, texts in (('worker_info', ('\x1b[33;1mWorker information\x1b[0m', 'hostname: 5e3a1c2f-production-2-worker-org-gce', 'version: v6.2.0',
                                             'startup: 5.4s')),
                            ('system_info', ('\x1b[33;1mBuild system information\x1b[0m', 'Build language: generic', 'Build group: stable',
                                             'Operating System Details', 'Distributor ID:\tDebian', 'Release:\t12'))):
            self.write(f'travis_fold:start:{fold}\r\x1b[0K'.encode())
            for text in texts:
                self.line(text)
            self.write(f'travis_fold:end:{fold}\r\x1b[0K\n'.encode())
        self.number = 0

    def step_begin(self, step):
        self.number += 1
        self.timer = f'{0x0a1b2c3d * (self.number + 2):08x}'[:8]
        self.fold = 'git.checkout' if step['name'] == 'Checkout' else step['name'].lower().replace(' ', '_') + f'.{self.number}'
        if not self.is_script(step):
            self.write(f'travis_fold:start:{self.fold}\r\x1b[0K'.encode())
        self.begun = time.time()
        shown = f'git clone --depth=50 --branch=main https://git.example.org/acme/{self.project}.git acme/{self.project}'
        text = shown if step['name'] == 'Checkout' else step['script'].replace('\n', ' && ')
        self.write(f'travis_time:start:{self.timer}\r\x1b[0K$ {text}\n'.encode())

    @staticmethod
    def is_script(step):
        return step['name'] == 'Script'

    def step_end(self, step, code, failed):
        start, end = int(self.begun * 1e9), int(time.time() * 1e9)
        self.line(f'\ntravis_time:end:{self.timer}:start={start},finish={end},duration={end - start}\r\x1b[0K')
        if not self.is_script(step):
            self.write(f'travis_fold:end:{self.fold}\r\x1b[0K\n'.encode())
        text = step['script'].replace('\n', ' && ')
        if code and self.is_script(step):
            self.line(f'\x1b[31;1mThe command "{text}" exited with {code}.\x1b[0m\n')
        elif code:
            self.line(f'\x1b[31;1mThe command "{text}" failed and exited with {code} during {step["name"].lower()}.\x1b[0m\n\nYour build has been stopped.')
        elif self.is_script(step):
            self.line(f'\x1b[32;1mThe command "{text}" exited with 0.\x1b[0m\n')

    def end(self, failed):
        self.line(f'\nDone. Your build exited with {1 if failed else 0}.')


class Buildkite(Plain):
    def stamp(self):
        return f'\x1b_bk;t={int(time.time() * 1000)}\x07'

    def write(self, piece):
        for part in split_newlines(piece):
            if self.at_line_start:
                self.file.write(self.stamp().encode())
            self.file.write(part)
            self.at_line_start = part.endswith(b'\n')

    def checkout(self, bare):
        return f'git clone -v -- {bare} {self.workspace}'

    def shell(self, script):
        return script

    def begin(self):
        for text in ('~~~ Preparing working directory', f'\x1b[90m$\x1b[0m cd {self.workspace}'):
            self.line(text)

    def step_begin(self, step):
        if step['name'] == 'Checkout':
            self.line(f'\x1b[90m$\x1b[0m git clone -v -- git@git.example.org:acme/{self.project}.git .')
            return
        self.line(f'--- {step["name"]}')
        for text in step['script'].split('\n'):
            self.line(f'\x1b[90m$\x1b[0m {text}')

    def step_end(self, step, code, failed):
        if code:
            self.line('^^^ +++')
            self.line(f'\x1b[31m🚨 Error: The command exited with status {code}\x1b[0m')

    def end(self, failed):
        if failed:
            self.line(f'\x1b[90muser command error: exit status {failed}\x1b[0m')


SYSTEMS = {'plain': Plain, 'github': Github, 'gitlab': Gitlab, 'jenkins': Jenkins, 'travis': Travis, 'azure': Azure, 'buildkite': Buildkite}
