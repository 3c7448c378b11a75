#!/bin/sh
# Makes the manual out of the header's comments, in target/docs (or CARGO_TARGET_DIR's docs).
#
#     docs.sh            man/man3, and html/index.html
#     docs.sh man        man/man3 alone, without the network
#     docs.sh install    puts that into $DESTDIR$MANDIR; where a tool is missing it says so, and leaves the pages out
#
# Needs python3 and doxygen. For html/ it needs Python 3.11 or newer with venv, and gets Sphinx from PyPI once, into a
# virtual environment of its own.
set -eu
umask 022
cd "$(dirname "$0")/.."
out=$(mkdir -p "${CARGO_TARGET_DIR:-target}/docs" && cd "${CARGO_TARGET_DIR:-target}/docs" && pwd)
export PYTHONDONTWRITEBYTECODE=1

# What is missing, as Debian's packages are called.
missing() {
    command -v doxygen >/dev/null || echo doxygen
    command -v python3 >/dev/null || echo python3
}

need() {
    [ -z "$1" ] || { echo "docs.sh: missing, as Debian's packages are called: $1" >&2; exit 1; }
}

parse() {
    # Doxygen reads what comes last.
    { cat docs/Doxyfile; echo "INPUT = include/xq.h"; echo "OUTPUT_DIRECTORY = \"$out\""; } | doxygen -
}

man() {
    parse
    python3 docs/man.py "$out/xml" "$out/man/man3"
}

html() {
    # shellcheck disable=SC2016 # Python's own quotes
    python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        need "python3-venv (of Python 3.11 or newer)"
    if ! cmp -s docs/requirements.txt "$out/python/requirements.txt"; then
        python3 -m venv --clear "$out/python"
        "$out/python/bin/pip" install --quiet --disable-pip-version-check --requirement docs/requirements.txt
        cp docs/requirements.txt "$out/python/"
    fi
    python3 docs/web.py "$out/xml" "$out/source"
    # All of them, since each shows the groups; a reference without a page is an error.
    rm -rf "$out/html"
    "$out/python/bin/sphinx-build" -q -a -n -W --keep-going -j auto -d "$out/doctrees" -c docs "$out/source" "$out/html"
    echo "The manual is $out/html/index.html"
}

install() {
    if [ -z "$(missing)" ]; then
        man >/dev/null
    elif [ -z "$(find "$out/man/man3/libxq.3" -newer include/xq.h 2>/dev/null)" ]; then
        echo "docs.sh: the man pages are left out; what makes them is missing here: $(missing | tr '\n' ' ')" >&2
        return
    fi
    mkdir -p "$DESTDIR$MANDIR/man3"
    # With the links as links, for the constants.
    cp -P "$out"/man/man3/*.3 "$DESTDIR$MANDIR/man3/"
    echo "The man pages are in $DESTDIR$MANDIR"
}

case ${1:-all} in
install) install ;;
man) need "$(missing)"; man ;;
all) need "$(missing)"; man; html ;;
*) echo "docs.sh: $1 is none of man and install" >&2; exit 2 ;;
esac
