#!/bin/sh
# Accuracy, size and speed of the triage, written to bench/results/triage.md.
#
# usage: bench/triage.sh [--folds-only | --keep-folds]
#   --folds-only   train and score the folds, leave the speed out
#   --keep-folds   score the models of the last run instead of training them again
# DATA names another folder than ../shared/data. Every log is scored by a model that has not seen its repository.
set -eu
cd "$(dirname "$0")/.."
data=${DATA:-../shared/data}
score=$data/../tools/score_triage.py
folds=build/folds plain=build/plain-logs cidiff=build/cidiff results=bench/results
[ -f "$data/logchunks/labels.ndjson" ] || { echo "bench-triage: skipped, $data is not there"; exit 0; }
[ -x build/bantam ] || { echo "bench-triage: build/bantam is not there; run make first" >&2; exit 1; }
mkdir -p "$results"

if [ "${1:-}" != --keep-folds ]; then
    rm -rf "$folds"
    for kind in ci-lines ci-tools ci-cause; do
        build/bantam train --folds 8 --data "$data" -o "$folds" "models/$kind/recipe.json" >/dev/null
    done
    rm -rf "$plain"
    python3 bench/plain_logs.py "$data/logchunks" "$plain"
    rm -rf "$cidiff"
    python3 bench/cidiff_lines.py "$data/cidiff" "$cidiff"
fi

table() { # title, arguments of the scorer
    printf '\n## %s\n\n| | |\n|---|---|\n' "$1"
    shift
    python3 "$score" "$@" | sed -E 's/^(.*[^ ]) +([0-9.]+)$/| \1 | \2 |/'
}

{
    printf '# What the triage reaches\n\n'
    printf 'Written by `make bench-triage`. Development data; each log is answered by models that have not seen its\n'
    printf 'repository (8 folds). Models of the folds and of the program come from the same recipes.\n'
    table 'Lines, LogChunks' logchunks "$data/logchunks" --folds "$folds/folds.json"
    table 'Lines, LogChunks without the markers of the CI system and without colour' \
        logchunks "$plain" --folds "$folds/folds.json"
    table 'Cause and tool, LogChunks' causes "$data/logchunks" --folds "$folds/folds.json"
    printf '\nBy the threshold from which on a cause is named (bench/abstain.py, `--abstain-below`; .5 unless told otherwise):\n\n'
    python3 bench/abstain.py "$data/logchunks" --folds "$folds/folds.json"
    printf '\n## Did anything fail?\n\n'
    python3 bench/gate.py build/bantam "$data" --folds "$folds/folds.json"
    table 'Lines, CiDiff, the failed log alone (shipped models, not trained on CiDiff)' cidiff "$cidiff"
    printf '\nThe labels are counted in lines that end at \\n (bench/cidiff_lines.py): as published they count a lone \\r as a\n'
    printf 'line end too and point past the end of most Jenkins logs. With the numbers as published:\n'
    table 'The same, labels as published' cidiff "$data/cidiff"
    printf '\n## The same beside the green log of the job (--baseline pass.log)\n\n'
    printf 'The rule "lines that the green log lacks, digits and hexadecimal masked" alone: F1 .61 with the lines renumbered.\n'
    table 'CiDiff with a baseline' cidiff-baseline "$cidiff"
    table 'CiDiff with a baseline, labels as published' cidiff-baseline "$data/cidiff"
    printf '\n## Tool and place, outputs of single compilers and linters, with nothing around them\n\n'
    python3 bench/tool_outputs.py "$data/tool-outputs/errorformat"
    table 'Cause and tool, example logs (shipped models, not trained on them; their messages were looked at)' \
        causes examples/logs --labels examples/logs/labels.ndjson
    table 'Lines, example logs' logchunks examples/logs
} >"$results/triage.md.part"
if [ "${1:-}" != --folds-only ]; then
    bench/throughput.sh --markdown "$results/speed.part" >/dev/null
    { printf '\n'; cat "$results/speed.part"; } >>"$results/triage.md.part"
    rm -f "$results/speed.part"
fi
mv "$results/triage.md.part" "$results/triage.md"
cat "$results/triage.md"
