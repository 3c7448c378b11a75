#!/bin/sh
# Prints the size of the shared library, stripped, with TLS and sockets and without, and whose bytes they are: the figures
# of the README. Where the source of Rust's standard library is there (rustup component add rust-src, or Debian's
# rust-web-src), also with that built for size and without backtraces, which asks the compiler for unstable options.
#
# Built as a shared library alone, which is what lets the whole of it be optimized at once; a plain `cargo build` also
# makes a Rust library, and with it a larger one.
set -eu
cd "$(dirname "$0")/.."
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}/size" && cd "${CARGO_TARGET_DIR:-target}/size" && pwd)

# size WHAT DIRECTORY OPTIONS...
size() {
    what=$1 built=$target/$2/libxq.so
    shift 2
    CARGO_TARGET_DIR="$target" cargo rustc --release --locked --quiet --package libxq --lib --crate-type cdylib "$@"
    strip -o "$target/stripped" "$built"
    printf '%s: %s bytes\n' "$what" "$(wc -c <"$target/stripped")"
}

# Code and constants by the crate whose symbol they are under; inlined code counts where it went.
whose() {
    nm --demangle --radix=d --print-size "$built" | awk '
        $3 ~ /[bB]/ || NF < 4 { next }
        {
            crate = match($0, /[a-z][a-z0-9_]*::/) ? substr($0, RSTART, RLENGTH - 2) : $4
            if (crate ~ /^(ring_core|ecp_|ring$)/) of = "ring"
            else if (crate ~ /^(rustls|rustls_pki_types|webpki)$/) of = "rustls and webpki"
            else if (crate ~ /^(ureq|ureq_proto|http|httparse|bytes)$/) of = "ureq and http"
            else if (crate ~ /^(xq_sealing|aes|cbc|ctr|sha2|md5|polyval|ghash|pbkdf2|hkdf|hmac|digest|cipher)$/)
                of = "sealing and its ciphers"
            else if (crate ~ /^xq/) of = "libxq"
            else if (crate ~ /^(rsa|crypto_bigint|der|pkcs1|pkcs8)$/) of = "rsa"
            else if (crate ~ /^(serde|serde_core|serde_json|zmij)$/) of = "serde"
            else if ($0 ~ /backtrace_rs/ || crate ~ /^(gimli|addr2line|miniz_oxide|rustc_demangle)$/) of = "backtraces of std"
            else of = "core, alloc, std and small ones"
            bytes[of] += $2
        }
        END { for (of in bytes) printf "%9d  %s\n", bytes[of], of }' | sort -rn
    readelf --section-headers --wide "$built" | awk '{ sub(/^ *\[ *[0-9]+\]/, "") } /^ \.(eh_frame|eh_frame_hdr|gcc_except_table|rela\.dyn|data\.rel\.ro) / { print $1, $5 }' |
        while read -r section bytes; do printf '%9d  %s\n' "0x$bytes" "$section"; done
}

size "with TLS and sockets" release
whose
size "without" release --no-default-features
whose
if [ -d "$(rustc --print sysroot)/lib/rustlib/src/rust/library" ]; then
    export RUSTC_BOOTSTRAP=1
    host=$(rustc -vV | sed -n 's/^host: //p')
    set -- --target "$host" -Zbuild-std=std,panic_unwind -Zbuild-std-features=panic-unwind,optimize_for_size
    size "with TLS and sockets, and std built for size" "$host/release" "$@"
    size "without, and std built for size" "$host/release" --no-default-features "$@"
else
    echo "SKIPPED: there is no source of Rust's standard library here"
fi
