#!/bin/sh
# Starts an emulator, plays each example against it as a person would, and stops it. Fails if anything fails.
#
# XQ_EMULATOR is the emulator's program, BUILD the examples' directory, RUN an optional command in front of each one.
set -eu

env_file="$BUILD/emulator.env"
log="$BUILD/emulator.log"
pipe="$BUILD/answers"

# What the person at this machine has set is for the real service.
unset XQ_API_KEY XQ_DASHBOARD_API_KEY XQ_LOCATOR_KEY XQ_BASE_URI XQ_CA_FILE
unset XQ_SUBSCRIPTION_URL XQ_VALIDATION_URL XQ_DASHBOARD_URL XQ_QUANTUM_URL

rm -f "$env_file" "$log" "$BUILD/tls.env" # an earlier run may have left them
"$XQ_EMULATOR" --env-file "$env_file" --device-cert "$BUILD" >"$log" 2>&1 &
emulator=$!
# Another one, under TLS.
over_tls=
stop() {
    for process in $emulator $over_tls; do
        kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    rm -f "$pipe"
}
trap stop EXIT
trap 'exit 1' INT TERM

# Waits until the command succeeds; the emulator's end would make that a wait for ever.
await() {
    until "$@"; do
        { kill -0 $emulator && kill -0 ${over_tls:-$emulator}; } 2>/dev/null || {
            cat "$log"
            echo "the emulator has stopped"
            exit 1
        }
        sleep 0.1
    done
}

await test -f "$env_file"
. "$env_file"

say() { printf '\n== %s\n' "$*"; }

run() { ${RUN:-} "$BUILD/$@"; }

mailed_to() { grep -q "^mail to $1: PIN" "$log"; }

# Plays an example that asks for the PIN mailed to ADDRESS: play_with_pin ADDRESS EXAMPLE ARGUMENT...
play_with_pin() {
    address=$1
    shift
    rm -f "$pipe"
    mkfifo "$pipe"
    run "$@" <"$pipe" &
    example=$!
    # Held open until the answer is given, so that the example waits for it; an example that gives up ends the wait.
    exec 3>"$pipe"
    until mailed_to "$address"; do
        kill -0 $example 2>/dev/null || break
        await true
        sleep 0.1
    done
    sed -n "s/^mail to $address: PIN //p" "$log" >&3
    exec 3>&-
    wait $example
}

umask 077

say first
run first

say sign_in
for name in sender recipient stranger; do
    play_with_pin "$name@example.com" sign_in "$name@example.com" "$BUILD/$name.token"
done

say seal_message
run seal_message recipient@example.com "$BUILD/sender.token" "$BUILD/recipient.token" "$BUILD/stranger.token"

say seal_file
rm -rf "$BUILD/opened" "$BUILD/letter.txt.xq"
mkdir "$BUILD/opened"
head -c 3000000 "$XQ_EMULATOR" >"$BUILD/letter.txt"
run seal_file seal "$BUILD/sender.token" "$BUILD/letter.txt" "$BUILD/letter.txt.xq" recipient@example.com
run seal_file open "$BUILD/recipient.token" "$BUILD/letter.txt.xq" "$BUILD/opened"
cmp "$BUILD/letter.txt" "$BUILD/opened/letter.txt"

say seal_stream
run seal_stream sensor-2 recipient@example.com

say share_key
run share_key recipient@example.com "$BUILD/sender.token" "$BUILD/recipient.token" "$BUILD/stranger.token"

say device
run device sensor-1 42

say device_cert
run device_cert "$XQ_DEVICE_CERT_ID" "$XQ_DEVICE_CERT_DIR/client.crt" "$XQ_DEVICE_CERT_DIR/transport.key" \
    "$XQ_DEVICE_CERT_DIR/client.key"

say provision
run provision "$BUILD/sender.token" sensor-2

say team
run team "$BUILD/sender.token" recipient@example.com stranger@example.com

# Its transport has no TLS.
case $XQ_SUBSCRIPTION_URL in
http://*)
    say own_transport
    run own_transport device-7
    ;;
esac

# Where mbedTLS is not, it is not built.
if [ -x "$BUILD/own_tls" ]; then
    say own_tls
    "$XQ_EMULATOR" --tls --env-file "$BUILD/tls.env" >"$BUILD/tls.log" 2>&1 &
    over_tls=$!
    await test -f "$BUILD/tls.env"
    (
        . "$BUILD/tls.env"
        root=$XQ_CA_FILE
        unset XQ_CA_FILE
        run own_tls device-8 "$root"
    )
fi

say account
run account "$BUILD/stranger.token"

say "every example did what it should"
