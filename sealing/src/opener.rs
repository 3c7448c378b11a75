//! Opening a message or a file, chunk by chunk.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use crate::cbc::BLOCK;
use crate::error::Error;
use crate::frame::{AFTER_LOCATOR, LOCATOR_AT, MAX_SEALED_NAME_BYTES, Version, as_locator, locator};
use crate::guess::ENOUGH;
use crate::key::{Algorithm, Key, Kind};
use crate::opening::{Cipher, Opening};
use crate::output::{Output, Progress, ROOM};
use crate::twice::Twice;

/// What is to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// With its locator token in front or without: it is seen.
    Message,
    /// A file.
    File,
}

/// The most that comes out beyond what is taken in.
const HELD_BACK: usize = ENOUGH + 2 * BLOCK;
const _: () = assert!(HELD_BACK < ROOM, "an output of the least size gets something each time");

/// The length of a name's length.
const LENGTH_BYTES: usize = 4;

/// A message or a file under way. Wiped when dropped.
pub struct Opener {
    form: Form,
    key: Option<Key>,
    /// What stands in front of the body, as far as it has come.
    front: Vec<u8>,
    name: Option<Zeroizing<Vec<u8>>>,
    state: State,
    /// Whether a frame under `.2` has CTR. Those of Python, which says so, have GCM.
    framed_ctr: bool,
}

enum State {
    Front,
    Body(Box<Body>),
    Over,
}

enum Body {
    Plain(Opening),
    Twice(Twice),
}

impl Opener {
    /// One that has no key yet.
    pub fn new(form: Form) -> Self {
        Opener {
            form,
            key: None,
            front: Vec::new(),
            name: None,
            state: State::Front,
            framed_ctr: false,
        }
    }

    /// Takes frames under `.2` for what their key says.
    pub(crate) fn with_framed_ctr(mut self) -> Self {
        self.framed_ctr = true;
        self
    }

    /// The key to open with.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`]: there is one already.
    pub fn set_key(&mut self, key: Key) -> Result<(), Error> {
        if self.key.is_some() {
            return Err(Error::Argument(
                "there is a key already; expected a new opener for another one",
            ));
        }
        self.key = Some(key);
        Ok(())
    }

    /// Whether nothing more can be taken in before there is a key.
    pub fn wants_key(&self) -> bool {
        let all_there = matches!(self.missing(), Ok(0));
        matches!(self.state, State::Front) && self.key.is_none() && all_there
    }

    /// Whether all that stands in front of the body has been read, and the name is known.
    pub fn is_past_front(&self) -> bool {
        matches!(self.state, State::Body(_))
    }

    /// The locator token, once it has been seen; none in a message that has none.
    pub fn locator(&self) -> Option<&str> {
        let framed = self.front.first_chunk().and_then(|first| self.version(*first));
        framed.and_then(|_| as_locator(self.front.get(LOCATOR_AT..AFTER_LOCATOR)?))
    }

    /// The name in a file, once the key and all in front of the body are there. Somebody else's word: it may be no UTF-8, and
    /// a whole path.
    pub fn name(&self) -> Option<&[u8]> {
        self.name.as_ref().map(|name| name.as_slice())
    }

    /// Opens as much of `sealed` as `text` has room for; nothing while [`Opener::wants_key`]. Text in GCM is not to be
    /// believed before [`Opener::finish`] has said that it is whole.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::Crypto`]: it is not what an XQ program seals, or does not open; nothing more will.
    /// [`Error::Argument`]: `text` has less room than [`ROOM`], a key is needed, or it is over; nothing is lost.
    pub fn update(&mut self, sealed: &[u8], text: &mut [u8]) -> Result<Progress, Error> {
        self.check(text)?;
        if self.wants_key() && !sealed.is_empty() {
            return Err(NO_KEY);
        }
        let mut output = Output::new(text);
        let result = self.take(sealed, &mut output);
        if result.is_err() {
            self.state = State::Over;
        }
        let (taken, made) = (result?, output.made);
        Ok(Progress { taken, made })
    }

    /// Tells whether all that was opened is whole, and writes what was held back; gives its length.
    ///
    /// # Errors
    ///
    /// As for [`Opener::update`]. After [`Error::Crypto`] all that came out is to be thrown away.
    pub fn finish(&mut self, text: &mut [u8]) -> Result<usize, Error> {
        self.check(text)?;
        let mut output = Output::new(text);
        let result = self.end(&mut output);
        if result != Err(NO_KEY) {
            self.state = State::Over;
        }
        result.map(|()| output.made)
    }

    fn end(&mut self, output: &mut Output) -> Result<(), Error> {
        let is_front = matches!(self.state, State::Front);
        let is_short = self.form == Form::Message && self.front.len() < LOCATOR_AT;
        // Nothing behind the front, or a message of less than four bytes, which has none.
        if is_front && (is_short || self.missing()? == 0) {
            self.begin(output)?;
        }
        match &mut self.state {
            State::Body(body) => body.finish(output),
            State::Front if self.front.len() < LOCATOR_AT => Err(FOREIGN),
            State::Front => Err(Error::Crypto("it ends in front of its body")),
            State::Over => Err(OVER),
        }
    }

    fn check(&self, text: &[u8]) -> Result<(), Error> {
        if text.len() < ROOM {
            return Err(Error::Argument("the output has less room than 128 bytes"));
        }
        match self.state {
            State::Over => Err(OVER),
            _ => Ok(()),
        }
    }

    fn take(&mut self, sealed: &[u8], output: &mut Output) -> Result<usize, Error> {
        let mut taken = 0;
        while let State::Front = self.state {
            let missing = self.missing()?;
            if missing == 0 {
                if self.key.is_none() {
                    return Ok(taken);
                }
                self.begin(output)?;
                break;
            }
            let part = &sealed[taken..][..missing.min(sealed.len() - taken)];
            if part.is_empty() {
                return Ok(taken);
            }
            self.front.extend_from_slice(part);
            taken += part.len();
        }
        let rest = &sealed[taken..];
        let part = &rest[..rest.len().min(output.room().saturating_sub(HELD_BACK))];
        if let State::Body(body) = &mut self.state {
            body.update(part, output)?;
        }
        Ok(taken + part.len())
    }

    /// Bytes that have to come before anything can be said of what is in front; 0 when all of it is there.
    fn missing(&self) -> Result<usize, Error> {
        let front = &self.front;
        let Some(first) = front.first_chunk() else {
            return Ok(LOCATOR_AT - front.len());
        };
        let Some(version) = self.version(*first) else {
            return match self.form {
                Form::Message => Ok(0),
                Form::File => Err(FOREIGN),
            };
        };
        if front.len() < AFTER_LOCATOR {
            return Ok(AFTER_LOCATOR - front.len());
        }
        locator(front)?;
        let scheme = usize::from(version == Version::One || self.form == Form::Message);
        let length = match (self.form, version) {
            (Form::Message, _) | (Form::File, Version::Java) => 0,
            (Form::File, _) => match front[AFTER_LOCATOR..].first_chunk::<LENGTH_BYTES>() {
                None => return Ok(AFTER_LOCATOR + LENGTH_BYTES - front.len()),
                Some(length) => LENGTH_BYTES + name_bytes(*length)?,
            },
        };
        Ok(AFTER_LOCATOR + length + scheme - front.len())
    }

    /// The version of the frame, if it is one that this form has.
    fn version(&self, first: [u8; LOCATOR_AT]) -> Option<Version> {
        Version::of(first).filter(|version| self.form == Form::File || version.is_message())
    }

    /// Goes on from what is in front to the body. There is a key.
    fn begin(&mut self, output: &mut Output) -> Result<(), Error> {
        let Some(key) = &self.key else { return Err(NO_KEY) };
        let version = self.front.first_chunk().and_then(|first| self.version(*first));
        let Some(version) = version else {
            let mut body = bare(key, &self.front)?;
            body.update(&self.front, output)?;
            self.state = State::Body(Box::new(body));
            return Ok(());
        };
        let kind = key.kind.unwrap_or(match (version, self.form) {
            (Version::Zero, Form::File) => Kind::Modern(Algorithm::Otp),
            (Version::Eight | Version::Java, _) => Kind::Legacy,
            _ => Kind::of_scheme(self.front.last().copied().unwrap_or_default()),
        });
        if self.form == Form::Message {
            let cipher = match kind {
                Kind::Modern(Algorithm::Ctr) if !self.framed_ctr => Cipher::Gcm,
                Kind::Legacy => Cipher::OneOrTwo,
                kind => cipher(kind),
            };
            self.state = State::Body(Box::new(Body::Plain(Opening::new(cipher, key))));
            return Ok(());
        }
        let (name, body) = match (version, kind) {
            (Version::Java, Kind::Legacy) => (None, Body::Plain(Opening::new(Cipher::One, key))),
            (Version::Eight, Kind::Legacy) => (
                Some(Body::Plain(Opening::new(Cipher::Pad, key))),
                Body::Plain(Opening::new(Cipher::TwoUnmarked, key)),
            ),
            (Version::Java | Version::Eight, _) => {
                return Err(Error::Crypto(
                    "the file is one of the algorithm .A, and the key is for another",
                ));
            }
            (_, Kind::Legacy) => (Some(Body::Twice(Twice::new(key))), Body::Twice(Twice::new(key))),
            (_, kind) => {
                let of = || Body::Plain(Opening::new(cipher(kind), key));
                (Some(of()), of())
            }
        };
        if let Some(name) = name {
            self.name = Some(open_name(name, &self.front)?);
        }
        self.state = State::Body(Box::new(body));
        Ok(())
    }
}

const FOREIGN: Error = Error::Foreign("it is nothing that an XQ program seals");
const OVER: Error = Error::Argument("it is finished, or has failed; expected a new opener");
const NO_KEY: Error =
    Error::Argument("there is no key; expected the one that the locator token stands for before anything more");

impl Body {
    fn update(&mut self, sealed: &[u8], text: &mut Output) -> Result<(), Error> {
        match self {
            Body::Plain(opening) => opening.update(sealed, text),
            Body::Twice(twice) => twice.update(sealed, text),
        }
    }

    fn finish(&mut self, text: &mut Output) -> Result<(), Error> {
        match self {
            Body::Plain(opening) => opening.finish(text),
            Body::Twice(twice) => twice.finish(text),
        }
    }
}

/// The length of a sealed name.
fn name_bytes(length: [u8; LENGTH_BYTES]) -> Result<usize, Error> {
    match usize::try_from(u32::from_le_bytes(length)) {
        Ok(length) if length <= MAX_SEALED_NAME_BYTES => Ok(length),
        _ => Err(Error::Crypto("the name in it is said to have more than 2000 bytes")),
    }
}

/// The name in all that stands in front of a file's body.
fn open_name(mut body: Body, front: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let after = &front[AFTER_LOCATOR..];
    let length = after.first_chunk().map_or(Ok(0), |length| name_bytes(*length))?;
    let sealed = &after[LENGTH_BYTES..LENGTH_BYTES + length];
    let mut name = Zeroizing::new(alloc::vec![0; length + ROOM]);
    let mut output = Output::new(&mut name);
    body.update(sealed, &mut output)?;
    body.finish(&mut output)?;
    let length = output.made;
    name.truncate(length);
    Ok(name)
}

/// A message without a frame, of which this is the beginning.
fn bare(key: &Key, beginning: &[u8]) -> Result<Body, Error> {
    let looks_salted = beginning.starts_with(b"Salt");
    let cipher = match key.kind {
        Some(Kind::Legacy) => Cipher::OneOrTwo,
        Some(kind) => cipher(kind),
        // A key without a prefix is for envelopes to JavaScript and PHP, and a pad to C.
        None if looks_salted => Cipher::OneOrTwo,
        None => Cipher::Pad,
    };
    if cipher.is_marked() && !looks_salted {
        return Err(FOREIGN);
    }
    Ok(Body::Plain(Opening::new(cipher, key)))
}

/// What bodies of this kind are, `.A` aside.
fn cipher(kind: Kind) -> Cipher {
    match kind {
        Kind::Modern(Algorithm::Gcm) => Cipher::Gcm,
        Kind::Modern(Algorithm::Ctr) => Cipher::Ctr,
        Kind::Modern(Algorithm::Otp) => Cipher::Pad,
        Kind::Cbc => Cipher::Cbc,
        Kind::Legacy => Cipher::One,
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opener")
            .field("form", &self.form)
            .finish_non_exhaustive()
    }
}
