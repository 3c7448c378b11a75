#!/bin/sh
# Builds the library and the emulator, and runs the tests of xq.py against them. Needs python3, 3.9 or later;
# PYTHON names another.
set -eu
cd "$(dirname "$0")"

if ! command -v "${PYTHON:-python3}" >/dev/null; then
    echo "SKIPPED: there is no ${PYTHON:-python3} here"
    [ -z "${CI:-}" ] || exit 1
    exit 0
fi

# Cargo would take a relative one from here, and everything else from above.
target=$(cd ../.. && mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
CARGO_TARGET_DIR=$target cargo build --locked --manifest-path ../../Cargo.toml --package libxq --package xq-emulator

target=$target/debug
library=$target/libxq.so
[ -e "$library" ] || library=$target/libxq.dylib
# What the person at this machine has set is for the real service.
unset XQ_API_KEY XQ_DASHBOARD_API_KEY XQ_LOCATOR_KEY XQ_BASE_URI XQ_CA_FILE
unset XQ_SUBSCRIPTION_URL XQ_VALIDATION_URL XQ_DASHBOARD_URL XQ_QUANTUM_URL
export XQ_LIBRARY="$library" XQ_EMULATOR="$target/xq-emulator" PYTHONDONTWRITEBYTECODE=1

exec "${PYTHON:-python3}" -W error -m unittest discover --top-level-directory . --start-directory tests "$@"
