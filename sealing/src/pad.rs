//! One-time pads, as XQ programs use them: each byte XOR the key's byte at the same place, the key repeated as needed.

use alloc::vec::Vec;

use zeroize::Zeroizing;

/// One text under way.
pub(crate) struct Pad {
    pad: Zeroizing<Vec<u8>>,
    /// The next byte of the pad.
    at: usize,
}

impl Pad {
    /// `pad` is not empty.
    pub(crate) fn new(pad: &[u8]) -> Self {
        Pad {
            pad: Zeroizing::new(pad.to_vec()),
            at: 0,
        }
    }

    /// Seals and opens: it is the same.
    pub(crate) fn apply(&mut self, input: &[u8], output: &mut [u8]) {
        let mut done = 0;
        while done < input.len() {
            let length = (self.pad.len() - self.at).min(input.len() - done);
            let pad = &self.pad[self.at..self.at + length];
            let places = output[done..done + length].iter_mut().zip(&input[done..]).zip(pad);
            places.for_each(|((out, byte), pad)| *out = byte ^ pad);
            done += length;
            self.at = (self.at + length) % self.pad.len();
        }
    }
}
