# Builds and installs libxq without cargo-c.
#
#   make build          builds the shared library and the static one, and prints their paths
#   make install        builds, and installs them with the headers, xq.pc, the CMake package and the licences
#   make uninstall      takes away the files that make install has put there
#   make docs           makes man pages and pages for a browser from the header, in target/docs; needs
#                       doxygen, Python 3.11 with venv and, once, PyPI
#   make dist           a source archive with all that it is built with, in target/dist
#   make deb            Debian packages, in target/deb
#   make micro          a static library for a board without an operating system: TARGET=thumbv7em-none-eabihf
#   make help           prints this
#
#   PREFIX=/usr/local   where it will be
#   DESTDIR=            a folder to put in front of that, for packages
#   LIBDIR=             for the libraries: PREFIX/lib
#   INCLUDEDIR=         for the headers: PREFIX/include
#   DOCDIR=             for the licences: PREFIX/share/doc/libxq
#   MANDIR=             for the man pages: PREFIX/share/man
#   PROFILE=release     board builds for size
#   SOCKETS=1           0 builds without sockets and TLS
#   TARGET=             another system, such as aarch64-unknown-linux-gnu or x86_64-unknown-linux-musl
#   CROSS_COMPILE=      what the names of its C compiler and binutils begin with, such as aarch64-linux-gnu-
#   CARGO=cargo         Rust's tools; RUSTC=rustc is the other

PREFIX     ?= /usr/local
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DOCDIR     ?= $(PREFIX)/share/doc/libxq
MANDIR     ?= $(PREFIX)/share/man
DESTDIR    ?=
CARGO      ?= cargo
PROFILE    ?= release
SOCKETS    ?= 1
TARGET     ?=

export CARGO PROFILE SOCKETS TARGET CROSS_COMPILE

.PHONY: build install uninstall docs dist deb micro help

# Without the Rust library that a plain build makes too, the whole is optimized at once, and smaller.
build:
	packaging/build.sh

install:
	built=$$(packaging/build.sh) && \
	PREFIX='$(PREFIX)' LIBDIR='$(LIBDIR)' INCLUDEDIR='$(INCLUDEDIR)' DOCDIR='$(DOCDIR)' DESTDIR='$(DESTDIR)' \
	BUILT="$$built" packaging/install.sh
	DESTDIR='$(DESTDIR)' MANDIR='$(MANDIR)' packaging/docs.sh install

# For a board without an operating system: make micro TARGET=thumbv7em-none-eabihf
micro:
	packaging/micro.sh

# The manual: target/docs/man/man3 and target/docs/html/index.html
docs:
	packaging/docs.sh

uninstall:
	rm -f '$(DESTDIR)$(LIBDIR)/cmake/xq/xqConfig.cmake' '$(DESTDIR)$(LIBDIR)/cmake/xq/xqConfigVersion.cmake'
	rm -f '$(DESTDIR)$(INCLUDEDIR)/CXQ/module.modulemap'
	rmdir '$(DESTDIR)$(LIBDIR)/cmake/xq' '$(DESTDIR)$(INCLUDEDIR)/CXQ' 2>/dev/null || true
	rm -f '$(DESTDIR)$(LIBDIR)/libxq.a' '$(DESTDIR)$(LIBDIR)'/libxq.so* '$(DESTDIR)$(LIBDIR)'/libxq*.dylib '$(DESTDIR)$(LIBDIR)/pkgconfig/xq.pc'
	rm -f '$(DESTDIR)$(INCLUDEDIR)/xq.h' '$(DESTDIR)$(INCLUDEDIR)/xq.hpp'
	for text in LICENSE-* THIRD-PARTY*; do rm -f '$(DESTDIR)$(DOCDIR)'/"$$text"; done
	rmdir '$(DESTDIR)$(DOCDIR)' 2>/dev/null || true
	rm -f '$(DESTDIR)$(MANDIR)/man3/libxq.3' '$(DESTDIR)$(MANDIR)'/man3/xq_*.3 '$(DESTDIR)$(MANDIR)'/man3/XQ_*.3

# The source archive, with all that it is built with: target/dist/libxq-VERSION.tar.xz
dist:
	packaging/dist.sh

# Debian's packages, in target/deb
deb:
	packaging/deb.sh

# The lines at the top.
help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile
