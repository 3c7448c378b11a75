//! The tokens the service gave out, and who comes with one.

use std::collections::HashMap;
use std::iter;
use std::net::{IpAddr, Ipv4Addr};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::json;

use crate::address::{is_certified, same};
use crate::front::{App, Peer};
use crate::random;
use crate::reply::Refusal;
use crate::world::ProfileUpdate;

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
        told: ProfileUpdate,
    },
    /// Signed in: good for the subscription, validation and dashboard services.
    Access(Access),
    /// On the way to the dashboard: to be verified.
    Login {
        /// The business that was asked for.
        workspace: Option<u64>,
        /// It is the code of a mailed link, and works once.
        mailed: bool,
    },
    /// Signed in to the dashboard: good there, for one business, and to be exchanged for an access token.
    Dashboard { business: u64 },
}

/// What an access token is good for beyond its own user.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Access {
    /// The one address it is good from; none: from any.
    pub(crate) tied_to: Option<IpAddr>,
    /// The other users of a combined token.
    pub(crate) also: Vec<String>,
}

impl Kind {
    fn name(&self) -> &'static str {
        match self {
            Kind::PreAuthorization { .. } => "pre-authorization",
            Kind::Access(_) => "access",
            Kind::Login { .. } => "dashboard pre-authorization",
            Kind::Dashboard { .. } => "dashboard",
        }
    }

    fn life(&self) -> i64 {
        match self {
            Kind::PreAuthorization { .. } | Kind::Login { .. } => PRE_AUTHORIZATION_LIFE,
            Kind::Access(_) | Kind::Dashboard { .. } => ACCESS_LIFE,
        }
    }
}

/// One token that was given out.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) user: String,
    pub(crate) kind: Kind,
    expires: i64,
    /// Given up, or its user is gone.
    ended: bool,
}

impl Token {
    /// What it is good for, where it is an access token that may be used from this address.
    pub(crate) fn usable_from(&self, peer: IpAddr) -> Option<&Access> {
        match &self.kind {
            Kind::Access(access) if access.tied_to.is_none_or(|address| address == peer) => Some(access),
            _ => None,
        }
    }
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
        // A device's RSA key takes no more than 245 bytes, and its address may be longer than that.
        claims["sub"] = match subscriber {
            Some(id) if is_certified(user) => id.to_string().into(),
            _ => user.into(),
        };
        if matches!(kind, Kind::Dashboard { .. }) {
            claims["iss"] = "dashboard".into();
        }
        if let Some(business) = business {
            claims["business"] = business.into();
        }
        let [header, claims] =
            [json!({ "alg": "HS256" }), claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part.to_string()));
        let token = format!("{header}.{claims}.{}", random::name());
        let user = user.to_owned();
        self.0.insert(
            token.clone(),
            Token {
                user,
                kind,
                expires,
                ended: false,
            },
        );
        token
    }

    /// The token's record, unless it is unknown, ended or past its time.
    pub(crate) fn find(&mut self, now: i64, token: &str) -> Result<&mut Token, Refusal> {
        match self.0.get_mut(token) {
            None => Err(Refusal::unauthorized("The token is not known")),
            Some(found) if found.ended => Err(Refusal::unauthorized("The token was given up")),
            Some(found) if found.expires <= now => Err(Refusal::unauthorized("The token has expired")),
            Some(found) => Ok(found),
        }
    }

    /// Whom the link with this code was mailed to; the code works once.
    pub(crate) fn mailed_to(&mut self, now: i64, code: &str) -> Result<String, Refusal> {
        match self.find(now, code) {
            Ok(token) if matches!(token.kind, Kind::Login { mailed: true, .. }) => Ok(token.user.clone()),
            _ => Err(Refusal::unauthorized(
                "pwd is no code of a mailed link, or was used before, or has expired",
            )),
        }
    }

    /// Ends one token.
    pub(crate) fn end(&mut self, token: &str) {
        if let Some(token) = self.0.get_mut(token) {
            token.ended = true;
        }
    }

    /// Ends all tokens of a user, combined ones too.
    pub(crate) fn end_all(&mut self, user: &str) {
        for token in self.0.values_mut() {
            let also = matches!(&token.kind, Kind::Access(access) if access.also.iter().any(|other| same(other, user)));
            token.ended |= also || same(&token.user, user);
        }
    }
}

/// A caller with a pre-authorization token.
pub(crate) struct PreAuthorized {
    pub(crate) token: String,
}

/// A caller with an access token.
pub(crate) struct Authorized {
    pub(crate) token: String,
    pub(crate) user: String,
    pub(crate) access: Access,
    pub(crate) peer: IpAddr,
}

/// A caller with a dashboard token.
pub(crate) struct FromDashboard {
    pub(crate) user: String,
    pub(crate) business: u64,
}

/// A caller on the way to the dashboard.
pub(crate) struct LoggingIn {
    pub(crate) token: String,
    pub(crate) user: String,
    pub(crate) workspace: Option<u64>,
    pub(crate) mailed: bool,
}

/// A caller of the dashboard, with an access token or a dashboard token.
pub(crate) struct OnDashboard {
    pub(crate) user: String,
}

impl Authorized {
    /// The users that the caller may act for.
    pub(crate) fn users(&self) -> impl Iterator<Item = &String> {
        iter::once(&self.user).chain(&self.access.also)
    }

    /// Whether the caller may act for this user.
    pub(crate) fn is(&self, user: &str) -> bool {
        self.users().any(|own| same(own, user))
    }
}

impl FromRequestParts<App> for PreAuthorized {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let (token, found, _) = presented(parts, app)?;
        match found.kind {
            Kind::PreAuthorization { .. } => Ok(PreAuthorized { token }),
            other => Err(mistaken("a pre-authorization token", &other)),
        }
    }
}

impl FromRequestParts<App> for Authorized {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let (token, found, peer) = presented(parts, app)?;
        match found.kind {
            Kind::Access(access) => Ok(Authorized {
                token,
                user: found.user,
                access,
                peer,
            }),
            other => Err(mistaken("an access token", &other)),
        }
    }
}

impl FromRequestParts<App> for FromDashboard {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let (_, found, _) = presented(parts, app)?;
        match found.kind {
            Kind::Dashboard { business } if app.world.open().businesses.acts(&found.user, business) => {
                Ok(FromDashboard {
                    user: found.user,
                    business,
                })
            }
            Kind::Dashboard { .. } => Err(Refusal::unauthorized(
                "The token is for a business that you may act for no longer",
            )),
            other => Err(mistaken("a dashboard token", &other)),
        }
    }
}

impl FromRequestParts<App> for LoggingIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let (token, found, _) = presented(parts, app)?;
        match found.kind {
            Kind::Login { workspace, mailed } => Ok(LoggingIn {
                token,
                user: found.user,
                workspace,
                mailed,
            }),
            other => Err(mistaken("the pre-authorization token of a dashboard login", &other)),
        }
    }
}

impl FromRequestParts<App> for OnDashboard {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let (_, found, _) = presented(parts, app)?;
        match found.kind {
            Kind::Access(_) | Kind::Dashboard { .. } => Ok(OnDashboard { user: found.user }),
            other => Err(mistaken("an access token or a dashboard token", &other)),
        }
    }
}

fn mistaken(wanted: &str, came: &Kind) -> Refusal {
    Refusal::unauthorized(format!(
        "This call takes {wanted}, not the {} token that came",
        came.name()
    ))
}

/// The token that came, its record, and the address it came from.
fn presented(parts: &Parts, app: &App) -> Result<(String, Token, IpAddr), Refusal> {
    let token = bearer(&parts.headers).ok_or_else(|| Refusal::unauthorized("No token came with this call"))?;
    let peer = parts
        .extensions
        .get::<Peer>()
        .map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.0);
    let mut world = app.world.open();
    let now = world.clock.now();
    let found = world.tokens.find(now, token)?.clone();
    if matches!(found.kind, Kind::Access(_)) && found.usable_from(peer).is_none() {
        return Err(Refusal::unauthorized(
            "The token is tied to another address than the caller's",
        ));
    }
    Ok((token.to_owned(), found, peer))
}

/// The text after `Bearer` and a blank.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_at_checked("Bearer".len())?;
    let token = token.strip_prefix(' ')?.trim();
    (scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty()).then_some(token)
}
