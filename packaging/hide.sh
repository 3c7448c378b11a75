#!/bin/sh
# Makes a static library that keeps everything but xq_* to itself, so that it links beside another Rust static library: two
# of them have the same symbols of Rust's own.
#
#     hide.sh FROM TO [MORE...]
#
# MORE are objects and static libraries of which it takes along what it needs.
#
# Needs ld, objcopy and ar of GNU binutils, with CROSS_COMPILE in front of their names. Where they are not the ones at hand, as
# on macOS, the library is copied as it is.
set -eu
from=$1 to=$2
shift 2
tools=${CROSS_COMPILE:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! "${tools}objcopy" --version 2>/dev/null | grep -q GNU; then
    echo "hide.sh: no GNU objcopy: $to keeps the symbols of Rust's own" >&2
    cp "$from" "$to"
    exit 0
fi
# Section groups would let the linker take one library for the other all the same.
if ! "${tools}ld" -r --force-group-allocation --whole-archive "$from" --no-whole-archive "$@" -o "$work/xq.o"; then
    echo "hide.sh: ${tools}ld does not take $from: expected the binutils of its processor, which CROSS_COMPILE names" >&2
    exit 1
fi
"${tools}objcopy" --wildcard --keep-global-symbol='xq_*' --strip-debug -R .llvmbc -R .llvmcmd "$work/xq.o"
rm -f "$to"
"${tools}ar" rcs "$to" "$work/xq.o"
