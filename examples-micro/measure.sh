#!/bin/sh
# Prints the figures of the README: flash and whose bytes it is, for everything that libxq has and for a program that signs in
# by its certificate and seals; then heap, stack and instructions of each kind of call, as measured on QEMU's board.
#
# EMULATOR is the emulator's program, BUILD the directory of what is built, MICRO that of archive and header, BOARD mps2.
set -eu
HEAP_KB=64
export HEAP_KB
. ./surroundings.sh

# Flash by the crate whose symbol it is under; inlined code counts where it went.
whose() {
    total=$(arm-none-eabi-size "$1" | awk 'NR == 2 { print $1 + $2 }')
    printf '%9d  bytes of flash\n' "$total"
    arm-none-eabi-nm --demangle --radix=d --print-size "$1" | awk -v total="$total" '
        NF < 4 || $3 ~ /[bBnN]/ { next }
        {
            crate = match($0, /[a-z][a-z0-9_]*::/) ? substr($0, RSTART, RLENGTH - 2) : $4
            if (crate ~ /^(xq_sealing|aes|aes_gcm|cbc|ctr|sha2|md5|polyval|ghash|pbkdf2|hkdf|hmac|digest|cipher|block_buffer|inout)$/)
                of = "sealing and its ciphers"
            else if (crate ~ /^xq/) of = "libxq"
            else if (crate ~ /^(rsa|crypto_bigint|der|pkcs1|pkcs8|spki)$/) of = "rsa"
            else if (crate ~ /^(serde|serde_core|serde_json|zmij|itoa)$/) of = "serde"
            else if (crate ~ /^(core|alloc|compiler_builtins|memchr|base64|hex|percent_encoding|zeroize)$/) of = "core, alloc and small ones"
            else if (crate ~ /^linked_/) of = "what is linked in for the device"
            else if (crate ~ /^anon/) of = "texts and tables without a name"
            else if ($0 ~ /::/) of = "core, alloc and small ones"
            else of = "the firmware and newlib"
            bytes[of] += $2
            total -= $2
        }
        END {
            bytes["texts and tables without a name"] += total
            for (of in bytes) printf "%9d    %s\n", bytes[of], of
        }' | sort -rn
}

say "Flash, everything that the header has"
build smallest
# Each function of the header is asked for, so that the linker leaves none out.
everything=$(arm-none-eabi-nm --defined-only "$MICRO/libxq.a" | awk '$2 == "T" && $3 ~ /^xq_/ { printf " -Wl,-u,%s", $3 }')
mv "$BUILD/smallest-mps2" "$BUILD/smallest-alone"
make --silent "BUILD=$BUILD" "BOARD_LINK=-nostdlib -Wl,--gc-sections,-z,noexecstack -T mps2.ld $everything" "$BUILD/smallest-mps2"
whose "$BUILD/smallest-mps2"

say "Flash, sign-in by a certificate and sealing alone"
whose "$BUILD/smallest-alone"
rm "$BUILD/smallest-mps2"

say "The most heap and stack in bytes, and instructions; a certificate with 2048 bits"
build measure
run measure 300 -icount shift=0

say "The same with 4096 bits, which the emulator does not issue: what it would grant is made here"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:4096 -out "$BUILD/client.key" 2>/dev/null
"$BUILD/grant" token >"$BUILD/token"
openssl pkeyutl -encrypt -inkey "$BUILD/client.key" -in "$BUILD/token" | base64 -w 0 >"$BUILD/token.sealed"
granted=$(printf '{"access_token":"%s"}' "$(cat "$BUILD/token.sealed")" |
    "$BUILD/grant" seal "$(cat "$BUILD/transport.key")" | base64 -w 0)
fault "subscription/authorize/certificate/$XQ_DEVICE_CERT_ID" "{\"reply\":{\"status\":200,\"body\":\"$granted\"}}"
./linked.sh >"$BUILD/linked.c"
build measure
run measure 300 -icount shift=0
