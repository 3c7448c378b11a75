//! Calls as each of XQ's own SDKs makes them: by hand, a row for each, with the status and what the SDK reads in the reply.
//! What a device seals with its transport key is in `devices.rs`.

mod c;
mod java;
mod javascript;
mod php;
mod python;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::client::{DASHBOARD_KEY, GENERAL_KEY, Xq};

/// How one SDK calls.
struct Sdk {
    /// Header fields of every call, as they are written.
    fields: &'static [&'static str],
    /// One more where there is a body; or none.
    of_body: Option<&'static str>,
    /// What stands before a token, the field's name included.
    bearer: &'static str,
    /// The services that it sends no API key to.
    keyless: &'static [&'static str],
    /// It takes a reply for JSON where it holds the word `status`, and only there.
    looks_for_status: bool,
}

/// One call. `$NAME` in it stands for what is known under that name.
struct Row {
    request: &'static str,
    /// The name of the token; empty: none is sent.
    token: &'static str,
    /// Header fields of this call alone.
    fields: &'static [&'static str],
    body: &'static str,
    status: u16,
    /// What the SDK reads: a place in the reply's JSON (`/id`), with its value where that matters (`/name=crew`); otherwise
    /// a part of the text, which may be empty.
    reads: &'static str,
    /// The name that what was read is known under from then on.
    kept: &'static str,
}

const fn row(request: &'static str, token: &'static str, body: &'static str, status: u16, reads: &'static str) -> Row {
    Row {
        request,
        token,
        fields: &[],
        body,
        status,
        reads,
        kept: "",
    }
}

impl Row {
    const fn kept(self, kept: &'static str) -> Row {
        Row { kept, ..self }
    }

    const fn with(self, fields: &'static [&'static str]) -> Row {
        Row { fields, ..self }
    }
}

/// An emulator with a live key and an expired one of Jane's, and what rows may speak of.
fn prepared() -> (Xq, BTreeMap<&'static str, String>) {
    let xq = Xq::start();
    let [jane, joe] = ["jane@example.com", "joe@example.com"].map(|user| xq.sign_in(user));
    let [expired, locator] = [1, 9].map(|hours| {
        let body = serde_json::json!({ "recipients": ["jane@example.com"], "expires": hours, "key": "secret" });
        xq.post("subscription/packet/add", &jane, body).ok()
    });
    xq.post("admin/clock", "", serde_json::json!({ "advance_seconds": 3_600 }))
        .ok();
    let known = [("JANE", jane), ("JOE", joe), ("EXPIRED", expired), ("LOCATOR", locator)];
    (xq, known.into())
}

/// The text with what is known in place of its names; of two that begin alike, the longer first.
fn filled(text: &str, known: &BTreeMap<&str, String>) -> String {
    let longer_first = known.iter().rev();
    longer_first.fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("${name}"), value)
    })
}

/// Sends one as it is written, in bytes of its own: the status, and the body of the reply.
fn send(xq: &Xq, sdk: &Sdk, row: &Row, known: &BTreeMap<&str, String>) -> (u16, String) {
    let (method, call) = row.request.split_once(' ').unwrap();
    let (service, path) = call.split_at(call.find(['/', '?']).unwrap());
    let key = match (service, path) {
        // C has no other.
        ("dashboard", "/trusted/announce") => GENERAL_KEY,
        ("dashboard", _) => DASHBOARD_KEY,
        _ => GENERAL_KEY,
    };
    let body = filled(row.body, known);
    let mut head = format!("{method} /{service}/v2{path} HTTP/1.1\r\nHost: x\r\n");
    if !sdk.keyless.contains(&service) {
        head += &format!("Api-Key: {key}\r\n");
    }
    // A field of this call stands in place of what every call has.
    let name = |field: &str| field.split(':').next().unwrap().to_ascii_lowercase();
    let own = row.fields.iter().map(|field| name(field)).collect::<Vec<_>>();
    let common = sdk.fields.iter().filter(|field| !own.contains(&name(field)));
    let of_body = sdk.of_body.iter().filter(|_| !body.is_empty());
    for field in common.chain(of_body).chain(row.fields) {
        head += &format!("{field}\r\n");
    }
    if !row.token.is_empty() {
        head += &format!("{}{}\r\n", sdk.bearer, known[row.token]);
    }
    let head = filled(&head, known);
    let length = body.len();
    let reply = xq.raw(&format!(
        "{head}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    ));
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// What the SDK reads in the reply to this call: a value as text, or the whole of what is no JSON to it.
fn read(sdk: &Sdk, row: &Row, body: &str, known: &BTreeMap<&str, String>) -> String {
    let Row { request, reads, .. } = row;
    let reads = filled(reads, known);
    let found = if reads.starts_with('/') {
        let (place, wanted) = reads.split_once('=').map_or((&*reads, None), |(p, w)| (p, Some(w)));
        assert!(!sdk.looks_for_status || body.contains("status"), "{request}: {body}");
        let json: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{request}: {error} in {body}"));
        let found = json.pointer(place).filter(|found| !found.is_null());
        let found = found.unwrap_or_else(|| panic!("{request}: {place} is not in {body}"));
        let text = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
        assert!(
            wanted.is_none_or(|wanted| text == wanted),
            "{request}: {place} in {body}"
        );
        text
    } else {
        let is_text = row.status != 200 || !body.contains("status");
        assert!(!sdk.looks_for_status || is_text, "{request}: {body}");
        assert!(body.contains(&reads), "{request}: {reads} is not in {body}");
        body.to_owned()
    };
    assert!(row.status != 204 || body.is_empty(), "{request}: {body}");
    found
}

/// All rows of one SDK, in their order, on an emulator of their own.
fn run(sdk: &Sdk, rows: &[&[Row]]) {
    let (xq, mut known) = prepared();
    for row in rows.iter().copied().flatten() {
        let (status, body) = send(&xq, sdk, row, &known);
        assert_eq!(status, row.status, "{}: {body}", row.request);
        let found = read(sdk, row, &body, &known);
        if !row.kept.is_empty() {
            assert!(!found.is_empty(), "{}", row.request);
            known.insert(row.kept, found);
        }
        if row.kept == "ASKED" {
            let pin = xq.emulator.pin("ann@example.com").unwrap();
            known.insert("BARE_PIN", pin.parse::<u32>().unwrap().to_string());
            known.insert("PIN", pin);
        }
        if row.request.ends_with("/login/link") {
            let link = xq.emulator.link("ann@example.com").unwrap();
            let (_, code) = link.split_once("?access_token=").unwrap();
            known.insert("CODE", code.split_once("&token=").unwrap().0.to_owned());
        }
    }
}
