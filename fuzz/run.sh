#!/usr/bin/env bash
# Feeds hostile input to each target for a while: fuzz/run.sh SECONDS [TARGET…]. A finding fails it.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:?how many seconds for each target}
shift
targets=${*:-envelope opener front private_key reply entry_points}

if ! cargo +nightly --version >/dev/null 2>&1; then
  echo "SKIPPED: there is no nightly toolchain (rustup toolchain install nightly)"
  [ -z "${CI:-}" ]
  exit
fi
command -v cargo-fuzz >/dev/null || cargo install cargo-fuzz --version 0.13.1 --locked --debug --quiet

cargo test --quiet --locked
cargo run --quiet --locked --example seeds
cargo +nightly fuzz build
# As many at once as there are processors. Longer input than the longest seed finds nothing but time.
# shellcheck disable=SC2086 # a list of words
printf '%s\n' $targets | xargs -P "$(nproc)" -I TARGET bash -o pipefail -c \
  'cargo +nightly fuzz run TARGET -- -max_total_time="$0" -max_len=16384 -print_final_stats=1 2>&1 | sed -u "s/^/TARGET: /"' \
  "$seconds"
