package xq

// #include <stdlib.h>
// #include "xq.h"
import "C"

import (
	"fmt"
	"strings"
	"unsafe"
)

// inputs is what is lent to C for one call, in C's memory. The first thing that is wrong with it is kept in err.
type inputs struct {
	blocks [][]byte
	// What else ends with the call.
	later []func()
	err   error
}

// free wipes it all and frees it.
func (in *inputs) free() {
	for _, block := range in.blocks {
		for i := range block {
			block[i] = 0
		}
		C.free(unsafe.Pointer(&block[0]))
	}
	for _, end := range in.later {
		end()
	}
}

func (in *inputs) block(size int) unsafe.Pointer {
	// Zeros, since Go may take what stands where it writes a pointer for one of its own.
	pointer := C.calloc(1, C.size_t(size))
	if pointer == nil {
		panic("xq: out of memory")
	}
	in.blocks = append(in.blocks, unsafe.Slice((*byte)(pointer), size))
	return pointer
}

// text is a text that may not be left out.
func (in *inputs) text(name, value string) *C.char {
	if strings.IndexByte(value, 0) >= 0 {
		in.fail(failed(ErrInvalidArgument, "%s holds a NUL character", name))
	}
	pointer := in.block(len(value) + 1)
	copy(unsafe.Slice((*byte)(pointer), len(value)), value)
	return (*C.char)(pointer)
}

// optional is NULL for "".
func (in *inputs) optional(name, value string) *C.char {
	if value == "" {
		return nil
	}
	return in.text(name, value)
}

// texts is a list and its length, NULL for none.
func (in *inputs) texts(name string, values []string) (**C.char, C.size_t) {
	if len(values) == 0 {
		return nil, 0
	}
	pointer := (**C.char)(in.block(len(values) * int(unsafe.Sizeof((*C.char)(nil)))))
	for i, value := range values {
		unsafe.Slice(pointer, len(values))[i] = in.text(fmt.Sprintf("%s[%d]", name, i), value)
	}
	return pointer, C.size_t(len(values))
}

// fail keeps an error, unless there is one already.
func (in *inputs) fail(err error) {
	if in.err == nil {
		in.err = err
	}
}

func truth(value bool) C.int32_t {
	if value {
		return 1
	}
	return 0
}

// takenText is a string that C gave out, for Go; the one for C is wiped and freed. "" for NULL.
func takenText(from *C.char) string {
	defer C.xq_string_free(from)
	return C.GoString(from)
}

// takenList is a list that C gave out, for Go; the one for C is wiped and freed. An item is nil where C has NULL.
func takenList(from *C.xq_list_t) []*string {
	if from == nil {
		return nil
	}
	defer C.xq_list_free(from)
	items := make([]*string, int(from.count))
	for i, item := range unsafe.Slice(from.items, len(items)) {
		if item != nil {
			text := C.GoString(item)
			items[i] = &text
		}
	}
	return items
}

// Rows are what came out of one call.
type Rows[T any] struct {
	// Rows are in the order of the reply.
	Rows []T
	// Reply is as it came: JSON, with whatever else the service told.
	Reply string
}
