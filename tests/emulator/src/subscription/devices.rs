//! What devices use instead of a PIN: an alias, a trusted address, a certificate.

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::json;

use crate::address::{alias, local};
use crate::envelope::{self, Version};
use crate::front::{App, Peer};
use crate::reply::{self, Refusal, Reply, Segment};
use crate::tokens::Access;
use crate::world::ProfileUpdate;

/// How far the time in a certificate request may be from the emulator's clock, in seconds.
const STALE: u64 = 300;
/// The longest name of a device, in characters.
const LONGEST_NAME: usize = 48;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AliasRequest {
    user: String,
    first_name: Option<String>,
    last_name: Option<String>,
}

/// `POST authorizealias`: an access token at once, for `user@alias.local`.
pub(crate) async fn authorize_alias(State(app): State<App>, body: Bytes) -> Reply {
    let request: AliasRequest = reply::parse(&body)?;
    let user = alias(&request.user);
    if user.starts_with('@') {
        return Err(Refusal::bad("user is empty"));
    }
    let mut world = app.world.open();
    let token = world.give_access(&user, Access::default(), None);
    world.enroll(&user).profile.update(ProfileUpdate {
        first_name: request.first_name,
        last_name: request.last_name,
        ..ProfileUpdate::default()
    });
    Ok(reply::text(token))
}

#[derive(Deserialize)]
struct TrustedRequest {
    device: String,
    ver: Option<u64>,
    roaming: Option<bool>,
}

/// `POST authorize/trusted/{business}`: the token comes sealed with the locator key. Every caller of a loopback service
/// is in the trusted range.
pub(crate) async fn authorize_trusted(
    State(app): State<App>,
    Extension(Peer(peer)): Extension<Peer>,
    Segment(business): Segment,
    body: Bytes,
) -> Reply {
    let request: TrustedRequest = reply::parse(&body)?;
    check_name("device", &request.device)?;
    let version = version(request.ver)?;
    let tied_to = (request.roaming == Some(false)).then_some(peer);
    let user = local(&request.device, &format!("{business}.trusted"));
    let token = app.world.open().give_access(
        &user,
        Access {
            tied_to,
            also: Vec::new(),
        },
        Some(&business),
    );
    Ok(sealed(version, &app.locator_key, &token))
}

#[derive(Deserialize)]
struct CertificateRequest {
    crt: String,
    device: String,
    ver: Option<u64>,
    ts: i64,
}

/// `POST authorize/certificate/{id}`: request and reply are sealed with the transport key, and the token within the
/// reply with the device's own key.
pub(crate) async fn authorize_certificate(State(app): State<App>, Segment(id): Segment, body: Bytes) -> Reply {
    let id: u64 = id
        .parse()
        .map_err(|_| Refusal::bad(format!("{id:?} is no certificate id: it is a number")))?;
    let mut world = app.world.open();
    let now = world.clock.now();
    let issued = world.certificates.get(&id).cloned();
    let issued =
        issued.ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, format!("There is no certificate with id {id}")))?;

    let request = opened(&issued.transport_key, &body)?;
    check_name("device", &request.device)?;
    let version = version(request.ver)?;
    if !issued.is(&request.crt) {
        return Err(Refusal::forbidden(
            "The certificate in the request is not the one that was issued with this id",
        ));
    }
    if !issued.enabled {
        return Err(Refusal::forbidden("The certificate is disabled"));
    }
    if issued.expires <= now {
        return Err(Refusal::forbidden("The certificate has expired"));
    }
    if request.ts.abs_diff(now) > STALE {
        return Err(Refusal::forbidden(
            "The time in the request is stale: it is what GET time said a moment ago",
        ));
    }

    let user = local(&request.device, &format!("{id}.certificate"));
    let token = world.give_access(&user, Access::default(), None);
    let token = issued.seal(&token).map_err(|error| {
        Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("The token does not fit the device's key: {error}"),
        )
    })?;
    Ok(sealed(version, &issued.transport_key, &token))
}

/// The reply of both flows: base64 of an envelope with `access_token` in it.
fn sealed(version: Version, key: &str, access_token: &str) -> axum::response::Response {
    let payload = json!({ "access_token": access_token }).to_string();
    reply::text(BASE64_STANDARD.encode(envelope::seal(version, key, payload.as_bytes())))
}

/// The request in an envelope. Nothing says its version: the right one gives JSON.
fn opened(transport_key: &str, body: &Bytes) -> Result<CertificateRequest, Refusal> {
    let no_envelope = || Refusal::bad("The body is not base64 of an envelope");
    let envelope = BASE64_STANDARD.decode(body.trim_ascii()).map_err(|_| no_envelope())?;
    if !envelope.starts_with(envelope::MARK) {
        return Err(no_envelope());
    }
    let open = |version| envelope::open(version, transport_key, &envelope);
    if let Some(payload) = open(Version::Gcm) {
        return reply::parse(&payload.into());
    }
    let older = [Version::Ctr, Version::Cbc].into_iter().filter_map(open);
    older
        .filter_map(|payload| reply::parse(&payload.into()).ok())
        .next()
        .ok_or_else(|| Refusal::forbidden("The request does not open with the transport key of this certificate"))
}

/// The version of envelope that is wanted back; absent, it is the first.
fn version(ver: Option<u64>) -> Result<Version, Refusal> {
    let number = ver.unwrap_or(1);
    Version::of_number(number).ok_or_else(|| Refusal::bad(format!("ver is 1, 2 or 3, not {number}")))
}

/// A device's name has 1 to 48 characters.
pub(crate) fn check_name(field: &str, name: &str) -> Result<(), Refusal> {
    match name.chars().count() {
        1..=LONGEST_NAME => Ok(()),
        count => Err(Refusal::bad(format!(
            "{field} has {count} characters: a device's name has 1 to {LONGEST_NAME}"
        ))),
    }
}
