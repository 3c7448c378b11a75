#!/bin/sh
# Links what rustc builds for musl with Debian's musl-gcc. What unwinds is linked into it: the shared library of that name is
# glibc's, and the static one asks glibc for what find_object.c answers.
set -eu
for argument; do
    shift
    [ "$argument" != -lgcc_s ] || argument=-lgcc_eh
    set -- "$@" "$argument"
done
exec musl-gcc -O2 -fPIC -fvisibility=hidden "$(dirname "$0")/find_object.c" "$@"
