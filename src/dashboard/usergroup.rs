//! User groups: people who get a key together, as `ID@group.local`.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Rows, new_id};
use crate::api::Api;
use crate::call::SUCCESS;
use crate::check;
use crate::config::Service;
use crate::error::{Error, Kind, printable};
use crate::fields::{number, text};
use crate::platform::prelude::*;
use crate::reply::Reply;
use crate::secret::Secret;

/// A group. What the service leaves out is `None`.
#[derive(Debug)]
pub struct Usergroup {
    /// Its number.
    pub id: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// The business that it belongs to.
    pub business: Option<i64>,
    /// Who is in it: addresses, and the JSON of a member that the service describes in another way.
    pub members: Option<Vec<String>>,
}

/// Which groups are asked for.
#[derive(Clone, Copy)]
pub enum Which<'a> {
    /// All, without their members.
    All,
    /// The one with this number.
    Id(i64),
    /// The one with this name.
    Name(&'a str),
}

/// A group as it comes.
#[derive(Deserialize)]
struct RawGroup<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    name: Option<&'a RawValue>,
    bid: Option<&'a RawValue>,
    members: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct RawGroups<'a> {
    #[serde(borrow)]
    groups: Vec<RawGroup<'a>>,
}

/// A member that is not plain text.
#[derive(Deserialize)]
struct RawMember<'a> {
    #[serde(borrow)]
    kind: Option<&'a RawValue>,
    address: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Change<'a, M> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<&'a [M]>,
}

/// A member as it is written back: an address, or whatever the service has of one.
#[derive(Serialize)]
#[serde(untagged)]
enum Member {
    Address(String),
    Other(Box<RawValue>),
}

impl Api {
    /// Makes a group.
    ///
    /// # Errors
    ///
    /// [`Kind::Protocol`]: the reply has no id. It is made all the same, and the error has the reply.
    pub fn create_usergroup(&self, name: &str, members: &[&str]) -> Result<Rows<Usergroup>, Error> {
        check::one_line("group's name", name)?;
        check::addresses("member", members)?;
        let reply = self
            .call("POST", Service::Dashboard, "usergroup")
            .on_dashboard()?
            .json(&Change {
                name: Some(name),
                members: Some(members),
            })?
            .keeping_reply()
            .send(&[200, 201])?;
        let raw: RawGroup = reply.json(ONE).map_err(|e| reply.keep_in(e))?;
        let id = new_id(raw.id, &reply)?;
        let made = read(&raw).map(|group| {
            vec![Usergroup {
                id: Some(id),
                name: group.name.or_else(|| Some(name.to_owned())),
                members: group
                    .members
                    .or_else(|| Some(members.iter().map(|&m| m.to_owned()).collect())),
                ..group
            }]
        });
        Rows::of(made, &reply).map_err(|e| reply.keep_in(e))
    }

    /// The groups that are asked for: with their members where one is.
    ///
    /// # Errors
    ///
    /// [`Kind::Rejected`]: there is no group with this name, or more than one.
    pub fn get_usergroup(&self, which: Which) -> Result<Rows<Usergroup>, Error> {
        match which {
            Which::All => {}
            Which::Id(id) => check::id("group", id)?,
            Which::Name(name) => check::one_line("group's name", name)?,
        }
        // One token for both requests: another thread may switch to another business between them.
        let token = self.held_dashboard_token()?;
        let id = match which {
            Which::Id(id) => id,
            Which::Name(name) => self.group_named(name, &token)?,
            Which::All => {
                let reply = self.groups(&token)?;
                let RawGroups { groups } = reply.json(MANY)?;
                return Rows::of(groups.iter().map(read).collect(), &reply);
            }
        };
        let reply = self.group(id, &token)?;
        let raw: RawGroup = reply.json(ONE)?;
        Rows::of(read(&raw).map(|group| vec![group]), &reply)
    }

    /// Changes a group's name, its members or both; `None` leaves them.
    pub fn update_usergroup(&self, id: i64, name: Option<&str>, members: Option<&[&str]>) -> Result<(), Error> {
        check::id("group", id)?;
        if name.is_none() && members.is_none() {
            return Err(Error::invalid(
                "there is nothing to change; expected a name, members or both",
            ));
        }
        if let Some(name) = name {
            check::one_line("group's name", name)?;
        }
        if let Some(members) = members.filter(|members| !members.is_empty()) {
            check::addresses("member", members)?;
        }
        self.change_group(id, &Change { name, members }, &self.held_dashboard_token()?)
    }

    /// Adds members to a group: reads it, and writes it back with those of them who are not in it yet.
    pub fn add_usergroup_members(&self, id: i64, members: &[&str]) -> Result<(), Error> {
        self.with_members(id, members, |all| {
            let before = all.len();
            for member in members {
                if !all.iter().any(|known| known.is(member)) {
                    all.push(Member::Address((*member).to_owned()));
                }
            }
            all.len() != before
        })
    }

    /// Takes members out of a group: reads it, and writes it back without them. Who is not in it is no failure.
    pub fn remove_usergroup_members(&self, id: i64, members: &[&str]) -> Result<(), Error> {
        self.with_members(id, members, |all| {
            let before = all.len();
            all.retain(|known| !members.iter().any(|member| known.is(member)));
            all.len() != before
        })
    }

    /// Deletes a group.
    pub fn delete_usergroup(&self, id: i64) -> Result<(), Error> {
        check::id("group", id)?;
        self.call("DELETE", Service::Dashboard, "usergroup")
            .segment(&id.to_string())
            .on_dashboard()?
            .send(SUCCESS)
            .map(drop)
    }

    fn groups(&self, token: &Secret) -> Result<Reply, Error> {
        self.call("GET", Service::Dashboard, "usergroup")
            .under_dashboard(token.clone())
            .send(&[200])
    }

    fn group(&self, id: i64, token: &Secret) -> Result<Reply, Error> {
        self.call("GET", Service::Dashboard, "usergroup")
            .segment(&id.to_string())
            .under_dashboard(token.clone())
            .send(&[200])
    }

    /// The number of the one group with this name.
    fn group_named(&self, name: &str, token: &Secret) -> Result<i64, Error> {
        let reply = self.groups(token)?;
        let RawGroups { groups } = reply.json(MANY)?;
        let groups = Rows::of(groups.iter().map(read).collect(), &reply)?.rows;
        let named = groups.iter().filter(|group| group.name.as_deref() == Some(name));
        let id = |group: &Usergroup| group.id.filter(|id| *id >= 1);
        let named = named.map(id).collect::<Option<Vec<i64>>>();
        let named = named.ok_or_else(|| reply.nonsense("has a group of this name without an id from 1 on"))?;
        match named[..] {
            [id] => Ok(id),
            [] => Err(Error::new(
                Kind::Rejected,
                format!("no group is named '{}'", printable(name)),
            )),
            [first, second, ..] => Err(Error::new(
                Kind::Rejected,
                format!(
                    "{} groups are named '{}', those with the ids {first} and {second} among them; expected one, or an id",
                    named.len(),
                    printable(name)
                ),
            )),
        }
    }

    /// Reads a group's members, has them changed, and writes them back where that made a difference.
    fn with_members(
        &self,
        id: i64,
        members: &[&str],
        change: impl FnOnce(&mut Vec<Member>) -> bool,
    ) -> Result<(), Error> {
        check::id("group", id)?;
        check::addresses("member", members)?;
        // One token for both requests: another thread may switch to another business between them.
        let token = self.held_dashboard_token()?;
        self.operation.leads_to_change();
        let reply = self.group(id, &token)?;
        let raw: RawGroup = reply.json(ONE)?;
        // A group without the list that is to be changed would lose whoever is in it.
        let known = raw
            .members
            .ok_or_else(|| reply.nonsense("does not tell the group's members"))?;
        let mut all = known
            .into_iter()
            .map(Member::read)
            .collect::<serde_json::Result<Vec<Member>>>()
            .map_err(|_| reply.nonsense("has a member that is half of a character"))?;
        if !change(&mut all) {
            return Ok(());
        }
        self.change_group(
            id,
            &Change {
                name: None,
                members: Some(&all),
            },
            &token,
        )
    }

    fn change_group(&self, id: i64, change: &Change<impl Serialize>, token: &Secret) -> Result<(), Error> {
        self.call("PATCH", Service::Dashboard, "usergroup")
            .segment(&id.to_string())
            .under_dashboard(token.clone())
            .json(change)?
            .send(SUCCESS)
            .map(drop)
    }
}

const ONE: &str = "a JSON object that describes a group";
const MANY: &str = "a JSON object with groups, a list";

impl Member {
    fn read(raw: &RawValue) -> serde_json::Result<Self> {
        Ok(match address(raw)? {
            Some(address) => Member::Address(address),
            None => Member::Other(raw.to_owned()),
        })
    }

    /// Whatever the letters' case.
    fn is(&self, address: &str) -> bool {
        matches!(self, Member::Address(own) if own.to_lowercase() == address.to_lowercase())
    }
}

/// The address that a member is: plain, or `{"kind":"address","address":…}`.
fn address(raw: &RawValue) -> serde_json::Result<Option<String>> {
    if !raw.get().starts_with('{') {
        return text(Some(raw)).map(|text| text.filter(|_| raw.get().starts_with('"')));
    }
    let RawMember { kind, address } = serde_json::from_str(raw.get())?;
    let is_address = text(kind)?.is_none_or(|kind| kind == "address");
    Ok(text(address)?.filter(|_| is_address))
}

fn read(raw: &RawGroup) -> serde_json::Result<Usergroup> {
    let shown = |member: &&RawValue| Ok(address(member)?.unwrap_or_else(|| member.get().to_owned()));
    let members = raw.members.as_ref().map(|members| members.iter().map(shown).collect());
    Ok(Usergroup {
        id: number(raw.id)?,
        name: text(raw.name)?,
        business: number(raw.bid)?,
        members: members.transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, OnceLock, Weak};

    use crate::api::Handle;
    use crate::config::Config;
    use crate::exchange::{Performer, Response};

    #[test]
    fn a_group_is_written_under_the_token_that_it_was_read_under() {
        let handle: Arc<OnceLock<Weak<Handle>>> = Arc::default();
        let carried: Arc<Mutex<Vec<String>>> = Arc::default();
        let (meanwhile, seen) = (Arc::clone(&handle), Arc::clone(&carried));
        let mut config = Config::default();
        config.set_api_key(Some("key")).expect("it is one");
        config.set_performer(Some(Performer(Arc::new(move |request, _| {
            let token = request.headers.iter().find(|(name, _)| *name == "authorization");
            seen.lock()
                .expect("nobody panics")
                .push(token.expect("it is there").1.to_owned());
            let api = meanwhile.get().and_then(Weak::upgrade).expect("the handle is alive");
            api.set_dashboard_token(Some("another")).expect("it is one");
            let mut response = Response {
                status: 200,
                ..Response::default()
            };
            response.body.extend(br#"{"id":9,"members":[]}"#);
            Ok(response)
        }))));
        let api = Arc::new(Handle::new(&config).expect("it can be made"));
        handle.set(Arc::downgrade(&api)).expect("it is set once");
        api.set_dashboard_token(Some("one")).expect("it is one");
        let added = api.begin("test").add_usergroup_members(9, &["a@b.c"]);
        added.expect("the service agrees");
        assert_eq!(*carried.lock().expect("nobody panics"), ["Bearer one", "Bearer one"]);
    }
}
