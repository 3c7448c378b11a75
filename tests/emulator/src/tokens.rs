//! The tokens the service gave out, and who comes with one.

use std::collections::HashMap;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::json;

use crate::front::{App, Peer};
use crate::random;
use crate::reply::Refusal;
use crate::world::Profile;

/// Seconds a pre-authorization token is good for: the time to read a mail.
const PRE_AUTHORIZATION_LIFE: i64 = 60 * 60;
/// Seconds an access token is good for: long, so that a moved clock can outlive keys without a new sign-in.
const ACCESS_LIFE: i64 = 30 * 24 * 60 * 60;

/// What a token is good for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Asked for access: may validate its PIN, and be exchanged once that is done.
    PreAuthorization {
        pin: Option<String>,
        validated: bool,
        profile: Profile,
    },
    /// Signed in: good for the subscription, validation and dashboard services; one that is tied
    /// to an address, from there only.
    Access { tied_to: Option<IpAddr> },
}

impl Kind {
    fn name(&self) -> &'static str {
        match self {
            Kind::PreAuthorization { .. } => "pre-authorization",
            Kind::Access { .. } => "access",
        }
    }

    fn life(&self) -> i64 {
        match self {
            Kind::PreAuthorization { .. } => PRE_AUTHORIZATION_LIFE,
            Kind::Access { .. } => ACCESS_LIFE,
        }
    }
}

/// One token that was given out.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) user: String,
    pub(crate) kind: Kind,
    expires: i64,
}

/// All tokens that were given out, by their text.
#[derive(Default)]
pub(crate) struct Tokens(HashMap<String, Token>);

impl Tokens {
    /// Makes a token in the shape of a JWT, short enough to be sealed to an RSA key. The random part keeps any two from
    /// being equal; the signature is random too, since only this table decides what a token is worth.
    pub(crate) fn mint(
        &mut self,
        now: i64,
        user: &str,
        kind: Kind,
        subscriber: Option<u64>,
        business: Option<&str>,
    ) -> String {
        let expires = now + kind.life();
        let mut claims = json!({ "use": kind.name(), "iat": now, "exp": expires });
        claims["jti"] = BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<16>()).into();
        if let Some(subscriber) = subscriber {
            claims["sub"] = subscriber.to_string().into();
        }
        if let Some(business) = business {
            claims["business"] = business.into();
        }
        let [header, claims] =
            [json!({ "alg": "HS256" }), claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part.to_string()));
        let token = format!("{header}.{claims}.{}", random::name());
        let user = user.to_owned();
        self.0.insert(token.clone(), Token { user, kind, expires });
        token
    }

    /// The token's record, unless it is unknown or past its time.
    pub(crate) fn find(&mut self, now: i64, token: &str) -> Result<&mut Token, Refusal> {
        match self.0.get_mut(token) {
            None => Err(Refusal::unauthorized("The token is not known")),
            Some(found) if found.expires <= now => Err(Refusal::unauthorized("The token has expired")),
            Some(found) => Ok(found),
        }
    }
}

/// A caller with a pre-authorization token.
pub(crate) struct PreAuthorized {
    pub(crate) token: String,
}

/// A caller with an access token.
pub(crate) struct Authorized {
    pub(crate) user: String,
}

impl FromRequestParts<App> for PreAuthorized {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let (token, found) = presented(&parts.headers, app)?;
        match found.kind {
            Kind::PreAuthorization { .. } => Ok(PreAuthorized { token }),
            other => Err(Refusal::unauthorized(format!(
                "This call takes a pre-authorization token, not the {} token that came",
                other.name()
            ))),
        }
    }
}

impl FromRequestParts<App> for Authorized {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let (_, found) = presented(&parts.headers, app)?;
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0);
        match found.kind {
            Kind::Access { tied_to } if tied_to.is_some() && tied_to != peer => Err(Refusal::unauthorized(
                "The token is tied to another address than the caller's",
            )),
            Kind::Access { .. } => Ok(Authorized { user: found.user }),
            other => Err(Refusal::unauthorized(format!(
                "This call takes an access token, not the {} token that came",
                other.name()
            ))),
        }
    }
}

fn presented(headers: &HeaderMap, app: &App) -> Result<(String, Token), Refusal> {
    let token = bearer(headers).ok_or_else(|| Refusal::unauthorized("No token came with this call"))?;
    let mut world = app.world.open();
    let now = world.clock.now();
    let found = world.tokens.find(now, token)?.clone();
    Ok((token.to_owned(), found))
}

/// The text after `Bearer`, with which some clients send no blank before and others no blank after the colon.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_at_checked("Bearer".len())?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty()).then_some(token)
}
