package xq

// #include "xq.h"
import "C"

import (
	"math"
	"time"
)

// AddPacket stores a packet that CreatePacket made; it gives its locator token. It uses the network.
func (api *API) AddPacket(packet string) (string, error) {
	var in inputs
	defer in.free()
	p := in.text("packet", packet)
	return api.callText(&in, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_add_packet(handle, p, out, e)
	})
}

// GetPacket fetches the key that a locator token stands for. ErrRejected: it is expired, revoked or unknown, or not for
// the one who asks; the message has the service's reason. It uses the network.
func (api *API) GetPacket(locator string) (string, error) {
	var in inputs
	defer in.free()
	l := in.text("locator", locator)
	return api.callText(&in, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_get_packet(handle, l, out, e)
	})
}

// GetPackets fetches many keys in one request: those that the service gives, by their locator tokens. It uses the
// network.
func (api *API) GetPackets(locators []string) (map[string]string, error) {
	var in inputs
	defer in.free()
	l, count := in.texts("locators", locators)
	items, err := api.callList(&in, func(handle *C.xq_api_t, out **C.xq_list_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_get_packets(handle, l, count, out, e)
	})
	if err != nil {
		return nil, err
	}
	keys := make(map[string]string, len(items))
	for i, item := range items {
		if item != nil {
			keys[locators[i]] = *item
		}
	}
	return keys, nil
}

// RevokePacket takes a key back for good: nobody gets it any more. Only its owner can. It uses the network.
func (api *API) RevokePacket(locator string) error {
	var in inputs
	defer in.free()
	l := in.text("locator", locator)
	return api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_revoke_packet(handle, l, e)
	})
}

// GrantUsers lets more people have a key. Only its owner can. It uses the network.
func (api *API) GrantUsers(locator string, recipients []string) error {
	var in inputs
	defer in.free()
	l := in.text("locator", locator)
	people, count := in.texts("recipients", recipients)
	return api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_grant_users(handle, l, people, count, e)
	})
}

// RevokeUsers lets people have a key no more. Only its owner can. What they have fetched remains with them. It uses the
// network.
func (api *API) RevokeUsers(locator string, recipients []string) error {
	var in inputs
	defer in.free()
	l := in.text("locator", locator)
	people, count := in.texts("recipients", recipients)
	return api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_revoke_users(handle, l, people, count, e)
	})
}

// PacketExpiration tells how long a key still lives. It uses the network.
func (api *API) PacketExpiration(locator string) (time.Duration, error) {
	var in inputs
	defer in.free()
	l := in.text("locator", locator)
	var seconds C.int64_t
	err := api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_packet_expiration(handle, l, &seconds, e)
	})
	// A duration ends at 292 years.
	if seconds > math.MaxInt64/C.int64_t(time.Second) {
		return math.MaxInt64, err
	}
	return time.Duration(seconds) * time.Second, err
}
