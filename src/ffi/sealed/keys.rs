//! Keys made of the service's entropy and the operating system's.

use core::ffi::c_char;

use xq_sealing::Algorithm;

use super::options::{algorithm, optional_operation};
use crate::error::Error;
use crate::ffi::api::{XqApi, operation};
use crate::ffi::argument::texts;
use crate::ffi::error::XqError;
use crate::ffi::guard::{call, call_text};
use crate::ffi::key_management::{Keys, Options, Row, XqPacketOptions, XqPacketRow, rows_of};
use crate::ffi::list::{self, XqList};
use crate::ffi::status::XqStatus;
use crate::platform::prelude::*;
use crate::sealed::keys::{DEFAULT_KEY_BITS, StoredKeys, generate_key};

/// The bits that a caller asks for, of which 0 are the default.
fn bits_or_default(bits: usize) -> usize {
    if bits == 0 { DEFAULT_KEY_BITS } else { bits }
}

/// # Errors
///
/// As for [`algorithm`].
fn algorithm_or_gcm(number: i32) -> Result<Algorithm, Error> {
    Ok(algorithm("algorithm", number)?.unwrap_or(Algorithm::Gcm))
}

/// Makes a key. The service's entropy and the operating system's are mixed (HKDF-SHA256), so that neither alone
/// knows it; where either gives none, there is no key.
///
/// @param api        the handle, which need not be signed in; NULL for a key of the operating system's entropy
///                   alone, without the network.
/// @param algorithm  what the key is for, one of xq_algorithm_t; XQ_ALGORITHM_DEFAULT for GCM.
/// @param bits       how many bits it has, a multiple of 4 from 128 to 8,192; 0 for 256. For OTP: the bits of the
///                   text that the pad is to cover, 8 to each byte, a multiple of 8 from 128 to 32,768.
/// @param out        where to put the key: text, its prefix first (".1", ".2" or ".B"), then hexadecimal digits, or
///                   letters, digits, - and _ for OTP; to be freed with xq_string_free(); or NULL.
/// @param error      where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: there is no such algorithm, or bits is out of range; XQ_CRYPTO: the operating
///         system gives no random bytes; the others as xq_get_entropy(). Uses the network where api is not NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_generate_key(
    api: *mut XqApi,
    algorithm: i32,
    bits: usize,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_text(out, error, || {
            generate_key(
                optional_operation(api, "xq_generate_key")?.as_ref(),
                algorithm_or_gcm(algorithm)?,
                bits_or_default(bits),
            )
        })
    }
}

/// Makes many keys, as xq_generate_key() does, and stores them for the same people in one request, as
/// xq_create_and_store_packets() does. One request for entropy is made for each 8,192 bits of keys.
///
/// @param api              the handle, signed in.
/// @param count            how many keys, 1 or more.
/// @param algorithm        what the keys are for, one of xq_algorithm_t; XQ_ALGORITHM_DEFAULT for GCM.
/// @param bits             the bits of each, as for xq_generate_key(); 0 for 256.
/// @param recipients       who may have the keys: as for xq_create_and_store_packets().
/// @param recipient_count  how many recipients there are, 1 or more.
/// @param options          as for xq_create_and_store_packets(); NULL for the defaults.
/// @param keys             where to put the keys; to be freed with xq_list_free(). Its reply is empty. May not be
///                         NULL.
/// @param locators         where to put their locator tokens, in the same order; to be freed with xq_list_free().
///                         May not be NULL. On failure both are NULL.
/// @param error            where to put the error of a failed call, or NULL. Where xq_error_reply() gives a reply,
///                         the keys are stored, and stand in it.
/// @return as xq_create_and_store_packets() and xq_generate_key(); what can be known to be wrong is refused before
///         anything is sent. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_generate_multiple_keys_and_store_packets(
    api: *mut XqApi,
    count: usize,
    algorithm: i32,
    bits: usize,
    recipients: *const *const c_char,
    recipient_count: usize,
    options: *const XqPacketOptions,
    keys: *mut *mut XqList,
    locators: *mut *mut XqList,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_pair(keys, locators, error, || {
            let recipients = texts("recipients", recipients, recipient_count)?;
            let options = Options::read("options", options)?;
            let algorithm = algorithm_or_gcm(algorithm)?;
            operation(api, "xq_generate_multiple_keys_and_store_packets")?.generate_and_store_packets(
                count,
                algorithm,
                bits_or_default(bits),
                &recipients,
                &options.get(),
            )
        })
    }
}

/// Makes a key for each row of a table, and stores them in one request, each with the row's own recipients and
/// metadata, as xq_create_and_store_packets_batch() does. One request for entropy is made for each 8,192 bits of
/// keys.
///
/// @param api        the handle, signed in.
/// @param rows       the rows. Their keys are not looked at, and need not be set.
/// @param row_count  how many rows there are, 1 or more.
/// @param algorithm  what the keys are for, one of xq_algorithm_t; XQ_ALGORITHM_DEFAULT for GCM.
/// @param bits       the bits of each, as for xq_generate_key(); 0 for 256.
/// @param keys       where to put the keys, in the rows' order; to be freed with xq_list_free(). Its reply is empty.
///                   May not be NULL.
/// @param locators   where to put their locator tokens, in the same order; to be freed with xq_list_free(). May not
///                   be NULL. On failure both are NULL.
/// @param error      where to put the error of a failed call, or NULL. Where xq_error_reply() gives a reply, the
///                   keys are stored, and stand in it.
/// @return as xq_create_and_store_packets_batch() and xq_generate_key(); what can be known to be wrong is refused
///         before anything is sent. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_generate_multiple_keys_and_store_packets_database(
    api: *mut XqApi,
    rows: *const XqPacketRow,
    row_count: usize,
    algorithm: i32,
    bits: usize,
    keys: *mut *mut XqList,
    locators: *mut *mut XqList,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_pair(keys, locators, error, || {
            let rows = rows_of(rows, row_count, Keys::Made)?;
            let rows: Vec<_> = rows.iter().map(Row::get).collect();
            let algorithm = algorithm_or_gcm(algorithm)?;
            operation(api, "xq_generate_multiple_keys_and_store_packets_database")?.generate_and_store_packets_batch(
                &rows,
                algorithm,
                bits_or_default(bits),
            )
        })
    }
}

/// As [`call`], for keys and their locator tokens.
///
/// # Safety
///
/// Each pointer is NULL or points to a pointer that may be written.
unsafe fn call_pair(
    keys: *mut *mut XqList,
    locators: *mut *mut XqList,
    error: *mut *mut XqError,
    body: impl FnOnce() -> Result<StoredKeys, Error>,
) -> XqStatus {
    for out in [keys, locators] {
        if !out.is_null() {
            // SAFETY: not NULL, so it may be written, as this function asks of its caller.
            unsafe { out.write(core::ptr::null_mut()) }
        }
    }
    // SAFETY: the promises are passed on.
    unsafe {
        call(error, || {
            if keys.is_null() || locators.is_null() {
                return Err(Error::invalid(
                    "keys or locators is NULL; expected places for both lists",
                ));
            }
            let made = body()?;
            keys.write(list::into_c(made.keys));
            locators.write(list::into_c(made.locators));
            Ok(())
        })
    }
}
