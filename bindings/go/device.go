package xq

// #include "xq.h"
import "C"

import "fmt"

// AuthorizeDevice signs in as a device of a business's trusted range and announces it to the dashboard. It gives the
// access token, which the API then holds. Without roaming it is tied to the address that the device calls from. It uses
// the network, twice.
//
// Where only the announcement failed, token and error come together: call AnnounceDevice again.
func (api *API) AuthorizeDevice(device, business string, roaming bool) (string, error) {
	var in inputs
	defer in.free()
	d, b := in.text("device", device), in.text("business", business)
	return api.callText(&in, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_authorize_device(handle, d, b, truth(roaming), out, e)
	})
}

// Certificate is what a device signs in with: the paths of its files for AuthorizeDeviceCert, their contents for
// AuthorizeDeviceCertMemory.
type Certificate struct {
	// ID is the number of the certificate.
	ID int64
	// Certificate is client.crt, TransportKey transport.key and PrivateKey client.key.
	Certificate, TransportKey, PrivateKey string
}

// Format prints the number alone: the rest may be keys.
func (c Certificate) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "xq.Certificate{ID: %d, …}", c.ID)
}

// AuthorizeDeviceCert signs in as the device that holds a certificate, from its three files. device is its name, "" for
// "Device"; announce tells the dashboard of it. It gives the access token, as AuthorizeDevice does. ErrFile: the
// message names the file that cannot be read. It uses the network, two or three times.
func (api *API) AuthorizeDeviceCert(paths Certificate, device string, announce bool) (string, error) {
	var in inputs
	defer in.free()
	id, d := C.int64_t(paths.ID), in.optional("device", device)
	certificate := in.text("Certificate", paths.Certificate)
	transport, private := in.text("TransportKey", paths.TransportKey), in.text("PrivateKey", paths.PrivateKey)
	return api.callText(&in, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_authorize_device_cert(handle, id, certificate, transport, private, d, truth(announce), out, e)
	})
}

// AuthorizeDeviceCertMemory is AuthorizeDeviceCert with the contents of the files.
func (api *API) AuthorizeDeviceCertMemory(texts Certificate, device string, announce bool) (string, error) {
	var in inputs
	defer in.free()
	id, d := C.int64_t(texts.ID), in.optional("device", device)
	certificate := in.text("Certificate", texts.Certificate)
	transport, private := in.text("TransportKey", texts.TransportKey), in.text("PrivateKey", texts.PrivateKey)
	return api.callText(&in, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_authorize_device_cert_memory(handle, id, certificate, transport, private, d, truth(announce), out, e)
	})
}

// AnnounceDevice tells the dashboard of the device that is signed in, where that failed or was left out. It uses the
// network.
func (api *API) AnnounceDevice(device string) error {
	var in inputs
	defer in.free()
	d := in.text("device", device)
	return api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_announce_device(handle, d, e)
	})
}
