"""Holds the adder's official pairs against CPython's random.Random(2025).

usage: official_pairs.py PRINT_PAIRS
"""
import random
import subprocess
import sys

printed = subprocess.run([sys.argv[1]], capture_output=True, text=True, check=True).stdout.split("\n")[:-1]
draw = random.Random(2025)
edge_cases = 10
assert len(printed) == edge_cases + 10000, len(printed)
for line in printed[edge_cases:]:
    a = draw.randint(0, 9999999999)
    b = draw.randint(0, 9999999999)
    assert line == f"{a} {b}", (line, a, b)
