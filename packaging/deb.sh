#!/bin/sh
# Makes Debian's packages, as `make deb` asks: libxq0.1, the shared library, and libxq-dev, in target/deb. What `make build` has
# built already is taken. DEBFULLNAME and DEBEMAIL say whose packages they are.
#
# Needs dpkg-dev, debhelper, fakeroot and Python 3.11, doxygen for the man pages; Rust from Debian or from anywhere else.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
cd "$here"
for tool in dh dpkg-buildpackage; do
    command -v "$tool" >/dev/null || { echo "deb.sh: there is no $tool here: expected dpkg-dev and debhelper" >&2 && exit 2; }
done
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
maintainer="${DEBFULLNAME:-The libxq authors} <${DEBEMAIL:-noreply@xqmsg.com}>"
# The last commit's time, so that the same commit gives the same packages; a source archive has it on all its files.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y Cargo.toml)}
CARGO_TARGET_DIR=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
export SOURCE_DATE_EPOCH CARGO_TARGET_DIR XQ_SOURCE="$here"
# Where Rust is, since debhelper gives what it runs another home.
export CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}" RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}"

work=$CARGO_TARGET_DIR/deb
rm -rf "$work"
mkdir -p "$work/libxq"
cp -R packaging/debian "$work/libxq/debian"
cd "$work/libxq"
sed -i "s/@MAINTAINER@/$(printf '%s' "$maintainer" | sed 's/[\\&/]/\\&/g')/" debian/control
# A version such as 0.2.0-rc.1 comes before 0.2.0.
cat >debian/changelog <<T
libxq ($(echo "$version" | tr - '~')-1) unstable; urgency=medium

  * Version $version. What it brings is in upstream's changelog.

 -- $maintainer  $(date --utc --date="@$SOURCE_DATE_EPOCH" '+%a, %d %b %Y %T +0000')
T
# Whether Rust comes from Debian does not matter.
dpkg-buildpackage --build=binary --no-check-builddeps --unsigned-changes --unsigned-buildinfo
cd ..
rm -rf libxq
ls "$work"/*.deb
