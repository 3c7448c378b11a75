//! Sealed payloads between a device and the service, as they travel in text.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use xq_sealing::envelope;
pub use xq_sealing::envelope::Version;

use crate::error::{Error, Kind};
use crate::platform;
use crate::platform::prelude::*;
use crate::secret::SecretBytes;

/// An envelope of `text` under `key`, with a fresh salt and nonce from the operating system.
///
/// # Errors
///
/// [`Kind::Crypto`]: the operating system gave no random bytes.
pub fn seal(version: Version, key: &str, text: &[u8]) -> Result<Vec<u8>, Error> {
    Ok(envelope::seal(version, key, text, &mut platform::random)?)
}

/// What is in `envelope`, sealed under `key`.
///
/// # Errors
///
/// [`Kind::Crypto`]: it is no envelope of this version, or was sealed under another key, or was changed on the way.
pub fn open(version: Version, key: &str, envelope: &[u8]) -> Result<SecretBytes, Error> {
    let opened = envelope::open(version, key, envelope);
    let text =
        opened.map_err(|e| Error::from(e).in_words(|why| format!("the sealed reply cannot be opened: {why}")))?;
    Ok(SecretBytes::from(text))
}

/// [`seal`] in base64.
pub(crate) fn seal_base64(version: Version, key: &str, text: &[u8]) -> Result<String, Error> {
    Ok(BASE64_STANDARD.encode(seal(version, key, text)?))
}

/// [`open`] from base64.
pub(crate) fn open_base64(version: Version, key: &str, text: &str) -> Result<SecretBytes, Error> {
    // Some encoders break the lines of base64.
    let envelope = BASE64_STANDARD
        .decode(text.split_ascii_whitespace().collect::<String>())
        .map_err(|_| Error::new(Kind::Crypto, "the sealed reply cannot be opened: it is not base64"))?;
    open(version, key, &envelope)
}
