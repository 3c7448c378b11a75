//! Replies that list pairs of texts: `{"tokens":[{"<key>":"<locator>"},…]}` and `{"exported":[{"<locator>":"<key>"},…]}`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};

use crate::error::Error;
use crate::reply::{Reply, is_bearer_token};
use crate::secret::Secret;

/// One text for each that was asked about, in the order in which they were asked, and the reply they came in.
#[derive(Debug)]
pub struct Listing {
    /// `None` where the service gave nothing.
    pub items: Vec<Option<Secret>>,
    /// The reply as it came, JSON.
    pub reply: Secret,
}

impl Listing {
    /// The locators in `reply`, of which there must be one for each key, in the keys' order.
    ///
    /// # Errors
    ///
    /// [`Kind::Protocol`](crate::Kind) where that is not so; the error has the reply.
    pub(crate) fn of_locators(reply: &Reply, keys: &[&str]) -> Result<Self, Error> {
        Self::read(reply, |text| {
            let tokens = parse::<Tokens>(text)?.tokens;
            if tokens.len() != keys.len() {
                return Err(format!("has {} locator tokens for {} keys", tokens.len(), keys.len()));
            }
            let pairs = keys.iter().zip(&tokens).enumerate();
            let locators = pairs.map(|(index, (key, pair))| match &pair.value {
                _ if pair.name.0 != *key => Err(format!("has another key than the one sent at index {index}")),
                Some(locator) if is_bearer_token(&locator.0) => Ok(Some(Secret::from(&*locator.0))),
                _ => Err(format!("has no locator token for the key at index {index}")),
            });
            locators.collect()
        })
    }

    /// The keys in `reply` by their locators, in whatever order they came.
    ///
    /// # Errors
    ///
    /// [`Kind::Protocol`](crate::Kind) where the reply has another form, an empty key, or two keys for one locator; the
    /// error has the reply.
    pub(crate) fn of_keys(reply: &Reply, locators: &[&str]) -> Result<Self, Error> {
        Self::read(reply, |text| {
            let exported = parse::<Exported>(text)?.exported;
            let mut keys: HashMap<&str, &str> = HashMap::with_capacity(exported.len());
            for (index, pair) in exported.iter().enumerate() {
                let Some(key) = &pair.value else { continue };
                if key.0.is_empty() || key.0.contains('\0') {
                    return Err(format!(
                        "has a key that is empty or holds a NUL character, at index {index}"
                    ));
                }
                if keys.insert(&pair.name.0, &key.0).is_some_and(|other| other != key.0) {
                    return Err(format!("has two keys for the locator token at index {index}"));
                }
            }
            Ok(locators
                .iter()
                .map(|locator| keys.get(locator).map(|key| Secret::from(*key)))
                .collect())
        })
    }

    fn read(reply: &Reply, items: impl FnOnce(&Secret) -> Result<Vec<Option<Secret>>, String>) -> Result<Self, Error> {
        let text = reply.raw()?;
        match items(&text) {
            Ok(items) => Ok(Listing { items, reply: text }),
            Err(why) => Err(reply.nonsense(&why).with_reply(text)),
        }
    }
}

#[derive(Deserialize)]
struct Tokens<'a> {
    #[serde(borrow)]
    tokens: Vec<Pair<'a>>,
}

#[derive(Deserialize)]
struct Exported<'a> {
    #[serde(borrow)]
    exported: Vec<Pair<'a>>,
}

fn parse<'a, T: Deserialize<'a>>(text: &'a Secret) -> Result<T, String> {
    // The parser's own words may quote the text, which holds keys: only the place is told.
    serde_json::from_str(text.as_str()).map_err(|e| {
        format!(
            "is not the expected list of pairs, at line {} column {}",
            e.line(),
            e.column()
        )
    })
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
