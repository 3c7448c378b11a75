#!/usr/bin/env bash
# Runs the C examples and the C tests of the ABI on ARM, as programs under qemu-user: aarch64, and armv7 with hard float,
# where a word has 32 bits. The emulator that they talk to runs on this machine as it is. Then it opens what other programs
# have sealed on s390x, where the bytes of a number stand the other way round.
#
#     tests/arm/run.sh [--install]
#
# Needs Debian on x86-64: its Rust, which brings the source of the standard library to build for ARM, its cross compilers
# and qemu. What is missing is installed with --install, or where CI is set; otherwise the script names it and stops.
set -euo pipefail
cd "$(dirname "$0")/../.."

packages=(rustc-web cargo-web rust-web-src gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-arm-linux-gnueabihf
  libc6-dev-armhf-cross gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user-static)
warnings=(-std=c99 -Wall -Wextra -Wpedantic -Werror)

target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target"
target=$(cd "$target" && pwd)

say() { printf '\n== %s (%s)\n' "$*" "$(date +%T)"; }

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

packages_are_there() {
  local missing=() package
  for package in "${packages[@]}"; do
    installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "${1:-}" != --install ] && [ -z "${CI:-}" ]; then
    echo "missing: ${missing[*]}; --install installs them"
    exit 1
  fi
  say "Debian packages: ${missing[*]}"
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"
}

# Debian has Rust's standard library for its own processor alone; it is built with the library, which only a compiler
# that takes unstable options does.
build_library() {
  CARGO_TARGET_DIR="$target/arm" RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc \
    CARGO_TARGET_ARMV7_UNKNOWN_LINUX_GNUEABIHF_LINKER=arm-linux-gnueabihf-gcc \
    /usr/bin/cargo build --release --locked --lib -Zbuild-std=std,panic_unwind \
    --target aarch64-unknown-linux-gnu --target armv7-unknown-linux-gnueabihf
}

# Compiles the programs for one processor and runs them: play_on QEMU GNU_NAME RUST_NAME
play_on() {
  local qemu="qemu-$1-static -L /usr/$2" library="$target/arm/$3/release" programs="$target/arm/$3/c" source
  mkdir -p "$programs"
  for source in examples-c/*.c tests/c/contract.c tests/c/layout.c; do
    local sources=("$source")
    case $source in
      examples-c/http_exchange.c | examples-c/posix_*.c) continue ;;
      # There is no mbedTLS for these processors here.
      examples-c/mbedtls_transport.c | examples-c/own_tls.c) continue ;;
      examples-c/own_transport.c) sources+=(examples-c/{posix_transport,posix_socket,http_exchange}.c) ;;
    esac
    "$2-gcc" "${warnings[@]}" -Iinclude "${sources[@]}" -L"$library" -lxq -pthread -Wl,-rpath,"$library" \
      -o "$programs/$(basename "$source" .c)"
  done
  for source in contract layout; do
    say "$3: tests/c/$source.c"
    $qemu "$programs/$source"
  done
  say "$3: the examples, over TLS"
  printf '#!/bin/sh\nexec "%s" --tls "$@"\n' "$target/debug/xq-emulator" >"$programs/xq-emulator"
  chmod +x "$programs/xq-emulator"
  XQ_EMULATOR="$programs/xq-emulator" BUILD="$programs" RUN="$qemu" examples-c/play.sh
}

open_on_s390x() {
  CARGO_TARGET_DIR="$target/arm" RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_LINKER=s390x-linux-gnu-gcc \
    CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_RUNNER="qemu-s390x-static -L /usr/s390x-linux-gnu" \
    /usr/bin/cargo test --release --locked --package xq-sealing -Zbuild-std=std,panic_unwind,test \
    --target s390x-unknown-linux-gnu --test all -- vectors::files vectors::messages
}

packages_are_there "$@"
say "The emulator, for this machine"
cargo build --locked --package xq-emulator
say "The library, for both: some minutes the first time"
build_library
play_on aarch64 aarch64-linux-gnu aarch64-unknown-linux-gnu
play_on arm arm-linux-gnueabihf armv7-unknown-linux-gnueabihf
say "s390x: messages and files of other programs"
open_on_s390x
say "all are well"
