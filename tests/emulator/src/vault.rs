//! The stored keys: who may have one, who may say so, and when it is gone.

use std::collections::{BTreeMap, HashMap};

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use crate::address::{PUBLIC, group_id, same};
use crate::packet::{Packet, Terms};
use crate::random;
use crate::reply::Refusal;
use crate::tokens::Authorized;

/// All keys by their locators, and the groups that recipients may name.
#[derive(Default)]
pub(crate) struct Vault {
    keys: HashMap<String, Stored>,
    /// The locators, oldest first.
    order: Vec<String>,
    /// Group ids, in lower case, and their members.
    pub(crate) groups: BTreeMap<String, Vec<String>>,
}

struct Stored {
    terms: Terms,
    /// Users who may not read it though a group of theirs may.
    denied: Vec<String>,
    state: State,
}

enum State {
    Live(String),
    Revoked,
    Read,
}

/// A stored key as the admin address shows it: everything but the key.
#[derive(Serialize)]
pub(crate) struct Shown<'a> {
    locator: &'a str,
    state: &'static str,
    #[serde(flatten)]
    terms: &'a Terms,
}

/// The types by the numbers that JavaScript has for them.
const NUMBERED: [&str; 5] = ["unknown", "file", "email", "chat", "form"];

/// A stored key as the dashboard shows it.
#[derive(Serialize)]
pub(crate) struct Communication<'a> {
    id: usize,
    pub(crate) locator_token: &'a str,
    labels: Vec<&'a str>,
    title: &'a str,
    pub(crate) owner: &'a str,
    pub(crate) recipients: &'a [String],
    pub(crate) state: &'static str,
    #[serde(rename = "type")]
    kind: &'a Value,
    /// Milliseconds since 1970.
    pub(crate) created: i64,
    expires: i64,
}

impl Communication<'_> {
    /// Whether this is its type, a name or a number.
    pub(crate) fn is_of(&self, kind: &str) -> bool {
        let number = kind.parse::<usize>().ok();
        match self.kind {
            Value::String(own) => own == number.and_then(|number| NUMBERED.get(number)).unwrap_or(&kind),
            own => number.is_some_and(|number| own.as_u64() == Some(number as u64)),
        }
    }
}

impl Vault {
    /// Stores a packet: its locator.
    pub(crate) fn store(&mut self, packet: Packet) -> String {
        let locator = random::name();
        let stored = Stored {
            terms: packet.terms,
            denied: Vec::new(),
            state: State::Live(packet.key),
        };
        self.keys.insert(locator.clone(), stored);
        self.order.push(locator.clone());
        locator
    }

    /// The key, for its owner and its recipients.
    pub(crate) fn fetch(&mut self, now_ms: i64, who: &Authorized, locator: &str) -> Result<String, Refusal> {
        let stored = self.readable(who, locator)?;
        let key = stored.live(now_ms)?.to_owned();
        if stored.terms.dor && !who.is(&stored.terms.owner) {
            stored.state = State::Read;
        }
        Ok(key)
    }

    /// Milliseconds until it expires, for those who may read it; 0 after that.
    pub(crate) fn time_left(&mut self, now_ms: i64, who: &Authorized, locator: &str) -> Result<i64, Refusal> {
        let stored = self.readable(who, locator)?;
        stored.kept()?;
        Ok(stored.terms.expires_ms.saturating_sub(now_ms).max(0))
    }

    /// Takes the key back for good.
    pub(crate) fn revoke(&mut self, now_ms: i64, who: &Authorized, locator: &str) -> Result<(), Refusal> {
        self.owned(now_ms, who, locator)?.state = State::Revoked;
        Ok(())
    }

    /// The same for many: all of them, or none.
    pub(crate) fn revoke_many(&mut self, now_ms: i64, who: &Authorized, locators: &[String]) -> Result<(), Refusal> {
        for locator in locators {
            self.owned(now_ms, who, locator)?;
        }
        for locator in locators {
            find(&mut self.keys, locator)?.state = State::Revoked;
        }
        Ok(())
    }

    /// Takes back all keys of an owner who is gone.
    pub(crate) fn revoke_all(&mut self, owner: &str) {
        let theirs = self.keys.values_mut().filter(|stored| same(&stored.terms.owner, owner));
        theirs.for_each(|stored| stored.state = State::Revoked);
    }

    /// Lets these read it as well.
    pub(crate) fn grant(
        &mut self,
        now_ms: i64,
        who: &Authorized,
        locator: &str,
        more: Vec<String>,
    ) -> Result<(), Refusal> {
        let stored = self.owned(now_ms, who, locator)?;
        stored.denied.retain(|denied| !contains(&more, denied));
        for address in more {
            if !contains(&stored.terms.recipients, &address) {
                stored.terms.recipients.push(address);
            }
        }
        Ok(())
    }

    /// Lets these read it no longer, not by way of a group either.
    pub(crate) fn deny(
        &mut self,
        now_ms: i64,
        who: &Authorized,
        locator: &str,
        fewer: Vec<String>,
    ) -> Result<(), Refusal> {
        let stored = self.owned(now_ms, who, locator)?;
        stored.terms.recipients.retain(|recipient| !contains(&fewer, recipient));
        for address in fewer {
            if !contains(&stored.denied, &address) {
                stored.denied.push(address);
            }
        }
        Ok(())
    }

    /// All that is stored, oldest first.
    pub(crate) fn shown(&self, now_ms: i64) -> Vec<Shown<'_>> {
        let show = |locator| {
            let (locator, stored) = self.keys.get_key_value::<String>(locator)?;
            Some(Shown {
                locator,
                state: stored.state_name(now_ms),
                terms: &stored.terms,
            })
        };
        self.order.iter().filter_map(show).collect()
    }

    /// The same for the dashboard.
    pub(crate) fn communications(&self, now_ms: i64) -> impl Iterator<Item = Communication<'_>> {
        let show = move |(place, locator)| {
            let (locator, stored) = self.keys.get_key_value::<String>(locator)?;
            let meta = |name: &str| stored.terms.meta.get(name).and_then(Value::as_str);
            Some(Communication {
                id: place + 1,
                locator_token: locator,
                labels: labels(&stored.terms.meta),
                title: meta("title").or(meta("subject")).unwrap_or_default(),
                owner: &stored.terms.owner,
                recipients: &stored.terms.recipients,
                state: stored.state_name(now_ms),
                kind: &stored.terms.kind,
                created: stored.terms.made_ms,
                expires: stored.terms.expires_ms,
            })
        };
        self.order.iter().enumerate().filter_map(show)
    }

    /// Gives a key more labels, each once.
    pub(crate) fn label(&mut self, locator: &str, more: Vec<String>) {
        let Some(stored) = self.keys.get_mut(locator) else {
            return;
        };
        let mut all: Vec<String> = labels(&stored.terms.meta).into_iter().map(str::to_owned).collect();
        for label in more {
            if !all.contains(&label) {
                all.push(label);
            }
        }
        // Meta is an object or null, which becomes one.
        stored.terms.meta["labels"] = all.into();
    }

    fn readable(&mut self, who: &Authorized, locator: &str) -> Result<&mut Stored, Refusal> {
        let stored = find(&mut self.keys, locator)?;
        if !stored.may_be_read_by(who, &self.groups) {
            return Err(Refusal::forbidden(
                "This key is for others: you are neither its owner nor a recipient",
            ));
        }
        Ok(stored)
    }

    fn owned(&mut self, now_ms: i64, who: &Authorized, locator: &str) -> Result<&mut Stored, Refusal> {
        let stored = find(&mut self.keys, locator)?;
        if !who.is(&stored.terms.owner) {
            return Err(Refusal::forbidden("Only the owner of a key may change who has it"));
        }
        stored.live(now_ms)?;
        Ok(stored)
    }
}

/// The labels in a packet's meta: a list, or one alone.
fn labels(meta: &Value) -> Vec<&str> {
    match meta.get("labels") {
        Some(Value::Array(labels)) => labels.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(label)) => vec![label],
        _ => Vec::new(),
    }
}

fn find<'a>(keys: &'a mut HashMap<String, Stored>, locator: &str) -> Result<&'a mut Stored, Refusal> {
    keys.get_mut(locator)
        .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "There is no key with this locator"))
}

impl Stored {
    fn may_be_read_by(&self, who: &Authorized, groups: &BTreeMap<String, Vec<String>>) -> bool {
        let reaches = |user: &String| {
            let named = |recipient: &String| {
                let members = group_id(recipient).and_then(|id| groups.get(&id.to_ascii_lowercase()));
                same(recipient, user)
                    || same(recipient, PUBLIC)
                    || members.is_some_and(|members| contains(members, user))
            };
            !contains(&self.denied, user) && self.terms.recipients.iter().any(named)
        };
        who.is(&self.terms.owner) || who.users().any(reaches)
    }

    /// The key, expired or not; or why it was taken away.
    fn kept(&self) -> Result<&str, Refusal> {
        match &self.state {
            State::Revoked => Err(gone("The key was revoked")),
            State::Read => Err(gone("The key was deleted when it was read")),
            State::Live(key) => Ok(key),
        }
    }

    /// The key; or why it is gone.
    fn live(&self, now_ms: i64) -> Result<&str, Refusal> {
        let key = self.kept()?;
        if self.expired(now_ms) {
            Err(gone("The key has expired"))
        } else {
            Ok(key)
        }
    }

    fn expired(&self, now_ms: i64) -> bool {
        self.terms.expires_ms <= now_ms
    }

    fn state_name(&self, now_ms: i64) -> &'static str {
        match self.state {
            State::Revoked => "revoked",
            State::Read => "read",
            State::Live(_) if self.expired(now_ms) => "expired",
            State::Live(_) => "live",
        }
    }
}

fn gone(why: &str) -> Refusal {
    Refusal::new(StatusCode::GONE, why)
}

fn contains(addresses: &[String], address: &str) -> bool {
    addresses.iter().any(|known| same(known, address))
}
