//! Making key packets, and making and storing them in one call.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;

use crate::front::App;
use crate::packet::{Packet, PacketRequest, Terms, checked_key};
use crate::reply::{self, Object, Refusal, Reply};
use crate::tokens::Authorized;
use crate::world::Records;

/// How many hours a packet lives when its request does not say.
const HOURS: f64 = 24.0;
/// How many units a row of a batch does, and which these are.
const ROW_UNITS: f64 = 1.0;
const ROW_UNIT: &str = "days";

/// `POST packet`: the encrypted packet, which nobody can find until the validation service has it.
pub(crate) async fn make(State(app): State<App>, caller: Authorized, body: Bytes) -> Reply {
    let request: PacketRequest = reply::parse(&body)?;
    let mut world = app.world.open();
    let terms = request.terms(&caller.user, world.clock.now_ms(), HOURS, "hours")?;
    let packet = Packet {
        terms,
        key: request.one_key()?,
    };
    let maker = world.enroll(&caller.user).id;
    let sealed = world
        .sealer
        .seal(maker, &packet)
        .ok_or_else(|| Refusal::bad("The packet is too large to be encrypted"))?;
    Ok(reply::text(sealed))
}

/// `POST packet/add`: one key gives its locator, many give a list in the keys' order.
pub(crate) async fn add(State(app): State<App>, caller: Authorized, body: Bytes) -> Reply {
    let mut request: PacketRequest = reply::parse(&body)?;
    let mut world = app.world.open();
    let terms = request.terms(&caller.user, world.clock.now_ms(), HOURS, "hours")?;
    if request.key.is_some() {
        let key = request.one_key()?;
        return Ok(reply::text(world.vault.store(Packet { terms, key })));
    }
    match request.keys.take() {
        None => Err(Refusal::bad("key or keys is missing")),
        Some(keys) if keys.is_empty() => Err(Refusal::bad("keys is empty")),
        Some(keys) => {
            let keys = keys.into_iter().map(checked_key).collect::<Result<Vec<_>, _>>()?;
            Ok(stored(&mut world, keys.into_iter().map(|key| (terms.clone(), key))))
        }
    }
}

#[derive(Deserialize)]
struct Batch {
    entries: Vec<Object<PacketRequest>>,
}

/// `POST packet/batch`: rows with terms of their own. All are stored, or none.
pub(crate) async fn batch(State(app): State<App>, caller: Authorized, body: Bytes) -> Reply {
    let Batch { entries } = reply::parse(&body)?;
    if entries.is_empty() {
        return Err(Refusal::bad("entries is empty"));
    }
    let mut world = app.world.open();
    let now_ms = world.clock.now_ms();
    let row = |Object(entry): Object<PacketRequest>| {
        let unit = entry.unit.as_deref().unwrap_or(ROW_UNIT);
        let terms = entry.terms(&caller.user, now_ms, ROW_UNITS, unit)?;
        Ok((terms, entry.one_key()?))
    };
    let numbered = |(n, entry)| row(entry).map_err(|refusal: Refusal| refusal.within(&format!("entries[{n}]")));
    let rows = entries
        .into_iter()
        .enumerate()
        .map(numbered)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(stored(&mut world, rows))
}

/// Stores them, and tells each key's locator in the same order.
fn stored(world: &mut Records, rows: impl IntoIterator<Item = (Terms, String)>) -> axum::response::Response {
    let one = |(terms, key): (Terms, String)| {
        let locator = world.vault.store(Packet {
            terms,
            key: key.clone(),
        });
        BTreeMap::from([(key, locator)])
    };
    let tokens: Vec<_> = rows.into_iter().map(one).collect();
    reply::json(&json!({ "tokens": tokens }))
}
