//! The places that a call's results go to, and what must hold of them after every call.

use std::ffi::{CStr, c_char};
use std::fmt::Debug;
use std::ptr::{self, NonNull};

use crate::c;
use crate::input::Input;

/// The places for a result and an error; either may be NULL, and what stands there must be overwritten.
pub(crate) struct Places<T> {
    out: *mut T,
    error: *mut c::Error,
    wants_out: bool,
    wants_error: bool,
    /// Whether the first argument, a handle or a configuration, is to be NULL.
    pub(crate) is_null: bool,
}

/// How a call went.
pub(crate) struct Outcome<T> {
    pub(crate) status: i32,
    /// Whether the call was given a place for its result.
    pub(crate) asked: bool,
    /// What came out; NULL where nothing did, or nobody asked.
    pub(crate) out: *mut T,
    /// The error's sentence; empty where there is none, or nobody asked.
    pub(crate) message: String,
}

impl<T> Places<T> {
    pub(crate) fn new(input: &mut Input) -> Self {
        let flags = input.byte();
        Places {
            out: NonNull::dangling().as_ptr(),
            error: NonNull::dangling().as_ptr(),
            wants_out: flags & 1 == 0,
            wants_error: flags & 2 == 0,
            is_null: flags & 4 != 0,
        }
    }

    /// The place for a second result of the call.
    pub(crate) fn beside(input: &mut Input) -> Self {
        let mut places = Places::new(input);
        places.is_null = false;
        places.wants_error = false;
        places
    }

    pub(crate) fn out(&mut self) -> *mut *mut T {
        if self.wants_out {
            &raw mut self.out
        } else {
            ptr::null_mut()
        }
    }

    pub(crate) fn error(&mut self) -> *mut *mut c::Error {
        if self.wants_error {
            &raw mut self.error
        } else {
            ptr::null_mut()
        }
    }

    /// For a call without a result.
    pub(crate) fn without_out(mut self, status: i32) -> Outcome<T> {
        self.wants_out = false;
        self.after(status, false)
    }

    /// For a call with a result, which is NULL after a failure unless it `may_stay`.
    pub(crate) fn after(self, status: i32, may_stay: bool) -> Outcome<T> {
        let is_documented = (c::OK..=c::CANCELED).contains(&status) && status != c::INTERNAL;
        assert!(is_documented, "status {status}");
        assert!(
            !self.is_null || status == c::INVALID_ARGUMENT,
            "NULL gave status {status}"
        );
        let message = if self.wants_error {
            self.message(status)
        } else {
            String::new()
        };
        let out = if self.wants_out { self.out } else { ptr::null_mut() };
        assert!(out != NonNull::dangling().as_ptr(), "out was not written");
        assert!(
            out.is_null() || status == c::OK || may_stay,
            "a failure left something in out"
        );
        Outcome {
            status,
            asked: self.wants_out,
            out,
            message,
        }
    }

    /// Checks the error of a call with this status, and frees it.
    fn message(&self, status: i32) -> String {
        assert!(self.error != NonNull::dangling().as_ptr(), "error was not written");
        assert_eq!(self.error.is_null(), status == c::OK, "an error beside status {status}");
        // SAFETY: NULL or an error that the call made, freed once.
        unsafe {
            let message = owned(c::xq_error_message(self.error)).expect("a message is never NULL");
            assert_eq!(message.is_empty(), status == c::OK);
            assert!(!message.contains(char::is_control), "{message:?}");
            assert_eq!(c::xq_error_status(self.error), status);
            assert!(matches!(c::xq_error_http_status(self.error), 0 | 100..=599));
            assert!(matches!(c::xq_error_can_retry(self.error), 0 | 1));
            assert!((-1..=u32::MAX.into()).contains(&c::xq_error_retry_after(self.error)));
            assert!((0..=3).contains(&c::xq_error_outcome(self.error)));
            let operation = owned(c::xq_error_operation(self.error)).expect("it is never NULL");
            // A request has a number and a name, or neither.
            assert_eq!(operation.is_empty(), c::xq_error_request(self.error) == 0);
            owned(c::xq_error_reply(self.error));
            c::xq_error_free(self.error);
            message
        }
    }
}

/// The place for a number, which may be NULL, and is written only on success.
pub(crate) struct Number<T> {
    number: T,
    untouched: T,
    is_wanted: bool,
}

impl<T: Copy + Debug + PartialEq> Number<T> {
    /// `untouched` is what no call gives.
    pub(crate) fn new(input: &mut Input, untouched: T) -> Self {
        Number {
            number: untouched,
            untouched,
            is_wanted: input.byte() == 0,
        }
    }

    pub(crate) fn pointer(&mut self) -> *mut T {
        if self.is_wanted {
            &raw mut self.number
        } else {
            ptr::null_mut()
        }
    }

    /// What stands there after a call with this status; `None` where nothing does.
    pub(crate) fn after(&self, status: i32) -> Option<T> {
        let is_written = self.number != self.untouched;
        assert_eq!(is_written, status == c::OK && self.is_wanted, "{:?}", self.number);
        is_written.then_some(self.number)
    }
}

/// What a C string says, which is UTF-8; `None` for NULL.
///
/// # Safety
///
/// `text` is NULL or a C string.
pub(crate) unsafe fn owned(text: *const c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: not NULL, as this function asks of its caller.
    let text = unsafe { CStr::from_ptr(text) };
    Some(text.to_str().expect("what comes out is UTF-8").to_owned())
}
