#!/usr/bin/env python3
"""Runs a program and compares what it prints with the lines expected.

usage: prints.py PROGRAM LINE...
"""
import subprocess, sys

got = subprocess.run(sys.argv[1], capture_output=True, text=True)
if got.returncode != 0 or got.stdout.splitlines() != sys.argv[2:]:
    sys.exit(f'{sys.argv[1]} exits with {got.returncode} and prints\n{got.stdout}{got.stderr}')
