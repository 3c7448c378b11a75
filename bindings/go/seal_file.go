package xq

// #include "xq.h"
import "C"

// EncryptFile seals a file for people, from file to file, whatever its size; its name is sealed in it, and not told to the
// service. It uses the network.
func (api *API) EncryptFile(path, sealedPath string, recipients []string, options *SealOptions) error {
	var in inputs
	defer in.free()
	p, s, o := in.text("path", path), in.text("sealedPath", sealedPath), options.lend(&in)
	people, count := in.texts("recipients", recipients)
	return api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_encrypt_file(handle, p, s, people, count, o, e)
	})
}

// OpenedFile is what came out of a sealed file.
type OpenedFile struct {
	// Name is that in the file: somebody else's word, perhaps a whole path; "" where there is none that is text.
	Name string
	// Path is where the file is now.
	Path string
}

// DecryptFile opens a sealed file as path or, where that is a folder, under its own name in it, made harmless. It uses the
// network unless the options have a Key.
func (api *API) DecryptFile(sealedPath, path string, options *SealOptions) (OpenedFile, error) {
	return decryptFile(sealedPath, path, options, api.call)
}

// EncryptFile seals a file under a key in hand, stored under locator. It does not use the network.
func EncryptFile(key, locator, path, sealedPath string, options *SealOptions) error {
	var in inputs
	defer in.free()
	p, s, o := in.text("path", path), in.text("sealedPath", sealedPath), options.with(key, locator).lend(&in)
	return alone(&in, func(e **C.xq_error_t) C.xq_status_t {
		return C.xq_encrypt_file(nil, p, s, nil, 0, o, e)
	})
}

// DecryptFile opens a sealed file under a key in hand. It does not use the network.
func DecryptFile(key, sealedPath, path string, options *SealOptions) (OpenedFile, error) {
	return decryptFile(sealedPath, path, options.with(key, ""), func(
		in *inputs, call func(*C.xq_api_t, **C.xq_error_t) C.xq_status_t,
	) error {
		return alone(in, func(e **C.xq_error_t) C.xq_status_t { return call(nil, e) })
	})
}

func decryptFile(
	sealedPath, path string, options *SealOptions,
	do func(*inputs, func(*C.xq_api_t, **C.xq_error_t) C.xq_status_t) error,
) (OpenedFile, error) {
	var in inputs
	defer in.free()
	s, p, o := in.text("sealedPath", sealedPath), in.text("path", path), options.lend(&in)
	var name, place *C.char
	err := do(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_decrypt_file(handle, s, p, o, &name, &place, e)
	})
	return OpenedFile{Name: takenText(name), Path: takenText(place)}, err
}

// with is the options with a key in hand.
func (o *SealOptions) with(key, locator string) *SealOptions {
	options := SealOptions{}
	if o != nil {
		options = *o
	}
	options.Key, options.Locator = key, locator
	return &options
}
