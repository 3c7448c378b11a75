//go:build !xq_static

package xq

// What pkg-config knows of the installed libxq; the program finds the shared library when it starts.

// #cgo pkg-config: xq
import "C"
