//! Stored keys: fetch, share, take back.

use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::call::{Call, SUCCESS};
use crate::check;
use crate::config::Service;
use crate::error::Error;
use crate::fields::must_be_whole;
use crate::listing::Listing;
use crate::secret::Secret;

#[derive(Serialize)]
struct Recipients<'a> {
    recipients: &'a [&'a str],
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expiration {
    #[serde(deserialize_with = "must_be_whole")]
    expires_on: i64,
}

impl Api {
    /// Stores an encrypted packet from [`Api::create_packet`] and gives its locator token.
    pub fn add_packet(&self, packet: &str) -> Result<Secret, Error> {
        check::not_empty("packet", packet)?;
        self.call("POST", Service::Validation, "packet")
            .hiding(&[packet])
            .signed_in()?
            .body(packet)
            .keeping_reply()
            .send(&[200])?
            .locator()
    }

    /// The key that `locator` stands for.
    ///
    /// # Errors
    ///
    /// [`Kind::Rejected`](crate::Kind): it is expired or revoked, or not for the one who asks.
    pub fn get_packet(&self, locator: &str) -> Result<Secret, Error> {
        self.key_call("GET", "key", locator)?.send(&[200])?.text("a key")
    }

    /// The keys that `locators` stand for, in the same order; none for those that the service does not give.
    pub fn get_packets(&self, locators: &[&str]) -> Result<Listing, Error> {
        check::all_not_empty("locator", locators)?;
        let reply = self
            .call("POST", Service::Validation, "keys")
            .hiding(locators)
            .signed_in()?
            .room_for(locators)
            .json(&locators)?
            .send(&[200])?;
        Listing::of_keys(reply, locators)
    }

    /// Takes the key back: nobody gets it any more.
    pub fn revoke_packet(&self, locator: &str) -> Result<(), Error> {
        self.key_call("DELETE", "key", locator)?.send(SUCCESS).map(drop)
    }

    /// Lets `recipients` have the key too.
    pub fn grant_users(&self, locator: &str, recipients: &[&str]) -> Result<(), Error> {
        self.change_recipients("POST", "grant", locator, recipients)
    }

    /// Lets `recipients` have the key no more.
    pub fn revoke_users(&self, locator: &str, recipients: &[&str]) -> Result<(), Error> {
        self.change_recipients("PATCH", "revoke", locator, recipients)
    }

    /// How long the key still lives, in seconds.
    pub fn packet_expiration(&self, locator: &str) -> Result<i64, Error> {
        let reply = self.key_call("GET", "expiration", locator)?.send(&[200])?;
        let left: Expiration = reply.json("an object with the number expiresOn")?;
        Ok(left.expires_on)
    }

    fn change_recipients(
        &self,
        method: &'static str,
        action: &'static str,
        locator: &str,
        recipients: &[&str],
    ) -> Result<(), Error> {
        check::all_not_empty("recipient", recipients)?;
        self.key_call(method, action, locator)?
            .json(&Recipients { recipients })?
            .send(SUCCESS)
            .map(drop)
    }

    fn key_call<'a>(&'a self, method: &'static str, action: &'static str, locator: &'a str) -> Result<Call<'a>, Error> {
        check::path_segment("locator token", locator)?;
        self.call(method, Service::Validation, action)
            .locator(locator)
            .signed_in()
    }
}
