//! Replies that list pairs of texts: `{"tokens":[{"<key>":"<locator>"},…]}` and `{"exported":[{"<locator>":"<key>"},…]}`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};

use crate::error::Error;
use crate::reply::Reply;
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
        let text = reply.raw()?;
        let wrong = |why: String| reply.nonsense(&why).with_reply(text.clone());
        let tokens = parse::<Tokens>(&text).map_err(wrong)?.tokens;
        if tokens.len() != keys.len() {
            return Err(wrong(format!(
                "has {} locator tokens for {} keys",
                tokens.len(),
                keys.len()
            )));
        }
        let mut items = Vec::with_capacity(keys.len());
        for (index, (key, pair)) in keys.iter().zip(&tokens).enumerate() {
            if pair.name.0 != *key {
                return Err(wrong(format!("has another key than the one sent at index {index}")));
            }
            items.push(Some(Secret::from(&*pair.value.0)));
        }
        Ok(Listing { items, reply: text })
    }

    /// The keys in `reply` by their locators, in whatever order they came.
    ///
    /// # Errors
    ///
    /// [`Kind::Protocol`](crate::Kind) where the reply has another form; the error has the reply.
    pub(crate) fn of_keys(reply: &Reply, locators: &[&str]) -> Result<Self, Error> {
        let text = reply.raw()?;
        let exported = parse::<Exported>(&text).map_err(|why| reply.nonsense(&why).with_reply(text.clone()))?;
        let keys: HashMap<&str, &str> = exported
            .exported
            .iter()
            .map(|pair| (&*pair.name.0, &*pair.value.0))
            .collect();
        let items = locators
            .iter()
            .map(|locator| keys.get(locator).map(|key| Secret::from(*key)))
            .collect();
        Ok(Listing { items, reply: text })
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

/// A JSON object with a single member, whose value is a string.
struct Pair<'a> {
    name: Text<'a>,
    value: Text<'a>,
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
