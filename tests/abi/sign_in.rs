//! The four calls of the sign-in: what each does against the emulator, and what it says of each reply that it can get.

use xq_emulator::{Emulator, Options};

use crate::driver::Driver;
use crate::recorder::{Recorder, reply};

pub const USER: &str = "jane@example.com";

/// The calls in their order.
pub const CALLS: [&[&str]; 4] = [
    &["validate_api_key"],
    &["authorize_user", USER, "@", "@", "0", "0"],
    &["code_validate", "004217"],
    &["exchange_key", "@", "0"],
];

/// A driver whose handle holds a token, and the server that gives it `replies`.
pub fn scripted(replies: Vec<Vec<u8>>) -> (Driver, Recorder) {
    let recorder = Recorder::start(replies);
    let mut driver = Driver::open(recorder.environment());
    driver.call(&["set_access_token", "held"]).ok();
    (driver, recorder)
}

pub fn held(driver: &mut Driver) -> Option<String> {
    driver.call(&["get_access_token"]).ok()
}

#[test]
fn a_reply_that_is_no_token_is_a_protocol_error_and_keeps_the_token() {
    let replies = [
        "",
        "\"\"",
        "two words",
        "{\"token\":1}x y",
        "caf\u{e9}",
        "\"line\\nbreak\"",
        "\"nul\\u0000\"",
        "{\"status\":\"error\"}",
        "{}",
        "[]",
        "null",
        "true",
        "42",
        "<html></html>",
        "\"abc",
        "\"\"abc\"\"",
        "a,b",
    ];
    for call in [CALLS[1], CALLS[3]] {
        let (mut driver, _recorder) = scripted(replies.iter().map(|body| reply(200, body)).collect());
        for body in replies {
            let outcome = driver.call(call);
            assert_eq!(outcome.status, "XQ_PROTOCOL", "{body}");
            assert_eq!(outcome.http_status, 200);
            assert_eq!(held(&mut driver).as_deref(), Some("held"));
        }
    }
}

#[test]
fn a_token_may_be_bare_or_a_json_string_and_end_in_a_line_break() {
    for body in ["new", "\"new\"", "new\r\n", " \"new\"\n"] {
        let (mut driver, _recorder) = scripted(vec![reply(200, body)]);
        assert_eq!(driver.call(CALLS[3]).ok().as_deref(), Some("new"));
        assert_eq!(held(&mut driver).as_deref(), Some("new"));
    }
}

#[test]
fn a_secret_that_the_service_repeats_is_not_in_the_message() {
    let words = "no general-key, no dashboard-key, no held token";
    let (mut driver, _recorder) = scripted(vec![reply(400, words)]);
    let outcome = driver.call(CALLS[0]);
    outcome.failed("XQ_REJECTED", "no [redacted], no [redacted], no [redacted] token");
}

#[test]
fn a_token_under_a_status_that_is_not_expected_is_not_in_the_message() {
    for status in [201, 202, 302] {
        let (mut driver, _recorder) = scripted(vec![reply(status, "eyJhbGciOi.FRESH.TOKEN")]);
        let outcome = driver.call(CALLS[3]);
        outcome.failed("XQ_PROTOCOL", &format!("HTTP {status}"));
        assert!(!outcome.message.contains("FRESH"), "{}", outcome.message);
    }
}

#[test]
fn a_secret_is_hidden_whole_where_another_is_a_part_of_it() {
    let recorder = Recorder::start(vec![reply(400, "no general-key.rest"), reply(400, "no 004217")]);
    let mut driver = Driver::open(recorder.environment());
    driver.call(&["set_access_token", "general-key.rest"]).ok();
    driver.call(CALLS[2]).failed("XQ_REJECTED", "no [redacted]");
    driver.call(CALLS[2]).failed("XQ_REJECTED", "left out");
}

#[test]
fn what_is_too_long_to_be_sent_is_an_invalid_argument() {
    let (mut driver, recorder) = scripted(vec![]);
    for length in [10_000, 70_000] {
        let long = "1".repeat(length);
        driver
            .call(&["code_validate", &long])
            .failed("XQ_INVALID_ARGUMENT", "too long");
        driver
            .call(&["exchange_key", &long, "0"])
            .failed("XQ_INVALID_ARGUMENT", "too long");
        driver
            .call(&["set_access_token", &long])
            .failed("XQ_INVALID_ARGUMENT", "longer than 8192");
        driver
            .call(&["api_key", &long])
            .failed("XQ_CONFIGURATION", "longer than 8192");
        driver
            .call(&["user_agent_suffix", &long])
            .failed("XQ_CONFIGURATION", "longer than 8192");
    }
    assert_eq!(recorder.requests(), []);
    let (mut driver, _recorder) = scripted(vec![
        reply(200, &"a".repeat(8193)),
        reply(200, &"a".repeat(8192)),
        reply(200, "b"),
    ]);
    driver.call(CALLS[3]).failed("XQ_PROTOCOL", "not a token");
    driver.call(CALLS[3]).ok();
    driver.call(CALLS[3]).ok();
}

#[test]
fn text_with_anything_in_it_stays_one_value() {
    let (mut driver, recorder) = scripted(vec![reply(204, ""), reply(200, "a"), reply(200, "b")]);
    driver.call(&["code_validate", "0&pin=1#\u{2603} /"]).ok();
    driver.call(&["exchange_key", "a b&selector=True/../☃", "0"]).ok();
    let (user, name) = ("Q\"\\☃", "Q\"\\\n\t☃");
    driver.call(&["authorize_user", user, name, "@", "7", "3"]).ok();
    let sent = recorder.requests();
    assert_eq!(sent[0].path(), "/subscription/v2/codevalidation");
    assert_eq!(sent[0].query(), [("pin".into(), "0&pin=1#☃ /".into())]);
    assert_eq!(sent[1].path(), "/subscription/v2/exchange");
    assert_eq!(
        sent[1].query(),
        [
            ("selector".into(), "False".into()),
            ("b".into(), "a b&selector=True/../☃".into())
        ]
    );
    let body: serde_json::Value = serde_json::from_slice(&sent[2].body).expect("it is JSON");
    assert_eq!(
        body,
        serde_json::json!({"user": user, "firstName": name, "newsletter": true, "notifications": 3})
    );
}

pub fn emulator() -> Emulator {
    Emulator::start(Options::default()).expect("the emulator starts")
}

/// Signs `USER` in up to the PIN.
pub fn asked_for_access(emulator: &Emulator) -> (Driver, String) {
    let mut driver = Driver::open(emulator.env());
    let token = driver.call(CALLS[1]).ok();
    assert!(token.is_some());
    assert_eq!(held(&mut driver), token);
    let pin = emulator.pin(USER).expect("a PIN was mailed");
    (driver, pin)
}

#[test]
fn the_whole_sign_in_ends_with_an_access_token_that_a_later_run_can_use() {
    let emulator = emulator();
    let (mut driver, pin) = asked_for_access(&emulator);
    let scopes = driver.call(CALLS[0]).ok().expect("the service answered");
    assert!(scopes.contains("authorize"), "{scopes}");
    let before = held(&mut driver);

    driver.call(CALLS[3]).failed("XQ_REJECTED", "Not validated");
    assert_eq!(held(&mut driver), before);
    assert_eq!(driver.call(&["code_validate", &pin]).ok(), None);
    assert_eq!(held(&mut driver), before, "the validated token is the same");
    let access = driver.call(CALLS[3]).ok().expect("a token came out");
    assert_ne!(Some(&access), before.as_ref());
    assert_eq!(held(&mut driver).as_ref(), Some(&access));

    driver.call(&["forget_tokens"]).ok();
    driver.call(CALLS[3]).failed("XQ_UNAUTHORIZED", "sign in first");
}

#[test]
fn a_pin_works_once_and_only_for_who_asked() {
    let emulator = emulator();
    let (mut jane, pin) = asked_for_access(&emulator);
    let mut joe = Driver::open(emulator.env());
    joe.call(&["authorize_user", "joe@example.com", "Joe", "", "0", "0"])
        .ok();
    if emulator.pin("joe@example.com").as_ref() != Some(&pin) {
        joe.call(&["code_validate", &pin])
            .failed("XQ_UNAUTHORIZED", "Invalid code");
    }
    jane.call(&["code_validate", "not it"])
        .failed("XQ_UNAUTHORIZED", "Invalid code");
    jane.call(&["code_validate", &pin]).ok();
    assert_ne!(jane.call(&["code_validate", &pin]).status, "XQ_OK");
}

#[test]
fn an_unknown_api_key_is_unauthorized() {
    let emulator = emulator();
    let mut driver = Driver::start(emulator.env());
    driver.call(&["read_environment"]).ok();
    driver.call(&["api_key", "another-key"]).ok();
    driver.call(&["open"]).ok();
    let outcome = driver.call(CALLS[0]);
    outcome.failed("XQ_UNAUTHORIZED", "API key");
    assert_eq!(outcome.http_status, 401);
    driver.call(CALLS[1]).failed("XQ_UNAUTHORIZED", "API key");
}

#[test]
fn a_body_larger_than_allowed_is_a_protocol_error() {
    let recorder = Recorder::start(vec![reply(200, &"x".repeat(101)), reply(200, &"x".repeat(100))]);
    let mut driver = Driver::start(recorder.environment());
    driver.call(&["read_environment"]).ok();
    driver.call(&["max_reply_bytes", "100"]).ok();
    driver.call(&["open"]).ok();
    driver.call(CALLS[0]).failed("XQ_PROTOCOL", "larger than 100 bytes");
    driver.call(CALLS[0]).ok();
}
