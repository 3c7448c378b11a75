//! Any other call.

use std::ptr;

use super::structs::Sized;
use crate::c;
use crate::input::{Input, List, Text};
use crate::places::{Number, Places};
use crate::service::AnyRequest;
use crate::session::Session;

/// The texts of a request, and its numbers.
struct Asked {
    method: Text,
    path: Text,
    body: Text,
    names: List,
    values: List,
    service: i32,
    token: i32,
}

impl Asked {
    fn read(i: &mut Input) -> Self {
        Asked {
            method: i.text(),
            path: i.text(),
            body: i.text(),
            names: i.list(),
            values: i.list(),
            service: i.int32(),
            token: i.int32(),
        }
    }

    /// As many as both lists have; of a list that is NULL, any count is right.
    fn count(&self) -> usize {
        match (self.names.pointer().is_null(), self.values.pointer().is_null()) {
            (false, false) => self.names.count().min(self.values.count()),
            (true, false) => self.values.count(),
            _ => self.names.count(),
        }
    }

    fn fill(&self, request: &mut c::Request) {
        request.method = self.method.pointer();
        request.path = self.path.pointer();
        request.body = self.body.pointer();
        request.query_names = self.names.pointer();
        request.query_values = self.values.pointer();
        request.query_count = self.count();
        request.service = self.service;
        request.token = self.token;
    }

    /// What has to arrive; `None` where a text is none, and nothing may.
    fn expected(&self) -> Option<AnyRequest> {
        let text = |text: &Text, default: &str| match text.bytes() {
            None => Some(default.to_owned()),
            Some(_) => text.get().map(str::to_owned),
        };
        let count = self.count();
        let first = |list: &List| list.get_first(if list.pointer().is_null() { 0 } else { count });
        Some(AnyRequest {
            service: usize::try_from(self.service).ok()?,
            method: text(&self.method, "GET")?,
            path: text(&self.path, "")?,
            query: first(&self.names)?.into_iter().zip(first(&self.values)?).collect(),
            body: text(&self.body, "").filter(|_| self.body.bytes().is_some()),
        })
    }
}

pub(super) fn request(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (asked, mut http_status) = (Asked::read(i), Number::new(i, 0));
    let request = (i.byte() != 0).then(|| Sized::new(i, |request| asked.fill(request)));
    let pointer = request.as_ref().map_or(ptr::null(), Sized::pointer);
    s.service().given.request = asked.expected();
    // SAFETY: every pointer is as the header asks, as in all calls below.
    let status = unsafe { c::xq_request(s.api(&p), pointer, http_status.pointer(), p.out(), p.error()) };
    assert!(
        http_status
            .after(status)
            .is_none_or(|status| matches!(status, 200..=204))
    );
    let outcome = p.after(status, false);
    let texts: Vec<_> = request
        .iter()
        .flat_map(|_| [&asked.method, &asked.path, &asked.body])
        .collect();
    s.check(&outcome, &texts);
    outcome.text();
}
