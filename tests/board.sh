#!/usr/bin/env bash
# Runs the C tests of the ABI and plays the C examples with libxq as `make install PROFILE=board` installs it, with sockets and
# without.
#
# Where Debian's Rust is there, which brings the source of the standard library, that is what builds it; otherwise the Rust
# at hand.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p "${CARGO_TARGET_DIR:-target}"
CARGO_TARGET_DIR=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)
export CARGO_TARGET_DIR

say() { printf '\n== %s (%s)\n' "$*" "$(date +%T)"; }

# install SOCKETS: the library is in $CARGO_TARGET_DIR/board-SOCKETS/lib then
install() {
  local tools=()
  if [ -x /usr/bin/rustc ] && [ -d /usr/lib/rustlib/src/rust/library ]; then
    tools=(CARGO=/usr/bin/cargo RUSTC=/usr/bin/rustc)
  fi
  CARGO_TARGET_DIR="$CARGO_TARGET_DIR/board" make install PROFILE=board SOCKETS="$1" PREFIX=/ \
    DESTDIR="$CARGO_TARGET_DIR/board-$1" "${tools[@]}"
}

say "The library, for boards"
install 1
# The tables of faults are long, and of the same code; what compiles nothing with the library is left out too.
say "The tests of the ABI"
XQ_TEST_LIBRARY_DIR="$CARGO_TARGET_DIR/board-1/lib" cargo test --locked --test abi -- --skip faults:: --skip covers::
say "The examples"
make -C examples-c run BUILD=build/board LIBRARY="$CARGO_TARGET_DIR/board-1/lib"

say "The library without sockets"
install 0
say "Every operation over a transport of the program's"
XQ_TEST_LIBRARY_DIR="$CARGO_TARGET_DIR/board-0/lib" XQ_TEST_TRANSPORT=1 \
  cargo test --locked --no-default-features --features std --test abi -- contract:: operations:: outputs:: sign_in:: sealed::people
say "all is well"
