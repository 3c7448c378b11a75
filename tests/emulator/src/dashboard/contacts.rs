//! Contacts of a business: people, and the devices that announced themselves.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{id, number, page};
use crate::address::{is_name, is_user, same};
use crate::business::{ALIAS, Contact, DEVICE, SUPER_USER, Status};
use crate::front::App;
use crate::reply::{self, Params, Refusal, Reply, Segment};
use crate::tokens::FromDashboard;
use crate::world::Records;

/// What Java and JavaScript look for everybody with.
const ANYBODY: &str = "%";
/// The id of the owner, who cannot be disabled or removed: no contact has it.
const NOBODYS: u64 = 0;
/// The names that Java sends for 0, 1 and so on.
const NOTIFICATIONS: [&str; 4] = ["NONE", "USAGE_REPORTS", "TUTORIALS", "BOTH"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewContact {
    email: String,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    #[serde(default)]
    title: String,
    role: u64,
    #[serde(default)]
    notifications: Value,
}

/// A contact in a reply: Java and JavaScript look for the names under `fn` and `ln`.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    contact: &'a Contact,
    #[serde(rename = "fn")]
    first_name: &'a str,
    #[serde(rename = "ln")]
    last_name: &'a str,
}

impl<'a> Shown<'a> {
    fn of(contact: &'a Contact) -> Self {
        Shown {
            contact,
            first_name: &contact.first_name,
            last_name: &contact.last_name,
        }
    }
}

/// `POST contact`: an alias may be known by its name alone.
pub(super) async fn add(State(app): State<App>, caller: FromDashboard, body: Bytes) -> Reply {
    let new: NewContact = reply::parse(&body)?;
    let role = role(new.role)?;
    let is_contact = is_user(&new.email) || role == ALIAS && is_name(&new.email);
    if !is_contact {
        return Err(Refusal::bad(format!("email is an address, not {:?}", new.email)));
    }
    let notifications = notifications(&new.notifications)?;
    let mut world = app.world.open();
    let now_ms = world.clock.now_ms();
    let mut contacts = world.businesses.contacts.iter();
    if contacts.any(|known| known.bid == caller.business && same(&known.email, &new.email)) {
        let why = format!("{} is a contact of this business already", new.email);
        return Err(Refusal::new(StatusCode::CONFLICT, why));
    }
    let id = world.businesses.next_id();
    world
        .businesses
        .note(now_ms, caller.business, &caller.user, "contact.add", new.email.clone());
    world.businesses.contacts.push(Contact {
        id,
        bid: caller.business,
        email: new.email,
        first_name: new.first_name,
        last_name: new.last_name,
        title: new.title,
        role,
        notifications,
        status: Status::Active,
    });
    Ok(reply::json(&json!({ "id": id })))
}

/// `GET contact/all`: `filter` is a part of an address or a name.
pub(super) async fn all(State(app): State<App>, caller: FromDashboard, params: Params) -> Reply {
    let wanted = number(&params, "role")?.map(role).transpose()?;
    let filter = params.get("filter").unwrap_or_default().to_lowercase();
    let world = app.world.open();
    let holds = |text: &String| text.to_lowercase().contains(&filter);
    let fits = |contact: &&Contact| {
        contact.bid == caller.business
            && wanted.is_none_or(|role| contact.role == role)
            && [&contact.email, &contact.first_name, &contact.last_name]
                .into_iter()
                .any(holds)
    };
    let contacts = page(&params, world.businesses.contacts.iter().filter(fits).map(Shown::of))?;
    Ok(reply::json(&json!({ "contacts": contacts })))
}

/// `GET contact?filter=ADDRESS`: without an address, or with `%`, everybody.
pub(super) async fn find(State(app): State<App>, caller: FromDashboard, params: Params) -> Reply {
    let wanted = number(&params, "role")?.map(role).transpose()?;
    let address = params
        .get("filter")
        .filter(|address| !address.is_empty() && *address != ANYBODY);
    let mut world = app.world.open();
    let owner = address.and_then(|_| owner(&mut world, &caller));
    let fits = |contact: &&Contact| {
        contact.bid == caller.business
            && wanted.is_none_or(|role| contact.role == role)
            && address.is_none_or(|address| same(&contact.email, address))
    };
    let all = world.businesses.contacts.iter().chain(&owner);
    let contacts = page(&params, all.filter(fits).map(Shown::of))?;
    Ok(reply::json(&json!({ "contacts": contacts })))
}

/// The caller as a contact, who is none where the business is their own: JavaScript looks its own user up like that.
fn owner(world: &mut Records, caller: &FromDashboard) -> Option<Contact> {
    let mut contacts = world.businesses.contacts.iter();
    if contacts.any(|contact| contact.bid == caller.business && same(&contact.email, &caller.user)) {
        return None;
    }
    let profile = &world.enroll(&caller.user).profile;
    Some(Contact {
        id: NOBODYS,
        bid: caller.business,
        email: caller.user.clone(),
        first_name: profile.first_name.clone(),
        last_name: profile.last_name.clone(),
        title: String::new(),
        role: SUPER_USER,
        notifications: 0,
        status: Status::Active,
    })
}

/// `DELETE contact/{id}`: disables; with `delete=true`, removes.
pub(super) async fn remove(
    State(app): State<App>,
    caller: FromDashboard,
    Segment(given): Segment,
    params: Params,
) -> Reply {
    let id = id(&given)?;
    let removes = match params.get("delete").unwrap_or("false").to_ascii_lowercase().as_str() {
        "true" => true,
        "false" => false,
        other => return Err(Refusal::bad(format!("delete is true or false, not {other:?}"))),
    };
    let mut world = app.world.open();
    let now_ms = world.clock.now_ms();
    let contact = world.businesses.contact(caller.business, id)?;
    contact.status = Status::Disabled;
    let (email, role) = (contact.email.clone(), contact.role);
    let event = if removes { "contact.remove" } else { "contact.disable" };
    if removes {
        world.businesses.contacts.retain(|contact| contact.id != id);
        if role == DEVICE {
            world.devices.retain(|device| !same(&device.user, &email));
        }
    }
    world
        .businesses
        .note(now_ms, caller.business, &caller.user, event, email);
    Ok(reply::done())
}

fn role(number: u64) -> Result<u8, Refusal> {
    match number {
        1..=7 => Ok(number as u8),
        other => Err(Refusal::bad(format!(
            "role is 1 (Admin), 2 (User), 3 (Vendor), 4 (Customer), 5 (Super User), 6 (Device) or 7 (Alias), not {other}"
        ))),
    }
}

fn notifications(given: &Value) -> Result<u8, Refusal> {
    let named = |text| NOTIFICATIONS.iter().position(|name| *name == text);
    let number = match given {
        Value::Null => Some(0),
        Value::String(text) => named(text).map(|place| place as u64),
        other => other.as_u64(),
    };
    match number {
        Some(known @ (0 | 2 | 3)) => Ok(known as u8),
        _ => Err(Refusal::bad(format!(
            "notifications is 0 (none), 2 (warnings and alerts) or 3 (alerts), not {given}"
        ))),
    }
}
