//! The recorded requests of the Python SDK, made again through the C ABI: each request that goes out is the recorded one.

use serde_json::Value;

use crate::driver::{Driver, Outcome};
use crate::recorder::{Recorder, Request, reply};

fn rows(operation: &str) -> Vec<Value> {
    let vectors = include_str!("../vectors/requests.json");
    let rows: Vec<Value> = serde_json::from_str(vectors).expect("the vectors parse");
    let rows: Vec<Value> = rows.into_iter().filter(|row| row["op"] == operation).collect();
    assert!(!rows.is_empty(), "no recording of {operation}");
    rows
}

/// Plays every recording of `operation`, calling as `command` says for its arguments.
fn replay(operation: &str, command: impl Fn(&Value) -> Vec<String>) {
    for row in rows(operation) {
        let replies = row["replies"].as_array().expect("replies were recorded");
        let recorder = Recorder::start(replies.iter().map(scripted).collect());
        let mut driver = Driver::open(recorder.environment());
        if let Some(token) = row["token"].as_str() {
            driver.call(&["set_access_token", token]).ok();
        }
        let command = command(&row["args"]);
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let outcome = driver.call(&command);
        compare_requests(&row, &recorder.requests());
        let reply = driver.call(&["last_reply"]).ok();
        compare_outcome(&row, &outcome, reply);
    }
}

fn scripted(recorded: &Value) -> Vec<u8> {
    let status = recorded[0].as_u64().expect("a status");
    reply(status as u16, recorded[1].as_str().expect("a body"))
}

fn compare_requests(row: &Value, sent: &[Request]) {
    let expected = row["requests"].as_array().expect("requests were recorded");
    assert_eq!(sent.len(), expected.len(), "{row}");
    for (sent, expected) in sent.iter().zip(expected) {
        assert_eq!(sent.method, expected["method"], "{row}");
        let service = expected["service"].as_str().expect("a service");
        let path = expected["path"].as_str().expect("a path");
        assert_eq!(sent.path(), format!("/{service}/v2/{path}"), "{row}");
        assert_eq!(
            serde_json::to_value(sent.query()).expect("text"),
            expected["query"],
            "{row}"
        );
        for (name, value) in expected["headers"].as_object().expect("headers") {
            assert_eq!(sent.header(name), value.as_str(), "{name} of {row}");
        }
        let body = match sent.body.as_slice() {
            [] => Value::Null,
            body => serde_json::from_slice(body).expect("the body is JSON"),
        };
        assert_eq!(body, expected["json"], "{row}");
    }
}

/// `reply` is the text of a reply that a list came in.
fn compare_outcome(row: &Value, outcome: &Outcome, reply: Option<String>) {
    let last = row["replies"]
        .as_array()
        .and_then(|replies| replies.last())
        .expect("a reply");
    let http_status = last[0].as_u64().expect("a status");
    if http_status >= 400 {
        assert_ne!(outcome.status, "XQ_OK", "{row}");
        assert_eq!(u64::from(outcome.http_status), http_status, "{row}");
        return;
    }
    assert_eq!(outcome.status, "XQ_OK", "{row}: {}", outcome.message);
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    match (&row["result"], reply.as_ref().or(outcome.out.as_ref())) {
        (Value::String(text), Some(out)) => assert_eq!(out, text, "{row}"),
        (Value::Bool(true), None) => {}
        (result, Some(out)) => assert_eq!(&json(out), result, "{row}"),
        (result, None) => panic!("nothing came out, expected {result}"),
    }
    if reply.is_some() {
        let tokens = row["result"]["tokens"].as_array().expect("a list came out");
        let locators = tokens
            .iter()
            .flat_map(|token| token.as_object().expect("a pair").values());
        let expected: String = locators.map(|locator| text(locator) + ",").collect();
        assert_eq!(outcome.out, Some(expected), "{row}");
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "@".into(),
        Value::String(text) => text.clone(),
        Value::Bool(flag) => u8::from(*flag).to_string(),
        other => other.to_string(),
    }
}

fn number(value: &Value) -> String {
    if value.is_null() { "0".into() } else { text(value) }
}

#[test]
fn validate_api_key() {
    replay("validate_api_key", |_| vec!["validate_api_key".into()]);
}

#[test]
fn authorize_user() {
    replay("authorize_user", |args| {
        vec![
            "authorize_user".into(),
            text(&args["user_email"]),
            text(&args["firstName"]),
            text(&args["lastName"]),
            number(&args["newsletter"]),
            number(&args["notifications"]),
        ]
    });
}

#[test]
fn code_validate() {
    replay("code_validate", |args| vec!["code_validate".into(), text(&args["pin"])]);
}

#[test]
fn exchange_key() {
    replay("exchange_key", |args| {
        vec![
            "exchange_key".into(),
            text(&args["business_id"]),
            number(&args["selector"]),
        ]
    });
}

/// A list as the driver takes it: each item followed by a comma, commas in it escaped by the driver's own escape.
fn list(value: &Value) -> String {
    match value.as_array() {
        None => "@".into(),
        Some(items) => items.iter().map(|item| text(item) + ",").collect(),
    }
}

/// Key or keys, recipients, and the options in the driver's order.
fn packet(command: &str, keys: String, args: &Value) -> Vec<String> {
    let (name, number) = match &args["type"] {
        Value::Number(number) => ("@".to_owned(), number.to_string()),
        name => (text(name), "-1".to_owned()),
    };
    vec![
        command.into(),
        keys,
        list(&args["recipients"]),
        name,
        number,
        text(&args["expires_hours"]),
        text(&args["subject"]),
        list(&args["labels"]),
        text(&args["meta"]),
    ]
}

#[test]
fn create_packet() {
    replay("create_packet", |args| {
        packet("create_packet", text(&args["key"]), args)
    });
}

#[test]
fn create_and_store_packet() {
    replay("create_and_store_packet", |args| {
        packet("create_and_store_packet", text(&args["key"]), args)
    });
}

#[test]
fn create_and_store_packets() {
    replay("create_and_store_packets", |args| {
        packet("create_and_store_packets", list(&args["keys"]), args)
    });
}

#[test]
fn create_and_store_packets_batch() {
    replay("create_and_store_packets_batch", |args| {
        let keys = args["keys"].as_array().expect("keys");
        let metadata = args["metadata_list"].as_array().expect("one for each");
        let rows = keys.iter().zip(metadata).flat_map(|(key, meta)| {
            [
                text(key),
                list(&args["recipients"]),
                text(&args["type"]),
                number(&args["expires"]),
                text(&args["unit"]),
                text(&meta["title"]),
                list(&meta["labels"]),
                "@".into(),
            ]
        });
        ["create_and_store_packets_batch".to_owned()]
            .into_iter()
            .chain(rows)
            .collect()
    });
}
