#!/bin/sh
# Fills the marked places of README.md with what the documented commands print, or checks that they still print it.
#
# usage: tools/update-readme.sh [--check] [BANTAM]      (BANTAM: the program, default build/bantam)
# A marked place is a line `<!-- output: COMMAND -->`, a fenced block and a line `<!-- end -->`. COMMAND starts with the word
# bantam and runs in the root of the repository, 100 columns wide. --check also looks for relative links that lead nowhere.
set -eu
check=
if [ "${1-}" = --check ]; then
    check=1
    shift
fi
bantam=
[ $# = 0 ] || bantam=$(realpath "$1")
cd "$(dirname "$0")/.."
bantam=${bantam:-build/bantam}
mkdir -p build # where README's examples put their models
[ -x "$bantam" ] || { echo "update-readme: $bantam is not there; run make first" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# fill FILE: FILE with its marked places filled, on standard output.
fill() {
    skipping=
    while IFS= read -r line; do
        case "$line" in
        '<!-- output: bantam '*' -->')
            command=${line#'<!-- output: bantam '}
            command=${command%' -->'}
            printf '%s\n```\n$ bantam %s\n' "$line" "$command"
            # The commands of the document hold no quotes: they are split at blanks.
            # shellcheck disable=SC2086
            COLUMNS=100 LC_ALL=C.UTF-8 NO_COLOR=1 "$bantam" $command </dev/null || [ $? = 1 ]
            printf '```\n'
            skipping=1
            ;;
        '<!-- end -->')
            skipping=
            printf '%s\n' "$line"
            ;;
        *) [ -n "$skipping" ] || printf '%s\n' "$line" ;;
        esac
    done <"$1"
}

# dead_links FILE: relative links of FILE that lead nowhere.
dead_links() {
    grep -o '](\([^)#:]*\))' "$1" | sed 's/^](//; s/)$//' | while IFS= read -r link; do
        [ -e "$(dirname "$1")/$link" ] || printf '%s: the link to %s leads nowhere\n' "$1" "$link"
    done
}

fill README.md >"$work/README.md"
if [ -z "$check" ]; then
    cat "$work/README.md" >README.md
    exit 0
fi
status=0
diff -u README.md "$work/README.md" || {
    echo "README.md shows other output than the program gives: run tools/update-readme.sh and review the change"
    status=1
}
for document in README.md docs/user/*.md bench/*.md examples/logs/README.md; do
    [ ! -f "$document" ] || dead_links "$document"
done >"$work/dead"
if [ -s "$work/dead" ]; then
    cat "$work/dead"
    status=1
fi
exit $status
