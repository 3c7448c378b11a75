//! The validation service: stored keys.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::{delete, get, patch, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::address::identity;
use crate::front::App;
use crate::packet;
use crate::reply::{self, Params, Refusal, Reply, Segment};
use crate::tokens::Authorized;

/// The calls of this service, below its base. Java grants and revokes under `OPTIONS`.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/expiration/{locator}", get(expiration))
        .route("/grant/{locator}", post(grant).options(grant))
        .route("/key", delete(revoke_many))
        .route("/key/{locator}", get(fetch).delete(revoke))
        .route("/keys", post(fetch_many))
        .route("/packet", post(store))
        .route("/revoke/{locator}", patch(deny).options(deny))
}

/// `POST packet`: stores what `POST packet` on the subscription service made.
async fn store(State(app): State<App>, _: Authorized, body: Bytes) -> Reply {
    // Some clients send the text as a JSON string.
    let quoted = serde_json::from_slice::<String>(&body).ok();
    let text = quoted
        .as_deref()
        .or(std::str::from_utf8(&body).ok())
        .unwrap_or_default();
    let mut world = app.world.open();
    let packet = world.sealer.open(text.trim());
    let (maker, packet) = packet.ok_or_else(|| Refusal::bad("The submitted packet is not valid"))?;
    let owner = world.subscribers.get(&identity(&packet.terms.owner));
    if owner.is_none_or(|owner| owner.id != maker) {
        return Err(Refusal::bad("Who made the packet is a subscriber no longer"));
    }
    Ok(reply::text(world.vault.store(packet)))
}

/// `GET key/{locator}`
async fn fetch(State(app): State<App>, caller: Authorized, Segment(locator): Segment) -> Reply {
    let mut world = app.world.open();
    let now_ms = world.clock.now_ms();
    Ok(reply::text(world.vault.fetch(now_ms, &caller, &locator)?))
}

/// `POST keys`: those that the caller may have, in the order asked for.
async fn fetch_many(State(app): State<App>, caller: Authorized, body: Bytes) -> Reply {
    let locators: Vec<String> = reply::parse_any(&body)?;
    let mut world = app.world.open();
    let now_ms = world.clock.now_ms();
    let one = |locator: String| {
        let key = world.vault.fetch(now_ms, &caller, &locator).ok()?;
        Some(BTreeMap::from([(locator, key)]))
    };
    let exported: Vec<_> = locators.into_iter().filter_map(one).collect();
    Ok(reply::json(&json!({ "exported": exported })))
}

/// `DELETE key/{locator}`
async fn revoke(State(app): State<App>, caller: Authorized, Segment(locator): Segment) -> Reply {
    let mut world = app.world.open();
    let now_ms = world.clock.now_ms();
    world.vault.revoke(now_ms, &caller, &locator)?;
    Ok(reply::done())
}

#[derive(Deserialize)]
struct Tokens {
    tokens: Vec<String>,
}

/// `DELETE key?tokens=L1,L2`, or with them in the body: JavaScript sends both. All are revoked, or none.
async fn revoke_many(State(app): State<App>, caller: Authorized, params: Params, body: Bytes) -> Reply {
    let in_query = params.get("tokens").unwrap_or_default().split(',');
    let mut locators: Vec<String> = in_query.filter(|text| !text.is_empty()).map(str::to_owned).collect();
    if !body.is_empty() {
        locators.extend(reply::parse::<Tokens>(&body)?.tokens);
    }
    if locators.is_empty() {
        return Err(Refusal::bad("No locator tokens came with this call: key?tokens=L1,L2"));
    }
    let mut world = app.world.open();
    let now_ms = world.clock.now_ms();
    world.vault.revoke_many(now_ms, &caller, &locators)?;
    Ok(reply::done())
}

#[derive(Deserialize)]
struct Recipients {
    #[serde(default)]
    recipients: Value,
}

/// `POST grant/{locator}`
async fn grant(State(app): State<App>, caller: Authorized, Segment(locator): Segment, body: Bytes) -> Reply {
    let recipients = packet::recipients(&reply::parse::<Recipients>(&body)?.recipients)?;
    let mut world = app.world.open();
    let now_ms = world.clock.now_ms();
    world.vault.grant(now_ms, &caller, &locator, recipients)?;
    Ok(reply::done())
}

/// `PATCH revoke/{locator}`
async fn deny(State(app): State<App>, caller: Authorized, Segment(locator): Segment, body: Bytes) -> Reply {
    let recipients = packet::recipients(&reply::parse::<Recipients>(&body)?.recipients)?;
    let mut world = app.world.open();
    let now_ms = world.clock.now_ms();
    world.vault.deny(now_ms, &caller, &locator, recipients)?;
    Ok(reply::done())
}

/// `GET expiration/{locator}`: seconds left, a begun one counted whole; 0 where the key has expired.
async fn expiration(State(app): State<App>, caller: Authorized, Segment(locator): Segment) -> Reply {
    let mut world = app.world.open();
    let now_ms = world.clock.now_ms();
    let left = world.vault.time_left(now_ms, &caller, &locator)?;
    Ok(reply::json(
        &json!({ "expiresOn": left.div_euclid(1000) + i64::from(left % 1000 > 0) }),
    ))
}
