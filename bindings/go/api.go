package xq

// #include "xq.h"
import "C"

import (
	"context"
	"time"
)

// API is a client of the XQ services: keys, tokens and kept connections. It may be used from any number of goroutines
// at once.
type API struct {
	client *client
	// What ends calls before their time; nil for nothing.
	ctx context.Context
}

// WithContext is the same API, whose calls end at once when the context does: the error is then ErrCanceled, and
// errors.Is finds context.Canceled or context.DeadlineExceeded in it. The limit of each call stays as it is beside that of
// the context. It costs nothing that would have to be closed, so that it can stand in front of a call, as in
// api.WithContext(ctx).GetPacket(locator); Close closes the API that it was made from.
//
// It is a method like that of http.Request, and no parameter, so that who has no context writes none.
func (api *API) WithContext(ctx context.Context) *API {
	if ctx == nil {
		panic("xq: nil context")
	}
	return &API{client: api.client, ctx: ctx}
}

// Derive makes an API that shares the tokens, connections and settings of this one, and its context, and has a time limit
// for each call and a Cancel of its own. 0 is as long as on this one; part of a millisecond counts as a whole one. Each is
// closed by itself, in any order.
func (api *API) Derive(limit time.Duration) (*API, error) {
	var in inputs
	ms, ok := milliseconds(limit)
	if !ok {
		in.fail(failed(ErrInvalidArgument, "the time limit is %v; expected up to 2^32-1 milliseconds", limit))
	}
	var handle *C.xq_api_t
	err := api.local(&in, func(from *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_api_derive(from, ms, &handle, e)
	})
	if err != nil {
		return nil, err
	}
	return &API{client: newClient(handle), ctx: api.ctx}, nil
}

// Cancel ends what is under way on this API within 100 ms with ErrCanceled, and what begins later before it is sent, until
// Resume. What Derive made goes on. On a closed API it gives ErrClosed.
func (api *API) Cancel() error { return api.client.cancel() }

// Resume lets calls begin again after Cancel.
func (api *API) Resume() error { return api.client.resume() }

// Close waits for the calls under way, closes the connections unless a derived API has them too, and wipes keys and tokens.
// A call on a closed API gives ErrClosed; closing again does nothing. The error is always nil.
func (api *API) Close() error {
	api.client.close()
	return nil
}

// call makes one call with what is lent to it, unless that is wrong or the API is closed.
func (api *API) call(in *inputs, call func(*C.xq_api_t, **C.xq_error_t) C.xq_status_t) error {
	// A context that never ends needs no watching.
	if in.err != nil || api.ctx == nil || api.ctx.Done() == nil {
		return api.local(in, call)
	}
	return endedBy(api.ctx, api.client.during(api.ctx, call))
}

// local makes one call that no context ends.
func (api *API) local(in *inputs, call func(*C.xq_api_t, **C.xq_error_t) C.xq_status_t) error {
	if in.err != nil {
		return in.err
	}
	return api.client.use(call)
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
