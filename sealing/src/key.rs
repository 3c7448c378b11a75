//! Keys: text whose first two characters name the algorithm.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::Error;

/// What libxq seals with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// AES-256-GCM, `.1`: alone tells a changed text.
    Gcm,
    /// AES-256-CTR, `.2`.
    Ctr,
    /// Each byte XOR one of the key's, `.B`.
    Otp,
}

impl Algorithm {
    /// The first two characters of its keys.
    pub fn prefix(self) -> &'static str {
        match self {
            Algorithm::Gcm => ".1",
            Algorithm::Ctr => ".2",
            Algorithm::Otp => ".B",
        }
    }

    /// What stands for it in front of a body.
    pub(crate) fn scheme(self) -> u8 {
        match self {
            Algorithm::Gcm => 1,
            Algorithm::Ctr => 2,
            Algorithm::Otp => b'B',
        }
    }
}

/// What a key's prefix or a scheme byte says of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One that libxq seals too.
    Modern(Algorithm),
    /// `.3`, AES-256-CBC of JavaScript.
    Cbc,
    /// `.A`, envelopes of version 1 or 2 of C, JavaScript and Java.
    Legacy,
}

impl Kind {
    fn of_prefix(letter: u8) -> Option<Self> {
        Some(match letter {
            b'1' => Kind::Modern(Algorithm::Gcm),
            b'2' | b'5' => Kind::Modern(Algorithm::Ctr),
            b'3' => Kind::Cbc,
            b'B' | b'X' => Kind::Modern(Algorithm::Otp),
            b'A' => Kind::Legacy,
            _ => return None,
        })
    }

    pub(crate) fn of_scheme(scheme: u8) -> Self {
        match scheme {
            1 => Kind::Modern(Algorithm::Gcm),
            2 | 5 => Kind::Modern(Algorithm::Ctr),
            3 => Kind::Cbc,
            b'B' => Kind::Modern(Algorithm::Otp),
            // To JavaScript a key without a prefix means envelope version 1, where the scheme byte does not say otherwise.
            _ => Kind::Legacy,
        }
    }
}

/// A key, taken apart. Wiped when dropped; `Debug` leaves the password out.
#[derive(Clone)]
pub struct Key {
    pub(crate) kind: Option<Kind>,
    pub(crate) password: Zeroizing<Vec<u8>>,
}

impl Key {
    /// The key in `text`.
    ///
    /// # Errors
    ///
    /// [`Error::Crypto`]: its prefix is none that is known, or nothing follows it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (kind, password) = match text.as_bytes() {
            [b'.', letter, password @ ..] => {
                let kind = Kind::of_prefix(*letter).ok_or(Error::Crypto(
                    "the key's prefix names an algorithm that is not known; expected .1, .2, .3, .5, .A, .B or .X",
                ))?;
                (Some(kind), password)
            }
            password => (None, password),
        };
        if password.is_empty() {
            return Err(Error::Crypto("the key is empty; expected text after its prefix"));
        }
        Ok(Key {
            kind,
            password: Zeroizing::new(password.to_vec()),
        })
    }

    /// The algorithm that it seals with.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`]: it is a key that libxq only opens with.
    pub fn algorithm(&self) -> Result<Algorithm, Error> {
        match self.kind {
            Some(Kind::Modern(algorithm)) => Ok(algorithm),
            Some(Kind::Cbc | Kind::Legacy) => Err(Error::Argument(
                "the key is for an algorithm (.3 or .A) that is opened, but no longer sealed with; expected one that \
                 begins with .1 (GCM), .2 (CTR) or .B (OTP)",
            )),
            None => Err(Error::Argument(
                "the key has no prefix that names its algorithm; expected one that begins with .1 (GCM), .2 (CTR) or .B \
                 (OTP), as generated keys do",
            )),
        }
    }

    /// As a pad, it is as long as a text of `bytes`. One that is used again hides nothing, so whoever wants that has to ask.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`]: it is shorter.
    pub fn covers(&self, bytes: u64) -> Result<(), Error> {
        if bytes > self.password.len() as u64 {
            return Err(TOO_SHORT);
        }
        Ok(())
    }
}

/// A pad would have to be used again.
pub(crate) const TOO_SHORT: Error = Error::Argument(
    "the pad is shorter than what it is to hide, and would have to be repeated; expected a longer one, or leave to repeat it",
);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// The longest pad that is made, in bytes.
pub const MAX_PAD_BYTES: usize = 4096;

/// The most bytes that one mixture gives (HKDF-SHA256, RFC 5869).
pub const MAX_MIXED_BYTES: usize = 255 * 32;

/// A key of `characters` for `algorithm`, mixed from the service's entropy and the operating system's (HKDF-SHA256), so that
/// neither alone knows it. Hexadecimal digits, four bits to a character; a pad has characters out of 64, six bits to each.
///
/// # Errors
///
/// [`Error::Argument`]: that is more than [`MAX_MIXED_BYTES`] bytes.
pub fn make_key(
    algorithm: Algorithm,
    characters: usize,
    service: &[u8],
    system: &[u8],
) -> Result<Zeroizing<String>, Error> {
    const HEX: &[u8] = b"0123456789abcdef";
    const BASE64URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let digits = if algorithm == Algorithm::Otp { BASE64URL } else { HEX };
    const TOO_LONG: Error = Error::Argument("the key is too long: expected at most 8160 characters after its prefix");
    // Before so much memory is taken.
    if characters > MAX_MIXED_BYTES {
        return Err(TOO_LONG);
    }
    let mut mixed = Zeroizing::new(alloc::vec![0; characters]);
    let mixer = Hkdf::<Sha256>::new(Some(system), service);
    mixer.expand(b"libxq key", &mut mixed).map_err(|_| TOO_LONG)?;
    let mut key = Zeroizing::new(String::with_capacity(2 + characters));
    key.push_str(algorithm.prefix());
    // Both alphabets have a power of two, so no digit comes more often than another.
    key.extend(
        mixed
            .iter()
            .map(|byte| char::from(digits[usize::from(*byte) % digits.len()])),
    );
    Ok(key)
}
