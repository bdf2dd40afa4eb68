#!/bin/sh
# What each source of training data gives the triage: models from one source, the other, and both, on the same logs.
#
# usage: bench/ablation.sh      writes bench/results/ablation.md; needs build/corpus (make corpus-logs) and ../shared/data
# The columns are the corpus' test part (tools and faults that its training part lacks), LogChunks where the models have not seen it, and
# CiDiff, which no model has seen. For "both" on LogChunks, by repository, see bench/results/triage.md.
set -eu
cd "$(dirname "$0")/.."
data=${DATA:-../shared/data} out=build/ablation
[ -f "$data/logchunks/labels.ndjson" ] || { echo "ablation: skipped, $data is not there"; exit 0; }
[ -f build/corpus/test/labels.ndjson ] || { echo "ablation: build/corpus is not there; run make corpus-logs first" >&2; exit 1; }
[ -d build/cidiff ] || python3 bench/cidiff_lines.py "$data/cidiff" build/cidiff
mkdir -p "$out"

# models NAME SOURCES: trains the three kinds. Where constructed logs are all there is, they
# weigh as real ones do.
models() {
    mkdir -p "$out/$1"
    for kind in ci-lines ci-tools ci-cause; do
        sed "s#\"data\": \[[^]]*\]#\"data\": [$2]#" "models/$kind/recipe.json" >"$out/$1/$kind.json"
        [ "$kind $1" != 'ci-lines corpus' ] || sed -i 's#"parameters": {#&"constructed": 1, #' "$out/$1/$kind.json"
        build/bantam train --quiet --data "$data" -o "$out/$1/$kind.safetensors" "$out/$1/$kind.json" >/dev/null
    done
    stand_in "$1"
}

# A program that answers by the models of NAME.
stand_in() {
    printf '#!/bin/sh\nshift\nexec build/bantam triage --model %s "$@"\n' "$out/$1" >"$out/$1/bantam"
    chmod +x "$out/$1/bantam"
}

# row NAME TITLE SETS: a line of the table; figures that a source's own logs would flatter are left out
row() {
    corpus=$(python3 bench/corpus.py build/corpus/test --model "$out/$1" --json |
        python3 -c 'import json,sys; t=json.load(sys.stdin)["table"]; m=next(v for k,v in t.items() if "macro-F1" in k); print("%.3f | %.3f | %.3f | %.3f | %.3f" % (t["top-1 of lines"], t["finding 1 F1"], t["cause, accuracy"], m, t["tool"]))')
    chunks='– | – | – | –'
    if [ "$3" = unseen ]; then
        lines=$(python3 "$data/../tools/score_triage.py" logchunks "$data/logchunks" --binary "$out/$1/bantam" --json)
        causes=$(python3 "$data/../tools/score_triage.py" causes "$data/logchunks" --binary "$out/$1/bantam" --json)
        chunks=$(printf '%s\n%s\n' "$lines" "$causes" | python3 -c 'import json,sys; a,b=map(json.loads,sys.stdin); print("%.3f | %.3f | %.3f | %.3f" % (a["top-1 of lines"], a["finding 1 F1"], b["accuracy"], b["macro-F1, causes with 7 logs"]))')
    fi
    cidiff=$(python3 "$data/../tools/score_triage.py" cidiff build/cidiff --binary "$out/$1/bantam" --json | python3 -c 'import json,sys; print("%.3f" % json.load(sys.stdin)["F1"])')
    echo "| $2 | $corpus | $chunks | $cidiff |"
}

models logchunks '"logchunks"'
models corpus '"corpus/train"'
mkdir -p "$out/both" # what ships
for kind in ci-lines ci-tools ci-cause; do
    cp "models/$kind/model.safetensors" "$out/both/$kind.safetensors"
done
stand_in both
{
    echo '# What each source of training data gives'
    echo
    echo 'Written by bench/ablation.sh. Corpus: its test part. LogChunks: only for models that have not seen it; both, by repository: triage.md. What ships learns from both: corpus.md.'
    echo
    echo '| trained on | corpus: top-1 | F1 of lines | cause | macro-F1 | tool | LogChunks: top-1 | F1 of lines | cause | macro-F1 | CiDiff: F1 |'
    echo '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|'
    row logchunks LogChunks seen
    row corpus 'the corpus' unseen
    row both both seen
} >bench/results/ablation.md.part
mv bench/results/ablation.md.part bench/results/ablation.md
cat bench/results/ablation.md
