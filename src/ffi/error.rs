//! Errors that the caller owns.

use alloc::ffi::CString;
use core::ffi::c_char;
use core::ptr;

use super::status::XqStatus;
use crate::error::{Error, Outcome};
use crate::platform::prelude::*;
use crate::secret::Secret;

/// Why a call failed. It belongs to the caller of that call, who frees it with xq_error_free(). It does not change, so
/// any number of threads may read it. Its message never holds a secret.
#[derive(Debug)]
pub struct XqError {
    status: XqStatus,
    message: CString,
    http_status: i32,
    can_retry: bool,
    reply: Option<Secret>,
    retry_after: Option<u32>,
    outcome: XqOutcome,
    operation: CString,
    request: u64,
}

/// Whether what a failed call asked for was carried out all the same.
#[allow(
    clippy::enum_variant_names,
    reason = "the names become XQ_OUTCOME_NOT_SENT and so on in C, which has no namespaces"
)]
#[repr(i32)]
#[derive(Clone, Copy, Debug)]
pub enum XqOutcome {
    /// No: the request that makes the change was not sent. Those that only get what it needs (entropy for a key, the
    /// members of a group) may have been, and may have failed in any way; where one of them was refused, the outcome is
    /// XQ_OUTCOME_REFUSED.
    XqOutcomeNotSent = 0,
    /// No: the service says so (HTTP 3xx and 4xx).
    XqOutcomeRefused = 1,
    /// Perhaps, in whole or in part: no reply came, or a page in HTML, perhaps of somebody on the way, the service failed
    /// (HTTP 5xx) at the request that makes the change, or an earlier one of the call's requests was carried out.
    XqOutcomeUnknown = 2,
    /// Yes: the service says so, but what it gave cannot be used.
    XqOutcomeDone = 3,
}

impl From<Outcome> for XqOutcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::NotSent => XqOutcome::XqOutcomeNotSent,
            Outcome::Refused => XqOutcome::XqOutcomeRefused,
            Outcome::Unknown => XqOutcome::XqOutcomeUnknown,
            Outcome::Done => XqOutcome::XqOutcomeDone,
        }
    }
}

impl From<Error> for XqError {
    fn from(error: Error) -> Self {
        // A sentence has no NUL unless somebody else's words brought one.
        let message = error.message().replace('\0', " ");
        let cause = error.cause().unwrap_or_default();
        XqError {
            status: error.kind().into(),
            message: CString::new(message).unwrap_or_default(),
            http_status: error.http_status().into(),
            can_retry: error.can_retry(),
            retry_after: error.retry_after(),
            outcome: error.outcome().into(),
            operation: CString::new(cause.operation).unwrap_or_default(),
            request: cause.request as u64,
            reply: error.reply().map(|text| Secret::from(format!("{}\0", text.as_str()))),
        }
    }
}

/// The status that the failed call returned.
///
/// @param error  the error, or NULL.
/// @return the status; XQ_OK for NULL. Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_error_status(error: *const XqError) -> XqStatus {
    // SAFETY: NULL or alive, as the header asks.
    unsafe { error.as_ref() }.map_or(XqStatus::XqOk, |error| error.status)
}

/// What went wrong and what was expected: one sentence in English, UTF-8, without a line break.
///
/// @param error  the error, or NULL.
/// @return a string that lives as long as the error and is not to be freed by itself; "" for NULL. Never fails.
///         No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_error_message(error: *const XqError) -> *const c_char {
    // SAFETY: NULL or alive, as the header asks.
    unsafe { error.as_ref() }.map_or(c"".as_ptr(), |error| error.message.as_ptr())
}

/// The HTTP status of the service's reply.
///
/// @param error  the error, or NULL.
/// @return the status, such as 403; 0 where there was no reply, and for NULL. Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_error_http_status(error: *const XqError) -> i32 {
    // SAFETY: NULL or alive, as the header asks.
    unsafe { error.as_ref() }.map_or(0, |error| error.http_status)
}

/// Whether the same call, made again later with nothing changed, may succeed: after XQ_TIMEOUT, XQ_NETWORK and
/// XQ_SERVER, and where the service asks to come back later (HTTP 408, 429); but not where a device is signed in and
/// was only not announced, since then xq_announce_device() is the call to make. It does not say that nothing was done:
/// xq_error_outcome() tells that, and a call that makes something is made again only where both allow it. libxq never
/// repeats a request by itself.
///
/// @param error  the error, or NULL.
/// @return 1 for yes, 0 for no and for NULL. Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_error_can_retry(error: *const XqError) -> i32 {
    // SAFETY: NULL or alive, as the header asks.
    unsafe { error.as_ref() }.map_or(0, |error| error.can_retry.into())
}

/// Whether what the failed call asked for was carried out all the same. A call that makes something is safe to make again
/// after XQ_OUTCOME_NOT_SENT and XQ_OUTCOME_REFUSED. After XQ_OUTCOME_UNKNOWN a second one is a double, if the first was
/// carried out:
///
/// - what only reads, xq_grant_users(), xq_revoke_users(), xq_revoke_packet(), xq_update_settings(),
///   xq_update_usergroup(), xq_add_usergroup_members() and the like, xq_announce_device(), xq_dashboard_signup(),
///   signing in, xq_switch_business(): nothing, since twice is the same as once
/// - what deletes or gives up: the second one is refused, since it is gone
/// - xq_create_and_store_packet() and its like, xq_add_packet(), the functions that seal for people: a second key is
///   stored, which nothing is sealed with
/// - xq_authorize_user(), xq_send_login_link(): a second mail; the first PIN may no longer do
/// - xq_code_validate(): the PIN is used up: it is refused, and the token may be valid
/// - xq_create_usergroup(), xq_add_contact(), xq_generate_device_certificate(): a second group, contact or certificate:
///   look for the first
/// - xq_request(): whatever the service makes of it
///
/// @param error  the error, or NULL.
/// @return one of xq_outcome_t; XQ_OUTCOME_NOT_SENT for NULL, and where an argument was refused. Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_error_outcome(error: *const XqError) -> XqOutcome {
    // SAFETY: NULL or alive, as the header asks.
    unsafe { error.as_ref() }.map_or(XqOutcome::XqOutcomeNotSent, |error| error.outcome)
}

/// The number of the call's last request, among those of its handle: 1 for the first. That is the one that failed, unless
/// what failed was to use what it gave. Lines of the log begin with it.
///
/// @param error  the error, or NULL.
/// @return the number, whether or not anything of it left; 0 where the call did not come to a request, as where an argument
///         was refused or no token is held, and for NULL. Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_error_request(error: *const XqError) -> u64 {
    // SAFETY: NULL or alive, as the header asks.
    unsafe { error.as_ref() }.map_or(0, |error| error.request)
}

/// The name of the function whose request failed, such as "xq_get_packet", as it stands in the log.
///
/// @param error  the error, or NULL.
/// @return a string that lives as long as the error and is not to be freed by itself; "" where the call did not come to a
///         request, and for NULL. Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_error_operation(error: *const XqError) -> *const c_char {
    // SAFETY: NULL or alive, as the header asks.
    unsafe { error.as_ref() }.map_or(c"".as_ptr(), |error| error.operation.as_ptr())
}

/// The seconds after which the service asks to come back (Retry-After), as it may beside HTTP 429 and 503. Where it says
/// a date, they are those from the reply's own Date to it; no clock of this machine is asked.
///
/// @param error  the error, or NULL.
/// @return seconds, 0 or more; -1 where the service does not say, or says a date in a reply that has none of its own, and
///         for NULL. Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_error_retry_after(error: *const XqError) -> i64 {
    // SAFETY: NULL or alive, as the header asks.
    unsafe { error.as_ref() }
        .and_then(|error| error.retry_after)
        .map_or(-1, i64::from)
}

/// The reply to a call that was carried out and whose result did not reach the program: one that could not be understood
/// (XQ_PROTOCOL) to a function that stores keys, or to xq_get_packets(), xq_create_usergroup(), xq_add_contact(),
/// xq_generate_device_certificate() or xq_request(); for a certificate also where its files could not be written
/// (XQ_FILE). Locator tokens, ids and keys may stand there, which are to be had from nowhere else. It is as secret as
/// they are.
///
/// @param error  the error, or NULL.
/// @return a string that lives as long as the error, is wiped with it, and is not to be freed by itself; NULL where
///         there is no such reply, and for NULL. Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_error_reply(error: *const XqError) -> *const c_char {
    // SAFETY: NULL or alive, as the header asks; the text ends in the NUL that was put there.
    unsafe { error.as_ref() }
        .and_then(|error| error.reply.as_ref())
        .map_or(ptr::null(), |text| text.as_str().as_ptr().cast())
}

/// Frees an error, and wipes what xq_error_reply() gives.
///
/// @param error  the error, which is not to be used afterwards; NULL is fine.
///
/// Never fails. No network. Any thread may free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_error_free(error: *mut XqError) {
    if !error.is_null() {
        // SAFETY: made by `Box::into_raw` in this library and freed once, as the header asks.
        drop(unsafe { Box::from_raw(error) });
    }
}
