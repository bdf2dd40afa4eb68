#!/bin/sh
# Builds with warnings as errors and runs every test; needs root or sudo only to install what is missing.
#
# One line a step with its time, below it what was skipped and why, or the end of what failed; all output is kept in build-test/*.log. The last
# line counts over everything: "N passed, N failed, N skipped". Exit status 0 only when nothing failed.
set -u
cd "$(dirname "$0")" || exit 1
out=build-test
passed=0 failed=0 skipped=0

finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
    exit
}

# count PASSED FAILED SKIPPED
count() {
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

# step NAME COMMAND...: runs it. Counts stand in its last line of that form, else the step itself is one test.
step() {
    name=$1
    shift
    log="$out/$(echo "$name" | tr -c 'a-z0-9\n' -).log"
    started=$(date +%s)
    status=0
    "$@" >"$log" 2>&1 </dev/null || status=$?
    counts=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$log" | tail -n 1)
    if [ -z "$counts" ]; then
        case $status in
        0) counts="1 0 0" ;;
        77) counts="0 0 1" ;;
        *) counts="0 1 0" ;;
        esac
    elif [ "$status" != 0 ]; then
        case $counts in
        *" 0 "*) counts="$(echo "$counts" | sed 's/ 0 / 1 /')" ;; # it failed, whatever it counted
        esac
    fi
    count $counts
    took=$(($(date +%s) - started))
    case $status in
    0) result=ok ;;
    77) result="skipped: $(tail -n 1 "$log")" ;;
    *) result=FAILED ;;
    esac
    printf '%-44s %4d s   %s\n' "$name" "$took" "$(echo "$counts" |
        sed 's/\([0-9]*\) \([0-9]*\) \([0-9]*\)/\1 passed, \2 failed, \3 skipped/')   $result"
    if [ "$status" != 0 ] && [ "$status" != 77 ]; then
        tail -n 60 "$log" | sed 's/^/    /'
        return 1
    fi
    sed -n 's/^skipped: /    skipped: /p' "$log"
    return 0
}

# build FOLDER COMPILER OPTION...: configures (once) and builds.
build() {
    folder=$out/$1 compiler=$2
    shift 2
    [ -f "$folder/build.ninja" ] ||
        CC=$compiler meson setup "$folder" -Dtests=enabled "$@" || return 1
    ninja --quiet -C "$folder"
}

# suites FOLDER SUITE...: runs those kinds of tests and counts single tests, not programs.
suites() {
    folder=$out/$1
    shift
    names=
    for suite; do
        names="$names --suite $suite"
    done
    status=0
    meson test -C "$folder" --no-rebuild --print-errorlogs --timeout-multiplier 4 $names || status=$?
    python3 tools/count-tests.py "$folder/meson-logs/testlog.json" || status=1
    return $status
}

if ! tools/install-dependencies.sh test; then
    count 0 1 0
    finish
fi
mkdir -p "$out"
rm -f "$out"/*.log
# Without the guess where libraries keep what is a thread's own: the leak checker fails where the guess is wrong ("Tracer caught
# signal 11"), which hangs on what the allocator happened to hand out.
export ASAN_OPTIONS=detect_stack_use_after_return=1:allocator_may_return_null=1:intercept_tls_get_addr=0
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export TSAN_OPTIONS=halt_on_error=1
export LSAN_OPTIONS=suppressions=$PWD/tests/leaks.supp:print_suppressions=0

step "lint" tools/lint.sh
step "corpus: every log holds what its label says" corpus/corpus check --share 2
if step "build: gcc, warnings are errors" build gcc gcc --werror --buildtype release; then
    for suite in unit cli golden parity build fuzz browser; do
        step "$suite tests" suites gcc $suite
    done
fi
# gcc's warnings go astray in instrumented code: these builds do not stop at them, except clang's.
if step "build: clang, warnings are errors, sanitized" build sanitize clang --werror --buildtype debugoptimized \
    -Db_sanitize=address,undefined -Db_lundef=false -Dfuzzing=true; then
    for suite in unit cli golden fuzz; do
        step "$suite tests, sanitized" suites sanitize $suite
    done
    step "fuzzing" tests/fuzz/run.sh "$out/sanitize" "$out/fuzz" 20
fi
if step "build: gcc, allocations that fail" build allocations gcc --buildtype debugoptimized \
    -Db_sanitize=address,undefined -Dfail_allocations=true; then
    step "every allocation fails once" suites allocations allocations
fi
if step "build: gcc, thread sanitizer" build threads gcc --buildtype debugoptimized -Db_sanitize=thread; then
    step "threads" suites threads threads
fi
finish
