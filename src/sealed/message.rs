//! Messages: a text for people, in memory.

use xq_sealing::{Algorithm, FRAMED_CTR, Key, LOCATOR_AT, message};

use super::options::{Plan, SealOptions, agrees, no_handle};
use crate::api::Api;
use crate::check;
use crate::error::Error;
use crate::platform;
use crate::platform::prelude::*;
use crate::secret::{Secret, SecretBytes};

/// `text` sealed under `key`, with `locator` in front where there is one. Of the options, the algorithm and the repetition of
/// a pad count.
///
/// # Errors
///
/// [`Kind::InvalidArgument`](crate::Kind): the key is for another algorithm, a pad is too short, or a frame is to have CTR.
/// [`Kind::Crypto`](crate::Kind): the key cannot be used.
pub fn encrypt_message(
    key: &str,
    locator: Option<&str>,
    text: &[u8],
    options: &SealOptions,
) -> Result<SecretBytes, Error> {
    let key = Key::parse(key)?;
    agrees(options.algorithm, key.algorithm()?)?;
    let sealed = message::seal(&key, locator, text, options.repeat_pad, &mut platform::random)?;
    Ok(SecretBytes::from(sealed))
}

/// The text of a message, framed or bare.
///
/// # Errors
///
/// [`Kind::InvalidArgument`](crate::Kind): it is no message. [`Kind::Crypto`](crate::Kind): it does not open, or the key cannot be used.
pub fn decrypt_message(key: &str, sealed: &[u8]) -> Result<SecretBytes, Error> {
    let opened = message::open(&Key::parse(key)?, sealed);
    let text = opened.map_err(|e| Error::from(e).in_words(|why| format!("the message cannot be opened: {why}")))?;
    Ok(SecretBytes::from(text))
}

/// `text` sealed for `recipients`: a key is made, and stored once the message is.
///
/// # Errors
///
/// Those of [`encrypt_message`], before anything is sent; of [`super::keys::generate_key`]; of
/// [`Api::create_and_store_packet`].
pub fn encrypt_auto(
    api: Option<&Api>,
    text: &[u8],
    recipients: &[&str],
    options: &SealOptions,
) -> Result<SecretBytes, Error> {
    let plan = Plan::of(api, recipients, options)?;
    let algorithm = plan.algorithm(options, text.len() as u64)?;
    if algorithm == Algorithm::Ctr && plan.locator().is_some() {
        return Err(FRAMED_CTR.into());
    }
    let key = plan.key(algorithm, text.len() as u64)?;
    let key_alone = SealOptions {
        algorithm: None,
        ..*options
    };
    let mut sealed = encrypt_message(key.as_str(), plan.locator(), text, &key_alone)?;
    if let Some(locator) = plan.store(&key, recipients, &options.packet)? {
        sealed.overwrite(LOCATOR_AT, locator.as_str().as_bytes());
    }
    Ok(sealed)
}

/// The text of a message, whose key is fetched by the locator token in front of it unless the options have one.
///
/// # Errors
///
/// Those of [`decrypt_message`] and of [`Api::get_packet`]. [`Kind::InvalidArgument`](crate::Kind): there is no locator token, or two.
pub fn decrypt_auto(api: Option<&Api>, sealed: &[u8], options: &SealOptions) -> Result<SecretBytes, Error> {
    let key = match options.key {
        Some(key) => Secret::from(key),
        None => fetch_key(api, sealed, options.locator)?,
    };
    decrypt_message(key.as_str(), sealed)
}

/// The key of something sealed, by its first bytes or by the locator token beside it.
pub(super) fn fetch_key(api: Option<&Api>, sealed: &[u8], beside: Option<&str>) -> Result<Secret, Error> {
    let front = match xq_sealing::locator(sealed) {
        Ok(front) => Some(front),
        Err(xq_sealing::Error::Foreign(_)) => None,
        Err(e) => return Err(e.into()),
    };
    let locator = match (front, beside) {
        (Some(front), Some(beside)) if front != beside => Err(Error::invalid(
            "the locator token in the options is not the one in front of what is to be opened; expected the same, or none",
        )),
        (Some(locator), _) | (None, Some(locator)) => Ok(locator),
        (None, None) => Err(Error::invalid(
            "there is no locator token in front of the message; expected one in the options, or a key",
        )),
    }?;
    check::not_empty("locator token", locator)?;
    api.ok_or_else(no_handle)?.get_packet(locator)
}

/// The locator token in front of a message or a file, of which the first 47 bytes are enough.
///
/// # Errors
///
/// [`Kind::InvalidArgument`](crate::Kind): there is none. [`Kind::Crypto`](crate::Kind): what stands there can be none.
pub fn sealed_locator(sealed: &[u8]) -> Result<Secret, Error> {
    Ok(Secret::from(xq_sealing::locator(sealed)?))
}
