package xq

// #include "xq.h"
//
// extern int32_t xqGoProgress(void *context, uint64_t done, uint64_t total);
import "C"

import (
	"runtime/cgo"
	"unsafe"
)

// lendProgress has C call a function of Go's, until what is lent is freed.
func lendProgress(in *inputs, options *C.xq_seal_options_t, progress func(done, total uint64) bool) {
	handle := cgo.NewHandle(progress)
	in.later = append(in.later, handle.Delete)
	place := (*cgo.Handle)(in.block(int(unsafe.Sizeof(handle))))
	*place = handle
	options.progress = C.xq_progress_t(C.xqGoProgress)
	options.progress_context = unsafe.Pointer(place)
}

//export xqGoProgress
func xqGoProgress(context unsafe.Pointer, done, total C.uint64_t) C.int32_t {
	progress := (*(*cgo.Handle)(context)).Value().(func(done, total uint64) bool)
	return truth(!progress(uint64(done), uint64(total)))
}
