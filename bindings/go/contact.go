package xq

// #include "xq.h"
//
// static void xq_go_init_contact(xq_new_contact_t *contact) {
//     const xq_new_contact_t init = XQ_NEW_CONTACT_INIT;
//     *contact = init;
// }
import "C"

import "unsafe"

// Role is what a contact is to a business.
type Role int32

// The roles. In a new contact the zero value is RoleUser.
const (
	// RoleAdmin is the service's "Admin".
	RoleAdmin Role = iota + 1
	// RoleUser is the service's "User".
	RoleUser
	// RoleVendor is the service's "Vendor".
	RoleVendor
	// RoleCustomer is the service's "Customer".
	RoleCustomer
	// RoleSuperUser is the service's "Super User".
	RoleSuperUser
	// RoleDevice is the service's "Device".
	RoleDevice
)

// Contact is a person or a device of a business. What the service does not tell is -1, or "".
type Contact struct {
	// ID is the contact's number.
	ID int64
	// Email is the address; the rest is as it was given.
	Email, FirstName, LastName, Title string
	// Role is what the contact is to the business.
	Role Role
	// Status is as the service names or numbers it.
	Status string
	// BusinessID is the business that the contact belongs to.
	BusinessID int64
}

// NewContact is somebody who is to be a contact. Email has no default.
type NewContact struct {
	// Email is the address; the rest may be empty.
	Email, FirstName, LastName, Title string
	// Role is by default RoleUser.
	Role Role
	// Notifications may not be UsageReports alone.
	Notifications Notifications
	// Overflow is passed on as published; nil leaves it out.
	Overflow *bool
}

// AddContact adds a contact and gives its id. It uses the network.
func (api *API) AddContact(contact NewContact) (int64, error) {
	var in inputs
	defer in.free()
	given := (*C.xq_new_contact_t)(in.block(C.sizeof_xq_new_contact_t))
	C.xq_go_init_contact(given)
	given.email = in.text("Email", contact.Email)
	given.first_name, given.last_name = in.optional("FirstName", contact.FirstName), in.optional("LastName", contact.LastName)
	given.title = in.optional("Title", contact.Title)
	if contact.Role != 0 {
		given.role = C.int32_t(contact.Role)
	}
	given.notifications = C.int32_t(contact.Notifications)
	if contact.Overflow != nil {
		given.overflow = truth(*contact.Overflow)
	}
	var id C.int64_t
	err := api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_add_contact(handle, given, &id, e)
	})
	return int64(id), err
}

// ContactFilter tells which contacts are asked for; what is zero is not asked for.
type ContactFilter struct {
	// Role is that of the contacts.
	Role Role
	// Filter is a text that a contact is to match, such as an address.
	Filter string
	// Limit is how many at the most, Page which of as many, from 0 on.
	Limit, Page int64
}

// GetContacts gives the business's contacts, devices among them. It uses the network.
func (api *API) GetContacts(asked ContactFilter) (Rows[Contact], error) {
	var in inputs
	defer in.free()
	filter := in.optional("Filter", asked.Filter)
	role, limit, page := C.int32_t(asked.Role), C.int64_t(asked.Limit), C.int64_t(asked.Page)
	var out *C.xq_contacts_t
	err := api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_get_contacts(handle, role, filter, limit, page, &out, e)
	})
	if err != nil {
		return Rows[Contact]{}, err
	}
	defer C.xq_contacts_free(out)
	contacts := make([]Contact, int(out.count))
	for i, row := range unsafe.Slice(out.rows, len(contacts)) {
		contacts[i] = Contact{
			ID: int64(row.id), Email: C.GoString(row.email), FirstName: C.GoString(row.first_name),
			LastName: C.GoString(row.last_name), Title: C.GoString(row.title), Role: Role(row.role),
			Status: C.GoString(row.status), BusinessID: int64(row.business_id),
		}
	}
	return Rows[Contact]{contacts, C.GoString(out.reply)}, nil
}

// DisableContact disables a contact, which stays in the list. It uses the network.
func (api *API) DisableContact(id int64) error {
	return api.call(&inputs{}, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_disable_contact(handle, C.int64_t(id), e)
	})
}

// RemoveContact removes a contact for good. It uses the network.
func (api *API) RemoveContact(id int64) error {
	return api.call(&inputs{}, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_remove_contact(handle, C.int64_t(id), e)
	})
}
