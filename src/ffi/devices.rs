//! Devices: what firmware signs in with instead of a PIN.

use core::ffi::c_char;
use core::ptr;

use super::api::{XqApi, operation};
use super::argument::{optional_text, text};
use super::error::XqError;
use super::guard::{call, call_text};
use super::status::XqStatus;
use super::string;
use crate::error::Error;
use crate::platform::prelude::*;
use crate::secret::Secret;
use crate::subscription::devices::{Authorized, Certificate, DEFAULT_DEVICE};

/// Runs `body`; a token that was won comes out even where the device could not be announced.
///
/// # Safety
///
/// `out` and `error` are each NULL or point to a pointer that may be written.
pub(super) unsafe fn call_authorized(
    out: *mut *mut c_char,
    error: *mut *mut XqError,
    body: impl FnOnce() -> Result<Authorized, Error>,
) -> XqStatus {
    let mut token = ptr::null_mut();
    // SAFETY: the promise on `error` is passed on.
    let status = unsafe {
        call(error, || {
            let authorized = body()?;
            if !out.is_null() {
                token = string::into_c(&authorized.token);
            }
            authorized.not_announced.map_or(Ok(()), Err)
        })
    };
    if !out.is_null() {
        // SAFETY: not NULL, so it may be written, as this function asks of its caller.
        unsafe { out.write(token) };
    }
    status
}

/// Signs in under an alias (POST authorizealias): an access token at once, without a PIN. The handle then holds it. The
/// dashboard does not know of an alias before xq_announce_device().
///
/// @param api         the handle.
/// @param alias       the alias, such as "device-7".
/// @param first_name  the first name; NULL for "".
/// @param last_name   the last name; NULL for "".
/// @param out         where to put the access token, to be freed with xq_string_free(); or NULL.
/// @param error       where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_REJECTED: the service does not take the alias; XQ_UNAUTHORIZED: the API key is not valid;
///         XQ_INVALID_ARGUMENT: api or alias is NULL, alias is empty, holds a control character such as a line break,
///         or begins or ends with a blank, a text is not UTF-8; XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL
///         as in their definition. On failure the handle keeps the token that it held. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_authorize_alias(
    api: *mut XqApi,
    alias: *const c_char,
    first_name: *const c_char,
    last_name: *const c_char,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_text(out, error, || {
            let first_name = optional_text("first_name", first_name)?.unwrap_or("");
            let last_name = optional_text("last_name", last_name)?.unwrap_or("");
            operation(api, "xq_authorize_alias")?.authorize_alias(text("alias", alias)?, first_name, last_name)
        })
    }
}

/// Signs in as a device of a business's trusted range (POST authorize/trusted/BUSINESS), and announces the device to
/// the dashboard (POST trusted/announce). The handle then holds the access token. Needs the locator key of the
/// configuration, which opens the reply; see also xq_config_set_envelope().
///
/// @param api       the handle.
/// @param device    the device's name, 1 to 48 characters (not bytes).
/// @param business  the business's id: any text but "", "." and "..", sent as it is.
/// @param roaming   0 ties the token to the address that the device calls from; anything else lets it roam.
/// @param out       where to put the access token, to be freed with xq_string_free(); or NULL.
/// @param error     where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CONFIGURATION: there is no locator key; XQ_CRYPTO: the reply does not open with it; XQ_REJECTED:
///         the service refused; XQ_UNAUTHORIZED: the API key is not valid; XQ_INVALID_ARGUMENT: api, device or
///         business is NULL, not UTF-8 or not as above; XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in
///         their definition. Uses the network, twice.
///
/// Where the sign-in worked and only the announcement failed, the status is that of the announcement (XQ_UNAUTHORIZED:
/// the dashboard's API key, for example), *error says so, and *out is the token all the same, which the handle holds:
/// call xq_announce_device() then, not this function again. In every other failure *out is NULL and the handle keeps
/// the token that it held. So pass out: it is how the two are told apart.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_authorize_device(
    api: *mut XqApi,
    device: *const c_char,
    business: *const c_char,
    roaming: i32,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_authorized(out, error, || {
            operation(api, "xq_authorize_device")?.authorize_device(
                text("device", device)?,
                text("business", business)?,
                roaming != 0,
            )
        })
    }
}

/// As xq_authorize_device_cert(), for a device without files: the three contents come from memory.
///
/// @param api             the handle.
/// @param certificate_id  the certificate's id, 1 or more.
/// @param certificate     the text of client.crt.
/// @param transport_key   the text of transport.key.
/// @param private_key     the text of client.key, in PEM or in base64 of DER. DER itself holds NUL bytes, so that its
///                        end could not be seen here: it is XQ_INVALID_ARGUMENT, and is given in base64, or as a file
///                        to xq_authorize_device_cert().
/// @param device          the device's name, 1 to 48 characters (not bytes); NULL for "Device".
/// @param announce        0 does not announce the device to the dashboard; anything else does.
/// @param out             where to put the access token, to be freed with xq_string_free(); or NULL.
/// @param error           where to put the error of a failed call, or NULL.
/// @return as xq_authorize_device_cert(), but that there is no XQ_FILE, and an empty text is XQ_INVALID_ARGUMENT. Uses
///         the network, two or three times.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_authorize_device_cert_memory(
    api: *mut XqApi,
    certificate_id: i64,
    certificate: *const c_char,
    transport_key: *const c_char,
    private_key: *const c_char,
    device: *const c_char,
    announce: i32,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_authorized(out, error, || {
            let api = operation(api, "xq_authorize_device_cert_memory")?;
            let device = optional_text("device", device)?.unwrap_or(DEFAULT_DEVICE);
            optional_text("private_key", private_key).map_err(no_der)?;
            let certificate = Certificate {
                certificate: Secret::from(text("certificate", certificate)?),
                transport_key: Secret::from(text("transport_key", transport_key)?),
                private_key: Secret::from(text("private_key", private_key)?).into_bytes(),
            };
            api.authorize_device_cert(certificate_id, &certificate, device, announce != 0)
        })
    }
}

/// What is not UTF-8 is most likely DER, which ends at its first NUL here and so cannot be taken.
fn no_der(error: Error) -> Error {
    error.in_words(|why| {
        format!("{why}; expected a key in PEM or base64 (one in DER is read from a file, by xq_authorize_device_cert)")
    })
}

/// Tells the dashboard of the device that the handle is signed in as (POST trusted/announce). xq_authorize_device() and
/// xq_authorize_device_cert() do so by themselves; this is for when that failed, or was left out.
///
/// @param api     the handle, signed in as the device.
/// @param device  the device's name, 1 to 48 characters (not bytes).
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_UNAUTHORIZED: the token or the dashboard's API key is not accepted, or the handle holds no token;
///         XQ_INVALID_ARGUMENT: api or device is NULL, device is not UTF-8 or not as above; XQ_REJECTED, XQ_SERVER,
///         XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_announce_device(
    api: *mut XqApi,
    device: *const c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            operation(api, "xq_announce_device")?.announce_device(text("device", device)?)
        })
    }
}

/// Tells the time by the service's clock (GET time).
///
/// @param api      the handle.
/// @param seconds  where to put the seconds since 1970; written only on success. May not be NULL.
/// @param error    where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_PROTOCOL: the reply is no integer; XQ_INVALID_ARGUMENT: api or seconds is NULL; XQ_UNAUTHORIZED,
///         XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_server_time(api: *mut XqApi, seconds: *mut i64, error: *mut *mut XqError) -> XqStatus {
    // SAFETY: the caller keeps to the header: `seconds` is NULL or may be written.
    unsafe {
        call(error, || {
            if seconds.is_null() {
                return Err(Error::invalid("seconds is NULL; expected a place for the number"));
            }
            seconds.write(operation(api, "xq_server_time")?.server_time()?);
            Ok(())
        })
    }
}
