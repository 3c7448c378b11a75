#!/bin/sh
# Prints the size of the shared library that `make install` installs, for servers and for boards, with TLS and sockets and
# without, and whose bytes they are: the figures of benches/README.md.
#
#     tests/size.sh [release] [board]     both, where none is named
#
# CARGO and RUSTC are the tools of Rust. Only where the source of the standard library is with them (rustup component add
# rust-src, or Debian's rust-web-src with CARGO=/usr/bin/cargo RUSTC=/usr/bin/rustc) is it built for size in the build for boards.
set -eu
cd "$(dirname "$0")/.."
CARGO_TARGET_DIR=$(mkdir -p "${CARGO_TARGET_DIR:-target}/size" && cd "${CARGO_TARGET_DIR:-target}/size" && pwd)
export CARGO_TARGET_DIR
# The names in what was built tell whose the bytes are; what is installed is stripped all the same.
export CARGO_PROFILE_RELEASE_STRIP=none CARGO_PROFILE_BOARD_STRIP=none

# size PROFILE SOCKETS WHAT
size() {
    stage=$CARGO_TARGET_DIR/installed
    rm -rf "$stage"
    make install PROFILE="$1" SOCKETS="$2" PREFIX=/ DESTDIR="$stage" >"$CARGO_TARGET_DIR/log" 2>&1 || {
        cat "$CARGO_TARGET_DIR/log"
        exit 1
    }
    grep '^build.sh:' "$CARGO_TARGET_DIR/log" || true
    printf '%s, %s: %s bytes\n' "$1" "$3" "$(wc -c <"$stage/lib/libxq.so")"
    whose "$(PROFILE="$1" SOCKETS="$2" packaging/build.sh --where)/libxq.so"
}

# Code and constants by the crate whose symbol they are under; inlined code counts where it went.
whose() {
    nm --demangle --radix=d --print-size "$1" | awk '
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
    readelf --section-headers --wide "$1" | awk '{ sub(/^ *\[ *[0-9]+\]/, "") } /^ \.(eh_frame|eh_frame_hdr|gcc_except_table|rela\.dyn|data\.rel\.ro) / { print $1, $5 }' |
        while read -r section bytes; do printf '%9d  %s\n' "0x$bytes" "$section"; done
}

[ $# -gt 0 ] || set -- release board
for profile in "$@"; do
    size "$profile" 1 "with TLS and sockets"
    size "$profile" 0 "without"
done
