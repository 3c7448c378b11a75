//! Sealed payloads, in the three versions that XQ knows: what [`seal`] makes, [`open`] opens.
//!
//! An envelope begins with `Salted__`. Nothing in it tells its version: the conversation does.

use aes::Aes256;
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, StreamCipher};
use md5::Md5;
use sha2::{Digest, Sha256};

use crate::random;

/// What every envelope begins with.
pub const MARK: &[u8] = b"Salted__";
const NONCE: usize = 12;
/// Rounds of the key derivations.
const CTR_ROUNDS: usize = 14;
const GCM_ROUNDS: u32 = 1024;

/// How an envelope is sealed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Version {
    /// Version 1: AES-256-CBC, key and IV by MD5.
    Cbc,
    /// Version 2: AES-256-CTR, key and IV by 14 rounds of SHA-256.
    Ctr,
    /// Version 3: AES-256-GCM, key by PBKDF2. The only one that tells a forgery.
    Gcm,
}

impl Version {
    /// The version that requests call by this number.
    pub fn of_number(number: u64) -> Option<Self> {
        match number {
            1 => Some(Version::Cbc),
            2 => Some(Version::Ctr),
            3 => Some(Version::Gcm),
            _ => None,
        }
    }
}

/// Seals a payload, with a fresh salt. Of version 2 it holds no zero: the C SDK would end its copy there.
pub fn seal(version: Version, key: &str, payload: &[u8]) -> Vec<u8> {
    let mut short_salt: [u8; 8] = random::bytes();
    while version == Version::Ctr && short_salt.contains(&0) {
        short_salt = random::bytes();
    }
    match version {
        Version::Cbc => {
            let (key, iv) = bytes_to_key::<Md5>(key, &short_salt, 1);
            let sealed = cbc::Encryptor::<Aes256>::new(&key.into(), &iv.into()).encrypt_padded_vec::<Pkcs7>(payload);
            [MARK, &short_salt, &sealed].concat()
        }
        Version::Ctr => [MARK, &short_salt, &ctr(key, &short_salt, payload)].concat(),
        Version::Gcm => {
            let salt: [u8; 16] = random::bytes();
            let nonce: [u8; NONCE] = random::bytes();
            let sealed = gcm(key, &salt).encrypt(&Nonce::from(nonce), payload);
            // AES-GCM refuses payloads of 64 GiB and no others.
            [MARK, &salt, &nonce, &sealed.unwrap_or_default()].concat()
        }
    }
}

/// Opens an envelope; none where it is not one, or the key is wrong as far as its version can tell.
pub fn open(version: Version, key: &str, envelope: &[u8]) -> Option<Vec<u8>> {
    let rest = envelope.strip_prefix(MARK)?;
    match version {
        Version::Cbc => {
            let (salt, sealed) = rest.split_first_chunk::<8>()?;
            let (key, iv) = bytes_to_key::<Md5>(key, salt, 1);
            cbc::Decryptor::<Aes256>::new(&key.into(), &iv.into())
                .decrypt_padded_vec::<Pkcs7>(sealed)
                .ok()
        }
        Version::Ctr => {
            let (salt, sealed) = rest.split_first_chunk::<8>()?;
            Some(ctr(key, salt, sealed))
        }
        Version::Gcm => {
            let (salt, rest) = rest.split_first_chunk::<16>()?;
            let (nonce, sealed) = rest.split_first_chunk::<NONCE>()?;
            gcm(key, salt).decrypt(&Nonce::from(*nonce), sealed).ok()
        }
    }
}

fn ctr(key: &str, salt: &[u8], bytes: &[u8]) -> Vec<u8> {
    let (key, iv) = bytes_to_key::<Sha256>(key, salt, CTR_ROUNDS);
    let mut bytes = bytes.to_vec();
    ctr::Ctr128BE::<Aes256>::new(&key.into(), &iv.into()).apply_keystream(&mut bytes);
    bytes
}

fn gcm(key: &str, salt: &[u8]) -> Aes256Gcm {
    let key: [u8; 32] = pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(key.as_bytes(), salt, GCM_ROUNDS);
    Aes256Gcm::new(&key.into())
}

/// OpenSSL's `EVP_BytesToKey`: a key and an IV from a chain of hashes.
fn bytes_to_key<D: Digest>(password: &str, salt: &[u8], rounds: usize) -> ([u8; 32], [u8; 16]) {
    let mut made = Vec::new();
    let mut link = Vec::new();
    while made.len() < 48 {
        link = D::digest([&link, password.as_bytes(), salt].concat()).to_vec();
        for _ in 1..rounds {
            link = D::digest(&link).to_vec();
        }
        made.extend_from_slice(&link);
    }
    let (mut key, mut iv) = ([0; 32], [0; 16]);
    key.copy_from_slice(&made[..32]);
    iv.copy_from_slice(&made[32..48]);
    (key, iv)
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_STANDARD};
    use serde_json::Value;

    use super::*;

    fn rows(text: &str) -> Vec<Value> {
        serde_json::from_str(text).unwrap()
    }

    fn version(row: &Value) -> Version {
        Version::of_number(row["version"].as_u64().unwrap()).unwrap()
    }

    fn bytes(row: &Value, field: &str) -> Vec<u8> {
        BASE64_STANDARD.decode(row[field].as_str().unwrap()).unwrap()
    }

    #[test]
    fn envelopes_of_other_implementations_open() {
        let rows = rows(include_str!("../../vectors/envelopes.json"));
        assert_eq!(rows.len(), 27);
        for row in &rows {
            let key = row["key"].as_str().unwrap();
            let opened = open(version(row), key, &bytes(row, "envelope_base64"));
            assert_eq!(opened.as_deref(), Some(bytes(row, "plaintext_base64").as_slice()));
            let sealed = seal(version(row), key, &bytes(row, "plaintext_base64"));
            assert_ne!(sealed, bytes(row, "envelope_base64"));
            assert_eq!(open(version(row), key, &sealed), opened);
        }
    }

    #[test]
    fn broken_envelopes_do_not_open() {
        for row in rows(include_str!("../../vectors/broken_envelopes.json")) {
            let opened = open(
                version(&row),
                row["key"].as_str().unwrap(),
                &bytes(&row, "envelope_base64"),
            );
            assert_eq!(opened, None, "{}", row["why"]);
        }
    }

    #[test]
    fn salts_of_version_2_hold_no_zero() {
        // By chance alone, each would hold one about once in 32.
        for _ in 0..2000 {
            let sealed = seal(Version::Ctr, "key", b"");
            assert!(!sealed[MARK.len()..].contains(&0), "{sealed:?}");
        }
    }

    #[test]
    fn another_key_does_not_open_a_version_3_envelope() {
        let sealed = seal(Version::Gcm, "one", b"payload");
        assert_eq!(open(Version::Gcm, "other", &sealed), None);
    }
}
