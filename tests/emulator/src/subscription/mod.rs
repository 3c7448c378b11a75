//! The subscription service.

mod account;
mod devices;
mod packets;
mod sign_in;

use axum::Router;
use axum::routing::{delete, get, post};

use crate::front::App;

pub(crate) use devices::check_name;

/// The calls of this service, below its base. Java changes settings under `OPTIONS`.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/apikey", get(sign_in::api_key))
        .route("/authorization", delete(account::give_up))
        .route("/authorize", post(sign_in::authorize))
        .route("/authorize/certificate/{id}", post(devices::authorize_certificate))
        .route("/authorize/trusted/{business}", post(devices::authorize_trusted))
        .route("/authorizealias", post(devices::authorize_alias))
        .route("/codevalidation", get(sign_in::code_validation))
        .route("/combined", post(account::combine))
        .route("/delegate", get(account::delegate))
        .route("/exchange", get(sign_in::exchange))
        .route("/packet", post(packets::make))
        .route("/packet/add", post(packets::add))
        .route("/packet/batch", post(packets::batch))
        .route(
            "/settings",
            get(account::settings)
                .patch(account::change_settings)
                .options(account::change_settings),
        )
        .route(
            "/subscriber",
            get(account::subscriber).delete(account::delete_subscriber),
        )
        .route("/time", get(sign_in::time))
}
