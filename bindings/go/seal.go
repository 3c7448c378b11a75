package xq

// #include "xq.h"
//
// static void xq_go_init_seal(xq_seal_options_t *options) {
//     const xq_seal_options_t init = XQ_SEAL_OPTIONS_INIT;
//     *options = init;
// }
import "C"

import "unsafe"

// Algorithm is what libxq seals with. GCM alone tells a changed text; xq_algorithm_t in xq.h says what each is
// worth.
type Algorithm int32

const (
	// AlgorithmDefault is that of the key that is given, or GCM.
	AlgorithmDefault Algorithm = C.XQ_ALGORITHM_DEFAULT
	// AlgorithmGCM is the one to use.
	AlgorithmGCM Algorithm = C.XQ_ALGORITHM_GCM
	// AlgorithmCTR does not tell a changed text.
	AlgorithmCTR Algorithm = C.XQ_ALGORITHM_CTR
	// AlgorithmOTP is there for other programs' sake.
	AlgorithmOTP Algorithm = C.XQ_ALGORITHM_OTP
)

// SealOptions is what may be said of sealing and opening. What is zero has its default; each function tells which fields
// it looks at.
type SealOptions struct {
	// Algorithm is what a key is made for; with Key, that of the key.
	Algorithm Algorithm
	// Key is one in hand, in place of one that is made or fetched.
	Key string
	// Locator is the locator token of the key.
	Locator string
	// Name is that in a file; by default that of the file itself.
	Name string
	// Packet is what is said of the key when it is stored.
	Packet *PacketOptions
	// Overwrite lets an existing file be replaced.
	Overwrite bool
	// RepeatPad lets a pad be used again that is shorter than the text, which gives the text away.
	RepeatPad bool
	// Progress is told bytes done and bytes in all of a file; false stops the work (ErrCanceled).
	Progress func(done, total uint64) bool
}

// lend is the options for C, and what gives the progress function back.
func (o *SealOptions) lend(in *inputs) *C.xq_seal_options_t {
	if o == nil {
		return nil
	}
	options := (*C.xq_seal_options_t)(in.block(int(unsafe.Sizeof(C.xq_seal_options_t{}))))
	C.xq_go_init_seal(options)
	options.algorithm = C.int32_t(o.Algorithm)
	options.key = in.optional("Key", o.Key)
	options.locator = in.optional("Locator", o.Locator)
	options.name = in.optional("Name", o.Name)
	options.overwrite = truth(o.Overwrite)
	options.repeat_pad = truth(o.RepeatPad)
	if o.Packet != nil {
		// In C's memory, since C finds it there by a pointer.
		packet := (*C.xq_packet_options_t)(in.block(int(unsafe.Sizeof(C.xq_packet_options_t{}))))
		*packet = *o.Packet.lend(in)
		options.packet = packet
	}
	if o.Progress != nil {
		lendProgress(in, options, o.Progress)
	}
	return options
}

// data is bytes for C, which reads them where they are.
func data(bytes []byte) (*C.uint8_t, C.size_t) {
	if len(bytes) == 0 {
		return nil, 0
	}
	return (*C.uint8_t)(unsafe.Pointer(&bytes[0])), C.size_t(len(bytes))
}

// takenBytes is what C gave out, for Go; the one for C is wiped and freed.
func takenBytes(from *C.xq_bytes_t) []byte {
	if from == nil {
		return nil
	}
	defer C.xq_bytes_free(from)
	bytes := make([]byte, int(from.length))
	copy(bytes, unsafe.Slice((*byte)(unsafe.Pointer(from.data)), len(bytes)))
	return bytes
}

// alone makes a call without a handle.
func alone(in *inputs, call func(e **C.xq_error_t) C.xq_status_t) error {
	if in.err != nil {
		return in.err
	}
	var e *C.xq_error_t
	status := call(&e)
	return taken(status, e)
}

// GenerateKey makes a key with its prefix, of the operating system's entropy alone; API.GenerateKey mixes the service's
// in. 0 bits are 256.
func GenerateKey(algorithm Algorithm, bits int) (string, error) {
	var out *C.char
	err := alone(&inputs{}, func(e **C.xq_error_t) C.xq_status_t {
		return C.xq_generate_key(nil, C.int32_t(algorithm), C.size_t(bits), &out, e)
	})
	return takenText(out), err
}

// EncryptMessage seals a message under a key in hand, with locator in front; "" for a bare message. Of the options,
// Algorithm and RepeatPad count. It does not use the network.
func EncryptMessage(key, locator string, text []byte, options *SealOptions) ([]byte, error) {
	var in inputs
	defer in.free()
	k, l, o := in.text("key", key), in.optional("locator", locator), options.lend(&in)
	bytes, length := data(text)
	var out *C.xq_bytes_t
	err := alone(&in, func(e **C.xq_error_t) C.xq_status_t {
		return C.xq_encrypt_message(k, l, bytes, length, o, &out, e)
	})
	return takenBytes(out), err
}

// DecryptMessage opens a message under a key in hand, with a locator token in front or without, in any algorithm that XQ
// programs have sealed with. It does not use the network.
func DecryptMessage(key string, sealed []byte) ([]byte, error) {
	var in inputs
	defer in.free()
	k := in.text("key", key)
	bytes, length := data(sealed)
	var out *C.xq_bytes_t
	err := alone(&in, func(e **C.xq_error_t) C.xq_status_t {
		return C.xq_decrypt_message(k, bytes, length, &out, e)
	})
	return takenBytes(out), err
}

// SealedLocator tells the locator token in front of a message or a file, of which the first 47 bytes are enough.
func SealedLocator(sealed []byte) (string, error) {
	bytes, length := data(sealed)
	var out *C.char
	err := alone(&inputs{}, func(e **C.xq_error_t) C.xq_status_t {
		return C.xq_sealed_locator(bytes, length, &out, e)
	})
	return takenText(out), err
}

// EncryptAuto seals a message for people: it makes a key, seals the message with its locator token in front, and stores
// the key. Of the options, Algorithm, Key, Locator, Packet and RepeatPad count: a key that is given is stored in place of
// one that is made; without recipients, nothing is stored. It uses the network.
func (api *API) EncryptAuto(text []byte, recipients []string, options *SealOptions) ([]byte, error) {
	var in inputs
	defer in.free()
	o := options.lend(&in)
	people, count := in.texts("recipients", recipients)
	bytes, length := data(text)
	var out *C.xq_bytes_t
	err := api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_encrypt_auto(handle, bytes, length, people, count, o, &out, e)
	})
	return takenBytes(out), err
}

// DecryptAuto opens a message: it fetches the key that the locator token in front stands for. Of the options, Key and
// Locator count. It uses the network unless there is a Key.
func (api *API) DecryptAuto(sealed []byte, options *SealOptions) ([]byte, error) {
	var in inputs
	defer in.free()
	o := options.lend(&in)
	bytes, length := data(sealed)
	var out *C.xq_bytes_t
	err := api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_decrypt_auto(handle, bytes, length, o, &out, e)
	})
	return takenBytes(out), err
}
