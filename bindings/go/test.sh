#!/bin/sh
# Builds the library and the emulator, and runs the tests of the package against them. Needs Go, 1.19 or later, and a C
# compiler.
set -eu
cd "$(dirname "$0")"

if ! command -v go >/dev/null; then
    echo "SKIPPED: there is no go here"
    [ -z "${CI:-}" ] || exit 1
    exit 0
fi

# Cargo would take a relative one from here, and everything else from above.
target=$(cd ../.. && mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
CARGO_TARGET_DIR=$target cargo build --locked --manifest-path ../../Cargo.toml --package libxq --package xq-emulator

root=$(cd ../.. && pwd)
target=$target/debug
# What the person at this machine has set is for the real service.
unset XQ_API_KEY XQ_DASHBOARD_API_KEY XQ_LOCATOR_KEY XQ_BASE_URI XQ_CA_FILE
unset XQ_SUBSCRIPTION_URL XQ_VALIDATION_URL XQ_DASHBOARD_URL XQ_QUANTUM_URL
# Quotes, for paths with blanks.
export CGO_CFLAGS="'-I$root/include'" CGO_LDFLAGS="'-L$target' '-Wl,-rpath,$target'" XQ_EMULATOR="$target/xq-emulator"

unformatted=$(gofmt -l .)
[ -z "$unformatted" ] || { echo "gofmt -w: $unformatted"; exit 1; }
go vet ./...
# Not from the cache: the library may have changed.
exec go test -race -count=1 "$@" ./...
