//! A body as it opens: first what its key is made of, then its text.

use alloc::boxed::Box;

use aes::Aes256;
use aes::cipher::{KeyIvInit, StreamCipher};
use ctr::Ctr128BE;

use crate::cbc::Cbc;
use crate::derive::{IV_BYTES, MARK, openssl_md5, openssl_sha256, pbkdf2};
use crate::error::Error;
use crate::gcm::{Gcm, NONCE_BYTES, TAG_BYTES};
use crate::guess::Guess;
use crate::key::Key;
use crate::output::Output;
use crate::pad::Pad;
use crate::sealer::{GCM_ROUNDS, SALT_BYTES, ctr_of_message};

/// Salts of envelopes of version 1 and 2.
pub(crate) const SHORT_SALT_BYTES: usize = 8;
const LONGEST_FRONT: usize = MARK.len() + SALT_BYTES + IV_BYTES;

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cipher {
    Gcm,
    Ctr,
    Cbc,
    Pad,
    /// An envelope of version 1: CBC.
    One,
    /// An envelope of version 2: CTR.
    Two,
    /// As `Two`, without `Salted__`.
    TwoUnmarked,
    /// `One` or `Two`: the text tells.
    OneOrTwo,
}

impl Cipher {
    pub(crate) fn is_marked(self) -> bool {
        !matches!(self, Cipher::Pad | Cipher::TwoUnmarked)
    }

    fn front_bytes(self) -> usize {
        let mark = if self.is_marked() { MARK.len() } else { 0 };
        mark + match self {
            Cipher::Gcm => SALT_BYTES + NONCE_BYTES,
            Cipher::Ctr | Cipher::Cbc => SALT_BYTES + IV_BYTES,
            Cipher::Pad => 0,
            Cipher::One | Cipher::Two | Cipher::TwoUnmarked | Cipher::OneOrTwo => SHORT_SALT_BYTES,
        }
    }
}

/// A body under way.
pub(crate) struct Opening {
    cipher: Cipher,
    key: Key,
    /// Mark, salt and nonce.
    front: [u8; LONGEST_FRONT],
    filled: usize,
    text: Option<Text>,
}

/// What comes after the front.
#[allow(
    clippy::large_enum_variant,
    reason = "there is one at a time, and it is on the heap with all of the opener"
)]
enum Text {
    /// It holds back as much as a tag has.
    Gcm {
        gcm: Gcm,
        held: [u8; TAG_BYTES],
        filled: usize,
    },
    Ctr(Ctr128BE<Aes256>),
    Cbc(Cbc),
    Pad(Pad),
    Guess(Box<Guess>),
}

impl Opening {
    pub(crate) fn new(cipher: Cipher, key: &Key) -> Self {
        Opening {
            cipher,
            key: key.clone(),
            front: [0; LONGEST_FRONT],
            filled: 0,
            text: None,
        }
    }

    /// Takes all of `sealed`; gives out what was held back besides.
    pub(crate) fn update(&mut self, sealed: &[u8], text: &mut Output) -> Result<(), Error> {
        let missing = self.cipher.front_bytes() - self.filled;
        let (front, sealed) = sealed.split_at(missing.min(sealed.len()));
        self.front[self.filled..self.filled + front.len()].copy_from_slice(front);
        self.filled += front.len();
        match self.text()? {
            Some(body) => body.update(sealed, text),
            None => Ok(()),
        }
    }

    /// Gives out what is held back, if what came before was whole.
    pub(crate) fn finish(&mut self, text: &mut Output) -> Result<(), Error> {
        match self.text()? {
            None => Err(Error::Crypto("it ends in its salt or nonce")),
            Some(Text::Gcm { gcm, held, filled }) if *filled == TAG_BYTES => gcm.verify(held),
            Some(Text::Gcm { .. }) => Err(Error::Crypto("it ends in its tag")),
            Some(Text::Cbc(cbc)) => cbc.finish(text),
            Some(Text::Guess(guess)) => guess.finish(text),
            Some(Text::Ctr(_) | Text::Pad(_)) => Ok(()),
        }
    }

    /// The state after the front, once that is there.
    fn text(&mut self) -> Result<Option<&mut Text>, Error> {
        if self.text.is_none() && self.filled == self.cipher.front_bytes() {
            self.text = Some(self.begin()?);
        }
        Ok(self.text.as_mut())
    }

    fn begin(&self) -> Result<Text, Error> {
        let front = &self.front[..self.filled];
        let front = match self.cipher.is_marked() {
            true => front
                .strip_prefix(MARK)
                .ok_or(Error::Crypto("its body does not begin with Salted__"))?,
            false => front,
        };
        let password = &self.key.password;
        let (salt, rest) = front.split_at(SALT_BYTES.min(front.len()));
        let mut iv = [0; IV_BYTES];
        iv[..rest.len()].copy_from_slice(rest);
        Ok(match self.cipher {
            Cipher::Gcm => {
                let mut nonce = [0; NONCE_BYTES];
                nonce.copy_from_slice(rest);
                Text::Gcm {
                    gcm: Gcm::new(&pbkdf2(password, salt, GCM_ROUNDS), &nonce),
                    held: [0; TAG_BYTES],
                    filled: 0,
                }
            }
            Cipher::Ctr => Text::Ctr(ctr_of_message(password, salt, iv)),
            Cipher::Cbc => Text::Cbc(Cbc::new(&pbkdf2(password, salt, GCM_ROUNDS), &iv)),
            Cipher::Pad => Text::Pad(Pad::new(password)),
            Cipher::One => Text::Cbc(cbc_of_envelope(password, salt)),
            Cipher::Two | Cipher::TwoUnmarked => Text::Ctr(ctr_of_envelope(password, salt)),
            Cipher::OneOrTwo => Text::Guess(Box::new(Guess::new(
                cbc_of_envelope(password, salt),
                cbc_of_envelope(password, salt),
                ctr_of_envelope(password, salt),
            ))),
        })
    }
}

pub(crate) fn ctr_of_envelope(password: &[u8], salt: &[u8]) -> Ctr128BE<Aes256> {
    let (key, iv) = openssl_sha256(password, salt);
    Ctr128BE::new((&*key).into(), &iv.into())
}

fn cbc_of_envelope(password: &[u8], salt: &[u8]) -> Cbc {
    let (key, iv) = openssl_md5(password, salt);
    Cbc::new(&key, &iv)
}

impl Text {
    fn update(&mut self, sealed: &[u8], text: &mut Output) -> Result<(), Error> {
        match self {
            Text::Gcm { gcm, held, filled } => open_gcm(gcm, held, filled, sealed, text)?,
            Text::Ctr(ctr) => ctr.apply_keystream_b2b(sealed, text.next(sealed.len())),
            Text::Cbc(cbc) => cbc.update(sealed, text),
            Text::Pad(pad) => pad.apply(sealed, text.next(sealed.len())),
            Text::Guess(guess) => guess.update(sealed, text),
        }
        Ok(())
    }
}

/// The last bytes may be the tag, so as many are held back.
fn open_gcm(
    gcm: &mut Gcm,
    held: &mut [u8; TAG_BYTES],
    filled: &mut usize,
    sealed: &[u8],
    text: &mut Output,
) -> Result<(), Error> {
    let surplus = (*filled + sealed.len()).saturating_sub(TAG_BYTES);
    let from_held = surplus.min(*filled);
    let from_sealed = surplus - from_held;
    gcm.open(&held[..from_held], text.next(from_held))?;
    gcm.open(&sealed[..from_sealed], text.next(from_sealed))?;
    held.copy_within(from_held..*filled, 0);
    *filled -= from_held;
    let rest = &sealed[from_sealed..];
    held[*filled..*filled + rest.len()].copy_from_slice(rest);
    *filled += rest.len();
    Ok(())
}
