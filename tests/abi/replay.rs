//! The recorded requests of the Python SDK, made again through the C ABI: each request that goes out is the recorded one.

use std::fs;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use getrandom::SysRng;
use serde_json::{Value, json};
use xq::envelope::{self, Version};

use crate::driver::{Driver, Outcome, scratch};
use crate::recorder::{Recorder, Request, reply};

fn rows(operation: &str) -> Vec<Value> {
    let vectors = include_str!("../vectors/requests.json");
    let rows: Vec<Value> = serde_json::from_str(vectors).expect("the vectors parse");
    let rows: Vec<Value> = rows.into_iter().filter(|row| row["op"] == operation).collect();
    assert!(!rows.is_empty(), "no recording of {operation}");
    rows
}

/// Plays every recording of `operation`, calling as `command` says for its row.
fn replay(operation: &str, command: impl Fn(&Value) -> Vec<String>) {
    for mut row in rows(operation) {
        if row["replies"].is_null() {
            row["replies"] = sealed_replies(operation, &row["result"]);
        }
        let replies = row["replies"].as_array().expect("replies were recorded");
        let recorder = Recorder::start(replies.iter().map(scripted).collect());
        let mut driver = Driver::open(recorder.environment());
        if let Some(token) = row["token"].as_str() {
            driver.call(&["set_access_token", token]).ok();
        }
        let command = command(&row);
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let outcome = driver.call(&command);
        compare_requests(&row, &recorder.requests());
        let reply = driver.call(&["last_reply"]).ok();
        compare_outcome(&row, &outcome, reply);
    }
}

/// What the device calls were answered, which was not recorded: with `token` sealed as the protocol says, and all well.
fn sealed_replies(operation: &str, token: &Value) -> Value {
    let seal = |key: &str, access_token: &str| {
        let granted = json!({"access_token": access_token}).to_string();
        let envelope = envelope::seal(Version::Gcm, key, granted.as_bytes()).expect("it seals");
        BASE64_STANDARD.encode(envelope)
    };
    let token = token.as_str().expect("a token");
    if operation == "authorize_device" {
        return json!([[200, seal("locator-key-000", token)], [204, ""]]);
    }
    let key = xq::private_key::parse(device_key().as_bytes())
        .expect("it parses")
        .as_public_key()
        .clone();
    let sealed = key
        .pkcs1v15_encrypt_with_rng(&mut SysRng, token.as_bytes())
        .expect("it fits");
    let granted = seal("transport-key", &BASE64_STANDARD.encode(sealed));
    json!([[200, "1700000000"], [200, granted], [200, ""]])
}

/// A private key of another implementation.
fn device_key() -> String {
    let rows: Value = serde_json::from_str(include_str!("../vectors/tokens.json")).expect("the vectors parse");
    text(&rows[0]["private_key"]["pkcs8_pem"])
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
        if let Some(opened) = expected.get("sealed_json") {
            let envelope = BASE64_STANDARD.decode(&sent.body).expect("base64");
            let body = envelope::open(Version::Gcm, "transport-key", &envelope).expect("it opens");
            assert_eq!(&serde_json::from_slice::<Value>(&body).expect("JSON"), opened, "{row}");
            continue;
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
    replay("authorize_user", |row| {
        let args = &row["args"];
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
    replay("code_validate", |row| {
        vec!["code_validate".into(), text(&row["args"]["pin"])]
    });
}

#[test]
fn exchange_key() {
    replay("exchange_key", |row| {
        let args = &row["args"];
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
    replay("create_packet", |row| {
        packet("create_packet", text(&row["args"]["key"]), &row["args"])
    });
}

#[test]
fn create_and_store_packet() {
    replay("create_and_store_packet", |row| {
        packet("create_and_store_packet", text(&row["args"]["key"]), &row["args"])
    });
}

#[test]
fn create_and_store_packets() {
    replay("create_and_store_packets", |row| {
        packet("create_and_store_packets", list(&row["args"]["keys"]), &row["args"])
    });
}

#[test]
fn create_and_store_packets_batch() {
    replay("create_and_store_packets_batch", |row| {
        let args = &row["args"];
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

#[test]
fn authorize_alias() {
    replay("authorize_alias", |row| {
        let args = &row["args"];
        let names = [&args["user_email"], &args["firstName"], &args["lastName"]];
        ["authorize_alias".to_owned()]
            .into_iter()
            .chain(names.map(text))
            .collect()
    });
}

#[test]
fn authorize_device() {
    replay("authorize_device", |row| {
        let args = &row["args"];
        vec![
            "authorize_device".into(),
            text(&args["device"]),
            text(&args["business_id"]),
            "1".into(),
        ]
    });
}

#[test]
fn authorize_device_cert() {
    let directory = scratch("replay");
    let file = |name: &str, content: &str| {
        let path = directory.join(name);
        fs::write(&path, content).expect("the file can be written");
        path.to_str().expect("UTF-8").to_owned()
    };
    replay("authorize_device_cert", |row| {
        let args = &row["args"];
        vec![
            "authorize_device_cert".into(),
            text(&args["cert_id"]),
            file("client.crt", row["files"]["cert"].as_str().expect("a certificate")),
            file("transport.key", "transport-key\n"),
            file("client.key", &device_key()),
            text(&args["device_name"]),
            if args["announce"].is_null() {
                "1".into()
            } else {
                text(&args["announce"])
            },
        ]
    });
    fs::remove_dir_all(&directory).expect("it can be removed");
}
