//! What comes in from C, checked before anything else is done with it.

use std::ffi::{CStr, c_char};

use super::api::XqApi;
use crate::api::Api;
use crate::error::Error;

/// The client behind a handle.
///
/// # Safety
///
/// `api` is NULL or a handle that is not freed before `'a` ends.
pub(super) unsafe fn handle<'a>(api: *mut XqApi) -> Result<&'a Api, Error> {
    // SAFETY: NULL or alive, as this function asks of its caller; a handle is only ever shared.
    let api = unsafe { api.as_ref() };
    api.map(XqApi::client)
        .ok_or_else(|| Error::invalid("api is NULL; expected a handle from xq_api_new"))
}

/// The text at `pointer`, which may not be NULL.
///
/// # Safety
///
/// As for [`optional_text`].
pub(super) unsafe fn text<'a>(name: &str, pointer: *const c_char) -> Result<&'a str, Error> {
    // SAFETY: the promise is passed on.
    unsafe { optional_text(name, pointer) }?.ok_or_else(|| {
        Error::invalid(format!(
            "{name} is NULL; expected a NUL-terminated UTF-8 string"
        ))
    })
}

/// The text at `pointer`, `None` for NULL.
///
/// # Safety
///
/// `pointer` is NULL or a NUL-terminated string that does not change before `'a` ends.
pub(super) unsafe fn optional_text<'a>(
    name: &str,
    pointer: *const c_char,
) -> Result<Option<&'a str>, Error> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: not NULL, so a NUL-terminated string that lives for `'a`, as this function asks of its caller.
    let text = unsafe { CStr::from_ptr(pointer) };
    match text.to_str() {
        Ok(text) => Ok(Some(text)),
        Err(e) => Err(Error::invalid(format!(
            "{name} is not UTF-8: the byte at offset {} cannot stand there",
            e.valid_up_to()
        ))),
    }
}
