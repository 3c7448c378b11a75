//! Envelopes of other implementations open; what is broken does not.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use proptest::prelude::*;
use serde_json::Value;
use xq_sealing::Error;
use xq_sealing::envelope::{Version, open, seal};

fn rows(text: &str) -> Vec<(Version, String, Vec<u8>, Value)> {
    let rows: Vec<Value> = serde_json::from_str(text).expect("the vectors parse");
    let rows = rows.into_iter().map(|row| {
        let version = match row["version"].as_u64() {
            Some(1) => Version::Cbc,
            Some(2) => Version::Ctr,
            Some(3) => Version::Gcm,
            other => panic!("version {other:?}"),
        };
        let key = row["key"].as_str().expect("a string").to_owned();
        (version, key, bytes(&row["envelope_base64"]), row)
    });
    rows.collect()
}

fn bytes(value: &Value) -> Vec<u8> {
    BASE64_STANDARD
        .decode(value.as_str().expect("a string"))
        .expect("base64")
}

#[test]
fn envelopes_of_other_implementations_open() {
    let rows = rows(include_str!("../../../tests/vectors/envelopes.json"));
    assert_eq!(rows.len(), 27);
    for (version, key, envelope, row) in rows {
        assert_eq!(open(version, &key, &envelope), Ok(bytes(&row["plaintext_base64"])));
    }
}

#[test]
fn broken_envelopes_are_refused() {
    let rows = rows(include_str!("../../../tests/vectors/broken_envelopes.json"));
    assert_eq!(rows.len(), 16);
    for (version, key, envelope, row) in rows {
        assert!(
            matches!(open(version, &key, &envelope), Err(Error::Crypto(_))),
            "{}",
            row["why"]
        );
    }
}

fn version() -> impl Strategy<Value = Version> {
    prop_oneof![Just(Version::Cbc), Just(Version::Ctr), Just(Version::Gcm)]
}

/// Other bytes each time.
fn fresh(bytes: &mut [u8]) -> Result<(), Error> {
    use std::hash::{BuildHasher, RandomState};
    for part in bytes.chunks_mut(8) {
        part.copy_from_slice(&RandomState::new().hash_one(0).to_le_bytes()[..part.len()]);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_sealed_opens(version in version(), key in ".*", text in any::<Vec<u8>>()) {
        let envelope = seal(version, &key, &text, &mut fresh).unwrap();
        prop_assert_eq!(&open(version, &key, &envelope).unwrap(), &text);
        // Salt and nonce are fresh each time.
        let again = seal(version, &key, &text, &mut fresh).unwrap();
        prop_assert_ne!(&again[8..16], &envelope[8..16]);
        if version == Version::Gcm {
            prop_assert_ne!(&again[24..36], &envelope[24..36]);
        }
    }

    #[test]
    fn a_changed_or_cut_envelope_of_version_3_is_refused(text in any::<Vec<u8>>(), at in any::<prop::sample::Index>(), bit in 0..8) {
        let envelope = seal(Version::Gcm, "key", &text, &mut fresh).unwrap();
        let at = at.index(envelope.len());
        let mut changed = envelope.clone();
        changed[at] ^= 1u8 << bit;
        prop_assert!(open(Version::Gcm, "key", &changed).is_err());
        prop_assert!(open(Version::Gcm, "key", &envelope[..at]).is_err());
    }

    #[test]
    fn opening_takes_any_bytes(version in version(), key in ".*", marked in any::<bool>(), bytes in any::<Vec<u8>>()) {
        let mut envelope = if marked { b"Salted__".to_vec() } else { vec![] };
        envelope.extend(bytes);
        let _ = open(version, &key, &envelope);
    }
}
