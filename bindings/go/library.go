package xq

// #include "xq.h"
import "C"

// Version is that of the library that is loaded, such as "0.1.0".
func Version() string { return C.GoString(C.xq_version()) }

// VersionNumber is the same as a number: 1002003 is version 1.2.3.
func VersionNumber() uint32 { return uint32(C.xq_version_number()) }

// Feature is a set of what may be built into the library.
type Feature uint32

// The features there are; a later library may have more.
const (
	// FeatureSockets: HTTP over sockets of the library's own.
	FeatureSockets Feature = C.XQ_FEATURE_SOCKETS
	// FeatureTLS: TLS of the library's own.
	FeatureTLS Feature = C.XQ_FEATURE_TLS
	// FeatureFiles: what reads and writes files.
	FeatureFiles Feature = C.XQ_FEATURE_FILES
)

// Features tells what is built into the library that is loaded.
func Features() Feature { return Feature(C.xq_features()) }

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
