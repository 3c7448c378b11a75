//! What stands in front of a body: whose key it is, and in a file its name.

use alloc::vec::Vec;

use crate::error::Error;

/// The length of a locator token in a frame, in bytes.
pub const LOCATOR_BYTES: usize = 43;
/// Where it begins.
pub const LOCATOR_AT: usize = 4;
/// The longest sealed name that XQ programs read, in bytes.
pub const MAX_SEALED_NAME_BYTES: usize = 2000;

/// Where a frame's locator token ends, and what is the frame's own begins.
pub(crate) const AFTER_LOCATOR: usize = LOCATOR_AT + LOCATOR_BYTES;
/// Version and locator token, as little-endian 32-bit 43 + version.
const BASE: u32 = LOCATOR_BYTES as u32;
/// The version that libxq writes: a scheme byte follows.
const WRITTEN: u32 = 1;

/// The version of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// A message has a scheme byte, a file none.
    Zero,
    /// With a scheme byte.
    One,
    /// C's `.A` files.
    Eight,
    /// Java's `.A` files: big-endian, without a name.
    Java,
}

impl Version {
    /// Of the first four bytes.
    pub(crate) fn of(first: [u8; LOCATOR_AT]) -> Option<Self> {
        match u32::from_le_bytes(first).wrapping_sub(BASE) {
            0 => Some(Version::Zero),
            1 => Some(Version::One),
            8 => Some(Version::Eight),
            _ if u32::from_be_bytes(first) == BASE => Some(Version::Java),
            _ => None,
        }
    }

    /// Whether messages have it.
    pub(crate) fn is_message(self) -> bool {
        matches!(self, Version::Zero | Version::One)
    }
}

/// The locator token in front of a message or a file, of which the first 47 bytes are enough.
///
/// # Errors
///
/// [`Error::Foreign`]: there is none. [`Error::Crypto`]: it is cut short, or none that can be.
pub fn locator(sealed: &[u8]) -> Result<&str, Error> {
    let version = sealed.first_chunk().and_then(|first| Version::of(*first));
    if version.is_none() {
        return Err(Error::Foreign(
            "there is no locator token in front; expected a framed message or a file of XQ, of which the first 47 bytes are \
             enough",
        ));
    }
    let locator = sealed.get(LOCATOR_AT..AFTER_LOCATOR);
    locator.and_then(as_locator).ok_or(Error::Crypto(
        "what stands where the locator token belongs is none: expected 43 letters, digits and -._~+/",
    ))
}

/// `text`, if it can stand in a frame.
///
/// # Errors
///
/// [`Error::Argument`]: it does not have 43 characters that locator tokens have.
pub fn checked_locator(text: &str) -> Result<&str, Error> {
    as_locator(text.as_bytes()).ok_or(Error::Argument(
        "the locator token cannot stand in front of a message or a file: expected 43 letters, digits and -._~+/",
    ))
}

/// The locator token that these bytes are.
pub(crate) fn as_locator(bytes: &[u8]) -> Option<&str> {
    if bytes.len() != LOCATOR_BYTES || !bytes.iter().all(|byte| may_be_in_locator(*byte)) {
        return None;
    }
    core::str::from_utf8(bytes).ok()
}

/// What a bearer token has (RFC 6750), without its padding.
pub(crate) fn may_be_in_locator(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte)
}

/// The front of a message.
pub(crate) fn of_message(locator: &str, scheme: u8) -> Vec<u8> {
    let mut front = begin(locator);
    front.push(scheme);
    front
}

/// The front of a file; `name` is sealed.
pub(crate) fn of_file(locator: &str, name: &[u8], scheme: u8) -> Vec<u8> {
    let mut front = begin(locator);
    front.extend_from_slice(&(name.len() as u32).to_le_bytes());
    front.extend_from_slice(name);
    front.push(scheme);
    front
}

fn begin(locator: &str) -> Vec<u8> {
    let mut front = Vec::from((BASE + WRITTEN).to_le_bytes());
    front.extend_from_slice(locator.as_bytes());
    front
}
