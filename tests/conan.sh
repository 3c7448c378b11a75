#!/bin/sh
# Makes Conan's package out of the source archive, static and shared, and runs its test program, and one that asks for it.
#
# Needs the archive of `make dist`, which it makes where there is none, cmake, and Conan from PyPI, which goes into target/conan
# and not into the home directory. What tests/dist.sh has built is taken.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
target=$(mkdir -p "${CARGO_TARGET_DIR:-$root/target}" && cd "${CARGO_TARGET_DIR:-$root/target}" && pwd)
export CARGO_TARGET_DIR="$target"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# skip REASON: in CI, which must have it all, that is a failure
skip() {
    [ -z "${CI:-}" ] || { echo "$1, and CI must have it"; exit 1; }
    echo "SKIPPED: $1"
    exit 0
}

command -v cmake >/dev/null || skip "there is no cmake here"
conan=$target/conan/bin/conan
if [ ! -x "$conan" ]; then
    python3 -m venv "$target/conan" || skip "there is no python3-venv here"
    "$target/conan/bin/pip" install --quiet --disable-pip-version-check 'conan>=2,<3' || skip "PyPI is not reached"
fi
CONAN_HOME=$target/conan/home
export CONAN_HOME
rm -rf "$CONAN_HOME/p"
[ -e "$CONAN_HOME/profiles/default" ] || "$conan" profile detect >/dev/null

set -- "$target"/dist/libxq-*.tar.xz
[ -e "$1" ] || make -C "$root" dist
tar -xJf "$target"/dist/libxq-*.tar.xz -C "$work"
cd "$work"/libxq-*
version=${PWD##*/libxq-}

export CARGO_TARGET_DIR="$target/dist-build"
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
for shared in False True; do
    printf -- '-- conan create, shared=%s\n' "$shared"
    # The log is not among what the recipe takes along, or each would be another recipe.
    "$conan" create packaging/conan --options "&:shared=$shared" >"$work/log" 2>&1 || { cat "$work/log" && exit 1; }
    grep '^libxq .*: XQ_OK$' "$work/log"
done

echo "-- a program's conanfile.txt"
mkdir "$work/program"
cp packaging/conan/test_package/program.c packaging/conan/test_package/CMakeLists.txt "$work/program"
cd "$work/program"
printf '[requires]\nlibxq/%s\n\n[generators]\nCMakeDeps\nCMakeToolchain\n' "$version" >conanfile.txt
{
    "$conan" install . --no-remote --output-folder=build
    cmake -S . -B build -DCMAKE_TOOLCHAIN_FILE=build/conan_toolchain.cmake -DCMAKE_BUILD_TYPE=Release
    cmake --build build
} >"$work/log" 2>&1 || { cat "$work/log" && exit 1; }
build/program
