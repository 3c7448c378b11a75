package xq

// #include "xq.h"
import "C"

import (
	"runtime"
	"sync"
)

// API is a client of the XQ services: keys, tokens and kept connections. It may be used from any number of goroutines
// at once.
type API struct {
	// Held for reading during a call, for writing by Close.
	closing sync.RWMutex
	handle  *C.xq_api_t
}

func open(handle *C.xq_api_t) *API {
	api := &API{handle: handle}
	runtime.SetFinalizer(api, (*API).Close)
	return api
}

// Close waits for the calls under way, closes the connections, and wipes keys and tokens. A call on a closed API gives
// ErrClosed; closing again does nothing. The error is always nil.
func (api *API) Close() error {
	api.closing.Lock()
	defer api.closing.Unlock()
	C.xq_api_free(api.handle)
	api.handle = nil
	runtime.SetFinalizer(api, nil)
	return nil
}

// call makes one call with what is lent to it, unless that is wrong or the API is closed.
func (api *API) call(in *inputs, call func(*C.xq_api_t, **C.xq_error_t) C.xq_status_t) error {
	if in.err != nil {
		return in.err
	}
	api.closing.RLock()
	defer api.closing.RUnlock()
	if api.handle == nil {
		return ErrClosed
	}
	var e *C.xq_error_t
	status := call(api.handle, &e)
	return taken(status, e)
}

// callText makes one call that gives a string.
func (api *API) callText(in *inputs, call func(*C.xq_api_t, **C.char, **C.xq_error_t) C.xq_status_t) (string, error) {
	var out *C.char
	err := api.call(in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t { return call(handle, &out, e) })
	return takenText(out), err
}

// callList makes one call that gives a list.
func (api *API) callList(
	in *inputs, call func(*C.xq_api_t, **C.xq_list_t, **C.xq_error_t) C.xq_status_t,
) ([]*string, error) {
	var out *C.xq_list_t
	err := api.call(in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t { return call(handle, &out, e) })
	return takenList(out), err
}

// GetAccessToken gives the token that requests carry, so that a program can keep it between runs; "" where there is
// none.
func (api *API) GetAccessToken() (string, error) {
	return api.callText(&inputs{}, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_get_access_token(handle, out, e)
	})
}

// SetAccessToken takes a token kept from an earlier run. It is not checked with the service. "" forgets the one held.
func (api *API) SetAccessToken(token string) error {
	var in inputs
	defer in.free()
	t := in.optional("token", token)
	return api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_set_access_token(handle, t, e)
	})
}

// GetDashboardToken gives the dashboard token that the API holds, so that a program can keep it between runs; "" where
// there is none.
func (api *API) GetDashboardToken() (string, error) {
	return api.callText(&inputs{}, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_get_dashboard_token(handle, out, e)
	})
}

// SetDashboardToken takes a dashboard token kept from an earlier run, under which calls of the dashboard go out from then
// on. "" forgets the one held.
func (api *API) SetDashboardToken(token string) error {
	var in inputs
	defer in.free()
	t := in.optional("token", token)
	return api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_set_dashboard_token(handle, t, e)
	})
}

// ForgetTokens forgets and wipes both tokens. The service is not told: they remain valid there.
func (api *API) ForgetTokens() error {
	return api.call(&inputs{}, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_forget_tokens(handle, e)
	})
}
