//! The dashboard service: one file for each file of the published reference, and `apps.rs` for what only JavaScript has.

mod apps;
mod authentication;
mod businesses;
mod certificates;
mod communications;
mod contacts;
mod usergroups;

use axum::Router;
use axum::routing::{get, patch, post};

use crate::front::App;
use crate::reply::{Params, Refusal};

/// How long a list may be, and is where nobody says.
const LONGEST: usize = 1000;

/// The calls of this service, below its base.
pub(crate) fn routes() -> Router<App> {
    sign_in()
        .route(
            "/business",
            get(businesses::current).patch(businesses::change).post(businesses::add),
        )
        .route("/business/{id}/auth", get(businesses::switch))
        .route("/businesses", get(businesses::all))
        .route("/certificate", post(certificates::issue))
        .route("/communication/{locator}", get(communications::one))
        .route("/communication/{locator}/labels", patch(communications::label))
        .route("/communications", get(communications::all))
        .route("/contact", get(contacts::find).post(contacts::add))
        .route("/contact/all", get(contacts::all))
        .route("/contact/{id}", axum::routing::delete(contacts::remove))
        .route("/devapp", post(apps::add))
        .route("/devapp/{id}", patch(apps::change).delete(apps::remove))
        .route("/devapps", get(apps::all))
        .route("/eventtypes", get(apps::event_types))
        .route("/log", get(apps::log))
        .route("/trusted", get(certificates::all))
        .route("/usergroup", get(usergroups::all).post(usergroups::add))
        .route(
            "/usergroup/{id}",
            get(usergroups::one)
                .patch(usergroups::change)
                .delete(usergroups::remove),
        )
}

fn sign_in() -> Router<App> {
    Router::new()
        .route("/login", post(authentication::log_in))
        .route("/login/link", post(authentication::mail_link))
        .route("/login/verify", get(authentication::verify))
        .route("/session", get(authentication::session))
        .route("/signup", post(authentication::sign_up))
        .route("/trusted/announce", post(authentication::announce))
        .route("/workspaces/{email}", get(authentication::workspaces))
}

/// The id in a path or a query.
fn id(text: &str) -> Result<u64, Refusal> {
    text.parse()
        .map_err(|_| Refusal::bad(format!("{text:?} is no id: it is a number")))
}

/// A number in the query.
fn number(params: &Params, name: &str) -> Result<Option<u64>, Refusal> {
    // Some send what they were not given, with nothing in it.
    let given = params.get(name).filter(|text| !text.is_empty());
    let parse = |text: &str| {
        text.parse()
            .map_err(|_| Refusal::bad(format!("{name} is a number, not {text:?}")))
    };
    given.map(parse).transpose()
}

/// The part of a list that `limit` and `page` ask for; the first page is 0.
fn page<T>(params: &Params, list: impl Iterator<Item = T>) -> Result<Vec<T>, Refusal> {
    let limit = number(params, "limit")?.map_or(LONGEST, |limit| limit as usize);
    if !(1..=LONGEST).contains(&limit) {
        return Err(Refusal::bad(format!(
            "limit is a number from 1 to {LONGEST}, not {limit}"
        )));
    }
    let page = number(params, "page")?.unwrap_or(0) as usize;
    Ok(list.skip(page.saturating_mul(limit)).take(limit).collect())
}

/// A name of a group, a business, an application.
fn named(name: String) -> Result<String, Refusal> {
    if name.trim().is_empty() {
        Err(Refusal::bad("name is empty"))
    } else {
        Ok(name)
    }
}
