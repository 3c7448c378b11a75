//! What the service remembers, as long as a clone of the [`World`] lives.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::address::is_address;
use crate::clock::Clock;
use crate::packet::Sealer;
use crate::tls::Identity;
use crate::tokens::Tokens;
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
}

#[derive(Default)]
pub(crate) struct Records {
    pub(crate) clock: Clock,
    pub(crate) identity: Option<Identity>,
    pub(crate) mail: Vec<Mail>,
    pub(crate) sealer: Sealer,
    pub(crate) subscribers: BTreeMap<String, Subscriber>,
    pub(crate) tokens: Tokens,
    pub(crate) vault: Vault,
}

impl Records {
    /// Says who is in a group, in place of what was said before.
    pub(crate) fn set_group(&mut self, id: &str, members: Vec<String>) -> Result<(), String> {
        if !is_address(&format!("{id}@group.local")) {
            return Err(format!(
                "{id:?} is no group id: id@group.local would be no address"
            ));
        }
        if let Some(wrong) = members.iter().find(|member| !is_address(member)) {
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
    /// Six digits, as text: the first may be a zero.
    pub pin: String,
    /// When, in seconds since 1970 by the emulator's clock.
    pub sent: i64,
}

/// Somebody who asked for access, with what they asked for last.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subscriber {
    pub(crate) user: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) newsletter: bool,
    pub(crate) notifications: u8,
}
