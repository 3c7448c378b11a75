//! Businesses: those of the caller, the current one, and going from one to another.

use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{id, named};
use crate::business::missing;
use crate::front::App;
use crate::reply::{self, Refusal, Reply, Segment};
use crate::tokens::FromDashboard;

/// What only the service says of a business.
const FIXED: [&str; 3] = ["id", "owner", "status"];

#[derive(Deserialize)]
struct Change {
    name: Option<String>,
    #[serde(flatten)]
    details: Map<String, Value>,
}

/// `GET businesses`
pub(super) async fn all(State(app): State<App>, caller: FromDashboard) -> Reply {
    let world = app.world.open();
    let businesses: Vec<_> = world.businesses.of(&caller.user).collect();
    Ok(reply::json(&json!({ "businesses": businesses })))
}

/// `GET business`: the one that the token is for.
pub(super) async fn current(State(app): State<App>, caller: FromDashboard) -> Reply {
    let world = app.world.open();
    Ok(reply::json(&world.businesses.get(caller.business)))
}

/// `PATCH business`: what is absent stays.
pub(super) async fn change(State(app): State<App>, caller: FromDashboard, body: Bytes) -> Reply {
    let Change { name, details } = checked(&body)?;
    let mut world = app.world.open();
    let now_ms = world.clock.now_ms();
    if let Some(business) = world.businesses.get_mut(caller.business) {
        business.name = name.unwrap_or(std::mem::take(&mut business.name));
        business.details.extend(details);
    }
    world
        .businesses
        .note(now_ms, caller.business, &caller.user, "business.change", "");
    Ok(reply::done())
}

/// `POST business`: one more, which the caller owns; gives a token for it.
pub(super) async fn add(State(app): State<App>, caller: FromDashboard, body: Bytes) -> Reply {
    let Change { name, details } = checked(&body)?;
    let name = name.ok_or_else(|| Refusal::bad("name is missing"))?;
    let mut world = app.world.open();
    let id = world.businesses.found(&caller.user, name, details);
    Ok(reply::text(world.log_in(&caller.user, Some(id))?))
}

/// `GET business/{id}/auth`: a token for that business.
pub(super) async fn switch(State(app): State<App>, caller: FromDashboard, Segment(given): Segment) -> Reply {
    let id = id(&given)?;
    let mut world = app.world.open();
    if !world.businesses.acts(&caller.user, id) {
        return Err(missing(format!(
            "There is no business with id {id} that you may act for"
        )));
    }
    Ok(reply::text(world.log_in(&caller.user, Some(id))?))
}

fn checked(body: &Bytes) -> Result<Change, Refusal> {
    let Change { name, mut details } = reply::parse(body)?;
    details.retain(|field, _| !FIXED.contains(&field.as_str()));
    let name = name.map(named).transpose()?;
    Ok(Change { name, details })
}
