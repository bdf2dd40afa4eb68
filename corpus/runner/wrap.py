"""Tells a recording as a CI system's log would: its set-up before, its stamps, groups and sections around, its last words after.

wrap(job, recording, system) returns a Log: the bytes, for each line of a step's output where it stands, and which lines are the
platform's own last words. Everything that varies (versions, names, dates) is drawn by a seed, so the same recording gives the same log.
What a system prints is imitated after the logs that the systems print themselves; what the tools printed is taken as recorded.
"""
import datetime
import random

from machine import HOMES, OWNER, WORKSPACES

GREY, RED, GREEN, CYAN, YELLOW, PLAIN = '\x1b[90m', '\x1b[31;1m', '\x1b[32;1m', '\x1b[36;1m', '\x1b[33;1m', '\x1b[0m'


class Log:
    """A log that is being written, line by line."""

    def __init__(self):
        self.lines = []      # bytes, without the newline
        self.places = {}     # (part, line of its output) -> line of the log, from 1; part is 'checkout' or the step's index
        self.platform = []   # lines with which the platform says why it ended the job

    def bytes(self):
        return b'\n'.join(self.lines) + b'\n'


def output_lines(result):
    """(kind, text, seconds) of what a shell printed, kind 'command' or 'output'."""
    data, times, offset, at = result['output'].encode('utf-8', 'surrogateescape'), result['times'], 0, 0
    lines = data.split(b'\n')
    for number, line in enumerate(lines):
        while at + 1 < len(times) and times[at + 1][0] <= offset:
            at += 1
        seconds = times[at][1] if times else 0
        text, marker, command = line.partition(b'\x1e')
        if text or not marker and number + 1 < len(lines):
            yield 'output', text, seconds
        if marker:
            yield 'command', command.rstrip(b'\r'), seconds
        offset += len(line) + 1


class Plain:
    """No wrapping but the shell's own trace; what each system adds is in the classes below."""

    trace = '+ '  # before each command; None: commands are not shown where they run

    def __init__(self, job, recording, system):
        self.job, self.recording, self.system = job, recording, system
        self.seed = random.Random(f'{job["recipe"]}/{job["fault"]}/{job["variant"]}/{system}')
        self.log = Log()
        self.project = job['project']
        self.workspace = WORKSPACES[system].format(n=self.project, c=OWNER)
        self.moves = [(recording['workspace'].encode(), self.workspace.encode()), (recording['home'].encode(), HOMES[system].encode())]
        self.start = datetime.datetime(2026, 1, 5, tzinfo=datetime.timezone.utc) + datetime.timedelta(seconds=self.seed.randrange(300 * 86400))
        self.seconds = 0.0   # since the start, as the log tells it
        self.offset = 0.0    # what the set-up took before the recording begins
        self.failed = 0

    # -- what the systems share --
    def tell(self, text=''):
        """One line of the system's own."""
        self.seconds += self.seed.random() * 0.01
        self.put(text.encode('utf-8', 'surrogateescape'))

    def put(self, line):
        self.log.lines.append(self.stamp() + line)

    def stamp(self):
        return b''

    def now(self):
        return self.start + datetime.timedelta(seconds=self.seconds)

    def chance(self, share):
        return self.seed.random() < share

    def hexadecimal(self, n):
        return ''.join(self.seed.choice('0123456789abcdef') for _ in range(n))

    def wait(self, seconds):
        self.offset += seconds
        self.seconds += seconds

    def show_command(self, command):
        if self.trace is not None:
            self.put(self.trace.encode() + command)

    def show_output(self, part, result):
        number = 0
        for kind, text, seconds in output_lines(result):
            self.seconds = max(self.seconds, self.offset + seconds * self.job['clock'])
            for old, new in self.moves:
                text = text.replace(old, new)
            if kind == 'command':
                self.show_command(text)
            else:
                self.put(text)
                self.log.places[part, number] = len(self.log.lines)
                number += 1
        self.seconds = max(self.seconds, self.offset + (result['times'][-1][1] if result['times'] else 0) * self.job['clock'])

    def script(self, step):
        return step['run'].replace(self.recording['workspace'], self.workspace)

    def last_words(self, lines, gold=None):
        """Lines of the platform that say why it ended the job; gold: how many of them, from the first."""
        for number, text in enumerate(lines):
            self.tell(text)
            if gold is None or number < gold:
                self.log.platform.append(len(self.log.lines))

    def write(self):
        self.begin()
        checkout = self.recording['checkout'][self.system]
        self.checkout_begin()
        self.show_output('checkout', checkout)
        self.failed = checkout['code']
        self.checkout_end(checkout['code'])
        self.offset = max(self.offset, self.seconds - self.recording['checkout'][self.job['system']]['seconds'])
        ended = self.recording['ended_by']
        if ended and not self.recording['steps']:
            self.ended(ended, {'name': 'Checkout'})
        for index, step in enumerate(self.recording['steps']):
            self.step_begin(step, index)
            self.show_output(index, step)
            last = ended and index == len(self.recording['steps']) - 1
            if last:
                self.ended(ended, step)
            else:
                self.step_end(step, step['code'])
            self.failed = self.failed or step['code']
        self.end(self.failed, ended)
        return self.log

    # -- what each system does its own way --
    def begin(self):
        pass

    def checkout_begin(self):
        self.show_command(f'git clone git@git.example.org:{OWNER}/{self.project}.git {self.workspace}'.encode())

    def checkout_end(self, code):
        pass

    def step_begin(self, step, index):
        pass

    def step_end(self, step, code):
        pass

    def ended(self, why, step):
        words = {'timeout': ['Job timed out after {} minutes; killing it'.format(self.seed.choice((10, 30, 60)))], 'cancelled': ['Job cancelled by the scheduler'],
                 'lost': ['Connection to 10.0.4.17 closed by remote host.', 'Connection to 10.0.4.17 closed.', 'lost contact with the build agent'],
                 'shutdown': ['Received signal 15, agent is shutting down', 'job aborted: the agent was stopped'],
                 'evicted': [f'pod "ci-{self.hexadecimal(6)}" was evicted: The node was low on resource: ephemeral-storage.']}
        self.last_words(words[why])

    def end(self, failed, ended):
        pass


class Stamped(Plain):
    """A time before each line, with seven decimals."""

    trace = None

    def stamp(self):
        return (self.now().strftime('%Y-%m-%dT%H:%M:%S.%f') + f'{self.seed.randrange(10)}Z ').encode()


class Github(Stamped):
    def begin(self):
        version, image = self.seed.choice(('2.317.0', '2.320.0', '2.328.0', '2.331.0')), self.seed.choice(('20240924.1.0', '20250818.1.0', '20260204.1.0'))
        os_name = self.seed.choice(('22.04.5', '24.04.2', '24.04.3'))
        groups = [('Operating System', ['Ubuntu', os_name, 'LTS']),
                  ('Runner Image', [f'Image: ubuntu-{os_name[:5]}', f'Version: {image}', 'Included Software: ubuntu/images/Readme.md', 'Image Release: ubuntu']),
                  ('GITHUB_TOKEN Permissions', self.seed.choice((['Contents: read', 'Metadata: read', 'Packages: read'], ['Contents: write', 'Metadata: read'])))]
        self.tell(f"Current runner version: '{version}'")
        for title, lines in groups:
            self.group(title, lines)
        for text in ('Secret source: Actions', 'Prepare workflow directory', 'Prepare all required actions', 'Getting action download info',
                     f"Download action repository 'actions/checkout@v4' (SHA:{self.hexadecimal(40)})"):
            self.tell(text)
        self.cached = self.chance(0.4)
        if self.cached:
            self.tell(f"Download action repository 'actions/cache@v4' (SHA:{self.hexadecimal(40)})")
        self.wait(2)
        self.tell('Complete job name: ' + self.seed.choice(('build', 'test', 'ci', 'check (ubuntu-latest)', 'linux / build', self.project)))

    def group(self, title, lines):
        for text in (f'##[group]{title}', *lines, '##[endgroup]'):
            self.tell(text)

    def checkout_begin(self):
        self.group('Run actions/checkout@v4', ['with:', f'  repository: {OWNER}/{self.project}', '  token: ***', '  fetch-depth: 1', '  persist-credentials: true'])

    def checkout_end(self, code):
        if code:
            self.tell(f"##[error]The process '/usr/bin/git' failed with exit code {code}")
        elif self.cached:
            key = f'Linux-{self.job["ecosystem"]}-{self.hexadecimal(64)}'
            self.group('Run actions/cache@v4', ['with:', f'  path: ~/.cache', f'  key: {key}', '  enableCrossOsArchive: false'])
            self.tell(self.seed.choice((f'Cache not found for input keys: {key}', f'Cache restored from key: {key}', 'Cache Size: ~38 MB (40112455 B)')))

    def step_begin(self, step, index):
        script = self.script(step).split('\n')
        lines = [f'{CYAN}{text}{PLAIN}' for text in script] + ['shell: /usr/bin/bash --noprofile --norc -e -o pipefail {0}']
        if self.job['env']:
            lines += ['env:'] + [f'  {key}: {value}' for key, value in self.job['env'].items()]
        self.group('Run ' + script[0], lines)

    def step_end(self, step, code):
        if code:
            self.tell(f'##[error]Process completed with exit code {code}.')

    def ended(self, why, step):
        minutes = self.seed.choice((10, 15, 30, 60))
        if why == 'timeout':
            self.last_words([self.seed.choice((f"##[error]The action '{step['name']}' has timed out after {minutes} minutes.",
                                               f'##[error]The job running on runner GitHub Actions {self.seed.randrange(2, 99)} has exceeded the maximum execution time of {minutes} minutes.')),
                             '##[error]The operation was canceled.'], 1)
        elif why == 'cancelled':
            self.last_words(['##[error]The operation was canceled.'])
        elif why == 'shutdown':
            self.last_words(['##[error]The runner has received a shutdown signal. This can happen when the runner service is stopped, or a manually started runner is canceled.',
                             '##[error]Process completed with exit code 143.', '##[error]The operation was canceled.'], 1)
        elif why == 'evicted':
            self.last_words([f'##[error]The self-hosted runner: pool-{self.hexadecimal(5)} was evicted: the node was low on resource: memory.',
                             '##[error]The operation was canceled.'], 1)
        else:
            self.last_words([f'##[error]The {self.seed.choice(("hosted", "self-hosted"))} runner: {self.seed.choice(("GitHub Actions 12", "pool-2-worker", "linux-large-3"))} lost communication with the server. '
                             'Verify the machine is running and has a healthy network connection. Anything in your workflow that terminates the runner process, starves it for CPU/Memory, or '
                             'blocks its network access can cause this error.'])

    def end(self, failed, ended):
        if ended in ('lost',):
            return
        for text in ('Post job cleanup.', '[command]/usr/bin/git version', 'git version 2.51.0',
                     f"Temporarily overriding HOME='/home/runner/work/_temp/{self.hexadecimal(8)}' before making global git config changes",
                     'Adding repository directory to the temporary git global config as a safe directory',
                     f'[command]/usr/bin/git config --global --add safe.directory {self.workspace}',
                     '[command]/usr/bin/git config --local --name-only --get-regexp core\\.sshCommand',
                     'fatal: No url found for submodule path \'third_party/none\' in .gitmodules' if failed and self.chance(0.06) else
                     "[command]/usr/bin/git submodule foreach --recursive sh -c \"git config --local --name-only --get-regexp 'core\\.sshCommand' && git config --local --unset-all 'core.sshCommand' || :\"",
                     'Cleaning up orphan processes'):
            self.tell(text)
        if self.chance(0.15):
            self.tell('##[warning]Node.js 20 actions are deprecated. Please update the following actions to use Node.js 24: actions/cache@v4.')


class Azure(Stamped):
    def begin(self):
        number = self.seed.randrange(2, 40)
        for text in ('##[section]Starting: Build', '##[section]Starting: Initialize job', f"Agent name: 'Azure Pipelines {number}'", f"Agent machine name: 'fv-az{number}'",
                     "Current agent version: '4.261.0'", '##[group]Operating System', 'Ubuntu', '22.04.5', 'LTS', '##[endgroup]', "Agent running as: 'vsts'",
                     'Prepare build directory.', 'Set build variables.', 'Download all required tasks.', 'Downloading task: CmdLine (2.250.1)',
                     'Checking job knob settings.', 'Finished checking job knob settings.', 'Start tracking orphan processes.', '##[section]Finishing: Initialize job'):
            self.tell(text)

    def task(self, name):
        self.tell(f'##[section]Starting: {name}')
        for text in ('=' * 78, 'Task         : Command line', 'Description  : Run a command line script using Bash on Linux and macOS and cmd.exe on Windows',
                     'Version      : 2.250.1', 'Author       : Microsoft Corporation', '=' * 78):
            self.tell(text)

    def checkout_begin(self):
        self.tell(f'##[section]Starting: Checkout {OWNER}/{self.project}@main to s')
        self.tell('Syncing repository: ' + self.project + ' (Git)')

    def checkout_end(self, code):
        if code:
            self.tell(f'##[error]Git fetch failed with exit code: {code}')
        self.tell(f'##[section]Finishing: Checkout {OWNER}/{self.project}@main to s')

    def step_begin(self, step, index):
        self.task(step['name'])
        script = self.script(step).split('\n')
        if len(script) == 1:
            self.tell('Generating script.')
            self.tell('Script contents:')
            self.tell(script[0])
        else:
            self.tell('Generating script.')
        self.tell('========================== Starting Command Output ===========================')
        self.tell(f'[command]/usr/bin/bash --noprofile --norc /home/vsts/work/_temp/{self.hexadecimal(8)}-{self.hexadecimal(4)}.sh')

    def step_end(self, step, code):
        if code:
            self.tell(f"##[error]Bash exited with code '{code}'.")
        self.tell(f'##[section]Finishing: {step["name"]}')

    def ended(self, why, step):
        agent = f'Azure Pipelines {self.seed.randrange(2, 40)}'
        minutes = self.seed.choice((10, 30, 60))
        first = {'timeout': self.seed.choice((f'##[error]The job running on agent {agent} ran longer than the maximum time of {minutes} minutes. For more information, see the documentation of timeouts.',
                                              f'##[error]The task has timed out.')),
                 'cancelled': '##[error]The operation was canceled.',
                 'lost': f'##[error]We stopped hearing from agent {agent}. Verify the agent machine is running and has a healthy network connection. Anything that terminates an agent process, '
                         'starves it for CPU, or blocks its network access can cause this error.',
                 'shutdown': '##[error]The agent received a shutdown signal. This can happen when the agent service is stopped, or a manually started agent is canceled.',
                 'evicted': f'##[error]The agent pod pool-{self.hexadecimal(5)} was evicted. The node was low on resource: memory.'}[why]
        self.last_words([first] + (['##[error]The operation was canceled.'] if why in ('timeout', 'shutdown') else []), 1)
        self.tell(f'##[section]Finishing: {step["name"]}')

    def end(self, failed, ended):
        if failed and self.chance(0.2):
            self.task('PublishTestResults')
            self.tell('##[warning]No test result files matching **/TEST-*.xml were found.')
            self.tell('##[section]Finishing: PublishTestResults')
        for text in ('##[section]Starting: Finalize Job', 'Cleaning up task key', 'Start cleaning up orphan processes.', '##[section]Finishing: Finalize Job',
                     '##[section]Finishing: Build'):
            self.tell(text)


class Gitlab(Plain):
    def begin(self):
        self.stamps = self.chance(0.3)  # newer runners may put a time before each line
        name, tag = self.seed.choice(('docker-runner-2', 'shared-gitlab-org', 'k8s-large', 'green-4.saas-linux-small-amd64')), self.hexadecimal(8)
        self.tell(f'\x1b[0KRunning with gitlab-runner {self.seed.choice(("16.11.1 (535ced5f)", "17.5.3 (12030cf4)", "18.2.0 (a5fcdc1e)"))}\x1b[0;m')
        self.tell(f'\x1b[0K  on {name} {tag}, system ID: s_{self.hexadecimal(12)}\x1b[0;m')
        self.kubernetes = name.startswith('k8s')
        executor = 'kubernetes' if self.kubernetes else 'docker'
        self.section('prepare_executor', f'Preparing the "{executor}" executor')
        image = self.seed.choice(('debian:bookworm', 'ci/build:2.4', 'python:3.11', 'node:20', 'gcc:12'))
        if self.kubernetes:
            self.tell(f'\x1b[0KUsing Kubernetes namespace: ci\x1b[0;m')
            self.tell(f'\x1b[0KUsing Kubernetes executor with image {image} ...\x1b[0;m')
        else:
            self.tell(f'\x1b[0KUsing Docker executor with image {image} ...\x1b[0;m')
            self.tell(f'\x1b[0KPulling docker image {image} ...\x1b[0;m')
            self.tell(f'\x1b[0KUsing docker image sha256:{self.hexadecimal(64)} for {image} with digest {image.split(":")[0]}@sha256:{self.hexadecimal(64)} ...\x1b[0;m')
        self.wait(4)
        self.section_end()
        self.section('prepare_script', 'Preparing environment')
        if self.kubernetes:
            self.tell('Waiting for pod ci/runner-t1x9pqyb-project-41-concurrent-0 to be running, status is Pending')
        self.tell('Running on runner-t1x9pqyb-project-41-concurrent-0 via docker-runner-2...')
        self.section_end()
        self.in_script = False

    def stamp(self):
        return (self.now().strftime('%Y-%m-%dT%H:%M:%S.%fZ') + ' 01O ').encode() if getattr(self, 'stamps', False) else b''

    def section(self, name, title):
        self.open = name
        self.tell(f'\x1b[0Ksection_start:{int(self.now().timestamp())}:{name}\r\x1b[0K\x1b[0K{CYAN}{title}\x1b[0;m\x1b[0;m')

    def section_end(self):
        self.tell(f'\x1b[0Ksection_end:{int(self.now().timestamp())}:{self.open}\r\x1b[0K')

    def show_command(self, command):
        if self.in_script:
            self.put(b'\x1b[32;1m$ ' + command + b'\x1b[0;m')

    def checkout_begin(self):
        self.section('get_sources', 'Getting source from Git repository')

    def checkout_end(self, code):
        if not code:
            self.section_end()

    def step_begin(self, step, index):
        if step['always']:
            self.section('after_script', 'Running after_script')
            self.in_script = True
        elif not self.in_script:
            self.section('step_script', 'Executing "step_script" stage of the job script')
            self.in_script = True

    def step_end(self, step, code):
        if step['always'] or code:
            self.section_end()
            self.in_script = False

    def ended(self, why, step):
        pod = f'runner-{self.hexadecimal(8)}-project-41-concurrent-0'
        words = {'timeout': [self.seed.choice(('\x1b[31;1mERROR: Job failed: execution took longer than 1h0m0s seconds\x1b[0;m', '\x1b[31;1mERROR: Job failed: execution took longer than 30m0s seconds\x1b[0;m'))],
                 'cancelled': ['\x1b[31;1mERROR: Job failed: canceled\x1b[0;m'],
                 'lost': [self.seed.choice((f'\x1b[31;1mERROR: Job failed (system failure): prepare environment: waiting for pod running: pods "{pod}" not found. Check the runner\'s documentation for more information\x1b[0;m',
                                            '\x1b[31;1mERROR: Job failed (system failure): Error response from daemon: No such container: build (docker.go:650:0s)\x1b[0;m',
                                            f'\x1b[31;1mERROR: Job failed (system failure): pod "ci/{pod}" status is "Failed"\x1b[0;m'))],
                 'shutdown': ['\x1b[31;1mERROR: Job failed (system failure): aborted: terminated\x1b[0;m'],
                 'evicted': [f'\x1b[31;1mERROR: Job failed (system failure): pod "{pod}" was evicted: The node was low on resource: ephemeral-storage.\x1b[0;m']}[why]
        if why == 'timeout' and self.chance(0.5):
            self.tell('\x1b[33;1mWARNING: step_script could not run to completion because the timeout was exceeded. For more control over job and script timeouts see the documentation of RUNNER_SCRIPT_TIMEOUT.\x1b[0;m')
        self.last_words(words)

    def end(self, failed, ended):
        if ended:
            return
        if self.in_script:
            self.section_end()
        if failed and self.chance(0.25):
            self.section('upload_artifacts_on_failure', 'Uploading artifacts for failed job')
            self.tell('\x1b[32;1mUploading artifacts...\x1b[0;m')
            self.tell('\x1b[0;33mWARNING: reports/junit.xml: no matching files. Ensure that the artifact path is relative to the working directory\x1b[0;m')
            self.tell('\x1b[31;1mERROR: No files to upload                         \x1b[0;m')
            self.section_end()
        self.section('cleanup_file_variables', 'Cleaning up project directory and file based variables')
        self.section_end()
        self.tell(f'\x1b[31;1mERROR: Job failed: exit code {failed}\x1b[0;m' if failed else '\x1b[32;1mJob succeeded\x1b[0;m')


class Jenkins(Plain):
    def begin(self):
        self.stamps = self.chance(0.3)
        for text in (self.seed.choice(('Started by an SCM change', 'Started by user admin', 'Started by timer', 'Branch indexing')),
                     f'Obtained Jenkinsfile from git /srv/git/{OWNER}/{self.project}.git', '[Pipeline] Start of Pipeline', '[Pipeline] node',
                     f'Running on {self.seed.choice(("Jenkins", "build-agent-3", "linux-x64-07"))} in {self.workspace}', '[Pipeline] {'):
            self.tell(text)

    def stamp(self):
        return self.now().strftime('[%Y-%m-%dT%H:%M:%S.%f')[:-3].encode() + b'Z] ' if getattr(self, 'stamps', False) else b''

    def stage(self, name, kind):
        for text in ('[Pipeline] stage', f'[Pipeline] {{ ({name})', f'[Pipeline] {kind}'):
            self.tell(text)

    def show_command(self, command):
        self.put((b' > ' if self.fetching else b'+ ') + command)

    def checkout_begin(self):
        self.fetching = True
        self.stage('Checkout', 'checkout')
        self.tell('The recommended git tool is: NONE')

    def checkout_end(self, code):
        self.fetching = False
        if code:
            self.tell('ERROR: Error cloning remote repo \'origin\'')
        self.close()

    def close(self):
        self.tell('[Pipeline] }')
        self.tell('[Pipeline] // stage')

    def step_begin(self, step, index):
        self.stage('Declarative: Post Actions' if step['always'] else step['name'], 'sh')

    def step_end(self, step, code):
        self.close()

    def ended(self, why, step):
        agent = 'build-agent-3'
        words = {'timeout': ['Cancelling nested steps due to timeout', 'Sending interrupt signal to process', 'Terminated', 'script returned exit code 143', 'Timeout has been exceeded'],
                 'cancelled': ['Aborted by admin', 'Sending interrupt signal to process', 'Terminated'],
                 'lost': self.seed.choice(([f'Cannot contact {agent}: hudson.remoting.ChannelClosedException: Channel "hudson.remoting.Channel@{self.hexadecimal(8)}:{agent}": Remote call on {agent} failed. The channel is closing down or has closed down',
                                            f'Could not connect to {agent} to send interrupt signal to process', f'Agent {agent} was deleted; cancelling node body'],
                                           ['FATAL: command execution failed', 'java.nio.channels.ClosedChannelException', '\tat org.jenkinsci.remoting.protocol.NetworkLayer.onRecvClosed(NetworkLayer.java:155)',
                                            'Caused: java.io.IOException: Backing channel \'JNLP4-connect connection from 10.0.4.17/10.0.4.17:38822\' is disconnected.'])),
                 'shutdown': [f'wrapper script does not seem to be touching the log file in {self.workspace}@tmp/durable-{self.hexadecimal(8)}',
                              '(JENKINS-48300: if on an extremely laggy filesystem, consider -Dorg.jenkinsci.plugins.durabletask.BourneShellScript.HEARTBEAT_CHECK_INTERVAL=86400)'],
                 'evicted': [f'Pod [ci][{agent}-{self.hexadecimal(5)}][Evicted] The node was low on resource: memory.', 'Agent was removed', f'ERROR: Node is being removed']}[why]
        self.last_words(words)

    def end(self, failed, ended):
        if failed and not ended and self.chance(0.2):
            self.tell('[Pipeline] junit')
            self.tell('Recording test results')
            self.tell('No test report files were found. Configuration error?')
        for text in ('[Pipeline] }', '[Pipeline] // node', '[Pipeline] End of Pipeline'):
            self.tell(text)
        if failed and not ended:
            self.tell(f'ERROR: script returned exit code {failed}')
        self.tell('Finished: ' + ('ABORTED' if ended in ('timeout', 'cancelled') else 'FAILURE' if failed or ended else 'SUCCESS'))


class Travis(Plain):
    trace = None

    def begin(self):
        for fold, texts in (('worker_info', (f'{YELLOW}Worker information{PLAIN}', f'hostname: {self.hexadecimal(8)}-production-2-worker-org-gce', 'version: v6.2.0',
                                             f'instance: travis-job-{self.hexadecimal(8)}', 'startup: 6.2s')),
                            ('system_info', (f'{YELLOW}Build system information{PLAIN}', f'Build language: {self.job["ecosystem"]}', 'Build group: stable', 'Build dist: jammy',
                                             'Operating System Details', 'Distributor ID:\tUbuntu', 'Release:\t22.04', 'Codename:\tjammy'))):
            self.fold('start', fold, texts[0])
            for text in texts[1:]:
                self.tell(text)
            self.fold('end', fold)
        self.number = 0

    def fold(self, what, name, text=''):
        self.tell(f'travis_fold:{what}:{name}\r\x1b[0K{text}')

    def checkout_begin(self):
        self.fold_name = 'git.checkout'
        self.open(f'git clone --depth=50 --branch=main https://git.example.org/{OWNER}/{self.project}.git {OWNER}/{self.project}', True)

    def open(self, text, fold):
        self.timer, self.begun = self.hexadecimal(8), self.now()
        start = f'travis_time:start:{self.timer}\r\x1b[0K$ {text}'
        if fold:
            self.fold('start', self.fold_name, start)
        else:
            self.tell(start)

    def close(self, fold):
        start, end = int(self.begun.timestamp() * 1e9), int(self.now().timestamp() * 1e9)
        self.tell('')
        self.tell(f'travis_time:end:{self.timer}:start={start},finish={end},duration={end - start}\r\x1b[0K')
        if fold:
            self.fold('end', self.fold_name)

    def checkout_end(self, code):
        self.close(True)
        if code:
            self.tell(f'{RED}The command "git clone --depth=50" failed and exited with {code} during .{PLAIN}')

    def is_script(self, index):
        return index == len(self.job['steps']) - 1 or self.job['steps'][index]['name'].lower() in ('test', 'script', 'build', 'check')

    def step_begin(self, step, index):
        self.number += 1
        self.index = index
        self.fold_name = f'{"after_script" if step["always"] else "install"}.{self.number}'
        self.open(self.script(step).replace('\n', ' && '), not self.is_script(index))

    def step_end(self, step, code):
        scripted = self.is_script(self.index)
        self.close(not scripted)
        text = self.script(step).replace('\n', ' && ')
        if code and scripted:
            self.tell(f'{RED}The command "{text}" exited with {code}.{PLAIN}')
            self.tell()
        elif code:
            self.tell(f'{RED}The command "{text}" failed and exited with {code} during install.{PLAIN}')
            self.tell()
            self.tell('Your build has been stopped.')
        elif scripted:
            self.tell(f'{GREEN}The command "{text}" exited with 0.{PLAIN}')
            self.tell()

    def ended(self, why, step):
        self.tell()
        words = {'timeout': self.seed.choice((['No output has been received in the last 10m0s, this potentially indicates a stalled build or something wrong with the build itself.',
                                               'Check the details on how to adjust your build configuration on: the page on common build problems, section build times out because no output was received', '',
                                               'The build has been terminated'],
                                              ['The job exceeded the maximum time limit for jobs, and has been terminated.'])),
                 'cancelled': ['Done: Job Cancelled'],
                 'lost': ['An error occurred while running your build: the connection to the virtual machine was lost.', '', 'Your build has been stopped.'],
                 'shutdown': ['The worker received a signal to stop: terminated', '', 'Your build has been stopped.'],
                 'evicted': [f'The instance travis-job-{self.hexadecimal(8)} was preempted and is gone.', '', 'Your build has been stopped.']}[why]
        self.last_words(words, 1)

    def end(self, failed, ended):
        if ended:
            return
        self.tell()
        self.tell(f'Done. Your build exited with {1 if failed else 0}.')


class Circleci(Plain):
    trace = None

    def begin(self):
        agent = f'1.0.{self.seed.randrange(20000, 39000)}-{self.hexadecimal(8)}'
        for text in (f'Build-agent version {agent} ({self.start.strftime("%Y-%m-%dT%H:%M:%S")}+0000)', 'System information:', ' Server Version: 27.3.1', ' Storage Driver: overlay2',
                     ' Cgroup Version: 2', f'Starting container cimg/base:{self.seed.choice(("2024.02", "2025.06", "current"))}', 'Using build environment variables:', '  BASH_ENV=/tmp/.bash_env-build',
                     '  CI=true', f'  CIRCLE_BRANCH={self.seed.choice(("main", "develop", "fix-build"))}', f'  CIRCLE_JOB={self.seed.choice(("build", "test", "lint"))}', '  CIRCLE_NODE_TOTAL=1'):
            self.tell(text)
        self.tell('The redacted variables listed above will be masked in run step output.')

    def checkout_begin(self):
        self.tell('Creating .ssh directory')
        self.tell('Cloning git repository')

    def checkout_end(self, code):
        if code:
            self.tell('')
            self.tell(f'exit status {code}')

    def step_begin(self, step, index):
        self.tell('#!/bin/bash -eo pipefail')
        for text in self.script(step).split('\n'):
            self.tell(text)

    def step_end(self, step, code):
        self.tell('')
        if code:
            self.tell(f'Exited with code exit status {code}')
            self.tell('')
        else:
            self.tell('CircleCI received exit code 0')

    def ended(self, why, step):
        self.tell('')
        words = {'timeout': ['Too long with no output (exceeded 10m0s): context deadline exceeded'], 'cancelled': ['Build was canceled'],
                 'lost': [self.seed.choice(('Unexpected environment preemption: the machine running the job was lost', 'Failed to communicate with the task agent: connection lost'))],
                 'shutdown': ['Received "terminated" signal', 'task-agent was stopped before the job finished'],
                 'evicted': ['Your job was stopped: the container was evicted from the node (low on memory)']}[why]
        self.last_words(words)

    def end(self, failed, ended):
        if failed and not ended:
            self.tell(f'CircleCI received exit code {failed}')


class Buildkite(Plain):
    trace = None

    def stamp(self):
        return f'\x1b_bk;t={int(self.now().timestamp() * 1000)}\x07'.encode() if self.stamps else b''

    def begin(self):
        self.stamps = self.chance(0.6)
        for text in ('~~~ Preparing working directory', f'{GREY}# Creating "{self.workspace}"{PLAIN}', f'{GREY}${PLAIN} cd {self.workspace}'):
            self.tell(text)

    def checkout_begin(self):
        self.tell(f'{GREY}${PLAIN} git clone -v -- git@git.example.org:{OWNER}/{self.project}.git .')

    def checkout_end(self, code):
        if code:
            self.tell(f'{RED}🚨 Error: cloning git repository: exit status {code}{PLAIN}')

    def step_begin(self, step, index):
        self.tell(f'{self.seed.choice(("---", "+++", "~~~"))} {self.seed.choice((":hammer:", ":package:", ":gear:", ""))} {step["name"]}'.replace('  ', ' '))
        for text in self.script(step).split('\n'):
            self.tell(f'{GREY}${PLAIN} {text}')

    def step_end(self, step, code):
        if code:
            self.tell('^^^ +++')
            self.tell(f'{RED}🚨 Error: The command exited with status {code}{PLAIN}')

    def ended(self, why, step):
        words = {'timeout': ['# Received cancellation signal, interrupting', f'{RED}🚨 Error: The command was interrupted by a signal: terminated{PLAIN}', '# Job timed out after 60 minutes'],
                 'cancelled': ['# Received cancellation signal, interrupting', f'{RED}🚨 Error: The command was interrupted by a signal: terminated{PLAIN}'],
                 'lost': [f'{RED}🚨 Error: Agent lost: no heartbeat was received from the agent for 3 minutes{PLAIN}', '# Exited with status -1 (agent lost)'],
                 'shutdown': ['# Received SIGTERM, the agent is stopping', f'{RED}🚨 Error: The command was interrupted by a signal: terminated{PLAIN}', '# Exited with status -1 (agent stopped)'],
                 'evicted': [f'{RED}🚨 Error: The pod of this job was evicted (The node was low on resource: memory){PLAIN}', '# Exited with status -1 (stack error)']}[why]
        self.last_words(words)

    def end(self, failed, ended):
        if failed and not ended:
            self.tell(f'{GREY}user command error: exit status {failed}{PLAIN}')


WRAPPERS = {'github': Github, 'gitlab': Gitlab, 'jenkins': Jenkins, 'travis': Travis, 'circleci': Circleci, 'azure': Azure, 'buildkite': Buildkite, 'plain': Plain}


def wrap(job, recording, system):
    return WRAPPERS[system](job, recording, system).write()
