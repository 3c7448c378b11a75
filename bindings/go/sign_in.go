package xq

// #include "xq.h"
import "C"

// ValidateAPIKey asks the service whether the API key is valid; its answer is JSON. It uses the network.
func (api *API) ValidateAPIKey() (string, error) {
	return api.callText(&inputs{}, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_validate_api_key(handle, out, e)
	})
}

// Notifications is what the service may mail to a person.
type Notifications int32

// What the service may mail; it tells more of each.
const (
	// NoNotifications: nothing is mailed.
	NoNotifications Notifications = iota
	// UsageReports: what the service calls so.
	UsageReports
	// Tutorials: what the service calls so.
	Tutorials
	// UsageReportsAndTutorials: both.
	UsageReportsAndTutorials
)

// Person is what AuthorizeUser may tell of a person; nothing of it must be given.
type Person struct {
	// FirstName and LastName: how the service calls the person.
	FirstName, LastName string
	// Newsletter tells whether the person wants it.
	Newsletter bool
	// Notifications is what the person wants to be mailed.
	Notifications Notifications
}

// AuthorizeUser asks for access for a person, by email address, who is mailed a PIN; the next step is CodeValidate. It
// gives the pre-authorization token, which the API then holds. It uses the network.
func (api *API) AuthorizeUser(user string, person Person) (string, error) {
	var in inputs
	defer in.free()
	u := in.text("user", user)
	first, last := in.optional("FirstName", person.FirstName), in.optional("LastName", person.LastName)
	newsletter, notifications := truth(person.Newsletter), C.int32_t(person.Notifications)
	return api.callText(&in, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_authorize_user(handle, u, first, last, newsletter, notifications, out, e)
	})
}

// CodeValidate validates the PIN from the mail, which may begin with zeros; the next step is ExchangeKey.
// ErrUnauthorized: it is not the right one. It uses the network.
func (api *API) CodeValidate(pin string) error {
	var in inputs
	defer in.free()
	p := in.text("pin", pin)
	return api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_code_validate(handle, p, e)
	})
}

// ExchangeKey exchanges the token whose PIN is validated for an access token, which the API then holds. business is the
// id of the business to sign in to, or ""; programs without a choice of businesses pass false for selector.
// ErrRejected: the PIN has not been validated. It uses the network.
func (api *API) ExchangeKey(business string, selector bool) (string, error) {
	var in inputs
	defer in.free()
	b := in.optional("business", business)
	return api.callText(&in, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_exchange_key(handle, b, truth(selector), out, e)
	})
}

// AuthorizeAlias signs in under an alias, without a PIN. It gives the access token, which the API then holds. The names
// may be "". It uses the network.
func (api *API) AuthorizeAlias(alias, firstName, lastName string) (string, error) {
	var in inputs
	defer in.free()
	a := in.text("alias", alias)
	first, last := in.optional("firstName", firstName), in.optional("lastName", lastName)
	return api.callText(&in, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_authorize_alias(handle, a, first, last, out, e)
	})
}
