#!/bin/sh
# Installs libxq into a folder of its own, moves that folder, and links a program with what is there in each way that the
# README names: pkg-config, shared and static; CMake, shared and static; clang's module; beside another Rust static
# library; without any shared library; cargo-c. Then takes it away again. Holds make install to what cargo built.
#
# Needs cc, readelf, pkg-config, cmake, clang, objcopy and rustc; with CARGO_CINSTALL=1, cargo-c. What is missing is
# skipped with a word; with CI set it is a failure.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
emulator=
trap '[ -z "$emulator" ] || kill "$emulator"; rm -rf "$work"' EXIT
mkdir -p "${CARGO_TARGET_DIR:-$root/target}"
CARGO_TARGET_DIR=$(cd "${CARGO_TARGET_DIR:-$root/target}" && pwd)
export CARGO_TARGET_DIR
cd "$work"

has() {
    command -v "$1" >/dev/null && return 0
    [ -z "${CI:-}" ] || { echo "$1 is missing, and CI must have it"; exit 1; }
    echo "SKIPPED: there is no $1 here"
    return 1
}

say() { printf -- '-- %s\n' "$*"; }

cat >program.c <<'C'
#include <stdio.h>
#include <string.h>
#include <xq.h>
int main(void) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    int same = strcmp(xq_version(), XQ_VERSION) == 0;
    xq_status_t status = xq_config_set_api_key(config, "key", NULL);
    if (status == XQ_OK) status = xq_api_new(config, &api, NULL);
    xq_api_free(api);
    xq_config_free(config);
    puts(xq_status_name(status));
    return status == XQ_OK && same ? 0 : 1;
}
C

say "make help"
for target in $(sed -n 's/^\.PHONY: //p' "$root/Makefile"); do
    make -s -C "$root" help | grep -q "^  make $target  " || { echo "make help does not tell of make $target"; exit 1; }
done

say "make install"
# Blanks on purpose.
make -C "$root" install PREFIX='/opt/x q' DESTDIR="$work/the stage" >told
mkdir moved
mv 'the stage/opt/x q' 'moved/x q'
prefix="$work/moved/x q"
lib="$prefix/lib"
readelf -d "$lib/libxq.so" | grep -q 'SONAME.*libxq.so.0.1]'
cmp "$root/LICENSE-MIT" "$prefix/share/doc/libxq/LICENSE-MIT"
cmp "$root/LICENSE-APACHE" "$prefix/share/doc/libxq/LICENSE-APACHE"

say "what it wants where it runs"
# Nobody's words but the dynamic linker's own.
for wanted in $(LC_ALL=C ldd "$lib/libxq.so" | sed -n 's/^[[:space:]]*\([^ ]*\.so[^ ]*\).*/\1/p' | sed 's|.*/||' | grep -v vdso); do
    grep -q "^it runs with.* $wanted" told || { cat told; echo "make install does not tell of $wanted"; exit 1; }
done
glibc=$(objdump -T "$lib/libxq.so" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -V | tail -n 1)
grep -q "glibc $glibc or newer" told || { cat told; echo "make install does not tell that it wants glibc $glibc"; exit 1; }
# What a build wants depends on the glibc that it is built with.
if grep -q '^VERSION_ID="12"' /etc/os-release && ! grep -q "Debian 12 .*glibc $glibc or newer" "$root/docs/systems.md"; then
    echo "docs/systems.md does not tell that a build on Debian 12 wants glibc $glibc"
    exit 1
fi

if has pkg-config; then
    # The prefix as it is now, since the folder was moved.
    pc() {
        PKG_CONFIG_PATH="$lib/pkgconfig" pkg-config --define-variable=prefix="$prefix" \
            --define-variable=includedir="$prefix/include" "$@" xq
    }
    say "pkg-config $(pc --modversion)"
    eval "cc -std=c99 program.c $(pc --define-variable=libdir="$lib" --cflags --libs) '-Wl,-rpath,$lib' -o shared"
    ./shared
    say "pkg-config --static"
    # Alone, since the linker takes the shared library where it has both.
    mkdir 'only static'
    cp "$lib/libxq.a" 'only static/'
    eval "cc -std=c99 program.c $(pc --define-variable=libdir="$work/only static" --static --cflags --libs) -o static"
    ./static
    if ldd static | grep -q libxq; then echo "it is not static"; exit 1; fi
    say "pkg-config --static, and nothing shared"
    for compiler in gcc clang; do
        has $compiler || continue
        # It warns that the look-up of names wants glibc's shared libraries all the same.
        eval "$compiler -static -std=c99 program.c $(pc --define-variable=libdir="$lib" --static --cflags --libs) -o all-static" 2>/dev/null
        ./all-static
        if readelf -d all-static | grep -q NEEDED; then echo "it is not static"; exit 1; fi
    done
    say "such a program, over TLS"
    eval "cc -static -std=c99 '$root/examples-c/first.c' $(pc --define-variable=libdir="$lib" --static --cflags --libs) -o first" 2>/dev/null
    cargo build --quiet --locked --manifest-path "$root/Cargo.toml" --package xq-emulator
    "$CARGO_TARGET_DIR/debug/xq-emulator" --tls --env-file "$work/emulator.env" >emulator.log 2>&1 &
    emulator=$!
    until [ -e emulator.env ]; do
        kill -0 "$emulator" || { cat emulator.log; exit 1; }
        sleep 0.1
    done
    (. ./emulator.env && ./first)
    kill "$emulator"
    emulator=
fi

if has cmake; then
    say "find_package(xq)"
    mkdir cmake
    cp program.c cmake/
    cat >cmake/CMakeLists.txt <<'C'
cmake_minimum_required(VERSION 3.13)
project(program C)
find_package(xq 0.1 REQUIRED)
add_executable(shared program.c)
target_link_libraries(shared xq::xq)
add_executable(static program.c)
target_link_libraries(static xq::xq_static)
add_executable(all_static program.c)
target_link_libraries(all_static xq::xq_static -static)
C
    cmake -S cmake -B cmake/build -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
    # Of glibc in the one without anything shared, the linker warns.
    cmake --build cmake/build >cmake.log 2>&1 || { cat cmake.log; exit 1; }
    cmake/build/shared
    cmake/build/static
    cmake/build/all_static
    if readelf -d cmake/build/all_static | grep -q NEEDED; then echo "it is not static"; exit 1; fi
    # Elsewhere than below the prefix, it is found by its whole path.
    make -C "$root" install PREFIX="$work/apart" LIBDIR="$work/lib 64" INCLUDEDIR="$work/headers" >/dev/null
    cmake -S cmake -B cmake/apart -Dxq_DIR="$work/lib 64/cmake/xq" >/dev/null
    cmake --build cmake/apart >cmake.log 2>&1 || { cat cmake.log; exit 1; }
    cmake/apart/shared
    sed 's/xq 0.1/xq 0.2/' cmake/CMakeLists.txt >cmake/other
    mv cmake/other cmake/CMakeLists.txt
    if cmake -S cmake -B cmake/other -DCMAKE_PREFIX_PATH="$prefix" >/dev/null 2>&1; then
        echo "version 0.2 was found, and 0.1 is what there is"
        exit 1
    fi
fi

if has clang; then
    say "import CXQ"
    printf '#pragma clang module import CXQ\nint main(void) { return xq_version() == 0; }\n' >module.c
    clang -fsyntax-only -fmodules -fmodules-cache-path="$work/modules" -I"$prefix/include/CXQ" module.c
fi

if has objcopy && has rustc; then
    say "beside another Rust static library"
    cat >other.rs <<'C'
#[unsafe(no_mangle)]
pub extern "C" fn other_answer() -> i32 {
    let texts: Vec<String> = (0..42).map(|n| n.to_string()).collect();
    std::collections::HashMap::<usize, String>::from_iter(texts.into_iter().enumerate()).len() as i32
}
C
    # Not optimized across crates, so that it brings all of Rust's own symbols with it.
    rustc --edition 2024 --crate-type staticlib other.rs -o libother.a
    sed 's/int main(void) {/int other_answer(void);\nint main(void) {\n    if (other_answer() != 42) return 2;/' program.c >both.c
    cc -std=c99 both.c -I"$prefix/include" -Wl,--whole-archive "$lib/libxq.a" libother.a -Wl,--no-whole-archive \
        -lutil -lrt -lpthread -lm -ldl -o both
    ./both
    hidden=$(nm -g --defined-only "$lib/libxq.a" 2>/dev/null | sed -n 's/.* [A-Z] //p' | grep -v '^xq_' || true)
    [ -z "$hidden" ] || { echo "the static library shows more than xq_*: $hidden"; exit 1; }
fi

if [ -n "${CARGO_CINSTALL:-}" ]; then
    say "cargo cinstall"
    # What is installed where is looked at, not how fast it is.
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        cargo cinstall --manifest-path "$root/Cargo.toml" --locked --prefix=/opt/xq --libdir=lib \
        --destdir="$work/cargo-c" >cargo-c.log 2>&1 || { cat cargo-c.log; exit 1; }
    lib="$work/cargo-c/opt/xq/lib"
    cc -std=c99 program.c -I"$work/cargo-c/opt/xq/include" -L"$lib" -lxq -Wl,-rpath,"$lib" -o cargo-c-shared
    ./cargo-c-shared
    [ -e "$lib/libxq.a" ] && [ -e "$lib/pkgconfig/xq.pc" ]
    cmp "$root/LICENSE-MIT" "$work/cargo-c/opt/xq/share/doc/libxq/LICENSE-MIT"
    readelf -d "$lib/libxq.so" | grep -q 'SONAME.*libxq.so.0.1]'
fi

say "another system in cargo's configuration, and a library of this one from before"
host=$(rustc -vV | sed -n 's/^host: //p')
# What differs is the features; a build that is not optimized is enough.
other() {
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=0 SOCKETS=0 make -C "$root" install \
        CARGO="$1" PREFIX="$work/other"
}
other "cargo --config build.target=\"$host\"" >/dev/null 2>&1
printf '#include <xq.h>\nint main(void) { return (xq_features() & XQ_FEATURE_SOCKETS) != 0; }\n' >features.c
cc features.c -I"$work/other/include" -L"$work/other/lib" -lxq -Wl,-rpath,"$work/other/lib" -o features
./features || { echo "make install put the library of an earlier build there"; exit 1; }

say "what cannot be installed is refused"
refused() {
    if other "$1" >refused 2>&1; then echo "it installs: $2"; exit 1; fi
    grep -q "$2" refused || { cat refused; echo "expected: $2"; exit 1; }
}
refused 'cargo --config build.target=["this-system","that-system"]' 'names several systems'
# As cargo does it for musl, where it may not.
printf '#!/bin/sh\ncargo "$@" | sed "s|\"[^\"]*/libxq.so\",||"\n' >cargo-without
chmod +x cargo-without
refused "$work/cargo-without --config build.target=\"$host\"" 'expected a shared library and a static one, and cargo built: .*/libxq.a'

say "make uninstall"
make -C "$root" install PREFIX='/opt/x q' DESTDIR="$work/the stage" >/dev/null
make -C "$root" uninstall PREFIX='/opt/x q' DESTDIR="$work/the stage" >/dev/null
left=$(find 'the stage' ! -type d)
[ -z "$left" ] || { echo "it leaves: $left"; exit 1; }

say "every way links"
