//! What is a key and what is none, and what made keys consist of.

use proptest::prelude::*;
use xq_sealing::{Algorithm, Error, Key, MAX_MIXED_BYTES, make_key};

#[test]
fn a_prefix_tells_what_a_key_seals_with() {
    let with = |text: &str| Key::parse(text).expect("a key").algorithm();
    for (text, algorithm) in [
        (".1k", Algorithm::Gcm),
        (".2k", Algorithm::Ctr),
        (".5k", Algorithm::Ctr),
        (".Bk", Algorithm::Otp),
        (".Xk", Algorithm::Otp),
    ] {
        assert_eq!(with(text), Ok(algorithm), "{text}");
    }
    // Opened, but not sealed with.
    for text in [".3k", ".Ak", "k", "1k", "."] {
        assert!(matches!(with(text), Err(Error::Argument(_))), "{text}");
    }
}

#[test]
fn a_key_has_a_known_prefix_and_more() {
    for text in ["", ".1", ".B", ".A", ".0k", ".4k", ".bk", ".ak", "..k", ".äk", ".\0k"] {
        assert!(matches!(Key::parse(text), Err(Error::Crypto(_))), "{text}");
    }
}

#[test]
fn a_key_is_not_in_its_debug() {
    let shown = format!("{:?}", Key::parse(".1a-password").expect("a key"));
    assert!(!shown.contains("a-password"), "{shown}");
}

#[test]
fn made_keys_have_their_alphabet_and_length() {
    for (algorithm, prefix, size) in [
        (Algorithm::Gcm, ".1", 16),
        (Algorithm::Ctr, ".2", 16),
        (Algorithm::Otp, ".B", 64),
    ] {
        let key = make_key(algorithm, MAX_MIXED_BYTES, b"service", b"system").expect("a key");
        let digits = key.strip_prefix(prefix).expect("its prefix");
        assert_eq!(digits.len(), MAX_MIXED_BYTES);
        let is_digit = |c: char| match size {
            16 => matches!(c, '0'..='9' | 'a'..='f'),
            _ => c.is_ascii_alphanumeric() || "-_".contains(c),
        };
        assert!(digits.chars().all(is_digit), "{algorithm:?}");
        // All of the digits come, and none much more often than another.
        let mut counts = [0; 128];
        digits.bytes().for_each(|digit| counts[usize::from(digit)] += 1);
        let counts: Vec<usize> = counts.into_iter().filter(|count| *count > 0).collect();
        let mean = MAX_MIXED_BYTES / size;
        assert_eq!(counts.len(), size);
        assert!(
            counts.iter().all(|count| (mean / 2..2 * mean).contains(count)),
            "{counts:?}"
        );
    }
}

#[test]
fn a_key_is_no_longer_than_one_mixture() {
    for length in [MAX_MIXED_BYTES + 1, usize::MAX] {
        let refused = make_key(Algorithm::Otp, length, b"service", b"system");
        assert!(matches!(refused, Err(Error::Argument(_))), "{length}");
    }
    assert_eq!(
        make_key(Algorithm::Gcm, 0, b"", b"").as_deref().map(String::as_str),
        Ok(".1")
    );
}

proptest! {
    /// Neither source alone decides.
    #[test]
    fn both_sources_make_a_key(service in any::<[u8; 16]>(), system in any::<[u8; 16]>(), at in 0..16_usize, bit in 0..8) {
        let key = |service: &[u8], system: &[u8]| make_key(Algorithm::Gcm, 64, service, system).expect("a key").to_string();
        let changed = |mut bytes: [u8; 16]| { bytes[at] ^= 1u8 << bit; bytes };
        prop_assert_eq!(key(&service, &system), key(&service, &system));
        prop_assert_ne!(key(&changed(service), &system), key(&service, &system));
        prop_assert_ne!(key(&service, &changed(system)), key(&service, &system));
    }
}
