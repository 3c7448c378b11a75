//! Key packets: a key, whom it is for and how long, as requests describe them and as sealed text carries them.

use std::slice;

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::address::{PUBLIC, is_user, same};
use crate::random;
use crate::reply::Refusal;

/// The names a packet's type may have; it may be a number too.
const TYPES: [&str; 8] = ["msg", "file", "email", "chat", "form", "database", "unknown", "other"];
/// The units of an expiry and their milliseconds; a month is 30 days, a year 365.
const UNITS: [(&str, f64); 7] = [
    ("second", 1e3),
    ("minute", 60e3),
    ("hour", 3_600e3),
    ("day", 86_400e3),
    ("week", 604_800e3),
    ("month", 2_592_000e3),
    ("year", 31_536_000e3),
];
const NONCE: usize = 12;

/// A request for one packet or many, as the body holds it. `null` is the same as absent.
#[derive(Deserialize)]
pub(crate) struct PacketRequest {
    #[serde(default)]
    meta: Value,
    #[serde(rename = "type", default)]
    kind: Value,
    #[serde(default)]
    recipients: Value,
    expires: Option<f64>,
    /// Of a row; elsewhere it is always hours.
    pub(crate) unit: Option<String>,
    /// PHP calls it by the other name.
    #[serde(alias = "onetime")]
    dor: Option<bool>,
    pub(crate) key: Option<String>,
    pub(crate) keys: Option<Vec<String>>,
}

/// Everything about a packet but its key.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Terms {
    pub(crate) owner: String,
    pub(crate) recipients: Vec<String>,
    /// Milliseconds since 1970.
    pub(crate) expires_ms: i64,
    /// When it was made, the same way.
    pub(crate) made_ms: i64,
    #[serde(rename = "type")]
    pub(crate) kind: Value,
    pub(crate) meta: Value,
    /// Delete on read: the first recipient who reads the key is the last.
    pub(crate) dor: bool,
}

impl PacketRequest {
    /// The terms it asks for; `expires` is what an absent one means, and `unit` what it counts.
    pub(crate) fn terms(&self, owner: &str, now_ms: i64, expires: f64, unit: &str) -> Result<Terms, Refusal> {
        let expires = self.expires.unwrap_or(expires);
        if expires <= 0.0 {
            return Err(Refusal::bad(format!("expires is a number above zero, not {expires}")));
        }
        let unit = unit_ms(unit)?;
        check_type(&self.kind)?;
        let meta = match &self.meta {
            // PHP's empty object.
            Value::Array(items) if items.is_empty() => Value::Object(Map::new()),
            Value::Object(_) | Value::Null => self.meta.clone(),
            other => return Err(Refusal::bad(format!("meta is an object, not {other}"))),
        };
        Ok(Terms {
            owner: owner.to_owned(),
            recipients: match &self.recipients {
                // The owner alone.
                Value::Null => Vec::new(),
                given => recipients(given)?,
            },
            expires_ms: now_ms.saturating_add((expires * unit) as i64),
            made_ms: now_ms,
            kind: self.kind.clone(),
            meta,
            dor: self.dor.unwrap_or(false),
        })
    }

    /// The one key it carries.
    pub(crate) fn one_key(self) -> Result<String, Refusal> {
        match (self.key, self.keys) {
            (Some(key), None) => checked_key(key),
            (Some(_), Some(_)) => Err(Refusal::bad("Both key and keys came: one of them is enough")),
            (None, _) => Err(Refusal::bad("key is missing: the text of the key")),
        }
    }
}

/// A key is any text but the empty one.
pub(crate) fn checked_key(key: String) -> Result<String, Refusal> {
    if key.is_empty() {
        Err(Refusal::bad("A key is empty"))
    } else {
        Ok(key)
    }
}

/// Recipients: a list of addresses, or one text with commas between them. Python sends a list in a list too.
pub(crate) fn recipients(value: &Value) -> Result<Vec<String>, Refusal> {
    let given: Option<Vec<&str>> = match value {
        Value::String(text) => Some(text.split(',').map(str::trim).collect()),
        Value::Array(items) => items.iter().flat_map(unnested).map(Value::as_str).collect(),
        _ => None,
    };
    match given {
        None => Err(Refusal::bad(
            "recipients is a list of addresses, or one text with commas between them",
        )),
        Some(given) if given.is_empty() => Err(Refusal::bad("recipients is empty")),
        Some(given) => match given.iter().find(|text| !is_user(text) && !same(text, PUBLIC)) {
            Some(wrong) => Err(Refusal::bad(format!("recipients holds {wrong:?}, which is no address"))),
            None => Ok(given.into_iter().map(str::to_owned).collect()),
        },
    }
}

/// The items of a list; of anything else, itself.
fn unnested(item: &Value) -> &[Value] {
    item.as_array().map_or(slice::from_ref(item), Vec::as_slice)
}

fn unit_ms(name: &str) -> Result<f64, Refusal> {
    let lower = name.to_ascii_lowercase();
    let singular = lower.strip_suffix('s').unwrap_or(&lower);
    let found = UNITS.iter().find(|(unit, _)| *unit == singular);
    found
        .map(|(_, ms)| *ms)
        .ok_or_else(|| Refusal::bad(format!("unit is seconds, minutes, hours, days, …, not {name:?}")))
}

fn check_type(kind: &Value) -> Result<(), Refusal> {
    let known = match kind {
        Value::Null => true,
        Value::Number(number) => number.is_u64(),
        Value::String(name) => TYPES.contains(&name.as_str()),
        _ => false,
    };
    if known {
        Ok(())
    } else {
        Err(Refusal::bad(format!(
            "type is a number or one of {TYPES:?}, not {kind}"
        )))
    }
}

/// A whole packet, as sealed text carries it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Packet {
    pub(crate) terms: Terms,
    pub(crate) key: String,
}

/// What packets are sealed with: only the emulator that made one opens it.
#[derive(Clone)]
pub(crate) struct Sealer([u8; 32]);

impl Default for Sealer {
    fn default() -> Self {
        Sealer(random::bytes())
    }
}

impl Sealer {
    /// The packet of the subscriber with the id `maker`, as base64 text that tells nothing; none where it is too large for
    /// the cipher.
    pub(crate) fn seal(&self, maker: u64, packet: &Packet) -> Option<String> {
        let nonce: [u8; NONCE] = random::bytes();
        let plain = serde_json::to_vec(&(maker, packet)).ok()?;
        let sealed = Aes256Gcm::new(&self.0.into())
            .encrypt(&Nonce::from(nonce), plain.as_slice())
            .ok()?;
        Some(BASE64_STANDARD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// The maker and the packet in such a text; none where this emulator did not seal it, or it was changed.
    pub(crate) fn open(&self, text: &str) -> Option<(u64, Packet)> {
        let bytes = BASE64_STANDARD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let plain = Aes256Gcm::new(&self.0.into())
            .decrypt(&Nonce::from(*nonce), sealed)
            .ok()?;
        serde_json::from_slice(&plain).ok()
    }
}
