#!/usr/bin/env bash
# Feeds hostile input to each target for a while: fuzz/run.sh SECONDS [TARGET…]. A finding fails it.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:?how many seconds for each target}
shift
targets=${*:-envelope private_key reply entry_points}

if ! cargo +nightly --version >/dev/null 2>&1; then
  echo "SKIPPED: there is no nightly toolchain (rustup toolchain install nightly)"
  [ -z "${CI:-}" ]
  exit
fi
command -v cargo-fuzz >/dev/null || cargo install cargo-fuzz --version 0.13.1 --locked --debug --quiet

cargo test --quiet --locked
cargo run --quiet --locked --example seeds
for target in $targets; do
  printf '\n-- %s\n' "$target"
  # Longer input than the longest seed finds nothing but time.
  cargo +nightly fuzz run "$target" -- -max_total_time="$seconds" -max_len=16384 -print_final_stats=1
done
