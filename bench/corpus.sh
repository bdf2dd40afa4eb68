#!/bin/sh
# The shipped models on the corpus' test part, whose tools and faults they have not seen; behind `make bench-corpus`.
#
# usage: bench/corpus.sh      writes bench/results/corpus.md; needs build/bantam
set -eu
cd "$(dirname "$0")/.."
corpus/corpus logs build/corpus
{
    printf '# The triage on logs of the corpus\n\nWritten by `make bench-corpus`: the shipped models on the test part, whose families of tools and faults the models have not seen\n'
    printf '([split](../../corpus/split.json)). A fix is right where it is one of those that the label names, or says the same sentence.\n\n'
    python3 bench/corpus.py build/corpus/test
    printf '\n## What is named\n\nBy the threshold from which on a cause is named (bench/abstain.py, `--abstain-below`; .5 unless told otherwise).\n\n'
    python3 bench/abstain.py build/corpus/test
    printf '\n## Where fixes go wrong\n\nWritten by bench/fixes.py. The first step that is wrong, of lines, cause, tool and the choice among entries; what is lost by it is the share\n'
    printf 'of all logs whose fix is wrong then. A log does not always hold what a slot asks for.\n\n'
    python3 bench/fixes.py build/corpus/test
} >bench/results/corpus.md.part
mv bench/results/corpus.md.part bench/results/corpus.md
cat bench/results/corpus.md
