//! The dashboard service: announcing devices, issuing their certificates.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde::Deserialize;

use crate::address::same;
use crate::front::App;
use crate::reply::{self, Refusal, Reply};
use crate::subscription::check_name;
use crate::tokens::OnDashboard;
use crate::world::Device;

/// The calls of this service, below its base.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/certificate", post(certificate))
        .route("/trusted/announce", post(announce))
}

#[derive(Deserialize)]
struct Announcement {
    afirst: String,
    #[serde(default)]
    alast: String,
    #[serde(default)]
    aphone: String,
}

/// `POST trusted/announce`: the device under this token shows itself; again, with a new name.
async fn announce(State(app): State<App>, caller: OnDashboard, body: Bytes) -> Reply {
    let Announcement { afirst, alast, aphone } = reply::parse(&body)?;
    check_name("afirst", &afirst)?;
    let mut world = app.world.open();
    let announced = world.clock.now();
    world.devices.retain(|device| !same(&device.user, &caller.user));
    world.devices.push(Device {
        user: caller.user,
        afirst,
        alast,
        aphone,
        announced,
    });
    Ok(reply::done())
}

#[derive(Deserialize)]
struct CertificateRequest {
    tag: String,
    #[serde(default)]
    fence: Vec<String>,
    enabled: Option<bool>,
}

/// `POST certificate`: a new certificate, with all that a device needs to use it.
async fn certificate(State(app): State<App>, _: OnDashboard, body: Bytes) -> Reply {
    let CertificateRequest { tag, fence, enabled } = reply::parse(&body)?;
    if tag.is_empty() {
        return Err(Refusal::bad("tag is empty"));
    }
    // Making an RSA key takes a while, in which others want answers.
    let made = tokio::task::spawn_blocking(move || app.world.issue(tag, fence, enabled.unwrap_or(true))).await;
    let failed = |why: String| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, why);
    let certificate = made
        .map_err(|error| failed(error.to_string()))?
        .map_err(|error| failed(error.to_string()))?;
    Ok(reply::json(&certificate))
}
