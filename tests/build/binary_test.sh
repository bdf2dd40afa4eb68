#!/bin/sh
# The release binary: stripped, models included, at most 3 MB.
set -u
size=$(wc -c <"$1")
echo "$size bytes"
[ "$size" -le 3000000 ] || exit 1
case "$1" in
*gcc/bantam | */build/bantam)
    if nm "$1" 2>/dev/null | grep -q .; then
        echo "it has symbols left"
        exit 1
    fi
    ;;
esac
