#!/bin/sh
# Prints the size of the shared library, stripped, with TLS and sockets and without: the figures of the README.
#
# Built as a shared library alone, which is what lets the whole of it be optimized at once; a plain `cargo build` also
# makes a Rust library, and with it a larger one.
set -eu
cd "$(dirname "$0")/.."
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}/size" && cd "${CARGO_TARGET_DIR:-target}/size" && pwd)

size() {
    what=$1
    shift
    CARGO_TARGET_DIR="$target" cargo rustc --release --locked --quiet --package libxq --lib --crate-type cdylib "$@"
    strip -o "$target/stripped" "$target/release/libxq.so"
    printf '%s: %s bytes\n' "$what" "$(wc -c <"$target/stripped")"
}

size "with TLS and sockets"
size "without" --no-default-features
