//! Businesses, as the dashboard manages them: who may act for one, and whom and what it has.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::address::{alias, identity, is_person, same};
use crate::reply::Refusal;

/// The business that has what was made for none: certificates of the admin address, devices of a range nobody here has.
pub(crate) const FIRST: u64 = 1;
/// What the log tells of.
pub(crate) const EVENT_TYPES: [&str; 12] = [
    "login",
    "group.add",
    "group.change",
    "group.remove",
    "contact.add",
    "contact.disable",
    "contact.remove",
    "certificate.add",
    "device.announce",
    "communication.label",
    "business.change",
    "application.change",
];

/// A role of a contact.
pub(crate) const ADMIN: u8 = 1;
pub(crate) const SUPER_USER: u8 = 5;
pub(crate) const DEVICE: u8 = 6;
pub(crate) const ALIAS: u8 = 7;

/// All accounts and businesses.
#[derive(Default)]
pub(crate) struct Businesses {
    /// By their addresses in lower case.
    accounts: BTreeMap<String, Account>,
    businesses: BTreeMap<u64, Business>,
    /// By their ids. Who is in one, the vault knows.
    pub(crate) groups: BTreeMap<u64, Group>,
    pub(crate) contacts: Vec<Contact>,
    pub(crate) applications: Vec<Application>,
    pub(crate) events: Vec<Event>,
    last_id: u64,
}

/// Somebody who may sign in to the dashboard.
struct Account {
    password: Option<String>,
    /// The business of their own.
    home: u64,
}

#[derive(Serialize)]
pub(crate) struct Business {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) owner: String,
    /// What else was told of it.
    #[serde(flatten)]
    pub(crate) details: Map<String, Value>,
}

/// The name of a group, and whose it is.
pub(crate) struct Group {
    pub(crate) bid: u64,
    pub(crate) name: String,
}

/// Somebody, or a device, that a business knows.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Contact {
    pub(crate) id: u64,
    pub(crate) bid: u64,
    pub(crate) email: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) title: String,
    pub(crate) role: u8,
    pub(crate) notifications: u8,
    pub(crate) status: Status,
}

#[derive(Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Active,
    Disabled,
}

/// A program that a business registered.
#[derive(Serialize)]
pub(crate) struct Application {
    pub(crate) id: u64,
    pub(crate) bid: u64,
    pub(crate) name: String,
    #[serde(rename = "description")]
    pub(crate) desc: String,
}

/// Something that was done on the dashboard.
#[derive(Serialize)]
pub(crate) struct Event {
    pub(crate) id: usize,
    #[serde(skip)]
    pub(crate) bid: u64,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) user: String,
    pub(crate) subject: String,
    /// Milliseconds since 1970.
    pub(crate) timestamp: i64,
}

impl Businesses {
    /// Makes an account with a business of its own; false where there is one already.
    pub(crate) fn register(&mut self, email: &str, password: Option<String>) -> bool {
        if self.is_registered(email) {
            return false;
        }
        let home = self.found(email, email.to_owned(), Map::new());
        self.accounts.insert(identity(email), Account { password, home });
        true
    }

    pub(crate) fn is_registered(&self, email: &str) -> bool {
        self.accounts.contains_key(&identity(email))
    }

    /// Whether this is the password of this account. One without a password takes none.
    pub(crate) fn takes_password(&self, email: &str, password: &str) -> bool {
        let account = self.accounts.get(&identity(email));
        account.is_some_and(|account| account.password.as_deref() == Some(password))
    }

    /// The business that a user begins in: their own, which people get here if need be; a device's is the one it was announced to.
    pub(crate) fn home(&mut self, user: &str) -> Result<u64, Refusal> {
        if is_person(user) {
            self.register(user, None);
        }
        let own = self.accounts.get(&identity(user)).map(|account| account.home);
        let of_contact = || self.contacts.iter().find(|contact| contact.acts_as(user));
        own.or_else(|| of_contact().map(|contact| contact.bid)).ok_or_else(|| {
            Refusal::forbidden("The dashboard knows this device not: it was never announced, or disabled")
        })
    }

    /// Makes a business: its id.
    pub(crate) fn found(&mut self, owner: &str, name: String, details: Map<String, Value>) -> u64 {
        let id = self.businesses.len() as u64 + FIRST;
        let owner = owner.to_owned();
        self.businesses.insert(
            id,
            Business {
                id,
                name,
                owner,
                details,
            },
        );
        id
    }

    /// Whether this user may act for this business: its owner, its administrators and its devices.
    pub(crate) fn acts(&self, user: &str, bid: u64) -> bool {
        let owns = |business: &Business| same(&business.owner, user);
        let helps = |contact: &Contact| contact.bid == bid && contact.acts_as(user);
        self.businesses
            .get(&bid)
            .is_some_and(|business| owns(business) || self.contacts.iter().any(helps))
    }

    /// Whether this user belongs to this business, with whatever role.
    pub(crate) fn belongs(&self, user: &str, bid: u64) -> bool {
        let known = |contact: &Contact| contact.bid == bid && contact.is_active() && contact.is(user);
        self.acts(user, bid) || self.contacts.iter().any(known)
    }

    /// The businesses that this user may act for.
    pub(crate) fn of(&self, user: &str) -> impl Iterator<Item = &Business> {
        self.businesses
            .values()
            .filter(move |business| self.acts(user, business.id))
    }

    pub(crate) fn get(&self, bid: u64) -> Option<&Business> {
        self.businesses.get(&bid)
    }

    pub(crate) fn get_mut(&mut self, bid: u64) -> Option<&mut Business> {
        self.businesses.get_mut(&bid)
    }

    /// An id that no group, contact or application has.
    pub(crate) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// The group with this id, where it is this business's.
    pub(crate) fn group(&mut self, bid: u64, id: u64) -> Result<&mut Group, Refusal> {
        let group = self.groups.get_mut(&id).filter(|group| group.bid == bid);
        group.ok_or_else(|| missing(format!("There is no group with id {id} in this business")))
    }

    /// The contact with this id, where it is this business's.
    pub(crate) fn contact(&mut self, bid: u64, id: u64) -> Result<&mut Contact, Refusal> {
        let mut contacts = self.contacts.iter_mut();
        let contact = contacts.find(|contact| contact.bid == bid && contact.id == id);
        contact.ok_or_else(|| missing(format!("There is no contact with id {id} in this business")))
    }

    /// A device shows itself: it becomes a contact of this business, or its contact there has the new name.
    pub(crate) fn announce(&mut self, bid: u64, email: &str, first_name: &str, last_name: &str) {
        let mut contacts = self.contacts.iter_mut();
        let known = contacts.find(|contact| contact.bid == bid && same(&contact.email, email));
        if let Some(contact) = known {
            if contact.role == DEVICE {
                contact.first_name = first_name.to_owned();
                contact.last_name = last_name.to_owned();
            }
            return;
        }
        let id = self.next_id();
        self.contacts.push(Contact {
            id,
            bid,
            email: email.to_owned(),
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            title: String::new(),
            role: DEVICE,
            notifications: 0,
            status: Status::Active,
        });
    }

    /// Forgets a device whose subscriber is gone.
    pub(crate) fn forget_device(&mut self, email: &str) {
        self.contacts
            .retain(|contact| contact.role != DEVICE || !same(&contact.email, email));
    }

    /// Writes something into the log of a business.
    pub(crate) fn note(&mut self, now_ms: i64, bid: u64, user: &str, kind: &'static str, subject: impl Into<String>) {
        self.events.push(Event {
            id: self.events.len() + 1,
            bid,
            kind,
            user: user.to_owned(),
            subject: subject.into(),
            timestamp: now_ms,
        });
    }
}

impl Contact {
    pub(crate) fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    /// Whether this user is meant: an alias may be known by its name alone.
    fn is(&self, user: &str) -> bool {
        same(&self.email, user) || self.role == ALIAS && same(&alias(&self.email), user)
    }

    /// Whether it lets this user act for its business.
    fn acts_as(&self, user: &str) -> bool {
        self.is_active() && [ADMIN, SUPER_USER, DEVICE].contains(&self.role) && same(&self.email, user)
    }
}

/// A refusal of what is not there.
pub(crate) fn missing(why: String) -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, why)
}
