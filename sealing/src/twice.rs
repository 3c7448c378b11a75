//! Bodies of JavaScript's `.A` files.

use zeroize::Zeroizing;

use crate::base64::Base64;
use crate::cbc::BLOCK;
use crate::error::Error;
use crate::key::Key;
use crate::opening::{Cipher, Opening};
use crate::output::Output;

/// One under way: base64 of an envelope of version 1, whose text is base64 again.
pub(crate) struct Twice {
    outer: Base64,
    envelope: Opening,
    inner: Base64,
}

impl Twice {
    pub(crate) fn new(key: &Key) -> Self {
        Twice {
            outer: Base64::default(),
            envelope: Opening::new(Cipher::One, key),
            inner: Base64::default(),
        }
    }

    pub(crate) fn update(&mut self, sealed: &[u8], text: &mut Output) -> Result<(), Error> {
        const PIECE: usize = 256;
        for sealed in sealed.chunks(PIECE) {
            let (mut envelope, mut opened) = ([0; PIECE], Zeroizing::new([0; PIECE + BLOCK]));
            let mut outer = Output::new(&mut envelope);
            // What stands before a flaw comes first, however the whole is cut into pieces.
            let flaw = self.outer.update(sealed, &mut outer);
            let length = outer.made;
            let mut middle = Output::new(&mut *opened);
            self.envelope.update(&envelope[..length], &mut middle)?;
            let length = middle.made;
            self.inner.update(&opened[..length], text)?;
            flaw?;
        }
        Ok(())
    }

    pub(crate) fn finish(&mut self, text: &mut Output) -> Result<(), Error> {
        self.outer.finish()?;
        let mut last = Zeroizing::new([0; BLOCK]);
        let mut middle = Output::new(&mut *last);
        self.envelope.finish(&mut middle)?;
        let length = middle.made;
        self.inner.update(&last[..length], text)?;
        self.inner.finish()
    }
}
