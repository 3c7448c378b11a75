#!/bin/sh
# Builds libxq for a board without an operating system, as `make micro TARGET=thumbv7em-none-eabihf` asks: libxq.a, whose
# symbols are xq_* alone, and xq.h, in $CARGO_TARGET_DIR/bare/TARGET.
#
# CROSS_COMPILE is what the names of the board's binutils begin with, such as arm-none-eabi-. Rust's own part for the board
# comes with `rustup target add TARGET`.
set -eu
target=${TARGET:-}
here=$(cd "$(dirname "$0")/.." && pwd)
directory=${CARGO_TARGET_DIR:-$here/target}
case $target in
thumb*) CROSS_COMPILE=${CROSS_COMPILE:-arm-none-eabi-} ;;
riscv32*) CROSS_COMPILE=${CROSS_COMPILE:-riscv64-unknown-elf-} ;;
"") echo "TARGET is missing: expected a board's, such as thumbv7em-none-eabihf" >&2 && exit 2 ;;
esac
export CROSS_COMPILE="${CROSS_COMPILE:-}"
cd "$here"
# Of the ciphers, the small form.
RUSTFLAGS="${RUSTFLAGS:-} --cfg aes_backend_soft=\"compact\" --cfg sha2_backend_soft=\"compact\"" \
    ${CARGO:-cargo} rustc --profile micro --locked --package libxq --lib --crate-type staticlib --no-default-features \
    --target "$target"
mkdir -p "$directory/bare/$target"
packaging/hide.sh "$directory/$target/micro/libxq.a" "$directory/bare/$target/libxq.a"
cp include/xq.h "$directory/bare/$target/"
echo "$directory/bare/$target"
