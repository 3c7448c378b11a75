//! Hostile text, in every place that takes text: it stays one value, or is refused. It adds no header field, changes no
//! path and leaves the JSON whole. What it should become is seen from the same call with a harmless text in its place.

use std::fs;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use xq::envelope::{self, Version};

use crate::driver::{Driver, Outcome, scratch};
use crate::operations::LOCATOR;
use crate::recorder::{Recorder, Request, reply};

/// Stands for the text; a place may take it as a header's value, in an address and in JSON.
const MARK: &str = "a-text-of-the-caller";

/// What ends a line, a value or a string somewhere, and what looks like another way to write that.
const TEXTS: [&str; 28] = [
    "a\rb",
    "a\nb",
    "a\r\nb",
    "a\r\nx-evil: 1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    "\n",
    "a\n",
    " a",
    "\ta",
    "a\u{1}b",
    "a\u{1b}[2Jb",
    "a\u{7f}b",
    "a\u{85}b",
    "a\u{2028}b\u{2029}c",
    "\u{feff}a",
    "a\u{fffd}b",
    "\u{202e}a",
    "ключ ☃ 🔑",
    "a HTTP/1.1",
    "..",
    "../../x",
    "a/b?c=d&e=f#g;h",
    "a%0d%0ab%00%2e%2e",
    "a:b@c",
    "\"",
    "a\":\"b",
    "a\"}]}",
    "a\\",
    "a\\ud800\\u0000",
];

/// What is no UTF-8: halves of characters, line breaks written too long, and beyond Unicode.
const BYTES: [&[u8]; 9] = [
    b"\xed\xa0\x80",
    b"a\xed\xa0\x80\xed\xb0\x80b",
    b"\xed\xbf\xbf",
    b"a\xc0\x8ab",
    b"a\xe0\x80\x8ab",
    b"a\xf0\x80\x80\x8ab",
    b"\xff",
    b"a\xe2\x98",
    b"\xf4\x90\x80\x80",
];

/// Every operation that takes text, once for each text.
const CALLS: &[&[&str]] = &[
    &["authorize_user", MARK, "@", "@", "0", "0"],
    &["authorize_user", "a@b.c", MARK, "@", "0", "0"],
    &["authorize_user", "a@b.c", "@", MARK, "0", "0"],
    &["code_validate", MARK],
    &["exchange_key", MARK, "0"],
    &["authorize_alias", MARK, "@", "@"],
    &["authorize_alias", "a", MARK, "@"],
    &["authorize_alias", "a", "@", MARK],
    &["authorize_device", MARK, "42", "1"],
    &["authorize_device", "d", MARK, "1"],
    &["announce_device", MARK],
    &["combine_authorizations", "a,a-text-of-the-caller,"],
    &["create_packet", MARK, "a@b.c,"],
    &["create_packet", "k", "a@b.c,a-text-of-the-caller,"],
    &["create_packet", "k", "a@b.c,", MARK, "-1", "1", "@", "@", "@"],
    &["create_packet", "k", "a@b.c,", "@", "-1", "1", MARK, "@", "@"],
    &["create_and_store_packet", MARK, "a@b.c,"],
    &["create_and_store_packet", "k", "a-text-of-the-caller,"],
    &["create_and_store_packet", "k", "a@b.c,", MARK, "-1", "1", "@", "@", "@"],
    &["create_and_store_packet", "k", "a@b.c,", "@", "-1", "1", MARK, "@", "@"],
    &[
        "create_and_store_packet",
        "k",
        "a@b.c,",
        "@",
        "-1",
        "1",
        "@",
        "a-text-of-the-caller,",
        "@",
    ],
    &["create_and_store_packets", "k,a-text-of-the-caller,", "a@b.c,"],
    &["create_and_store_packets", "k,", "a-text-of-the-caller,"],
    &[
        "create_and_store_packets",
        "k,",
        "a@b.c,",
        MARK,
        "-1",
        "1",
        "@",
        "@",
        "@",
    ],
    &[
        "create_and_store_packets",
        "k,",
        "a@b.c,",
        "@",
        "-1",
        "1",
        MARK,
        "@",
        "@",
    ],
    &[
        "create_and_store_packets",
        "k,",
        "a@b.c,",
        "@",
        "-1",
        "1",
        "@",
        "@",
        MARK,
    ],
    &[
        "create_and_store_packets_batch",
        MARK,
        "a@b.c,",
        "@",
        "1",
        "@",
        "@",
        "@",
        "@",
    ],
    &[
        "create_and_store_packets_batch",
        "k",
        "a-text-of-the-caller,",
        "@",
        "1",
        "@",
        "@",
        "@",
        "@",
    ],
    &[
        "create_and_store_packets_batch",
        "k",
        "a@b.c,",
        MARK,
        "1",
        "@",
        "@",
        "@",
        "@",
    ],
    &[
        "create_and_store_packets_batch",
        "k",
        "a@b.c,",
        "@",
        "1",
        MARK,
        "@",
        "@",
        "@",
    ],
    &[
        "create_and_store_packets_batch",
        "k",
        "a@b.c,",
        "@",
        "1",
        "@",
        MARK,
        "@",
        "@",
    ],
    &[
        "create_and_store_packets_batch",
        "k",
        "a@b.c,",
        "@",
        "1",
        "@",
        "@",
        "a-text-of-the-caller,",
        "@",
    ],
    &["add_packet", MARK],
    &["get_packet", MARK],
    &["get_packets", "a,a-text-of-the-caller,"],
    &["revoke_packet", MARK],
    &["grant_users", MARK, "a@b.c,"],
    &["grant_users", "l", "a-text-of-the-caller,"],
    &["revoke_users", MARK, "a@b.c,"],
    &["revoke_users", "l", "a-text-of-the-caller,"],
    &["packet_expiration", MARK],
    &["generate_multiple_keys_and_store_packets", "1", "0", "128", MARK_LIST],
    &["encrypt_auto", "00", MARK_LIST, "", ".1a-key-in-hand"],
    &["encrypt_auto", "00", "a@b.c,", "", ".1a-key-in-hand", "", "", MARK],
    &["encrypt_auto", "00", "a@b.c,", "", ".1a-key-in-hand", "", "", "", MARK],
    &["decrypt_auto", BARE, "", "", MARK],
];
const MARK_LIST: &str = "a-text-of-the-caller,";
/// The beginning of a bare message.
const BARE: &str = "53616c7465645f5f";

/// Every other text of the functions that seal and open. None of them is sent.
const UNSENT: &[&[&str]] = &[
    &["encrypt_message", MARK, "@", "00"],
    &["encrypt_message", ".1k", MARK, "00"],
    &["decrypt_message", MARK, BARE],
    &["encrypt_auto", "00", "@", "", MARK],
    &["encrypt_auto", "00", "@", "", ".1k", MARK],
    &["decrypt_auto", BARE, "", MARK],
    &["encrypt_file", MARK, "o", "@", "", ".1k", LOCATOR],
    &["encrypt_file", "i", MARK, "@", "", ".1k", LOCATOR],
    &["encrypt_file", "i", "o", "@", "", MARK, LOCATOR],
    &["encrypt_file", "i", "o", "@", "", ".1k", MARK],
    &["encrypt_file", "i", "o", "@", "", ".1k", LOCATOR, MARK],
    &["decrypt_file", MARK, "o", "", ".1k"],
    &["decrypt_file", "i", MARK, "", ".1k"],
    &["decrypt_file", "i", "o", "", MARK],
    &["seal_chunks", "1", MARK, "00"],
    &["seal_chunks", "1", ".1k", "00", "", "", MARK],
    &["seal_chunks", "1", ".1k", "00", "", "", LOCATOR, MARK],
    &["open_chunks", "1", "1", "1", MARK, BARE],
    &["open_chunks", "1", "1", "0", MARK, BARE],
];

/// The settings that every request shows, each with a value that holds the text.
const SETTINGS: [&[&str]; 3] = [
    &["api_key", MARK],
    &["dashboard_api_key", MARK],
    &["user_agent_suffix", MARK],
];

/// The tokens.
const TOKENS: [&[&str]; 2] = [&["set_access_token", MARK], &["set_dashboard_token", MARK]];

/// `command` with `text` in the place of the mark.
fn with(command: &[&str], text: &[u8]) -> Vec<Vec<u8>> {
    let put = |field: &&str| match field.split_once(MARK) {
        Some((before, after)) => [before.as_bytes(), text, after.as_bytes()].concat(),
        None => field.as_bytes().to_vec(),
    };
    command.iter().map(put).collect()
}

fn call(driver: &mut Driver, command: &[&str], text: &[u8]) -> Outcome {
    let command = with(command, text);
    let fields: Vec<&[u8]> = command.iter().map(Vec::as_slice).collect();
    let outcome = driver.call_bytes(&fields);
    assert_ne!(outcome.status, "XQ_INTERNAL", "{command:?}");
    let breaks = |c: char| c.is_control() || "\u{2028}\u{2029}".contains(c);
    assert!(!outcome.message.contains(breaks), "{:?}", outcome.message);
    outcome
}

/// A driver that is signed in, and a server that says `{}` to everything.
fn open() -> (Driver, Recorder) {
    let recorder = Recorder::start(vec![reply(200, "{}"); 2000]);
    let mut driver = Driver::open(recorder.environment());
    driver.call(&["set_access_token", "held"]).ok();
    (driver, recorder)
}

/// The requests that were sent since `seen` were.
fn sent(recorder: &Recorder, seen: &mut usize) -> Vec<Request> {
    let requests = recorder.requests().split_off(*seen);
    *seen += requests.len();
    requests
}

/// `request` is `harmless` with `text` for the mark: as much of everything, and each value as it was given.
fn assert_same_but_for(request: &Request, harmless: &Request, text: &str) {
    let put = |value: &str| value.replace(MARK, text);
    let decoded = |part: &str| percent_decode_str(part).decode_utf8().expect("UTF-8").into_owned();
    assert!(request.target.bytes().all(|b| b.is_ascii_graphic()), "{request:?}");
    assert_eq!(request.method, harmless.method);
    let path = |request: &Request| request.path().split('/').map(decoded).collect::<Vec<_>>();
    let wanted: Vec<String> = path(harmless).iter().map(|part| put(part)).collect();
    assert_eq!(path(request), wanted, "{request:?}");
    let wanted = harmless.query().into_iter().map(|(name, value)| (name, put(&value)));
    assert_eq!(request.query(), wanted.collect::<Vec<_>>(), "{request:?}");

    let fields = |request: &Request| {
        let fields = request.headers.iter().filter(|(name, _)| name != "content-length");
        fields.cloned().collect::<Vec<_>>()
    };
    let wanted = fields(harmless).into_iter().map(|(name, value)| (name, put(&value)));
    assert_eq!(fields(request), wanted.collect::<Vec<_>>());

    match serde_json::from_slice::<Value>(&harmless.body) {
        Ok(wanted) => {
            let body: Value = serde_json::from_slice(&request.body).expect("the body is JSON");
            assert_eq!(body, replaced(wanted, text));
        }
        Err(_) => assert_eq!(
            String::from_utf8_lossy(&request.body),
            put(&String::from_utf8_lossy(&harmless.body))
        ),
    }
}

/// `value` with `text` for each string that is the mark.
fn replaced(value: Value, text: &str) -> Value {
    match value {
        Value::String(string) => Value::String(string.replace(MARK, text)),
        Value::Array(items) => items.into_iter().map(|item| replaced(item, text)).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, replaced(value, text)))
            .collect(),
        other => other,
    }
}

#[test]
fn text_in_a_call_stays_one_value_or_is_refused() {
    let (mut driver, recorder) = open();
    let mut seen = 0;
    for command in CALLS {
        call(&mut driver, command, MARK.as_bytes());
        let [harmless] = &sent(&recorder, &mut seen)[..] else {
            panic!("one request is sent by {command:?}")
        };
        let mut taken = 0;
        for text in TEXTS {
            let outcome = call(&mut driver, command, text.as_bytes());
            match &sent(&recorder, &mut seen)[..] {
                [request] => assert_same_but_for(request, harmless, text),
                [] => outcome.failed("XQ_INVALID_ARGUMENT", ""),
                more => panic!("{command:?} sent {more:?}"),
            }
            taken += usize::from(outcome.status != "XQ_INVALID_ARGUMENT");
        }
        assert!(taken > 5, "nearly nothing is taken by {command:?}");
    }
}

#[test]
fn what_is_not_utf_8_is_refused_wherever_it_is_given() {
    let (mut driver, recorder) = open();
    let settings: [&[&str]; 6] = [
        &["locator_key", MARK],
        &["base_uri", MARK],
        &["proxy", MARK],
        &["ca_file", MARK],
        &["service_url", "0", MARK],
        &["load_file_content", MARK],
    ];
    let files = (2..6).map(|place| {
        let mut command = vec!["authorize_device_cert", "1", "c", "t", "p", "d", "1"];
        command[place] = MARK;
        command
    });
    let memory = (2..6).map(|place| {
        let mut command = vec!["authorize_device_cert_memory", "1", "c", "t", "p", "d", "1"];
        command[place] = MARK;
        command
    });
    let certificates: Vec<Vec<&str>> = files.chain(memory).collect();
    let certificates = certificates.iter().map(Vec::as_slice);
    let all = CALLS
        .iter()
        .chain(UNSENT)
        .chain(&settings)
        .chain(&SETTINGS)
        .chain(&TOKENS)
        .copied();
    for command in all.chain(certificates) {
        for bytes in BYTES {
            call(&mut driver, command, bytes).failed("XQ_INVALID_ARGUMENT", "is not UTF-8");
        }
    }
    assert_eq!(recorder.requests(), []);
    assert_eq!(driver.call(&["get_access_token"]).ok().as_deref(), Some("held"));
}

#[test]
fn text_that_seals_and_opens_is_not_sent() {
    let (mut driver, recorder) = open();
    for command in UNSENT {
        for text in TEXTS {
            call(&mut driver, command, text.as_bytes());
        }
    }
    assert_eq!(recorder.requests(), []);
}

#[test]
fn a_setting_stays_one_value_or_is_refused() {
    let (mut driver, recorder) = open();
    let mut seen = 0;
    // One request to each service that has a key of its own, and one under the dashboard's token.
    let mut requests = |driver: &mut Driver| {
        driver.call(&["validate_api_key"]);
        driver.call(&["announce_device", "d"]);
        driver.call(&["exchange_for_subscription_token"]);
        sent(&recorder, &mut seen)
    };
    for command in SETTINGS.into_iter().chain(TOKENS) {
        let is_token = command[0].starts_with("set_");
        let mut take = |text: &str| {
            if is_token {
                driver.call(&["set_access_token", "held"]).ok();
                driver.call(&["set_dashboard_token", "held"]).ok();
            }
            let outcome = call(&mut driver, command, text.as_bytes());
            if outcome.status != "XQ_OK" {
                outcome.failed(
                    if is_token {
                        "XQ_INVALID_ARGUMENT"
                    } else {
                        "XQ_CONFIGURATION"
                    },
                    "",
                );
                return None;
            }
            if !is_token {
                driver.call(&["close"]).ok();
                driver.call(&["open"]).ok();
                driver.call(&["set_access_token", "held"]).ok();
                driver.call(&["set_dashboard_token", "held"]).ok();
            }
            Some(requests(&mut driver))
        };
        let harmless = take(MARK).expect("it is taken");
        assert_eq!(harmless.len(), 3, "{command:?}");
        for text in TEXTS {
            let is_line = text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
            let Some(sent) = take(text) else { continue };
            assert!(is_line, "{command:?} took {text:?}");
            assert_eq!(sent.len(), 3);
            for (request, harmless) in sent.iter().zip(&harmless) {
                assert_same_but_for(request, harmless, text);
            }
        }
        // For the next setting.
        call(&mut driver, command, b"general-key");
    }
}

#[test]
fn an_address_stays_one_value_or_is_refused() {
    let (mut driver, recorder) = open();
    let mut seen = 0;
    let address = format!("http://127.0.0.1:{}/{MARK}", recorder.port());
    let mut take = |text: &str| {
        let outcome = call(&mut driver, &["service_url", "0", &address], text.as_bytes());
        if outcome.status != "XQ_OK" {
            outcome.failed("XQ_CONFIGURATION", "");
            return None;
        }
        driver.call(&["close"]).ok();
        driver.call(&["open"]).ok();
        driver.call(&["validate_api_key"]).ok();
        sent(&recorder, &mut seen).pop()
    };
    let harmless = take(MARK).expect("it is taken");
    assert_eq!(harmless.path(), format!("/{MARK}/apikey"));
    for text in TEXTS {
        if let Some(request) = take(text) {
            // Sent as it was written.
            assert_eq!(request.target, harmless.target.replace(MARK, text));
            assert_eq!(request.headers.len(), harmless.headers.len());
        }
    }
    for text in TEXTS {
        let taken = call(
            &mut driver,
            &["base_uri", "xqmsg.net/a-text-of-the-caller"],
            text.as_bytes(),
        );
        assert!(taken.status == "XQ_CONFIGURATION" || text.bytes().all(|b| b.is_ascii_graphic()));
        let taken = call(&mut driver, &["base_uri", "a-text-of-the-caller.net"], text.as_bytes());
        assert_eq!(taken.status, "XQ_CONFIGURATION", "{text:?}");
    }
}

#[cfg(feature = "sockets")]
#[test]
fn a_proxys_password_stays_one_value() {
    use crate::recorder::Tunnel;

    let (_, recorder) = open();
    let proxy = Tunnel::start(recorder.port());
    let encoded =
        |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    for text in TEXTS {
        let mut driver = Driver::start([("XQ_API_KEY", "key"), ("XQ_SUBSCRIPTION_URL", "http://xq.test/v2")]);
        driver.call(&["read_environment"]).ok();
        driver.call(&["allow_plain_http", "1"]).ok();
        let address = format!("http://user:{}@127.0.0.1:{}", encoded(text), proxy.port());
        driver.call(&["proxy", &address]).ok();
        driver.call(&["open"]).ok();
        driver.call(&["validate_api_key"]).ok();
        let head = proxy.heads().pop().expect("a tunnel was asked for");
        let lines: Vec<&str> = head.trim_end().split("\r\n").collect();
        let password = format!("Basic {}", BASE64_STANDARD.encode(format!("user:{text}")));
        assert!(lines[0].starts_with("CONNECT xq.test:80 HTTP/1.1"), "{head}");
        assert_eq!(lines.len(), 3, "{head}");
        assert!(lines.iter().any(|line| line.ends_with(&password)), "{head}");
    }
}

#[test]
fn a_devices_certificate_and_name_stay_in_their_envelope() {
    let transport_key = "transport-key";
    let private_key = fs::read_to_string(format!("{}/tests/vectors/tokens.json", crate::driver::ROOT)).expect("a file");
    let vectors: Value = serde_json::from_str(&private_key).expect("JSON");
    let private_key = some_private_key(&vectors).expect("the vectors have one");
    let replies = (0..200).flat_map(|_| [reply(200, "1700000000"), reply(200, "{}")]);
    let recorder = Recorder::start(replies.collect());
    let mut driver = Driver::open(recorder.environment());
    let mut seen = 0;
    for place in [2, 5] {
        let mut command = vec![
            "authorize_device_cert_memory",
            "7",
            "c",
            transport_key,
            &private_key,
            "d",
            "0",
        ];
        command[place] = MARK;
        let mut opened = |text: &str| {
            let outcome = call(&mut driver, &command, text.as_bytes());
            let [_, mut request] = <[Request; 2]>::try_from(sent(&recorder, &mut seen)).ok().or_else(|| {
                outcome.failed("XQ_INVALID_ARGUMENT", "");
                None
            })?;
            let sealed = BASE64_STANDARD.decode(&request.body).expect("base64");
            let text = envelope::open(Version::Gcm, transport_key, &sealed).expect("it opens");
            request.body = text.to_vec();
            Some(request)
        };
        let harmless = opened(MARK).expect("it is sent");
        for text in TEXTS {
            // A certificate is trimmed, as a file's end is.
            let arrives = if place == 2 {
                text.trim_start_matches('\u{feff}').trim()
            } else {
                text
            };
            if let Some(request) = opened(text) {
                assert_same_but_for(&request, &harmless, arrives);
            }
        }
    }
}

/// The first text of the vectors that is a private key.
fn some_private_key(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => text.contains("PRIVATE KEY").then(|| text.clone()),
        Value::Array(items) => items.iter().find_map(some_private_key),
        Value::Object(members) => members.values().find_map(some_private_key),
        _ => None,
    }
}

#[test]
fn a_files_path_is_not_quoted_where_it_may_be_the_files_content() {
    let (mut driver, recorder) = open();
    let directory = scratch("hostile");
    let good = directory.join("a-file");
    fs::write(&good, "text").expect("it can be written");
    let good = good.to_str().expect("UTF-8");
    let pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n-----END PRIVATE KEY-----\n";
    // As a transport key is, in one line.
    let key = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA";
    for text in TEXTS.into_iter().filter(|text| *text != "..").chain([pem, key]) {
        call(&mut driver, &["load_file_content", MARK], text.as_bytes()).failed("XQ_FILE", "");
        for place in 2..5 {
            let mut command = vec!["authorize_device_cert", "1", good, good, good, "d", "1"];
            command[place] = text;
            let outcome = driver.call(&command);
            outcome.failed("XQ_FILE", "");
            assert!(!outcome.message.contains("MIIEvQ"), "{}", outcome.message);
        }
    }
    assert_eq!(recorder.requests(), []);
    fs::remove_dir_all(&directory).expect("it can be removed");
}

#[test]
fn half_a_character_in_a_reply_is_a_protocol_error() {
    const HALF: &str = r#""\ud800""#;
    let calls: [(&[&str], &str); 19] = [
        (&["authorize_user", "a@b.c", "@", "@", "0", "0"], HALF),
        (&["exchange_key", "@", "0"], HALF),
        (&["authorize_alias", "a", "@", "@"], HALF),
        (&["authorize_device", "d", "42", "1"], HALF),
        (&["exchange_for_subscription_token"], HALF),
        (&["authorize_delegate"], HALF),
        (&["combine_authorizations", "a,"], r#"{"token":"\udfff","merged":1}"#),
        (&["get_subscriber"], r#"{"user":"\ud800"}"#),
        (&["get_settings"], r#"{"\ud800":1,"newsletter":"\ud800"}"#),
        (&["create_packet", "k", "a@b.c,"], HALF),
        (&["create_and_store_packet", "k", "a@b.c,"], HALF),
        (
            &["create_and_store_packets", "k,", "a@b.c,"],
            r#"{"tokens":[{"k":"\ud800"}]}"#,
        ),
        (
            &[
                "create_and_store_packets_batch",
                "k",
                "a@b.c,",
                "@",
                "1",
                "@",
                "@",
                "@",
                "@",
            ],
            r#"{"tokens":[{"\ud800":"t"}]}"#,
        ),
        (&["add_packet", "p"], HALF),
        (&["get_packet", "l"], r#""\udc00\ud800""#),
        (&["get_packets", "a,"], r#"{"exported":[{"a":"\ud800\u0061"}]}"#),
        (&["packet_expiration", "l"], r#"{"expiresOn":"\ud800"}"#),
        (&["get_entropy", "128"], HALF),
        (&["encrypt_auto", "00", "a@b.c,", "", ".1k"], HALF),
    ];
    for (command, body) in calls {
        let refusal = reply(400, r#"{"status":"\ud800"}"#);
        let recorder = Recorder::start(vec![reply(200, body), refusal]);
        let mut driver = Driver::open(recorder.environment());
        driver.call(&["set_access_token", "held"]).ok();
        driver.call(&["set_dashboard_token", "held"]).ok();
        driver.call(command).failed("XQ_PROTOCOL", "");
        driver.call(command).failed("XQ_REJECTED", "HTTP 400");
        assert_eq!(driver.call(&["get_access_token"]).ok().as_deref(), Some("held"));
    }
}
