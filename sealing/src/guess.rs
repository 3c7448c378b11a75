//! A message under `.A`, which tells nothing of who made it.

use aes::Aes256;
use aes::cipher::StreamCipher;
use ctr::Ctr128BE;
use zeroize::Zeroizing;

use crate::cbc::{BLOCK, Cbc};
use crate::error::Error;
use crate::output::Output;

/// After so many bytes a text is known to be UTF-8 or not: that a wrong cipher gives such a text has a chance below 2^-50.
pub(crate) const ENOUGH: usize = 4 * BLOCK;

/// One under way: what opens to text is an envelope of version 1, all else one of version 2.
pub(crate) struct Guess {
    /// What there is of the text while it is not known.
    held: Zeroizing<[u8; ENOUGH]>,
    filled: usize,
    trial: Option<Cbc>,
    one: Cbc,
    two: Ctr128BE<Aes256>,
    version: Option<Version>,
}

#[derive(Clone, Copy)]
enum Version {
    One,
    Two,
}

impl Guess {
    /// `trial` and `one` are the same.
    pub(crate) fn new(trial: Cbc, one: Cbc, two: Ctr128BE<Aes256>) -> Self {
        Guess {
            held: Zeroizing::new([0; ENOUGH]),
            filled: 0,
            trial: Some(trial),
            one,
            two,
            version: None,
        }
    }

    /// Gives out at most [`ENOUGH`] bytes and a block more than it takes in.
    pub(crate) fn update(&mut self, sealed: &[u8], text: &mut Output) {
        let missing = if self.version.is_none() {
            ENOUGH - self.filled
        } else {
            0
        };
        let (head, rest) = sealed.split_at(missing.min(sealed.len()));
        self.held[self.filled..self.filled + head.len()].copy_from_slice(head);
        self.filled += head.len();
        // One byte more than enough tells that there is no padding in it yet.
        if self.version.is_none() && !rest.is_empty() {
            self.decide(false, text);
        }
        self.open(rest, text);
    }

    pub(crate) fn finish(&mut self, text: &mut Output) -> Result<(), Error> {
        if self.version.is_none() {
            self.decide(true, text);
        }
        match self.version {
            Some(Version::One) => self.one.finish(text),
            _ => Ok(()),
        }
    }

    /// Opens what is held in the version that makes a text of it. `whole`: there is no more.
    fn decide(&mut self, whole: bool, text: &mut Output) {
        let mut opened = Zeroizing::new([0; ENOUGH]);
        let mut tried = Output::new(&mut *opened);
        let held = self.held.clone();
        let held = &held[..self.filled];
        let is_padded = match &mut self.trial {
            Some(trial) => {
                trial.update(held, &mut tried);
                if !whole {
                    // Any byte more lets out the last block, which has no padding.
                    trial.update(&[0], &mut tried);
                }
                !whole || trial.finish(&mut tried).is_ok()
            }
            None => false,
        };
        let length = tried.made;
        let is_text = match core::str::from_utf8(&opened[..length]) {
            Ok(_) => true,
            // A character that the end of what is held cuts in two.
            Err(e) => !whole && e.error_len().is_none(),
        };
        self.trial = None;
        self.version = Some(if is_padded && is_text {
            Version::One
        } else {
            Version::Two
        });
        self.open(held, text);
    }

    fn open(&mut self, sealed: &[u8], text: &mut Output) {
        match self.version {
            Some(Version::One) => self.one.update(sealed, text),
            Some(Version::Two) => self.two.apply_keystream_b2b(sealed, text.next(sealed.len())),
            None => {}
        }
    }
}
