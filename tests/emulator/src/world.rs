//! What the service remembers, as long as a clone of the [`World`] lives.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{io, mem};

use serde::Serialize;

use crate::address::{identity, is_address, is_person, is_user};
use crate::business::{Businesses, FIRST, Group, missing};
use crate::certificate::{Authority, Certificate, Issued};
use crate::clock::Clock;
use crate::packet::Sealer;
use crate::reply::Refusal;
use crate::tls::Identity;
use crate::tokens::{Access, Kind, Tokens};
use crate::vault::Vault;

/// All that an emulator remembers. A clone is the same world: hand it to the next emulator, and that one goes on
/// where the first stopped, with the same users, tokens, clock and certificates.
#[derive(Clone, Default)]
pub struct World(Arc<Mutex<Records>>);

impl World {
    pub(crate) fn open(&self) -> MutexGuard<'_, Records> {
        // No record is left half written by a panic, so a poisoned lock protects nothing.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who the emulator is under TLS, made when that is first needed.
    pub(crate) fn identity(&self) -> io::Result<Identity> {
        let mut records = self.open();
        let identity = records.identity.take().map_or_else(Identity::make, Ok)?;
        Ok(records.identity.insert(identity).clone())
    }

    /// Issues a certificate. The records stay open to others while its key is made.
    pub(crate) fn issue(
        &self,
        business: u64,
        tag: String,
        fence: Vec<String>,
        enabled: bool,
    ) -> io::Result<Certificate> {
        let mut records = self.open();
        let authority = records.authority.take().map_or_else(Authority::make, Ok)?;
        records.authority = Some(authority.clone());
        records.last_certificate += 1;
        let (id, now) = (records.last_certificate, records.clock.now());
        drop(records);

        let (certificate, mut issued) = authority.issue(id, tag, fence, now)?;
        issued.enabled = enabled;
        issued.business = business;
        self.open().certificates.insert(id, issued);
        Ok(certificate)
    }
}

#[derive(Default)]
pub(crate) struct Records {
    authority: Option<Authority>,
    pub(crate) businesses: Businesses,
    pub(crate) certificates: BTreeMap<u64, Issued>,
    last_certificate: u64,
    pub(crate) clock: Clock,
    pub(crate) devices: Vec<Device>,
    identity: Option<Identity>,
    pub(crate) mail: Vec<Mail>,
    pub(crate) sealer: Sealer,
    /// By the one text that stands for each of them.
    pub(crate) subscribers: BTreeMap<String, Subscriber>,
    last_subscriber: u64,
    pub(crate) tokens: Tokens,
    pub(crate) vault: Vault,
}

impl Records {
    /// The subscriber with this address; a new one, where there is none.
    pub(crate) fn enroll(&mut self, user: &str) -> &mut Subscriber {
        let starts_ms = self.clock.now_ms();
        self.subscribers.entry(identity(user)).or_insert_with(|| {
            self.last_subscriber += 1;
            Subscriber {
                id: self.last_subscriber,
                user: user.to_owned(),
                profile: Profile::default(),
                starts_ms,
            }
        })
    }

    /// A new access token.
    pub(crate) fn give_access(&mut self, user: &str, access: Access, business: Option<&str>) -> String {
        let now = self.clock.now();
        let id = self.enroll(user).id;
        self.tokens.mint(now, user, Kind::Access(access), Some(id), business)
    }

    /// A new dashboard token; or what is wrong with the user.
    pub(crate) fn give_dashboard(&mut self, user: &str) -> Result<String, String> {
        if !is_person(user) {
            return Err(format!("{user:?} is no mail address or telephone number"));
        }
        self.log_in(user, None).map_err(|refusal| refusal.why().to_owned())
    }

    /// A new dashboard token, for the user's own business where none is named.
    pub(crate) fn log_in(&mut self, user: &str, business: Option<u64>) -> Result<String, Refusal> {
        let home = self.businesses.home(user)?;
        let business = business.unwrap_or(home);
        if !self.businesses.acts(user, business) {
            return Err(missing(format!(
                "There is no business with id {business} that this user may act for"
            )));
        }
        let (now, now_ms) = (self.clock.now(), self.clock.now_ms());
        let id = self.enroll(user).id;
        self.businesses.note(now_ms, business, user, "login", "");
        let named = business.to_string();
        Ok(self
            .tokens
            .mint(now, user, Kind::Dashboard { business }, Some(id), Some(&named)))
    }

    /// The business that a device belongs to: its certificate's, or the one whose trusted range it is in.
    pub(crate) fn business_of_device(&self, user: &str) -> u64 {
        let range = user.split_once('@').map_or("", |(_, range)| range);
        let number = |ending: &str| range.strip_suffix(ending)?.parse().ok();
        let certified = || self.certificates.get(&number(".certificate.local")?);
        let trusted = || self.businesses.get(number(".trusted.local")?);
        let found = certified().map(|issued| issued.business);
        found.or_else(|| trusted().map(|business| business.id)).unwrap_or(FIRST)
    }

    /// A new group of a business: its id, which no other group has.
    pub(crate) fn add_group(&mut self, bid: u64, name: String, members: Vec<String>) -> u64 {
        let mut id = self.businesses.next_id();
        while self.vault.groups.contains_key(&id.to_string()) {
            id = self.businesses.next_id();
        }
        self.businesses.groups.insert(id, Group { bid, name });
        self.vault.groups.insert(id.to_string(), members);
        id
    }

    /// Takes a group away.
    pub(crate) fn remove_group(&mut self, id: u64) {
        self.businesses.groups.remove(&id);
        self.vault.groups.remove(&id.to_string());
    }

    /// Who is in a group.
    pub(crate) fn members(&self, id: u64) -> &[String] {
        self.vault.groups.get(&id.to_string()).map_or(&[], Vec::as_slice)
    }

    /// Enables or disables a certificate; false where there is none with this id.
    pub(crate) fn enable_certificate(&mut self, id: u64, enabled: bool) -> bool {
        let issued = self.certificates.get_mut(&id);
        issued.map(|issued| issued.enabled = enabled).is_some()
    }

    /// Says who is in a group, in place of what was said before.
    pub(crate) fn set_group(&mut self, id: &str, members: Vec<String>) -> Result<(), String> {
        if !is_address(&format!("{id}@group.local")) {
            return Err(format!("{id:?} is no group id: id@group.local would be no address"));
        }
        if let Some(wrong) = members.iter().find(|member| !is_user(member)) {
            return Err(format!("members holds {wrong:?}, which is no address"));
        }
        self.vault.groups.insert(id.to_ascii_lowercase(), members);
        Ok(())
    }
}

/// A mail that XQ would have sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mail {
    /// Who asked for access.
    pub user: String,
    /// Six digits, as text: the first may be a zero. Empty in a mail with a link.
    pub pin: String,
    /// The link that signs in to the dashboard, in a mail for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// When, in seconds since 1970 by the emulator's clock.
    pub sent: i64,
}

/// Somebody who signed in, with a PIN or as a device.
#[derive(Clone, Serialize)]
pub(crate) struct Subscriber {
    pub(crate) id: u64,
    pub(crate) user: String,
    #[serde(flatten)]
    pub(crate) profile: Profile,
    /// Since when, in milliseconds since 1970.
    #[serde(skip)]
    pub(crate) starts_ms: i64,
}

/// What a subscriber told of themselves last.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Profile {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) newsletter: bool,
    pub(crate) notifications: u8,
}

impl Profile {
    /// What was not told stays as it is.
    pub(crate) fn update(&mut self, told: ProfileUpdate) {
        self.first_name = told.first_name.unwrap_or(mem::take(&mut self.first_name));
        self.last_name = told.last_name.unwrap_or(mem::take(&mut self.last_name));
        self.newsletter = told.newsletter.unwrap_or(self.newsletter);
        self.notifications = told.notifications.unwrap_or(self.notifications);
    }
}

/// What a request tells of a subscriber.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ProfileUpdate {
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) newsletter: Option<bool>,
    pub(crate) notifications: Option<u8>,
}

/// Notifications are a number from 0 to 3.
pub(crate) fn check_notifications(number: Option<u8>) -> Result<(), Refusal> {
    let why = "notifications is 0 (none), 1 (usage reports), 2 (tutorials) or 3 (both)";
    if number <= Some(3) {
        Ok(())
    } else {
        Err(Refusal::bad(why))
    }
}

/// A device that was announced.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Device {
    /// The address it has as owner and recipient of keys.
    pub user: String,
    /// Its name.
    pub afirst: String,
    /// What else came with the announcement.
    pub alast: String,
    /// What else came with the announcement.
    pub aphone: String,
    /// When, in seconds since 1970 by the emulator's clock.
    pub announced: i64,
}
