package xq

// #include "xq.h"
//
// static void xq_go_init(xq_packet_options_t *options) {
//     const xq_packet_options_t init = XQ_PACKET_OPTIONS_INIT;
//     *options = init;
// }
//
// static void xq_go_init_row(xq_packet_row_t *row) {
//     const xq_packet_row_t init = XQ_PACKET_ROW_INIT;
//     *row = init;
// }
import "C"

import "fmt"

// PacketType is what a packet is for. The zero value is the default of the call.
type PacketType struct {
	name    string
	number  int32
	numbers bool
}

// TypeName is a type by name: "msg", "file", "email", "chat", "form", "database", "unknown".
func TypeName(name string) PacketType { return PacketType{name: name} }

// TypeNumber is a type by number, 0 or more.
func TypeNumber(number int32) PacketType { return PacketType{number: number, numbers: true} }

// lend is the type for C, by name or by number.
func (t PacketType) lend(in *inputs) (*C.char, C.int32_t) {
	if !t.numbers {
		return in.optional("Type", t.name), C.XQ_TYPE_DEFAULT
	}
	if t.number < 0 {
		in.fail(failed(ErrInvalidArgument, "the type is %d; expected 0 or more", t.number))
	}
	return nil, C.int32_t(t.number)
}

// PacketOptions is what may be said of packets besides their keys and recipients. What is zero has its default.
type PacketOptions struct {
	// Type is what the packet is for; each call has its default.
	Type PacketType
	// ExpiresHours is how long the key lives; by default 24.
	ExpiresHours int64
	// Subject is what the packet is about.
	Subject string
	// Labels are for CreateAndStorePacket and what seals alone.
	Labels []string
	// Meta is any text, for what stores many keys alone.
	Meta string
}

// lend is the options for C; nil is all defaults.
func (o *PacketOptions) lend(in *inputs) *C.xq_packet_options_t {
	if o == nil {
		return nil
	}
	options := new(C.xq_packet_options_t)
	C.xq_go_init(options)
	options._type, options.type_number = o.Type.lend(in)
	if o.ExpiresHours != 0 {
		options.expires_hours = C.int64_t(o.ExpiresHours)
	}
	options.subject = in.optional("Subject", o.Subject)
	options.labels, options.label_count = in.texts("Labels", o.Labels)
	options.meta = in.optional("Meta", o.Meta)
	return options
}

// PacketRow is one row for CreateAndStorePacketsBatch. Key and Recipients have no default.
type PacketRow struct {
	// Key is what is stored, not empty.
	Key string
	// Recipients are those who may have the key, at least one.
	Recipients []string
	// Type is by default "database".
	Type PacketType
	// Expires is how many units the key lives; by default 1.
	Expires int64
	// Unit is "days", by default, "hours" and so on.
	Unit string
	// Title is what the row is about. It is not used where Meta is given.
	Title string
	// Labels are the row's. They are not used where Meta is given.
	Labels []string
	// Meta is the row's metadata as the text of a JSON object.
	Meta string
}

// Format prints nothing of the row, which holds a key.
func (PacketRow) Format(state fmt.State, _ rune) { _, _ = fmt.Fprint(state, "xq.PacketRow{…}") }

func (r *PacketRow) lend(in *inputs, name string, row *C.xq_packet_row_t) {
	C.xq_go_init_row(row)
	row.key = in.text(name+".Key", r.Key)
	row.recipients, row.recipient_count = in.texts(name+".Recipients", r.Recipients)
	row._type, row.type_number = r.Type.lend(in)
	if r.Expires != 0 {
		row.expires = C.int64_t(r.Expires)
	}
	row.unit = in.optional(name+".Unit", r.Unit)
	row.title = in.optional(name+".Title", r.Title)
	row.labels, row.label_count = in.texts(name+".Labels", r.Labels)
	row.meta = in.optional(name+".Meta", r.Meta)
}

// CreatePacket makes an encrypted packet of a key, which AddPacket stores. key is text, not empty: encode bytes, as
// base64 for example. recipients are email addresses, ID@group.local for a group, NAME@alias.local for an alias. It
// uses the network.
func (api *API) CreatePacket(key string, recipients []string, options *PacketOptions) (string, error) {
	var in inputs
	defer in.free()
	k, o := in.text("key", key), options.lend(&in)
	people, count := in.texts("recipients", recipients)
	return api.callText(&in, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_create_packet(handle, k, people, count, o, out, e)
	})
}

// CreateAndStorePacket makes and stores a packet of a key, as for CreatePacket; it gives its locator token, which
// recipients give to GetPacket. It uses the network.
func (api *API) CreateAndStorePacket(key string, recipients []string, options *PacketOptions) (string, error) {
	var in inputs
	defer in.free()
	k, o := in.text("key", key), options.lend(&in)
	people, count := in.texts("recipients", recipients)
	return api.callText(&in, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_create_and_store_packet(handle, k, people, count, o, out, e)
	})
}

// CreateAndStorePackets makes and stores a packet for each of many keys, in one request; it gives their locator tokens
// in the keys' order. ErrProtocol: the reply makes no sense, and the keys may be stored; see Error.Reply. It uses the
// network.
func (api *API) CreateAndStorePackets(keys, recipients []string, options *PacketOptions) ([]string, error) {
	var in inputs
	defer in.free()
	o := options.lend(&in)
	k, keyCount := in.texts("keys", keys)
	people, count := in.texts("recipients", recipients)
	locators, err := api.callList(&in, func(handle *C.xq_api_t, out **C.xq_list_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_create_and_store_packets(handle, k, keyCount, people, count, o, out, e)
	})
	return all(locators), err
}

// CreateAndStorePacketsBatch makes and stores a packet for each of many rows, which have recipients, expiry and
// metadata of their own, in one request; it gives their locator tokens in the rows' order. ErrProtocol: the reply makes
// no sense, and the keys may be stored; see Error.Reply. It uses the network.
func (api *API) CreateAndStorePacketsBatch(rows []PacketRow) ([]string, error) {
	var in inputs
	defer in.free()
	// One more, so that the first has an address where there is none.
	structs := make([]C.xq_packet_row_t, len(rows)+1)
	for i := range rows {
		rows[i].lend(&in, fmt.Sprintf("rows[%d]", i), &structs[i])
	}
	count := C.size_t(len(rows))
	locators, err := api.callList(&in, func(handle *C.xq_api_t, out **C.xq_list_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_create_and_store_packets_batch(handle, &structs[0], count, out, e)
	})
	return all(locators), err
}

// StoredKey is a key that was made, and its locator token.
type StoredKey struct {
	// Key has its prefix in front, and Locator stands for it.
	Key, Locator string
}

// Format prints nothing of the key.
func (StoredKey) Format(state fmt.State, _ rune) { _, _ = fmt.Fprint(state, "xq.StoredKey{…}") }

// GetEntropy fetches 1 to 8192 random bits from the service, as hexadecimal digits. It uses the network.
func (api *API) GetEntropy(bits int) (string, error) {
	return api.callText(&inputs{}, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_get_entropy(handle, C.size_t(bits), out, e)
	})
}

// GenerateKey makes a key with its prefix, of the service's entropy and the system's. 0 bits are 256. It uses the network.
func (api *API) GenerateKey(algorithm Algorithm, bits int) (string, error) {
	return api.callText(&inputs{}, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_generate_key(handle, C.int32_t(algorithm), C.size_t(bits), out, e)
	})
}

// GenerateMultipleKeysAndStorePackets makes many keys and stores them for the same people in one request. 0 bits are 256.
// It uses the network.
func (api *API) GenerateMultipleKeysAndStorePackets(
	number int, algorithm Algorithm, bits int, recipients []string, options *PacketOptions,
) ([]StoredKey, error) {
	var in inputs
	defer in.free()
	o := options.lend(&in)
	people, count := in.texts("recipients", recipients)
	var keys, locators *C.xq_list_t
	err := api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_generate_multiple_keys_and_store_packets(
			handle, C.size_t(number), C.int32_t(algorithm), C.size_t(bits), people, count, o, &keys, &locators, e)
	})
	return takenKeys(keys, locators), err
}

// GenerateMultipleKeysAndStorePacketsDatabase makes a key for each row, whose own is not looked at, and stores them in one
// request. 0 bits are 256. It uses the network.
func (api *API) GenerateMultipleKeysAndStorePacketsDatabase(
	rows []PacketRow, algorithm Algorithm, bits int,
) ([]StoredKey, error) {
	var in inputs
	defer in.free()
	// One more, so that the first has an address where there is none.
	structs := make([]C.xq_packet_row_t, len(rows)+1)
	for i := range rows {
		rows[i].lend(&in, fmt.Sprintf("rows[%d]", i), &structs[i])
	}
	var keys, locators *C.xq_list_t
	err := api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_generate_multiple_keys_and_store_packets_database(
			handle, &structs[0], C.size_t(len(rows)), C.int32_t(algorithm), C.size_t(bits), &keys, &locators, e)
	})
	return takenKeys(keys, locators), err
}

// takenKeys is two lists that C gave out, side by side.
func takenKeys(keys, locators *C.xq_list_t) []StoredKey {
	made, stored := all(takenList(keys)), all(takenList(locators))
	pairs := make([]StoredKey, len(made))
	for i := range made {
		pairs[i] = StoredKey{Key: made[i], Locator: stored[i]}
	}
	return pairs
}

// all is a list of which no item is missing.
func all(items []*string) []string {
	texts := make([]string, 0, len(items))
	for _, item := range items {
		if item != nil {
			texts = append(texts, *item)
		}
	}
	return texts
}
