package xq

// #include "xq.h"
//
// static void xq_go_init_request(xq_request_t *request) {
//     const xq_request_t init = XQ_REQUEST_INIT;
//     *request = init;
// }
import "C"

import (
	"fmt"
	"time"
)

// Service is one of XQ's services.
type Service int32

// The services.
const (
	// Subscription has API keys, sign-in and key packets.
	Subscription Service = C.XQ_SERVICE_SUBSCRIPTION
	// Validation has the stored keys.
	Validation Service = C.XQ_SERVICE_VALIDATION
	// Dashboard has groups, contacts, businesses, labels, devices and certificates.
	Dashboard Service = C.XQ_SERVICE_DASHBOARD
	// Quantum has entropy.
	Quantum Service = C.XQ_SERVICE_QUANTUM
)

// Token is one of the tokens that an API may hold.
type Token int32

// The tokens. ServiceToken is that of the dashboard for the dashboard, the access token for the other services, and none
// where none is held.
const (
	// ServiceToken is that of the service.
	ServiceToken Token = C.XQ_TOKEN_DEFAULT
	// AccessToken is that of who is signed in.
	AccessToken Token = C.XQ_TOKEN_ACCESS
	// DashboardToken is that of the dashboard.
	DashboardToken Token = C.XQ_TOKEN_DASHBOARD
	// NoToken: the request carries none.
	NoToken Token = C.XQ_TOKEN_NONE
)

// Request is any other call of the services. Method is by default "GET".
type Request struct {
	// Method is the HTTP method.
	Method string
	// Service is where the request goes.
	Service Service
	// Path is below the service's address and not encoded.
	Path string
	// Query are names and values, not encoded.
	Query [][2]string
	// Body is sent as it is; "" for none.
	Body string
	// Token is what the request carries; by default that of the service.
	Token Token
}

// Format prints where it goes alone: the rest may be secrets.
func (r Request) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "xq.Request{Method: %q, Service: %d, …}", r.Method, r.Service)
}

// Request makes any other call of the services; it gives the HTTP status and the reply's text. It uses the network.
func (api *API) Request(what Request) (int, string, error) {
	var in inputs
	defer in.free()
	given := (*C.xq_request_t)(in.block(C.sizeof_xq_request_t))
	C.xq_go_init_request(given)
	given.method, given.service = in.optional("Method", what.Method), C.int32_t(what.Service)
	given.path, given.body = in.optional("Path", what.Path), in.optional("Body", what.Body)
	names, values := make([]string, len(what.Query)), make([]string, len(what.Query))
	for i, pair := range what.Query {
		names[i], values[i] = pair[0], pair[1]
	}
	given.query_names, given.query_count = in.texts("Query names", names)
	given.query_values, _ = in.texts("Query values", values)
	given.token = C.int32_t(what.Token)
	var status C.int32_t
	text, err := api.callText(&in, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_request(handle, given, &status, out, e)
	})
	return int(status), text, err
}

// TokenExpiration tells when the token that is held ends, AccessToken or DashboardToken, from the token itself; the zero
// time where it does not tell. No network.
func (api *API) TokenExpiration(token Token) (time.Time, error) {
	var seconds C.int64_t
	err := api.call(&inputs{}, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_token_expiration(handle, C.int32_t(token), &seconds, e)
	})
	if err != nil || seconds < 0 {
		return time.Time{}, err
	}
	return time.Unix(int64(seconds), 0), nil
}
