//! The subscription service.

mod devices;
mod packets;
mod sign_in;

use axum::Router;
use axum::routing::{get, post};

use crate::front::App;

pub(crate) use devices::check_name;

/// The calls of this service, below its base.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/apikey", get(sign_in::api_key))
        .route("/authorize", post(sign_in::authorize))
        .route("/authorize/certificate/{id}", post(devices::authorize_certificate))
        .route("/authorize/trusted/{business}", post(devices::authorize_trusted))
        .route("/authorizealias", post(devices::authorize_alias))
        .route("/codevalidation", get(sign_in::code_validation))
        .route("/exchange", get(sign_in::exchange))
        .route("/packet", post(packets::make))
        .route("/packet/add", post(packets::add))
        .route("/packet/batch", post(packets::batch))
        .route("/time", get(sign_in::time))
}
