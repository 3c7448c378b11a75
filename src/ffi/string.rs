//! Strings that the library hands out. Their length is kept in front of them, so that they are wiped and freed whole
//! even where the caller has written a NUL into one, as `strtok` does.

use alloc::alloc::{alloc, dealloc, handle_alloc_error};
use core::alloc::Layout;
use core::ffi::c_char;
use core::ptr;

use zeroize::Zeroize;

use crate::secret::Secret;

const PREFIX: usize = size_of::<usize>();

/// A copy of `text` that [`xq_string_free`] frees.
pub(super) fn into_c(text: &Secret) -> *mut c_char {
    let bytes = text.as_str().as_bytes();
    let layout = layout(bytes.len());
    // SAFETY: the layout is not empty; the writes stay within the prefix, the text and one byte that it makes room for,
    // and the prefix is aligned because the layout is.
    unsafe {
        let start = alloc(layout);
        if start.is_null() {
            handle_alloc_error(layout);
        }
        start.cast::<usize>().write(bytes.len());
        let first = start.add(PREFIX);
        ptr::copy_nonoverlapping(bytes.as_ptr(), first, bytes.len());
        first.add(bytes.len()).write(0);
        first.cast()
    }
}

/// Prefix, `length` bytes and the NUL.
fn layout(length: usize) -> Layout {
    PREFIX
        .checked_add(length)
        .and_then(|size| size.checked_add(1))
        .and_then(|size| Layout::from_size_align(size, align_of::<usize>()).ok())
        .expect("text in memory is far from half the address space")
}

/// Wipes and frees a string that a function of this header gave out.
///
/// @param string  the string, which is not to be used afterwards; NULL is fine. It may have been changed in place.
///
/// Never fails. No network. Any thread may free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_string_free(string: *mut c_char) {
    if string.is_null() {
        return;
    }
    // SAFETY: `into_c` made it, as the header asks, so the length stands in front of it and the layout is the same.
    unsafe {
        let first = string.cast::<u8>();
        let start = first.sub(PREFIX);
        let length = start.cast::<usize>().read();
        core::slice::from_raw_parts_mut(first, length).zeroize();
        dealloc(start, layout(length));
    }
}
