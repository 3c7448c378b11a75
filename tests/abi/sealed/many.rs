//! Keys that are made: of whose entropy, and many at once.

use std::io::Write;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::{CTR, GCM, OTP, without_service};
use crate::driver::Driver;
use crate::recorder::{Recorder, Request, receive, reply};

/// A service that has entropy, always the same, and stores keys; and what it was asked.
fn service() -> (Driver, Arc<Mutex<Vec<Request>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let requests = Arc::new(Mutex::new(Vec::new()));
    let recorded = Arc::clone(&requests);
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            while let Some(request) = receive(&mut stream) {
                let answer = reply(200, &answer(&request));
                recorded.lock().expect("no test panicked").push(request);
                stream.write_all(&answer).ok();
            }
        }
    });
    let mut environment = vec![("XQ_API_KEY".to_owned(), "general-key".to_owned())];
    for service in ["subscription", "quantum"] {
        let url = format!("http://127.0.0.1:{port}/{service}/v2");
        environment.push((format!("XQ_{}_URL", service.to_uppercase()), url));
    }
    let mut driver = Driver::open(environment);
    driver.call(&["set_access_token", "held"]).ok();
    (driver, requests)
}

fn answer(request: &Request) -> String {
    if let [(name, bits)] = &request.query()[..] {
        assert_eq!(name, "ks");
        let digits = bits.parse::<usize>().expect("a number").div_ceil(4);
        return BASE64_STANDARD.encode(&"0123456789abcdef".repeat(digits / 16 + 1).as_bytes()[..digits]);
    }
    let tokens: Vec<Value> = sent_keys(request)
        .iter()
        .enumerate()
        .map(|(index, key)| json!({key: format!("locator-{index}")}))
        .collect();
    json!({"tokens": tokens}).to_string()
}

fn sent_keys(request: &Request) -> Vec<String> {
    let body: Value = serde_json::from_slice(&request.body).expect("JSON");
    let text = |key: &Value| key.as_str().expect("a text").to_owned();
    match &body["entries"] {
        Value::Array(entries) => entries.iter().map(|entry| text(&entry["key"])).collect(),
        _ => body["keys"].as_array().expect("a list").iter().map(text).collect(),
    }
}

/// The two lists that come out.
fn both(out: &str) -> [Vec<String>; 2] {
    let (keys, locators) = out.split_once('|').expect("two lists");
    [keys, locators].map(|list| list.split_terminator(',').map(str::to_owned).collect())
}

#[test]
fn many_keys_take_as_little_entropy_as_they_need_and_come_out_beside_their_locator_tokens() {
    for (count, bits, asked) in [
        (1, 256, vec![256]),
        (32, 256, vec![8192]),
        (33, 256, vec![8192, 256]),
        (40, 256, vec![8192, 2048]),
        (2, 8192, vec![8192, 8192]),
        (3, 4096, vec![8192, 4096]),
    ] {
        let (mut driver, requests) = service();
        let (count_text, bits_text) = (count.to_string(), bits.to_string());
        let command = "generate_multiple_keys_and_store_packets";
        let out = driver.call(&[command, &count_text, "0", &bits_text, "a@b.c,"]).ok();
        let [keys, locators] = both(&out.expect("two lists"));
        let requests = requests.lock().expect("no test panicked");
        let (store, entropy) = requests.split_last().expect("there are some");
        let sizes: Vec<u32> = entropy
            .iter()
            .map(|r| r.query()[0].1.parse().expect("a number"))
            .collect();
        assert_eq!(sizes, asked, "{count} keys of {bits} bits");
        assert_eq!(sent_keys(store), keys);
        assert_eq!(
            locators,
            (0..count).map(|index| format!("locator-{index}")).collect::<Vec<_>>()
        );
        for key in &keys {
            assert!(key.starts_with(".1") && key.len() == 2 + bits / 4, "{key}");
            assert!(key[2..].bytes().all(|b| b.is_ascii_hexdigit()), "{key}");
            assert!(
                !key.contains("0123456789abcdef"),
                "the service's entropy stands in it: {key}"
            );
            assert_eq!(keys.iter().filter(|other| *other == key).count(), 1, "{key}");
        }
    }
}

#[test]
fn rows_get_keys_in_their_order() {
    let (mut driver, requests) = service();
    let command = "generate_multiple_keys_and_store_packets_database";
    let first = ["@", "a@b.c,", "@", "2", "hours", "one", "@", "@"];
    // What stands in a row as its key is not looked at.
    let second = [
        "a key that is not looked at",
        "d@e.f,",
        "@",
        "1",
        "@",
        "@",
        "@",
        r#"{"row":2}"#,
    ];
    let out = driver
        .call(&[&[command, CTR, "128"], &first[..], &second[..]].concat())
        .ok();
    let [keys, locators] = both(&out.expect("two lists"));
    assert_eq!(locators, ["locator-0", "locator-1"]);
    assert!(
        keys.iter().all(|key| key.starts_with(".2") && key.len() == 34),
        "{keys:?}"
    );
    let requests = requests.lock().expect("no test panicked");
    assert_eq!(requests.len(), 2);
    let body: Value = serde_json::from_slice(&requests[1].body).expect("JSON");
    let row = |key: &str, recipient: &str, expires: u32, unit: &str, meta: Value| json!({"type": "database", "meta": meta, "key": key, "recipients": [recipient], "expires": expires, "unit": unit});
    let rows = json!([
        row(&keys[0], "a@b.c", 2, "hours", json!({"title": "one", "labels": null})),
        row(&keys[1], "d@e.f", 1, "days", json!({"row": 2})),
    ]);
    assert_eq!(body["entries"], rows);
}

#[test]
fn what_is_stored_can_be_fetched() {
    let emulator = crate::sign_in::emulator();
    let mut driver = Driver::open(emulator.env());
    driver.call(&["authorize_alias", "device-7", "@", "@"]).ok();
    let command = "generate_multiple_keys_and_store_packets";
    for (algorithm, bits) in [(GCM, "0"), (OTP, "32768")] {
        let out = driver
            .call(&[command, "35", algorithm, bits, "device-7@alias.local,"])
            .ok();
        let out = out.expect("two lists");
        let (keys, locators) = out.split_once('|').expect("two lists");
        assert_eq!(driver.call(&["get_packets", locators]).ok().as_deref(), Some(keys));
    }
}

#[test]
fn a_key_is_of_both_entropies_or_there_is_none() {
    let digits = BASE64_STANDARD.encode("0123456789abcdef".repeat(4));
    let short = BASE64_STANDARD.encode("0123456789abcdef");
    let no_digits = BASE64_STANDARD.encode("x".repeat(64));
    let replies = [&digits, &digits, &short, &no_digits, "abc", ""].map(|body| reply(200, body));
    let recorder = Recorder::start(replies.to_vec());
    let mut driver = Driver::open(recorder.environment());
    let mut keys = [(); 2].map(|()| driver.call(&["generate_key", "0", "0"]).ok().expect("a key"));
    // The operating system's part of them differs.
    assert_ne!(keys[0], keys[1]);
    keys.sort();
    for _ in 0..4 {
        driver.call(&["generate_key", "0", "0"]).failed("XQ_PROTOCOL", "");
    }
    assert_eq!(recorder.count(), 6);
}

#[test]
fn keys_have_their_prefix_and_as_many_characters_as_they_take() {
    let mut driver = without_service();
    let pad = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    type IsFit<'a> = &'a dyn Fn(u8) -> bool;
    let cases: [(&str, &str, &str, usize, IsFit); 6] = [
        ("0", "0", ".1", 64, &digit),
        (GCM, "128", ".1", 32, &digit),
        (CTR, "8192", ".2", 2048, &digit),
        (OTP, "0", ".B", 32, &pad),
        (OTP, "128", ".B", 16, &pad),
        (OTP, "32768", ".B", 4096, &pad),
    ];
    for (algorithm, bits, prefix, characters, is_fit) in cases {
        let key = driver
            .call(&["generate_key", algorithm, bits, "local"])
            .ok()
            .expect("a key");
        let (first, rest) = key.split_at(2);
        assert_eq!((first, rest.len()), (prefix, characters));
        assert!(rest.bytes().all(is_fit), "{key}");
    }
}
