//! The operating system, by Rust's standard library: a panic is caught, and each thread has its own.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Once};

use crate::error::{Error, Kind};
use crate::ffi::board::{XqBoardClock, XqBoardRandom};
use crate::operation::Operation;

/// Where memory comes from.
pub(in crate::ffi) use std::alloc::System as Heap;

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    /// The operation that the call at hand has begun.
    /// Nothing is dropped as the thread ends, for which it is empty by then: so it is there for what a program calls even later,
    /// in the destructors of the thread's own.
    static BEGUN: RefCell<ManuallyDrop<Option<Arc<Operation>>>> = const { RefCell::new(ManuallyDrop::new(None)) };
}

/// Sets the operation that the call at hand has begun, and gives the one before.
pub(in crate::ffi) fn replace_begun(operation: Option<Arc<Operation>>) -> Option<Arc<Operation>> {
    ManuallyDrop::into_inner(BEGUN.replace(ManuallyDrop::new(operation)))
}

/// Runs `body`; a panic in it is an error.
pub(in crate::ffi) fn caught(body: &mut dyn FnMut() -> Result<(), Error>) -> Result<(), Error> {
    let outer = INSIDE.replace(true);
    // What a panic leaves behind is consistent: state is behind locks that are replaced whole, never half written.
    let result = panic::catch_unwind(AssertUnwindSafe(|| {
        quiet_panics();
        body()
    }));
    INSIDE.set(outer);
    result.unwrap_or_else(|_| {
        Err(Error::new(
            Kind::Internal,
            "libxq met a defect of its own; the call was given up, the handle works on",
        ))
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

/// The system has random bytes of its own.
pub(in crate::ffi) fn set_random(_: XqBoardRandom, _: *mut c_void) -> Result<(), Error> {
    Err(not_on_a_board())
}

/// The system has a clock of its own.
pub(in crate::ffi) fn set_clock(_: XqBoardClock, _: *mut c_void) -> Result<(), Error> {
    Err(not_on_a_board())
}

fn not_on_a_board() -> Error {
    Error::configuration(
        "this libxq is built for an operating system, which gives what xq_board_set_random and xq_board_set_clock would; \
         expected neither",
    )
}
