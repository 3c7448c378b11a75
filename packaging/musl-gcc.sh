#!/bin/sh
# Links what rustc builds for musl with Debian's musl-gcc. The library that unwinds is linked into it: the shared one of
# that name is glibc's.
set -eu
for argument; do
    shift
    [ "$argument" != -lgcc_s ] || argument=-lgcc_eh
    set -- "$@" "$argument"
done
exec musl-gcc "$@"
