package xq

// #include "xq.h"
import "C"

import "time"

// Subscriber is who is signed in. What the service does not tell is the zero value, but for the ID, which is -1.
type Subscriber struct {
	// ID is the subscriber's number.
	ID int64
	// User is the email address, FirstName and LastName are as the person gave them.
	User, FirstName, LastName string
	// Subscription is as the service names or numbers it.
	Subscription string
	// Starts and Ends are those of the subscription.
	Starts, Ends time.Time
	// Reply is as it came: JSON.
	Reply string
}

// Settings is what a subscriber wants to be sent; nil is what the service does not tell, or what is not to be changed.
type Settings struct {
	// Newsletter tells whether it is wanted.
	Newsletter *bool
	// Notifications is what is to be mailed.
	Notifications *Notifications
}

// Deauthorize gives the access token up: the service no longer accepts it, and the API forgets it. It uses the network.
func (api *API) Deauthorize() error {
	return api.call(&inputs{}, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_deauthorize(handle, e)
	})
}

// GetSubscriber tells who is signed in. It uses the network.
func (api *API) GetSubscriber() (*Subscriber, error) {
	var out *C.xq_subscriber_t
	err := api.call(&inputs{}, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_get_subscriber(handle, &out, e)
	})
	if err != nil {
		return nil, err
	}
	defer C.xq_subscriber_free(out)
	moment := func(ms C.int64_t) time.Time {
		if ms == -1 {
			return time.Time{}
		}
		return time.UnixMilli(int64(ms))
	}
	return &Subscriber{
		ID:           int64(out.id),
		User:         C.GoString(out.user),
		FirstName:    C.GoString(out.first_name),
		LastName:     C.GoString(out.last_name),
		Subscription: C.GoString(out.subscription),
		Starts:       moment(out.starts_ms),
		Ends:         moment(out.ends_ms),
		Reply:        C.GoString(out.reply),
	}, nil
}

// DeleteSubscriber deletes the subscriber who is signed in. This cannot be undone. It uses the network.
func (api *API) DeleteSubscriber() error {
	return api.call(&inputs{}, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_delete_subscriber(handle, e)
	})
}

// GetSettings tells what the subscriber wants to be sent. It uses the network.
func (api *API) GetSettings() (Settings, error) {
	var newsletter, notifications C.int32_t
	err := api.call(&inputs{}, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_get_settings(handle, &newsletter, &notifications, e)
	})
	var settings Settings
	if err == nil && newsletter >= 0 {
		wanted := newsletter != 0
		settings.Newsletter = &wanted
	}
	if err == nil && notifications >= 0 {
		wanted := Notifications(notifications)
		settings.Notifications = &wanted
	}
	return settings, err
}

// UpdateSettings changes what the subscriber wants to be sent. It uses the network.
func (api *API) UpdateSettings(settings Settings) error {
	newsletter, notifications := C.int32_t(-1), C.int32_t(-1)
	if settings.Newsletter != nil {
		newsletter = truth(*settings.Newsletter)
	}
	if settings.Notifications != nil {
		notifications = C.int32_t(*settings.Notifications)
	}
	return api.call(&inputs{}, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_update_settings(handle, newsletter, notifications, e)
	})
}

// AuthorizeDelegate gives a token for another program. The API keeps its own. It uses the network.
func (api *API) AuthorizeDelegate() (string, error) {
	return api.callText(&inputs{}, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_authorize_delegate(handle, out, e)
	})
}

// CombineAuthorizations combines several access tokens into one, and tells how many went into it. It uses the network.
func (api *API) CombineAuthorizations(tokens []string) (string, int64, error) {
	var in inputs
	defer in.free()
	t, count := in.texts("tokens", tokens)
	var merged C.int64_t
	token, err := api.callText(&in, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_combine_authorizations(handle, t, count, out, &merged, e)
	})
	return token, int64(merged), err
}

// ExchangeForSubscriptionToken exchanges the dashboard token for an access token, which the API then holds. It uses the
// network.
func (api *API) ExchangeForSubscriptionToken() (string, error) {
	return api.callText(&inputs{}, func(handle *C.xq_api_t, out **C.char, e **C.xq_error_t) C.xq_status_t {
		return C.xq_exchange_for_subscription_token(handle, out, e)
	})
}

// ServerTime tells the time by the service's clock. It uses the network.
func (api *API) ServerTime() (time.Time, error) {
	var seconds C.int64_t
	err := api.call(&inputs{}, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_server_time(handle, &seconds, e)
	})
	if err != nil {
		return time.Time{}, err
	}
	return time.Unix(int64(seconds), 0), nil
}
