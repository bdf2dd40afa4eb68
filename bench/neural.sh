#!/bin/sh
# Measures tiny transformers beside PyTorch and writes bench/results/neural.md; `make bench-neural` builds first.
#
# usage: bench/neural.sh [ROUNDS [STARTS]]      (of speed, default 3; of the whole recipe, default 10)
#
# PyTorch is installed into build/peers unless it is there. Its compiled mode needs a C++ compiler and a minute to compile.
set -eu
cd "$(dirname "$0")/.."
peers=build/peers
if [ ! -x "$peers/bin/python" ]; then
    python3 -m venv "$peers"
fi
if ! "$peers/bin/python" -c 'import torch' 2>/dev/null; then
    "$peers/bin/pip" install --quiet 'torch==2.2.2' 'numpy<2'
fi
exec python3 bench/neural.py --peers "$peers/bin/python" --rounds "${1:-3}" --starts "${2:-10}"
