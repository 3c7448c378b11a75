# Installs libxq without cargo-c: make install [PREFIX=/usr/local] [DESTDIR=] [LIBDIR=...] [INCLUDEDIR=...]
#
# PROFILE=board builds for size, SOCKETS=0 without sockets and TLS, TARGET=aarch64-unknown-linux-gnu for another system, with
# CROSS_COMPILE=aarch64-linux-gnu- in front of its tools' names.

PREFIX     ?= /usr/local
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DESTDIR    ?=
CARGO      ?= cargo
PROFILE    ?= release
SOCKETS    ?= 1
TARGET     ?=

export CARGO PROFILE SOCKETS TARGET CROSS_COMPILE

.PHONY: build install uninstall micro

# Without the Rust library that a plain build makes too, the whole is optimized at once, and smaller.
build:
	packaging/build.sh

install: build
	PREFIX='$(PREFIX)' LIBDIR='$(LIBDIR)' INCLUDEDIR='$(INCLUDEDIR)' DESTDIR='$(DESTDIR)' \
	BUILT="$$(packaging/build.sh --where)" packaging/install.sh

# For a board without an operating system: make micro TARGET=thumbv7em-none-eabihf
micro:
	packaging/micro.sh

uninstall:
	rm -rf '$(DESTDIR)$(LIBDIR)/cmake/xq' '$(DESTDIR)$(INCLUDEDIR)/CXQ'
	rm -f '$(DESTDIR)$(LIBDIR)'/libxq.* '$(DESTDIR)$(LIBDIR)/pkgconfig/xq.pc'
	rm -f '$(DESTDIR)$(INCLUDEDIR)/xq.h' '$(DESTDIR)$(INCLUDEDIR)/xq.hpp'

# The source archive, with all that it is built with: target/dist/libxq-VERSION.tar.xz
.PHONY: dist
dist:
	packaging/dist.sh

# Debian's packages, in target/deb
.PHONY: deb
deb:
	packaging/deb.sh
