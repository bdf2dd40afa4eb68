#!/usr/bin/env python3
"""Counts the single tests in a log of Meson (testlog.json): "N passed, N failed, N skipped". Before that, a line for each program
that was skipped, with its reason.

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


def why_skipped(test):
    """The last line that it printed, on standard error if there is one."""
    lines = ((test.get("stdout") or "") + "\n" + (test.get("stderr") or "")).split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "no reason given")


def main():
    totals = [0, 0, 0]
    with open(sys.argv[1], encoding="utf-8") as log:
        for line in log:
            test = json.loads(line)
            if test["result"] == "SKIP":
                print("skipped: %s: %s" % (test["name"].split(" / ")[-1], why_skipped(test)))
            for at, number in enumerate(count(test)):
                totals[at] += number
    print("%d passed, %d failed, %d skipped" % tuple(totals))


main()
