//! API keys and tokens.

use crate::api::Api;
use crate::check;
use crate::config::Service;
use crate::error::Error;
use crate::secret::Secret;

impl Api {
    /// Asks whether the API key is valid, and gives the service's answer as it came: JSON with the key's scopes.
    ///
    /// # Errors
    ///
    /// [`Kind::Unauthorized`](crate::Kind): it is not.
    pub fn validate_api_key(&self) -> Result<Secret, Error> {
        self.call("GET", Service::Subscription, "apikey")
            .send(&[200])?
            .take_raw()
    }

    /// Validates the PIN that the user was sent, under the pre-authorization token. A PIN is text: zeros lead.
    ///
    /// # Errors
    ///
    /// [`Kind::Unauthorized`](crate::Kind): the PIN is not the right one, or there is no token.
    pub fn code_validate(&self, pin: &str) -> Result<(), Error> {
        check::one_line("PIN", pin)?;
        self.call("GET", Service::Subscription, "codevalidation")
            .query("pin", pin)
            .hiding(&[pin])
            .signed_in()?
            .send(&[200, 204])
            .map(drop)
    }

    /// Exchanges the pre-authorization token for an access token, which the handle then holds.
    ///
    /// `business` names the business to sign in to; `selector` is passed on as published.
    ///
    /// # Errors
    ///
    /// [`Kind::Rejected`](crate::Kind): the PIN has not been validated. The handle keeps the token that it held.
    pub fn exchange_key(&self, business: Option<&str>, selector: bool) -> Result<Secret, Error> {
        let mut call = self
            .call("GET", Service::Subscription, "exchange")
            // Capitals, as the service's reference client writes them.
            .query("selector", if selector { "True" } else { "False" });
        if let Some(business) = business {
            if business.is_empty() {
                return Err(Error::invalid(
                    "the business is empty; expected its id, or NULL for none",
                ));
            }
            call = call.query("b", business);
        }
        let token = call.signed_in()?.send(&[200])?.token()?;
        Ok(self.keep_access_token(token))
    }

    /// Exchanges the dashboard token for an access token, which the handle then holds.
    ///
    /// # Errors
    ///
    /// [`Kind::Unauthorized`](crate::Kind): the token is not accepted, or there is none; the handle keeps what it held.
    pub fn exchange_for_subscription_token(&self) -> Result<Secret, Error> {
        let token = self
            .call("GET", Service::Subscription, "exchange")
            .query("request", "dashboard")
            .on_dashboard()?
            .send(&[200])?
            .token()?;
        Ok(self.keep_access_token(token))
    }
}
