#!/bin/sh
# What corrections teach, written to bench/results/learn.md.
#
# usage: bench/learn.sh [FOLDS]     FOLDS: models of folds of repositories, default build/folds, which bench/triage.sh makes
# DATA names another folder than ../shared/data.
set -eu
cd "$(dirname "$0")/.."
data=${DATA:-../shared/data} folds=${1:-build/folds} results=bench/results
[ -f "$data/logchunks/labels.ndjson" ] || { echo "bench-learn: skipped, $data is not there"; exit 0; }
[ -f "$folds/folds.json" ] || { echo "bench-learn: $folds is not there; run make bench-triage first" >&2; exit 1; }
ninja -C build bench-learn >/dev/null
{
    printf '# What corrections teach\n\n'
    printf 'Written by `bench/learn.sh`. Development logs (LogChunks); k corrected logs of each cause (all but one where a user has fewer) are\n'
    printf 'taught with their lines and cause, the user'"'"'s other logs are answered by what the triage finds in them. The models of\n'
    printf 'causes and lines have not seen the repository. Mean of ten draws.\n\n'
    build/bench-learn "$data" "$folds"
    printf '\n"Nearest lesson": the cause of the most alike lesson, where one is alike at all. "bantam learn": the softmax that lies over the\n'
    printf 'shipped model. "own": each cause is taught under a name that the shipped model does not know; a cause with one log only cannot be\n'
    printf 'taught and counts as wrong there. "Other users": logs of all other repositories, which should not change.\n'
} >"$results/learn.md.part"
mv "$results/learn.md.part" "$results/learn.md"
cat "$results/learn.md"
