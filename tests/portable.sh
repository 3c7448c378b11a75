#!/usr/bin/env bash
# Checks that the library compiles for other operating systems and processors, and for boards without an operating system,
# without a warning: what is Linux's alone stands behind a cfg. Nothing is linked or run, and the C of ring is left out.
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

# With sockets.
systems=(x86_64-pc-windows-gnu aarch64-apple-darwin)
# Without: for iOS ring wants Xcode.
small=(aarch64-apple-ios aarch64-linux-android x86_64-unknown-freebsd
  i686-unknown-linux-gnu riscv64gc-unknown-linux-gnu s390x-unknown-linux-gnu riscv32imac-esp-espidf)
boards=(thumbv7em-none-eabihf thumbv8m.main-none-eabihf riscv32imac-unknown-none-elf)

# No compiler for these is needed to check Rust.
for target in "${systems[@]//-/_}"; do
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
# One cargo for all of a kind: they are checked side by side, and what runs on this machine is built once.
what=${*: -1}
if [ "$what" != systems ]; then
  check --no-default-features -Zbuild-std=core,alloc "${boards[@]/#/--target=}"
fi
if [ "$what" != boards ]; then
  std=-Zbuild-std=std,panic_unwind,panic_abort
  check --all-features "$std" "${systems[@]/#/--target=}"
  check --no-default-features --features=std "$std" "${small[@]/#/--target=}"
fi
echo "it is portable"
