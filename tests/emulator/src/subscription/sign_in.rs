//! Sign-in with a PIN: ask, validate, exchange.

use std::io::Write;
use std::mem;

use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;

use crate::address::is_person;
use crate::front::App;
use crate::random;
use crate::reply::{self, Params, Refusal, Reply};
use crate::tokens::{Access, Authorized, FromDashboard, Kind, OnDashboard, PreAuthorized};
use crate::world::{Mail, ProfileUpdate, check_notifications};

/// `GET apikey`: the front has checked the key already.
pub(crate) async fn api_key() -> Reply {
    Ok(reply::json(
        &json!({ "scopes": ["authorize", "packet"], "status": "OK" }),
    ))
}

/// `GET time`: whole seconds, as text.
pub(crate) async fn time(State(app): State<App>) -> Reply {
    Ok(reply::text(app.world.open().clock.now().to_string()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccessRequest {
    user: String,
    // JavaScript spells it so.
    #[serde(alias = "newsLetter")]
    newsletter: Option<bool>,
    notifications: Option<u8>,
    first_name: Option<String>,
    last_name: Option<String>,
}

/// `POST authorize`: gives the pre-authorization token, and mails the PIN.
pub(crate) async fn authorize(State(app): State<App>, body: Bytes) -> Reply {
    let request: AccessRequest = reply::parse(&body)?;
    if !is_person(&request.user) {
        return Err(Refusal::bad("Bad email"));
    }
    check_notifications(request.notifications)?;

    let pin = random::pin();
    let line = format!("mail to {}: PIN {pin}", request.user);
    let told = ProfileUpdate {
        first_name: request.first_name,
        last_name: request.last_name,
        newsletter: request.newsletter,
        notifications: request.notifications,
    };
    let token = {
        let mut world = app.world.open();
        let now = world.clock.now();
        let asked = Kind::PreAuthorization {
            pin: Some(pin.clone()),
            validated: false,
            told,
        };
        let token = world.tokens.mint(now, &request.user, asked, None, None);
        world.mail.push(Mail {
            user: request.user,
            pin,
            link: None,
            sent: now,
        });
        token
    };
    if app.print_mail {
        // Nobody may be reading: this request alone waits, and the mail is at the admin address all the same.
        let _ = tokio::task::spawn_blocking(move || writeln!(std::io::stdout(), "{line}")).await;
    }
    Ok(reply::text(token))
}

/// `GET codevalidation?pin=N`: works once, and only under the token that the PIN was mailed for. The Python SDK sends it
/// as a number, without its leading zeros.
pub(crate) async fn code_validation(State(app): State<App>, caller: PreAuthorized, params: Params) -> Reply {
    let given = params
        .get("pin")
        .ok_or_else(|| Refusal::bad("No pin came with this call: codevalidation?pin=N"))?;
    let mut world = app.world.open();
    let now = world.clock.now();
    let token = world.tokens.find(now, &caller.token)?;
    match &mut token.kind {
        Kind::PreAuthorization { pin, validated, told } if pin.is_some() && *pin == whole_pin(given) => {
            *pin = None;
            *validated = true;
            let (user, told) = (token.user.clone(), mem::take(told));
            world.enroll(&user).profile.update(told);
            Ok(reply::done())
        }
        _ => Err(Refusal::unauthorized("Invalid code")),
    }
}

/// The six digits that a PIN or a number stands for.
fn whole_pin(given: &str) -> Option<String> {
    let digits = (1..=6).contains(&given.len()) && given.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| format!("{given:0>6}"))
}

/// `GET exchange`: to an access token, from the validated pre-authorization token or from a dashboard token; and as PHP
/// asks, to a dashboard token from an access token.
pub(crate) async fn exchange(
    State(app): State<App>,
    asked: Result<PreAuthorized, Refusal>,
    either: Result<OnDashboard, Refusal>,
    dashboard: Result<FromDashboard, Refusal>,
    access: Result<Authorized, Refusal>,
    params: Params,
) -> Reply {
    match params.get("request") {
        Some("dashboard") => {
            let user = either?.user;
            let mut world = app.world.open();
            if access.is_ok() {
                return Ok(reply::text(world.log_in(&user, None)?));
            }
            dashboard?;
            Ok(reply::text(world.give_access(&user, Access::default(), None)))
        }
        None | Some("xq") => exchange_validated(&app, &asked?, &params),
        Some(other) => Err(Refusal::bad(format!(
            "request is dashboard, xq or absent, not {other:?}"
        ))),
    }
}

fn exchange_validated(app: &App, caller: &PreAuthorized, params: &Params) -> Reply {
    let selector = params.get("selector").unwrap_or("False");
    if !["true", "false"].contains(&selector.to_ascii_lowercase().as_str()) {
        return Err(Refusal::bad(format!("selector is True or False, not {selector:?}")));
    }
    let business = params.get("b");
    if business == Some("") {
        return Err(Refusal::bad("b names a business and came empty"));
    }

    let mut world = app.world.open();
    let now = world.clock.now();
    let asked = world.tokens.find(now, &caller.token)?.clone();
    match asked.kind {
        Kind::PreAuthorization { validated: true, .. } => {
            Ok(reply::text(world.give_access(&asked.user, Access::default(), business)))
        }
        _ => Err(Refusal::forbidden("Not validated")),
    }
}
