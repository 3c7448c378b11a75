//! Base64 in pieces, as JavaScript's `.A` files have it twice.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::output::Output;

/// One text under way.
#[derive(Default)]
pub(crate) struct Base64 {
    quad: Zeroizing<[u8; 4]>,
    filled: usize,
    ended: bool,
}

impl Base64 {
    /// Gives out less than it takes in, and three bytes at the most of what was held.
    pub(crate) fn update(&mut self, text: &[u8], bytes: &mut Output) -> Result<(), Error> {
        // Some encoders break the lines of base64.
        for digit in text.iter().filter(|byte| !byte.is_ascii_whitespace()) {
            if self.ended {
                return Err(Error::CHANGED);
            }
            self.quad[self.filled] = *digit;
            self.filled += 1;
            if self.filled == self.quad.len() {
                let mut three = Zeroizing::new([0; 3]);
                let length = BASE64_STANDARD
                    .decode_slice(*self.quad, &mut *three)
                    .map_err(|_| Error::CHANGED)?;
                bytes.put(&three[..length]);
                self.ended = length < three.len();
                self.filled = 0;
            }
        }
        Ok(())
    }

    pub(crate) fn finish(&self) -> Result<(), Error> {
        if self.filled > 0 { Err(Error::CHANGED) } else { Ok(()) }
    }
}
