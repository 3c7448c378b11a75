//! Signing in to the dashboard. Its token is kept beside the access token: neither side changes the other.

use percent_encoding::percent_decode_str;
use serde::Serialize;

use crate::api::Api;
use crate::call::SUCCESS;
use crate::check;
use crate::config::{Service, header_value};
use crate::error::{Error, printable};
use crate::platform::prelude::*;
use crate::reply::is_bearer_token;
use crate::secret::Secret;

/// The service's word for an address that is registered already.
const CONFLICT: u16 = 409;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Signup<'a> {
    email: &'a str,
    opt_in: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pwd: Option<&'a str>,
}

#[derive(Serialize)]
struct LoginLink<'a> {
    email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<&'a str>,
}

#[derive(Serialize)]
struct Login<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    pwd: &'a str,
    method: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<&'a str>,
}

/// What somebody shows to be let in.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// The password of the one with this address.
    Password {
        /// The address.
        email: &'a str,
        /// The password.
        password: &'a str,
    },
    /// The code of a login link, or the whole link as it was mailed.
    Code(&'a str),
}

impl Api {
    /// Registers somebody with the dashboard; tells whether the address was registered already, which is no failure.
    pub fn dashboard_signup(&self, email: &str, password: Option<&str>, opt_in: bool) -> Result<bool, Error> {
        check::address("email", email)?;
        if let Some(password) = password {
            check::not_empty("password", password)?;
        }
        let hidden = [password.unwrap_or_default()];
        let reply = self
            .call("POST", Service::Dashboard, "signup")
            .hiding(&hidden)
            .under(None)
            .json(&Signup {
                email,
                opt_in,
                pwd: password,
            })?
            .send(&[200, 201, 202, 204, CONFLICT])?;
        Ok(reply.status() == CONFLICT)
    }

    /// Has a login link mailed. `host` is where it leads; `None` for the service's own page.
    pub fn send_login_link(&self, email: &str, host: Option<&str>) -> Result<(), Error> {
        check::address("email", email)?;
        if let Some(host) = host {
            check::one_line("host", host)?;
        }
        self.call("POST", Service::Dashboard, "login/link")
            .under(None)
            .json(&LoginLink { email, host })?
            .send(SUCCESS)
            .map(drop)
    }

    /// Logs in to the dashboard; the handle then holds the pre-authorization token beside its access token, until
    /// [`Api::login_verify`]. A whole link is not sent: the token is taken from it.
    ///
    /// # Errors
    ///
    /// [`Kind::Unauthorized`](crate::Kind): the service does not accept what is shown. The handle keeps what it held.
    pub fn dashboard_login(&self, proof: Proof, workspace: Option<&str>) -> Result<Secret, Error> {
        if let Some(workspace) = workspace {
            check::one_line("workspace", workspace)?;
        }
        let (email, pwd, method) = match proof {
            Proof::Password { email, password } => {
                check::address("email", email)?;
                check::not_empty("password", password)?;
                (Some(email), password, 0)
            }
            Proof::Code(link) if is_link(link) && workspace.is_some() => {
                return Err(Error::invalid(
                    "a workspace is given beside a whole link, which has one already; expected NULL for it, or the code",
                ));
            }
            Proof::Code(link) if is_link(link) => return Ok(self.keep_dashboard_token(token_in(link)?)),
            Proof::Code(code) => {
                check::one_line("code", code)?;
                (None, code, 1)
            }
        };
        let token = self
            .call("POST", Service::Dashboard, "login")
            .hiding(&[pwd])
            .under(None)
            .json(&Login {
                email,
                pwd,
                method,
                workspace,
            })?
            .send(&[200])?
            .token()?;
        Ok(self.keep_dashboard_token(token))
    }

    /// Exchanges the pre-authorization token of a login for the dashboard token, which the handle then holds.
    pub fn login_verify(&self) -> Result<Secret, Error> {
        let token = self
            .call("GET", Service::Dashboard, "login/verify")
            .query("request", "default")
            .on_dashboard()?
            .send(&[200])?
            .token()?;
        Ok(self.keep_dashboard_token(token))
    }

    /// Asks whether the dashboard token is good.
    pub fn validate_access_token(&self) -> Result<(), Error> {
        self.call("GET", Service::Dashboard, "session")
            .on_dashboard()?
            .send(SUCCESS)
            .map(drop)
    }

    /// Gets a dashboard token for the access token; the handle then holds both. `business` names the one to work in.
    pub fn exchange_for_dashboard_token(&self, business: Option<&str>) -> Result<Secret, Error> {
        let mut call = self
            .call("GET", Service::Dashboard, "login/verify")
            .query("request", "sub");
        if let Some(business) = business {
            if !business.parse::<i64>().is_ok_and(|id| id >= 1) {
                return Err(Error::invalid(format!(
                    "the business is '{}'; expected its id, a number from 1 on",
                    printable(business)
                )));
            }
            call = call.query("bid", business);
        }
        let token = call.signed_in()?.send(&[200])?.token()?;
        Ok(self.keep_dashboard_token(token))
    }
}

/// A code has none of this.
fn is_link(text: &str) -> bool {
    text.contains("://") || text.contains("access_token=")
}

/// The token in a link `…?access_token=T&token=…`.
fn token_in(link: &str) -> Result<Secret, Error> {
    let parts = link.trim().split(['?', '&', '#']).skip(1);
    let encoded = parts.filter_map(|part| part.strip_prefix("access_token=")).next();
    let token = encoded.and_then(|text| {
        percent_decode_str(text)
            .decode_utf8()
            .ok()
            .map(|text| Secret::from(&*text))
    });
    token
        .filter(|token| is_bearer_token(token.as_str()) && header_value(token.as_str()))
        .ok_or_else(|| {
            Error::invalid(
                "the link has no token; expected a login link as it was mailed, with ?access_token=…, or the code in it",
            )
        })
}
