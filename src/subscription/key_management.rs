//! Key packets: a key and the people who may have it.

use core::fmt;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::api::Api;
use crate::call::Call;
use crate::check;
use crate::config::Service;
use crate::error::Error;
use crate::listing::Listing;
use crate::platform::prelude::*;
use crate::secret::Secret;

/// What a packet is for, on the wire a number or a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum PacketType<'a> {
    /// As older programs write it.
    Number(i32),
    /// Such as `msg`, `file`, `email`, `chat`, `form`, `database`.
    Name(&'a str),
}

/// What may be said of a packet besides its key and its recipients.
#[derive(Clone, Copy, Debug)]
pub struct PacketOptions<'a> {
    /// `None` for the default of the call.
    pub packet_type: Option<PacketType<'a>>,
    /// Hours until the key expires, 1 or more.
    pub expires_hours: i64,
    /// What the packet is about.
    pub subject: Option<&'a str>,
    /// Only for [`Api::create_and_store_packet`].
    pub labels: Option<&'a [&'a str]>,
    /// Only for [`Api::create_and_store_packets`].
    pub meta: Option<&'a str>,
}

impl Default for PacketOptions<'_> {
    fn default() -> Self {
        PacketOptions {
            packet_type: None,
            expires_hours: 24,
            subject: None,
            labels: None,
            meta: None,
        }
    }
}

/// One row for [`Api::create_and_store_packets_batch`]. `Debug` leaves the key out.
#[derive(Clone, Copy)]
pub struct PacketRow<'a> {
    /// The key.
    pub key: &'a str,
    /// Who may have it.
    pub recipients: &'a [&'a str],
    /// `None` for `database`.
    pub packet_type: Option<PacketType<'a>>,
    /// How many of `unit` until the key expires, 1 or more.
    pub expires: i64,
    /// Such as `days`.
    pub unit: &'a str,
    /// What the row is about.
    pub metadata: Metadata<'a>,
}

impl fmt::Debug for PacketRow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PacketRow")
            .field("recipients", &self.recipients)
            .field("packet_type", &self.packet_type)
            .field("expires", &self.expires)
            .field("unit", &self.unit)
            .field("metadata", &self.metadata)
            .finish_non_exhaustive()
    }
}

/// What a row says of itself.
#[derive(Clone, Copy, Debug)]
pub enum Metadata<'a> {
    /// The fields that there usually are.
    Fields {
        /// The row's title.
        title: Option<&'a str>,
        /// The row's labels.
        labels: Option<&'a [&'a str]>,
    },
    /// A JSON object, sent as it is.
    Json(&'a str),
}

#[derive(Serialize)]
struct Packet<'a, M> {
    meta: M,
    #[serde(rename = "type")]
    packet_type: PacketType<'a>,
    recipients: &'a [&'a str],
    expires: i64,
    #[serde(flatten)]
    content: Content<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Content<'a> {
    Key(&'a str),
    Keys(&'a [&'a str]),
}

#[derive(Serialize)]
struct Subject<'a> {
    subject: Option<&'a str>,
}

#[derive(Serialize)]
struct SubjectAndLabels<'a> {
    subject: Option<&'a str>,
    title: Option<&'a str>,
    labels: Option<&'a [&'a str]>,
}

#[derive(Serialize)]
struct SubjectAndMeta<'a> {
    subject: Option<&'a str>,
    meta: Option<&'a str>,
}

#[derive(Serialize)]
struct Entries<'a> {
    entries: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    #[serde(rename = "type")]
    packet_type: PacketType<'a>,
    meta: EntryMeta<'a>,
    key: &'a str,
    recipients: &'a [&'a str],
    expires: i64,
    unit: &'a str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum EntryMeta<'a> {
    Fields {
        title: Option<&'a str>,
        labels: Option<&'a [&'a str]>,
    },
    Json(&'a RawValue),
}

impl Api {
    /// Makes an encrypted packet of `key` for `recipients` and gives it; it is not stored yet. Type 3 by default.
    ///
    /// # Errors
    ///
    /// [`Kind::InvalidArgument`](crate::Kind): the key, a recipient or the list of them is empty, the expiry is below 1,
    /// or there are labels or meta, which this call does not send.
    pub fn create_packet(&self, key: &str, recipients: &[&str], options: &PacketOptions) -> Result<Secret, Error> {
        options.check(recipients)?;
        check::not_empty("key", key)?;
        options.has_no_labels()?;
        options.has_no_meta()?;
        self.packet_call(
            "packet",
            &[key],
            &Packet {
                meta: Subject {
                    subject: options.subject,
                },
                packet_type: options.packet_type.unwrap_or(PacketType::Number(3)),
                recipients,
                expires: options.expires_hours,
                content: Content::Key(key),
            },
        )?
        .send(&[200])?
        .packet()
    }

    /// Makes and stores a packet of `key` for `recipients` and gives its locator token. Type `msg` by default.
    ///
    /// # Errors
    ///
    /// As for [`Api::create_packet`]; only meta is not sent.
    pub fn create_and_store_packet(
        &self,
        key: &str,
        recipients: &[&str],
        options: &PacketOptions,
    ) -> Result<Secret, Error> {
        options.check_for_one(recipients)?;
        check::not_empty("key", key)?;
        self.packet_call(
            "packet/add",
            &[key],
            &Packet {
                meta: SubjectAndLabels {
                    subject: options.subject,
                    title: options.subject,
                    labels: options.labels,
                },
                packet_type: options.packet_type.unwrap_or(PacketType::Name("msg")),
                recipients,
                expires: options.expires_hours,
                content: Content::Key(key),
            },
        )?
        .keeping_reply()
        .send(&[200])?
        .locator()
    }

    /// Makes and stores a packet for each of `keys` and gives their locator tokens in the same order. Type 5 by default.
    ///
    /// # Errors
    ///
    /// As for [`Api::create_packet`], also where there is no key; only labels are not sent.
    pub fn create_and_store_packets(
        &self,
        keys: &[&str],
        recipients: &[&str],
        options: &PacketOptions,
    ) -> Result<Listing, Error> {
        options.check_for_many(recipients)?;
        check::all_not_empty("key", keys)?;
        self.has_room_for(keys)?;
        let reply = self
            .packet_call(
                "packet/add",
                keys,
                &Packet {
                    meta: SubjectAndMeta {
                        subject: options.subject,
                        meta: options.meta,
                    },
                    packet_type: options.packet_type.unwrap_or(PacketType::Number(5)),
                    recipients,
                    expires: options.expires_hours,
                    content: Content::Keys(keys),
                },
            )?
            .keeping_reply()
            .send(&[200])?;
        Listing::of_locators(reply, keys)
    }

    /// Makes and stores a packet for each of `rows` and gives their locator tokens in the same order.
    ///
    /// # Errors
    ///
    /// [`Kind::InvalidArgument`](crate::Kind), naming the row: what [`Api::create_packet`] refuses, or metadata that is
    /// not a JSON object.
    pub fn create_and_store_packets_batch(&self, rows: &[PacketRow]) -> Result<Listing, Error> {
        let entries = PacketRow::entries(rows)?;
        let keys: Vec<&str> = rows.iter().map(|row| row.key).collect();
        self.has_room_for(&keys)?;
        let reply = self
            .packet_call("packet/batch", &keys, &Entries { entries })?
            .keeping_reply()
            .send(&[200])?;
        Listing::of_locators(reply, &keys)
    }

    /// The reply repeats each key beside its locator. One that is too large would be refused after the keys are stored.
    fn has_room_for(&self, keys: &[&str]) -> Result<(), Error> {
        // A service may escape whatever is not plain ASCII, as \u and four digits for each half of UTF-16.
        let escaped = |c: char| {
            if c.is_ascii_graphic() && !matches!(c, '"' | '\\') {
                1
            } else {
                6 * c.len_utf16() as u64
            }
        };
        // Of 64 bits everywhere: the same key may stand there many times, and take no memory for it.
        let sum = |escaped: &dyn Fn(&str) -> u64| keys.iter().map(|key| escaped(key)).sum();
        // No byte becomes more than six, which is enough to know where there are few.
        let most = sum(&|key| 6 * key.len() as u64);
        self.has_room_for_reply(keys.len(), most)
            .or_else(|_| self.has_room_for_reply(keys.len(), sum(&|key| key.chars().map(escaped).sum())))
    }

    /// The same for keys of letters and digits, each of `length`.
    pub(crate) fn has_room_for_keys(&self, count: usize, length: usize) -> Result<(), Error> {
        self.has_room_for_reply(count, (count as u64).saturating_mul(length as u64))
    }

    /// `keys` is what they take in JSON together.
    fn has_room_for_reply(&self, count: usize, keys: u64) -> Result<(), Error> {
        const AROUND: u64 = r#"{"tokens":[]}"#.len() as u64;
        const BESIDE: u64 = r#"{"":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},"#.len() as u64;
        let reply = (count as u64)
            .saturating_mul(BESIDE)
            .saturating_add(keys)
            .saturating_add(AROUND);
        if reply > self.max_reply_bytes() as u64 {
            return Err(Error::invalid(format!(
                "the reply to these keys may have {reply} bytes, and {} are accepted \
                 (xq_config_set_max_reply_bytes); expected fewer keys at once",
                self.max_reply_bytes()
            )));
        }
        Ok(())
    }

    fn packet_call<'a>(
        &'a self,
        path: &'static str,
        keys: &'a [&'a str],
        body: &impl Serialize,
    ) -> Result<Call<'a>, Error> {
        self.call("POST", Service::Subscription, path)
            .hiding(keys)
            .signed_in()?
            .room_for(keys)
            .json(body)
    }
}

impl PacketOptions<'_> {
    /// What [`Api::create_and_store_packet`] refuses, the key aside.
    pub(crate) fn check_for_one(&self, recipients: &[&str]) -> Result<(), Error> {
        self.check(recipients)?;
        self.has_no_meta()
    }

    /// What [`Api::create_and_store_packets`] refuses, the keys aside.
    pub(crate) fn check_for_many(&self, recipients: &[&str]) -> Result<(), Error> {
        self.check(recipients)?;
        self.has_no_labels()
    }

    fn check(&self, recipients: &[&str]) -> Result<(), Error> {
        check::all_not_empty("recipient", recipients)?;
        check::expiry(self.expires_hours)?;
        check_type(self.packet_type)
    }

    fn has_no_labels(&self) -> Result<(), Error> {
        match self.labels {
            None => Ok(()),
            Some(_) => Err(Error::invalid(
                "labels are given, which this call does not send; expected none, or xq_create_and_store_packet",
            )),
        }
    }

    fn has_no_meta(&self) -> Result<(), Error> {
        match self.meta {
            None => Ok(()),
            Some(_) => Err(Error::invalid(
                "meta is given, which this call does not send; expected NULL, or xq_create_and_store_packets",
            )),
        }
    }
}

impl<'a> PacketRow<'a> {
    /// What [`Api::create_and_store_packets_batch`] refuses.
    pub(crate) fn check_all(rows: &[Self]) -> Result<(), Error> {
        Self::entries(rows).map(drop)
    }

    fn entries(rows: &[Self]) -> Result<Vec<Entry<'a>>, Error> {
        if rows.is_empty() {
            return Err(Error::invalid("there is no row; expected one or more"));
        }
        let entries = rows
            .iter()
            .enumerate()
            .map(|(index, row)| row.entry().map_err(|e| Error::invalid(format!("row {index}: {e}"))));
        entries.collect()
    }

    fn entry(&self) -> Result<Entry<'a>, Error> {
        check::not_empty("key", self.key)?;
        check::all_not_empty("recipient", self.recipients)?;
        check::expiry(self.expires)?;
        check::not_empty("unit", self.unit)?;
        check_type(self.packet_type)?;
        Ok(Entry {
            packet_type: self.packet_type.unwrap_or(PacketType::Name("database")),
            meta: self.metadata.checked()?,
            key: self.key,
            recipients: self.recipients,
            expires: self.expires,
            unit: self.unit,
        })
    }
}

impl<'a> Metadata<'a> {
    fn checked(&self) -> Result<EntryMeta<'a>, Error> {
        match *self {
            Metadata::Fields { title, labels } => Ok(EntryMeta::Fields { title, labels }),
            Metadata::Json(text) => match serde_json::from_str::<&RawValue>(text) {
                Ok(json) if json.get().starts_with('{') => Ok(EntryMeta::Json(json)),
                _ => Err(Error::invalid("meta is not a JSON object")),
            },
        }
    }
}

fn check_type(packet_type: Option<PacketType>) -> Result<(), Error> {
    match packet_type {
        Some(PacketType::Name("")) => Err(Error::invalid("the packet type is empty; expected a name such as msg")),
        Some(PacketType::Number(n)) if n < 0 => {
            Err(Error::invalid(format!("the packet type is {n}; expected 0 or more")))
        }
        _ => Ok(()),
    }
}
