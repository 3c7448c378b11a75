//! Randomness, all of it from the operating system.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// Fresh random bytes.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// 32 random bytes as 43 base64url characters: a locator, or part of a token.
pub(crate) fn name() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// Six random digits. Text, since the first may be a zero.
pub(crate) fn pin() -> String {
    format!("{:06}", u32::from_le_bytes(bytes()) % 1_000_000)
}
