package xq

// #include "xq.h"
import "C"

import (
	"fmt"
	"io"
	"math"
	"time"
)

// Envelope is how a trusted range seals its replies.
type Envelope int32

const (
	// EnvelopeCBC is version 1, which is not authenticated.
	EnvelopeCBC Envelope = C.XQ_ENVELOPE_CBC
	// EnvelopeCTR is version 2, which is not authenticated.
	EnvelopeCTR Envelope = C.XQ_ENVELOPE_CTR
	// EnvelopeGCM is version 3: a reply that was changed on the way does not open.
	EnvelopeGCM Envelope = C.XQ_ENVELOPE_GCM
)

// Roots is who is trusted besides the program's own root certificates.
type Roots int32

const (
	// RootsBuiltIn is Mozilla's, as they were when libxq was built.
	RootsBuiltIn Roots = C.XQ_ROOTS_BUILT_IN
	// RootsSystem is the operating system's, as they are when an API is made.
	RootsSystem Roots = C.XQ_ROOTS_SYSTEM
	// RootsNone is nobody.
	RootsNone Roots = C.XQ_ROOTS_NONE
)

// Config is the settings that an API is made with. What is zero has its default.
type Config struct {
	// ReadEnvironment takes settings from XQ_API_KEY, XQ_DASHBOARD_API_KEY, XQ_LOCATOR_KEY, XQ_BASE_URI,
	// XQ_SUBSCRIPTION_URL, XQ_VALIDATION_URL, XQ_DASHBOARD_URL, XQ_QUANTUM_URL and XQ_CA_FILE, where they are set and
	// not empty. The other fields come after them.
	ReadEnvironment bool

	// APIKey is the general API key. There is no default: an API cannot be made without one.
	APIKey string
	// DashboardAPIKey is the API key for the dashboard service; by default the general one.
	DashboardAPIKey string
	// LocatorKey opens the replies of a trusted range, for AuthorizeDevice.
	LocatorKey string
	// Envelope is how a trusted range is asked to seal its replies; by default EnvelopeGCM.
	Envelope Envelope

	// BaseURI: the services are at https://SERVICE.BASEURI; by default "xqmsg.net/v2/".
	BaseURI string
	// The whole addresses of single services, for private deployments and the emulator.
	SubscriptionURL, ValidationURL, DashboardURL, QuantumURL string
	// AllowPlainHTTP lets http:// addresses name other machines than this one. Everybody on the way can then read and
	// change what is sent.
	AllowPlainHTTP bool

	// ConnectTimeout is how long a call may take to get a connection; by default 10 seconds.
	ConnectTimeout time.Duration
	// Timeout is how long one call may take, with all its requests; by default 30 seconds. Derive gives calls another one.
	Timeout time.Duration
	// MaxReplyBytes is the largest reply that is accepted; by default 16 MiB.
	MaxReplyBytes int

	// Roots is whose root certificates are trusted besides the program's own; by default RootsBuiltIn.
	Roots Roots
	// CAFile is a PEM file of root certificates to trust besides.
	CAFile string
	// CAPEM is PEM of root certificates to trust besides. It counts beside CAFile.
	CAPEM []byte
	// Proxy is an HTTP proxy, such as "http://name:password@proxy.example.com:3128"; by default there is none, whatever
	// the environment says.
	Proxy string
	// UserAgentSuffix tells this program in the user-agent header, such as "my-sensor/2.1".
	UserAgentSuffix string
}

// Format prints nothing of the settings, which hold keys.
func (Config) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, "xq.Config{…}") }

// settings is a configuration of libxq while it is filled. The first thing that is wrong is kept in err.
type settings struct {
	inputs
	config *C.xq_config_t
	e      *C.xq_error_t
}

// New makes an API with these settings, which holds no token. It talks to nobody: the first call connects.
func New(config Config) (*API, error) {
	s := settings{config: C.xq_config_new()}
	defer C.xq_config_free(s.config)
	defer s.free()
	if config.ReadEnvironment {
		s.check(C.xq_config_read_environment(s.config, &s.e))
	}
	config.setKeys(&s)
	config.setAddresses(&s)
	config.setLimits(&s)
	if s.err != nil {
		return nil, s.err
	}
	var handle *C.xq_api_t
	s.check(C.xq_api_new(s.config, &handle, &s.e))
	if s.err != nil {
		return nil, s.err
	}
	return &API{client: newClient(handle)}, nil
}

func (c Config) setKeys(s *settings) {
	s.set("APIKey", c.APIKey, func(key *C.char) C.xq_status_t { return C.xq_config_set_api_key(s.config, key, &s.e) })
	s.set("DashboardAPIKey", c.DashboardAPIKey, func(key *C.char) C.xq_status_t {
		return C.xq_config_set_dashboard_api_key(s.config, key, &s.e)
	})
	s.set("LocatorKey", c.LocatorKey, func(key *C.char) C.xq_status_t {
		return C.xq_config_set_locator_key(s.config, key, &s.e)
	})
	if c.Envelope != 0 {
		s.check(C.xq_config_set_envelope(s.config, C.int32_t(c.Envelope), &s.e))
	}
}

func (c Config) setAddresses(s *settings) {
	s.set("BaseURI", c.BaseURI, func(base *C.char) C.xq_status_t {
		return C.xq_config_set_base_uri(s.config, base, &s.e)
	})
	service := func(name, url string, number C.int32_t) {
		s.set(name, url, func(url *C.char) C.xq_status_t {
			return C.xq_config_set_service_url(s.config, number, url, &s.e)
		})
	}
	service("SubscriptionURL", c.SubscriptionURL, C.XQ_SERVICE_SUBSCRIPTION)
	service("ValidationURL", c.ValidationURL, C.XQ_SERVICE_VALIDATION)
	service("DashboardURL", c.DashboardURL, C.XQ_SERVICE_DASHBOARD)
	service("QuantumURL", c.QuantumURL, C.XQ_SERVICE_QUANTUM)
	if c.AllowPlainHTTP {
		s.check(C.xq_config_set_allow_plain_http(s.config, 1, &s.e))
	}
	s.check(C.xq_config_set_roots(s.config, C.int32_t(c.Roots), &s.e))
	pem, length := data(c.CAPEM)
	s.check(C.xq_config_set_ca_memory(s.config, pem, length, &s.e))
	s.set("CAFile", c.CAFile, func(path *C.char) C.xq_status_t { return C.xq_config_set_ca_file(s.config, path, &s.e) })
	s.set("Proxy", c.Proxy, func(url *C.char) C.xq_status_t { return C.xq_config_set_proxy(s.config, url, &s.e) })
	s.set("UserAgentSuffix", c.UserAgentSuffix, func(suffix *C.char) C.xq_status_t {
		return C.xq_config_set_user_agent_suffix(s.config, suffix, &s.e)
	})
}

func (c Config) setLimits(s *settings) {
	if c.ConnectTimeout != 0 {
		s.check(C.xq_config_set_connect_timeout_ms(s.config, s.milliseconds("ConnectTimeout", c.ConnectTimeout), &s.e))
	}
	if c.Timeout != 0 {
		s.check(C.xq_config_set_timeout_ms(s.config, s.milliseconds("Timeout", c.Timeout), &s.e))
	}
	if c.MaxReplyBytes < 0 {
		s.fail(failed(ErrConfiguration, "MaxReplyBytes is %d; expected 1 or more", c.MaxReplyBytes))
	} else if c.MaxReplyBytes > 0 {
		s.check(C.xq_config_set_max_reply_bytes(s.config, C.size_t(c.MaxReplyBytes), &s.e))
	}
}

// set makes a setting of a text, unless it is "": what the environment said then stays.
func (s *settings) set(name, value string, call func(*C.char) C.xq_status_t) {
	if value != "" {
		s.check(call(s.text(name, value)))
	}
}

// milliseconds is a duration for C.
func (s *settings) milliseconds(name string, value time.Duration) C.uint32_t {
	ms, ok := milliseconds(value)
	if !ok {
		s.fail(failed(ErrConfiguration, "%s is %v; expected up to 2^32-1 milliseconds", name, value))
		return 1
	}
	return ms
}

// milliseconds is a duration for C, unless it is out of range. Part of a millisecond counts as a whole one.
func milliseconds(value time.Duration) (C.uint32_t, bool) {
	ms := int64(value / time.Millisecond)
	if value%time.Millisecond > 0 {
		ms++
	}
	return C.uint32_t(ms), value >= 0 && ms <= math.MaxUint32
}

func (s *settings) check(status C.xq_status_t) {
	s.fail(taken(status, s.e))
}
