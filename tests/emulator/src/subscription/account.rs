//! The account of whoever is signed in.

use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;

use crate::address::{identity, same};
use crate::front::App;
use crate::reply::{self, Refusal, Reply};
use crate::tokens::{Access, Authorized};
use crate::world::{ProfileUpdate, check_notifications};

/// How long a subscription lasts, in milliseconds: a year.
const SUBSCRIPTION: i64 = 365 * 24 * 60 * 60 * 1000;
/// What `_sub` says of a subscription that is in force.
const IN_FORCE: u8 = 1;

/// `DELETE authorization`: the token is worth nothing from now on.
pub(crate) async fn give_up(State(app): State<App>, caller: Authorized) -> Reply {
    app.world.open().tokens.end(&caller.token);
    Ok(reply::done())
}

/// `GET subscriber`: times are in milliseconds since 1970. C reads the state from `_sub`, Java from `sub` as text.
pub(crate) async fn subscriber(State(app): State<App>, caller: Authorized) -> Reply {
    let mut world = app.world.open();
    let subscriber = world.enroll(&caller.user);
    Ok(reply::json(&json!({
        "id": subscriber.id,
        "user": subscriber.user,
        "firstName": subscriber.profile.first_name,
        "lastName": subscriber.profile.last_name,
        "_sub": IN_FORCE,
        "sub": IN_FORCE.to_string(),
        "starts": subscriber.starts_ms,
        "ends": subscriber.starts_ms.saturating_add(SUBSCRIPTION),
    })))
}

/// `DELETE subscriber`: all tokens of theirs end, their keys are revoked, and whoever signs in again starts anew.
pub(crate) async fn delete_subscriber(State(app): State<App>, caller: Authorized) -> Reply {
    let mut world = app.world.open();
    world.tokens.end_all(&caller.user);
    world.vault.revoke_all(&caller.user);
    world.devices.retain(|device| !same(&device.user, &caller.user));
    world.businesses.forget_device(&caller.user);
    world.subscribers.remove(&identity(&caller.user));
    Ok(reply::done())
}

/// `GET settings`
pub(crate) async fn settings(State(app): State<App>, caller: Authorized) -> Reply {
    let mut world = app.world.open();
    let profile = &world.enroll(&caller.user).profile;
    Ok(reply::json(
        &json!({ "newsletter": profile.newsletter, "notifications": profile.notifications }),
    ))
}

#[derive(Deserialize)]
struct Settings {
    newsletter: Option<bool>,
    notifications: Option<u8>,
}

/// `PATCH settings`: what is absent stays.
pub(crate) async fn change_settings(State(app): State<App>, caller: Authorized, body: Bytes) -> Reply {
    let Settings {
        newsletter,
        notifications,
    } = reply::parse(&body)?;
    check_notifications(notifications)?;
    app.world.open().enroll(&caller.user).profile.update(ProfileUpdate {
        newsletter,
        notifications,
        ..ProfileUpdate::default()
    });
    Ok(reply::done())
}

/// `GET delegate`: a token for another program, with the same rights and an end of its own.
pub(crate) async fn delegate(State(app): State<App>, caller: Authorized) -> Reply {
    Ok(reply::text(app.world.open().give_access(
        &caller.user,
        caller.access,
        None,
    )))
}

#[derive(Deserialize)]
struct Tokens {
    tokens: Vec<String>,
}

/// `POST combined`: one token with the rights of several, how many went into it, and those that did not: they are no
/// access tokens of this service, or are not good any more.
pub(crate) async fn combine(State(app): State<App>, caller: Authorized, body: Bytes) -> Reply {
    let Tokens { mut tokens } = reply::parse(&body)?;
    tokens.sort();
    tokens.dedup();
    let mut world = app.world.open();
    let now = world.clock.now();
    let mut users = Vec::new();
    let mut tied_to = None;
    let mut merged = 0;
    let mut invalid = Vec::new();
    for token in &tokens {
        let found = world.tokens.find(now, token).ok();
        let Some((found, access)) = found.and_then(|found| Some((&*found, found.usable_from(caller.peer)?))) else {
            invalid.push(token);
            continue;
        };
        users.push(found.user.clone());
        users.extend(access.also.iter().cloned());
        tied_to = tied_to.or(access.tied_to);
        merged += 1;
    }
    users.sort();
    users.dedup();
    let Some(first) = users
        .iter()
        .position(|user| same(user, &caller.user))
        .or((merged > 0).then_some(0))
    else {
        return Err(Refusal::bad("None of the tokens is an access token that is good here"));
    };
    let user = users.swap_remove(first);
    let token = world.give_access(&user, Access { tied_to, also: users }, None);
    Ok(reply::json(
        &json!({ "token": token, "merged": merged, "invalid": invalid }),
    ))
}
