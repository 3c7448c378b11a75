//! What comes in from C, checked before anything else is done with it.

use core::ffi::{CStr, c_char};
use core::{ptr, slice};

use crate::error::Error;
use crate::platform::prelude::*;

/// The text at `pointer`, which may not be NULL.
///
/// # Safety
///
/// As for [`optional_text`].
pub(super) unsafe fn text<'a>(name: &str, pointer: *const c_char) -> Result<&'a str, Error> {
    // SAFETY: the promise is passed on.
    unsafe { optional_text(name, pointer) }?
        .ok_or_else(|| Error::invalid(format!("{name} is NULL; expected a NUL-terminated UTF-8 string")))
}

/// The text at `pointer`, `None` for NULL.
///
/// # Safety
///
/// `pointer` is NULL or a NUL-terminated string that does not change before `'a` ends.
pub(super) unsafe fn optional_text<'a>(name: &str, pointer: *const c_char) -> Result<Option<&'a str>, Error> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: not NULL, so a NUL-terminated string that lives for `'a`, as this function asks of its caller.
    let text = unsafe { CStr::from_ptr(pointer) };
    match text.to_str() {
        Ok(text) => Ok(Some(text)),
        Err(e) => Err(Error::invalid(format!(
            "{name} is not UTF-8: the byte at offset {} cannot stand there",
            e.valid_up_to()
        ))),
    }
}

/// The bytes at `pointer`, which may be NULL where there are none.
///
/// # Safety
///
/// `pointer` is NULL or points to `length` bytes that do not change before `'a` ends.
pub(super) unsafe fn bytes<'a>(name: &str, pointer: *const u8, length: usize) -> Result<&'a [u8], Error> {
    check_bytes(name, pointer, length)?;
    if length == 0 {
        return Ok(&[]);
    }
    // SAFETY: not NULL, so `length` bytes that live for `'a`, as this function asks of its caller.
    Ok(unsafe { slice::from_raw_parts(pointer, length) })
}

/// The same to be written.
///
/// # Safety
///
/// `pointer` is NULL or points to `length` bytes that nobody else looks at before `'a` ends.
pub(super) unsafe fn bytes_mut<'a>(name: &str, pointer: *mut u8, length: usize) -> Result<&'a mut [u8], Error> {
    check_bytes(name, pointer, length)?;
    if length == 0 {
        return Ok(&mut []);
    }
    // What the caller has not initialised is written before anybody reads it; `u8` has no invalid values in C.
    // SAFETY: not NULL, so `length` bytes for this call alone, as this function asks of its caller.
    Ok(unsafe { slice::from_raw_parts_mut(pointer, length) })
}

fn check_bytes(name: &str, pointer: *const u8, length: usize) -> Result<(), Error> {
    if pointer.is_null() && length > 0 {
        return Err(Error::invalid(format!("{name} is NULL; expected {length} bytes")));
    }
    if length > isize::MAX as usize {
        return Err(Error::invalid(format!(
            "{name} has {length} bytes, more than memory can hold"
        )));
    }
    Ok(())
}

/// The texts of a list, of which none may be NULL.
///
/// # Safety
///
/// `pointer` is NULL or points to `count` pointers, each as for [`text`].
pub(super) unsafe fn texts<'a>(name: &str, pointer: *const *const c_char, count: usize) -> Result<Vec<&'a str>, Error> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if pointer.is_null() {
        return Err(Error::invalid(format!("{name} is NULL; expected {count} strings")));
    }
    if count > isize::MAX as usize / size_of::<*const c_char>() {
        return Err(Error::invalid(format!(
            "{name} has a count of {count}, more than memory can hold"
        )));
    }
    let mut texts = Vec::new();
    for index in 0..count {
        // SAFETY: not NULL, so `count` pointers of this kind, as this function asks of its caller.
        let text = unsafe { optional_text(name, *pointer.add(index)) };
        let text = text.map_err(|e| e.in_words(|why| why.replacen(name, &format!("{name}[{index}]"), 1)))?;
        texts.push(text.ok_or_else(|| Error::invalid(format!("{name}[{index}] is NULL; expected a string")))?);
    }
    Ok(texts)
}

/// The same where NULL means that there is no list, which an empty one is not.
///
/// # Safety
///
/// As for [`texts`].
pub(super) unsafe fn optional_texts<'a>(
    name: &str,
    pointer: *const *const c_char,
    count: usize,
) -> Result<Option<Vec<&'a str>>, Error> {
    if pointer.is_null() && count == 0 {
        return Ok(None);
    }
    // SAFETY: the promise is passed on.
    unsafe { texts(name, pointer, count) }.map(Some)
}

/// Writes as much of `fresh` as the caller's struct of `size` bytes takes, and the size itself.
///
/// # Safety
///
/// `place` is NULL or has `size` bytes that may be written; `T` begins with its size.
pub(super) unsafe fn initialize<T>(place: *mut T, size: usize, fresh: T) {
    if place.is_null() || size < size_of::<usize>() {
        return;
    }
    // SAFETY: not NULL and at least as large as a size; never more than both structs have is written.
    unsafe {
        ptr::copy_nonoverlapping((&raw const fresh).cast::<u8>(), place.cast(), size.min(size_of::<T>()));
        place.cast::<usize>().write_unaligned(size);
    }
}

/// A struct that begins with its own size, which a caller sets with the struct's `XQ_…_INIT`.
///
/// # Safety
///
/// `pointer` points to as many bytes as the size at its beginning says.
pub(super) unsafe fn sized<T: Copy>(name: &str, init: &str, pointer: *const T) -> Result<T, Error> {
    // SAFETY: there is a size at least, as this function asks of its caller; nothing is assumed of its alignment.
    let size = unsafe { pointer.cast::<usize>().read_unaligned() };
    // Once the struct has grown, the sizes that it had before are accepted here too.
    if size != size_of::<T>() {
        return Err(Error::invalid(format!(
            "{name}.size is {size}; expected {}, as {init} sets it",
            size_of::<T>()
        )));
    }
    // SAFETY: it is as large as `T`, and every bit pattern that C leaves in its integers and pointers is one of `T`.
    Ok(unsafe { pointer.read_unaligned() })
}
