package xq

// #include "xq.h"
import "C"

// Version is that of the library that is loaded, such as "0.1.0".
func Version() string { return C.GoString(C.xq_version()) }

// LoadFileContent reads a text file of at most 1 MiB, such as a key or a certificate, without a byte-order mark.
func LoadFileContent(path string) (string, error) {
	var in inputs
	defer in.free()
	p := in.text("path", path)
	if in.err != nil {
		return "", in.err
	}
	var out *C.char
	var e *C.xq_error_t
	err := taken(C.xq_load_file_content(p, &out, &e), e)
	return takenText(out), err
}
