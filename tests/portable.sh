#!/usr/bin/env bash
# Checks that the library compiles for Windows, for macOS and for boards without an operating system, without a warning:
# what is Linux's alone stands behind a cfg. Nothing is linked or run, and the C of ring is left out.
#
#     tests/portable.sh [--install] [boards | systems]     both, where neither is named
#
# Needs Debian's Rust, which brings the source of the standard library to check with, and dlltool for Windows. What is
# missing is installed with --install, or where CI is set; otherwise the script names it and stops.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(rustc-web cargo-web rust-web-src binutils-mingw-w64-x86-64)
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

# No compiler for these is needed to check Rust.
for target in x86_64_pc_windows_gnu aarch64_apple_darwin; do
  export "CC_$target=/bin/true" "AR_$target=/bin/true"
done
target=${CARGO_TARGET_DIR:-target}/portable
# Only a compiler that takes unstable options checks the standard library along: check ARGUMENT...
check() {
  local told
  printf -- '-- %s\n' "$*"
  told=$(CARGO_TARGET_DIR="$target" RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 /usr/bin/cargo check --locked --lib "$@" 2>&1) || {
    printf '%s\n' "$told"
    exit 1
  }
  # That a board has no shared libraries is no fault of the library's.
  if grep '^warning' <<<"$told" | grep -vqE 'dropping unsupported crate type|generated [0-9]+ warning'; then
    printf '%s\n' "$told"
    exit 1
  fi
}
what=${*: -1}
if [ "$what" != systems ]; then
  for board in thumbv7em-none-eabihf thumbv8m.main-none-eabihf riscv32imac-unknown-none-elf; do
    check --no-default-features -Zbuild-std=core,alloc --target "$board"
  done
fi
[ "$what" != boards ] || exit 0
for system in x86_64-pc-windows-gnu aarch64-apple-darwin; do
  for features in --all-features "--no-default-features --features=std"; do
    # shellcheck disable=SC2086 # two words
    check $features -Zbuild-std=std,panic_unwind --target "$system"
  done
done
echo "it is portable"
