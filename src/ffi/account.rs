//! The account of the one who is signed in.

use alloc::ffi::CString;
use core::ffi::c_char;
use core::ptr;

use super::api::{XqApi, operation};
use super::argument::texts;
use super::error::XqError;
use super::guard::{call, call_text, call_with};
use super::status::XqStatus;
use super::string;
use crate::error::Error;
use crate::platform::prelude::*;
use crate::subscription::account::{Settings, Subscriber};

/// Who is signed in. It lives, with its texts, until xq_subscriber_free() frees it all at once. Not to be changed; any
/// number of threads may read it.
#[repr(C)]
pub struct XqSubscriber {
    /// The subscriber's number; -1 where the service does not tell.
    pub id: i64,
    /// The email address; NULL where the service does not tell.
    pub user: *const c_char,
    /// The first name; NULL where the service does not tell.
    pub first_name: *const c_char,
    /// The last name; NULL where the service does not tell.
    pub last_name: *const c_char,
    /// The subscription, as the service names or numbers it; NULL where the service does not tell.
    pub subscription: *const c_char,
    /// When the subscription starts, in milliseconds since 1970; -1 where the service does not tell.
    pub starts_ms: i64,
    /// When the subscription ends, in milliseconds since 1970; -1 where the service does not tell.
    pub ends_ms: i64,
    /// The service's reply as it came: JSON, with whatever else it told. Never NULL.
    pub reply: *const c_char,
}

/// What a caller sees of a subscriber, and what that points into.
#[repr(C)]
struct Owned {
    /// First, so that a pointer to it is a pointer to the whole.
    subscriber: XqSubscriber,
    /// In a box, so that the texts do not move once pointers to them are taken.
    texts: Box<[Option<CString>; 5]>,
}

fn into_c(subscriber: Subscriber) -> *mut XqSubscriber {
    let Subscriber { fields, reply } = subscriber;
    let reply = Some(reply.as_str().to_owned());
    let texts = [fields.user, fields.first_name, fields.last_name, fields.sub, reply];
    // None has a NUL: the reading of the reply has seen to it.
    let texts = Box::new(texts.map(|text| text.and_then(|text| CString::new(text).ok())));
    let [user, first_name, last_name, subscription, reply] = texts.each_ref().map(pointer);
    let subscriber = XqSubscriber {
        id: fields.id.unwrap_or(-1),
        user,
        first_name,
        last_name,
        subscription,
        starts_ms: fields.starts.unwrap_or(-1),
        ends_ms: fields.ends.unwrap_or(-1),
        reply,
    };
    Box::into_raw(Box::new(Owned { subscriber, texts })).cast()
}

fn pointer(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(ptr::null(), |text| text.as_ptr())
}

/// Frees a subscriber with all its texts.
///
/// @param subscriber  the subscriber, which is not to be used afterwards; NULL is fine.
///
/// Never fails. No network. Any thread may free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_subscriber_free(subscriber: *mut XqSubscriber) {
    if !subscriber.is_null() {
        // SAFETY: `into_c` made it, as the header asks, so it is the first field of an `Owned` on the heap.
        drop(unsafe { Box::from_raw(subscriber.cast::<Owned>()) });
    }
}

/// Gives the access token up (DELETE authorization): the service no longer accepts it, and the handle forgets it. Calls
/// that need a token then fail with XQ_UNAUTHORIZED without a request, until there is another. The dashboard token stays
/// as it is, at the service too: xq_forget_tokens() makes the handle forget it.
///
/// @param api    the handle.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_UNAUTHORIZED: the token is not accepted any more, or the handle holds none; XQ_INVALID_ARGUMENT:
///         api is NULL; XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. On
///         failure the handle keeps the token. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_deauthorize(api: *mut XqApi, error: *mut *mut XqError) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call(error, || operation(api, "xq_deauthorize")?.deauthorize()) }
}

/// Tells who is signed in (GET subscriber).
///
/// @param api    the handle.
/// @param out    where to put the subscriber, to be freed with xq_subscriber_free(); or NULL.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK, also where the service leaves fields out; XQ_UNAUTHORIZED: the token is not accepted, or the handle
///         holds none; XQ_INVALID_ARGUMENT: api is NULL; XQ_PROTOCOL: also where the reply is no JSON object;
///         XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_get_subscriber(
    api: *mut XqApi,
    out: *mut *mut XqSubscriber,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call_with(out, error, into_c, || operation(api, "xq_get_subscriber")?.subscriber()) }
}

/// Deletes the subscriber who is signed in (DELETE subscriber). This cannot be undone: the account is gone, and with it
/// the way to the keys that it owns. The handle forgets the access token.
///
/// @param api    the handle.
/// @param error  where to put the error of a failed call, or NULL.
/// @return as xq_deauthorize(). Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_delete_subscriber(api: *mut XqApi, error: *mut *mut XqError) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call(error, || operation(api, "xq_delete_subscriber")?.delete_subscriber()) }
}

/// Tells what the subscriber wants to be sent (GET settings).
///
/// @param api            the handle.
/// @param newsletter     where to put whether the newsletter is wanted: 0 or 1, -1 where the service does not tell; or
///                       NULL. Written only on success.
/// @param notifications  where to put the notifications that are wanted: 0 none, 1 usage reports, 2 tutorials, 3 both,
///                       -1 where the service does not tell; or NULL. Written only on success.
/// @param error          where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_PROTOCOL: also where a field is of another kind; the others as xq_get_subscriber(). Uses the
///         network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_get_settings(
    api: *mut XqApi,
    newsletter: *mut i32,
    notifications: *mut i32,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header: each pointer is NULL or may be written.
    unsafe {
        call(error, || {
            let settings = operation(api, "xq_get_settings")?.settings()?;
            if !newsletter.is_null() {
                newsletter.write(settings.newsletter.map_or(-1, i32::from));
            }
            if !notifications.is_null() {
                notifications.write(settings.notifications.unwrap_or(-1));
            }
            Ok(())
        })
    }
}

/// Changes what the subscriber wants to be sent (PATCH settings).
///
/// @param api            the handle.
/// @param newsletter     0 for no newsletter, 1 for one, -1 to leave it as it is.
/// @param notifications  0 none, 1 usage reports, 2 tutorials, 3 both, -1 to leave them as they are.
/// @param error          where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: api is NULL, both are -1, or one is out of range; the others as
///         xq_deauthorize(). Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_update_settings(
    api: *mut XqApi,
    newsletter: i32,
    notifications: i32,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            let newsletter = match newsletter {
                -1 => None,
                0 | 1 => Some(newsletter == 1),
                other => {
                    return Err(Error::invalid(format!(
                        "newsletter is {other}; expected 0, 1, or -1 to leave it"
                    )));
                }
            };
            let notifications = (notifications != -1).then_some(notifications);
            operation(api, "xq_update_settings")?.update_settings(&Settings {
                newsletter,
                notifications,
            })
        })
    }
}

/// Gives a token for another program, which then works for the one who is signed in (GET delegate). The handle keeps
/// its own.
///
/// @param api    the handle.
/// @param out    where to put the token, to be freed with xq_string_free(); or NULL.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_PROTOCOL: also where the reply is no token; the others as xq_deauthorize(). Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_authorize_delegate(
    api: *mut XqApi,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_text(out, error, || {
            operation(api, "xq_authorize_delegate")?.authorize_delegate()
        })
    }
}

/// Combines several access tokens into one that does what all of them do (POST combined). The handle keeps its own;
/// give it the new one with xq_set_access_token() if it shall use that.
///
/// @param api          the handle.
/// @param tokens       the tokens, none of them empty.
/// @param token_count  how many there are, 1 or more.
/// @param out          where to put the combined token, to be freed with xq_string_free(); or NULL.
/// @param merged       where to put how many tokens went into it, which is fewer than token_count where the service
///                     does not accept them all; or NULL. Written only on success.
/// @param error        where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_REJECTED: the service accepts none of the tokens; XQ_INVALID_ARGUMENT: api or tokens is NULL,
///         there is no token, one is NULL, not visible ASCII or longer than 8,192 bytes; XQ_PROTOCOL: also where the
///         reply has no token; the others as xq_deauthorize(). Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_combine_authorizations(
    api: *mut XqApi,
    tokens: *const *const c_char,
    token_count: usize,
    out: *mut *mut c_char,
    merged: *mut i64,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header: each pointer is NULL or what it says.
    unsafe {
        call_with(
            out,
            error,
            |text| string::into_c(&text),
            || {
                let (token, count) = operation(api, "xq_combine_authorizations")?.combine_authorizations(&texts(
                    "tokens",
                    tokens,
                    token_count,
                )?)?;
                if !merged.is_null() {
                    merged.write(count);
                }
                Ok(token)
            },
        )
    }
}
