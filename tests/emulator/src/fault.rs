//! The fault switch: which calls shall go wrong, how, and how often.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

use crate::front::Service;

/// Something that shall go wrong, until it is cleared or has happened `count` times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Which calls: `subscription/packet/add` is that call alone, an ending `*` is all that begin so.
    #[serde(default = "everywhere")]
    pub on: String,
    /// What happens.
    #[serde(rename = "do")]
    pub action: Action,
    /// To how many requests; to all where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

/// What happens to a request. Only `Delay`, `Cut` and `StallBody` let the service have it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// The reply comes this many milliseconds late.
    Delay(u64),
    /// This reply comes instead of the service's own.
    #[serde(rename_all = "kebab-case")]
    Reply {
        /// The HTTP status, 200 to 599.
        status: u16,
        /// The body; none where it is absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
        /// Header fields, such as `Retry-After`.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        headers: BTreeMap<String, String>,
    },
    /// A 307 to this address.
    Redirect(String),
    /// A 200 whose body makes no sense to any call: it is not even text.
    Nonsense,
    /// The connection is closed before a reply.
    Close,
    /// No reply ever comes, and the connection stays open.
    Stall,
    /// The head of the service's reply and half of its body; then the connection is closed.
    Cut,
    /// The head of the service's reply and half of its body; then nothing more, and the connection stays open.
    StallBody,
    /// A body without an end, one byte at a time.
    Drip,
    /// A head without an end, as fast as it is read.
    EndlessHead,
    /// A body without an end, as fast as it is read.
    EndlessBody,
    /// Exactly these bytes in place of an HTTP reply; then the connection is closed.
    Raw(String),
}

impl Action {
    /// As it is written in JSON.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Action::Delay(_) => "delay",
            Action::Reply { .. } => "reply",
            Action::Redirect(_) => "redirect",
            Action::Nonsense => "nonsense",
            Action::Close => "close",
            Action::Stall => "stall",
            Action::Cut => "cut",
            Action::StallBody => "stall-body",
            Action::Drip => "drip",
            Action::EndlessHead => "endless-head",
            Action::EndlessBody => "endless-body",
            Action::Raw(_) => "raw",
        }
    }
}

fn everywhere() -> String {
    "*".to_owned()
}

impl Fault {
    /// Why this fault can never happen as it is written.
    fn flaw(&self) -> Option<String> {
        let service = self.on.split(['/', '*']).next().unwrap_or_default();
        if self.on != "*" && !Service::ALL.iter().any(|known| known.name() == service) {
            return Some(format!(
                "{} names no service: write *, subscription/*, subscription/authorize, …",
                self.on
            ));
        }
        if self.count == Some(0) {
            return Some("count is 0: the fault would never happen".to_owned());
        }
        match &self.action {
            Action::Reply { status, .. } if !(200..600).contains(status) || StatusCode::from_u16(*status).is_err() => {
                Some(format!("{status} is not an HTTP status from 200 to 599"))
            }
            Action::Reply { headers, .. } if headers.keys().any(|name| frames(name)) => {
                Some("the length of a reply is told by its body: use raw for another".to_owned())
            }
            Action::Reply { headers, .. } => headers
                .iter()
                .find(|(name, value)| HeaderName::from_str(name).is_err() || HeaderValue::from_str(value).is_err())
                .map(|(name, _)| format!("{name} cannot be sent as a header field")),
            Action::Redirect(to) if HeaderValue::from_str(to).is_err() => {
                Some("the address of the redirect cannot be sent as a header field".to_owned())
            }
            _ => None,
        }
    }

    /// Slashes at the end make no other call: `quantum/` is the entropy call.
    fn matches(&self, call: &str) -> bool {
        match self.on.strip_suffix('*') {
            Some(start) => call.starts_with(start) || call == start.trim_end_matches('/'),
            None => call == self.on.trim_end_matches('/'),
        }
    }
}

/// Whether a header field says where a reply ends.
fn frames(name: &str) -> bool {
    ["content-length", "transfer-encoding"]
        .iter()
        .any(|one| name.eq_ignore_ascii_case(one))
}

/// The command line's form: `ON=ACTION`, `ON=ACTION:VALUE`, or the JSON of the admin address.
impl FromStr for Fault {
    type Err = String;

    fn from_str(spec: &str) -> Result<Self, String> {
        let fault = if spec.starts_with('{') {
            serde_json::from_str(spec).map_err(|error| error.to_string())?
        } else {
            let (on, action) = spec
                .split_once('=')
                .ok_or("write it as ON=ACTION, such as subscription/*=close")?;
            Fault {
                on: on.to_owned(),
                action: short_action(action)?,
                count: None,
            }
        };
        fault.flaw().map_or(Ok(fault), Err)
    }
}

fn short_action(text: &str) -> Result<Action, String> {
    let (name, value) = text
        .split_once(':')
        .map_or((text, None), |(name, value)| (name, Some(value)));
    let number = || {
        let number = value.and_then(|value| value.parse::<u16>().ok());
        number.ok_or(format!("{name} takes a number up to 65535, such as {name}:503"))
    };
    Ok(match (name, value) {
        ("delay", _) => Action::Delay(number()?.into()),
        ("status", _) => Action::Reply {
            status: number()?,
            body: None,
            headers: BTreeMap::new(),
        },
        ("redirect", Some(to)) => Action::Redirect(to.to_owned()),
        ("raw", Some(bytes)) => Action::Raw(bytes.to_owned()),
        ("nonsense", None) => Action::Nonsense,
        ("close", None) => Action::Close,
        ("stall", None) => Action::Stall,
        ("cut", None) => Action::Cut,
        ("stall-body", None) => Action::StallBody,
        ("drip", None) => Action::Drip,
        ("endless-head", None) => Action::EndlessHead,
        ("endless-body", None) => Action::EndlessBody,
        _ => return Err(format!("{text} is no action: see --help")),
    })
}

/// A fault that is on, and how many requests it has met.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Armed {
    #[serde(flatten)]
    fault: Fault,
    hits: u32,
}

/// The faults that are on. A clone is the same list.
#[derive(Clone, Default)]
pub(crate) struct Faults(Arc<Mutex<Vec<Armed>>>);

impl Faults {
    /// Turns a fault on; or says what is wrong with it.
    pub(crate) fn add(&self, fault: Fault) -> Result<(), String> {
        if let Some(flaw) = fault.flaw() {
            return Err(flaw);
        }
        self.list().push(Armed { fault, hits: 0 });
        Ok(())
    }

    pub(crate) fn clear(&self) {
        self.list().clear();
    }

    pub(crate) fn listed<T>(&self, show: impl FnOnce(&[Armed]) -> T) -> T {
        show(&self.list())
    }

    /// What shall happen to this call: the first fault that is on for it and not used up.
    pub(crate) fn strike(&self, call: &str) -> Option<Action> {
        let mut list = self.list();
        let armed = list
            .iter_mut()
            .find(|armed| armed.fault.matches(call) && armed.fault.count.is_none_or(|n| armed.hits < n))?;
        armed.hits = armed.hits.saturating_add(1);
        Some(armed.fault.action.clone())
    }

    fn list(&self) -> MutexGuard<'_, Vec<Armed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
