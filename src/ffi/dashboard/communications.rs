//! Communications.

use core::ffi::c_char;
use core::ptr;

use crate::dashboard::Rows;
use crate::dashboard::communications::Communication;
use crate::ffi::api::{XqApi, operation};
use crate::ffi::argument::{text, texts};
use crate::ffi::error::XqError;
use crate::ffi::guard::{call, call_with};
use crate::ffi::rows::{self, Texts};
use crate::ffi::status::XqStatus;
use crate::platform::prelude::*;

/// A stored key as the dashboard shows it. It lives, with its texts, until xq_communication_free() frees it all at once.
/// Not to be changed; any number of threads may read it.
#[repr(C)]
pub struct XqCommunication {
    /// Its number; -1 where the service does not tell.
    pub id: i64,
    /// Its locator token; NULL where the service does not tell.
    pub locator_token: *const c_char,
    /// Its labels; NULL where the service does not tell.
    pub labels: *const *const c_char,
    /// How many labels there are.
    pub label_count: usize,
    /// The service's reply as it came: JSON, with whatever else it told. Never NULL.
    pub reply: *const c_char,
}

fn into_c(communication: Rows<Communication>) -> *mut XqCommunication {
    let mut texts = Texts::default();
    let reply = texts.keep_secret(&communication.reply);
    // There is one row, or none was read.
    let view = match communication.rows.into_iter().next() {
        Some(row) => XqCommunication {
            id: row.id.unwrap_or(-1),
            locator_token: row.locator.map_or(ptr::null(), |locator| texts.keep_secret(&locator)),
            label_count: row.labels.as_ref().map_or(0, Vec::len),
            labels: texts.keep_list(row.labels),
            reply,
        },
        None => XqCommunication {
            id: -1,
            locator_token: ptr::null(),
            labels: ptr::null(),
            label_count: 0,
            reply,
        },
    };
    rows::into_c(view, Vec::<()>::new(), texts)
}

/// Frees a communication with all its texts.
///
/// @param communication  the communication, which is not to be used afterwards; NULL is fine.
///
/// Never fails. No network. Any thread may free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_communication_free(communication: *mut XqCommunication) {
    // SAFETY: `into_c` made it, as the header asks.
    unsafe { rows::free::<XqCommunication, ()>(communication) }
}

/// Tells what the dashboard knows of a stored key (GET communication/LOCATOR): its labels, and in the reply whatever else.
///
/// @param api            the handle, with a dashboard token.
/// @param locator_token  the key's locator token.
/// @param out            where to put the communication, to be freed with xq_communication_free(); or NULL.
/// @param error          where to put the error of a failed call, or NULL.
/// @return XQ_OK, also where the service leaves fields out; XQ_REJECTED: also where there is no such key (HTTP 404);
///         XQ_UNAUTHORIZED: the dashboard token or key is not accepted, or the handle holds no such token;
///         XQ_INVALID_ARGUMENT: api or locator_token is NULL, it is empty, "." or "..", or not UTF-8; XQ_PROTOCOL: also
///         where the reply is no JSON object; XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition. Uses the
///         network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_get_communication_by_locator_token(
    api: *mut XqApi,
    locator_token: *const c_char,
    out: *mut *mut XqCommunication,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, into_c, || {
            operation(api, "xq_get_communication_by_locator_token")?
                .get_communication_by_locator_token(text("locator_token", locator_token)?)
        })
    }
}

/// Adds labels to a stored key (PATCH communication/LOCATOR/labels).
///
/// @param api            the handle, with a dashboard token.
/// @param locator_token  the key's locator token.
/// @param labels         the labels, none of them empty.
/// @param label_count    how many there are, 1 or more.
/// @param error          where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: api, locator_token or labels is NULL, there is no label, a label is NULL, empty
///         or not UTF-8, locator_token is not as above; the others as xq_get_communication_by_locator_token(). Uses the
///         network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_add_labels_to_locator_token(
    api: *mut XqApi,
    locator_token: *const c_char,
    labels: *const *const c_char,
    label_count: usize,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            let labels = texts("labels", labels, label_count)?;
            operation(api, "xq_add_labels_to_locator_token")?
                .add_labels_to_locator_token(text("locator_token", locator_token)?, &labels)
        })
    }
}
