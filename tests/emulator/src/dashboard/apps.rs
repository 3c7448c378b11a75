//! What only the JavaScript SDK has: applications, and the log of what was done here.

use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;

use super::{id, named, number, page};
use crate::business::{Application, EVENT_TYPES, Event, missing};
use crate::front::App;
use crate::reply::{self, Params, Refusal, Reply, Segment};
use crate::tokens::FromDashboard;
use crate::world::Records;

#[derive(Deserialize)]
struct Change {
    name: Option<String>,
    desc: Option<String>,
}

/// `POST devapp`
pub(super) async fn add(State(app): State<App>, caller: FromDashboard, body: Bytes) -> Reply {
    let Change { name, desc } = reply::parse(&body)?;
    let name = named(name.ok_or_else(|| Refusal::bad("name is missing"))?)?;
    let mut world = app.world.open();
    let id = world.businesses.next_id();
    note(&mut world, &caller, &name);
    world.businesses.applications.push(Application {
        id,
        bid: caller.business,
        name,
        desc: desc.unwrap_or_default(),
    });
    Ok(reply::json(&json!({ "id": id })))
}

/// `GET devapps`
pub(super) async fn all(State(app): State<App>, caller: FromDashboard) -> Reply {
    let world = app.world.open();
    let own = |one: &&Application| one.bid == caller.business;
    let apps: Vec<_> = world.businesses.applications.iter().filter(own).collect();
    Ok(reply::json(&json!({ "apps": apps })))
}

/// `PATCH devapp/{id}`: what is absent stays.
pub(super) async fn change(
    State(app): State<App>,
    caller: FromDashboard,
    Segment(given): Segment,
    body: Bytes,
) -> Reply {
    let id = id(&given)?;
    let Change { name, desc } = reply::parse(&body)?;
    let name = name.map(named).transpose()?;
    let mut world = app.world.open();
    let place = place(&world, caller.business, id)?;
    let application = &mut world.businesses.applications[place];
    application.name = name.unwrap_or(std::mem::take(&mut application.name));
    application.desc = desc.unwrap_or(std::mem::take(&mut application.desc));
    let name = application.name.clone();
    note(&mut world, &caller, &name);
    Ok(reply::done())
}

/// `DELETE devapp/{id}`
pub(super) async fn remove(State(app): State<App>, caller: FromDashboard, Segment(given): Segment) -> Reply {
    let id = id(&given)?;
    let mut world = app.world.open();
    let place = place(&world, caller.business, id)?;
    let name = world.businesses.applications.remove(place).name;
    note(&mut world, &caller, &name);
    Ok(reply::done())
}

/// `GET eventtypes`: JavaScript reads them from `data`.
pub(super) async fn event_types(_: FromDashboard) -> Reply {
    let types = EVENT_TYPES.iter().zip(1..);
    let types: Vec<_> = types.map(|(name, id)| json!({ "id": id, "name": name })).collect();
    Ok(reply::json(&json!({ "types": types, "data": types })))
}

/// `GET log`: the newest first; times are in milliseconds since 1970.
pub(super) async fn log(State(app): State<App>, caller: FromDashboard, params: Params) -> Reply {
    let from = number(&params, "from")?.unwrap_or(0);
    let to = number(&params, "to")?.unwrap_or(u64::MAX);
    let world = app.world.open();
    let fits = |event: &&Event| {
        event.bid == caller.business && (from..=to).contains(&u64::try_from(event.timestamp).unwrap_or(0))
    };
    let logs = page(&params, world.businesses.events.iter().rev().filter(fits))?;
    Ok(reply::json(&json!({ "logs": logs })))
}

fn place(world: &Records, business: u64, id: u64) -> Result<usize, Refusal> {
    let mut applications = world.businesses.applications.iter();
    let place = applications.position(|one| one.bid == business && one.id == id);
    place.ok_or_else(|| missing(format!("There is no application with id {id} in this business")))
}

fn note(world: &mut Records, caller: &FromDashboard, subject: &str) {
    let now_ms = world.clock.now_ms();
    world
        .businesses
        .note(now_ms, caller.business, &caller.user, "application.change", subject);
}
