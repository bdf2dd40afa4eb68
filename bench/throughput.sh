#!/bin/sh
# Speed, start and memory of `bantam triage` beside grep and the peers of bench/peers.md, in one run.
#
# usage: bench/throughput.sh [--rounds N] [--sizes 1,10,30] [--logs FOLDER] [--peers FOLDER] [--json FILE] [--markdown FILE]
# BANTAM names another program than build/bantam. What it measures and how: bench/throughput.py.
set -eu
cd "$(dirname "$0")/.."
bantam=${BANTAM:-build/bantam}
[ -x "$bantam" ] || { echo "throughput: $bantam is not there; run make first" >&2; exit 1; }
exec python3 -B bench/throughput.py "$bantam" "$@"
