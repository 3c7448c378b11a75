#!/bin/sh
# Installs libxq as `make install` asks: shared library with its links, static library, headers, xq.pc, the CMake package and
# the licences.
#
# PREFIX, LIBDIR, INCLUDEDIR and DOCDIR say where it will be, DESTDIR (may be empty) where to put it now. BUILT is what is
# installed: the paths that build.sh printed, one to a line. CROSS_COMPILE is that of build.sh.
set -eu
umask 022
here=$(dirname "$0")
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$here/../Cargo.toml" | head -n 1)
# As in build/linking.rs: what comes after does not break the ABI.
case $version in
0.0.*) abi=$version ;;
0.*) abi=${version%.*} ;;
*) abi=${version%%.*} ;;
esac
lib="$DESTDIR$LIBDIR"
include="$DESTDIR$INCLUDEDIR"

# built NAME: its path, where cargo built it
built() { printf '%s\n' "$BUILT" | grep "/$1\$" || true; }

library=$(built 'libxq\.a') from=$(built 'libxq\.\(so\|dylib\)')
if [ -z "$library" ] || [ -z "$from" ]; then
    # For some systems it leaves the shared one out without a word.
    echo "install.sh: expected a shared library and a static one, and cargo built: $(echo "$BUILT" | tr '\n' ' ')" >&2
    exit 1
fi

case $from in
*.dylib)
    shared=libxq.dylib real=libxq.$version.dylib link=libxq.$abi.dylib
    strip=-x
    private="-framework CoreFoundation -framework Security -lSystem -lm"
    ;;
*)
    shared=libxq.so real=libxq.so.$version link=libxq.so.$abi
    strip=--strip-unneeded
    # What `cargo rustc --crate-type staticlib -- --print native-static-libs` tells, without libc itself and without
    # -lgcc_s: C compilers add what unwinds by themselves, and with -static there is only another one (-lgcc_eh).
    private="-lutil -lrt -lpthread -lm -ldl"
    # By itself musl-gcc leaves out where a program is unwound.
    [ -z "$(built 'find_object\.o')" ] || private="-Wl,--eh-frame-hdr $private"
    ;;
esac

# The installed place of the prefix, seen from the CMake package; the package then works wherever it is moved to.
up_from_cmake() {
    case $LIBDIR in
    "$PREFIX"/*) echo "${LIBDIR#"$PREFIX"/}/cmake/xq" | sed 's|[^/][^/]*|..|g; s|^|${CMAKE_CURRENT_LIST_DIR}/|' ;;
    *) echo "$PREFIX" ;;
    esac
}

# A directory as the CMake package names it: by the prefix where it is below that.
in_cmake() {
    case $1 in
    "$PREFIX"/*) echo "\${_xq_prefix}/${1#"$PREFIX"/}" ;;
    *) echo "$1" ;;
    esac
}

fill_in() {
    sed -e "s|@VERSION@|$version|g" -e "s|@PREFIX@|$PREFIX|g" -e "s|@LIBDIR@|$LIBDIR|g" \
        -e "s|@INCLUDEDIR@|$INCLUDEDIR|g" -e "s|@PRIVATE@|$private|g" -e "s|@ROOT@|$(up_from_cmake)|g" \
        -e "s|@CMAKE_LIBDIR@|$(in_cmake "$LIBDIR")|g" -e "s|@CMAKE_INCLUDEDIR@|$(in_cmake "$INCLUDEDIR")|g" \
        -e "s|@ABI@|$abi|g" -e "s|@REAL@|$real|g" -e "s|@LINK@|$link|g" "$1"
}

# What the shared library wants where it runs, read from its file.
needs() {
    command -v readelf >/dev/null || return 0
    glibc=$(LC_ALL=C readelf --version-info "$1" 2>/dev/null |
        sed -n 's/.*Name: GLIBC_\([0-9.]*\)  Flags: none.*/\1/p' | sort -t . -k 1,1n -k 2,2n | tail -n 1)
    wants=$(LC_ALL=C readelf --dynamic "$1" 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]/ \1/p' | tr -d '\n')
    [ -z "$wants" ] || echo "it runs with$wants${glibc:+, of glibc $glibc or newer}"
}

mkdir -p "$lib/pkgconfig" "$lib/cmake/xq" "$include/CXQ" "$DESTDIR$DOCDIR"
# A new file rather than new content: a program may be running with the old one.
rm -f "$lib/$real"
cp "$from" "$lib/$real"
# What is left is what programs link with; a cross build without its own strip keeps the rest.
"${CROSS_COMPILE:-}strip" $strip "$lib/$real" || echo "install.sh: $real has its symbols still" >&2
chmod 755 "$lib/$real"
ln -sf "$real" "$lib/$link"
ln -sf "$link" "$lib/$shared"
# A path to a line, as build.sh printed them.
set -f
IFS='
'
# shellcheck disable=SC2046 # a list of them
"$here/hide.sh" "$library" "$lib/libxq.a" $(built 'find_object\.o') $(built 'libgcc_eh\.a')
unset IFS
set +f
cp "$here/../include/xq.h" "$here/../include/xq.hpp" "$include/"
chmod 644 "$lib/libxq.a" "$include/xq.h" "$include/xq.hpp"
sed 's|header "xq.h"|header "../xq.h"|' "$here/../include/module.modulemap" >"$include/CXQ/module.modulemap"
fill_in "$here/xq.pc.in" >"$lib/pkgconfig/xq.pc"
fill_in "$here/xqConfig.cmake.in" >"$lib/cmake/xq/xqConfig.cmake"
fill_in "$here/xqConfigVersion.cmake.in" >"$lib/cmake/xq/xqConfigVersion.cmake"
# The second is there where it was made.
for text in "$here"/../LICENSE-* "$here"/../THIRD-PARTY*; do
    [ ! -e "$text" ] || install -m 644 "$text" "$DESTDIR$DOCDIR/"
done
echo "libxq $version is in $DESTDIR$PREFIX"
needs "$lib/$real"
