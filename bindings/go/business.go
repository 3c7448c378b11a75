package xq

// #include "xq.h"
import "C"

import "unsafe"

// Business is what an administrator works in. What the service does not tell is -1, or "".
type Business struct {
	// ID is the business's number.
	ID int64
	// Name is the business's name.
	Name string
	// Reply is that to a call for this one alone, JSON; "" in a list, which has it itself.
	Reply string
}

func (api *API) takenBusinesses(
	call func(*C.xq_api_t, **C.xq_businesses_t, **C.xq_error_t) C.xq_status_t,
) (Rows[Business], error) {
	var out *C.xq_businesses_t
	err := api.call(&inputs{}, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t { return call(handle, &out, e) })
	if err != nil {
		return Rows[Business]{}, err
	}
	defer C.xq_businesses_free(out)
	businesses := make([]Business, int(out.count))
	for i, row := range unsafe.Slice(out.rows, len(businesses)) {
		businesses[i] = Business{ID: int64(row.id), Name: C.GoString(row.name)}
	}
	return Rows[Business]{businesses, C.GoString(out.reply)}, nil
}

// GetBusinesses gives the businesses that the one who is signed in may work in. It uses the network.
func (api *API) GetBusinesses() (Rows[Business], error) {
	return api.takenBusinesses(func(h *C.xq_api_t, out **C.xq_businesses_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_get_businesses(h, out, e)
	})
}

// GetBusinessInfo gives the business that the dashboard token is for. It uses the network.
func (api *API) GetBusinessInfo() (Business, error) {
	one, err := api.takenBusinesses(func(h *C.xq_api_t, out **C.xq_businesses_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_get_business_info(h, out, e)
	})
	if err != nil {
		return Business{}, err
	}
	one.Rows[0].Reply = one.Reply
	return one.Rows[0], nil
}

// SwitchBusiness gets a dashboard token for another business, which the API then holds. It uses the network.
func (api *API) SwitchBusiness(id int64) (string, error) {
	return api.callText(&inputs{}, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_switch_business(handle, C.int64_t(id), out, e)
	})
}

// Communication is a stored key as the dashboard shows it. What the service does not tell is -1, "" or nil.
type Communication struct {
	// ID is the number that the dashboard has given to the key.
	ID int64
	// Locator is the key's locator token.
	Locator string
	// Labels are those that the key was stored with, or was given later.
	Labels []string
	// Reply is as it came: JSON.
	Reply string
}

// GetCommunicationByLocatorToken tells what the dashboard knows of a stored key. It uses the network.
func (api *API) GetCommunicationByLocatorToken(locator string) (Communication, error) {
	var in inputs
	defer in.free()
	l := in.text("locator", locator)
	var out *C.xq_communication_t
	err := api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_get_communication_by_locator_token(handle, l, &out, e)
	})
	if err != nil {
		return Communication{}, err
	}
	defer C.xq_communication_free(out)
	return Communication{
		ID: int64(out.id), Locator: C.GoString(out.locator_token),
		Labels: copiedTexts(out.labels, out.label_count), Reply: C.GoString(out.reply),
	}, nil
}

// AddLabelsToLocatorToken adds labels to a stored key. It uses the network.
func (api *API) AddLabelsToLocatorToken(locator string, labels []string) error {
	var in inputs
	defer in.free()
	l := in.text("locator", locator)
	texts, count := in.texts("labels", labels)
	return api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_add_labels_to_locator_token(handle, l, texts, count, e)
	})
}
