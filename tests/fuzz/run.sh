#!/bin/sh
# Fuzzes each target for some seconds, two at a time, starting from its seeds. What breaks a target is kept in WORK/.
#
# usage: run.sh BUILD-FOLDER WORK-FOLDER SECONDS      BUILD-FOLDER was configured with -Dfuzzing=true
set -u
build=$1 work=$2 seconds=$3
here=$(dirname "$0")
mkdir -p "$work"

fuzz() {
    mkdir -p "$work/$1"
    seeds=$here/corpus/$1
    [ "$1" != log ] || seeds="$seeds $here/../../examples/logs"
    "$build/tests/fuzz/$1_fuzz" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -print_final_stats=1 \
        -max_len=65536 -artifact_prefix="$work/$1-" "$work/$1" $seeds >"$work/$1.log" 2>&1
    echo $? >"$work/$1.status"
}
{
    fuzz log
    fuzz classifier
} &
fuzz model
fuzz rules
fuzz rows
fuzz reports
fuzz archive
wait

passed=0 failed=0
for target in log model rows reports rules classifier archive; do
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$target.log")
    if [ "$(cat "$work/$target.status")" = 0 ] && [ -n "$runs" ]; then
        echo "$target: $runs runs"
        passed=$((passed + 1))
    else
        echo "$target: FAILED"
        tail -n 50 "$work/$target.log"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
