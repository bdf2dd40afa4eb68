#!/usr/bin/env python3
"""Counts the single tests in a log of Meson (testlog.json): "N passed, N failed, N skipped".

A program's own count goes first: cmocka's summary, or a last line of the same form as the one printed here. Any other
program is one test. A program that failed counts as one failure at least.
"""
import json
import re
import sys

COUNTS = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", re.M)
CMOCKA = re.compile(r"^\[ *(PASSED|FAILED|SKIPPED) *\] (\d+) test", re.M)


def count(test):
    text = (test.get("stdout") or "") + "\n" + (test.get("stderr") or "")
    own = COUNTS.findall(text)
    if own:
        numbers = [int(number) for number in own[-1]]
    elif CMOCKA.search(text):
        found = {}
        for word, number in CMOCKA.findall(text):
            found[word] = found.get(word, 0) + int(number)
        numbers = [found.get(word, 0) for word in ("PASSED", "FAILED", "SKIPPED")]
    else:
        numbers = [int(test["result"] == word) for word in ("OK", "FAIL", "SKIP")]
    if test["result"] not in ("OK", "SKIP", "EXPECTEDFAIL"):
        numbers[1] = max(numbers[1], 1)
    return numbers


def main():
    totals = [0, 0, 0]
    with open(sys.argv[1], encoding="utf-8") as log:
        for line in log:
            for at, number in enumerate(count(json.loads(line))):
                totals[at] += number
    print("%d passed, %d failed, %d skipped" % tuple(totals))


main()
