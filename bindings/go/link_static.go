//go:build xq_static

package xq

// The static library is named before pkg-config's -lxq, for which nothing is then left to do. After it come the system's
// libraries that it needs.

// #cgo pkg-config: --static xq
// #cgo !darwin LDFLAGS: -l:libxq.a -Wl,--as-needed
import "C"
