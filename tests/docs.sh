#!/bin/sh
# Makes the manual and holds it to the header: a page for each name and a name for each page, in man and in the web of
# pages; no dead link; nothing that mandoc warns of; and what `make install` does with it.
#
# Needs doxygen, mandoc, and Python 3.11 or newer with venv; PyPI the first time. Where one is missing it is SKIPPED with
# a word; with CI set, Debian's packages are installed.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"

packages=""
command -v doxygen >/dev/null || packages="$packages doxygen"
command -v mandoc >/dev/null || packages="$packages mandoc"
python3 -c 'import ensurepip' 2>/dev/null || packages="$packages python3-venv"
if [ -n "$packages" ]; then
    [ -n "${CI:-}" ] || { echo "SKIPPED: missing, as Debian's packages are called:$packages"; exit 0; }
    apt-get update -q
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $packages
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { printf -- '-- %s\n' "$*"; }
out="${CARGO_TARGET_DIR:-target}/docs"
pages="$out/man/man3"

# Two lists of names that must be one.
same() {
    sort -u "$2" -o "$2"
    sort -u "$3" -o "$3"
    diff "$2" "$3" >"$work/differ" && return
    echo "$1 (<: in the header alone, >: there alone):"
    grep '^[<>]' "$work/differ"
    exit 1
}

say "make docs"
packaging/docs.sh 2>"$work/warnings" >"$work/said" || { cat "$work/warnings"; exit 1; }
[ ! -s "$work/warnings" ] || { cat "$work/warnings"; exit 1; }

say "a page for each name, a name for each page"
{
    cat tests/abi/exports.txt
    grep -oE '\bxq_[a-z_]+_t\b' include/xq.h
    sed -nE 's/^  (XQ_[A-Z_]+) = .*/\1/p' include/xq.h
    # What is for the header itself has no comment of its own.
    sed -nE 's/^#define (XQ_[A-Z_]+)( .*|$)/\1/p' include/xq.h | grep -vE '^XQ_(H|NULLABLE|NONNULL|DIAGNOSTIC_PUSHED)$'
} >"$work/header"
find "$pages" -name '*.3' | sed 's|.*/||; s|\.3$||' | grep -vx libxq >"$work/man"
same "the pages of man" "$work/header" "$work/man"
python3 tests/docs/links.py "$out/html" >"$work/html"
same "the web of pages" "$work/header" "$work/html"

say "docs/functions.md has every function, and no other"
cp tests/abi/exports.txt "$work/functions"
grep -oE '\bxq_[a-z_0-9]+' docs/functions.md >"$work/table"
same "docs/functions.md" "$work/functions" "$work/table"

say "every name that a page mentions has a page"
grep -ohE '\\fBxq_[a-z_0-9]*' "$pages"/*.3 | sed 's/^\\fB//' >"$work/mentioned"
grep -ohE '^\.Xr [^ ]+' "$pages"/*.3 | sed 's/^\.Xr //' | grep -vx libxq >>"$work/mentioned"
sort -u "$work/mentioned" | comm -23 - "$work/header" >"$work/unknown"
[ ! -s "$work/unknown" ] || { echo "no page for:"; cat "$work/unknown"; exit 1; }

say "mandoc has no complaint"
find "$pages" -name '*.3' -type f -exec mandoc -Tlint -Wwarning {} + || exit 1

say "the same header gives the same pages"
cp -R "$pages" "$work/before"
touch -r include/xq.h "$work/time"
packaging/docs.sh man >/dev/null
diff -r "$work/before" "$pages"

say "installed, and taken away again"
DESTDIR="$work/root" MANDIR=/usr/share/man packaging/docs.sh install >/dev/null
[ -f "$work/root/usr/share/man/man3/libxq.3" ] && [ -f "$work/root/usr/share/man/man3/XQ_TIMEOUT.3" ]
make -s uninstall DESTDIR="$work/root" PREFIX=/usr
[ -z "$(find "$work/root" -type f -o -type l)" ] || { find "$work/root" -type f -o -type l; exit 1; }

say "without Doxygen make install leaves the pages out, and says so"
mkdir "$work/bin"
for tool in sh dirname mkdir cat tr find; do ln -s "$(command -v $tool)" "$work/bin/$tool"; done
CARGO_TARGET_DIR="$work/target" DESTDIR="$work/root" MANDIR=/man PATH="$work/bin" packaging/docs.sh install \
    2>"$work/said"
grep -q 'left out.*doxygen' "$work/said"
[ ! -e "$work/root/man" ]

echo "The manual is well."
