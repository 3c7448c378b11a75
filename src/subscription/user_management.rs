//! People and what they are let in with.

use serde::Serialize;

use crate::api::Api;
use crate::call::SUCCESS;
use crate::check;
use crate::config::Service;
use crate::error::Error;
use crate::secret::Secret;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AuthorizeUser<'a> {
    user: &'a str,
    newsletter: bool,
    notifications: i32,
    #[serde(skip_serializing_if = "str::is_empty")]
    first_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    last_name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AuthorizeAlias<'a> {
    user: &'a str,
    first_name: &'a str,
    last_name: &'a str,
}

impl Api {
    /// Signs in under an alias, at once and without a PIN; the handle then holds the access token. Both names are sent,
    /// empty ones too.
    ///
    /// # Errors
    ///
    /// [`Kind::Rejected`](crate::Kind): the service does not take the alias. The handle keeps the token that it held.
    pub fn authorize_alias(&self, alias: &str, first_name: &str, last_name: &str) -> Result<Secret, Error> {
        check::one_line("alias", alias)?;
        let token = self
            .call("POST", Service::Subscription, "authorizealias")
            .json(&AuthorizeAlias {
                user: alias,
                first_name,
                last_name,
            })?
            .send(SUCCESS)?
            .token()?;
        Ok(self.keep_access_token(token))
    }

    /// Asks for access for the person with the address `user`, whom the service then sends a PIN and a link.
    ///
    /// Empty names are not sent. `notifications`: 0 none, 1 usage reports, 2 tutorials, 3 both. The handle then holds
    /// the pre-authorization token that comes back.
    ///
    /// # Errors
    ///
    /// [`Kind::Rejected`](crate::Kind): the service does not take the address. The handle keeps the token that it held.
    pub fn authorize_user(
        &self,
        user: &str,
        first_name: &str,
        last_name: &str,
        newsletter: bool,
        notifications: i32,
    ) -> Result<Secret, Error> {
        check::one_line("user", user)?;
        check::notifications(notifications)?;
        let token = self
            .call("POST", Service::Subscription, "authorize")
            .json(&AuthorizeUser {
                user,
                newsletter,
                notifications,
                first_name,
                last_name,
            })?
            .send(&[200])?
            .token()?;
        Ok(self.keep_access_token(token))
    }
}
