#!/usr/bin/env bash
# Builds libxq for musl by one `make install`, shared and static, and plays the C examples over TLS with each: programs that
# musl's own loader starts, and programs that need nothing at all. What each wants where it runs is read from its file.
#
#     tests/musl.sh [--install]
#
# Needs Debian on x86-64: its musl-tools, and Rust's standard library for musl, either by `rustup target add
# x86_64-unknown-linux-musl` or from its source with Debian's own Rust. What is missing is installed with --install, or where
# CI is set; otherwise the script names it and stops.
set -euo pipefail
cd "$(dirname "$0")/.."

system=x86_64-unknown-linux-musl
warnings=(-std=c99 -Wall -Wextra -Wpedantic -Werror)
mkdir -p "${CARGO_TARGET_DIR:-target}"
target=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)
stage=$target/musl/installed

say() { printf '\n== %s (%s)\n' "$*" "$(date +%T)"; }

fail() {
  echo "$*"
  exit 1
}

packages=(musl-tools)
tools=()
if [ ! -d "$("${RUSTC:-rustc}" --print target-libdir --target "$system")" ]; then
  packages+=(rustc-web cargo-web rust-web-src)
  tools=(CARGO=/usr/bin/cargo RUSTC=/usr/bin/rustc)
fi

packages_are_there() {
  local missing=() package
  for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "${1:-}" != --install ] && [ -z "${CI:-}" ]; then
    fail "missing: ${missing[*]}; --install installs them"
  fi
  say "Debian packages: ${missing[*]}"
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"
}

# needed FILE: the shared libraries that it wants, in one line
needed() { LC_ALL=C readelf --dynamic "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort | xargs; }

# wants FILE LIBRARIES WHAT: it wants these alone, and the page says so of WHAT
wants() {
  [ "$(needed "$1")" = "$2" ] || fail "$1 wants $(needed "$1"), and was to want ${2:-nothing}"
  grep -q "^| $3.* | ${2:-nothing} " docs/systems.md || fail "docs/systems.md does not tell that the $3 wants ${2:-nothing}"
}

# Plays the examples: play KIND ARGUMENT..., the arguments being those that link
play() {
  local programs="$target/musl/$1" source name
  shift
  mkdir -p "$programs"
  for source in examples-c/*.c; do
    name=$(basename "$source" .c)
    case $name in
      # Parts of others, or with a TLS that is not there for musl.
      http_exchange | posix_* | mbedtls_transport | own_tls | own_transport) continue ;;
    esac
    musl-gcc "${warnings[@]}" -I"$stage/include" "$source" "$@" -o "$programs/$name"
  done
  printf '#!/bin/sh\nexec "%s" --tls "$@"\n' "$target/debug/xq-emulator" >"$programs/xq-emulator"
  chmod +x "$programs/xq-emulator"
  XQ_EMULATOR="$programs/xq-emulator" BUILD="$programs" examples-c/play.sh
}

packages_are_there "$@"
say "The emulator, for this machine"
cargo build --locked --package xq-emulator
say "The library, for musl"
rm -rf "$stage"
# It is played, not measured.
CARGO_TARGET_DIR="$target/musl" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
  make install TARGET="$system" PREFIX=/ DESTDIR="$stage" "${tools[@]}"
wants "$stage/lib/libxq.so" libc.so "shared library for musl"
if readelf --version-info "$stage/lib/libxq.so" | grep GLIBC; then fail "it wants glibc"; fi

say "What unwinds a panic finds its way"
cat >"$target/musl/unwind.c" <<'C'
#include <unwind.h>
static _Unwind_Reason_Code frame(struct _Unwind_Context *context, void *count) {
    ++*(int *)count;
    return context ? _URC_NO_REASON : _URC_END_OF_STACK;
}
static int frames(void) {
    int count = 0;
    _Unwind_Backtrace(frame, &count);
    return count;
}
int main(void) { return frames() >= 2 ? 0 : 1; }
C
read -ra private <<<"$(sed -n 's/^Libs.private: //p' "$stage/lib/pkgconfig/xq.pc")"
for linked in -static -pie; do
  musl-gcc $linked -funwind-tables "$target/musl/unwind.c" packaging/musl/find_object.c "${private[@]}" -o "$target/musl/unwind"
  "$target/musl/unwind" || fail "packaging/musl/find_object.c does not find the program that it is in"
done
readelf --segments --wide "$stage/lib/libxq.so" | grep -q GNU_EH_FRAME || fail "the shared library does not tell where it is unwound"

say "Shared"
play shared -L"$stage/lib" -lxq -Wl,-rpath,"$stage/lib"
say "Static"
play static -static "$stage/lib/libxq.a" "${private[@]}"
wants "$target/musl/static/first" "" "program with the static library for musl"
say "all are well"
