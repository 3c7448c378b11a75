package xq

// #include "xq.h"
import "C"

import (
	"context"
	"runtime"
	"sync"
)

// client is a handle, and those that were made from it for one call each.
type client struct {
	// Held for reading during a call, for writing by close.
	closing sync.RWMutex
	// Read under either lock, written under both.
	handle *C.xq_api_t

	// Guards what follows. Not closing: a call that close waits for can be stopped.
	turn sync.Mutex
	// The handles of the calls that a context can end.
	calls map[*C.xq_api_t]bool
	// Whether cancel was called, and resume was not.
	stopped bool
}

func newClient(handle *C.xq_api_t) *client {
	c := &client{handle: handle, calls: map[*C.xq_api_t]bool{}}
	runtime.SetFinalizer(c, (*client).close)
	return c
}

func (c *client) close() {
	c.closing.Lock()
	defer c.closing.Unlock()
	c.turn.Lock()
	defer c.turn.Unlock()
	C.xq_api_free(c.handle)
	c.handle = nil
	runtime.SetFinalizer(c, nil)
}

// use makes one call on the handle, unless that is closed.
func (c *client) use(call func(*C.xq_api_t, **C.xq_error_t) C.xq_status_t) error {
	c.closing.RLock()
	defer c.closing.RUnlock()
	if c.handle == nil {
		return ErrClosed
	}
	var e *C.xq_error_t
	status := call(c.handle, &e)
	return taken(status, e)
}

// during makes one call on a handle of its own, which ends when the context does.
func (c *client) during(ctx context.Context, call func(*C.xq_api_t, **C.xq_error_t) C.xq_status_t) error {
	return c.use(func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		var own *C.xq_api_t
		if status := C.xq_api_derive(handle, 0, &own, e); status != C.XQ_OK {
			return status
		}
		c.begin(own)
		unwatched := watch(ctx, own)
		defer func() {
			unwatched()
			c.end(own)
		}()
		return call(own, e)
	})
}

// watch cancels a handle when the context ends, until what it gives is called, which returns once the handle may be freed.
func watch(ctx context.Context, handle *C.xq_api_t) func() {
	if ctx.Err() != nil {
		C.xq_api_cancel(handle, nil)
		return func() {}
	}
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-ctx.Done():
			C.xq_api_cancel(handle, nil)
		case <-over:
		}
	}()
	return func() {
		close(over)
		<-ended
	}
}

// begin has cancel stop a call's own handle too.
func (c *client) begin(own *C.xq_api_t) {
	c.turn.Lock()
	defer c.turn.Unlock()
	c.calls[own] = true
	if c.stopped {
		C.xq_api_cancel(own, nil)
	}
}

func (c *client) end(own *C.xq_api_t) {
	c.turn.Lock()
	defer c.turn.Unlock()
	delete(c.calls, own)
	C.xq_api_free(own)
}

func (c *client) cancel() error {
	c.turn.Lock()
	defer c.turn.Unlock()
	if c.handle == nil {
		return ErrClosed
	}
	c.stopped = true
	for own := range c.calls {
		C.xq_api_cancel(own, nil)
	}
	var e *C.xq_error_t
	status := C.xq_api_cancel(c.handle, &e)
	return taken(status, e)
}

func (c *client) resume() error {
	c.turn.Lock()
	defer c.turn.Unlock()
	if c.handle == nil {
		return ErrClosed
	}
	c.stopped = false
	var e *C.xq_error_t
	status := C.xq_api_resume(c.handle, &e)
	return taken(status, e)
}
