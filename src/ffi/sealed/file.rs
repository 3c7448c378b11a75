//! Files: from file to file.

use std::ffi::c_char;
use std::ptr;

use super::options::{Options, XqSealOptions, optional_operation};
use crate::ffi::api::XqApi;
use crate::ffi::argument::{text, texts};
use crate::ffi::error::XqError;
use crate::ffi::guard::call;
use crate::ffi::status::XqStatus;
use crate::ffi::string;
use crate::sealed::file;
use crate::secret::Secret;

/// Seals a file for people, from file to file, whatever its size, in constant memory: makes a key, seals the file
/// with its name and its locator token in front, and stores the key for the recipients, when all else is done. Where
/// the file cannot get its own name after that, the key is revoked again.
///
/// The output appears whole under its name, or not at all: it is written beside it under another name (.xq-….part),
/// for the owner alone, flushed to the disk, and then renamed. After a failure nothing is left; after the process
/// was killed that other file may be. It gets the permissions of the file that it replaces, or else of the input.
/// Where it replaces a symbolic link, that goes, and what it led to stays.
///
/// @param api              the handle, signed in. NULL where options have a key and a locator token.
/// @param input            the path of the file to seal: a regular file, not a pipe or a device.
/// @param output           the path of the sealed file, in a folder that is there; not the input, by whatever name.
/// @param recipients       who may open it: as for xq_encrypt_auto(). NULL where there are none.
/// @param recipient_count  how many recipients there are: 1 or more, or 0 with a key and a locator token in the
///                         options.
/// @param options          NULL for the defaults. algorithm: GCM unless said, CTR, or OTP, whose pad is as long as
///                         the file up to 4,096 bytes; a longer one is sealed with GCM. key: used in place of one
///                         that is made; with recipients it is stored for them; without, locator has to be given
///                         too, and nothing is sent. name: the name in the file. packet: what is said of the key;
///                         the file's name is not told to the service unless as the subject here. overwrite,
///                         repeat_pad, progress.
/// @param error            where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_FILE: a file cannot be read or written, the input is no regular file or changes its size
///         meanwhile, or the output is there already; XQ_CANCELED: progress or xq_api_cancel() stopped it; XQ_INVALID_ARGUMENT: input
///         or output is NULL, both are one file, the file is larger than GCM allows (2^36 - 32 bytes) or than the
///         pad, its name is empty or has more than 2,000 bytes when sealed, or a key is given without its locator
///         token or recipients; the others as xq_encrypt_auto(). Uses the network unless options have a key and a
///         locator token.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_encrypt_file(
    api: *mut XqApi,
    input: *const c_char,
    output: *const c_char,
    recipients: *const *const c_char,
    recipient_count: usize,
    options: *const XqSealOptions,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            let (input, output) = (text("input", input)?, text("output", output)?);
            let recipients = texts("recipients", recipients, recipient_count)?;
            let options = Options::read(options)?;
            file::encrypt_file(
                optional_operation(api, "xq_encrypt_file")?.as_ref(),
                input,
                output,
                &recipients,
                &options.get(),
            )
        })
    }
}

/// Opens a sealed file, from file to file, in constant memory: fetches the key that its locator token stands for,
/// and opens it, in any algorithm that XQ programs have sealed with. The output appears as with xq_encrypt_file();
/// under GCM it gets its name only when all of it has been verified. A wrong key or a changed file in CTR or OTP
/// cannot be noticed.
///
/// @param api      the handle, signed in as a recipient or as the owner. NULL where options have a key.
/// @param input    the path of the sealed file: a regular file.
/// @param output   the path of the opened file; not the input, by whatever name. Where it is a folder, the file goes
///                 into it under its own name: the last component of that, without what is dangerous in a name
///                 (separators, control characters, what Windows reserves, a dot or a dash in front), and "unnamed"
///                 where nothing is left.
/// @param options  NULL for the defaults. key: used in place of fetching one. locator: where a key is fetched, it must
///                 be the one in the file. overwrite, progress.
/// @param name     where to put the name in the file as it stands there, which may be a whole path and is somebody
///                 else's word: not to be opened; NULL where it has none, or none that is UTF-8 text; to be freed
///                 with xq_string_free(). Or NULL.
/// @param path     where to put the path that the opened file has, to be freed with xq_string_free(); or NULL. On
///                 failure both are NULL.
/// @param error    where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_FILE: as xq_encrypt_file(), also where the output is a folder and the name is no text;
///         XQ_CRYPTO: it does not open; XQ_INVALID_ARGUMENT: it is no sealed file of an XQ program, input or output
///         is NULL, or both are one file; XQ_CANCELED: progress or xq_api_cancel() stopped it; the others as xq_decrypt_auto(). Uses
///         the network unless options have a key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_decrypt_file(
    api: *mut XqApi,
    input: *const c_char,
    output: *const c_char,
    options: *const XqSealOptions,
    name: *mut *mut c_char,
    path: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    for out in [name, path] {
        if !out.is_null() {
            // SAFETY: not NULL, so it may be written, as the header asks.
            unsafe { out.write(ptr::null_mut()) }
        }
    }
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            let (input, output) = (text("input", input)?, text("output", output)?);
            let options = Options::read(options)?;
            let opened = file::decrypt_file(
                optional_operation(api, "xq_decrypt_file")?.as_ref(),
                input,
                output,
                &options.get(),
            )?;
            give(name, opened.name);
            give(path, Some(Secret::from(opened.path)));
            Ok(())
        })
    }
}

/// # Safety
///
/// `out` is NULL or may be written.
unsafe fn give(out: *mut *mut c_char, text: Option<Secret>) {
    if let (Some(text), false) = (text, out.is_null()) {
        // SAFETY: not NULL, so it may be written, as this function asks of its caller.
        unsafe { out.write(string::into_c(&text)) }
    }
}
