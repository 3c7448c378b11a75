//! People and what they are let in with.

use core::ffi::c_char;

use super::api::{XqApi, operation};
use super::argument::{optional_text, text};
use super::error::XqError;
use super::guard::call_text;
use super::status::XqStatus;

/// Asks for access for a person (POST authorize). The service mails that person a PIN and a link; the next step is
/// xq_code_validate(). Asking again sends another PIN. The handle then holds the pre-authorization token that comes
/// back.
///
/// @param api            the handle.
/// @param user           the person's email address.
/// @param first_name     the first name; NULL or "" is not sent.
/// @param last_name      the last name; NULL or "" is not sent.
/// @param newsletter     whether to send the newsletter: 0 for no, anything else for yes.
/// @param notifications  0 none, 1 usage reports, 2 tutorials, 3 both.
/// @param out            where to put the pre-authorization token, to be freed with xq_string_free(); or NULL.
/// @param error          where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_REJECTED: the service does not take the address; XQ_UNAUTHORIZED: the API key is not valid;
///         XQ_INVALID_ARGUMENT: api or user is NULL, user is empty, holds a control character such as a line break, or
///         begins or ends with a blank, a text is not UTF-8, notifications is out of range; XQ_SERVER, XQ_TIMEOUT,
///         XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. On failure the handle keeps the token that it held.
///         Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_authorize_user(
    api: *mut XqApi,
    user: *const c_char,
    first_name: *const c_char,
    last_name: *const c_char,
    newsletter: i32,
    notifications: i32,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_text(out, error, || {
            operation(api, "xq_authorize_user")?.authorize_user(
                text("user", user)?,
                optional_text("first_name", first_name)?.unwrap_or(""),
                optional_text("last_name", last_name)?.unwrap_or(""),
                newsletter != 0,
                notifications,
            )
        })
    }
}
