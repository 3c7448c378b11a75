//! User groups: recipients with a name, `id@group.local`.

use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{id, named};
use crate::address::{is_user, same};
use crate::front::App;
use crate::reply::{self, Params, Refusal, Reply, Segment};
use crate::tokens::FromDashboard;
use crate::world::Records;

/// The pattern that JavaScript and Java look for all groups with; Java's plus comes as a blank.
const ANY_ID: [&str; 2] = ["[0-9]+", "[0-9] "];

#[derive(Deserialize)]
struct Change {
    #[serde(default)]
    id: Value,
    name: Option<String>,
    members: Option<Vec<Value>>,
}

/// `POST usergroup`: a new group; with an `id`, as Java sends it, a change of that one.
pub(super) async fn add(State(app): State<App>, caller: FromDashboard, body: Bytes) -> Reply {
    let change: Change = reply::parse(&body)?;
    let given = match &change.id {
        Value::Null => None,
        Value::String(text) => Some(id(text)?),
        other => Some(id(&other.to_string())?),
    };
    let mut world = app.world.open();
    let (id, event) = match given {
        Some(id) => {
            apply(&mut world, caller.business, id, change)?;
            (id, "group.change")
        }
        None => {
            let name = named(change.name.ok_or_else(|| Refusal::bad("name is missing"))?)?;
            let members = members(change.members.unwrap_or_default())?;
            (world.add_group(caller.business, name, members), "group.add")
        }
    };
    note(&mut world, &caller, event, id);
    let mut shown = shown(&mut world, caller.business, id)?;
    let given = world.members(id).to_vec();
    shown["members"] = given.into();
    Ok(reply::json(&shown))
}

/// `GET usergroup`: all of the business; with `id`, those alone.
pub(super) async fn all(State(app): State<App>, caller: FromDashboard, params: Params) -> Reply {
    let wanted = params.get("id").filter(|ids| !ids.is_empty() && !ANY_ID.contains(ids));
    let wanted = wanted.map(|ids| ids.split(',').map(id).collect::<Result<Vec<_>, _>>());
    let wanted = wanted.transpose()?;
    let mut world = app.world.open();
    let own = world.businesses.groups.iter();
    let own: Vec<u64> = own
        .filter(|(_, group)| group.bid == caller.business)
        .map(|(id, _)| *id)
        .filter(|id| wanted.as_ref().is_none_or(|wanted| wanted.contains(id)))
        .collect();
    let mut groups = own
        .into_iter()
        .map(|id| shown(&mut world, caller.business, id))
        .collect::<Result<Vec<_>, _>>()?;
    // The list of all is without members, as in the service.
    if wanted.is_none() {
        for group in groups.iter_mut().filter_map(Value::as_object_mut) {
            group.remove("members");
        }
    }
    Ok(reply::json(&json!({ "groups": groups })))
}

/// `GET usergroup/{id}`
pub(super) async fn one(State(app): State<App>, caller: FromDashboard, Segment(given): Segment) -> Reply {
    shown(&mut app.world.open(), caller.business, id(&given)?).map(|shown| reply::json(&shown))
}

/// `PATCH usergroup/{id}`: what is absent stays.
pub(super) async fn change(
    State(app): State<App>,
    caller: FromDashboard,
    Segment(given): Segment,
    body: Bytes,
) -> Reply {
    let id = id(&given)?;
    let change: Change = reply::parse(&body)?;
    let mut world = app.world.open();
    apply(&mut world, caller.business, id, change)?;
    note(&mut world, &caller, "group.change", id);
    Ok(reply::done())
}

/// `DELETE usergroup/{id}`: its members may read nothing by it any more.
pub(super) async fn remove(State(app): State<App>, caller: FromDashboard, Segment(given): Segment) -> Reply {
    let id = id(&given)?;
    let mut world = app.world.open();
    world.businesses.group(caller.business, id)?;
    world.remove_group(id);
    note(&mut world, &caller, "group.remove", id);
    Ok(reply::done())
}

/// Changes a group, as a whole or not at all.
fn apply(world: &mut Records, business: u64, id: u64, change: Change) -> Result<(), Refusal> {
    let name = change.name.map(named).transpose()?;
    let members = change.members.map(members).transpose()?;
    let group = world.businesses.group(business, id)?;
    if let Some(name) = name {
        group.name = name;
    }
    if let Some(members) = members {
        world.vault.groups.insert(id.to_string(), members);
    }
    Ok(())
}

fn shown(world: &mut Records, business: u64, id: u64) -> Result<Value, Refusal> {
    let name = world.businesses.group(business, id)?.name.clone();
    let member = |address: &String| json!({ "kind": "address", "address": address });
    let members: Vec<_> = world.members(id).iter().map(member).collect();
    Ok(json!({ "id": id, "name": name, "bid": business, "members": members }))
}

/// Addresses, each once: as text, or in the form that a group shows them in.
fn members(given: Vec<Value>) -> Result<Vec<String>, Refusal> {
    let mut members: Vec<String> = Vec::new();
    for member in given {
        let address = member.get("address").unwrap_or(&member).as_str();
        let address = address
            .filter(|address| is_user(address))
            .ok_or_else(|| Refusal::bad(format!("members holds {member}, which is no address")))?;
        if !members.iter().any(|known| same(known, address)) {
            members.push(address.to_owned());
        }
    }
    Ok(members)
}

fn note(world: &mut Records, caller: &FromDashboard, event: &'static str, id: u64) {
    let now_ms = world.clock.now_ms();
    world
        .businesses
        .note(now_ms, caller.business, &caller.user, event, id.to_string());
}
