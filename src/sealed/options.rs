//! What may be said of sealing and opening, and whose key it is.

use core::fmt;

use xq_sealing::{Algorithm, Key, LOCATOR_BYTES, MAX_GCM_BYTES, MAX_PAD_BYTES, checked_locator};

use super::keys::{DEFAULT_KEY_BITS, generate_key};
use crate::api::Api;
use crate::error::{Error, Outcome};
use crate::platform::prelude::*;
use crate::secret::Secret;
use crate::subscription::key_management::PacketOptions;

/// Told bytes done and bytes in all; `false` stops the work.
pub type Progress<'a> = &'a dyn Fn(u64, u64) -> bool;

/// What may be said of sealing and opening. `Debug` leaves the key out.
#[derive(Clone, Copy, Default)]
pub struct SealOptions<'a> {
    /// `None` for that of the key, or GCM.
    pub algorithm: Option<Algorithm>,
    /// `None`: one is made, or fetched.
    pub key: Option<&'a str>,
    /// The locator token of the key.
    pub locator: Option<&'a str>,
    /// What is said of the packet that is stored.
    pub packet: PacketOptions<'a>,
    /// The name in a file; `None` for that of the file.
    pub name: Option<&'a str>,
    /// Whether an existing file may be replaced.
    pub overwrite: bool,
    /// Whether a pad that is shorter than the text is used again.
    pub repeat_pad: bool,
    /// Of files.
    #[cfg_attr(not(feature = "std"), allow(dead_code, reason = "a board has no files"))]
    pub progress: Option<Progress<'a>>,
}

impl fmt::Debug for SealOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealOptions")
            .field("algorithm", &self.algorithm)
            .field("overwrite", &self.overwrite)
            .field("repeat_pad", &self.repeat_pad)
            .finish_non_exhaustive()
    }
}

/// What stands for a locator token that is not known yet.
const PLACEHOLDER: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Whose key something is sealed under.
pub(super) enum Plan<'a> {
    /// A key in hand, perhaps with its locator token. Nothing is made or stored.
    Given { key: &'a str, locator: Option<&'a str> },
    /// A key that is stored for people, and made if there is none.
    Stored { api: &'a Api, key: Option<&'a str> },
}

impl<'a> Plan<'a> {
    /// What `options` ask for.
    ///
    /// # Errors
    ///
    /// [`Kind::InvalidArgument`](crate::Kind): they contradict each other, or the recipients.
    pub(super) fn of(api: Option<&'a Api>, recipients: &[&str], options: &SealOptions<'a>) -> Result<Self, Error> {
        if let Some(text) = options.key {
            agrees(options.algorithm, Key::parse(text)?.algorithm()?)?;
        }
        match (options.key, options.locator) {
            (None, Some(_)) => Err(Error::invalid(
                "a locator token is given without its key; expected both, or neither",
            )),
            (Some(_), Some(_)) if !recipients.is_empty() => Err(Error::invalid(
                "recipients are given beside a locator token, whose key is stored already; expected none \
                 (xq_grant_users lets more people have it)",
            )),
            (Some(key), locator) if recipients.is_empty() => Ok(Plan::Given { key, locator }),
            (key, _) => {
                options.packet.check_for_one(recipients)?;
                let api = api.ok_or_else(no_handle)?;
                api.must_be_signed_in()?;
                api.operation.leads_to_change();
                Ok(Plan::Stored { api, key })
            }
        }
    }

    /// What `bytes` of text are sealed with: a made pad is as long as the text, and a text that is too long for one gets GCM.
    ///
    /// # Errors
    ///
    /// [`Kind::InvalidArgument`](crate::Kind): the text is too long for that, or a pad too short.
    pub(super) fn algorithm(&self, options: &SealOptions, bytes: u64) -> Result<Algorithm, Error> {
        let given = match self {
            Plan::Given { key, .. } => Some(*key),
            Plan::Stored { key, .. } => *key,
        };
        let given = given.map(Key::parse).transpose()?;
        let algorithm = match (&given, options.algorithm) {
            (Some(key), _) => key.algorithm()?,
            (None, Some(Algorithm::Otp)) if bytes > MAX_PAD_BYTES as u64 => Algorithm::Gcm,
            (None, asked) => asked.unwrap_or(Algorithm::Gcm),
        };
        if algorithm == Algorithm::Gcm && bytes > MAX_GCM_BYTES {
            return Err(Error::invalid(format!(
                "there are {bytes} bytes to seal; expected at most {MAX_GCM_BYTES} with GCM"
            )));
        }
        match given {
            Some(key) if algorithm == Algorithm::Otp && !options.repeat_pad => key.covers(bytes)?,
            _ => {}
        }
        Ok(algorithm)
    }

    /// The key to seal `bytes` of text with.
    pub(super) fn key(&self, algorithm: Algorithm, bytes: u64) -> Result<Secret, Error> {
        match self {
            Plan::Given { key, .. } | Plan::Stored { key: Some(key), .. } => Ok(Secret::from(*key)),
            Plan::Stored { api, key: None } => {
                let pad_bits = usize::try_from(8 * bytes).unwrap_or(usize::MAX);
                let is_pad = algorithm == Algorithm::Otp;
                let bits = if is_pad {
                    pad_bits.max(DEFAULT_KEY_BITS)
                } else {
                    DEFAULT_KEY_BITS
                };
                generate_key(Some(api), algorithm, bits)
            }
        }
    }

    /// The locator token to seal with for now.
    pub(super) fn locator(&self) -> Option<&'a str> {
        match self {
            Plan::Given { locator, .. } => *locator,
            Plan::Stored { .. } => Some(PLACEHOLDER),
        }
    }

    /// Stores the key, and gives the locator token and where it belongs. Only when all else is done, so that no failure leaves
    /// a key that nothing is sealed with.
    pub(super) fn store(
        &self,
        key: &Secret,
        recipients: &[&str],
        options: &PacketOptions,
    ) -> Result<Option<Secret>, Error> {
        let Plan::Stored { api, .. } = self else {
            return Ok(None);
        };
        let locator = api.create_and_store_packet(key.as_str(), recipients, options)?;
        if checked_locator(locator.as_str()).is_err() {
            let wrong = Error::protocol(format!(
                "the key is stored under a locator token that cannot stand in front of a message: it has {} characters, \
                 expected {LOCATOR_BYTES}",
                locator.as_str().len()
            ));
            return Err(wrong.with_http_status(200).with_reply(locator));
        }
        Ok(Some(locator))
    }

    /// Takes a stored key back that nothing is sealed with, as `error` then tells, if that works.
    #[cfg_attr(not(feature = "std"), allow(dead_code, reason = "a board has no files"))]
    pub(super) fn take_back(&self, locator: &Secret, error: Error) -> Error {
        match self {
            Plan::Stored { api, .. } if api.revoke_packet(locator.as_str()).is_ok() => {
                error.with_outcome(Outcome::NotSent)
            }
            _ => error,
        }
    }
}

/// The failure of a call that needs a handle where there is none.
pub(super) fn no_handle() -> Error {
    Error::invalid("api is NULL; expected a handle from xq_api_new, or a key in the options")
}

/// An algorithm asked for by name is that of the key.
pub(crate) fn agrees(asked: Option<Algorithm>, of_key: Algorithm) -> Result<(), Error> {
    match asked {
        Some(asked) if asked != of_key => Err(Error::invalid(format!(
            "the algorithm asked for is {asked:?}, and the key is for {of_key:?}; expected the default, or a key that begins \
             with {}",
            asked.prefix()
        ))),
        _ => Ok(()),
    }
}
