"""Labels: where in a log the failure shows, and the checks that a log and its label must pass.

`shows` are regular expressions over what a step printed, escape codes removed; `first ==> last` is a span. "@platform" stands for the
platform's own last words. The first match is the place that explains the failure (in the step that failed, if it matches there), further
matches are alternatives. A match in the green log of the same project is refused: it would not tell the two apart.
"""
import re

from patterns import matches
from recipe import Broken
from wrap import output_lines

CODES = re.compile(r'\x1b\(B|\x1b\[[0-9;?]*[ -/]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[=>78]')


def visible(line):
    """What a terminal would show of a line."""
    text = CODES.sub('', line.decode('utf-8', 'replace')).rstrip('\r')
    return text.rsplit('\r', 1)[-1] if '\r' in text else text


def parts_of(recording, system):
    """(part, visible output lines), the failing step first."""
    parts = [('checkout', recording['checkout'][system])] + list(enumerate(recording['steps']))
    parts.sort(key=lambda p: p[1]['code'] == 0)
    return [(name, [visible(text) for kind, text, _ in output_lines(result) if kind == 'output']) for name, result in parts]


def places(label, recording, log, system, where):
    """(gold, alternatives): spans of lines of the log, from 1."""
    gold, others = [], []
    parts = parts_of(recording, system)
    for pattern in label['shows']:
        if pattern == '@platform':
            if not log.platform:
                raise Broken(f'{where}: the platform did not end the job')
            gold.append([log.platform[0], log.platform[-1]])
            continue
        found = [[log.places[part, first], log.places[part, last]] for part, lines in parts for first, last in matches(pattern, lines)]
        if not found:
            raise Broken(f'{where}: nothing in the log matches {pattern!r}')
        gold.append(found[0])
        others += found[1:]
    return merged(gold), [span for span in merged(others) if span not in gold]


def merged(spans):
    """Spans in order, those that touch made one."""
    result = []
    for first, last in sorted(spans):
        if result and first <= result[-1][1] + 1:
            result[-1][1] = max(result[-1][1], last)
        else:
            result.append([first, last])
    return result


def check_run(job, label, recording, green):
    """What a recording must be, whatever its wrapping. Raises Broken."""
    where = f'{job["recipe"]}: {job["fault"]}, variant {job["variant"]}'
    tail = '\n'.join(visible(line.encode('utf-8', 'surrogateescape')) for step in recording['steps'][-1:] for line in step['output'].split('\n')[-25:])
    ended = recording['ended_by']
    if ended in ('limit', 'output'):
        raise Broken(f'{where}: the job {"took longer than its seconds" if ended == "limit" else "printed too much"}:\n{tail}')
    if label is None:
        if recording['code'] or ended:
            raise Broken(f'{where}: the job should pass and ended with {recording["code"]}:\n{tail}')
        return
    if not recording['code'] and not ended:
        raise Broken(f'{where}: the job should fail and passed:\n{tail}')
    if bool(job['platform']) != bool(ended):
        raise Broken(f'{where}: the platform should {"" if job["platform"] else "not "}have ended the job:\n{tail}')
    for pattern in label['shows']:
        if pattern == '@platform':
            continue
        everywhere = parts_of(recording, job['system'])
        if not any(matches(pattern, lines) for _, lines in everywhere):
            raise Broken(f'{where}: nothing that the steps printed matches {pattern!r}:\n{tail}')
        if green and any(matches(pattern.partition(' ==> ')[0], lines) for _, lines in parts_of(green, job['system'])):
            raise Broken(f'{where}: {pattern!r} matches in the green log too')


def check_privacy(log, where):
    """No trace of the machine that made the log."""
    found = re.search(rb'(?<![\w.-])/wor[k]/|/dev/vda|/mnt/corpus-|/root/\.(pyenv|cargo|rustup)|container_info|old_root', log)
    if found:
        raise Broken(f'{where}: the log names a place of the machine that made it: {found[0].decode()}')
