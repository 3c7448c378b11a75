//! Rows that come out of one call, with all that they point to: freed at once.

use alloc::ffi::CString;
use core::ffi::c_char;
use core::ptr;

use crate::platform::prelude::*;
use crate::secret::Secret;

/// Texts, and lists of them, that do not move once pointers to them are taken.
#[derive(Default)]
pub(super) struct Texts {
    texts: Vec<CString>,
    lists: Vec<Box<[*const c_char]>>,
}

impl Texts {
    /// A place for this text; NULL for none, and for one that C cannot hold.
    pub(super) fn keep(&mut self, text: Option<String>) -> *const c_char {
        let Some(text) = text.and_then(|text| CString::new(text).ok()) else {
            return ptr::null();
        };
        self.texts.push(text);
        self.texts.last().map_or(ptr::null(), |kept| kept.as_ptr())
    }

    /// The same for one that the service gave whole.
    pub(super) fn keep_secret(&mut self, text: &Secret) -> *const c_char {
        self.keep(Some(text.as_str().to_owned()))
    }

    /// A place for a list of texts; NULL for none, which an empty one is not.
    pub(super) fn keep_list(&mut self, texts: Option<Vec<String>>) -> *const *const c_char {
        let Some(texts) = texts else { return ptr::null() };
        let mut list: Vec<_> = texts.into_iter().map(|text| self.keep(Some(text))).collect();
        // Uncounted, so that an empty list has an address too: Go ends a program over a pointer that is a small number.
        list.push(ptr::null());
        self.lists.push(list.into_boxed_slice());
        self.lists.last().map_or(ptr::null(), |kept| kept.as_ptr())
    }
}

/// Rows with an address, where there are none too, as for an empty list of texts.
pub(super) fn collect<R>(rows: impl ExactSizeIterator<Item = R>) -> Vec<R> {
    let mut collected = Vec::with_capacity(rows.len() + 1);
    collected.extend(rows);
    collected
}

/// What a caller sees, and what that points into.
#[repr(C)]
struct Owned<V, R> {
    /// First, so that a pointer to it is a pointer to the whole.
    view: V,
    rows: Vec<R>,
    texts: Texts,
}

/// `view`, which points into `rows` and `texts`, as one thing that [`free`] frees.
pub(super) fn into_c<V, R>(view: V, rows: Vec<R>, texts: Texts) -> *mut V {
    Box::into_raw(Box::new(Owned { view, rows, texts })).cast()
}

/// Frees what [`into_c`] made of the same types; NULL is fine.
///
/// # Safety
///
/// `view` is NULL, or came from [`into_c`] with the same types, and is not used afterwards.
pub(super) unsafe fn free<V, R>(view: *mut V) {
    if !view.is_null() {
        // SAFETY: the first field of an `Owned` of these types on the heap, as this function asks of its caller.
        drop(unsafe { Box::from_raw(view.cast::<Owned<V, R>>()) });
    }
}
