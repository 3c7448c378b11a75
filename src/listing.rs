//! Replies that list pairs of texts: `{"tokens":[{"<key>":"<locator>"},…]}` and `{"exported":[{"<locator>":"<key>"},…]}`.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use core::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::error::Error;
use crate::platform::prelude::*;
use crate::reply::{Reply, is_bearer_token};
use crate::secret::{Secret, SecretBytes};

/// One text for each that was asked about, in the order in which they were asked, and the reply they came in.
#[derive(Debug)]
pub struct Listing {
    /// The texts, each with a NUL after it.
    pub texts: SecretBytes,
    /// Where in them each item begins; `None` where the service gave nothing.
    pub items: Vec<Option<usize>>,
    /// The reply as it came, JSON.
    pub reply: Secret,
}

impl Listing {
    /// Texts that were made here: there is no reply.
    pub(crate) fn of_made(texts: &[&str]) -> Self {
        let size = texts.iter().map(|text| text.len() + 1).sum();
        let mut items = Items {
            texts: SecretBytes::with_capacity(size),
            starts: Vec::with_capacity(texts.len()),
        };
        texts.iter().for_each(|text| items.push(Some(text)));
        Listing {
            texts: items.texts,
            items: items.starts,
            reply: Secret::from(""),
        }
    }

    /// The locators in `reply`, of which there must be one for each key, in the keys' order.
    ///
    /// # Errors
    ///
    /// [`Kind::Protocol`](crate::Kind) where that is not so; the error has the reply.
    pub(crate) fn of_locators(reply: Reply, keys: &[&str]) -> Result<Self, Error> {
        Self::read(reply, keys, |text, items| {
            let mut count = 0;
            let mut wrong = None;
            each_pair(text, "tokens", |pair| {
                let index = count;
                count += 1;
                match (keys.get(index), &pair.value) {
                    _ if wrong.is_some() => {}
                    (Some(key), _) if pair.name.0 != **key => {
                        wrong = Some(format!("has another key than the one sent at index {index}"));
                    }
                    (Some(_), Some(locator)) if is_bearer_token(&locator.0) => items.push(Some(&locator.0)),
                    _ => wrong = Some(format!("has no locator token for the key at index {index}")),
                }
            })?;
            if count != keys.len() {
                return Err(format!("has {count} locator tokens for {} keys", keys.len()));
            }
            wrong.map_or(Ok(()), Err)
        })
    }

    /// The keys in `reply` by their locators, in whatever order they came.
    ///
    /// # Errors
    ///
    /// [`Kind::Protocol`](crate::Kind) where the reply has another form, an empty key, or two keys for one locator; the
    /// error has the reply.
    pub(crate) fn of_keys(reply: Reply, locators: &[&str]) -> Result<Self, Error> {
        Self::read(reply, locators, |text, items| {
            let mut keys: BTreeMap<Cow<str>, Cow<str>> = BTreeMap::new();
            let mut count = 0;
            let mut wrong = None;
            each_pair(text, "exported", |pair| {
                let index = count;
                count += 1;
                let Some(Text(key)) = pair.value else { return };
                if key.is_empty() || key.contains('\0') {
                    let why = format!("has a key that is empty or holds a NUL character, at index {index}");
                    wrong.get_or_insert(why);
                } else if let Some(other) = keys.get(&pair.name.0) {
                    if *other != key {
                        wrong.get_or_insert(format!("has two keys for the locator token at index {index}"));
                    }
                } else {
                    keys.insert(pair.name.0, key);
                }
            })?;
            if let Some(why) = wrong {
                return Err(why);
            }
            for locator in locators {
                items.push(keys.get(*locator).map(AsRef::as_ref));
            }
            Ok(())
        })
    }

    /// What `fill` makes of the reply to `asked`.
    fn read(
        mut reply: Reply,
        asked: &[&str],
        fill: impl FnOnce(&str, &mut Items) -> Result<(), String>,
    ) -> Result<Self, Error> {
        let text = reply.take_raw()?;
        // What is in the reply besides what was asked about.
        let size = asked
            .iter()
            .fold(text.as_str().len(), |rest, text| rest.saturating_sub(text.len()));
        let mut items = Items {
            texts: SecretBytes::with_capacity(size),
            starts: Vec::with_capacity(asked.len()),
        };
        match fill(text.as_str(), &mut items) {
            Ok(()) => Ok(Listing {
                texts: items.texts,
                items: items.starts,
                reply: text,
            }),
            Err(why) => Err(reply.nonsense(&why).with_reply(text)),
        }
    }
}

/// A [`Listing`] in the making.
struct Items {
    texts: SecretBytes,
    starts: Vec<Option<usize>>,
}

impl Items {
    fn push(&mut self, text: Option<&str>) {
        self.starts.push(text.map(|text| {
            let start = self.texts.len();
            self.texts.extend(text.as_bytes());
            self.texts.extend(&[0]);
            start
        }));
    }
}

/// Hands the pairs of the list `name` to `take`, one after another, so that they need no memory of their own.
fn each_pair<'a>(text: &'a str, name: &str, take: impl FnMut(Pair<'a>)) -> Result<(), String> {
    let mut json = serde_json::Deserializer::from_str(text);
    let read = Member { name, take }.deserialize(&mut json).and_then(|()| json.end());
    // The parser's own words may quote the text, which holds keys: only the place is told.
    read.map_err(|e| {
        format!(
            "is not the expected list of pairs, at line {} column {}",
            e.line(),
            e.column()
        )
    })
}

/// A JSON object of which one member, which must be there once, is a list of pairs.
struct Member<'n, F> {
    name: &'n str,
    take: F,
}

impl<'de, F: FnMut(Pair<'de>)> DeserializeSeed<'de> for Member<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: FnMut(Pair<'de>)> Visitor<'de> for Member<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object with a list of pairs")
    }

    fn visit_map<M: MapAccess<'de>>(mut self, mut map: M) -> Result<(), M::Error> {
        let mut found = false;
        while let Some(Text(name)) = map.next_key()? {
            if name != self.name {
                map.next_value::<IgnoredAny>()?;
            } else if core::mem::replace(&mut found, true) {
                return Err(M::Error::custom("two lists"));
            } else {
                map.next_value_seed(Pairs(&mut self.take))?;
            }
        }
        if found {
            Ok(())
        } else {
            Err(M::Error::custom("no list"))
        }
    }
}

/// A JSON array of pairs.
struct Pairs<'f, F>(&'f mut F);

impl<'de, F: FnMut(Pair<'de>)> DeserializeSeed<'de> for Pairs<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(Pair<'de>)> Visitor<'de> for Pairs<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list of pairs")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<(), S::Error> {
        while let Some(pair) = list.next_element()? {
            (self.0)(pair);
        }
        Ok(())
    }
}

/// A JSON object with a single member, whose value is a string or null.
struct Pair<'a> {
    name: Text<'a>,
    value: Option<Text<'a>>,
}

/// Borrowed from the reply unless it has escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Pair<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Single;

        impl<'de> Visitor<'de> for Single {
            type Value = Pair<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object with one member")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pair<'de>, M::Error> {
                let (name, value) = map.next_entry()?.ok_or_else(|| M::Error::custom("no member"))?;
                match map.next_key::<Text>()? {
                    None => Ok(Pair { name, value }),
                    Some(_) => Err(M::Error::custom("more than one member")),
                }
            }
        }

        deserializer.deserialize_map(Single)
    }
}
