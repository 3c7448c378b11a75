//! Texts that come out of one call together.

use std::ffi::c_char;
use std::ptr;

use zeroize::Zeroizing;

use crate::listing::Listing;

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
    texts: Zeroizing<Vec<u8>>,
}

/// A copy of `listing` that [`xq_list_free`] frees.
pub(super) fn into_c(listing: &Listing) -> *mut XqList {
    let all = || listing.items.iter().flatten().chain([&listing.reply]);
    // Exact, so that the texts do not move while pointers to them are taken.
    let size = all().map(|text| text.as_str().len() + 1).sum();
    let mut texts = Zeroizing::new(Vec::with_capacity(size));
    for text in all() {
        texts.extend_from_slice(text.as_str().as_bytes());
        texts.push(0);
    }

    let mut rest = texts.as_slice();
    let mut next = |length: usize| {
        let (text, after) = rest.split_at(length + 1);
        rest = after;
        text.as_ptr().cast::<c_char>()
    };
    let items: Vec<*const c_char> = listing
        .items
        .iter()
        .map(|item| item.as_ref().map_or(ptr::null(), |text| next(text.as_str().len())))
        .collect();
    let reply = next(listing.reply.as_str().len());
    let list = XqList {
        count: items.len(),
        items: items.as_ptr(),
        reply,
    };
    Box::into_raw(Box::new(Owned { list, items, texts })).cast()
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
