//! What a token tells of itself: it is a JWT (RFC 7519), whose second part is JSON for everybody to read.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::api::{Api, no_token};
use crate::error::Error;

/// Which of the two tokens that a handle may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The access token, or the pre-authorization token before it.
    Access,
    /// That of the dashboard.
    Dashboard,
}

#[derive(Deserialize)]
struct Claims<'a> {
    #[serde(borrow)]
    exp: Option<&'a RawValue>,
}

impl Api {
    /// When the token that is held ends, in seconds since 1970; `None` where it does not tell. Talks to nobody.
    ///
    /// # Errors
    ///
    /// [`Kind::Unauthorized`](crate::Kind): none is held.
    pub fn token_expiration(&self, side: Side) -> Result<Option<i64>, Error> {
        let token = match side {
            Side::Access => self.access_token().ok_or_else(no_token)?,
            Side::Dashboard => self.held_dashboard_token()?,
        };
        Ok(expiration(token.as_str()))
    }
}

/// The last second that is told exactly.
const LAST: f64 = 9_007_199_254_740_992.0;

/// The `exp` of a token.
fn expiration(token: &str) -> Option<i64> {
    let claims = token.split('.').nth(1)?.trim_end_matches('=');
    let json = BASE64_URL_SAFE_NO_PAD.decode(claims).map(Zeroizing::new).ok()?;
    // serde would take the first item of an array for the first field.
    let Claims { exp } = json
        .trim_ascii_start()
        .starts_with(b"{")
        .then(|| serde_json::from_slice(&json).ok())??;
    // A number, with a fraction or without (RFC 7519, NumericDate), or one as text. Rust's own parse is 13 KB more.
    let seconds: f64 = serde_json::from_str(exp?.get().trim_matches('"')).ok()?;
    (0.0..=LAST).contains(&seconds).then_some(seconds as i64)
}
