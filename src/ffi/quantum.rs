//! Entropy from the service.

use core::ffi::c_char;

use super::api::{XqApi, operation};
use super::error::XqError;
use super::guard::call_text;
use super::status::XqStatus;

/// Fetches random bits from the quantum service (GET /?ks=BITS). They need no token. For keys there is
/// xq_generate_key(), which mixes them with the operating system's own.
///
/// @param api    the handle; it need not be signed in.
/// @param bits   how many bits, 1 to 8,192.
/// @param out    where to put them, as the hexadecimal digits that the service sends, four bits to each and at least
///               as many as were asked for; to be freed with xq_string_free(); or NULL.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: api is NULL, or bits is out of range; XQ_PROTOCOL: also where the reply is
///         not base64 of as many hexadecimal digits; XQ_UNAUTHORIZED, XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT,
///         XQ_NETWORK, XQ_TLS as in their definition. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_get_entropy(
    api: *mut XqApi,
    bits: usize,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call_text(out, error, || operation(api, "xq_get_entropy")?.entropy(bits)) }
}
