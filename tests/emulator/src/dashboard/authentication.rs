//! Signing up, signing in with a mailed link or a password, and devices that show themselves.

use std::io::Write;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::number;
use crate::address::{is_mailbox, is_user, same};
use crate::business::missing;
use crate::front::App;
use crate::random;
use crate::reply::{self, Params, Refusal, Reply, Segment};
use crate::subscription::check_name;
use crate::tokens::{Authorized, FromDashboard, Kind, LoggingIn, OnDashboard};
use crate::world::{Device, Mail, Records};

/// Where a mailed link leads when its request does not say.
const HOST: &str = "manage.xqmsg.com";
/// How one signs in: with a password, with the code of a mailed link.
const WITH_PASSWORD: u8 = 0;
const WITH_CODE: u8 = 1;

#[derive(Deserialize)]
struct SignUp {
    email: String,
    #[serde(rename = "optIn")]
    opt_in: Option<bool>,
    pwd: Option<String>,
}

/// `POST signup`
pub(super) async fn sign_up(State(app): State<App>, body: Bytes) -> Reply {
    let SignUp { email, opt_in, pwd } = reply::parse(&body)?;
    check_mailbox(&email)?;
    if pwd.as_deref() == Some("") {
        return Err(Refusal::bad("pwd is empty"));
    }
    let mut world = app.world.open();
    if !world.businesses.register(&email, pwd) {
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            format!("{email} is registered already"),
        ));
    }
    if let Some(wanted) = opt_in {
        world.enroll(&email).profile.newsletter = wanted;
    }
    Ok(reply::done())
}

#[derive(Deserialize)]
struct LinkRequest {
    email: String,
    host: Option<String>,
}

/// `POST login/link`: mails a link whose `access_token` works once.
pub(super) async fn mail_link(State(app): State<App>, body: Bytes) -> Reply {
    let LinkRequest { email, host } = reply::parse(&body)?;
    check_mailbox(&email)?;
    let host = host.unwrap_or_else(|| HOST.to_owned());
    if host.is_empty() || !host.bytes().all(|b| b.is_ascii_graphic()) || host.contains(['?', '#']) {
        return Err(Refusal::bad(format!("host is where the link leads, not {host:?}")));
    }
    let scheme = if host.contains("://") { "" } else { "https://" };
    let line = {
        let mut world = app.world.open();
        if !world.businesses.is_registered(&email) {
            return Err(missing(format!("{email} is not registered: POST signup")));
        }
        let sent = world.clock.now();
        let asked = Kind::Login {
            workspace: None,
            mailed: true,
        };
        let code = world.tokens.mint(sent, &email, asked, None, None);
        let link = format!("{scheme}{host}?access_token={code}&token={}", random::name());
        let line = format!("mail to {email}: link {link}");
        world.mail.push(Mail {
            user: email,
            pin: String::new(),
            link: Some(link),
            sent,
        });
        line
    };
    if app.print_mail {
        // Nobody may be reading: this request alone waits, and the mail is at the admin address all the same.
        let _ = tokio::task::spawn_blocking(move || writeln!(std::io::stdout(), "{line}")).await;
    }
    Ok(reply::done())
}

#[derive(Deserialize)]
struct LogIn {
    email: Option<String>,
    pwd: String,
    method: Option<u8>,
    workspace: Option<String>,
}

/// `POST login`: gives a pre-authorization token, for `login/verify` alone.
pub(super) async fn log_in(State(app): State<App>, body: Bytes) -> Reply {
    let LogIn {
        email,
        pwd,
        method,
        workspace,
    } = reply::parse(&body)?;
    let mut world = app.world.open();
    let now = world.clock.now();
    let user = match (method.unwrap_or(WITH_PASSWORD), email) {
        (WITH_PASSWORD, None) => return Err(Refusal::bad("email is missing: a password alone tells nobody")),
        (WITH_PASSWORD, Some(email)) if world.businesses.takes_password(&email, &pwd) => email,
        (WITH_PASSWORD, Some(_)) => return Err(Refusal::unauthorized("The address or the password is wrong")),
        (WITH_CODE, _) => world.tokens.mailed_to(now, &pwd)?,
        (other, _) => {
            return Err(Refusal::bad(format!(
                "method is {WITH_PASSWORD} (a password) or {WITH_CODE} (the code of a link), not {other}"
            )));
        }
    };
    let workspace = workspace.map(|name| workspace_of(&world, &user, &name)).transpose()?;
    if method == Some(WITH_CODE) {
        world.tokens.end(&pwd);
    }
    let asked = Kind::Login {
        workspace,
        mailed: false,
    };
    Ok(reply::text(world.tokens.mint(now, &user, asked, None, None)))
}

/// The business that a user calls so, by its id or its name.
fn workspace_of(world: &Records, user: &str, name: &str) -> Result<u64, Refusal> {
    let mut own = world.businesses.of(user);
    let found = own.find(|business| business.name == name || business.id.to_string() == name);
    found
        .map(|business| business.id)
        .ok_or_else(|| missing(format!("There is no workspace {name:?} of this user")))
}

/// `GET login/verify`: a dashboard token; after signing in here, or for somebody with an access token. JavaScript also asks
/// without saying which: the token tells.
pub(super) async fn verify(
    State(app): State<App>,
    asked: Result<LoggingIn, Refusal>,
    access: Result<Authorized, Refusal>,
    params: Params,
) -> Reply {
    // C asks for any business with a 0.
    let business = number(&params, "bid")?.filter(|id| *id != 0);
    let told = if access.is_ok() { "sub" } else { "default" };
    match params.get("request").or(Some(told)) {
        Some("default") => {
            let asked = asked?;
            let mut world = app.world.open();
            let token = world.log_in(&asked.user, business.or(asked.workspace))?;
            if asked.mailed {
                world.tokens.end(&asked.token);
            }
            Ok(reply::text(token))
        }
        Some("sub") => Ok(reply::text(app.world.open().log_in(&access?.user, business)?)),
        other => Err(Refusal::bad(format!(
            "request is default or sub, not {:?}",
            other.unwrap_or_default()
        ))),
    }
}

/// `GET session`
pub(super) async fn session(_: FromDashboard) -> Reply {
    Ok(reply::done())
}

/// `GET workspaces/{email}`: what somebody may sign in to; asked before that, so without a token.
pub(super) async fn workspaces(State(app): State<App>, Segment(email): Segment) -> Reply {
    if !is_user(&email) {
        return Err(Refusal::bad(format!("{email:?} is no address")));
    }
    let world = app.world.open();
    let show = |business: &crate::business::Business| json!({ "id": business.id, "name": business.name });
    let workspaces: Vec<_> = world.businesses.of(&email).map(show).collect();
    Ok(reply::json(&json!({ "workspaces": workspaces })))
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
pub(super) async fn announce(State(app): State<App>, caller: OnDashboard, body: Bytes) -> Reply {
    let Announcement { afirst, alast, aphone } = reply::parse(&body)?;
    // Python announces without a name.
    if !afirst.is_empty() {
        check_name("afirst", &afirst)?;
    }
    let mut world = app.world.open();
    let (announced, now_ms) = (world.clock.now(), world.clock.now_ms());
    let bid = world.business_of_device(&caller.user);
    world.businesses.announce(bid, &caller.user, &afirst, &alast);
    world
        .businesses
        .note(now_ms, bid, &caller.user, "device.announce", afirst.clone());
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

fn check_mailbox(email: &str) -> Result<(), Refusal> {
    if is_mailbox(email) {
        Ok(())
    } else {
        Err(Refusal::bad(format!("email is a mail address, not {email:?}")))
    }
}
