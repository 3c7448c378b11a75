//! Sealing and opening chunk by chunk: bytes in, bytes out.

use core::ffi::c_char;
use core::ptr;

use xq_sealing::{Form, Key, Opener, Progress, Sealer, Target};

use super::options::{Options, XqSealOptions};
use crate::error::Error;
use crate::ffi::argument::{bytes, bytes_mut, optional_text, text};
use crate::ffi::error::XqError;
use crate::ffi::guard::{call, call_with};
use crate::ffi::status::XqStatus;
use crate::platform;
use crate::platform::prelude::*;
use crate::sealed::options::agrees;
use crate::secret::SecretBytes;

/// A message or a file being sealed, chunk by chunk. It belongs to one thread at a time.
pub struct XqSealer(Sealer);

/// A message or a file being opened, chunk by chunk. It belongs to one thread at a time.
pub struct XqOpener {
    opener: Opener,
    locator: Option<SecretBytes>,
    name: Option<SecretBytes>,
}

/// What an opener is to open.
#[allow(
    clippy::enum_variant_names,
    reason = "the names become XQ_FORM_MESSAGE and so on in C, which has no namespaces"
)]
#[repr(i32)]
pub enum XqForm {
    /// A message, with its locator token in front or without.
    XqFormMessage = 1,
    /// A file, with its locator token and its name in front.
    XqFormFile = 2,
}

/// Begins to seal a message or a file of any size, in constant memory (about 2 KB, and the pad with OTP). Then
/// xq_sealer_update() for each chunk, xq_sealer_finish(), and xq_sealer_free():
///
/// @code
///   status = xq_sealer_update(sealer, chunk, length, &taken, output, sizeof output, &made, &error);
///   ... write made bytes of output; go on with chunk + taken until all of it is taken ...
/// @endcode
///
/// An output of length + XQ_STREAM_FRONT_BYTES takes all of a chunk at once.
///
/// @param key      the key with its prefix, which names the algorithm.
/// @param options  NULL for the defaults: a bare message. locator: what is sealed has it in front. name: it is a
///                 file of that name; locator must be given too. algorithm, which must be that of the key.
///                 repeat_pad. key must be NULL.
/// @param out      where to put the sealer, to be freed with xq_sealer_free(). May not be NULL.
/// @param error    where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: out is NULL, a name is given without a locator token, or what
///         xq_encrypt_message() and xq_encrypt_file() say; XQ_CRYPTO: as xq_encrypt_message(). No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_sealer_new(
    key: *const c_char,
    options: *const XqSealOptions,
    out: *mut *mut XqSealer,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, boxed, || {
            not_null(out, "out", "a place for the sealer")?;
            let options = Options::read(options)?;
            let options = options.get();
            if options.key.is_some() {
                return Err(Error::invalid(
                    "options.key is given, beside that of the call; expected NULL",
                ));
            }
            let target = match (options.locator, options.name) {
                (None, None) => Target::Bare,
                (Some(locator), None) => Target::Framed(locator),
                (Some(locator), Some(name)) => Target::File { locator, name },
                (None, Some(_)) => {
                    return Err(Error::invalid(
                        "a file's name is given without its locator token; expected both",
                    ));
                }
            };
            let key = Key::parse(text("key", key)?)?;
            agrees(options.algorithm, key.algorithm()?)?;
            Ok(XqSealer(Sealer::new(
                &key,
                target,
                options.repeat_pad,
                &mut platform::random,
            )?))
        })
    }
}

/// Seals a chunk, or as much of it as output has room for after what goes in front of the first one.
///
/// @param sealer       the sealer.
/// @param data         the chunk; NULL only where length is 0.
/// @param length       how many bytes it has.
/// @param taken        where to put how many of them were taken in: the rest is to be given again. 0 after a failure.
///                     May not be NULL.
/// @param output       where to put what comes out; it may not overlap data.
/// @param output_size  how many bytes it has room for, 1 or more.
/// @param made         where to put how many came out, 0 after a failure. May not be NULL.
/// @param error        where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: sealer, taken, made or output is NULL, data is NULL, they overlap, the text
///         becomes longer than GCM or the pad allows, or the sealer is finished; nothing was taken in then, and what
///         came out before is to be thrown away unless the call is repeated in a way that works. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_sealer_update(
    sealer: *mut XqSealer,
    data: *const u8,
    length: usize,
    taken: *mut usize,
    output: *mut u8,
    output_size: usize,
    made: *mut usize,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_update(taken, made, error, || {
            let sealer = sealer.as_mut().ok_or_else(|| null("sealer"))?;
            let output = room(output, output_size, data, length)?;
            Ok(sealer.0.update(bytes("data", data, length)?, output)?)
        })
    }
}

/// Ends what is sealed. Without it, what came out does not open.
///
/// @param sealer       the sealer, which can then only be freed.
/// @param output       where to put the last bytes.
/// @param output_size  how many bytes it has room for: XQ_STREAM_BYTES are enough where some text was sealed before,
///                     XQ_STREAM_FRONT_BYTES always.
/// @param made         where to put how many came out, 0 after a failure. May not be NULL.
/// @param error        where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: sealer, output or made is NULL, there is too little room (nothing is lost
///         then), or the sealer is finished already. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_sealer_finish(
    sealer: *mut XqSealer,
    output: *mut u8,
    output_size: usize,
    made: *mut usize,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_finish(made, error, || {
            let sealer = sealer.as_mut().ok_or_else(|| null("sealer"))?;
            let needed = sealer.0.left_to_write();
            if output_size < needed {
                return Err(Error::invalid(format!(
                    "output_size is {output_size}; expected {needed} or more for the end of what is sealed"
                )));
            }
            Ok(sealer.0.finish(bytes_mut("output", output, output_size)?)?)
        })
    }
}

/// Wipes and frees a sealer.
///
/// @param sealer  the sealer, finished or not, which is not to be used afterwards; NULL is fine.
///
/// Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_sealer_free(sealer: *mut XqSealer) {
    if !sealer.is_null() {
        // SAFETY: made by `xq_sealer_new` and freed once, as the header asks.
        drop(unsafe { Box::from_raw(sealer) });
    }
}

/// Begins to open a message or a file of any size, in constant memory (about 5 KB, and the pad with OTP). Then
/// xq_opener_update() for each chunk, xq_opener_finish(), and xq_opener_free().
///
/// Under GCM, text comes out before it is known that nobody has changed it: it is to be kept from everybody until
/// xq_opener_finish() says XQ_OK, and thrown away where it says anything else. (The functions that open in one piece
/// or from file to file never give such text.) In the other algorithms nothing tells a changed text at all.
///
/// Two sorts of messages differ from what xq_decrypt_message() says of them: a framed one under a key that begins
/// with ".2" opens as GCM alone, since those of Python are, and the rare one in CTR is XQ_CRYPTO; and of one under
/// ".A" the first 64 bytes decide which of the two sorts it is.
///
/// @param form   one of xq_form_t.
/// @param key    the key with its prefix; NULL to give it with xq_opener_set_key() once the locator token has been
///               seen.
/// @param out    where to put the opener, to be freed with xq_opener_free(). May not be NULL.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: there is no such form, or out is NULL; XQ_CRYPTO: the key cannot be used. No
///         network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_opener_new(
    form: i32,
    key: *const c_char,
    out: *mut *mut XqOpener,
    error: *mut *mut XqError,
) -> XqStatus {
    const MESSAGE: i32 = XqForm::XqFormMessage as i32;
    const FILE: i32 = XqForm::XqFormFile as i32;
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, boxed, || {
            not_null(out, "out", "a place for the opener")?;
            let form = match form {
                MESSAGE => Form::Message,
                FILE => Form::File,
                n => {
                    return Err(Error::invalid(format!(
                        "form is {n}; expected XQ_FORM_MESSAGE or XQ_FORM_FILE"
                    )));
                }
            };
            let mut opener = Opener::new(form);
            if let Some(key) = optional_text("key", key)? {
                opener.set_key(Key::parse(key)?)?;
            }
            Ok(XqOpener {
                opener,
                locator: None,
                name: None,
            })
        })
    }
}

/// Opens a chunk, or as much of it as output has room for. Nothing more is taken in once xq_opener_wants_key() says
/// 1:
///
/// @code
///   while (length > 0) {
///       status = xq_opener_update(opener, chunk, length, &taken, output, sizeof output, &made, &error);
///       if (status != XQ_OK) break;
///       ... keep made bytes of output; chunk += taken; length -= taken ...
///       if (xq_opener_wants_key(opener)) ... fetch the key of xq_opener_locator(opener); xq_opener_set_key() ...
///   }
/// @endcode
///
/// @param opener       the opener.
/// @param sealed       the chunk: bytes, not base64; NULL only where length is 0.
/// @param length       how many bytes it has.
/// @param taken        where to put how many of them were taken in: the rest is to be given again. 0 after a failure.
///                     May not be NULL.
/// @param output       where to put what comes out; it may not overlap sealed.
/// @param output_size  how many bytes it has room for, XQ_STREAM_BYTES or more; length + XQ_STREAM_BYTES takes all
///                     of a chunk at once.
/// @param made         where to put how many came out, 0 after a failure. May not be NULL.
/// @param error        where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CRYPTO: it does not open; XQ_INVALID_ARGUMENT: it is nothing that an XQ program seals, opener,
///         taken, made, output or sealed is NULL, there is too little room, they overlap, the opener wants a key, or
///         it is finished. After the first two the opener can only be freed; after the others nothing is lost. No
///         network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_opener_update(
    opener: *mut XqOpener,
    sealed: *const u8,
    length: usize,
    taken: *mut usize,
    output: *mut u8,
    output_size: usize,
    made: *mut usize,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_update(taken, made, error, || {
            let opener = opener.as_mut().ok_or_else(|| null("opener"))?;
            let output = room(output, output_size, sealed, length)?;
            let progress = opener.opener.update(bytes("sealed", sealed, length)?, output)?;
            opener.keep_texts();
            Ok(progress)
        })
    }
}

/// Whether an opener takes nothing more in before it has a key.
///
/// @param opener  the opener.
/// @return 1 where it wants one, 0 where it does not, or where opener is NULL. Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_opener_wants_key(opener: *const XqOpener) -> i32 {
    // SAFETY: NULL or alive, as the header asks.
    unsafe { opener.as_ref() }.map_or(0, |opener| i32::from(opener.opener.wants_key()))
}

/// The locator token in front of what is opened.
///
/// @param opener  the opener.
/// @return the locator token, which lives as long as the opener; NULL where it has not been seen yet, where the
///         message has none, or where opener is NULL. Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_opener_locator(opener: *const XqOpener) -> *const c_char {
    // SAFETY: NULL or alive, as the header asks.
    let opener = unsafe { opener.as_ref() };
    opener
        .and_then(|opener| opener.locator.as_ref())
        .map_or(ptr::null(), |text| text.as_ptr().cast())
}

/// The name in a file that is opened, as it stands there: somebody else's word, perhaps a whole path.
///
/// @param opener  the opener.
/// @return the name, which lives as long as the opener; NULL where it is not known yet (it is once text comes out),
///         where there is none, or none that is UTF-8 text, or where opener is NULL. Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_opener_name(opener: *const XqOpener) -> *const c_char {
    // SAFETY: NULL or alive, as the header asks.
    let opener = unsafe { opener.as_ref() };
    opener
        .and_then(|opener| opener.name.as_ref())
        .map_or(ptr::null(), |text| text.as_ptr().cast())
}

/// Gives an opener its key, at any time before it wants one or then.
///
/// @param opener  the opener.
/// @param key     the key with its prefix.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: opener or key is NULL, or there is a key already; XQ_CRYPTO: the key cannot
///         be used; another may be given. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_opener_set_key(
    opener: *mut XqOpener,
    key: *const c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            let opener = opener.as_mut().ok_or_else(|| null("opener"))?;
            Ok(opener.opener.set_key(Key::parse(text("key", key)?)?)?)
        })
    }
}

/// Ends what is opened, and has the verdict on it.
///
/// @param opener       the opener, which can then only be freed.
/// @param output       where to put the last bytes.
/// @param output_size  how many bytes it has room for, XQ_STREAM_BYTES or more.
/// @param made         where to put how many came out, 0 after a failure. May not be NULL.
/// @param error        where to put the error of a failed call, or NULL.
/// @return XQ_OK: it is whole, and under GCM it is what was sealed; XQ_CRYPTO: it is not, and all that came out is
///         to be thrown away; XQ_INVALID_ARGUMENT: it is nothing that an XQ program seals, opener, output or made is
///         NULL, there is too little room, the opener wants a key, or it is finished already. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_opener_finish(
    opener: *mut XqOpener,
    output: *mut u8,
    output_size: usize,
    made: *mut usize,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_finish(made, error, || {
            let opener = opener.as_mut().ok_or_else(|| null("opener"))?;
            let made = opener.opener.finish(bytes_mut("output", output, output_size)?)?;
            opener.keep_texts();
            Ok(made)
        })
    }
}

/// Wipes and frees an opener, with its locator token and name.
///
/// @param opener  the opener, finished or not, which is not to be used afterwards; NULL is fine.
///
/// Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_opener_free(opener: *mut XqOpener) {
    if !opener.is_null() {
        // SAFETY: made by `xq_opener_new` and freed once, as the header asks.
        drop(unsafe { Box::from_raw(opener) });
    }
}

impl XqOpener {
    /// Keeps what a caller may ask for as C strings, once it is known.
    fn keep_texts(&mut self) {
        if self.locator.is_none() {
            self.locator = self.opener.locator().and_then(c_text);
        }
        if self.name.is_none() {
            let name = self.opener.name().and_then(|name| core::str::from_utf8(name).ok());
            self.name = name.and_then(c_text);
        }
    }
}

/// `text` with a NUL behind it, where none is in it.
fn c_text(text: &str) -> Option<SecretBytes> {
    let mut bytes = SecretBytes::default();
    bytes.extend(text.as_bytes());
    bytes.extend(&[0]);
    (!text.contains('\0')).then_some(bytes)
}

fn boxed<T>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

fn null(what: &str) -> Error {
    Error::invalid(format!("{what} is NULL; expected one from xq_{what}_new"))
}

fn not_null<T>(pointer: *mut T, name: &str, expected: &str) -> Result<(), Error> {
    match pointer.is_null() {
        true => Err(Error::invalid(format!("{name} is NULL; expected {expected}"))),
        false => Ok(()),
    }
}

/// The output, which may not be a part of the input: what is read would change while it is.
///
/// # Safety
///
/// As for [`bytes_mut`].
unsafe fn room<'a>(
    output: *mut u8,
    output_size: usize,
    input: *const u8,
    length: usize,
) -> Result<&'a mut [u8], Error> {
    let (output_at, input_at) = (output.addr(), input.addr());
    let overlap = output_at < input_at.saturating_add(length) && input_at < output_at.saturating_add(output_size);
    if overlap {
        return Err(Error::invalid(
            "the output overlaps the input; expected memory of its own",
        ));
    }
    if output_size == 0 {
        return Err(Error::invalid("output_size is 0; expected room for something"));
    }
    // SAFETY: the promise is passed on, and nothing else of this call looks at it.
    unsafe { bytes_mut("output", output, output_size) }
}

/// As [`call`], with how far it came; 0 after a failure.
///
/// # Safety
///
/// Each pointer is NULL or may be written.
unsafe fn call_update(
    taken: *mut usize,
    made: *mut usize,
    error: *mut *mut XqError,
    body: impl FnOnce() -> Result<Progress, Error>,
) -> XqStatus {
    let mut progress = Progress::default();
    // SAFETY: the promises are passed on.
    unsafe {
        let status = call(error, || {
            not_null(taken, "taken", "a place for the number")?;
            not_null(made, "made", "a place for the number")?;
            progress = body()?;
            Ok(())
        });
        for (out, number) in [(taken, progress.taken), (made, progress.made)] {
            if !out.is_null() {
                out.write(number);
            }
        }
        status
    }
}

/// The same for the end.
///
/// # Safety
///
/// As for [`call_update`].
unsafe fn call_finish(
    made: *mut usize,
    error: *mut *mut XqError,
    body: impl FnOnce() -> Result<usize, Error>,
) -> XqStatus {
    let mut taken = 0;
    // SAFETY: `taken` is a local; the other promises are passed on.
    unsafe {
        call_update(&raw mut taken, made, error, || {
            Ok(Progress {
                taken: 0,
                made: body()?,
            })
        })
    }
}
