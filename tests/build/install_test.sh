#!/bin/sh
# Installs into an empty folder; the command, the manual, and a C program built through pkg-config, shared and static, work.
set -eu
build=$1
source=$(cd "$(dirname "$0")/../.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
meson install -C "$build" --no-rebuild --quiet --destdir "$place"
prefix=$(meson introspect "$build" --buildoptions |
    python3 -c 'import json, sys; print([o["value"] for o in json.load(sys.stdin) if o["name"] == "prefix"][0])')
root=$place$prefix

for file in bin/bantam include/bantam/bantam.h include/bantam/triage.h share/man/man1/bantam.1 \
    share/bash-completion/completions/bantam share/zsh/site-functions/_bantam share/fish/vendor_completions.d/bantam.fish; do
    [ -f "$root/$file" ] || { echo "not installed: $file"; exit 1; }
done
for header in "$source"/include/bantam/*.h; do
    [ -f "$root/include/bantam/${header##*/}" ] || { echo "not installed: $header"; exit 1; }
done
"$root/bin/bantam" --version

PKG_CONFIG_PATH=$(dirname "$(find "$root" -name bantam.pc)")
PKG_CONFIG_SYSROOT_DIR=$place
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
library=$(pkg-config --variable=libdir bantam)
case $library in "$place"*) ;; *) library=$place$library ;; esac
cc -std=c17 -Wall -Werror "$source/examples/triage_buffer.c" $(pkg-config --cflags --libs bantam) -o "$place/shared"
LD_LIBRARY_PATH=$library "$place/shared" >"$place/shared.out"
static_libraries=$(PKG_CONFIG_SYSROOT_DIR='' pkg-config --static --libs-only-l bantam | sed 's/-lbantam//')
cc -std=c17 -Wall -Werror "$source/examples/triage_buffer.c" $(pkg-config --cflags bantam) \
    "$library/libbantam.a" $static_libraries -fopenmp -o "$place/static"
"$place/static" >"$place/static.out"
cmp "$place/shared.out" "$place/static.out"
python3 - "$place/static.out" <<'END'
import json, sys
*lines, report = open(sys.argv[1]).read().splitlines()
assert json.loads(report)["schema"] == "bantam-triage/1", report
assert lines and lines[0].startswith("lines "), lines
END
