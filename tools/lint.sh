#!/bin/sh
# All that CI checks without running the program; the last line counts the checks.
cd "$(dirname "$0")/.." && exec python3 tools/lint.py
