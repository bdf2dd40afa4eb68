#!/bin/sh
# Text classification beside its peers, in one run; writes bench/results/text.md. Behind `make bench-text`.
#
# usage: bench/text.sh [--parts fit,predict,...] [--sets trec,...] [--data FOLDER]     what is measured and how: bench/text.py
# The peers are installed into build/peers once; one that does not install here is left out, and the table says so. Data: the sets of
# ../shared/data/text, else the descriptions of Debian's packages by section.
set -eu
cd "$(dirname "$0")/.."
peers=build/peers
log=$peers/install.log
mkdir -p "$peers"
ninja -C build bantam bench-text >"$log" 2>&1 || { tail -n 20 "$log" >&2; exit 1; }
if [ ! -x "$peers/bin/python" ]; then
    python3 -m venv "$peers" >>"$log" 2>&1 || { echo "bench-text: python3 -m venv fails; see $log" >&2; exit 1; }
fi
# package, module: pinned where the measured figures were made with it.
install() {
    "$peers/bin/python" -c "import $2" 2>/dev/null && return
    echo "Installing $1"
    "$peers/bin/python" -m pip install --quiet "$1" >>"$log" 2>&1 || echo "$1 does not install here; its rows are left out (see $log)"
}
install scikit-learn==1.9.1 sklearn
install liblinear-official==2.50.0 liblinear
install fasttext-wheel==0.9.2 fasttext
install vowpalwabbit==9.11.9 vowpalwabbit
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 exec "$peers/bin/python" -B bench/text.py "$@"
