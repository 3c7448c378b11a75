package xq

// #include "xq.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Status tells how a call failed. It is an error itself, for errors.Is.
type Status int32

// The statuses; they never change.
const (
	// ErrInvalidArgument: an argument cannot be right. Nothing was sent.
	ErrInvalidArgument Status = C.XQ_INVALID_ARGUMENT
	// ErrConfiguration: a setting is missing or cannot be right.
	ErrConfiguration Status = C.XQ_CONFIGURATION
	// ErrUnauthorized: the API key, the token or the PIN is not accepted (HTTP 401), or the call needs a token and
	// there is none.
	ErrUnauthorized Status = C.XQ_UNAUTHORIZED
	// ErrRejected: the service refused the request (any other HTTP 4xx); the message repeats its words.
	ErrRejected Status = C.XQ_REJECTED
	// ErrServer: the service failed (HTTP 5xx).
	ErrServer Status = C.XQ_SERVER
	// ErrTimeout: a time limit passed. Error.Outcome tells whether the request may have been carried out.
	ErrTimeout Status = C.XQ_TIMEOUT
	// ErrNetwork: there was no connection, or it broke.
	ErrNetwork Status = C.XQ_NETWORK
	// ErrTLS: the service's TLS certificate is not trusted, or there is no TLS.
	ErrTLS Status = C.XQ_TLS
	// ErrProtocol: the reply makes no sense, or is larger than the configuration allows.
	ErrProtocol Status = C.XQ_PROTOCOL
	// ErrCrypto: something did not decrypt, or a key cannot be used.
	ErrCrypto Status = C.XQ_CRYPTO
	// ErrFile: a file cannot be read or written.
	ErrFile Status = C.XQ_FILE
	// ErrInternal: a defect in libxq. The API remains usable.
	ErrInternal Status = C.XQ_INTERNAL
	// ErrCanceled: the program stopped the work: Cancel, a context, or a progress function.
	ErrCanceled Status = C.XQ_CANCELED
)

// Outcome tells whether what a failed call asked for was carried out all the same. xq_error_outcome in xq.h says
// of each call what a double means.
type Outcome int32

const (
	// OutcomeNotSent: no, nothing was sent that could have been.
	OutcomeNotSent Outcome = C.XQ_OUTCOME_NOT_SENT
	// OutcomeRefused: no, the service says so (HTTP 3xx and 4xx).
	OutcomeRefused Outcome = C.XQ_OUTCOME_REFUSED
	// OutcomeUnknown: perhaps, in whole or in part.
	OutcomeUnknown Outcome = C.XQ_OUTCOME_UNKNOWN
	// OutcomeDone: yes, but what the service gave cannot be used.
	OutcomeDone Outcome = C.XQ_OUTCOME_DONE
)

// ErrClosed is what a call on a closed API gives.
var ErrClosed = errors.New("xq: the API is closed")

// Name is the name of the status, such as "XQ_TIMEOUT"; "unknown" where there is no such status.
func (s Status) Name() string { return C.GoString(C.xq_status_name(C.int32_t(s))) }

// Error is what the status means, in one line, such as "xq: a time limit passed".
func (s Status) Error() string { return "xq: " + C.GoString(C.xq_status_meaning(C.int32_t(s))) }

// Error tells why a call failed.
type Error struct {
	// Status tells what kind of failure it is.
	Status Status
	// Message is one sentence. It never holds a secret.
	Message string
	// HTTPStatus is that of the service's reply, such as 403; 0 where there was no reply.
	HTTPStatus int
	// CanRetry tells whether the same call, made again later with nothing changed, may succeed.
	CanRetry bool
	// Outcome tells whether the call was carried out. One that makes something is safe to make again after OutcomeNotSent
	// and OutcomeRefused.
	Outcome Outcome
	// Request is the number of the request that failed, among those of its handle; 0 where there was no request. A call
	// that a context can end has a handle of its own, so its requests count from 1.
	Request uint64
	// Operation is the function of xq.h that made that request, such as "xq_get_packet"; "" where there was none.
	Operation string
	// RetryAfter is how long the service asks to wait; -1 where it does not say.
	RetryAfter time.Duration

	// A pointer, so that no way of printing an Error prints it.
	reply *string
	// That of the context that ended the call, if one did.
	cause error
}

// Error is the message, behind the name of the package.
func (e *Error) Error() string { return "xq: " + e.Message }

// Is makes errors.Is(err, ErrTimeout) and its like true where that is the status.
func (e *Error) Is(target error) bool {
	status, ok := target.(Status)
	return ok && status == e.Status
}

// Unwrap makes errors.Is(err, context.Canceled) or errors.Is(err, context.DeadlineExceeded) true where the context of the
// call ended it. nil otherwise.
func (e *Error) Unwrap() error { return e.cause }

// Reply is the service's reply where CreateAndStorePackets, CreateAndStorePacketsBatch or GetPackets could not
// understand it: the keys may be stored, and their locator tokens may stand there. It is as secret as the keys in it.
// "" where there is none.
func (e *Error) Reply() string {
	if e.reply == nil {
		return ""
	}
	return *e.reply
}

// taken is the error of a call that gave this status, for Go; the one for C is freed.
func taken(status C.xq_status_t, from *C.xq_error_t) error {
	if status == C.XQ_OK {
		return nil
	}
	defer C.xq_error_free(from)
	e := &Error{
		Status:     Status(C.xq_error_status(from)),
		Message:    C.GoString(C.xq_error_message(from)),
		HTTPStatus: int(C.xq_error_http_status(from)),
		CanRetry:   C.xq_error_can_retry(from) != 0,
		Outcome:    Outcome(C.xq_error_outcome(from)),
		Request:    uint64(C.xq_error_request(from)),
		Operation:  C.GoString(C.xq_error_operation(from)),
		RetryAfter: -1,
	}
	if seconds := C.xq_error_retry_after(from); seconds >= 0 {
		e.RetryAfter = time.Duration(seconds) * time.Second
	}
	if reply := C.xq_error_reply(from); reply != nil {
		text := C.GoString(reply)
		e.reply = &text
	}
	return e
}

// endedBy is the error of a call that may have been stopped by its context, which then is what it tells.
func endedBy(ctx context.Context, err error) error {
	e, ok := err.(*Error)
	if cause := ctx.Err(); ok && e.Status == ErrCanceled && cause != nil {
		e.Message, e.cause = "the context of the call has ended: "+cause.Error(), cause
	}
	return err
}

func failed(status Status, format string, values ...any) error {
	return &Error{Status: status, Message: fmt.Sprintf(format, values...), RetryAfter: -1}
}
