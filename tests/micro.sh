#!/usr/bin/env bash
# Builds the library for three boards without an operating system, and plays a firmware with it on QEMU's Cortex-M4.
#
#     tests/micro.sh [--install]
#
# Needs a cross compiler and binutils for ARM and RISC-V, QEMU, python3 and curl, and of Rust its own part for the boards, or
# Debian's Rust, which brings the source of that. What is missing is installed with --install, or where CI is set; otherwise
# the script names it and stops.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(rustc-web cargo-web rust-web-src gcc-arm-none-eabi libnewlib-arm-none-eabi binutils-riscv64-unknown-elf
  qemu-system-arm python3 curl)
missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  if [ "${1:-}" != --install ] && [ -z "${CI:-}" ]; then
    echo "missing: ${missing[*]}; --install installs them"
    exit 1
  fi
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"
fi

for target in thumbv8m.main-none-eabihf riscv32imac-unknown-none-elf thumbv7em-none-eabihf; do
  printf '\n== libxq.a for %s (%s)\n' "$target" "$(date +%T)"
  make micro TARGET="$target"
  archive=${CARGO_TARGET_DIR:-target}/bare/$target/libxq.a
  # Nothing of Rust's is in the way of the firmware's, and nothing is wanted but what the header names.
  case $target in
    thumb*) tools=arm-none-eabi ;;
    *) tools=riscv64-unknown-elf ;;
  esac
  names=$("$tools-nm" --format=posix "$archive")
  others=$(awk '$2 ~ /^[A-TV-Z]$/ && $1 !~ /^xq_/ { print $1 }' <<<"$names")
  wanted=$(awk '$2 == "U" { print $1 }' <<<"$names" | sort -u | tr '\n' ' ')
  echo "it wants: $wanted"
  [ -z "$others" ] || { echo "it shows: $others"; exit 1; }
  [ "$wanted" = "abort free malloc " ] || exit 1
done

printf '\n== A firmware on QEMU (%s)\n' "$(date +%T)"
make -C examples-micro run
