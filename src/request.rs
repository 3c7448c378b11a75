//! Any other call of the services: what has no function of its own here, and what XQ adds tomorrow.

use serde_json::Value;

use crate::api::Api;
use crate::call::SUCCESS;
use crate::config::Service;
use crate::error::{Error, printable};
use crate::exchange::encoded;
use crate::platform::prelude::*;
use crate::secret::Secret;
use crate::token::Side;

/// Whose token a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Under {
    /// The dashboard's for the dashboard, the access token for the others; none where the handle holds none.
    Service,
    /// This one, which must be held.
    Token(Side),
    /// None.
    Nobody,
}

/// A request as a program asks for it.
#[derive(Clone, Copy)]
pub struct AnyRequest<'a> {
    /// GET, POST, PATCH, PUT or DELETE.
    pub method: &'a str,
    /// Where it goes.
    pub service: Service,
    /// The path below the service's address, not encoded: each segment is.
    pub path: &'a str,
    /// Names and values, not encoded.
    pub query: &'a [(&'a str, &'a str)],
    /// The body; `None` for none.
    pub body: Option<&'a str>,
    /// Whose token it carries.
    pub under: Under,
}

const METHODS: [&str; 5] = ["GET", "POST", "PATCH", "PUT", "DELETE"];

impl Api {
    /// Sends any request, under the handle's key and token, and gives the reply's status and its text.
    ///
    /// # Errors
    ///
    /// As for every call, and [`Kind::InvalidArgument`](crate::Kind) for a path that could lead elsewhere.
    pub fn request(&self, request: &AnyRequest) -> Result<(u16, Secret), Error> {
        let method = METHODS.into_iter().find(|known| *known == request.method);
        let method = method.ok_or_else(|| {
            Error::invalid(format!(
                "the method is '{}'; expected GET, POST, PATCH, PUT or DELETE",
                printable(request.method)
            ))
        })?;
        let segments = segments(request.path)?;
        let (first, rest) = segments.split_first().unwrap_or((&"", &[]));
        let first = encoded(first).to_string();
        let texts = request.body.map(texts_in).unwrap_or_default();
        // A number in a path is an id, which is no secret and which the service's words may have to name.
        let is_id = |segment: &&str| segment.bytes().all(|byte| byte.is_ascii_digit());
        let hidden: Vec<&str> = rest
            .iter()
            .copied()
            .filter(|segment| !is_id(segment))
            .chain(request.query.iter().map(|(_, value)| *value))
            .chain(texts.iter().map(Secret::as_str))
            .collect();
        let mut call = self.call(method, request.service, &first).hiding(&hidden);
        for segment in rest {
            call = call.segment(segment);
        }
        for (name, value) in request.query {
            if name.is_empty() {
                return Err(Error::invalid("the query has an empty name"));
            }
            call = call.query(&encoded(name).to_string(), value);
        }
        call = match (request.body, method) {
            (Some(_), "GET" | "DELETE") => {
                return Err(Error::invalid(format!("{method} has no body; expected NULL for it")));
            }
            (None, "GET" | "DELETE") => call,
            (body, _) => call.body(body.unwrap_or_default()),
        };
        call = match (request.under, request.service) {
            (Under::Nobody, _) => call.under(None),
            (Under::Token(Side::Access), _) => call.signed_in()?,
            (Under::Token(Side::Dashboard), _) => call.on_dashboard()?,
            (Under::Service, Service::Dashboard) => call.under(self.dashboard_token()),
            (Under::Service, _) => call,
        };
        let mut reply = call.keeping_reply().taking_pages().send(SUCCESS)?;
        Ok((reply.status(), reply.take_raw()?))
    }
}

/// The segments of a path, none of which can lead out of the service's address; none for the address itself.
fn segments(path: &str) -> Result<Vec<&str>, Error> {
    let inner = path.strip_prefix('/').unwrap_or(path);
    if inner.is_empty() {
        return Ok(Vec::new());
    }
    // It is not quoted: a locator token may stand in it.
    let wrong = |why: &str| {
        Err(Error::invalid(format!(
            "the path {why}; expected segments with '/' between them, such as usergroup/9"
        )))
    };
    if inner.contains(char::is_control) {
        return wrong("holds a line break or another control character");
    }
    if inner.contains(['?', '#', '\\']) {
        return wrong("holds '?', '#' or '\\', and a query is given by itself");
    }
    let segments: Vec<&str> = inner.split('/').collect();
    match segments.iter().find(|segment| matches!(**segment, "" | "." | "..")) {
        Some(_) => wrong("has a segment that is empty, '.' or '..'"),
        None => Ok(segments),
    }
}

/// The texts in a body, which the service's words may repeat: those of its JSON, or all of it.
fn texts_in(body: &str) -> Vec<Secret> {
    let mut texts = vec![Secret::from(body)];
    if let Ok(json) = serde_json::from_str(body) {
        collect(json, &mut texts);
    }
    texts
}

fn collect(json: Value, texts: &mut Vec<Secret>) {
    match json {
        Value::String(text) => texts.push(Secret::from(text)),
        Value::Array(items) => items.into_iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => fields.into_iter().for_each(|(_, value)| collect(value, texts)),
        _ => {}
    }
}
