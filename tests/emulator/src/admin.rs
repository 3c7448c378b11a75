//! The admin address: what only an emulator can tell or do. Faults never apply here, and no key is asked for.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use serde::Deserialize;
use serde_json::json;

use crate::address::same;
use crate::fault::Fault;
use crate::front::App;
use crate::reply::{self, Params, Refusal, Reply, Segment};
use crate::requests::Seen;

/// The calls below `/admin`.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/certificates", get(certificates))
        .route("/certificates/{id}", post(enable))
        .route("/clock", get(clock).post(advance))
        .route("/connections", delete(close_connections))
        .route("/dashboard-tokens", post(dashboard_token))
        .route("/devices", get(devices))
        .route("/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/groups", get(groups).post(set_group))
        .route("/keys", get(keys))
        .route("/mail", get(mail))
        .route("/requests", get(requests).delete(forget_requests))
        .route("/subscribers", get(subscribers))
}

async fn mail(State(app): State<App>, params: Params) -> Reply {
    let world = app.world.open();
    let wanted = params.get("user");
    let mail: Vec<_> = world
        .mail
        .iter()
        .filter(|mail| wanted.is_none_or(|user| same(&mail.user, user)))
        .collect();
    Ok(reply::plain_json(&mail))
}

async fn subscribers(State(app): State<App>) -> Reply {
    Ok(reply::plain_json(
        &app.world.open().subscribers.values().collect::<Vec<_>>(),
    ))
}

async fn clock(State(app): State<App>) -> Reply {
    Ok(reply::plain_json(&json!({ "now": app.world.open().clock.now() })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: i64,
}

async fn advance(State(app): State<App>, body: Bytes) -> Reply {
    let Advance { advance_seconds } = reply::parse(&body)?;
    let mut world = app.world.open();
    if !world.clock.advance(advance_seconds) {
        return Err(Refusal::bad("advance_seconds moves the clock out of reach"));
    }
    Ok(reply::plain_json(&json!({ "now": world.clock.now() })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DashboardUser {
    user: String,
}

async fn dashboard_token(State(app): State<App>, body: Bytes) -> Reply {
    let DashboardUser { user } = reply::parse(&body)?;
    let token = app.world.open().give_dashboard(&user).map_err(Refusal::bad)?;
    Ok(reply::plain_json(&json!({ "token": token })))
}

async fn devices(State(app): State<App>) -> Reply {
    Ok(reply::plain_json(&app.world.open().devices))
}

async fn certificates(State(app): State<App>) -> Reply {
    Ok(reply::plain_json(
        &app.world.open().certificates.values().collect::<Vec<_>>(),
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Enable {
    enabled: bool,
}

async fn enable(State(app): State<App>, Segment(id): Segment, body: Bytes) -> Reply {
    let Enable { enabled } = reply::parse(&body)?;
    let found = id
        .parse()
        .is_ok_and(|id| app.world.open().enable_certificate(id, enabled));
    let missing = || Refusal::new(StatusCode::NOT_FOUND, format!("There is no certificate with id {id}"));
    if found { Ok(reply::done()) } else { Err(missing()) }
}

async fn keys(State(app): State<App>) -> Reply {
    let world = app.world.open();
    Ok(reply::plain_json(&world.vault.shown(world.clock.now_ms())))
}

async fn groups(State(app): State<App>) -> Reply {
    Ok(reply::plain_json(&app.world.open().vault.groups))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    id: String,
    members: Vec<String>,
}

async fn set_group(State(app): State<App>, body: Bytes) -> Reply {
    let Group { id, members } = reply::parse(&body)?;
    app.world.open().set_group(&id, members).map_err(Refusal::bad)?;
    Ok(reply::done())
}

async fn faults(State(app): State<App>) -> Reply {
    Ok(app.faults.listed(|faults| reply::plain_json(&faults)))
}

async fn add_fault(State(app): State<App>, body: Bytes) -> Reply {
    let fault: Fault = reply::parse(&body)?;
    app.faults.add(fault).map_err(Refusal::bad)?;
    Ok(reply::done())
}

async fn clear_faults(State(app): State<App>) -> Reply {
    app.faults.clear();
    Ok(reply::done())
}

async fn requests(State(app): State<App>, params: Params) -> Reply {
    let service = params.get("service");
    let status = match params.get("status").map(str::parse::<u16>) {
        Some(Err(_)) => return Err(Refusal::bad("status is an HTTP status, a number")),
        status => status.and_then(Result::ok),
    };
    let passes = |seen: &Seen| {
        service.is_none_or(|name| name == seen.service) && status.is_none_or(|status| Some(status) == seen.status)
    };
    Ok(reply::plain_json(&app.requests.listed(passes)))
}

async fn forget_requests(State(app): State<App>) -> Reply {
    app.requests.clear();
    Ok(reply::done())
}

async fn close_connections(State(app): State<App>) -> Reply {
    app.close_connections();
    Ok(reply::done())
}
