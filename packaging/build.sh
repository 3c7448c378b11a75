#!/bin/sh
# Builds libxq, shared and static, as `make build` asks. With --where it builds nothing and prints the directory of it.
#
# PROFILE is release, for servers and desktops, or board, for size. SOCKETS=0 leaves sockets and TLS out. TARGET is another
# system to build for, such as aarch64-unknown-linux-gnu, and CROSS_COMPILE what the names of its C compiler and binutils
# begin with, such as aarch64-linux-gnu-. CARGO and RUSTC are the tools of Rust.
set -eu
profile=${PROFILE:-release} sockets=${SOCKETS:-1} target=${TARGET:-}
rustc=${RUSTC:-rustc}
here=$(cd "$(dirname "$0")/.." && pwd)
directory=${CARGO_TARGET_DIR:-$here/target}

case $profile in
release | board) ;;
*) echo "PROFILE=$profile: expected release or board" >&2 && exit 2 ;;
esac

# Flags for what is built must not reach the build scripts, which is what naming the system does.
[ "$profile" = release ] || target=${target:-$("$rustc" -vV | sed -n 's/^host: //p')}

if [ "${1:-}" = --where ]; then
    echo "$directory${target:+/$target}/$profile"
    exit
fi

# takes FLAG...: whether the compiler knows them
takes() { "$rustc" "$@" --print cfg >/dev/null 2>&1; }

set -- --profile "$profile" --locked --package libxq --lib --crate-type cdylib,staticlib
[ "$sockets" != 0 ] || set -- "$@" --no-default-features --features std
[ -z "$target" ] || set -- "$@" --target "$target"
if [ -n "${CROSS_COMPILE:-}" ] && [ -n "$target" ]; then
    name=$(echo "$target" | tr 'a-z-' 'A-Z_')
    export "CARGO_TARGET_${name}_LINKER=${CROSS_COMPILE}gcc" "CC_$(echo "$target" | tr - _)=${CROSS_COMPILE}gcc"
fi
if [ "$profile" = board ]; then
    # Of the ciphers, the small form where the processor has no instructions for them.
    flags='-Cforce-unwind-tables=no --cfg aes_backend_soft="compact" --cfg sha2_backend_soft="compact"'
    # No gaps between code and constants, so as to map them apart.
    case $target in *linux*) flags="$flags -Clink-arg=-Wl,-z,noseparate-code" ;; esac
    if [ -d "$("$rustc" --print sysroot)/lib/rustlib/src/rust/library" ]; then
        export RUSTC_BOOTSTRAP=1
        set -- "$@" -Zbuild-std=std,panic_abort -Zbuild-std-features=optimize_for_size
        # A panic is one instruction then, without the words that nobody would see.
        ! takes -Zunstable-options -Cpanic=immediate-abort || flags="$flags -Zunstable-options -Cpanic=immediate-abort"
    else
        echo "build.sh: there is no source of Rust's standard library here (rust-src), so it is the large one" >&2
    fi
    export RUSTFLAGS="${RUSTFLAGS:-} $flags"
fi
cd "$here"
set -x
# shellcheck disable=SC2086 # it may be `cargo +nightly`
exec ${CARGO:-cargo} rustc "$@"
