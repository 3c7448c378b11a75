//! Communications: stored keys, as the business of their owner sees them.

use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;

use super::{number, page};
use crate::address::same;
use crate::business::missing;
use crate::front::App;
use crate::reply::{self, Params, Refusal, Reply, Segment};
use crate::tokens::FromDashboard;
use crate::vault::Communication;
use crate::world::Records;

/// `GET communication/{locator}`
pub(super) async fn one(State(app): State<App>, caller: FromDashboard, Segment(locator): Segment) -> Reply {
    let world = app.world.open();
    let found = visible(&world, &caller).find(|one| one.locator_token == locator);
    found.map(|shown| reply::json(&shown)).ok_or_else(no_such)
}

/// The states by the numbers that JavaScript has for them.
const STATES: [&str; 3] = ["live", "revoked", "expired"];

#[derive(Deserialize)]
struct Labels {
    labels: Vec<String>,
}

/// `PATCH communication/{locator}/labels`: these come to those that are there.
pub(super) async fn label(
    State(app): State<App>,
    caller: FromDashboard,
    Segment(locator): Segment,
    body: Bytes,
) -> Reply {
    let Labels { labels } = reply::parse(&body)?;
    if labels.is_empty() || labels.iter().any(|label| label.trim().is_empty()) {
        return Err(Refusal::bad("labels is empty, or holds an empty label"));
    }
    let mut world = app.world.open();
    let now_ms = world.clock.now_ms();
    if !visible(&world, &caller).any(|one| one.locator_token == locator) {
        return Err(no_such());
    }
    world.vault.label(&locator, labels);
    world
        .businesses
        .note(now_ms, caller.business, &caller.user, "communication.label", locator);
    Ok(reply::done())
}

/// `GET communications`: times are in milliseconds since 1970; lists are texts with commas between them.
pub(super) async fn all(State(app): State<App>, caller: FromDashboard, params: Params) -> Reply {
    let from = number(&params, "from")?.unwrap_or(0);
    let to = number(&params, "to")?.unwrap_or(u64::MAX);
    let within = |name: &str, has: &dyn Fn(&str) -> bool| {
        let wanted = params.get(name).filter(|text| !text.is_empty());
        wanted.is_none_or(|text| text.split(',').map(str::trim).any(has))
    };
    let is_state = |wanted: &str, state: &str| {
        let numbered = wanted.parse().ok().and_then(|number: usize| STATES.get(number));
        *numbered.unwrap_or(&wanted) == state
    };
    let world = app.world.open();
    let fits = |one: &Communication<'_>| {
        (from..=to).contains(&u64::try_from(one.created).unwrap_or(0))
            && within("users", &|user| same(user, one.owner))
            && within("recipients", &|user| {
                one.recipients.iter().any(|known| same(known, user))
            })
            && within("status", &|state| is_state(state, one.state))
            && within("type", &|kind| one.is_of(kind))
    };
    let communications = page(&params, visible(&world, &caller).filter(fits))?;
    Ok(reply::json(&json!({ "communications": communications })))
}

/// Those of the caller, and of all who belong to the business.
fn visible<'a>(world: &'a Records, caller: &'a FromDashboard) -> impl Iterator<Item = Communication<'a>> {
    let all = world.vault.communications(world.clock.now_ms());
    all.filter(|one| same(one.owner, &caller.user) || world.businesses.belongs(one.owner, caller.business))
}

fn no_such() -> Refusal {
    missing("There is no communication of this business with this locator".to_owned())
}
