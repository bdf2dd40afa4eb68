#!/bin/sh
# Installs what is missing, builds the release binary to build/bantam and triages the real logs in examples/logs/.
set -eu
cd "$(dirname "$0")"

tools/install-dependencies.sh build
[ -f build/build.ninja ] || meson setup build --buildtype release >/dev/null
ninja -C build --quiet bantam

set -- examples/logs/*.log
if [ ! -e "$1" ]; then
    echo "There are no logs in examples/logs/."
    exit 1
fi
# Exit status 0 and 1 are answers (a failure, none); 2 and 3 say that something is wrong here.
triage() {
    status=0
    build/bantam triage "$@" || status=$?
    [ "$status" -le 1 ] || exit "$status"
}

for name in pytest-assertion disk-full npm-ci-lock-mismatch; do
    [ -f "examples/logs/$name.log" ] || continue
    printf '\n$ build/bantam triage examples/logs/%s.log\n' "$name"
    triage "examples/logs/$name.log"
done
printf '\n$ build/bantam triage --quiet examples/logs/*.log\n'
triage --quiet "$@"
printf '\nNow try your own:  build/bantam triage build.log\n'
