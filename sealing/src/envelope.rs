//! Sealed payloads between a device and the service. Nothing in one tells its version: the conversation does.

use alloc::vec::Vec;
use core::mem;

use aes::Aes256;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeEncrypt, KeyIvInit, StreamCipher};
use zeroize::Zeroizing;

use crate::Random;
use crate::derive::{MARK, openssl_md5, pbkdf2};
use crate::error::Error;
use crate::gcm::{Gcm, NONCE_BYTES};
use crate::key::Key;
use crate::opening::{Cipher, Opening, SHORT_SALT_BYTES, ctr_of_envelope};
use crate::output::{Output, ROOM};
use crate::sealer::{GCM_ROUNDS, SALT_BYTES};

/// How a payload is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Version 1, AES-256-CBC under an MD5-derived key. Not authenticated: a forged one can open to anything.
    Cbc,
    /// Version 2, AES-256-CTR under a SHA-256-derived key. Not authenticated: a forged one can open to anything.
    Ctr,
    /// Version 3, AES-256-GCM under a PBKDF2-derived key.
    Gcm,
}

impl Version {
    /// Its number on the wire.
    pub fn number(self) -> u8 {
        match self {
            Version::Cbc => 1,
            Version::Ctr => 2,
            Version::Gcm => 3,
        }
    }
}

/// An envelope of `text` under `key`, with a fresh salt and nonce.
///
/// # Errors
///
/// [`Error::NoRandom`]. [`Error::Argument`]: the text is longer than GCM allows.
pub fn seal(version: Version, key: &str, text: &[u8], random: Random) -> Result<Vec<u8>, Error> {
    let key = key.as_bytes();
    let mut salt = [0; SALT_BYTES];
    let salt = match version {
        Version::Cbc | Version::Ctr => &mut salt[..SHORT_SALT_BYTES],
        Version::Gcm => &mut salt[..],
    };
    random(salt)?;
    let mut envelope = [MARK, salt].concat();
    match version {
        Version::Cbc => {
            let (key, iv) = openssl_md5(key, salt);
            let cipher = cbc::Encryptor::<Aes256>::new((&*key).into(), &iv.into());
            envelope.extend(cipher.encrypt_padded_vec::<Pkcs7>(text));
        }
        Version::Ctr => {
            let begin = envelope.len();
            envelope.extend_from_slice(text);
            ctr_of_envelope(key, salt).apply_keystream(&mut envelope[begin..]);
        }
        Version::Gcm => {
            let mut nonce = [0; NONCE_BYTES];
            random(&mut nonce)?;
            let mut gcm = Gcm::new(&pbkdf2(key, salt, GCM_ROUNDS), &nonce);
            envelope.extend_from_slice(&nonce);
            let begin = envelope.len();
            envelope.resize(begin + text.len(), 0);
            gcm.seal(text, &mut envelope[begin..])?;
            envelope.extend_from_slice(&gcm.tag());
        }
    }
    Ok(envelope)
}

/// What is in `envelope`, sealed under `key`.
///
/// # Errors
///
/// [`Error::Crypto`]: it is no envelope of this version, or was sealed under another key, or was changed on the way.
pub fn open(version: Version, key: &str, envelope: &[u8]) -> Result<Vec<u8>, Error> {
    let cipher = match version {
        Version::Cbc => Cipher::One,
        Version::Ctr => Cipher::Two,
        Version::Gcm => Cipher::Gcm,
    };
    let key = Key {
        kind: None,
        password: Zeroizing::new(key.as_bytes().to_vec()),
    };
    let mut text = Zeroizing::new(alloc::vec![0; envelope.len() + ROOM]);
    let mut output = Output::new(&mut text);
    let mut opening = Opening::new(cipher, &key);
    opening.update(envelope, &mut output)?;
    opening.finish(&mut output)?;
    let length = output.made;
    text.truncate(length);
    Ok(mem::take(&mut text))
}
