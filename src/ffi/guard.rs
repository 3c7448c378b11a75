//! What stands around every entry point: a panic becomes a status, a failure an error that the caller owns.

use std::cell::{Cell, RefCell};
use std::ffi::c_char;
use std::mem::ManuallyDrop;
use std::panic::{self, AssertUnwindSafe};
use std::ptr;
use std::sync::{Arc, Once};

use super::error::XqError;
use super::process::Uncancelable;
use super::status::XqStatus;
use super::string;
use crate::error::{Error, Kind};
use crate::operation::Operation;
use crate::secret::Secret;

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    /// The operation that the call at hand has begun: how it failed is judged by what it did before.
    /// Nothing is dropped as the thread ends, for which it is empty by then: so it is there for what a program calls even later,
    /// in the destructors of the thread's own.
    static BEGUN: RefCell<ManuallyDrop<Option<Arc<Operation>>>> = const { RefCell::new(ManuallyDrop::new(None)) };
}

/// Sets the operation that the call at hand has begun, and gives the one before.
fn set_begun(operation: Option<Arc<Operation>>) -> Option<Arc<Operation>> {
    ManuallyDrop::into_inner(BEGUN.replace(ManuallyDrop::new(operation)))
}

/// The call at hand has begun this operation.
pub(super) fn begun(operation: &Arc<Operation>) {
    drop(set_begun(Some(Arc::clone(operation))));
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
    let outer = INSIDE.replace(true);
    // What a panic leaves behind is consistent: state is behind locks that are replaced whole, never half written.
    let outer_operation = set_begun(None);
    let result = panic::catch_unwind(AssertUnwindSafe(|| {
        quiet_panics();
        body()
    }));
    INSIDE.set(outer);
    let result = result.unwrap_or_else(|_| {
        Err(Error::new(
            Kind::Internal,
            "libxq met a defect of its own; the call was given up, the handle works on",
        ))
    });
    let operation = set_begun(outer_operation);
    result.map_err(|e| match operation {
        Some(operation) => operation.judged(e),
        None => e,
    })
}

/// The library prints nothing, so a panic inside it is not announced on standard error as Rust does by itself.
fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !INSIDE.get() {
                previous(info);
            }
        }));
    });
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
