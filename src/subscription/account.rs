//! The account of the one who is signed in.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::api::Api;
use crate::call::SUCCESS;
use crate::check;
use crate::config::{MAX_HEADER_VALUE, Service, header_value};
use crate::error::Error;
use crate::fields::{must_be_whole, number, text};
use crate::platform::prelude::*;
use crate::reply::is_bearer_token;
use crate::secret::Secret;

/// Who is signed in. What the service leaves out is `None`.
#[derive(Debug)]
pub struct Subscriber {
    /// The fields that the service gave.
    pub fields: SubscriberFields,
    /// The reply as it came, JSON, with whatever else the service told.
    pub reply: Secret,
}

/// What the service tells of a subscriber, in whatever form.
#[derive(Debug)]
pub struct SubscriberFields {
    /// The subscriber's number.
    pub id: Option<i64>,
    /// The email address.
    pub user: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The subscription, as the service names or numbers it.
    pub sub: Option<String>,
    /// When the subscription starts, in milliseconds since 1970.
    pub starts: Option<i64>,
    /// When it ends, in milliseconds since 1970.
    pub ends: Option<i64>,
}

/// The same as it comes. Whatever else there is takes no memory.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawSubscriber<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    user: Option<&'a RawValue>,
    first_name: Option<&'a RawValue>,
    last_name: Option<&'a RawValue>,
    sub: Option<&'a RawValue>,
    starts: Option<&'a RawValue>,
    ends: Option<&'a RawValue>,
}

impl SubscriberFields {
    fn read(raw: &RawSubscriber) -> serde_json::Result<Self> {
        Ok(SubscriberFields {
            id: number(raw.id)?,
            user: text(raw.user)?,
            first_name: text(raw.first_name)?,
            last_name: text(raw.last_name)?,
            sub: text(raw.sub)?,
            starts: number(raw.starts)?,
            ends: number(raw.ends)?,
        })
    }
}

/// What a subscriber wants to be sent. `None` where the service does not say, or where it is not to be changed.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Settings {
    /// Whether the newsletter is wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newsletter: Option<bool>,
    /// 0 none, 1 usage reports, 2 tutorials, 3 both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notifications: Option<i32>,
}

#[derive(Serialize)]
struct Tokens<'a> {
    tokens: &'a [&'a str],
}

#[derive(Deserialize)]
struct Combined {
    token: String,
    #[serde(deserialize_with = "must_be_whole")]
    merged: i64,
}

impl Api {
    /// Gives the access token up: the service no longer accepts it, and the handle forgets it.
    pub fn deauthorize(&self) -> Result<(), Error> {
        self.end_token("authorization")
    }

    /// Who is signed in.
    ///
    /// # Errors
    ///
    /// [`Kind::Protocol`](crate::Kind): the reply is no JSON object.
    pub fn subscriber(&self) -> Result<Subscriber, Error> {
        let reply = self
            .call("GET", Service::Subscription, "subscriber")
            .signed_in()?
            .send(&[200])?;
        let fields = SubscriberFields::read(&reply.json("a JSON object")?);
        Ok(Subscriber {
            fields: fields
                .map_err(|_| reply.nonsense("has a field that is half of a character, or a number beyond any size"))?,
            reply: Secret::from(reply.raw()?),
        })
    }

    /// Deletes the subscriber who is signed in, for good, and forgets the access token.
    pub fn delete_subscriber(&self) -> Result<(), Error> {
        self.end_token("subscriber")
    }

    /// What the subscriber wants to be sent.
    ///
    /// # Errors
    ///
    /// [`Kind::Protocol`](crate::Kind): the reply is no JSON object, or a field has another form.
    pub fn settings(&self) -> Result<Settings, Error> {
        let reply = self
            .call("GET", Service::Subscription, "settings")
            .signed_in()?
            .send(&[200])?;
        reply.json("a JSON object with newsletter (true or false) and notifications (a number)")
    }

    /// Changes what the subscriber wants to be sent.
    ///
    /// # Errors
    ///
    /// [`Kind::InvalidArgument`](crate::Kind): there is nothing to change, or notifications is not 0 to 3.
    pub fn update_settings(&self, settings: &Settings) -> Result<(), Error> {
        if settings.newsletter.is_none() && settings.notifications.is_none() {
            return Err(Error::invalid(
                "there is nothing to change; expected newsletter, notifications or both",
            ));
        }
        if let Some(notifications) = settings.notifications {
            check::notifications(notifications)?;
        }
        self.call("PATCH", Service::Subscription, "settings")
            .signed_in()?
            .json(settings)?
            .send(SUCCESS)
            .map(drop)
    }

    /// A token for another program, which works for the one who is signed in. The handle keeps its own.
    pub fn authorize_delegate(&self) -> Result<Secret, Error> {
        self.call("GET", Service::Subscription, "delegate")
            .signed_in()?
            .send(&[200])?
            .token()
    }

    /// One token that does what all of `tokens` do, and how many of them went into it. The handle keeps its own.
    ///
    /// # Errors
    ///
    /// [`Kind::InvalidArgument`](crate::Kind): there is no token, or one is empty. [`Kind::Rejected`](crate::Kind): the
    /// service issued none of them.
    pub fn combine_authorizations(&self, tokens: &[&str]) -> Result<(Secret, i64), Error> {
        check::all_not_empty("token", tokens)?;
        if let Some(index) = tokens.iter().position(|token| !header_value(token)) {
            return Err(Error::invalid(format!(
                "the token at index {index} is longer than {MAX_HEADER_VALUE} bytes, or holds a blank, a line break or a \
                 character beyond ASCII; expected visible ASCII only"
            )));
        }
        let reply = self
            .call("POST", Service::Subscription, "combined")
            .hiding(tokens)
            .signed_in()?
            .json(&Tokens { tokens })?
            .send(&[200])?;
        let Combined { token, merged } = reply.json("a JSON object with token and merged")?;
        let token = Secret::from(token);
        if !is_bearer_token(token.as_str()) || !header_value(token.as_str()) {
            return Err(reply.nonsense("has no token"));
        }
        Ok((token, merged))
    }

    /// Sends a `DELETE` after which the token is worth nothing.
    fn end_token(&self, path: &'static str) -> Result<(), Error> {
        let token = self.access_token();
        self.call("DELETE", Service::Subscription, path)
            .under(token.clone())
            .signed_in()?
            .send(SUCCESS)?;
        self.forget_access_token(token.as_ref());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, OnceLock, Weak};

    use super::*;
    use crate::api::Handle;
    use crate::config::Config;
    use crate::exchange::{Performer, Response};

    #[test]
    fn a_token_that_came_while_another_was_given_up_is_kept() {
        let meanwhile: Arc<OnceLock<Weak<Handle>>> = Arc::default();
        let handle = Arc::clone(&meanwhile);
        let mut config = Config::default();
        config.set_api_key(Some("key")).expect("it is one");
        config.set_performer(Some(Performer(Arc::new(move |_, _| {
            let api = handle.get().and_then(Weak::upgrade).expect("the handle is alive");
            api.set_access_token(Some("another")).expect("it is one");
            Ok(Response {
                status: 204,
                ..Response::default()
            })
        }))));
        let api = Arc::new(Handle::new(&config).expect("it can be made"));
        meanwhile.set(Arc::downgrade(&api)).expect("it is set once");
        api.set_access_token(Some("given-up")).expect("it is one");
        api.begin("test").deauthorize().expect("the service agrees");
        assert_eq!(api.access_token(), Some(Secret::from("another")));
    }
}
