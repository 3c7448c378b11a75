//! Messages: a text for people, in memory.

use core::ffi::c_char;

use super::options::{Options, XqSealOptions, optional_operation};
use crate::error::Error;
use crate::ffi::api::XqApi;
use crate::ffi::argument::{bytes, optional_text, text, texts};
use crate::ffi::bytes::{self as bytes_out, XqBytes};
use crate::ffi::error::XqError;
use crate::ffi::guard::{call_text, call_with};
use crate::ffi::status::XqStatus;
use crate::sealed::message;

/// Seals a message under a key in hand, in one piece.
///
/// @param key      the key with its prefix, which names the algorithm: from xq_generate_key(), or another program's.
/// @param locator  the locator token under which the key is stored, 43 characters: the message is framed, that is,
///                 has it in front, as Python's have. NULL: it is bare, as JavaScript's and C's are, and its locator
///                 token has to travel beside it. A framed message in CTR is refused: those who read frames would
///                 take it for one in GCM.
/// @param data     what to seal: bytes, zeros included; NULL only where length is 0.
/// @param length   how many bytes there are; with GCM at most 2^36 - 32.
/// @param options  algorithm, which must be that of the key, and repeat_pad; NULL for the defaults. key and locator
///                 in it must be NULL.
/// @param out      where to put the message, to be freed with xq_bytes_free(); or NULL.
/// @param error    where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: key is NULL, has no prefix, or one that nothing is sealed with, locator is not
///         43 letters, digits and -._~+/, data is NULL, the pad is shorter than the text, or what is said above;
///         XQ_CRYPTO: the key cannot be used, or the operating system gives no random bytes. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_encrypt_message(
    key: *const c_char,
    locator: *const c_char,
    data: *const u8,
    length: usize,
    options: *const XqSealOptions,
    out: *mut *mut XqBytes,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, bytes_out::into_c, || {
            let options = Options::read(options)?;
            let options = options.get();
            if options.key.is_some() || options.locator.is_some() {
                return Err(Error::invalid(
                    "options.key or options.locator is given, beside those of the call; expected NULL",
                ));
            }
            let locator = optional_text("locator", locator)?;
            message::encrypt_message(text("key", key)?, locator, bytes("data", data, length)?, &options)
        })
    }
}

/// Opens a message under a key in hand, in one piece: framed or bare, which is seen, and in any algorithm that XQ
/// programs have sealed with, which the key's prefix tells. What comes out under GCM is what was sealed, or nothing
/// comes out; a wrong key or a changed message in CTR or OTP cannot be noticed, and gives nonsense. Messages of the Python,
/// JavaScript and C SDKs open, also in what nothing seals with any more (CBC, and envelopes under keys that begin with
/// ".A"); those that travel as base64 are decoded first.
///
/// @param key     the key with its prefix. One without is taken as the SDKs take it: by what a framed message says of
///                its algorithm; for a bare one as that of an envelope where the message begins with "Salt", and as a
///                pad elsewhere.
/// @param sealed  the message: bytes, not base64; NULL only where length is 0.
/// @param length  how many bytes it has.
/// @param out     where to put the text, to be freed with xq_bytes_free(); or NULL.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CRYPTO: it does not open, be it that the key is another one or that it was changed or cut, or
///         the key cannot be used; XQ_INVALID_ARGUMENT: it is no message of an XQ program, or key or sealed is NULL. No
///         network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_decrypt_message(
    key: *const c_char,
    sealed: *const u8,
    length: usize,
    out: *mut *mut XqBytes,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, bytes_out::into_c, || {
            message::decrypt_message(text("key", key)?, bytes("sealed", sealed, length)?)
        })
    }
}

/// Seals a message for people: makes a key, seals the message with its locator token in front, and stores the key
/// for the recipients. The key is stored when all else is done, so that no failure leaves one that nothing is sealed
/// with.
///
/// @param api              the handle, signed in. NULL where options have a key and there are no recipients.
/// @param data             what to seal: bytes, zeros included; NULL only where length is 0.
/// @param length           how many bytes there are; with GCM at most 2^36 - 32.
/// @param recipients       who may open it: people, groups and aliases (see Lists in libxq(3), the opening text). NULL where there are none.
/// @param recipient_count  how many recipients there are: 1 or more, or 0 with a key in the options.
/// @param options          NULL for the defaults. algorithm: GCM unless said, or OTP, whose pad is as long as the
///                         text up to 4,096 bytes; a longer text is sealed with GCM. key: used in place of one that
///                         is made; with recipients it is stored for them; without, nothing is stored or sent, and
///                         the message has locator in front, or none where that is NULL. packet: what is said of the
///                         key. repeat_pad.
/// @param out              where to put the message, to be freed with xq_bytes_free(); or NULL.
/// @param error            where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: api or data is NULL where it may not be, there is no recipient, one is empty, recipients are
///         given beside a locator token, or what xq_encrypt_message() and xq_create_and_store_packet() say;
///         XQ_CRYPTO: as xq_encrypt_message(); XQ_UNAUTHORIZED: the token is not accepted, or the handle holds none;
///         XQ_PROTOCOL: also where the reply is no entropy, or no locator token of 43 characters (then
///         xq_error_reply() has it); XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition.
///         Uses the network unless a key is given without recipients.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_encrypt_auto(
    api: *mut XqApi,
    data: *const u8,
    length: usize,
    recipients: *const *const c_char,
    recipient_count: usize,
    options: *const XqSealOptions,
    out: *mut *mut XqBytes,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, bytes_out::into_c, || {
            let data = bytes("data", data, length)?;
            let recipients = texts("recipients", recipients, recipient_count)?;
            let options = Options::read(options)?;
            message::encrypt_auto(
                optional_operation(api, "xq_encrypt_auto")?.as_ref(),
                data,
                &recipients,
                &options.get(),
            )
        })
    }
}

/// Opens a message: fetches the key that its locator token stands for, and opens it as xq_decrypt_message() does.
///
/// @param api      the handle, signed in as a recipient or as the owner. NULL where options have a key.
/// @param sealed   the message: bytes, not base64; NULL only where length is 0.
/// @param length   how many bytes it has.
/// @param options  NULL for the defaults. key: used in place of fetching one. locator: of a message that is bare;
///                 where the message has one in front, it must be the same.
/// @param out      where to put the text, to be freed with xq_bytes_free(); or NULL.
/// @param error    where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: api or sealed is NULL, it is no message of an XQ program, or there is no
///         locator token, or two; XQ_CRYPTO: as xq_decrypt_message(); XQ_REJECTED: the key is expired or revoked, or
///         not for the one who asks; the others as xq_get_packet(). Uses the network unless options have a key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_decrypt_auto(
    api: *mut XqApi,
    sealed: *const u8,
    length: usize,
    options: *const XqSealOptions,
    out: *mut *mut XqBytes,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, bytes_out::into_c, || {
            let options = Options::read(options)?;
            message::decrypt_auto(
                optional_operation(api, "xq_decrypt_auto")?.as_ref(),
                bytes("sealed", sealed, length)?,
                &options.get(),
            )
        })
    }
}

/// Tells the locator token in front of a framed message or a file, so that a program can fetch the key itself.
///
/// @param sealed  the message or file, or its beginning: the first 47 bytes are enough. NULL only where length is 0.
/// @param length  how many bytes there are.
/// @param out     where to put the locator token, to be freed with xq_string_free(); or NULL.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: there is none in front, as in a bare message, or sealed is NULL; XQ_CRYPTO:
///         what stands there can be none, or is cut short. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_sealed_locator(
    sealed: *const u8,
    length: usize,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call_text(out, error, || message::sealed_locator(bytes("sealed", sealed, length)?)) }
}
