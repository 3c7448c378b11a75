//! API keys and tokens.

use core::ffi::c_char;

use super::api::{XqApi, operation};
use super::argument::{optional_text, text};
use super::error::XqError;
use super::guard::{call, call_text};
use super::status::XqStatus;

/// Asks the service whether the API key is valid (GET apikey).
///
/// @param api    the handle.
/// @param out    where to put the service's answer, JSON such as {"scopes":["authorize","packet"],"status":"OK"}, to be
///               freed with xq_string_free(); or NULL.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_UNAUTHORIZED: the key is not valid; XQ_INVALID_ARGUMENT: api is NULL; XQ_REJECTED, XQ_SERVER,
///         XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_validate_api_key(
    api: *mut XqApi,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call_text(out, error, || operation(api, "xq_validate_api_key")?.validate_api_key()) }
}

/// Validates the PIN that the service mailed to the user (GET codevalidation), under the pre-authorization token that
/// xq_authorize_user() left in the handle, or that xq_set_access_token() put back. The next step is xq_exchange_key().
/// Nothing comes out: the handle keeps the token it holds, which the service now honours.
///
/// @param api    the handle.
/// @param pin    the PIN as text, since it may have leading zeros, such as "004217".
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_UNAUTHORIZED: the PIN is not the right one (or is validated already: after a call that was cut
///         short, try xq_exchange_key()), the API key or the token is not accepted, or the handle holds no token;
///         XQ_INVALID_ARGUMENT: api or pin is NULL, pin is empty, not UTF-8, holds a control character such as a line
///         break, or begins or ends with a blank; XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL
///         as in their definition. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_code_validate(api: *mut XqApi, pin: *const c_char, error: *mut *mut XqError) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            operation(api, "xq_code_validate")?.code_validate(text("pin", pin)?)
        })
    }
}

/// Exchanges the pre-authorization token, once its PIN is validated, for an access token (GET exchange). The handle
/// then holds the access token, which is good for all services but the dashboard; keep it with xq_get_access_token() and
/// xq_set_access_token() to do without a PIN next time. Once the service no longer accepts it, calls that carry it fail
/// with XQ_UNAUTHORIZED: sign in again then.
///
/// @param api       the handle.
/// @param business  the id of the business to sign in to, or NULL for none.
/// @param selector  0; anything else has the service's "selector" sent as True, for programs that let people choose
///                  among their businesses.
/// @param out       where to put the access token, to be freed with xq_string_free(); or NULL.
/// @param error     where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_REJECTED: the PIN has not been validated; XQ_UNAUTHORIZED: the API key or the token is not
///         accepted (an access token is not: it has been exchanged already), or the handle holds no token;
///         XQ_INVALID_ARGUMENT: api is NULL, business is empty or not UTF-8; XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK,
///         XQ_TLS, XQ_PROTOCOL as in their definition. On failure the handle keeps the token that it held; where the
///         reply was lost, try again. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_exchange_key(
    api: *mut XqApi,
    business: *const c_char,
    selector: i32,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_text(out, error, || {
            operation(api, "xq_exchange_key")?.exchange_key(optional_text("business", business)?, selector != 0)
        })
    }
}

/// Exchanges the dashboard token that the handle holds for an access token (GET exchange). The handle then holds both.
///
/// @param api    the handle.
/// @param out    where to put the access token, to be freed with xq_string_free(); or NULL.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_UNAUTHORIZED: the API key or the dashboard token is not accepted, or the handle holds no dashboard
///         token (nothing was sent then); XQ_INVALID_ARGUMENT: api is NULL; XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT,
///         XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. On failure the handle keeps the access token that it
///         held. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_exchange_for_subscription_token(
    api: *mut XqApi,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_text(out, error, || {
            operation(api, "xq_exchange_for_subscription_token")?.exchange_for_subscription_token()
        })
    }
}
