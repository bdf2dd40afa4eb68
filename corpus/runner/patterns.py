"""Where a pattern of a label shows in lines, for the corpus and for the example logs: `first ==> last`, two regular expressions, is a
span; without a second it is a line."""
import re


def matches(pattern, lines):
    """The spans (first, last), counted from 0, that a pattern matches."""
    first, _, last = pattern.partition(' ==> ')
    found, end = [], -1
    for at, line in enumerate(lines):
        if at <= end or not re.search(first, line):
            continue
        end = next((n for n in range(at, len(lines)) if re.search(last, lines[n])), None) if last else at
        if end is None:
            break
        found.append((at, end))
    return found
