#!/bin/sh
# Accuracy of the keyword rule, the peers and bantam on the same logs by the same scorer; a Markdown table on standard output.
#
# usage: BANTAM_PEERS=FOLDER bench/peers.sh [SET...]      (a SET: a folder with labels.ndjson; default examples/logs and the
# development data where present). FOLDER holds the peers' programs, as in `python3 -m venv peers && peers/bin/pip install
# ci-why==0.1.1 pipelinemd==0.2.0` and BANTAM_PEERS=peers/bin. bantam's row on the development data is left out: the shipped
# models were trained on them; bench/triage.sh measures it with models that did not see the repository.
set -eu
cd "$(dirname "$0")/.."
scorer=../shared/tools/score_triage.py
[ -f "$scorer" ] || { echo "peers: the scorer of the development data, $scorer, is not there" >&2; exit 1; }
peers=${BANTAM_PEERS:-}
development=../shared/data/logchunks
if [ $# = 0 ]; then
    set -- examples/logs
    [ ! -d "$development" ] || set -- "$@" "$development"
fi

# row SET NAME BINARY: one line of the table.
row() {
    python3 -B "$scorer" logchunks "$1" --binary "$3" | awk -v name="$2" '
        /^top-1 of lines/ { top1 = $NF }
        /^top-5 of lines/ { top5 = $NF }
        /^any-hit@10/ { any = $NF }
        /^finding 1 F1/ { f1 = $NF }
        /^finding 1 any-hit/ { hit = $NF }
        END { printf "| %s | %s | %s | %s | %s | %s |\n", name, top1, top5, any, f1, hit }'
}

for set; do
    printf '\n%s, %d logs of jobs that failed\n\n' "${set#../shared/}" "$(grep -vc '"validated": "invalid"' "$set/labels.ndjson")"
    printf '| program | top-1 of lines | top-5 | any hit in 10 | finding 1: F1 | finding 1: any hit |\n|---|---:|---:|---:|---:|---:|\n'
    row "$set" "keyword rule" bench/keyword_rule.py
    SKIP_LAST_WORDS=1 row "$set" "keyword rule, the CI system's last words skipped" bench/keyword_rule.py
    for peer in ci-why pipelinemd; do
        if command -v "${peers:+$peers/}$peer" >/dev/null; then
            PEER=$peer BANTAM_PEERS=$peers row "$set" "$peer" bench/peer_answer.py
        else
            echo "| $peer | not installed here | | | | |"
        fi
    done
    [ "$set" = "$development" ] || row "$set" bantam "${BANTAM:-build/bantam}"
done
