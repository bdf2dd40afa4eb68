#!/usr/bin/env python3
"""Writes completions and manual pages of most commands from their help, so that the help is the one place.

usage: tools/describe_commands.py [BANTAM]    (default build/bantam)

Run it after a change to such a command's help. It rewrites man/bantam-COMMAND.1, and in each file of completions/ what stands between
the lines "text commands, from their help" and "end of text commands". The other commands' pages are written by hand.
"""
import os, re, subprocess, sys

COMMANDS = ['history', 'learn', 'fetch', 'mcp', 'complete', 'train', 'predict', 'eval', 'explain', 'tune', 'inspect', 'shrink', 'export']
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OPTION = re.compile(r'^  (?:(-\w), |    )(--[A-Za-z0-9-]+)(?: ([^ ].*?))?(?:  +(.*))?$')
CHOICES = {'FORMAT': {'predict': 'text csv ndjson', 'eval': 'text json html', 'explain': 'text ndjson', 'inspect': 'text json', 'history': 'text json ndjson'}, 'WHEN': 'auto always never'}
INPUTS = 'auto csv tsv ndjson fasttext lines'

class Command:
    def __init__(self, bantam, name, summary):
        self.name, self.summary = name, summary
        self.help = subprocess.run([bantam, 'help', name], capture_output=True, text=True, check=True).stdout
        self.options = [] # (short, long, value, help, heading before it)
        self.read()

    def read(self):
        """The help's parts: usage, prose, options under headings, notes among them, examples, exit status."""
        body, _, rest = self.help.partition('\nexamples:\n')
        self.examples, _, status = rest.partition('\nexit status: ')
        self.examples = [line[2:] for line in self.examples.splitlines()]
        self.status = ' '.join(status.split())
        usage, _, body = body.partition('\n\n')
        self.usage = [line.replace('usage:', '').strip() for line in usage.splitlines()]
        prose, heading = [], None
        for line in body.splitlines():
            found = OPTION.match(line)
            if found:
                self.options.append([*found.groups(), heading])
                heading = None
            elif self.options and line.startswith(' ' * 20):
                self.options[-1][3] = ((self.options[-1][3] or '') + ' ' + line.strip()).strip()
            elif self.options and line.startswith('  '):
                self.options.append([None, None, None, line.strip(), None]) # a note
            elif line.endswith(':'):
                heading = line[:-1]
            elif not self.options:
                prose.append(line)
        notes = []
        for option in self.options: # notes of several lines run on
            if option[1] is None and notes and notes[-1][1] is None:
                notes[-1][3] += ' ' + option[3]
            else:
                notes.append(option)
        self.options = notes
        self.distinct = list({option[1]: option for option in reversed(notes) if option[1]}.values())[::-1]
        self.prose = '\n'.join(prose).strip()

    def words(self, value, long):
        """What may stand behind an option, or None for a file."""
        if long == '--input':
            return INPUTS
        if value and '|' in value:
            return value.replace('|', ' ')
        words = CHOICES.get(value)
        if isinstance(words, dict):
            return words.get(self.name, '')
        return words if words else None if value in ('FILE', 'DIR') else ''

def commands_of(bantam):
    told = subprocess.run([bantam, '--help'], capture_output=True, text=True, check=True).stdout
    tables, _, _ = told.partition('\noptions:\n')
    summaries = dict(re.findall(r'^  (\S+) +(.*)', tables, re.M))
    return [Command(bantam, name, summaries[name]) for name in COMMANDS if name in summaries]

# ---- manual pages -----------------------------------------------------------------------------

def roff(text):
    text = text.replace('\\', '\\e').replace('-', '\\-')
    return '\n'.join('\\&' + line if line.startswith(('.', "'")) else line for line in text.split('\n'))

def page(command, version):
    lines = [f'.\\" Written by tools/describe_commands.py from the help of bantam {command.name}.',
             f'.TH BANTAM-{command.name.upper()} 1 2026-11-26 "{version}" "User Commands"', '.SH NAME',
             f'bantam-{command.name} \\- {roff(command.summary)}', '.SH SYNOPSIS']
    for i, usage in enumerate(command.usage):
        lines += (['.br'] if i else []) + [roff(usage)]
    lines.append('.SH DESCRIPTION')
    for i, paragraph in enumerate(command.prose.split('\n\n')):
        lines += (['.PP'] if i else []) + [roff(paragraph)]
    lines.append('.SH OPTIONS')
    for short, long, value, told, heading in command.options:
        if heading:
            lines.append(f'.SS {roff(heading[0].upper() + heading[1:])}')
        if long is None:
            lines += ['.PP', roff(told)]
            continue
        names = ', '.join(roff(name) for name in (short, long) if name)
        lines += ['.TP', f'.B {names}' + (' \\fI' + roff(value) + '\\fR' if value else ''), roff(told or '')]
    lines += ['.SH EXAMPLES', '.EX', *map(roff, command.examples), '.EE', '.SH EXIT STATUS', roff(command.status), '.SH SEE ALSO',
              '.BR bantam (1)']
    return '\n'.join(line for line in lines if line) + '\n'

# ---- completions ------------------------------------------------------------------------------

def bash(commands):
    names = ' '.join(command.name for command in commands)
    out = [f"_bantam_text_commands='{names}'", '', '_bantam_text()', '{', '    case "$1 $2" in']
    free = [] # options whose value is anything
    for command in commands:
        for short, long, value, _, _ in command.distinct:
            if not value:
                continue
            names = ' | '.join(f'"{command.name} {name}"' for name in (long, short) if name)
            words = command.words(value, long)
            if words == '':
                free.append(names)
            elif words is not None:
                out.append(f"    {names}) COMPREPLY=($(compgen -W '{words}' -- \"$3\")); return ;;")
            elif value == 'DIR' or (command.name, long) == ('train', '--data'):
                out.append(f'    {names}) COMPREPLY=($(compgen -d -- "$3")); return ;;')
    out += [f'    {names} |\\' if i + 1 < len(free) else f'    {names}) return ;;' for i, names in enumerate(free)]
    out += ['    esac', '    compopt -o filenames 2>/dev/null', '    case $3 in', '    -*) ;;',
            '    *) COMPREPLY=($(compgen -f -- "$3")); return ;;', '    esac', '    case $1 in']
    for command in commands:
        options = ' '.join(option[1] for option in command.distinct)
        out.append(f"    {command.name}) COMPREPLY=($(compgen -W '{options}' -- \"$3\")) ;;")
    return out + ['    esac', '}']

def short_help(told):
    return re.sub(r"[][':()]", '', (told or '').split(';')[0].split(' (')[0])

def zsh(commands):
    out = ['local -a _bantam_text_commands=('] + [f"    '{command.name}:{short_help(command.summary)}'" for command in commands]
    out += [')', '']
    for command in commands:
        out += [f'_bantam_{command.name}() {{', '    _arguments -s -S \\']
        for short, long, value, told, _ in command.distinct:
            words = command.words(value, long) if value else ''
            action = '' if not value else ':file:_files' if words is None else f':value:({words})' if words else ':value'
            ending = '=' if value else ''
            names = (f"'({short} {long})'{{{short}{'+' if value else ''},{long}{ending}}}'" if short else f"'{long}{ending}")
            out.append(f"        {names}[{short_help(told)}]{action}' \\")
        out += ["        '*:file:_files'", '}', '']
    return out[:-1]

def fish(commands):
    out = ['set -l text_commands ' + ' '.join(command.name for command in commands)]
    for command in commands:
        seen = f"'__fish_seen_subcommand_from {command.name}'"
        out.append(f"complete -c bantam -n __fish_use_subcommand -f -a {command.name} -d '{short_help(command.summary)}'")
        for short, long, value, told, _ in command.distinct:
            words = command.words(value, long) if value else ''
            kind = '' if not value else ' -r' if words is None else f" -x -a '{words}'" if words else ' -x'
            out.append(f"complete -c bantam -n {seen}{f' -s {short[1]}' if short else ''} -l {long[2:]}{kind} "
                       f"-d '{short_help(told)}'")
    return out

def replace_block(path, lines):
    with open(path, encoding='utf8') as file:
        text = file.read()
    begin, end = '# text commands, from their help\n', '# end of text commands\n'
    head, found, rest = text.partition(begin)
    _, ended, tail = rest.partition(end)
    if not found or not ended:
        sys.exit(f'{path}: has no place between "{begin.strip()}" and "{end.strip()}"')
    with open(path, 'w', encoding='utf8') as file:
        file.write(head + begin + '\n'.join(lines) + '\n' + end + tail)

def main():
    bantam = sys.argv[1] if len(sys.argv) > 1 else os.path.join(TOP, 'build', 'bantam')
    version = subprocess.run([bantam, '--version'], capture_output=True, text=True, check=True).stdout.strip()
    commands = commands_of(bantam)
    for command in commands:
        with open(os.path.join(TOP, 'man', f'bantam-{command.name}.1'), 'w', encoding='utf8') as file:
            file.write(page(command, version))
    for name, make in (('bantam.bash', bash), ('_bantam', zsh), ('bantam.fish', fish)):
        replace_block(os.path.join(TOP, 'completions', name), make(commands))

if __name__ == '__main__':
    main()
