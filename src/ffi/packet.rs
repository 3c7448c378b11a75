//! Stored keys: fetch, share, take back.

use core::ffi::c_char;

use super::api::{XqApi, operation};
use super::argument::{text, texts};
use super::error::XqError;
use super::guard::{call, call_text, call_with};
use super::list::{self, XqList};
use super::status::XqStatus;
use crate::error::Error;

/// Stores an encrypted packet that xq_create_packet() made (POST packet on the validation service). Its owner is the
/// one who made it. Each call stores it again, under another locator token.
///
/// @param api     the handle.
/// @param packet  the packet, as it came.
/// @param out     where to put its locator token, to be freed with xq_string_free(); or NULL.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: api or packet is NULL, packet is empty or not UTF-8; XQ_UNAUTHORIZED: the token
///         is not accepted, or the handle holds none; XQ_REJECTED: the service does not take it for a packet of its
///         own; XQ_PROTOCOL also where the reply is no locator token: xq_error_reply() then has the reply's text;
///         XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_add_packet(
    api: *mut XqApi,
    packet: *const c_char,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_text(out, error, || {
            operation(api, "xq_add_packet")?.add_packet(text("packet", packet)?)
        })
    }
}

/// Fetches the key that a locator token stands for (GET key/LOCATOR).
///
/// @param api      the handle, signed in as the owner or as a recipient.
/// @param locator  the locator token.
/// @param out      where to put the key, as it was stored, to be freed with xq_string_free(); or NULL. (A service that
///                 answers with bare text cannot be told from one that answers with a JSON string where the key itself
///                 begins and ends with a quote and is one: it then comes without its quotes.)
/// @param error    where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_REJECTED: the key is expired, revoked or unknown, or not for the one who asks (the message has
///         the service's reason, xq_error_http_status() its status); XQ_INVALID_ARGUMENT: api or locator is NULL,
///         locator is empty, "." or "..", or not UTF-8; XQ_UNAUTHORIZED: the token is not accepted, or the handle
///         holds none; XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. Uses the
///         network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_get_packet(
    api: *mut XqApi,
    locator: *const c_char,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_text(out, error, || {
            operation(api, "xq_get_packet")?.get_packet(text("locator", locator)?)
        })
    }
}

/// Fetches the keys that many locator tokens stand for, in one request (POST keys).
///
/// @param api            the handle, signed in as the owner or as a recipient.
/// @param locators       the locator tokens, none of them empty.
/// @param locator_count  how many there are, 1 or more.
/// @param out            where to put the keys, in the locators' order, NULL for each that the service does not give
///                       (expired, revoked, unknown, or not for the one who asks: xq_get_packet() tells which); to be
///                       freed with xq_list_free(); or NULL.
/// @param error          where to put the error of a failed call, or NULL.
/// @return XQ_OK, also where keys are missing; XQ_INVALID_ARGUMENT: api or locators is NULL, there is no locator, one
///         is empty or not UTF-8; XQ_UNAUTHORIZED: the token is not accepted, or the handle holds none; XQ_PROTOCOL:
///         also where the keys are larger than xq_config_set_max_reply_bytes() allows (ask for fewer at once);
///         XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_get_packets(
    api: *mut XqApi,
    locators: *const *const c_char,
    locator_count: usize,
    out: *mut *mut XqList,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, list::into_c, || {
            operation(api, "xq_get_packets")?.get_packets(&texts("locators", locators, locator_count)?)
        })
    }
}

/// Takes a key back for good: nobody gets it any more (DELETE key/LOCATOR). Only its owner can.
///
/// @param api      the handle, signed in as the owner.
/// @param locator  the locator token.
/// @param error    where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_REJECTED: the one who asks is not the owner, or there is no such key any more; the others as
///         xq_get_packet(). Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_revoke_packet(
    api: *mut XqApi,
    locator: *const c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            operation(api, "xq_revoke_packet")?.revoke_packet(text("locator", locator)?)
        })
    }
}

/// Lets more people have a key (POST grant/LOCATOR). Only its owner can.
///
/// @param api              the handle, signed in as the owner.
/// @param locator          the locator token.
/// @param recipients       who else may have the key: people, groups and aliases (see Lists in libxq(3), the opening text).
/// @param recipient_count  how many recipients there are, 1 or more.
/// @param error            where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_REJECTED: the one who asks is not the owner, or there is no such key any more;
///         XQ_INVALID_ARGUMENT: also where recipients is NULL, or a recipient or the list of them is empty; the others
///         as xq_get_packet(). Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_grant_users(
    api: *mut XqApi,
    locator: *const c_char,
    recipients: *const *const c_char,
    recipient_count: usize,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            let recipients = texts("recipients", recipients, recipient_count)?;
            operation(api, "xq_grant_users")?.grant_users(text("locator", locator)?, &recipients)
        })
    }
}

/// Takes a key away from people who may have it (PATCH revoke/LOCATOR). Only its owner can. What they have fetched
/// already remains with them.
///
/// @param api              the handle, signed in as the owner.
/// @param locator          the locator token.
/// @param recipients       who may have the key no more.
/// @param recipient_count  how many recipients there are, 1 or more.
/// @param error            where to put the error of a failed call, or NULL.
/// @return as xq_grant_users(). Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_revoke_users(
    api: *mut XqApi,
    locator: *const c_char,
    recipients: *const *const c_char,
    recipient_count: usize,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            let recipients = texts("recipients", recipients, recipient_count)?;
            operation(api, "xq_revoke_users")?.revoke_users(text("locator", locator)?, &recipients)
        })
    }
}

/// Tells how long a key still lives (GET expiration/LOCATOR).
///
/// @param api      the handle, signed in as the owner or as a recipient.
/// @param locator  the locator token.
/// @param seconds  where to put the number of seconds left, 0 where it has expired; written only on success. May not be NULL.
/// @param error    where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: also where seconds is NULL; the others as xq_get_packet(). Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_packet_expiration(
    api: *mut XqApi,
    locator: *const c_char,
    seconds: *mut i64,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            if seconds.is_null() {
                return Err(Error::invalid("seconds is NULL; expected a place for the number"));
            }
            let left = operation(api, "xq_packet_expiration")?.packet_expiration(text("locator", locator)?)?;
            seconds.write(left);
            Ok(())
        })
    }
}
