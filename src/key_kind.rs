//! What a private key is that is no RSA key to be used: named, so that the reader sees which file was taken for which.

use alloc::borrow::Cow;

use rsa::pkcs8::ObjectIdentifier;
use rsa::pkcs8::der::asn1::AnyRef;
use rsa::pkcs8::der::{Decode, Tag, Tagged};

use crate::platform::prelude::*;

/// Whether `bytes` are DER as keys come in, from the first to the last.
pub(crate) fn is_der(bytes: &[u8]) -> bool {
    Vec::<AnyRef>::from_der(bytes).is_ok()
}

/// What PEM says that it is, such as "is an EC key"; `None` where that is nothing known.
pub(crate) fn in_pem(text: &str) -> Option<&'static str> {
    const LABELS: [(&str, &str); 4] = [
        ("-----BEGIN EC PRIVATE KEY-----", "is an EC key"),
        ("-----BEGIN DSA PRIVATE KEY-----", "is a DSA key"),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----",
            "is in the form of OpenSSH, of which ssh-keygen -p -m PEM makes PEM",
        ),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----", ENCRYPTED),
    ];
    let (_, what) = LABELS.into_iter().find(|(label, _)| text.contains(label))?;
    Some(what)
}

/// The same of DER.
pub(crate) fn in_der(der: &[u8]) -> Option<Cow<'static, str>> {
    use Tag::{Integer, OctetString, Sequence};
    let items = Vec::<AnyRef>::from_der(der).ok()?;
    let tags: Vec<Tag> = items.iter().map(Tagged::tag).collect();
    match tags[..] {
        // SEC 1.
        [Integer, OctetString, ..] => Some("is an EC key".into()),
        // As OpenSSL writes it: the version, p, q, g and the two halves.
        [Integer, Integer, Integer, Integer, Integer, Integer] => Some("is a DSA key".into()),
        // PKCS#8, open and encrypted.
        [Integer, Sequence, OctetString, ..] => of_algorithm(items[1]),
        [Sequence, OctetString] => Some(ENCRYPTED.into()),
        _ => None,
    }
}

const ENCRYPTED: &str = "is encrypted";

/// The same by the algorithm that PKCS#8 names.
fn of_algorithm(algorithm: AnyRef) -> Option<Cow<'static, str>> {
    let parts = algorithm.decode_as::<Vec<AnyRef>>().ok()?;
    let id = parts.first()?.decode_as::<ObjectIdentifier>().ok()?.to_string();
    let known = match id.as_str() {
        "1.2.840.113549.1.1.1" => return None,
        "1.2.840.10045.2.1" => "is an EC key",
        "1.2.840.10040.4.1" => "is a DSA key",
        "1.3.101.110" => "is an X25519 key",
        "1.3.101.111" => "is an X448 key",
        "1.3.101.112" => "is an Ed25519 key",
        "1.3.101.113" => "is an Ed448 key",
        other => return Some(format!("is one of the algorithm {other}").into()),
    };
    Some(known.into())
}
