#!/usr/bin/env bash
# The step of action.yml: annotations on standard output, the answer in the log and in the job's summary, a page, and what is found as outputs.
#
# Its environment: BANTAM (the program; empty: as built here), BANTAM_LOGS, BANTAM_BASELINE, BANTAM_REPORTS, BANTAM_HTML, and GitHub's own.
set -u
bantam=${BANTAM:-$GITHUB_ACTION_PATH/../../build/bantam}
shopt -s nullglob globstar
logs=($BANTAM_LOGS) # patterns, so not quoted
if [ ${#logs[@]} = 0 ]; then
    echo "::warning title=bantam::no log matches $BANTAM_LOGS; keep one, as in: make check 2>&1 | tee build.log"
    echo "cause=none" >>"$GITHUB_OUTPUT"
    exit 0
fi
options=()
if [ -n "${BANTAM_BASELINE:-}" ]; then
    options+=(--baseline "$BANTAM_BASELINE")
fi
for report in ${BANTAM_REPORTS:-}; do
    options+=(--reports "$report")
done

# Status 1 says that no failure was found; above, that something could not be read, which is no reason to fail the job again.
triage() {
    "$bantam" triage "${options[@]}" "$@" "${logs[@]}"
    status=$?
    [ $status -le 1 ] || echo "::warning title=bantam::not everything could be read (status $status)"
}

triage --color always
triage --format github
triage --format markdown >>"$GITHUB_STEP_SUMMARY"
if [ -n "${BANTAM_HTML:-}" ]; then
    triage --format html >"$BANTAM_HTML"
    echo "html=$BANTAM_HTML" >>"$GITHUB_OUTPUT"
fi
cause=$(triage --format ndjson 2>/dev/null | sed -n 's/.*"findings":\[{[^{]*"cause":"\([a-z_]*\)".*/\1/p' | head -n 1)
echo "cause=${cause:-none}" >>"$GITHUB_OUTPUT"
