//! A device's RSA key, in any of the forms that it comes in, and the token that it opens.

use core::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rsa::PrivateKey;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::traits::PublicKeyParts;
use zeroize::Zeroizing;

use crate::error::{Error, Kind};
use crate::key_kind;
use crate::platform;
use crate::platform::prelude::*;
use crate::reply::is_credible_token;
use crate::secret::Secret;

/// Accepted key sizes, in bits.
const BITS: core::ops::RangeInclusive<u32> = 2048..=4096;

/// A key of 4096 bits in PKCS#8 takes about 2,400.
const MAX_DER_BYTES: usize = 4096;

/// The key in `bytes`: PEM, base64 of DER without armour, or DER; PKCS#1 or PKCS#8 in each.
///
/// # Errors
///
/// [`Kind::Crypto`]: it is none of these, which is told where it is known what it is, or not of 2048 to 4096 bits.
pub fn parse(bytes: &[u8]) -> Result<PrivateKey, Error> {
    let wrong = |why: &str| Error::new(Kind::Crypto, format!("the private key {why}"));
    let der = if key_kind::is_der(bytes) {
        Zeroizing::new(bytes.to_vec())
    } else {
        // Around the key there may be text in any encoding.
        let text = Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
        der(&text).map_err(|why| wrong(&why))?
    };
    // Before anything is computed with its numbers, which may be of any size.
    if der.len() > MAX_DER_BYTES {
        return Err(wrong(&format!("is larger than one of {} bits is", BITS.end())));
    }
    let key = PrivateKey::from_pkcs8_der(&der)
        .ok()
        .or_else(|| PrivateKey::from_pkcs1_der(&der).ok())
        .ok_or_else(|| match key_kind::in_der(&der) {
            Some(what) => wrong(&unusable(&what)),
            None => wrong("is not an RSA key in PKCS#1 or PKCS#8"),
        })?;
    let bits = key.n().bit_width_vartime();
    if !BITS.contains(&bits) {
        return Err(wrong(&format!(
            "has {bits} bits; expected {} to {}",
            BITS.start(),
            BITS.end()
        )));
    }
    Ok(key)
}

/// What is wrong with a key that is known to be something else.
fn unusable(what: &str) -> String {
    format!("{what}; expected an RSA key that is not encrypted")
}

/// The bytes of the private key in PEM, whatever stands before and after it, or of the whole text where there is no
/// armour; or why there are none.
fn der(text: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let begin = ["-----BEGIN PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----"];
    let armoured = begin.into_iter().find_map(|line| text.split_once(line));
    if let (None, Some(what)) = (armoured, key_kind::in_pem(text)) {
        return Err(unusable(what));
    }
    if text.contains("ENCRYPTED") {
        return Err(unusable("is encrypted"));
    }
    let body = match armoured {
        Some((_, rest)) => rest.split_once("-----END").map(|(body, _)| body),
        None => Some(text),
    };
    let base64 = |body: &str| Zeroizing::new(body.split_whitespace().collect::<String>());
    let der = body.and_then(|body| BASE64_STANDARD.decode(&*base64(body)).ok());
    der.map(Zeroizing::new).ok_or_else(|| {
        "is not one in PEM, base64 or DER; expected an RSA key, with BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY in PEM"
            .into()
    })
}

/// The token in `sealed`, which is base64 of the token encrypted to `key` with PKCS#1 v1.5.
///
/// Bad padding, and so a wrong key, does not fail in RSA libraries of today: it opens to made-up bytes (implicit
/// rejection), so the text is believed only where it can be a token.
///
/// # Errors
///
/// [`Kind::Crypto`]: it is not sealed to this key, or there are no random bytes.
pub fn open_token(key: &PrivateKey, sealed: &str) -> Result<Secret, Error> {
    let wrong = |why: &str| Error::new(Kind::Crypto, format!("the token does not open: {why}"));
    // Some encoders break the lines of base64.
    let sealed = BASE64_STANDARD
        .decode(sealed.split_ascii_whitespace().collect::<String>())
        .map_err(|_| wrong("it is not base64"))?;
    let other_key = || wrong("the private key is not the one of this certificate");
    let opened = key
        .pkcs1v15_decrypt_with_rng(&mut Random, &sealed)
        .map_err(|e| match e {
            rsa::Error::Rng => xq_sealing::Error::NoRandom.into(),
            _ => other_key(),
        })?;
    let opened = Zeroizing::new(opened);
    let token = core::str::from_utf8(&opened).map_err(|_| other_key())?;
    if !is_credible_token(token) {
        return Err(other_key());
    }
    Ok(Secret::from(token))
}

/// Random bytes for what hides an operation with a private key from whoever measures it.
struct Random;

impl TryRng for Random {
    type Error = NoRandom;

    fn try_next_u32(&mut self) -> Result<u32, NoRandom> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, NoRandom> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), NoRandom> {
        platform::random(bytes).map_err(|_| NoRandom)
    }
}

impl TryCryptoRng for Random {}

/// There are none.
#[derive(Debug)]
struct NoRandom;

impl fmt::Display for NoRandom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no random bytes")
    }
}

impl core::error::Error for NoRandom {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn vectors() -> Vec<Value> {
        serde_json::from_str(include_str!("../tests/vectors/tokens.json")).expect("the vectors parse")
    }

    fn text(value: &Value) -> &str {
        value.as_str().expect("a string")
    }

    /// What people's editors and transfers make of a file.
    fn as_left_by_editors(key: &str) -> [String; 5] {
        [
            key.to_owned(),
            key.replace('\n', " "),
            key.replace('\n', "\r\n"),
            format!("\n \t{key}\n\n  "),
            key.replace('\n', " \n"),
        ]
    }

    #[test]
    fn tokens_of_other_implementations_open_with_every_form_of_their_key() {
        for row in vectors() {
            let forms = row["private_key"].as_object().expect("forms");
            assert_eq!(forms.len(), 4);
            for (form, key) in forms {
                for key in as_left_by_editors(text(key)) {
                    let key = parse(key.as_bytes()).unwrap_or_else(|e| panic!("{form}: {e}"));
                    let token = open_token(&key, text(&row["sealed_base64"])).expect("it opens");
                    assert_eq!(token.as_str(), text(&row["token"]));
                }
            }
        }
    }

    #[test]
    fn a_wrong_key_is_told_whatever_it_opens_to() {
        let rows = vectors();
        for (index, row) in rows.iter().enumerate() {
            let other = &rows[(index + 1) % rows.len()];
            let key = text(
                other["private_key"]
                    .as_object()
                    .expect("forms")
                    .values()
                    .next()
                    .expect("one"),
            );
            let refused = open_token(&parse(key.as_bytes()).expect("it parses"), text(&row["sealed_base64"]));
            assert_eq!(refused.expect_err("another key").kind(), Kind::Crypto);
        }
        // Sealed bytes of the right length that nobody sealed open to made-up ones.
        let key = text(
            rows[0]["private_key"]
                .as_object()
                .expect("forms")
                .values()
                .next()
                .expect("one"),
        );
        let key = parse(key.as_bytes()).expect("it parses");
        for n in 0..50 {
            let sealed = BASE64_STANDARD.encode([n; 256]);
            let refused = open_token(&key, &sealed).expect_err("no token");
            assert!(refused.message().contains("private key is not the one"), "{refused}");
        }
    }

    fn key_of(row: &Value) -> PrivateKey {
        parse(text(&row["private_key"]["pkcs8_pem"]).as_bytes()).expect("it parses")
    }

    #[test]
    fn a_key_is_found_among_other_things() {
        let pem = text(&vectors()[0]["private_key"]["pkcs1_pem"]).to_owned();
        let certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for text in [
            format!("Bag Attributes\n    x: y\n{pem}"),
            format!("{certificate}{pem}"),
            format!("{pem}{certificate}# end"),
        ] {
            parse(text.as_bytes()).expect("it is found");
        }
        for text in [
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
            "Proc-Type: 4,ENCRYPTED",
        ] {
            assert!(
                parse(text.as_bytes())
                    .expect_err("no password")
                    .message()
                    .contains("encrypted")
            );
        }
    }

    #[test]
    fn only_a_credible_token_is_believed() {
        let key = key_of(&vectors()[0]);
        let open = |token: &str| {
            let sealed = key
                .as_public_key()
                .pkcs1v15_encrypt_with_rng(&mut Random, token.as_bytes())
                .expect("it fits");
            open_token(&key, &BASE64_STANDARD.encode(sealed))
        };
        open("twelve.chars").expect("it is one");
        for token in [
            "eleven.char",
            "",
            "two words, and some more",
            "a-token-with-a-line-break\n",
            "caf\u{e9}-with-sixteen",
        ] {
            assert!(open(token).is_err(), "{token}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let short = BASE64_STANDARD.encode([0x30; 40]);
        for text in [
            "",
            "words",
            "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
            "AAAA",
            &short,
        ] {
            assert_eq!(
                parse(text.as_bytes()).expect_err("no key").kind(),
                Kind::Crypto,
                "{text}"
            );
        }
    }
}
