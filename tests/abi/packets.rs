//! Key packets and stored keys: what each call does against the emulator, what it sends, and what it says of each reply.

use serde_json::{Value, json};
use xq_emulator::{Emulator, Options};

use crate::driver::Driver;
use crate::operations::{LOCATOR, Operation, named};
use crate::recorder::{Play, Recorder, Request, reply};

/// A driver whose handle holds a token, and the server that gives it `replies`.
fn scripted(replies: Vec<Vec<u8>>) -> (Driver, Recorder) {
    let recorder = Recorder::start(replies);
    let mut driver = Driver::open(recorder.environment());
    driver.call(&["set_access_token", "held"]).ok();
    (driver, recorder)
}

#[test]
fn bad_arguments_are_named_and_nothing_is_sent() {
    let (mut driver, recorder) = scripted(vec![]);
    let row = |key, people, expires, unit, meta| {
        [
            "create_and_store_packets_batch",
            "k",
            "a@b.c,",
            "@",
            "1",
            "@",
            "@",
            "@",
            "@",
            key,
            people,
            "@",
            expires,
            unit,
            "@",
            "@",
            meta,
        ]
    };
    let cases: Vec<(Vec<&str>, &str)> = vec![
        (vec!["create_packet", "", "a@b.c,"], "key is empty"),
        (vec!["create_packet", "@", "a@b.c,"], "key is NULL"),
        (vec!["create_packet", "k", ""], "no recipient"),
        (vec!["create_packet", "k", "@"], "no recipient"),
        (vec!["create_packet", "k", "a@b.c,,"], "recipient at index 1 is empty"),
        (vec!["create_packet", "k", "a@b.c,@,"], "recipients[1] is NULL"),
        (
            vec!["create_packet", "k", "a@b.c,", "@", "-1", "0", "@", "@", "@"],
            "expiry is 0",
        ),
        (
            vec!["create_packet", "k", "a@b.c,", "@", "-1", "-5", "@", "@", "@"],
            "expiry is -5",
        ),
        (
            vec!["create_packet", "k", "a@b.c,", "", "-1", "1", "@", "@", "@"],
            "type is empty",
        ),
        (
            vec!["create_packet", "k", "a@b.c,", "@", "-2", "1", "@", "@", "@"],
            "type is -2",
        ),
        (
            vec!["create_packet", "k", "a@b.c,", "@", "-1", "1", "@", "x,", "@"],
            "labels are given",
        ),
        (
            vec!["create_packet", "k", "a@b.c,", "@", "-1", "1", "@", "@", "m"],
            "meta is given",
        ),
        (vec!["create_and_store_packet", "", "a@b.c,"], "key is empty"),
        (vec!["create_and_store_packet", "k", ""], "no recipient"),
        (
            vec!["create_and_store_packet", "k", "a@b.c,", "@", "-1", "0", "@", "@", "@"],
            "expiry is 0",
        ),
        (
            vec!["create_and_store_packet", "k", "a@b.c,", "@", "-1", "1", "@", "@", "m"],
            "meta is given",
        ),
        (
            vec![
                "create_and_store_packet",
                "k",
                "a@b.c,",
                "@",
                "-1",
                "1",
                "@",
                "x,@,",
                "@",
            ],
            "labels[1] is NULL",
        ),
        (vec!["create_and_store_packets", "", "a@b.c,"], "no key"),
        (
            vec!["create_and_store_packets", "k,,l,", "a@b.c,"],
            "key at index 1 is empty",
        ),
        (vec!["create_and_store_packets", "k,@,", "a@b.c,"], "keys[1] is NULL"),
        (
            vec!["create_and_store_packets", "k,", ","],
            "recipient at index 0 is empty",
        ),
        (
            vec![
                "create_and_store_packets",
                "k,",
                "a@b.c,",
                "@",
                "-1",
                "0",
                "@",
                "@",
                "@",
            ],
            "expiry is 0",
        ),
        (
            vec![
                "create_and_store_packets",
                "k,",
                "a@b.c,",
                "@",
                "-1",
                "1",
                "@",
                "x,",
                "@",
            ],
            "labels are given",
        ),
        (vec!["create_and_store_packets_batch"], "no row"),
        (row("", "a@b.c,", "1", "@", "@").to_vec(), "row 1: the key is empty"),
        (row("k", "", "1", "@", "@").to_vec(), "row 1: there is no recipient"),
        (row("k", "a@b.c,", "0", "@", "@").to_vec(), "row 1: the expiry is 0"),
        (row("k", "a@b.c,", "1", "", "@").to_vec(), "row 1: the unit is empty"),
        (
            row("k", "a@b.c,", "1", "@", "[1]").to_vec(),
            "row 1: meta is not a JSON object",
        ),
        (
            row("k", "a@b.c,", "1", "@", "{\"a\":").to_vec(),
            "row 1: meta is not a JSON object",
        ),
        (row("@", "a@b.c,", "1", "@", "@").to_vec(), "rows[1].key is NULL"),
        (vec!["add_packet", ""], "packet is empty"),
        (vec!["add_packet", "@"], "packet is NULL"),
        (vec!["get_packet", ""], "locator token is empty"),
        (vec!["get_packet", "@"], "locator is NULL"),
        (vec!["get_packet", ".."], "locator token is '..'"),
        (vec!["get_packets", ""], "no locator"),
        (vec!["get_packets", "a,,"], "locator at index 1 is empty"),
        (vec!["revoke_packet", ""], "locator token is empty"),
        (vec!["revoke_packet", "."], "locator token is '.'"),
        (vec!["grant_users", "", "a,"], "locator token is empty"),
        (vec!["grant_users", "l", ""], "no recipient"),
        (vec!["revoke_users", "l", "a,,"], "recipient at index 1 is empty"),
        (vec!["packet_expiration", "@"], "locator is NULL"),
    ];
    for (call, words) in cases {
        let outcome = driver.call(&call);
        assert_eq!(outcome.status, "XQ_INVALID_ARGUMENT", "{call:?}");
        outcome.failed("XQ_INVALID_ARGUMENT", words);
    }
    assert_eq!(recorder.requests(), []);
}

#[test]
fn a_reply_that_makes_no_sense_is_a_protocol_error() {
    let senseless: [(&str, &str, &str); 23] = [
        ("create_packet", "", "not an encrypted packet"),
        ("create_packet", "null", "not an encrypted packet"),
        ("create_packet", r#"{"status":"bad"}"#, "not an encrypted packet"),
        ("create_and_store_packet", "", "not a token"),
        ("create_and_store_packet", "two words", "not a token"),
        ("create_and_store_packets", "not JSON", "list of pairs"),
        (
            "create_and_store_packets",
            r#"{"tokens":[{"kkk":"t","l":"u"}]}"#,
            "list of pairs",
        ),
        ("create_and_store_packets", r#"{"tokens":[{}]}"#, "list of pairs"),
        (
            "create_and_store_packets",
            r#"{"tokens":[{"kkk":"two words"}]}"#,
            "no locator token for the key at index 0",
        ),
        (
            "create_and_store_packets",
            r#"{"tokens":[{"kkk":null}]}"#,
            "no locator token",
        ),
        (
            "create_and_store_packets_batch",
            r#"{"tokens":[{"kkk":"a\u0000b"}]}"#,
            "no locator token",
        ),
        (
            "create_and_store_packets_batch",
            r#"{"tokens":[]}"#,
            "0 locator tokens for 1 keys",
        ),
        ("add_packet", "\"\"", "not a token"),
        ("create_and_store_packet", r#"{"token":"t"}"#, "not a token"),
        ("get_packet", "", "empty"),
        ("get_packet", r#""a\u0000b""#, "NUL"),
        ("get_packets", r#"{"exported":"none"}"#, "list of pairs"),
        ("get_packets", r#"{"exported":[{"a":"k\u0000"}]}"#, "NUL"),
        ("get_packets", r#"{"exported":[{"a":"k"},{"a":"l"}]}"#, "two keys"),
        ("packet_expiration", "60", "expiresOn"),
        ("packet_expiration", "{}", "expiresOn"),
        ("packet_expiration", r#"{"expiresOn":"soon"}"#, "expiresOn"),
        ("packet_expiration", "", "expiresOn"),
    ];
    for (call, body, words) in senseless {
        let (mut driver, _recorder) = scripted(vec![reply(200, body)]);
        let operation = named(call);
        driver.call(&operation.call()).failed("XQ_PROTOCOL", words);
        let stores = call.starts_with("create_and_store") || call == "add_packet";
        let keeps_reply = stores || call == "get_packets";
        assert_eq!(driver.call(&["last_reply"]).ok().is_some(), keeps_reply, "{body}");
    }
}

#[test]
fn a_key_is_fetched_byte_for_byte() {
    let emulator = emulator();
    let mut owner = signed_in(&emulator, "owner@example.com");
    for key in [
        " \"abc\"",
        "\n\"a\\u0041\"\n",
        "\"abc\"",
        "\"",
        "null",
        "{\"a\":1}",
        "42 ",
    ] {
        let locator = come_out(&mut owner, &["create_and_store_packet", key, "a@b.c,"]);
        assert_eq!(come_out(&mut owner, &["get_packet", &locator]), key);
        assert_eq!(
            come_out(&mut owner, &["get_packets", &format!("{locator},")]),
            format!("{key},")
        );
    }
}

#[test]
fn a_key_may_be_a_json_string_with_a_line_end_after_it() {
    for (body, key) in [
        ("\"abc\"\n", "abc"),
        (" \"a\\nb\"\r\n", "a\nb"),
        (" abc\n", " abc\n"),
        ("\"abc\n", "\"abc\n"),
    ] {
        let (mut driver, _recorder) = scripted(vec![reply(200, body)]);
        assert_eq!(come_out(&mut driver, &["get_packet", LOCATOR]), key);
    }
}

#[test]
fn a_success_under_another_status_keeps_its_reply() {
    for (call, body) in [
        ("create_and_store_packets", r#"{"tokens":[{"kkk":"t"}]}"#),
        ("create_and_store_packet", LOCATOR),
        ("add_packet", LOCATOR),
    ] {
        let (mut driver, _recorder) = scripted(vec![reply(201, body)]);
        driver.call(&named(call).call()).failed("XQ_PROTOCOL", "HTTP 201");
        assert_eq!(driver.call(&["last_reply"]).ok().as_deref(), Some(body));
    }
}

#[test]
fn a_refusal_of_any_size_is_a_refusal() {
    let recorder = Recorder::start(vec![reply(503, &"x".repeat(1000))]);
    let mut driver = Driver::start(recorder.environment());
    driver.call(&["read_environment"]).ok();
    driver.call(&["max_reply_bytes", "500"]).ok();
    driver.call(&["open"]).ok();
    driver.call(&["set_access_token", "held"]).ok();
    let outcome = driver.call(&["get_packet", LOCATOR]);
    outcome.failed("XQ_SERVER", "HTTP 503");
    assert_eq!((outcome.http_status, outcome.can_retry), (503, true));
}

#[test]
fn too_few_or_too_many_tokens_are_an_error_that_keeps_the_reply() {
    let replies = [
        (r#"{"tokens":[]}"#, "0 locator tokens for 2 keys"),
        (r#"{"tokens":[{"k":"t1"}]}"#, "1 locator tokens for 2 keys"),
        (
            r#"{"tokens":[{"k":"t1"},{"l":"t2"},{"m":"t3"}]}"#,
            "3 locator tokens for 2 keys",
        ),
        (
            r#"{"tokens":[{"l":"t2"},{"k":"t1"}]}"#,
            "another key than the one sent at index 0",
        ),
    ];
    for (body, words) in replies {
        let (mut driver, _recorder) = scripted(vec![reply(200, body)]);
        driver
            .call(&["create_and_store_packets", "k,l,", "a@b.c,"])
            .failed("XQ_PROTOCOL", words);
        assert_eq!(driver.call(&["last_reply"]).ok().as_deref(), Some(body));
    }
}

#[test]
fn words_that_repeat_a_key_are_left_out() {
    let words = r#"{"status":"bad key secret-7"}"#;
    let (mut driver, _recorder) = scripted(vec![reply(400, words), reply(400, words)]);
    let outcome = driver.call(&["create_and_store_packets", "x,secret-7\n,", "a@b.c,"]);
    outcome.failed("XQ_REJECTED", "left out");
    assert!(!outcome.message.contains("secret-7"), "{}", outcome.message);
    driver
        .call(&["create_and_store_packet", "x", "a@b.c,"])
        .failed("XQ_REJECTED", "bad key secret-7");
}

#[test]
fn words_that_repeat_a_locator_or_a_packet_show_neither() {
    let locator = "a+locator/with=what-an-address-encodes-0123";
    let encoded = "a%2Blocator%2Fwith%3Dwhat-an-address-encodes-0123";
    let long_packet = "c2VhbGVk".repeat(5000);
    let calls: [(&[&str], String); 4] = [
        (
            &["get_packets", &format!("{locator},")],
            format!("no such key: [\"{locator}\"]"),
        ),
        (&["get_packet", locator], format!("Cannot GET /v2/key/{encoded}")),
        (&["get_packet", locator], format!("Cannot GET /v2/key/{locator}")),
        (&["add_packet", &long_packet], format!("no packet: {long_packet}")),
    ];
    for (call, words) in calls {
        let (mut driver, _recorder) = scripted(vec![reply(404, &words)]);
        driver.call(&["set_logger", "1"]).ok();
        let outcome = driver.call(call);
        outcome.failed("XQ_REJECTED", "HTTP 404");
        let log = driver.call(&["log"]).ok().expect("text");
        for text in [outcome.message, log] {
            assert!(!text.contains("0123") && !text.contains("c2VhbGVk"), "{text}");
        }
    }
}

#[test]
fn words_that_hold_the_beginning_of_a_token_end_there() {
    let token = format!("eyJ{}", "x".repeat(8000));
    let words = format!("{token} {token} {token} and more");
    let (mut driver, _recorder) = scripted(vec![reply(403, &words)]);
    driver.call(&["set_access_token", &token]).ok();
    let outcome = driver.call(&["get_packet", LOCATOR]);
    outcome.failed("XQ_REJECTED", "[redacted] [redacted] [redacted]");
    assert!(!outcome.message.contains("xx"), "{}", outcome.message);
}

#[test]
fn half_of_a_large_json_refusal_is_not_taken_for_words() {
    let long = "x".repeat(20_000);
    let replies = [
        format!(r#"{{"new":"not-for-people","status":"{long}"}}"#),
        format!(r#"["not-for-people","{long}"]"#),
        format!(r#""not-for-people {long}""#),
    ];
    let (mut driver, _recorder) = scripted(replies.iter().map(|body| reply(403, body)).collect());
    for _ in replies {
        let outcome = driver.call(&["get_packet", LOCATOR]);
        outcome.failed("XQ_REJECTED", "(HTTP 403)");
        assert!(!outcome.message.contains("not-for-people"), "{}", outcome.message);
    }
}

#[test]
fn a_key_too_short_to_be_one_does_not_cost_the_services_words() {
    let (mut driver, _recorder) = scripted(vec![reply(402, "Quota exceeded by a key")]);
    driver
        .call(&["create_and_store_packet", "k", "a@b.c,"])
        .failed("XQ_REJECTED", "Quota exceeded by a key");
}

#[test]
fn keys_whose_reply_would_be_too_large_are_not_sent() {
    let recorder = Recorder::start(vec![reply(200, &format!(r#"{{"tokens":[{{"k":"{LOCATOR}"}}]}}"#))]);
    let mut driver = Driver::start(recorder.environment());
    driver.call(&["read_environment"]).ok();
    driver.call(&["max_reply_bytes", "100"]).ok();
    driver.call(&["open"]).ok();
    driver.call(&["set_access_token", "held"]).ok();
    driver
        .call(&["create_and_store_packets", "k,l,", "a@b.c,"])
        .failed("XQ_INVALID_ARGUMENT", "may have 117 bytes");
    assert_eq!(recorder.requests(), []);
    driver.call(&["create_and_store_packets", "k,", "a@b.c,"]).ok();
}

#[test]
fn keys_are_sent_up_to_the_byte_that_their_reply_may_have() {
    // What a reply takes without a key's text: around all, and around each with its locator.
    const AROUND: usize = 13;
    const EACH: usize = 51;
    for (keys, bytes) in [
        ("k,", AROUND + EACH + 1),
        ("k,l,", AROUND + 2 * EACH + 2),
        // Less than six for each byte, which is enough where there is room.
        ("kkkkkkkkkk,", AROUND + EACH + 10),
        // Six for what may be escaped, and twelve beyond the first plane.
        ("!~,", AROUND + EACH + 2),
        (" \u{7f},", AROUND + EACH + 12),
        ("\"\\,", AROUND + EACH + 12),
        ("\u{ffff},", AROUND + EACH + 6),
        ("\u{10000},", AROUND + EACH + 12),
    ] {
        let list = keys.trim_end_matches(',').split(',');
        let tokens: Vec<Value> = list.map(|key| json!({key: "t"})).collect();
        let recorder = Recorder::start(vec![reply(200, &json!({"tokens": tokens}).to_string())]);
        let mut driver = Driver::start(recorder.environment());
        driver.call(&["read_environment"]).ok();
        for limit in [bytes - 1, bytes] {
            driver.call(&["close"]).ok();
            driver.call(&["max_reply_bytes", &limit.to_string()]).ok();
            driver.call(&["open"]).ok();
            driver.call(&["set_access_token", "held"]).ok();
            let outcome = driver.call(&["create_and_store_packets", keys, "a@b.c,"]);
            if limit < bytes {
                outcome.failed(
                    "XQ_INVALID_ARGUMENT",
                    &format!("may have {bytes} bytes, and {limit} are"),
                );
                assert_eq!(recorder.requests(), [], "{keys}");
            } else {
                outcome.ok();
            }
        }
    }
}

#[test]
fn a_packets_type_is_a_number_from_0_on() {
    let types = ["0", "1", "2147483647"];
    let (mut driver, recorder) = scripted(types.map(|_| reply(200, "p")).into());
    let call = |number| ["create_packet", "k", "a@b.c,", "@", number, "1", "@", "@", "@"];
    for number in types {
        driver.call(&call(number)).ok();
        let sent = recorder.requests().pop().expect("it was sent");
        let body: Value = serde_json::from_slice(&sent.body).expect("it is JSON");
        assert_eq!(body["type"].to_string(), number);
    }
    for number in ["-2", "-2147483648"] {
        driver
            .call(&call(number))
            .failed("XQ_INVALID_ARGUMENT", &format!("the packet type is {number}"));
    }
}

#[test]
fn what_is_given_arrives_as_it_is() {
    let key = "\"quoted\" \\ \u{1} \t ключ ☃ 🔑 ";
    let (mut driver, recorder) = scripted(vec![reply(200, "p"), reply(200, key), reply(200, "t"), reply(200, "")]);
    let person = "Jane \"J\" Doe <jane@example.com>";
    let people = format!("{person},team@group.local,");
    driver
        .call(&["create_packet", key, &people, "☃", "0", "9000000000", key, "@", "@"])
        .ok();
    let body: Value = serde_json::from_slice(&recorder.requests()[0].body).expect("it is JSON");
    assert_eq!(
        body,
        json!({"meta": {"subject": key}, "type": "☃", "recipients": [person, "team@group.local"],
               "expires": 9_000_000_000_i64, "key": key})
    );
    assert_eq!(driver.call(&["get_packet", "../a/b?c=d#☃"]).ok().as_deref(), Some(key));
    assert_eq!(
        recorder.requests()[1].target,
        "/validation/v2/key/..%2Fa%2Fb%3Fc%3Dd%23%E2%98%83"
    );
    driver.call(&["add_packet", "as it\ncame "]).ok();
    assert_eq!(recorder.requests()[2].body, b"as it\ncame ");
    driver.call(&["grant_users", "l", &people]).ok();
    let body: Value = serde_json::from_slice(&recorder.requests()[3].body).expect("it is JSON");
    assert_eq!(body, json!({"recipients": [person, "team@group.local"]}));
}

#[test]
fn a_rows_metadata_is_sent_as_it_is_and_its_defaults_are_the_published_ones() {
    let (mut driver, recorder) = scripted(vec![reply(200, r#"{"tokens":[{"k":"t"},{"l":"u"}]}"#)]);
    let meta = r#"{"n":1e400,"n":2}"#;
    driver
        .call(&[
            "create_and_store_packets_batch",
            "k",
            "a@b.c,",
            "@",
            "1",
            "@",
            "@",
            "@",
            meta,
            "l",
            "d@e.f,g@h.i,",
            "file",
            "3",
            "hours",
            "T",
            "x,y,",
            "@",
        ])
        .ok();
    let body = String::from_utf8(recorder.requests()[0].body.clone()).expect("it is UTF-8");
    assert_eq!(
        body,
        r#"{"entries":[{"type":"database","meta":{"n":1e400,"n":2},"key":"k","recipients":["a@b.c"],"expires":1,"unit":"days"},{"type":"file","meta":{"title":"T","labels":["x","y"]},"key":"l","recipients":["d@e.f","g@h.i"],"expires":3,"unit":"hours"}]}"#
    );
}

/// The header's table of what each call takes: its calls, and a cell for each field.
fn taken() -> Vec<(Vec<&'static str>, Vec<&'static str>)> {
    let header = include_str!("../../include/xq.h");
    let (_, table) = header
        .split_once("subject   title     labels    meta\n")
        .expect("there is a table");
    let lines = table.lines().map_while(|line| line.strip_prefix(" *       xq_"));
    let rows = lines.map(|line| {
        let mut cells = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
        let calls = cells.next().expect("it begins with a call").split(", xq_");
        (calls.map(|call| call.trim_end_matches("()")).collect(), cells.collect())
    });
    rows.collect()
}

#[test]
fn the_headers_table_of_what_each_call_takes_is_true() {
    let table = taken();
    assert_eq!(table.len(), 8);
    let (recorder, script) = Recorder::scripted();
    let mut driver = Driver::open(recorder.environment());
    driver.call(&["set_access_token", "held"]).ok();
    for (calls, cells) in table {
        // Where the options or the rest of the row begin.
        let (at, is_row) = match calls[0] {
            "create_packet" | "create_and_store_packet" | "create_and_store_packets" => (3, false),
            "generate_multiple_keys_and_store_packets" => (5, false),
            "create_and_store_packets_batch" => (3, true),
            "generate_multiple_keys_and_store_packets_database" => (5, true),
            // Their options are those of the call that they store with.
            "encrypt_auto" => {
                assert_eq!(cells, ["yes", "-", "yes", "refused"]);
                continue;
            }
            "add_labels_to_locator_token" => continue,
            other => panic!("{other} is new in the table"),
        };
        assert_eq!(
            cells[..2],
            if is_row { ["-", "yes"] } else { ["yes", "-"] },
            "{calls:?}"
        );
        for (field, cell) in cells.iter().enumerate().filter(|(_, cell)| **cell != "-") {
            let operation = named(calls[0]);
            let call = call_with(operation, at, is_row, field);
            let before = recorder.count();
            if *cell == "refused" {
                let words = ["", "", "labels are given", "meta is given"][field];
                driver.call(&call).failed("XQ_INVALID_ARGUMENT", words);
                assert_eq!(recorder.count(), before, "{call:?}");
                continue;
            }
            for exchange in &operation.exchanges {
                script.send(Play::from(exchange.good())).expect("it listens");
            }
            driver.call(&call).ok();
            let sent = recorder.requests().pop().expect("something is sent");
            is_sent(&sent, &call, field, cell);
        }
    }
}

/// One of subject, title, labels and meta, as it is given.
const GIVEN: [&str; 4] = ["SUBJECT", "TITLE", "LABEL,", r#"{"m":"META"}"#];

/// The operation's call with one of these and no more.
fn call_with(operation: &'static Operation, at: usize, is_row: bool, field: usize) -> Vec<&'static str> {
    let mut call = operation.call()[..at].to_vec();
    // TYPE NUMBER EXPIRES SUBJECT LABELS META, or TYPE EXPIRES UNIT TITLE LABELS META.
    call.extend(["@", if is_row { "1" } else { "-1" }, "@", "@", "@", "@"]);
    call[at + [3, 3, 4, 5][field]] = GIVEN[field];
    call
}

/// What was given stands in the packet as the table's `cell` says.
#[track_caller]
fn is_sent(sent: &Request, call: &[&str], field: usize, cell: &str) {
    let body: Value = serde_json::from_slice(&sent.body).expect("it is JSON");
    let meta = body.get("meta").unwrap_or_else(|| &body["entries"][0]["meta"]);
    let (key, expected) = match (field, cell) {
        (0, "yes") => ("subject", json!("SUBJECT")),
        (1, "yes") => ("title", json!("TITLE")),
        (2, "yes") => ("labels", json!(["LABEL"])),
        (3, "a text") => ("meta", json!(GIVEN[3])),
        (3, "an object") => ("m", json!("META")),
        _ => panic!("{call:?}: the table says {cell}"),
    };
    assert_eq!(meta[key], expected, "{call:?}: {meta}");
}

/// A driver for `user`, signed in.
fn signed_in(emulator: &Emulator, user: &str) -> Driver {
    let mut driver = Driver::open(emulator.env());
    driver.call(&["authorize_user", user, "@", "@", "0", "0"]).ok();
    let pin = emulator.pin(user).expect("a PIN was mailed");
    driver.call(&["code_validate", &pin]).ok();
    driver.call(&["exchange_key", "@", "0"]).ok();
    driver
}

fn emulator() -> Emulator {
    Emulator::start(Options::default()).expect("the emulator starts")
}

fn come_out(driver: &mut Driver, call: &[&str]) -> String {
    driver.call(call).ok().expect("something came out")
}

#[test]
fn a_key_is_for_its_recipients_until_it_is_taken_back() {
    let emulator = emulator();
    let mut owner = signed_in(&emulator, "owner@example.com");
    let mut friend = signed_in(&emulator, "friend@example.com");
    let mut stranger = signed_in(&emulator, "stranger@example.com");
    let key = "\"a\\ key\" ☃";
    let locator = come_out(&mut owner, &["create_and_store_packet", key, "friend@example.com,"]);
    assert_eq!(locator.len(), 43);

    assert_eq!(come_out(&mut friend, &["get_packet", &locator]), key);
    assert_eq!(come_out(&mut owner, &["get_packet", &locator]), key);
    stranger.call(&["get_packet", &locator]).failed("XQ_REJECTED", "");
    friend
        .call(&["grant_users", &locator, "stranger@example.com,"])
        .failed("XQ_REJECTED", "");
    owner.call(&["grant_users", &locator, "stranger@example.com,"]).ok();
    assert_eq!(come_out(&mut stranger, &["get_packet", &locator]), key);
    owner.call(&["revoke_users", &locator, "stranger@example.com,"]).ok();
    stranger.call(&["get_packet", &locator]).failed("XQ_REJECTED", "");
    friend.call(&["revoke_packet", &locator]).failed("XQ_REJECTED", "");

    let left: i64 = come_out(&mut owner, &["packet_expiration", &locator])
        .parse()
        .expect("a number");
    assert!((86_000..=86_400).contains(&left), "{left}");
    owner.call(&["revoke_packet", &locator]).ok();
    friend.call(&["get_packet", &locator]).failed("XQ_REJECTED", "revoked");
}

#[test]
fn a_key_expires() {
    let emulator = emulator();
    let mut owner = signed_in(&emulator, "owner@example.com");
    let locator = come_out(
        &mut owner,
        &["create_and_store_packet", "k", "a@b.c,", "@", "-1", "2", "@", "@", "@"],
    );
    assert!(emulator.advance(2 * 3600 - 60));
    assert_eq!(come_out(&mut owner, &["get_packet", &locator]), "k");
    assert!(emulator.advance(120));
    owner.call(&["get_packet", &locator]).failed("XQ_REJECTED", "expired");
}

#[test]
fn a_packet_is_stored_by_whoever_has_it() {
    let emulator = emulator();
    let mut owner = signed_in(&emulator, "owner@example.com");
    let packet = come_out(&mut owner, &["create_packet", "the key", "friend@example.com,"]);
    assert!(!packet.contains("the key"), "{packet}");
    let locator = come_out(&mut owner, &["add_packet", &packet]);
    let mut friend = signed_in(&emulator, "friend@example.com");
    assert_eq!(come_out(&mut friend, &["get_packet", &locator]), "the key");
    owner.call(&["add_packet", "no packet"]).failed("XQ_REJECTED", "");
}

#[test]
fn many_keys_keep_their_places() {
    let emulator = emulator();
    let mut owner = signed_in(&emulator, "owner@example.com");
    let keys = ["twice", "\"", "twice", "ключ ☃", "\\u0041", "{\"a\":1}"];
    let list: String = keys.iter().map(|key| format!("{key},")).collect();
    let locators = come_out(&mut owner, &["create_and_store_packets", &list, "a@b.c,"]);
    let locators: Vec<&str> = locators.trim_end_matches(',').split(',').collect();
    assert_eq!(locators.len(), keys.len());
    for (locator, key) in locators.iter().zip(keys) {
        assert_eq!(come_out(&mut owner, &["get_packet", locator]), key);
    }
    let asked = format!("{},unknown,{},", locators[3], locators[0]);
    assert_eq!(come_out(&mut owner, &["get_packets", &asked]), "ключ ☃,@,twice,");
    let reply = come_out(&mut owner, &["last_reply"]);
    assert!(serde_json::from_str::<Value>(&reply).expect("JSON")["exported"].is_array());
}

#[test]
fn ten_thousand_keys_are_one_request() {
    let emulator = emulator();
    let mut owner = signed_in(&emulator, "owner@example.com");
    let list: String = (0..10_000).map(|n| format!("key-{n},")).collect();
    let locators = come_out(&mut owner, &["create_and_store_packets", &list, "a@b.c,"]);
    let locators: Vec<&str> = locators.trim_end_matches(',').split(',').collect();
    assert_eq!(locators.len(), 10_000);
    assert_eq!(come_out(&mut owner, &["get_packet", locators[9_999]]), "key-9999");

    let (mut driver, recorder) = scripted(vec![reply(200, "{\"tokens\":[]}")]);
    driver
        .call(&["create_and_store_packets", &list, "a@b.c,"])
        .failed("XQ_PROTOCOL", "for 10000 keys");
    assert_eq!(recorder.requests().len(), 1);
}

#[test]
fn rows_have_an_expiry_of_their_own() {
    let emulator = emulator();
    let mut owner = signed_in(&emulator, "owner@example.com");
    let locators = come_out(
        &mut owner,
        &[
            "create_and_store_packets_batch",
            "k1",
            "a@b.c,",
            "@",
            "1",
            "@",
            "row 1",
            "x,",
            "@",
            "k2",
            "a@b.c,",
            "@",
            "3",
            "days",
            "@",
            "@",
            "{\"row\":2}",
        ],
    );
    let (first, second) = locators.trim_end_matches(',').split_once(',').expect("two");
    assert!(emulator.advance(2 * 86_400));
    owner.call(&["get_packet", first]).failed("XQ_REJECTED", "expired");
    assert_eq!(come_out(&mut owner, &["get_packet", second]), "k2");
}
