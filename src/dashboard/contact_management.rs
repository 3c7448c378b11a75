//! Contacts: the people and devices of a business.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Rows, new_id};
use crate::api::Api;
use crate::call::SUCCESS;
use crate::check;
use crate::config::Service;
use crate::error::Error;
use crate::fields::{number, text};
use crate::platform::prelude::*;

/// A contact. What the service leaves out is `None`.
#[derive(Debug)]
pub struct Contact {
    /// Its number.
    pub id: Option<i64>,
    /// The address.
    pub email: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// 1 Admin, 2 User, 3 Vendor, 4 Customer, 5 Super User, 6 Device.
    pub role: Option<i64>,
    /// The state, as the service names or numbers it.
    pub status: Option<String>,
    /// The business that it belongs to.
    pub business: Option<i64>,
}

/// Somebody who is to be a contact.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewContact<'a> {
    /// The address.
    pub email: &'a str,
    /// The first name.
    pub first_name: &'a str,
    /// The last name.
    pub last_name: &'a str,
    /// The title.
    pub title: &'a str,
    /// 1 Admin, 2 User, 3 Vendor, 4 Customer, 5 Super User, 6 Device.
    pub role: i32,
    /// 0 none, 2 tutorials, 3 both.
    pub notifications: i32,
    /// Passed on as published; `None` to leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overflow: Option<bool>,
}

/// Which contacts are asked for; 0 and `None` are not sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct ContactFilter<'a> {
    /// Those with this role.
    pub role: i32,
    /// Those that match this text.
    pub filter: Option<&'a str>,
    /// How many at the most.
    pub limit: i64,
    /// Which page of them, as the service counts.
    pub page: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawContact<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    email: Option<&'a RawValue>,
    first_name: Option<&'a RawValue>,
    last_name: Option<&'a RawValue>,
    title: Option<&'a RawValue>,
    role: Option<&'a RawValue>,
    status: Option<&'a RawValue>,
    bid: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct RawContacts<'a> {
    #[serde(borrow)]
    contacts: Vec<RawContact<'a>>,
}

impl Api {
    /// Adds a contact, and gives its number.
    ///
    /// # Errors
    ///
    /// [`Kind::Protocol`](crate::Kind): the reply has no id. It is added all the same, and the error has the reply.
    pub fn add_contact(&self, contact: &NewContact) -> Result<i64, Error> {
        check::address("email", contact.email)?;
        role(contact.role)?;
        if !matches!(contact.notifications, 0 | 2 | 3) {
            return Err(Error::invalid(format!(
                "notifications is {}; expected 0 (none), 2 (tutorials) or 3 (both)",
                contact.notifications
            )));
        }
        let reply = self
            .call("POST", Service::Dashboard, "contact")
            .on_dashboard()?
            .json(contact)?
            .keeping_reply()
            .send(&[200, 201])?;
        let raw: RawContact = reply
            .json("a JSON object that describes a contact")
            .map_err(|e| reply.keep_in(e))?;
        new_id(raw.id, &reply)
    }

    /// The contacts that are asked for.
    pub fn get_contacts(&self, asked: &ContactFilter) -> Result<Rows<Contact>, Error> {
        let mut call = self.call("GET", Service::Dashboard, "contact/all");
        if asked.role != 0 {
            role(asked.role)?;
            call = call.query("role", &asked.role.to_string());
        }
        if let Some(filter) = asked.filter {
            check::one_line("filter", filter)?;
            call = call.query("filter", filter);
        }
        for (name, number) in [("limit", asked.limit), ("page", asked.page)] {
            if number < 0 {
                return Err(Error::invalid(format!("the {name} is {number}; expected 0 or more")));
            }
            if number > 0 {
                call = call.query(name, &number.to_string());
            }
        }
        let reply = call.on_dashboard()?.send(&[200])?;
        let RawContacts { contacts } = reply.json("a JSON object with contacts, a list")?;
        Rows::of(contacts.iter().map(read).collect(), &reply)
    }

    /// Disables a contact, which stays in the list.
    pub fn disable_contact(&self, id: i64) -> Result<(), Error> {
        self.end_contact(id, false)
    }

    /// Removes a contact for good.
    pub fn remove_contact(&self, id: i64) -> Result<(), Error> {
        self.end_contact(id, true)
    }

    fn end_contact(&self, id: i64, remove: bool) -> Result<(), Error> {
        check::id("contact", id)?;
        let mut call = self
            .call("DELETE", Service::Dashboard, "contact")
            .segment(&id.to_string());
        if remove {
            call = call.query("delete", "true");
        }
        call.on_dashboard()?.send(SUCCESS).map(drop)
    }
}

fn role(role: i32) -> Result<(), Error> {
    if !(1..=6).contains(&role) {
        return Err(Error::invalid(format!(
            "the role is {role}; expected 1 (Admin), 2 (User), 3 (Vendor), 4 (Customer), 5 (Super User) or 6 (Device)"
        )));
    }
    Ok(())
}

fn read(raw: &RawContact) -> serde_json::Result<Contact> {
    Ok(Contact {
        id: number(raw.id)?,
        email: text(raw.email)?,
        first_name: text(raw.first_name)?,
        last_name: text(raw.last_name)?,
        title: text(raw.title)?,
        role: number(raw.role)?,
        status: text(raw.status)?,
        business: number(raw.bid)?,
    })
}
