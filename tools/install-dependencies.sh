#!/bin/sh
# Installs what is missing to build Bantam (no argument, or "build") and to run all its tests ("test") on Debian 12 and
# Ubuntu 24.04. Quiet when nothing is missing. Needs root or sudo only when something is.
set -eu

build_packages="gcc libc6-dev make pkg-config meson ninja-build python3
    libjansson-dev libpcre2-dev libxxhash-dev libarchive-dev libsqlite3-dev libcurl4-openssl-dev libpopt-dev"
# One line a reason; docs/dependencies.md has them in full.
test_packages="libcmocka-dev git procps time
    clang llvm
    python3-jsonschema python3-yaml
    man-db
    bash-completion
    gzip bzip2 xz-utils zstd zip"

want=$build_packages
case "${1:-build}" in
build) ;;
test) want="$want $test_packages" ;;
*)
    echo "usage: tools/install-dependencies.sh [build|test]" >&2
    exit 2
    ;;
esac

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    for program in cc meson ninja pkg-config python3; do
        command -v "$program" >/dev/null && continue
        echo "This script installs packages on Debian 12 and Ubuntu 24.04 only. Here, $program is missing:" >&2
        echo "install the counterparts of: $(echo $want)" >&2
        exit 1
    done
    exit 0
fi

missing=
for package in $want; do
    case "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || :)" in
    *" installed") ;;
    *) missing="$missing $package" ;;
    esac
done
# The sanitizers' and OpenMP's libraries for clang carry its version in their names.
clang_libraries() {
    version=$(apt-cache depends clang | sed -n 's/^ *Depends: clang-\([0-9]*\)$/\1/p' | head -n 1)
    for package in "libclang-rt-$version-dev" "libomp-$version-dev"; do
        case "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || :)" in
        *" installed") ;;
        *) echo "$package" ;;
        esac
    done
}

# One version lays the code out as it stands; where the distribution has another, that check is skipped.
formatter() {
    case "$(dpkg-query -W -f '${Status}' clang-format-14 2>/dev/null || :)" in
    *" installed") ;;
    *) apt-cache show clang-format-14 >/dev/null 2>&1 && echo clang-format-14 || : ;;
    esac
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}
install_now() {
    [ $# -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        echo "These packages are missing, and installing them needs root or sudo: $*" >&2
        exit 1
    fi
    echo "Installing: $*"
    if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 \
        install -y -qq --no-install-recommends "$@" >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        echo "Installing failed; the lines above say why. Needed: $*" >&2
        exit 1
    fi
}
update_lists() {
    if ! as_root apt-get -o DPkg::Lock::Timeout=300 update -qq >"$log" 2>&1 </dev/null; then
        tail -n 5 "$log" >&2
        echo "apt-get update failed; going on with the package lists that are there." >&2
    fi
}

if [ -n "$missing" ]; then
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || install_now $missing
    update_lists
    install_now $missing
fi
if [ "${1:-build}" = test ]; then
    install_now $(clang_libraries) $(formatter)
fi
