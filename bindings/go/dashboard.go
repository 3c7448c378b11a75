package xq

// #include "xq.h"
import "C"

// DashboardSignup registers somebody with the dashboard; it tells whether the address was registered already, which is no
// failure. password may be "". It uses the network.
func (api *API) DashboardSignup(email, password string, optIn bool) (already bool, err error) {
	var in inputs
	defer in.free()
	address, secret := in.text("email", email), in.optional("password", password)
	var told C.int32_t
	err = api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_dashboard_signup(handle, address, secret, truth(optIn), &told, e)
	})
	return told != 0, err
}

// SendLoginLink has a login link mailed. host is where it leads, "" for the service's own page. It uses the network.
func (api *API) SendLoginLink(email, host string) error {
	var in inputs
	defer in.free()
	address, h := in.text("email", email), in.optional("host", host)
	return api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_send_login_link(handle, address, h, e)
	})
}

// DashboardLogin logs in to the dashboard with a password; LoginVerify is next. workspace may be "". The access token
// stays as it is. It uses the network.
func (api *API) DashboardLogin(email, password, workspace string) (string, error) {
	var in inputs
	defer in.free()
	address, secret, w := in.text("email", email), in.text("password", password), in.optional("workspace", workspace)
	return api.callText(&in, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_dashboard_login(handle, address, secret, nil, w, out, e)
	})
}

// DashboardLoginWithCode is DashboardLogin with the code of a login link, or with the whole link, which is not sent.
func (api *API) DashboardLoginWithCode(code, workspace string) (string, error) {
	var in inputs
	defer in.free()
	c, w := in.text("code", code), in.optional("workspace", workspace)
	return api.callText(&in, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_dashboard_login(handle, nil, nil, c, w, out, e)
	})
}

// LoginVerify gets the dashboard token, which the API then holds. It uses the network.
func (api *API) LoginVerify() (string, error) {
	return api.callText(&inputs{}, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_login_verify(handle, out, e)
	})
}

// ValidateAccessToken asks whether the dashboard token is good. It uses the network.
func (api *API) ValidateAccessToken() error {
	return api.call(&inputs{}, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_validate_access_token(handle, e)
	})
}

// ExchangeForDashboardToken gets a dashboard token for the access token; the API then holds both. business may be "". It
// uses the network.
func (api *API) ExchangeForDashboardToken(business string) (string, error) {
	var in inputs
	defer in.free()
	b := in.optional("business", business)
	return api.callText(&in, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_exchange_for_dashboard_token(handle, b, out, e)
	})
}

// GenerateDeviceCertificate has a certificate issued for a device. Where folder is not "", its three files are written
// there, each for its owner alone and none over another. It uses the network.
func (api *API) GenerateDeviceCertificate(tag, folder string) (Certificate, error) {
	var in inputs
	defer in.free()
	t, f := in.text("tag", tag), in.optional("folder", folder)
	var out *C.xq_device_certificate_t
	err := api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_generate_device_certificate(handle, t, f, &out, e)
	})
	if err != nil {
		return Certificate{}, err
	}
	defer C.xq_device_certificate_free(out)
	return Certificate{
		ID:           int64(out.id),
		Certificate:  C.GoString(out.certificate),
		TransportKey: C.GoString(out.transport_key),
		PrivateKey:   C.GoString(out.private_key),
	}, nil
}
