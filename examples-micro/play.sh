#!/bin/sh
# Plays the firmware: starts an emulator, which issues a certificate, links it in, runs the board with a modem on its serial
# line, and opens on the host what the board has sealed. Fails if anything fails.
#
# EMULATOR is the emulator's program, BUILD the directory of what is built, BOARD mps2 for QEMU's or host for this machine.
set -eu
. ./surroundings.sh

say "the serial line, its time limit"
"$BUILD/limits"

say "the operator seals a message for the meter"
"$BUILD/operator" seal "meter-7@$XQ_DEVICE_CERT_ID.certificate.local" "read every hour" "$BUILD/message.xq"

# What the meter meets as it asks for its settings, one after the other.
fault subscription/settings '"stall"'
fault subscription/settings '"stall-body"'
fault subscription/settings '"cut"'
fault subscription/settings '"close"'
fault subscription/settings '"endless-body"'
fault subscription/settings '{"raw":"What is this?\r\n\r\n"}'
fault subscription/settings '{"raw":"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\n{\"new\r\n20\r\nsletter\":true,\"notifications\":1}\r\n0\r\n\r\n"}'
fault subscription/settings '{"raw":"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{\"newsletter\":true"}'
# As many bytes too few as the modem's words have.
fault subscription/settings '{"raw":"HTTP/1.1 200 OK\r\ncontent-length: 51\r\n\r\n{\"newsletter\":true,\"notifications\":1}"}'
# As many bytes as the meter takes, and far more in memory as values of JSON.
fault subscription/settings "{\"reply\":{\"status\":403,\"body\":\"[$(printf '0,%.0s' $(seq 2000))0]\"}}"

say "the meter"
build firmware
rm -f "$BUILD/reading.xq"
# Each message of the board is one line here, so that what it met can be looked for.
run firmware 180 >"$BUILD/said" && ended=0 || ended=$?
cat "$BUILD/said"
said "The firmware has done what it should."
if grep -F "holds memory still" "$BUILD/said"; then exit 1; fi
[ "$BOARD" = host ] || {
    said "no random bytes: XQ_CRYPTO"
    said "started anew: memory was used up"
}

say "the operator opens the reading"
"$BUILD/operator" open "$BUILD/reading.xq" | tee "$BUILD/said"
said "The meter says: 2026-11-28T08:00:00Z;meter-7;21.5 kWh"
