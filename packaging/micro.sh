#!/bin/sh
# Builds libxq for a board without an operating system, as `make micro TARGET=thumbv7em-none-eabihf` asks: libxq.a, whose
# symbols are xq_* alone, and xq.h, in $CARGO_TARGET_DIR/bare/TARGET.
#
# CROSS_COMPILE is what the names of the board's binutils begin with, such as arm-none-eabi-. CARGO and RUSTC are the tools
# of Rust, whose own part for the board comes with `rustup target add TARGET`, or is built along where its source is there
# (Debian's rust-web-src).
set -eu
target=${TARGET:-}
here=$(cd "$(dirname "$0")/.." && pwd)
directory=${CARGO_TARGET_DIR:-$here/target}
# What the linker is to put together, where that is not what it does by itself.
emulation=
case $target in
thumb*) CROSS_COMPILE=${CROSS_COMPILE:-arm-none-eabi-} ;;
riscv32*) CROSS_COMPILE=${CROSS_COMPILE:-riscv64-unknown-elf-} emulation=elf32lriscv ;;
"") echo "TARGET is missing: expected a board's, such as thumbv7em-none-eabihf" >&2 && exit 2 ;;
esac
export CROSS_COMPILE="${CROSS_COMPILE:-}"
cd "$here"
along=
if [ ! -d "$("${RUSTC:-rustc}" --print target-libdir --target "$target")" ]; then
    if [ ! -d "$("${RUSTC:-rustc}" --print sysroot)/lib/rustlib/src/rust/library" ] &&
        [ -d /usr/lib/rustlib/src/rust/library ]; then
        export CARGO=/usr/bin/cargo RUSTC=/usr/bin/rustc
    fi
    export RUSTC_BOOTSTRAP=1
    along=-Zbuild-std=core,alloc
fi
# Of the ciphers, the small form.
RUSTFLAGS="${RUSTFLAGS:-} --cfg aes_backend_soft=\"compact\" --cfg sha2_backend_soft=\"compact\"" \
    ${CARGO:-cargo} rustc --profile micro --locked --package libxq --lib --crate-type staticlib --no-default-features \
    --target "$target" $along
mkdir -p "$directory/bare/$target"
env ${emulation:+"LDEMULATION=$emulation"} packaging/hide.sh "$directory/$target/micro/libxq.a" "$directory/bare/$target/libxq.a"
cp include/xq.h "$directory/bare/$target/"
echo "$directory/bare/$target"
