#!/bin/sh
# Makes the source archive twice, the second time from a clone elsewhere, and compares the bytes; then builds and installs what
# is in it with the network off, and links a program with that.
#
# Needs what packaging/dist.sh needs, cc and pkg-config; with no network for what it starts where `unshare -n` is allowed, which
# root is. What it builds is not optimized, and stays in target/dist-build for tests/conan.sh.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
target=$(mkdir -p "${CARGO_TARGET_DIR:-$root/target}" && cd "${CARGO_TARGET_DIR:-$root/target}" && pwd)
export CARGO_TARGET_DIR="$target"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { printf -- '-- %s\n' "$*"; }

for tool in git xz cc pkg-config python3; do
    command -v "$tool" >/dev/null && continue
    [ -z "${CI:-}" ] || { echo "$tool is missing, and CI must have it"; exit 1; }
    echo "SKIPPED: there is no $tool here"
    exit 0
done
if ! python3 -c 'import tomllib' 2>/dev/null; then
    [ -z "${CI:-}" ] || { echo "Python 3.11 is missing, and CI must have it"; exit 1; }
    echo "SKIPPED: there is no Python 3.11 here"
    exit 0
fi

say "make dist, twice"
make -C "$root" dist
archive=$(ls "$target"/dist/libxq-*.tar.xz)
git clone --quiet --no-hardlinks "$root" "$work/clone"
(umask 077 && cd "$work/clone" && TZ=Asia/Tokyo LC_ALL=C CARGO_TARGET_DIR="$work/other" make dist >/dev/null)
cmp "$archive" "$work/other/dist/$(basename "$archive")"
rm -rf "$work/clone" "$work/other"

say "what is in it"
tar -xJf "$archive" -C "$work"
mv "$work"/libxq-* "$work/libxq"
cd "$work/libxq"
[ -s THIRD-PARTY-LICENSES.txt ] && [ -d vendor ] && [ ! -e .git ]

say "make install, with the network off"
offline=
if unshare -n true 2>/dev/null; then
    offline='unshare -n'
else
    echo "SKIPPED: a network that is off, since unshare -n is not allowed: cargo is told to be offline, and knows no crates"
fi
# shellcheck disable=SC2086 # two words
env CARGO_HOME="$work/no crates" CARGO_NET_OFFLINE=true CARGO_TARGET_DIR="$target/dist-build" CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}" \
    $offline make install PREFIX="$work/prefix" >log 2>&1 || { cat log && exit 1; }
if grep -E 'Downloading|Updating' log; then echo "it looked at the network"; exit 1; fi

say "a program"
PKG_CONFIG_PATH="$work/prefix/lib/pkgconfig"
export PKG_CONFIG_PATH
# shellcheck disable=SC2046 # a list of words
cc -std=c99 packaging/conan/test_package/program.c $(pkg-config --cflags --libs xq) -Wl,-rpath,"$work/prefix/lib" -o program
./program

say "the archive is whole"
