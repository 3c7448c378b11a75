//! Bytes that come out of a call.

use crate::platform::prelude::*;
use crate::secret::SecretBytes;

/// Bytes that came out of one call, zeros included. They live until xq_bytes_free() wipes and frees them.
#[repr(C)]
pub struct XqBytes {
    /// How many there are.
    pub length: usize,
    /// The bytes; one zero stands behind them, so that text among them is a C string. Never NULL.
    pub data: *const u8,
}

/// What a caller sees, and what that points into.
#[repr(C)]
struct Owned {
    /// First, so that a pointer to it is a pointer to the whole.
    bytes: XqBytes,
    held: SecretBytes,
}

/// `bytes` in the same place where there is room, as bytes that [`xq_bytes_free`] frees.
pub(super) fn into_c(bytes: SecretBytes) -> *mut XqBytes {
    let length = bytes.len();
    let mut held = bytes;
    held.extend(&[0]);
    let bytes = XqBytes {
        length,
        data: held.as_ptr(),
    };
    Box::into_raw(Box::new(Owned { bytes, held })).cast()
}

/// Wipes and frees bytes that a function of this header gave out.
///
/// @param bytes  the bytes, which are not to be used afterwards; NULL is fine.
///
/// Never fails. No network. Any thread may free them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_bytes_free(bytes: *mut XqBytes) {
    if !bytes.is_null() {
        // SAFETY: `into_c` made it, as the header asks, so it is the first field of an `Owned` on the heap.
        drop(unsafe { Box::from_raw(bytes.cast::<Owned>()) });
    }
}
