//! Sealed payloads: `Salted__`, a salt, and what the cipher of the version makes (`protocol.md`, "Envelopes").

use aes::Aes256;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, StreamCipher};
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use md5::Md5;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::{Error, Kind};
use crate::secret::SecretBytes;

/// How a payload is sealed. Nothing in an envelope tells its version: the conversation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Version 1, AES-256-CBC under an MD5-derived key. Not authenticated: a forged one can open to anything.
    Cbc,
    /// Version 2, AES-256-CTR under a SHA-256-derived key. Not authenticated: a forged one can open to anything.
    Ctr,
    /// Version 3, AES-256-GCM under a PBKDF2-derived key.
    Gcm,
}

const MARK: &[u8] = b"Salted__";
const KEY_BYTES: usize = 32;
const IV_BYTES: usize = 16;
const NONCE_BYTES: usize = 12;

impl Version {
    /// Its number on the wire.
    pub(crate) fn number(self) -> u8 {
        match self {
            Version::Cbc => 1,
            Version::Ctr => 2,
            Version::Gcm => 3,
        }
    }

    fn salt_bytes(self) -> usize {
        match self {
            Version::Cbc | Version::Ctr => 8,
            Version::Gcm => 16,
        }
    }
}

/// An envelope of `text` under `key`, with a fresh salt and nonce from the operating system.
///
/// # Errors
///
/// [`Kind::Crypto`]: the operating system gave no random bytes.
pub fn seal(version: Version, key: &str, text: &[u8]) -> Result<Vec<u8>, Error> {
    let mut salt = vec![0; version.salt_bytes()];
    random(&mut salt)?;
    let mut envelope = [MARK, &salt].concat();
    match version {
        Version::Cbc => {
            let (key, iv) = split(&openssl_key::<Md5>(1, key, &salt));
            envelope
                .extend(cbc::Encryptor::<Aes256>::new((&*key).into(), &iv.into()).encrypt_padded_vec::<Pkcs7>(text));
        }
        Version::Ctr => {
            let begin = envelope.len();
            envelope.extend_from_slice(text);
            ctr(key, &salt, &mut envelope[begin..]);
        }
        Version::Gcm => {
            let mut nonce = [0; NONCE_BYTES];
            random(&mut nonce)?;
            let sealed = gcm(key, &salt).encrypt(&Nonce::from(nonce), text);
            envelope.extend_from_slice(&nonce);
            envelope.extend(sealed.map_err(|_| Error::new(Kind::Crypto, "the text is too long to be sealed"))?);
        }
    }
    Ok(envelope)
}

/// What is in `envelope`, sealed under `key`.
///
/// # Errors
///
/// [`Kind::Crypto`]: it is no envelope of this version, or was sealed under another key, or was changed on the way.
pub fn open(version: Version, key: &str, envelope: &[u8]) -> Result<SecretBytes, Error> {
    let wrong = |why: &str| Error::new(Kind::Crypto, format!("the sealed reply cannot be opened: {why}"));
    let body = envelope
        .strip_prefix(MARK)
        .ok_or_else(|| wrong("it does not begin with Salted__"))?;
    let (salt, body) = body
        .split_at_checked(version.salt_bytes())
        .ok_or_else(|| wrong("it ends in its salt"))?;
    let text = match version {
        Version::Cbc => {
            let (key, iv) = split(&openssl_key::<Md5>(1, key, salt));
            cbc::Decryptor::<Aes256>::new((&*key).into(), &iv.into())
                .decrypt_padded_vec::<Pkcs7>(body)
                .map_err(|_| wrong("the key is another one, or it was changed on the way"))?
        }
        Version::Ctr => {
            let mut text = body.to_vec();
            ctr(key, salt, &mut text);
            text
        }
        Version::Gcm => {
            let (nonce, body) = body
                .split_first_chunk::<NONCE_BYTES>()
                .ok_or_else(|| wrong("it ends in its nonce"))?;
            gcm(key, salt)
                .decrypt(&Nonce::from(*nonce), body)
                .map_err(|_| wrong("the key is another one, or it was changed on the way"))?
        }
    };
    Ok(SecretBytes::from(text))
}

/// [`seal`] as it travels in text.
pub(crate) fn seal_base64(version: Version, key: &str, text: &[u8]) -> Result<String, Error> {
    Ok(BASE64_STANDARD.encode(seal(version, key, text)?))
}

/// [`open`] as it travels in text.
pub(crate) fn open_base64(version: Version, key: &str, text: &str) -> Result<SecretBytes, Error> {
    // Some encoders break the lines of base64.
    let envelope = BASE64_STANDARD
        .decode(text.split_ascii_whitespace().collect::<String>())
        .map_err(|_| Error::new(Kind::Crypto, "the sealed reply cannot be opened: it is not base64"))?;
    open(version, key, &envelope)
}

/// In place, which is why it both seals and opens.
fn ctr(key: &str, salt: &[u8], text: &mut [u8]) {
    let (key, iv) = split(&openssl_key::<Sha256>(14, key, salt));
    ctr::Ctr128BE::<Aes256>::new((&*key).into(), &iv.into()).apply_keystream(text);
}

fn gcm(key: &str, salt: &[u8]) -> Aes256Gcm {
    let mut derived = Zeroizing::new([0; KEY_BYTES]);
    pbkdf2::pbkdf2_hmac::<Sha256>(key.as_bytes(), salt, 1024, &mut *derived);
    Aes256Gcm::new((&*derived).into())
}

/// Key and initialisation vector as OpenSSL's `EVP_BytesToKey` derives them, hashing each block `rounds` times.
fn openssl_key<D: Digest>(rounds: u32, password: &str, salt: &[u8]) -> Zeroizing<[u8; KEY_BYTES + IV_BYTES]> {
    let mut derived = Zeroizing::new([0; KEY_BYTES + IV_BYTES]);
    let size = <D as Digest>::output_size();
    let mut block = Zeroizing::new(Vec::new());
    for part in derived.chunks_mut(size) {
        let first = D::new()
            .chain_update(&*block)
            .chain_update(password)
            .chain_update(salt)
            .finalize();
        *block = first.to_vec();
        for _ in 1..rounds {
            *block = D::digest(&*block).to_vec();
        }
        part.copy_from_slice(&block[..part.len()]);
    }
    derived
}

fn split(derived: &[u8; KEY_BYTES + IV_BYTES]) -> (Zeroizing<[u8; KEY_BYTES]>, [u8; IV_BYTES]) {
    let (mut key, mut iv) = (Zeroizing::new([0; KEY_BYTES]), [0; IV_BYTES]);
    key.copy_from_slice(&derived[..KEY_BYTES]);
    iv.copy_from_slice(&derived[KEY_BYTES..]);
    (key, iv)
}

fn random(bytes: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(bytes)
        .map_err(|e| Error::new(Kind::Crypto, format!("the operating system gives no random bytes: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn vectors(text: &str) -> Vec<(Version, String, Vec<u8>, Value)> {
        let rows: Vec<Value> = serde_json::from_str(text).expect("the vectors parse");
        let rows = rows.into_iter().map(|row| {
            let version = match row["version"].as_u64() {
                Some(1) => Version::Cbc,
                Some(2) => Version::Ctr,
                Some(3) => Version::Gcm,
                other => panic!("version {other:?}"),
            };
            (version, text_of(&row["key"]), bytes_of(&row["envelope_base64"]), row)
        });
        rows.collect()
    }

    fn text_of(value: &Value) -> String {
        value.as_str().expect("a string").to_owned()
    }

    fn bytes_of(value: &Value) -> Vec<u8> {
        BASE64_STANDARD.decode(text_of(value)).expect("base64")
    }

    #[test]
    fn envelopes_of_other_implementations_open() {
        let rows = vectors(include_str!("../tests/vectors/envelopes.json"));
        assert_eq!(rows.len(), 27);
        for (version, key, envelope, row) in rows {
            let opened = open(version, &key, &envelope).expect("it opens");
            assert_eq!(*opened, bytes_of(&row["plaintext_base64"]));
        }
    }

    #[test]
    fn broken_envelopes_are_refused() {
        let rows = vectors(include_str!("../tests/vectors/broken_envelopes.json"));
        assert_eq!(rows.len(), 16);
        for (version, key, envelope, row) in rows {
            let refused = open(version, &key, &envelope).expect_err("it must not open");
            assert_eq!(refused.kind(), Kind::Crypto, "{}", row["why"]);
        }
    }

    fn version() -> impl Strategy<Value = Version> {
        prop_oneof![Just(Version::Cbc), Just(Version::Ctr), Just(Version::Gcm)]
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens(version in version(), key in ".*", text in any::<Vec<u8>>()) {
            let envelope = seal(version, &key, &text).unwrap();
            prop_assert_eq!(&*open(version, &key, &envelope).unwrap(), &text);
            // Salt and nonce are fresh each time.
            let again = seal(version, &key, &text).unwrap();
            let salt = MARK.len()..MARK.len() + version.salt_bytes();
            prop_assert_ne!(&again[salt.clone()], &envelope[salt.clone()]);
            if version == Version::Gcm {
                let nonce = salt.end..salt.end + NONCE_BYTES;
                prop_assert_ne!(&again[nonce.clone()], &envelope[nonce]);
            }
        }

        #[test]
        fn a_changed_or_cut_envelope_of_version_3_is_refused(text in any::<Vec<u8>>(), at in any::<prop::sample::Index>(), bit in 0..8) {
            let envelope = seal(Version::Gcm, "key", &text).unwrap();
            let at = at.index(envelope.len());
            let mut changed = envelope.clone();
            changed[at] ^= 1u8 << bit;
            prop_assert!(open(Version::Gcm, "key", &changed).is_err());
            prop_assert!(open(Version::Gcm, "key", &envelope[..at]).is_err());
        }

        #[test]
        fn opening_takes_any_bytes(version in version(), key in ".*", marked in any::<bool>(), bytes in any::<Vec<u8>>()) {
            let mut envelope = if marked { MARK.to_vec() } else { vec![] };
            envelope.extend(bytes);
            let _ = open(version, &key, &envelope);
        }
    }
}
