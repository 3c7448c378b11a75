//! The quantum service: entropy.

use std::fmt::Write;

use axum::Router;
use axum::routing::get;
use base64::{Engine, prelude::BASE64_STANDARD};

use crate::front::App;
use crate::random;
use crate::reply::{self, Params, Refusal, Reply};

/// Bits when the call does not say.
const DEFAULT_BITS: usize = 256;
/// The most bits in one reply.
const MOST_BITS: usize = 1 << 20;

/// The one call of this service, at its base.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/", get(entropy))
}

/// `GET /?ks=BITS`: hexadecimal digits in base64, four bits to the digit.
async fn entropy(params: Params) -> Reply {
    let bits = match params.get("ks") {
        None => DEFAULT_BITS,
        Some(text) => text
            .parse()
            .ok()
            .filter(|bits| (1..=MOST_BITS).contains(bits) && bits % 4 == 0)
            .ok_or_else(|| {
                Refusal::bad(format!(
                    "ks is a number of bits, a multiple of 4 up to {MOST_BITS}, not {text:?}"
                ))
            })?,
    };
    let mut digits = String::with_capacity(bits / 4);
    while digits.len() < bits / 4 {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{:032x}", u128::from_le_bytes(random::bytes()));
    }
    digits.truncate(bits / 4);
    Ok(reply::text(BASE64_STANDARD.encode(digits)))
}
