//! What the ciphers' keys are made of: passwords and salts.

use alloc::vec::Vec;

use md5::Md5;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// What every salted body begins with.
pub(crate) const MARK: &[u8] = b"Salted__";
pub(crate) const KEY_BYTES: usize = 32;
pub(crate) const IV_BYTES: usize = 16;

pub(crate) type CipherKey = Zeroizing<[u8; KEY_BYTES]>;

/// The key for GCM, CTR and CBC.
pub(crate) fn pbkdf2(password: &[u8], salt: &[u8], rounds: u32) -> CipherKey {
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, rounds, &mut *key);
    key
}

/// Key and initialisation vector of envelopes of version 1.
pub(crate) fn openssl_md5(password: &[u8], salt: &[u8]) -> (CipherKey, [u8; IV_BYTES]) {
    openssl::<Md5>(1, password, salt)
}

/// Key and initialisation vector of envelopes of version 2.
pub(crate) fn openssl_sha256(password: &[u8], salt: &[u8]) -> (CipherKey, [u8; IV_BYTES]) {
    openssl::<Sha256>(14, password, salt)
}

/// As OpenSSL's `EVP_BytesToKey` derives them, hashing each block `rounds` times.
fn openssl<D: Digest>(rounds: u32, password: &[u8], salt: &[u8]) -> (CipherKey, [u8; IV_BYTES]) {
    let mut derived = Zeroizing::new([0; KEY_BYTES + IV_BYTES]);
    // It has room for every block: one that grew would leave a part of the key behind.
    let mut block = Zeroizing::new(Vec::with_capacity(<D as Digest>::output_size()));
    for part in derived.chunks_mut(<D as Digest>::output_size()) {
        let first = D::new().chain_update(&*block).chain_update(password).chain_update(salt);
        let last = (1..rounds).fold(first.finalize(), |digest, _| D::digest(digest));
        block.clear();
        block.extend_from_slice(&last);
        part.copy_from_slice(&block[..part.len()]);
    }
    let (mut key, mut iv) = (Zeroizing::new([0; KEY_BYTES]), [0; IV_BYTES]);
    key.copy_from_slice(&derived[..KEY_BYTES]);
    iv.copy_from_slice(&derived[KEY_BYTES..]);
    (key, iv)
}
