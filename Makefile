# Installs libxq without cargo-c: make install [PREFIX=/usr/local] [DESTDIR=] [LIBDIR=...] [INCLUDEDIR=...]

PREFIX     ?= /usr/local
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DESTDIR    ?=
CARGO      ?= cargo
# In the shell's words, so that a path with a blank in it works.
TARGET      = $${CARGO_TARGET_DIR:-target}/release

.PHONY: build install uninstall

# Without the Rust library that a plain build makes too, the whole is optimized at once, and smaller.
build:
	$(CARGO) rustc --release --locked --package libxq --lib --crate-type cdylib,staticlib

install: build
	PREFIX='$(PREFIX)' LIBDIR='$(LIBDIR)' INCLUDEDIR='$(INCLUDEDIR)' DESTDIR='$(DESTDIR)' TARGET="$(TARGET)" packaging/install.sh

uninstall:
	rm -rf '$(DESTDIR)$(LIBDIR)/cmake/xq' '$(DESTDIR)$(INCLUDEDIR)/CXQ'
	rm -f '$(DESTDIR)$(LIBDIR)'/libxq.* '$(DESTDIR)$(LIBDIR)/pkgconfig/xq.pc'
	rm -f '$(DESTDIR)$(INCLUDEDIR)/xq.h' '$(DESTDIR)$(INCLUDEDIR)/xq.hpp'
