//! Sealing a message or a file, chunk by chunk.

use alloc::vec::Vec;

use aes::Aes256;
use aes::cipher::{KeyIvInit, StreamCipher};
use ctr::Ctr128BE;

use crate::Random;
use crate::derive::{IV_BYTES, MARK, pbkdf2};
use crate::error::Error;
use crate::frame::{self, MAX_SEALED_NAME_BYTES, checked_locator};
use crate::gcm::{self, Gcm, NONCE_BYTES, TAG_BYTES};
use crate::key::{Algorithm, Key, TOO_SHORT};
use crate::output::{Output, Progress};
use crate::pad::Pad;

pub(crate) const SALT_BYTES: usize = 16;
pub(crate) const GCM_ROUNDS: u32 = 1024;
pub(crate) const CTR_ROUNDS: u32 = 2048;

/// The most that a text under GCM may have, in bytes.
pub const MAX_GCM_BYTES: u64 = gcm::MAX_BYTES;

/// What is to come out.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// A message without its locator token.
    Bare,
    /// A message with this locator token in front.
    Framed(&'a str),
    /// A file.
    File {
        /// The locator token in front.
        locator: &'a str,
        /// The name in it.
        name: &'a str,
    },
}

/// A message or a file under way. The key and the state are wiped when dropped.
pub struct Sealer {
    /// What goes in front of the body.
    front: Vec<u8>,
    /// How much of it has gone out.
    given: usize,
    body: Body,
    /// What may still come, under a pad that is not to be repeated.
    left: Option<usize>,
}

enum Body {
    Gcm(Gcm),
    Ctr(Ctr128BE<Aes256>),
    Pad(Pad),
    Over,
}

impl Sealer {
    /// One under `key` for `target`. `repeat`: a pad that is shorter than the text is used again.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`]: the key is none to seal with, the locator token cannot stand in front, the name is too long, a
    /// frame is to have CTR, or a pad is shorter than the name. [`Error::NoRandom`].
    pub fn new(key: &Key, target: Target, repeat: bool, random: Random) -> Result<Self, Error> {
        let algorithm = key.algorithm()?;
        let front = match target {
            Target::Bare => Vec::new(),
            Target::Framed(_) if algorithm == Algorithm::Ctr => {
                return Err(FRAMED_CTR);
            }
            Target::Framed(locator) => frame::of_message(checked_locator(locator)?, algorithm.scheme()),
            Target::File { locator, name } => {
                let name = sealed_name(key, algorithm, name, repeat, random)?;
                frame::of_file(checked_locator(locator)?, &name, algorithm.scheme())
            }
        };
        let (salted, body) = Body::begin(key, algorithm, random)?;
        let left = (algorithm == Algorithm::Otp && !repeat).then_some(key.password.len());
        Ok(Sealer {
            front: [front, salted].concat(),
            given: 0,
            body,
            left,
        })
    }

    /// Seals as much of `text` as `sealed` has room for, after the front.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`]: the text is longer than GCM or the pad allows, or the message is finished. What had been given
    /// out before is to be thrown away then.
    pub fn update(&mut self, text: &[u8], sealed: &mut [u8]) -> Result<Progress, Error> {
        if self.left.is_some_and(|left| text.len() > left) {
            return Err(TOO_SHORT);
        }
        let mut output = Output::new(sealed);
        let front = &self.front[self.given..];
        let front = &front[..front.len().min(output.room())];
        output.put(front);
        self.given += front.len();
        let taken = text.len().min(output.room());
        self.body.seal(&text[..taken], output.next(taken))?;
        self.left = self.left.map(|left| left - taken);
        let made = output.made;
        Ok(Progress { taken, made })
    }

    /// Bytes that [`Sealer::finish`] will write.
    pub fn left_to_write(&self) -> usize {
        let tag = if matches!(self.body, Body::Gcm(_)) {
            TAG_BYTES
        } else {
            0
        };
        self.front.len() - self.given + tag
    }

    /// Writes what is left, and gives its length. `sealed` has room for [`Sealer::left_to_write`].
    ///
    /// # Errors
    ///
    /// [`Error::Argument`]: it was finished before, or there is no room; nothing is lost then.
    pub fn finish(&mut self, sealed: &mut [u8]) -> Result<usize, Error> {
        if sealed.len() < self.left_to_write() {
            return Err(Error::Argument("the output has no room for the end of what is sealed"));
        }
        let mut output = Output::new(sealed);
        output.put(&self.front[self.given..]);
        match &mut self.body {
            Body::Gcm(gcm) => output.put(&gcm.tag()),
            Body::Ctr(_) | Body::Pad(_) => {}
            Body::Over => return Err(OVER),
        }
        self.given = self.front.len();
        // Wiped where it is: what is moved out leaves itself behind.
        self.body = Body::Over;
        Ok(output.made)
    }
}

/// Why a frame never gets CTR.
pub const FRAMED_CTR: Error = Error::Argument(
    "a message in CTR with its locator token in front would be taken for one in GCM by other XQ programs; expected a key for \
     GCM, or no locator token",
);
const OVER: Error = Error::Argument("it is finished; expected a new one");

impl Body {
    /// A body, and what stands in front of its text.
    fn begin(key: &Key, algorithm: Algorithm, random: Random) -> Result<(Vec<u8>, Self), Error> {
        if algorithm == Algorithm::Otp {
            return Ok((Vec::new(), Body::Pad(Pad::new(&key.password))));
        }
        let iv_bytes = if algorithm == Algorithm::Gcm {
            NONCE_BYTES
        } else {
            IV_BYTES
        };
        let mut fresh = [0; SALT_BYTES + IV_BYTES];
        let fresh = &mut fresh[..SALT_BYTES + iv_bytes];
        random(fresh)?;
        let (salt, iv) = fresh.split_at(SALT_BYTES);
        let body = if algorithm == Algorithm::Gcm {
            let mut nonce = [0; NONCE_BYTES];
            nonce.copy_from_slice(iv);
            Body::Gcm(Gcm::new(&pbkdf2(&key.password, salt, GCM_ROUNDS), &nonce))
        } else {
            let mut counter = [0; IV_BYTES];
            counter.copy_from_slice(iv);
            Body::Ctr(ctr_of_message(&key.password, salt, counter))
        };
        Ok(([MARK, fresh].concat(), body))
    }

    /// Both are as long.
    fn seal(&mut self, text: &[u8], sealed: &mut [u8]) -> Result<(), Error> {
        match self {
            Body::Gcm(gcm) => gcm.seal(text, sealed)?,
            Body::Ctr(ctr) => ctr.apply_keystream_b2b(text, sealed),
            Body::Pad(pad) => pad.apply(text, sealed),
            Body::Over => return Err(OVER),
        }
        Ok(())
    }
}

/// The counter is the first 8 bytes of `iv`, then a zero; the rest means nothing.
pub(crate) fn ctr_of_message(password: &[u8], salt: &[u8], mut iv: [u8; IV_BYTES]) -> Ctr128BE<Aes256> {
    iv[IV_BYTES / 2..].fill(0);
    let key = pbkdf2(password, salt, CTR_ROUNDS);
    Ctr128BE::new((&*key).into(), &iv.into())
}

/// The name of a file, sealed like a body of its own.
fn sealed_name(key: &Key, algorithm: Algorithm, name: &str, repeat: bool, random: Random) -> Result<Vec<u8>, Error> {
    if name.is_empty() {
        return Err(Error::Argument(
            "the file's name is empty; expected one to seal in the file",
        ));
    }
    if algorithm == Algorithm::Otp && !repeat {
        key.covers(name.len() as u64)?;
    }
    let (mut sealed, mut body) = Body::begin(key, algorithm, random)?;
    let begin = sealed.len();
    sealed.resize(begin + name.len(), 0);
    body.seal(name.as_bytes(), &mut sealed[begin..])?;
    if let Body::Gcm(gcm) = &mut body {
        sealed.extend_from_slice(&gcm.tag());
    }
    if sealed.len() > MAX_SEALED_NAME_BYTES {
        return Err(Error::Argument(
            "the file's name is too long: sealed, it has more than 2000 bytes",
        ));
    }
    Ok(sealed)
}
