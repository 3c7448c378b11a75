#!/bin/sh
# Makes Debian's packages, asks lintian, installs both, compiles and runs a program by pkg-config and by CMake with what is
# then in the system, removes both, and looks for what they leave.
#
# Needs Debian, root, and the tools below, which are installed where CI is set. What `make build` has built is taken.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
target=$(mkdir -p "${CARGO_TARGET_DIR:-$root/target}" && cd "${CARGO_TARGET_DIR:-$root/target}" && pwd)
export CARGO_TARGET_DIR="$target"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
cd "$work"

skip() { echo "SKIPPED: $*"; exit 0; }
say() { printf -- '-- %s\n' "$*"; }
apt() { DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qqy --no-install-recommends "$@" >apt.log 2>&1 || { cat apt.log && exit 1; }; }

say "the symbols file is what tests/abi/exports.txt says"
sed -n 's/^ \(xq_[a-z0-9_]*\)@.*/\1/p' "$root/packaging/debian/libxq0.1.symbols" | LC_ALL=C sort >symbols
LC_ALL=C sort "$root/tests/abi/exports.txt" | diff - symbols

command -v dpkg-query >/dev/null || skip "this is not Debian"
[ "$(id -u)" = 0 ] || skip "only root installs packages"
missing=
for package in cmake debhelper doxygen dpkg-dev fakeroot gcc lintian pkg-config; do
    dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' || missing="$missing $package"
done
if [ -n "$missing" ]; then
    [ -n "${CI:-}" ] || skip "missing:$missing"
    apt update
    # shellcheck disable=SC2086 # a list of words
    apt install $missing
fi
if dpkg-query --show libxq0.1 >/dev/null 2>&1; then
    echo "libxq0.1 is installed here: expected a system without it"
    exit 1
fi

say "make deb"
make -C "$root" deb >deb.log 2>&1 || { cat deb.log && exit 1; }
say "lintian"
lintian --allow-root --fail-on error "$target"/deb/*.changes

# All that could be theirs.
ours() { find /usr /etc /var/lib /var/cache -xdev -iname '*xq*' ! -path '/usr/local/*' ! -path "$target/*" | LC_ALL=C sort; }

say "apt install"
ours >before
# Where apt's own user can read them.
chmod 755 .
cp "$target"/deb/*.deb .
apt install ./*.deb
dpkg --listfiles libxq0.1 libxq-dev >files
if [ -e "$root/packaging/docs.sh" ]; then grep -q '/man3/xq_encrypt_file\.3' files || { echo "there are no man pages"; exit 1; }; fi

say "pkg-config"
cp "$root"/packaging/conan/test_package/program.c "$root"/packaging/conan/test_package/CMakeLists.txt .
# shellcheck disable=SC2046 # a list of words
cc -std=c99 program.c $(pkg-config --cflags --libs xq) -o program
ldd program | grep 'libxq\.so\.0\.1 => /'
./program

say "CMake"
printf 'add_executable(static program.c)\ntarget_link_libraries(static PRIVATE xq::xq_static)\n' >>CMakeLists.txt
cmake -S . -B build >/dev/null
cmake --build build >/dev/null
build/program
build/static
if ldd build/static | grep libxq; then echo "it is not static"; exit 1; fi

say "apt purge"
apt purge libxq0.1 libxq-dev
ours | diff before -
left=0
while read -r file; do
    case $file in
    # It is there after the packages as it was before them, if it is a directory of others too.
    /*) [ ! -e "$file" ] || [ -d "$file" ] || { echo "it leaves $file" && left=1; } ;;
    esac
done <files
[ "$left" = 0 ]
if ldconfig -p | grep libxq; then echo "the linker's cache knows it still"; exit 1; fi

say "the packages come and go"
