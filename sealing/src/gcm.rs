//! AES-256-GCM in pieces (NIST SP 800-38D), without additional data.

use aes::Aes256;
use aes::cipher::{BlockCipherEncrypt, KeyInit, KeyIvInit, StreamCipher};
use ctr::Ctr32BE;
use ghash::universal_hash::UniversalHash;
use ghash::{Block, GHash};
use zeroize::{Zeroize, Zeroizing};

use crate::derive::KEY_BYTES;
use crate::error::Error;

pub(crate) const NONCE_BYTES: usize = 12;
pub(crate) const TAG_BYTES: usize = 16;
/// The most that one nonce covers.
pub(crate) const MAX_BYTES: u64 = (1 << 36) - 32;
/// What is enciphered before it is hashed: it is still in the processor's nearest cache then.
const PIECE: usize = 8 * 1024;

/// One text under way.
pub(crate) struct Gcm {
    stream: Ctr32BE<Aes256>,
    hash: GHash,
    /// The tag is the hash XOR this.
    mask: Zeroizing<[u8; TAG_BYTES]>,
    /// Sealed bytes that do not fill a block yet.
    partial: Block,
    filled: usize,
    length: u64,
}

impl Gcm {
    pub(crate) fn new(key: &[u8; KEY_BYTES], nonce: &[u8; NONCE_BYTES]) -> Self {
        let mut hash_key = Block::default();
        Aes256::new(key.into()).encrypt_block(&mut hash_key);
        let hash = GHash::new(&hash_key);
        hash_key.as_mut_slice().zeroize();
        let mut counter = [0; 16];
        counter[..NONCE_BYTES].copy_from_slice(nonce);
        counter[15] = 1;
        let mut stream = Ctr32BE::new(key.into(), &counter.into());
        let mut mask = Zeroizing::new([0; TAG_BYTES]);
        stream.apply_keystream(&mut *mask);
        Gcm {
            stream,
            hash,
            mask,
            partial: Block::default(),
            filled: 0,
            length: 0,
        }
    }

    /// Seals `text` into `sealed`, which is as long.
    pub(crate) fn seal(&mut self, text: &[u8], sealed: &mut [u8]) -> Result<(), Error> {
        self.count(
            text.len(),
            Error::Argument("the text has more than 2^36 - 32 bytes, the most that GCM seals"),
        )?;
        for (text, sealed) in text.chunks(PIECE).zip(sealed.chunks_mut(PIECE)) {
            self.stream.apply_keystream_b2b(text, sealed);
            self.absorb(sealed);
        }
        Ok(())
    }

    /// Opens `sealed` into `text`, which is as long. What comes out is not to be believed before [`Gcm::verify`].
    pub(crate) fn open(&mut self, sealed: &[u8], text: &mut [u8]) -> Result<(), Error> {
        self.count(
            sealed.len(),
            Error::Crypto("it is longer than 2^36 - 32 bytes, the most that GCM seals"),
        )?;
        for (sealed, text) in sealed.chunks(PIECE).zip(text.chunks_mut(PIECE)) {
            self.absorb(sealed);
            self.stream.apply_keystream_b2b(sealed, text);
        }
        Ok(())
    }

    /// The tag of all that went through, which is over with it.
    pub(crate) fn tag(&mut self) -> [u8; TAG_BYTES] {
        self.absorb_lengths();
        let mut tag = self.hash.clone().finalize();
        xor(&mut tag, &self.mask);
        tag.into()
    }

    /// Whether `tag` is that of all that went through; in constant time.
    pub(crate) fn verify(&mut self, tag: &[u8; TAG_BYTES]) -> Result<(), Error> {
        self.absorb_lengths();
        let mut expected = Block::from(*tag);
        xor(&mut expected, &self.mask);
        self.hash.clone().verify(&expected).map_err(|_| Error::CHANGED)
    }

    fn count(&mut self, more: usize, too_long: Error) -> Result<(), Error> {
        let length = self
            .length
            .checked_add(more as u64)
            .filter(|length| *length <= MAX_BYTES);
        self.length = length.ok_or(too_long)?;
        Ok(())
    }

    /// Hashes sealed bytes; blocks that are not full wait for more.
    fn absorb(&mut self, mut sealed: &[u8]) {
        if self.filled > 0 {
            let (head, rest) = sealed.split_at(sealed.len().min(self.partial.len() - self.filled));
            self.partial[self.filled..self.filled + head.len()].copy_from_slice(head);
            self.filled += head.len();
            if self.filled < self.partial.len() {
                return;
            }
            self.hash.update(&[self.partial]);
            sealed = rest;
        }
        let (blocks, rest) = Block::slice_as_chunks(sealed);
        self.hash.update(blocks);
        self.partial[..rest.len()].copy_from_slice(rest);
        self.filled = rest.len();
    }

    fn absorb_lengths(&mut self) {
        let partial = self.partial;
        self.hash.update_padded(&partial[..self.filled]);
        let mut lengths = Block::default();
        lengths[8..].copy_from_slice(&(self.length * 8).to_be_bytes());
        self.hash.update(&[lengths]);
    }
}

fn xor(block: &mut Block, mask: &[u8; TAG_BYTES]) {
    for (byte, mask) in block.iter_mut().zip(mask) {
        *byte ^= mask;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aes::cipher::StreamCipherSeek;

    /// One that has sealed so much, as far as its counters know.
    fn after(length: u64) -> Gcm {
        let mut gcm = Gcm::new(&[1; KEY_BYTES], &[2; NONCE_BYTES]);
        gcm.length = length;
        // The mask took the first block.
        gcm.stream.seek(length + 16);
        gcm
    }

    #[test]
    fn the_last_bytes_of_the_longest_text_are_sealed_and_no_more() {
        for last in [0, 1, 15, 16, 17, 2 * PIECE] {
            let (text, mut sealed, mut opened) = ([b'x'; 2 * PIECE], [0; 2 * PIECE], [0; 2 * PIECE]);
            let begin = MAX_BYTES - last as u64;
            let mut gcm = after(begin);
            assert_eq!(gcm.seal(&text[..last], &mut sealed[..last]), Ok(()));
            assert!(last == 0 || sealed[..last] != text[..last]);
            assert!(matches!(gcm.seal(b"x", &mut [0]), Err(Error::Argument(_))));
            let mut gcm = after(begin);
            assert_eq!(gcm.open(&sealed[..last], &mut opened[..last]), Ok(()));
            assert_eq!(opened[..last], text[..last]);
            assert!(matches!(gcm.open(b"x", &mut [0]), Err(Error::Crypto(_))));
        }
    }

    #[test]
    fn one_byte_more_than_is_left_is_refused_before_any_is_sealed() {
        let mut gcm = after(MAX_BYTES - 100);
        let mut sealed = [0; 101];
        assert!(gcm.seal(&[b'x'; 101], &mut sealed).is_err());
        assert_eq!(sealed, [0; 101]);
        assert_eq!(gcm.seal(&[b'x'; 100], &mut sealed[..100]), Ok(()));
    }
}
