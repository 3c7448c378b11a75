//! Texts that come out of one call together.

use core::ffi::c_char;
use core::ptr;

use crate::listing::Listing;
use crate::platform::prelude::*;
use crate::secret::SecretBytes;

/// Texts that came out of one call, in the order of its inputs. They live until xq_list_free() frees them all at once.
/// Not to be changed; any number of threads may read it; items may be given to a function that takes a list, where
/// none of them is NULL.
#[repr(C)]
pub struct XqList {
    /// How many items there are: as many as there were inputs.
    pub count: usize,
    /// The items: NUL-terminated UTF-8, or NULL where the service gave nothing for that input.
    pub items: *const *const c_char,
    /// The service's reply as it came: JSON, which holds the keys too and is as secret as they are.
    pub reply: *const c_char,
}

/// What a caller sees of a list, and what that points into.
#[repr(C)]
struct Owned {
    /// First, so that a pointer to it is a pointer to the whole.
    list: XqList,
    items: Vec<*const c_char>,
    texts: SecretBytes,
    reply: SecretBytes,
}

/// `listing` in the same place, as a list that [`xq_list_free`] frees.
pub(super) fn into_c(listing: Listing) -> *mut XqList {
    let Listing { texts, items, reply } = listing;
    let mut reply = reply.into_bytes();
    reply.extend(&[0]);
    let items: Vec<*const c_char> = items
        .into_iter()
        .map(|start| start.map_or(ptr::null(), |start| texts[start..].as_ptr().cast()))
        .collect();
    let list = XqList {
        count: items.len(),
        items: items.as_ptr(),
        reply: reply.as_ptr().cast(),
    };
    let owned = Owned {
        list,
        items,
        texts,
        reply,
    };
    Box::into_raw(Box::new(owned)).cast()
}

/// Wipes and frees a list with all its texts.
///
/// @param list  the list, which is not to be used afterwards; NULL is fine.
///
/// Never fails. No network. Any thread may free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_list_free(list: *mut XqList) {
    if !list.is_null() {
        // SAFETY: `into_c` made it, as the header asks, so it is the first field of an `Owned` on the heap.
        drop(unsafe { Box::from_raw(list.cast::<Owned>()) });
    }
}
