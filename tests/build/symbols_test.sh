#!/bin/sh
# The shared library shows BANTAM_API names and nothing else.
set -u
nm -D --defined-only "$1" | awk '{print $3}' | sed 's/@.*//' >"${TMPDIR:-/tmp}/bantam-symbols.$$"
trap 'rm -f "${TMPDIR:-/tmp}/bantam-symbols.$$"' EXIT
if ! grep -q '^bantam_triage_run$' "${TMPDIR:-/tmp}/bantam-symbols.$$"; then
    echo "bantam_triage_run is not exported"
    exit 1
fi
if grep -v '^bantam_' "${TMPDIR:-/tmp}/bantam-symbols.$$"; then
    echo "the names above are exported and should not be"
    exit 1
fi
