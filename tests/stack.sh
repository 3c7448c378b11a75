#!/usr/bin/env bash
# Plays every call on a thread with a stack of 64 KB, with the library that `make install` installs or the one in
# XQ_TEST_LIBRARY_DIR, and tells which calls took the most.
#
#     tests/stack.sh
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${XQ_TEST_LIBRARY_DIR:-}" ]; then
  make build
  target=${CARGO_TARGET_DIR:-target}
  XQ_TEST_LIBRARY_DIR=$(cd "$target/release" && pwd)
fi
export XQ_TEST_LIBRARY_DIR XQ_TEST_STACK_KB="${XQ_TEST_STACK_KB:-64}"
cargo test --locked --test abi -- stack:: --nocapture --test-threads 1
