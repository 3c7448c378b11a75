//! What a file holds, or bytes that are given in its place.

use crate::platform::prelude::*;
use crate::secret::SecretBytes;

/// The largest file accepted, in bytes: certificates and keys are a few kilobytes.
pub const MAX_FILE_BYTES: usize = 1024 * 1024;

/// What a file of these bytes holds, without a byte-order mark; or why it cannot be used.
pub(crate) fn content(bytes: &[u8]) -> Result<SecretBytes, String> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(format!("is too large; at most {MAX_FILE_BYTES} bytes are read"));
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if bytes.is_empty() {
        return Err("is empty".into());
    }
    if core::str::from_utf8(bytes).is_ok_and(|text| text.trim().is_empty()) {
        return Err("is blank".into());
    }
    Ok(SecretBytes::from(bytes.to_vec()))
}
