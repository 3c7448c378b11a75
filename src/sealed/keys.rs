//! Keys made of the service's entropy and the operating system's.

use core::iter;

use xq_sealing::{Algorithm, MAX_PAD_BYTES, make_key};
use zeroize::Zeroizing;

use crate::api::Api;
use crate::error::Error;
use crate::listing::Listing;
use crate::platform;
use crate::platform::prelude::*;
use crate::quantum::MAX_ENTROPY_BITS;
use crate::secret::Secret;
use crate::subscription::key_management::{PacketOptions, PacketRow};

/// The bits of a key unless said otherwise.
pub const DEFAULT_KEY_BITS: usize = 256;
/// Fewer can be guessed.
const MIN_KEY_BITS: usize = 128;
/// What the operating system adds to each key, in bytes.
const SYSTEM_BYTES: usize = 64;

/// Keys that came out of one call, and the locator tokens under which they are stored, in the same order.
pub struct StoredKeys {
    /// The keys.
    pub keys: Listing,
    /// Their locator tokens.
    pub locators: Listing,
}

/// How many characters, and how much of the service's entropy, one key takes.
#[derive(Clone, Copy)]
struct Size {
    characters: usize,
    entropy_bits: usize,
}

impl Size {
    fn of(algorithm: Algorithm, bits: usize) -> Result<Self, Error> {
        let (most, step) = match algorithm {
            Algorithm::Otp => (8 * MAX_PAD_BYTES, 8),
            _ => (MAX_ENTROPY_BITS, 4),
        };
        if !(MIN_KEY_BITS..=most).contains(&bits) || !bits.is_multiple_of(step) {
            return Err(Error::invalid(format!(
                "a key of {bits} bits is asked for; expected a multiple of {step} from {MIN_KEY_BITS} to {most}"
            )));
        }
        Ok(Size {
            characters: bits / step,
            entropy_bits: bits.min(MAX_ENTROPY_BITS),
        })
    }
}

/// A key for `algorithm`, with its prefix. Without `api`, of the operating system's randomness alone. A pad covers `bits` of
/// text.
///
/// # Errors
///
/// [`Kind::InvalidArgument`](crate::Kind): `bits` is not 128 to 8192 (a pad: 32768). No entropy, no key.
pub fn generate_key(api: Option<&Api>, algorithm: Algorithm, bits: usize) -> Result<Secret, Error> {
    let size = Size::of(algorithm, bits)?;
    let entropy = api.map(|api| api.entropy(size.entropy_bits)).transpose()?;
    mixed(algorithm, size, entropy.as_ref().map_or("", Secret::as_str))
}

/// `service` is entropy of the service.
fn mixed(algorithm: Algorithm, size: Size, service: &str) -> Result<Secret, Error> {
    let mut system = Zeroizing::new([0; SYSTEM_BYTES]);
    platform::random(&mut *system)?;
    let key = make_key(algorithm, size.characters, service.as_bytes(), &*system)?;
    Ok(Secret::from(key.as_str()))
}

impl Api {
    /// Makes `count` keys and stores them for `recipients` in one request.
    ///
    /// # Errors
    ///
    /// As for [`generate_key`] and [`Api::create_and_store_packets`]. What can be known to be wrong is refused before any
    /// entropy is asked for.
    pub fn generate_and_store_packets(
        &self,
        count: usize,
        algorithm: Algorithm,
        bits: usize,
        recipients: &[&str],
        options: &PacketOptions,
    ) -> Result<StoredKeys, Error> {
        if count == 0 {
            return Err(Error::invalid("no key is asked for; expected 1 or more"));
        }
        let size = Size::of(algorithm, bits)?;
        options.check_for_many(recipients)?;
        let keys = self.made(count, algorithm, size)?;
        let texts: Vec<&str> = keys.iter().map(Secret::as_str).collect();
        let locators = self.create_and_store_packets(&texts, recipients, options)?;
        Ok(StoredKeys::new(&texts, locators))
    }

    /// Makes a key for each of `rows`, whose own is not looked at, and stores them in one request.
    ///
    /// # Errors
    ///
    /// As for [`generate_key`] and [`Api::create_and_store_packets_batch`], before any entropy is asked for where it can be.
    pub fn generate_and_store_packets_batch(
        &self,
        rows: &[PacketRow],
        algorithm: Algorithm,
        bits: usize,
    ) -> Result<StoredKeys, Error> {
        let size = Size::of(algorithm, bits)?;
        PacketRow::check_all(&with_keys(rows, iter::repeat("key")))?;
        let keys = self.made(rows.len(), algorithm, size)?;
        let texts: Vec<&str> = keys.iter().map(Secret::as_str).collect();
        let locators = self.create_and_store_packets_batch(&with_keys(rows, texts.iter().copied()))?;
        Ok(StoredKeys::new(&texts, locators))
    }

    /// `count` keys, and as many requests for entropy as they take; if they could be stored.
    fn made(&self, count: usize, algorithm: Algorithm, size: Size) -> Result<Vec<Secret>, Error> {
        self.must_be_signed_in()?;
        self.operation.leads_to_change();
        self.has_room_for_keys(count, algorithm.prefix().len() + size.characters)?;
        let digits_each = size.entropy_bits / 4;
        let at_once = MAX_ENTROPY_BITS / size.entropy_bits;
        let mut keys = Vec::with_capacity(count);
        while keys.len() < count {
            let more = at_once.min(count - keys.len());
            let entropy = self.entropy(more * size.entropy_bits)?;
            for at in 0..more {
                let digits = &entropy.as_str()[at * digits_each..][..digits_each];
                keys.push(mixed(algorithm, size, digits)?);
            }
        }
        Ok(keys)
    }
}

impl StoredKeys {
    fn new(keys: &[&str], locators: Listing) -> Self {
        StoredKeys {
            keys: Listing::of_made(keys),
            locators,
        }
    }
}

fn with_keys<'a>(rows: &[PacketRow<'a>], keys: impl Iterator<Item = &'a str>) -> Vec<PacketRow<'a>> {
    rows.iter()
        .zip(keys)
        .map(|(row, key)| PacketRow { key, ..*row })
        .collect()
}
