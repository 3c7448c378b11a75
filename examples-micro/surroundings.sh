# What play.sh and measure.sh share: an emulator with a certificate for the meter, and how to run the board.

env_file="$BUILD/emulator.env"
log="$BUILD/emulator.log"

# What the person at this machine has set is for the real service.
unset XQ_API_KEY XQ_DASHBOARD_API_KEY XQ_LOCATOR_KEY XQ_BASE_URI XQ_CA_FILE
unset XQ_SUBSCRIPTION_URL XQ_VALIDATION_URL XQ_DASHBOARD_URL XQ_QUANTUM_URL

emulator= modem=
stop() {
    for process in $modem $emulator; do
        kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
}
trap stop EXIT
trap 'exit 1' HUP INT PIPE TERM

rm -f "$env_file" "$log" # an earlier run may have left them
"$EMULATOR" --env-file "$env_file" --device-cert "$BUILD" >"$log" 2>&1 &
emulator=$!

# Waits until there is a file of this name; the end of the process that makes it would make that a wait for ever.
await_file() {
    until [ -e "$1" ]; do
        kill -0 "$2" 2>/dev/null || { cat "$log"; echo "it has stopped, and there is no $1"; exit 1; }
        sleep 0.1
    done
}

await_file "$env_file" $emulator
. "$env_file"
emulator_port=${XQ_EMULATOR_ADMIN#http://127.0.0.1:}
emulator_port=${emulator_port%%/*}
./linked.sh >"$BUILD/linked.c"

say() { printf '\n== %s\n' "$*"; }

# Whether the last run has said so.
said() { grep -qF "$1" "$BUILD/said" || { echo "nobody said: $1"; exit 1; }; }

# What the next request to CALL meets, once: fault CALL ACTION
fault() {
    curl --silent --show-error --fail --header 'content-type: application/json' \
        --data "{\"on\":\"$1\",\"count\":1,\"do\":$2}" "$XQ_EMULATOR_ADMIN/faults"
}

# The firmware with what is linked in: build NAME
build() { make --silent "BUILD=$BUILD" "$BUILD/$1-$BOARD"; }

# Runs a firmware for SECONDS at the most: run NAME SECONDS [OPTION OF QEMU...]
run() {
    name=$1 seconds=$2
    shift 2
    rm -f "$BUILD/modem.port"
    python3 ./modem.py "$BUILD/modem.port" "$emulator_port" &
    modem=$!
    await_file "$BUILD/modem.port" $modem
    port=$(cat "$BUILD/modem.port")
    (
        cd "$BUILD"
        case $BOARD in
        host) XQ_LINE_PORT=$port exec timeout "$seconds" "./$name-host" ;;
        *) exec timeout "$seconds" qemu-system-arm -M mps2-an386 -display none -monitor none -semihosting \
            -serial null -serial "tcp:127.0.0.1:$port" "$@" -kernel "$name-mps2" 2>&1 ;;
        esac
    )
}
