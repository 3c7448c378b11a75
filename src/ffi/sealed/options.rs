//! What may be said of sealing and opening.

use core::ffi::{c_char, c_void};

use xq_sealing::Algorithm;

use crate::api::Api;
use crate::error::Error;
use crate::ffi::api::{XqApi, operation};
use crate::ffi::argument::{initialize, optional_text, sized};
use crate::ffi::key_management::{Options as PacketOptions, XqPacketOptions};
use crate::platform::prelude::*;
use crate::sealed::options::SealOptions;

/// An algorithm that libxq seals with. What each is worth:
///
/// GCM tells a wrong key and every change of what was sealed. It is the default, and the one to use.
///
/// CTR hides the text and tells nothing: a wrong key, and a text that somebody has changed bit by bit on the way,
/// open to something all the same. It is there for files and bare messages of other XQ programs.
///
/// OTP adds the key to the text, byte by byte. It is there for other programs' sake. It tells nothing either, and
/// each character of a key carries six bits at the most (four in keys of other programs), so it hides a part of each
/// byte at best; where the key is repeated, or used a second time, it hides next to nothing.
#[allow(
    clippy::enum_variant_names,
    reason = "the names become XQ_ALGORITHM_GCM and so on in C, which has no namespaces"
)]
#[repr(i32)]
pub enum XqAlgorithm {
    /// That of the key that is given, or GCM.
    XqAlgorithmDefault = 0,
    /// AES-256-GCM; keys begin with ".1".
    XqAlgorithmGcm = 1,
    /// AES-256-CTR; keys begin with ".2".
    XqAlgorithmCtr = 2,
    /// The key as a pad; keys begin with ".B".
    XqAlgorithmOtp = 66,
}

/// Tells how far a file is. It is called on the thread of the call, before the first bytes, after each 64 KB, and at
/// the end; it may not throw or jump out, and may not use the two files. That all is done does not say yet that the
/// call works: the tag of an opened file is verified after it, and the key of a sealed one stored.
///
/// @param context  as given in the options; NULL where that was.
/// @param done     bytes of the input that are done.
/// @param total    bytes that it has in all.
/// @return 0 to go on; anything else stops the work: the call is XQ_CANCELED, and leaves nothing behind.
pub type XqProgress = Option<unsafe extern "C" fn(context: *mut c_void, done: u64, total: u64) -> i32>;

/// What may be said of sealing and opening. To be set with XQ_SEAL_OPTIONS_INIT or xq_seal_options_init() first;
/// fields are then changed as need be. Each function tells which fields it looks at; the others may have any value
/// that they can have. A program keeps working with a newer library, whose struct may have grown: that is what size
/// is for. A size that the library does not know, as that of a newer header, is XQ_INVALID_ARGUMENT.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct XqSealOptions {
    /// The size of the struct, as XQ_SEAL_OPTIONS_INIT sets it.
    pub size: usize,
    /// One of xq_algorithm_t.
    pub algorithm: i32,
    /// Not 0: a pad (OTP) that is shorter than what it is to hide is used again from its beginning, which gives the text
    /// away. 0, the default: that is refused.
    pub repeat_pad: i32,
    /// Not 0: an output file that exists already is replaced. 0, the default: that is refused.
    pub overwrite: i32,
    /// A key in hand, with its prefix; NULL to have one made, or fetched.
    pub key: *const c_char,
    /// The locator token of the key, 43 characters; NULL for none.
    pub locator: *const c_char,
    /// The name to seal in a file; NULL for the last component of the input's path.
    pub name: *const c_char,
    /// What is said of the key when it is stored; NULL for the defaults: no subject, no labels, 24 hours, and "msg" or
    /// "file" as the type. A file's name is not told to the service unless it is given as the subject here.
    pub packet: *const XqPacketOptions,
    /// Told how far a file is; NULL for nothing.
    pub progress: XqProgress,
    /// Handed to progress; may be NULL.
    pub progress_context: *mut c_void,
}

/// Sets options to XQ_SEAL_OPTIONS_INIT, for languages that cannot use a macro.
///
/// @param options  the options.
/// @param size     the size of the struct as the caller knows it, sizeof(xq_seal_options_t): no more is written,
///                 should the library be newer.
///
/// Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_seal_options_init(options: *mut XqSealOptions, size: usize) {
    // SAFETY: the caller keeps to the header.
    unsafe { initialize(options, size, XqSealOptions::DEFAULT) }
}

impl XqSealOptions {
    const DEFAULT: Self = XqSealOptions {
        size: size_of::<XqSealOptions>(),
        algorithm: XqAlgorithm::XqAlgorithmDefault as i32,
        repeat_pad: 0,
        overwrite: 0,
        key: core::ptr::null(),
        locator: core::ptr::null(),
        name: core::ptr::null(),
        packet: core::ptr::null(),
        progress: None,
        progress_context: core::ptr::null_mut(),
    };
}

/// Options as the library uses them: with what they borrow beside them.
pub(super) struct Options<'a> {
    options: SealOptions<'a>,
    packet: PacketOptions<'a>,
    progress: Option<Box<dyn Fn(u64, u64) -> bool + 'a>>,
}

impl<'a> Options<'a> {
    /// # Safety
    ///
    /// `pointer` is NULL or points to options that keep to the header.
    pub(super) unsafe fn read(pointer: *const XqSealOptions) -> Result<Self, Error> {
        // SAFETY: NULL, or it keeps to the header, as this function asks of its caller.
        unsafe {
            let given = match pointer.is_null() {
                true => XqSealOptions::DEFAULT,
                false => sized("options", "XQ_SEAL_OPTIONS_INIT", pointer)?,
            };
            let options = SealOptions {
                algorithm: algorithm("options.algorithm", given.algorithm)?,
                key: optional_text("options.key", given.key)?,
                locator: optional_text("options.locator", given.locator)?,
                name: optional_text("options.name", given.name)?,
                overwrite: given.overwrite != 0,
                repeat_pad: given.repeat_pad != 0,
                ..SealOptions::default()
            };
            let packet = PacketOptions::read("options.packet", given.packet)?;
            let context = given.progress_context;
            let progress = given.progress.map(|function| -> Box<dyn Fn(u64, u64) -> bool> {
                Box::new(move |done, total| function(context, done, total) == 0)
            });
            Ok(Options {
                options,
                packet,
                progress,
            })
        }
    }

    pub(super) fn get(&self) -> SealOptions<'_> {
        SealOptions {
            packet: self.packet.get(),
            progress: self.progress.as_deref(),
            ..self.options
        }
    }
}

/// An integer from outside: it may be no algorithm.
pub(super) fn algorithm(name: &str, number: i32) -> Result<Option<Algorithm>, Error> {
    const DEFAULT: i32 = XqAlgorithm::XqAlgorithmDefault as i32;
    const GCM: i32 = XqAlgorithm::XqAlgorithmGcm as i32;
    const CTR: i32 = XqAlgorithm::XqAlgorithmCtr as i32;
    const OTP: i32 = XqAlgorithm::XqAlgorithmOtp as i32;
    match number {
        DEFAULT => Ok(None),
        GCM => Ok(Some(Algorithm::Gcm)),
        CTR => Ok(Some(Algorithm::Ctr)),
        OTP => Ok(Some(Algorithm::Otp)),
        n => Err(Error::invalid(format!(
            "{name} is {n}; expected XQ_ALGORITHM_DEFAULT, _GCM, _CTR or _OTP"
        ))),
    }
}

/// An operation on a handle that may be NULL, since a key is in hand.
///
/// # Safety
///
/// As for [`operation`].
pub(super) unsafe fn optional_operation(api: *mut XqApi, name: &'static str) -> Result<Option<Api>, Error> {
    if api.is_null() {
        return Ok(None);
    }
    // SAFETY: the promise is passed on.
    unsafe { operation(api, name) }.map(Some)
}
