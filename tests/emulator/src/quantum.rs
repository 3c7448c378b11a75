//! The quantum service: entropy.

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

/// `GET /?ks=BITS`: hexadecimal digits in base64, four bits to the digit, a begun digit counted whole.
/// `GET /?raw=1&ks=BITS`: as many characters, each `0` or `1`.
async fn entropy(params: Params) -> Reply {
    let bits = match params.get("ks") {
        None => DEFAULT_BITS,
        Some(text) => text
            .parse()
            .ok()
            .filter(|bits| (1..=MOST_BITS).contains(bits))
            .ok_or_else(|| Refusal::bad(format!("ks is a number of bits up to {MOST_BITS}, not {text:?}")))?,
    };
    match params.get("raw") {
        Some("1") => Ok(reply::text(drawn(bits, |word| format!("{word:0128b}")))),
        None | Some("0") => {
            let digits = drawn(bits.div_ceil(4), |word| format!("{word:032x}"));
            Ok(reply::text(BASE64_STANDARD.encode(digits)))
        }
        Some(other) => Err(Refusal::bad(format!("raw is 0, 1 or absent, not {other:?}"))),
    }
}

/// So many random characters, as `show` writes them.
fn drawn(count: usize, show: impl Fn(u128) -> String) -> String {
    let mut drawn = String::with_capacity(count + 128);
    while drawn.len() < count {
        drawn.push_str(&show(u128::from_le_bytes(random::bytes())));
    }
    drawn.truncate(count);
    drawn
}
