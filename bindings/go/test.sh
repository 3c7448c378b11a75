#!/bin/sh
# Installs libxq into a folder of its own, finds it there by pkg-config, and runs the tests of the package against the
# emulator: with the shared library and, in part, with the static one. Then builds a module in a folder of its own that
# uses the package, as README.md says.
#
# Needs Go, 1.19 or later, a C compiler, pkg-config and readelf. Arguments go to `go test`.
set -eu
cd "$(dirname "$0")"

for tool in go pkg-config readelf; do
    command -v "$tool" >/dev/null && continue
    echo "SKIPPED: there is no $tool here"
    [ -z "${CI:-}" ] || exit 1
    exit 0
done

# Cargo would take a relative one from here, and everything else from above.
target=$(cd ../.. && mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
export CARGO_TARGET_DIR="$target"
cargo build --locked --manifest-path ../../Cargo.toml --package xq-emulator
prefix=$target/go-prefix
make --silent -C ../.. install PREFIX="$prefix" DESTDIR='' LIBDIR="$prefix/lib" INCLUDEDIR="$prefix/include"

# What the person at this machine has set is for the real service, and for another libxq.
unset XQ_API_KEY XQ_DASHBOARD_API_KEY XQ_LOCATOR_KEY XQ_BASE_URI XQ_CA_FILE
unset XQ_SUBSCRIPTION_URL XQ_VALIDATION_URL XQ_DASHBOARD_URL XQ_QUANTUM_URL
unset CGO_LDFLAGS LD_LIBRARY_PATH
# Go's cache looks at no file that is installed: it is told when they have changed.
installed=$(cat "$prefix/lib/pkgconfig/xq.pc" "$prefix/include/xq.h" | cksum)
export CGO_CFLAGS="-g -O2 -DXQ_TEST_INSTALLED=${installed%% *}"
export XQ_EMULATOR="$target/debug/xq-emulator" PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
# Nothing is fetched: the package needs no more than Go has.
export GOFLAGS='' GOPROXY=off GOWORK=off

say() { printf -- '-- %s\n' "$*"; }

# Whether a program asks for libxq.so when it starts.
is_shared() { readelf -d "$1" | grep -q 'NEEDED.*libxq\.so'; }

unformatted=$(gofmt -l .)
[ -z "$unformatted" ] || { echo "gofmt -w: $unformatted"; exit 1; }

say "with the shared library"
go vet ./...
# Not from the cache: the library may have changed.
LD_LIBRARY_PATH="$prefix/lib" go test -race -count=1 "$@" ./...

say "with the static library"
go vet -tags xq_static ./...
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go test -tags xq_static -c -o "$work/tests" .
if is_shared "$work/tests"; then echo "it wants libxq.so all the same"; exit 1; fi
"$work/tests" -test.run '^(Example|TestVersion|TestAMessage|TestAFile|TestAContextThatIsCanceled)' -test.v | tee "$work/said" | grep '^---' || true
grep -q '^--- PASS: ExampleAPI_EncryptAuto' "$work/said" && grep -q '^PASS$' "$work/said"

say "from a module of its own"
mkdir "$work/mine" "$work/other"
cp examples/share_key/main.go "$work/mine/"
cp examples/share_key/main.go "$work/other/"
package=$PWD
cd "$work/other"
# The lines of README.md, first with a workspace.
go mod init example.com/mine 2>/dev/null
GOWORK='' go work init . "$package"
GOWORK='' go build
cd "$work/mine"
go mod init example.com/mine 2>/dev/null
go mod edit -replace libxq.example/xq="$package"
go mod tidy 2>/dev/null
go build -o shared .
go build -tags xq_static -o static .
is_shared shared || { echo "the shared library is not linked"; exit 1; }
if is_shared static; then echo "it wants libxq.so all the same"; exit 1; fi
for program in shared static; do
    status=0
    LD_LIBRARY_PATH=$([ "$program" = static ] || echo "$prefix/lib") "./$program" jane@example.com joe@example.com \
        </dev/null >said 2>&1 || status=$?
    if [ "$status" -ne 1 ] || ! grep -q 'API key' said; then
        echo "$program, without an API key, says: $(cat said)"
        exit 1
    fi
done
say "all of it works"
