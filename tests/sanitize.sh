#!/usr/bin/env bash
# Runs the C tests of the ABI under AddressSanitizer (with LeakSanitizer) and under ThreadSanitizer.
#
#     tests/sanitize.sh [--install] [address] [thread]     both, where none is named
#
# Watched are libxq, the crates in it, Rust's standard library, the C of ring, and the C programs, with gcc's runtimes.
# Not watched is the assembly of ring: what it reads and writes is checked around it alone.
#
# Needs gcc and Debian's Rust, which brings the source of the standard library to build with the sanitizer. What is
# missing is installed with --install, or where CI is set; otherwise the script names it and stops.
set -euo pipefail
cd "$(dirname "$0")/.."

[ "$(uname -sm)" = "Linux x86_64" ] || { echo "this runs on x86-64 Linux alone" && exit 1; }

packages=(gcc rustc-web cargo-web rust-web-src)
triple=x86_64-unknown-linux-gnu
target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target"
target=$(cd "$target" && pwd)

say() { printf '\n== %s (%s)\n' "$*" "$(date +%T)"; }

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# packages_are_there INSTALL
packages_are_there() {
  local missing=() package
  for package in "${packages[@]}"; do
    installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ -z "$1" ] && [ -z "${CI:-}" ]; then
    echo "missing: ${missing[*]}; --install installs them"
    exit 1
  fi
  say "Debian packages: ${missing[*]}"
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"
}

# The standard library too: what it does between threads would be taken for races. Only a compiler that takes unstable
# options does.
build_library() {
  CARGO_TARGET_DIR="$target/$1" RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=$1" \
    CFLAGS_x86_64_unknown_linux_gnu="-fsanitize=$1" \
    /usr/bin/cargo build --locked --lib -Zbuild-std=std,panic_unwind --target "$triple"
}

# must_tell MISUSE WORDS: the sanitizer ends the misuse with these words, and names a place inside the library.
must_tell() {
  local told
  if told=$("$programs/misuse" "$1" 2>&1) || ! grep -q "$2" <<<"$told" || ! grep -q ' src/ffi/' <<<"$told"; then
    printf '%s\nthe sanitizer does not tell of: %s\n' "$told" "$1"
    exit 1
  fi
  echo "told of: $1"
}

# sanitize KIND
sanitize() {
  local library="$target/$1/$triple/debug" flags="-fsanitize=$1" programs="$target/$1/c" tests
  say "$1: the library"
  build_library "$1"
  mkdir -p "$programs"
  if [ "$1" = thread ]; then
    cc -std=c99 -fsanitize=thread -c tests/c/tsan.c -o "$programs/tsan.o"
    flags="$flags -Wl,$programs/tsan.o"
  fi
  # shellcheck disable=SC2086 # a list of words
  cc -std=c99 -g $flags -Iinclude tests/c/misuse.c -L"$library" -lxq -pthread -Wl,-rpath,"$library" \
    -o "$programs/misuse"
  say "$1: what it must tell of"
  if [ "$1" = address ]; then
    must_tell freed heap-use-after-free
    must_tell leak 'detected memory leaks'
    # Not those that look through the memory, which the sanitizer keeps, and those that compile nothing with it.
    tests=(--skip secrets:: --skip cpp:: --skip linking:: --skip header:: --skip module:: --skip lookups::)
  else
    must_tell race 'data race'
    tests=(threads:: contract:: handle:: sockets:: devices::)
  fi
  say "$1: the tests"
  XQ_TEST_LIBRARY_DIR="$library" XQ_TEST_CFLAGS="$flags" cargo test --locked --test abi -- "${tests[@]}"
}

install="" kinds=()
for argument in "$@"; do
  case $argument in
    --install) install=yes ;;
    address | thread) kinds+=("$argument") ;;
    *) echo "usage: tests/sanitize.sh [--install] [address] [thread]" && exit 2 ;;
  esac
done
packages_are_there "$install"
[ ${#kinds[@]} -gt 0 ] || kinds=(address thread)
for kind in "${kinds[@]}"; do
  sanitize "$kind"
done
say "all is well"
