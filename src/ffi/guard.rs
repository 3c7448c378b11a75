//! What stands around every entry point: a panic becomes a status, a failure an error that the caller owns.

use alloc::sync::Arc;
use core::ffi::c_char;
use core::ptr;

use super::error::XqError;
use super::machine::{Uncancelable, caught, replace_begun};
use super::status::XqStatus;
use super::string;
use crate::error::Error;
use crate::operation::Operation;
use crate::platform::prelude::*;
use crate::secret::Secret;

/// The call at hand has begun this operation: how it fails is judged by what it did before.
pub(super) fn begun(operation: &Arc<Operation>) {
    drop(replace_begun(Some(Arc::clone(operation))));
}

/// Runs `body`; a failure goes to `error` where that is not NULL.
///
/// # Safety
///
/// `error` is NULL or points to a pointer that may be written.
pub(super) unsafe fn call(error: *mut *mut XqError, body: impl FnOnce() -> Result<(), Error>) -> XqStatus {
    let mut body = Some(body);
    // SAFETY: the promise is passed on.
    unsafe { guarded(error, &mut || body.take().map_or(Ok(()), |body| body())) }
}

/// What every entry point does; one for all of them, since it is compiled for each kind of `body` otherwise.
///
/// # Safety
///
/// As for [`call`].
unsafe fn guarded(error: *mut *mut XqError, body: &mut dyn FnMut() -> Result<(), Error>) -> XqStatus {
    // First and last: what frees memory on the way out is not to be interrupted either.
    let _uncancelable = Uncancelable::begin();
    let (status, made) = match no_panic(body) {
        Ok(()) => (XqStatus::XqOk, ptr::null_mut()),
        Err(failure) if error.is_null() => (failure.kind().into(), ptr::null_mut()),
        Err(failure) => (failure.kind().into(), Box::into_raw(Box::new(XqError::from(failure)))),
    };
    if !error.is_null() {
        // SAFETY: not NULL, so it may be written, as this function asks of its caller.
        unsafe { error.write(made) };
    }
    status
}

/// As [`call`], for a body that makes a value: `out` gets what `into_c` makes of it, or NULL on failure.
///
/// # Safety
///
/// `out` and `error` are each NULL or point to a pointer that may be written.
pub(super) unsafe fn call_with<T, C>(
    out: *mut *mut C,
    error: *mut *mut XqError,
    into_c: impl FnOnce(T) -> *mut C,
    body: impl FnOnce() -> Result<T, Error>,
) -> XqStatus {
    let mut made = ptr::null_mut();
    // SAFETY: the promise on `error` is passed on.
    let status = unsafe {
        call(error, || {
            let value = body()?;
            // A value that the caller does not care for is dropped here rather than leaked.
            if !out.is_null() {
                made = into_c(value);
            }
            Ok(())
        })
    };
    if !out.is_null() {
        // SAFETY: not NULL, so it may be written, as this function asks of its caller.
        unsafe { out.write(made) };
    }
    status
}

/// As [`call_with`], for text.
///
/// # Safety
///
/// As for [`call_with`].
pub(super) unsafe fn call_text(
    out: *mut *mut c_char,
    error: *mut *mut XqError,
    body: impl FnOnce() -> Result<Secret, Error>,
) -> XqStatus {
    // SAFETY: the promises are passed on.
    unsafe { call_with(out, error, |text: Secret| string::into_c(&text), body) }
}

fn no_panic(body: &mut dyn FnMut() -> Result<(), Error>) -> Result<(), Error> {
    let outer = replace_begun(None);
    let result = caught(body);
    let operation = replace_begun(outer);
    result.map_err(|e| match operation {
        Some(operation) => operation.judged(e),
        None => e,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_status_and_an_error() {
        let mut error = ptr::null_mut();
        let body = || -> Result<(), Error> { panic!("with a secret in its message") };
        // SAFETY: `error` is a local that may be written.
        let status = unsafe { call(&mut error, body) };
        assert_eq!(status, XqStatus::XqInternal);
        // SAFETY: `call` has just made it.
        let error = unsafe { Box::from_raw(error) };
        assert!(!format!("{error:?}").contains("secret"));
    }
}
