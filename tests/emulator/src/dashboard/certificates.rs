//! Certificates of devices: issuing one, and those that the business has.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use crate::front::App;
use crate::reply::{self, Refusal, Reply};
use crate::tokens::FromDashboard;

#[derive(Deserialize)]
struct CertificateRequest {
    tag: String,
    #[serde(default)]
    fence: Vec<String>,
    enabled: Option<bool>,
}

/// `POST certificate`: a new certificate, with all that a device needs to use it.
pub(super) async fn issue(State(app): State<App>, caller: FromDashboard, body: Bytes) -> Reply {
    let CertificateRequest { tag, fence, enabled } = reply::parse(&body)?;
    if tag.is_empty() {
        return Err(Refusal::bad("tag is empty"));
    }
    let FromDashboard { user, business } = caller;
    {
        let mut world = app.world.open();
        let now_ms = world.clock.now_ms();
        world
            .businesses
            .note(now_ms, business, &user, "certificate.add", tag.clone());
    }
    // Making an RSA key takes a while, in which others want answers.
    let make = move || app.world.issue(business, tag, fence, enabled.unwrap_or(true));
    let failed = |why: String| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, why);
    let certificate = tokio::task::spawn_blocking(make)
        .await
        .map_err(|error| failed(error.to_string()))?
        .map_err(|error| failed(error.to_string()))?;
    Ok(reply::json(&certificate))
}

/// `GET trusted`: the certificates of the business, without their secrets.
pub(super) async fn all(State(app): State<App>, caller: FromDashboard) -> Reply {
    let world = app.world.open();
    let own = |issued: &&crate::certificate::Issued| issued.business == caller.business;
    let trusted: Vec<_> = world.certificates.values().filter(own).collect();
    Ok(reply::json(&json!({ "trusted": trusted })))
}
