//! A board without an operating system: what its firmware gives, and the functions of its C library.

use alloc::sync::Arc;
use core::alloc::{GlobalAlloc, Layout};
use core::cell::{Cell, RefCell};
use core::ffi::c_void;
use core::ptr;
use core::time::Duration;

use crate::error::Error;
use crate::ffi::board::{XqBoardClock, XqBoardRandom};
use crate::operation::Operation;

/// A value for the one task that calls the library.
struct OneTask<T>(T);

// SAFETY: the header lets one task call at a time, and no interrupt.
unsafe impl<T> Sync for OneTask<T> {}

static RANDOM: OneTask<Cell<(XqBoardRandom, *mut c_void)>> = OneTask(Cell::new((None, ptr::null_mut())));
static CLOCK: OneTask<Cell<(XqBoardClock, *mut c_void)>> = OneTask(Cell::new((None, ptr::null_mut())));
static BEGUN: OneTask<RefCell<Option<Arc<Operation>>>> = OneTask(RefCell::new(None));

pub(in crate::ffi) fn set_random(random: XqBoardRandom, context: *mut c_void) -> Result<(), Error> {
    RANDOM.0.set((random, context));
    Ok(())
}

pub(in crate::ffi) fn set_clock(clock: XqBoardClock, context: *mut c_void) -> Result<(), Error> {
    CLOCK.0.set((clock, context));
    Ok(())
}

/// Fills `bytes` with what is fit for keys.
pub(crate) fn random(bytes: &mut [u8]) -> Result<(), xq_sealing::Error> {
    let (Some(fill), context) = RANDOM.0.get() else {
        return Err(xq_sealing::Error::NoRandom);
    };
    // SAFETY: the program vouches for function and context; the bytes may be written.
    match unsafe { fill(context, bytes.as_mut_ptr(), bytes.len()) } {
        0 => Ok(()),
        _ => Err(xq_sealing::Error::NoRandom),
    }
}

/// The time since some moment; none passes where there is no clock.
pub(crate) fn now() -> Duration {
    match CLOCK.0.get() {
        // SAFETY: the program vouches for function and context.
        (Some(clock), context) => Duration::from_millis(unsafe { clock(context) }),
        (None, _) => Duration::ZERO,
    }
}

/// Sets the operation that the call at hand has begun, and gives the one before.
pub(in crate::ffi) fn replace_begun(operation: Option<Arc<Operation>>) -> Option<Arc<Operation>> {
    BEGUN.0.replace(operation)
}

/// Runs `body`; a panic in it ends the firmware.
pub(in crate::ffi) fn caught(body: &mut dyn FnMut() -> Result<(), Error>) -> Result<(), Error> {
    body()
}

/// There is one process.
pub(in crate::ffi) fn forks() -> u32 {
    0
}

/// No thread is canceled.
pub(in crate::ffi) struct Uncancelable;

impl Uncancelable {
    pub(in crate::ffi) fn begin() -> Self {
        Uncancelable
    }
}

unsafe extern "C" {
    fn malloc(size: usize) -> *mut c_void;
    fn free(block: *mut c_void);
    #[cfg(target_os = "none")]
    fn abort() -> !;
}

/// Where memory comes from: the C library's heap.
pub(in crate::ffi) struct Heap;

/// What malloc() aligns to at the least, on every board.
const ALIGNED: usize = 8;

// SAFETY: each block is as large as asked for, and aligned as asked for: behind the start of malloc()'s own block where that
// is needed, and then the address of that stands in front of it.
unsafe impl GlobalAlloc for Heap {
    // By itself, or the compiler makes calloc() of it where zeros follow.
    #[inline(never)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() <= ALIGNED {
            // SAFETY: it may be asked for any size.
            return unsafe { malloc(layout.size()).cast() };
        }
        let Some(size) = layout.size().checked_add(layout.align()) else {
            return ptr::null_mut();
        };
        // SAFETY: it may be asked for any size.
        let whole: *mut u8 = unsafe { malloc(size).cast() };
        if whole.is_null() {
            return whole;
        }
        // Eight bytes on at the least, since malloc() aligns to as many.
        let on = layout.align() - whole.addr() % layout.align();
        // SAFETY: the block and the address in front of it are within what was given, and aligned for what they hold.
        unsafe {
            let block = whole.add(on);
            block.cast::<*mut u8>().sub(1).write(whole);
            block
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: alloc() gave it for the same layout, and it is given back once, as the caller promises.
        unsafe {
            let whole = match layout.align() {
                ..=ALIGNED => block,
                _ => block.cast::<*mut u8>().sub(1).read(),
            };
            free(whole.cast());
        }
    }
}

/// A defect of the library's, or memory that has run out.
#[cfg(target_os = "none")]
#[panic_handler]
fn panicked(_: &core::panic::PanicInfo) -> ! {
    // SAFETY: it takes nothing and does not return.
    unsafe { abort() }
}
