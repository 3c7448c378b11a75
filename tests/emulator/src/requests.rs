//! The last requests to the services, for whoever asks what a program really sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde::Serialize;

use crate::fault::Action;

/// How many are remembered.
const MOST: usize = 1000;
/// What is as long as this, in bytes, is taken for a secret: a locator token, a token, an address.
const LONG: usize = 20;
/// Query values that are secrets however short they are.
const SECRETS: [&str; 4] = ["pin", "tokens", "api-key", "access_token"];

/// One request, as it is remembered: without its body and header, its secrets shortened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Seen {
    /// From 1, in the order of arrival.
    pub number: u64,
    /// The service it went to.
    pub service: &'static str,
    /// Its method.
    pub method: String,
    /// Its path below the service, and its query.
    pub path: String,
    /// The status of the reply; none where none came, or not yet.
    pub status: Option<u16>,
    /// Milliseconds until the reply; none where none came, or not yet.
    pub ms: Option<u64>,
    /// The fault that struck it.
    pub fault: Option<&'static str>,
}

/// All that are remembered. A clone is the same list.
#[derive(Clone, Default)]
pub(crate) struct Requests(Arc<Mutex<List>>);

#[derive(Default)]
struct List {
    seen: VecDeque<Seen>,
    last: u64,
}

/// A request under way.
pub(crate) struct UnderWay {
    requests: Requests,
    number: u64,
    started: Instant,
}

impl Requests {
    /// A request has arrived.
    pub(crate) fn note(&self, service: &'static str, method: &str, path: &str, query: Option<&str>) -> UnderWay {
        let mut list = self.list();
        list.last += 1;
        let number = list.last;
        if list.seen.len() == MOST {
            list.seen.pop_front();
        }
        list.seen.push_back(Seen {
            number,
            service,
            method: method.to_owned(),
            path: shortened(path.trim_start_matches('/'), query),
            status: None,
            ms: None,
            fault: None,
        });
        drop(list);
        UnderWay {
            requests: self.clone(),
            number,
            started: Instant::now(),
        }
    }

    /// Those that pass, the newest last.
    pub(crate) fn listed(&self, pass: impl Fn(&Seen) -> bool) -> Vec<Seen> {
        self.list().seen.iter().filter(|seen| pass(seen)).cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.list().seen.clear();
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl UnderWay {
    pub(crate) fn struck_by(&self, fault: &Action) {
        self.change(|seen| seen.fault = Some(fault.name()));
    }

    pub(crate) fn answered(&self, status: u16) {
        let ms = self.started.elapsed().as_millis().try_into().ok();
        self.change(|seen| (seen.status, seen.ms) = (Some(status), ms));
    }

    /// It may have been forgotten meanwhile.
    fn change(&self, change: impl FnOnce(&mut Seen)) {
        let mut list = self.requests.list();
        if let Some(seen) = list.seen.iter_mut().rev().find(|seen| seen.number == self.number) {
            change(seen);
        }
    }
}

fn shortened(path: &str, query: Option<&str>) -> String {
    let segments: Vec<String> = path
        .split('/')
        .map(|segment| short(segment, segment.len() >= LONG))
        .collect();
    let mut shown = segments.join("/");
    let pairs = query.into_iter().flat_map(|query| query.split('&'));
    for (index, pair) in pairs.enumerate() {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let secret = SECRETS.contains(&name) || value.len() >= LONG;
        shown.push(if index == 0 { '?' } else { '&' });
        shown += &format!("{name}={}", short(value, secret));
    }
    shown
}

/// The beginning of a secret: a quarter of it, four characters at the most.
fn short(text: &str, secret: bool) -> String {
    if !secret {
        return text.to_owned();
    }
    let start: String = text.chars().take((text.chars().count() / 4).min(4)).collect();
    start + "…"
}
