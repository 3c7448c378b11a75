//! AES-256-CBC with PKCS#7, opened in pieces.

use aes::Aes256;
use aes::cipher::block_padding::{Padding, Pkcs7};
use aes::cipher::{Block, BlockModeDecrypt, KeyIvInit};
use zeroize::Zeroize;

use crate::derive::{IV_BYTES, KEY_BYTES};
use crate::error::Error;
use crate::output::Output;

pub(crate) const BLOCK: usize = 16;

/// One text under way. It holds a block back: the last one has the padding.
pub(crate) struct Cbc {
    cipher: cbc::Decryptor<Aes256>,
    held: Block<Aes256>,
    filled: usize,
}

impl Cbc {
    pub(crate) fn new(key: &[u8; KEY_BYTES], iv: &[u8; IV_BYTES]) -> Self {
        Cbc {
            cipher: cbc::Decryptor::new(key.into(), iv.into()),
            held: Block::<Aes256>::default(),
            filled: 0,
        }
    }

    /// Gives out at most a block more than it takes in.
    pub(crate) fn update(&mut self, mut sealed: &[u8], text: &mut Output) {
        while !sealed.is_empty() {
            if self.filled == BLOCK {
                self.cipher.decrypt_block(&mut self.held);
                text.put(&self.held);
                self.filled = 0;
            }
            let (head, rest) = sealed.split_at(sealed.len().min(BLOCK - self.filled));
            self.held[self.filled..self.filled + head.len()].copy_from_slice(head);
            self.filled += head.len();
            sealed = rest;
        }
    }

    pub(crate) fn finish(&mut self, text: &mut Output) -> Result<(), Error> {
        if self.filled != BLOCK {
            return Err(Error::CHANGED);
        }
        self.cipher.decrypt_block(&mut self.held);
        let last = Pkcs7::unpad(&self.held).map_err(|_| Error::CHANGED)?;
        text.put(last);
        Ok(())
    }
}

impl Drop for Cbc {
    fn drop(&mut self) {
        self.held.as_mut_slice().zeroize();
    }
}
