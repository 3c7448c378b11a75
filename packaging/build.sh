#!/bin/sh
# Builds libxq, shared and static, as `make build` asks, and prints the path of each file that cargo says it built, and of what
# is to go into the static library besides. With --where it prints the directory of them instead.
#
# PROFILE is release, for servers and desktops, or board, for size. SOCKETS=0 leaves sockets and TLS out. TARGET is another
# system to build for, such as aarch64-unknown-linux-gnu; without it, it is the one that cargo's configuration names, or
# this one. CROSS_COMPILE is what the names of its C compiler and binutils begin with, such as aarch64-linux-gnu-. CARGO and
# RUSTC are the tools of Rust.
set -eu
asked=${1:-} profile=${PROFILE:-release} sockets=${SOCKETS:-1} target=${TARGET:-}
rustc=${RUSTC:-rustc}
# It may be `cargo +nightly`, of two words.
cargo=${CARGO:-cargo}
here=$(cd "$(dirname "$0")/.." && pwd)
cd "$here"

refuse() {
    echo "build.sh: $*" >&2
    exit 2
}

# configured KEY: what cargo's configuration says, or the variable that stands for it; cargo tells this only where it may be
# asked for what is unstable
configured() {
    RUSTC_BOOTSTRAP=1 $cargo -Zunstable-options config get --format json-value "$1" 2>/dev/null | tr -d '"'
}

# takes FLAG...: whether the compiler knows them
takes() { "$rustc" "$@" --print cfg >/dev/null 2>&1; }

# The paths in what cargo tells in JSON, one to a line.
files() {
    sed -n '/"reason":"compiler-artifact"/{/"name":"xq"/s/.*"filenames":\["\(.*\)"\],"executable":.*/\1/p;}' |
        sed -e 's/","/\
/g' -e 's/\\\(["\\]\)/\1/g'
}

case $profile in
release | board) ;;
*) refuse "PROFILE=$profile: expected release or board" ;;
esac

host=$("$rustc" -vV | sed -n 's/^host: //p')
target=${target:-$(configured build.target)}
case $target in \[*) refuse "cargo's configuration names several systems, $target: expected one, such as TARGET=$host" ;; esac

# Flags for what is built must not reach the build scripts, which is what naming the system does.
case $profile:$target:$host in
board:* | release::*-musl*) target=${target:-$host} ;;
esac

set -- --profile "$profile" --locked --package libxq --lib --crate-type cdylib,staticlib
[ "$sockets" != 0 ] || set -- "$@" --no-default-features --features std
[ -z "$target" ] || set -- "$@" --target "$target"

flags='' musl_gcc=''
linker=CARGO_TARGET_$(echo "$target" | tr 'a-z.-' 'A-Z__')_LINKER compiler=CC_$(echo "$target" | tr .- __)
# What cargo's configuration names is for this system already, as in Yocto and OpenWrt.
named=${target:+$(configured "target.$target.linker")}
if [ -n "${CROSS_COMPILE:-}" ] && [ -n "$target" ] && [ -z "$named" ]; then
    named=${CROSS_COMPILE}gcc
    export "$linker=$named" "$compiler=$named"
fi
case $target in
*-linux-musl*)
    # Without this word cargo builds no shared library, and says nothing of it.
    flags=-Ctarget-feature=-crt-static
    # Debian's compiler for musl, where nobody names another.
    if [ "$target" != "$host" ] && [ -z "$named" ]; then
        musl_gcc=yes
        case $target in
        x86_64-* | aarch64-*) [ "${target%%-*}" = "${host%%-*}" ] && command -v musl-gcc >/dev/null || musl_gcc= ;;
        *) musl_gcc= ;;
        esac
        if [ -z "$musl_gcc" ]; then
            refuse "no C compiler for $target: expected musl-gcc (Debian's musl-tools, for this processor alone)," \
                "or CROSS_COMPILE, or $linker and $compiler"
        fi
        export "$linker=$here/packaging/musl/gcc.sh" "$compiler=musl-gcc"
    fi
    ;;
esac

source=$("$rustc" --print sysroot)/lib/rustlib/src/rust/library
if [ "$profile" = board ]; then
    # Of the ciphers, the small form where the processor has no instructions for them.
    flags="$flags -Cforce-unwind-tables=no --cfg aes_backend_soft=\"compact\" --cfg sha2_backend_soft=\"compact\""
    # No gaps between code and constants, so as to map them apart.
    case $target in *linux*) flags="$flags -Clink-arg=-Wl,-z,noseparate-code" ;; esac
    if [ -d "$source" ]; then
        export RUSTC_BOOTSTRAP=1
        set -- "$@" -Zbuild-std=std,panic_abort -Zbuild-std-features=optimize_for_size
        # A panic is one instruction then, without the words that nobody would see.
        ! takes -Zunstable-options -Cpanic=immediate-abort || flags="$flags -Zunstable-options -Cpanic=immediate-abort"
    else
        echo "build.sh: there is no source of Rust's standard library here (rust-src), so it is the large one" >&2
    fi
elif [ -n "$target" ] && [ -d "$source" ] && [ ! -d "$("$rustc" --print target-libdir --target "$target")" ]; then
    export RUSTC_BOOTSTRAP=1
    set -- "$@" -Zbuild-std=std,panic_unwind
fi
if [ -n "$flags" ]; then
    # Cargo takes flags from one place alone.
    [ -z "${CARGO_ENCODED_RUSTFLAGS:-}" ] || refuse "CARGO_ENCODED_RUSTFLAGS hides what this build needs: expected RUSTFLAGS"
    export RUSTFLAGS="${RUSTFLAGS:-} $flags"
fi

echo "+ $cargo rustc $*" >&2
# Not a path that is guessed: what an earlier build for another system left there is not what was built.
told=$($cargo rustc "$@" --message-format=json-render-diagnostics)
built=$(printf '%s\n' "$told" | files)
if [ "$(printf '%s\n' "$built" | grep -c '/libxq\.a$')" -gt 1 ]; then
    refuse "cargo built for several systems: expected one, such as TARGET=$host"
fi
where=$(dirname "$(printf '%s\n' "$built" | grep '/libxq\.a$')")
if [ "$asked" = --where ]; then
    printf '%s\n' "$where"
    exit
fi
printf '%s\n' "$built"
# What unwinds, as packaging/musl/gcc.sh has it in the shared library.
if [ -n "$musl_gcc" ]; then
    musl-gcc -O2 -fPIC -c packaging/musl/find_object.c -o "$where/find_object.o"
    printf '%s\n' "$where/find_object.o" "$(musl-gcc -print-file-name=libgcc_eh.a)"
fi
