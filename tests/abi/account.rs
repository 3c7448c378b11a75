//! The account: the token given up, the subscriber and the settings, tokens for others and out of several.

use serde_json::json;
use xq_emulator::Emulator;

use crate::driver::Driver;
use crate::operations::named;
use crate::recorder::{Recorder, reply};
use crate::sign_in::{emulator, held};

fn scripted(replies: Vec<Vec<u8>>) -> (Driver, Recorder) {
    let recorder = Recorder::start(replies);
    let mut driver = Driver::open(recorder.environment());
    driver.call(&["set_access_token", "held"]).ok();
    driver.call(&["set_dashboard_token", "dashboard"]).ok();
    (driver, recorder)
}

/// Somebody who has signed in with a PIN.
pub fn signed_in(emulator: &Emulator, user: &str, names: [&str; 2]) -> Driver {
    let mut driver = Driver::open(emulator.env());
    driver
        .call(&["authorize_user", user, names[0], names[1], "1", "2"])
        .ok();
    driver
        .call(&["code_validate", &emulator.pin(user).expect("a PIN was mailed")])
        .ok();
    driver.call(&["exchange_key", "@", "0"]).ok();
    driver
}

#[test]
fn a_reply_that_makes_no_sense_is_a_protocol_error() {
    let senseless = [
        ("get_subscriber", "[]"),
        ("get_subscriber", "not JSON"),
        ("get_subscriber", ""),
        ("get_settings", "[1]"),
        ("get_settings", r#"{"newsletter":"maybe"}"#),
        ("get_settings", r#"{"notifications":1.5}"#),
        ("authorize_delegate", "{}"),
        ("authorize_delegate", ""),
        ("combine_authorizations", r#"{"merged":1}"#),
        ("combine_authorizations", r#"{"token":"two words","merged":1}"#),
        ("exchange_for_subscription_token", "null"),
        ("server_time", "soon"),
    ];
    for (call, body) in senseless {
        let (mut driver, _recorder) = scripted(vec![reply(200, body)]);
        let outcome = driver.call(&named(call).call());
        assert_eq!(outcome.status, "XQ_PROTOCOL", "{body}: {}", outcome.message);
        assert_eq!(held(&mut driver).as_deref(), Some("held"));
    }
}

#[test]
fn a_subscriber_is_read_in_whatever_form_it_comes() {
    let subscribers = [
        (
            r#"{"id":7,"user":"j@example.com","firstName":"J\"","lastName":"Ö","sub":"gold","starts":1700000000000,"ends":9007199254740993,"new":[1]}"#,
            "7|j@example.com|J\"|Ö|gold|1700000000000|9007199254740993",
        ),
        ("{}", "-1|@|@|@|@|-1|-1"),
        (
            r#"{"id":"7","sub":3,"starts":"1700000000000","user":null,"firstName":[],"ends":1.5}"#,
            "7|@|@|@|3|1700000000000|-1",
        ),
        (
            r#"{"id":-9223372036854775808,"user":"nul\u0000"}"#,
            "-9223372036854775808|@|@|@|@|-1|-1",
        ),
    ];
    for (body, fields) in subscribers {
        let (mut driver, _recorder) = scripted(vec![reply(200, body)]);
        assert_eq!(driver.call(&["get_subscriber"]).ok().as_deref(), Some(fields));
        assert_eq!(driver.call(&["last_reply"]).ok().as_deref(), Some(body));
    }
}

#[test]
fn settings_that_are_left_out_are_told_and_left_alone() {
    for (body, settings) in [
        ("{}", "-1 -1"),
        (r#"{"newsletter":true,"more":1}"#, "1 -1"),
        (r#"{"notifications":3}"#, "-1 3"),
    ] {
        let (mut driver, _recorder) = scripted(vec![reply(200, body)]);
        assert_eq!(driver.call(&["get_settings"]).ok().as_deref(), Some(settings));
    }
    let sent = [
        (["0", "-1"], json!({"newsletter": false})),
        (["-1", "2"], json!({"notifications": 2})),
        (["1", "0"], json!({"newsletter": true, "notifications": 0})),
    ];
    for ([newsletter, notifications], expected) in sent {
        let (mut driver, recorder) = scripted(vec![reply(200, "")]);
        driver.call(&["update_settings", newsletter, notifications]).ok();
        let body: serde_json::Value = serde_json::from_slice(&recorder.requests()[0].body).expect("JSON");
        assert_eq!(body, expected);
    }
}

#[test]
fn a_token_that_is_given_up_is_worth_nothing_and_forgotten() {
    let emulator = emulator();
    let mut jane = signed_in(&emulator, "jane@example.com", ["", ""]);
    let mut joe = signed_in(&emulator, "joe@example.com", ["", ""]);
    let given_up = held(&mut jane).expect("she is signed in");
    jane.call(&["deauthorize"]).ok();
    assert_eq!(held(&mut jane), None);
    let outcome = jane.call(&["get_subscriber"]);
    outcome.failed("XQ_UNAUTHORIZED", "sign in first");
    assert_eq!(outcome.http_status, 0, "the service is not asked");
    jane.call(&["set_access_token", &given_up]).ok();
    let outcome = jane.call(&["get_subscriber"]);
    outcome.failed("XQ_UNAUTHORIZED", "");
    assert_eq!(outcome.http_status, 401);
    joe.call(&["get_subscriber"]).ok();
}

#[test]
fn a_subscriber_is_told_and_deleted() {
    let emulator = emulator();
    let mut jane = signed_in(&emulator, "jane@example.com", ["Jane", "Doe"]);
    let fields = jane.call(&["get_subscriber"]).ok().expect("text");
    let fields: Vec<&str> = fields.split('|').collect();
    assert_eq!(fields[1..4], ["jane@example.com", "Jane", "Doe"]);
    let [starts, ends] = [5, 6].map(|index| fields[index].parse::<i64>().expect("a number"));
    assert!(
        starts > 1_000_000_000_000 && ends > starts,
        "milliseconds: {starts} {ends}"
    );
    assert_eq!(jane.call(&["get_settings"]).ok().as_deref(), Some("1 2"));
    jane.call(&["update_settings", "-1", "0"]).ok();
    assert_eq!(jane.call(&["get_settings"]).ok().as_deref(), Some("1 0"));

    let token = held(&mut jane).expect("she is signed in");
    jane.call(&["delete_subscriber"]).ok();
    assert_eq!(held(&mut jane), None);
    jane.call(&["get_settings"]).failed("XQ_UNAUTHORIZED", "sign in first");
    jane.call(&["set_access_token", &token]).ok();
    jane.call(&["get_settings"]).failed("XQ_UNAUTHORIZED", "");
}

#[test]
fn a_delegates_token_works_and_the_handle_keeps_its_own() {
    let emulator = emulator();
    let mut jane = signed_in(&emulator, "jane@example.com", ["", ""]);
    let own = held(&mut jane);
    let token = jane.call(&["authorize_delegate"]).ok().expect("a token");
    assert_eq!(held(&mut jane), own);
    assert_ne!(Some(&token), own.as_ref());
    let mut other = Driver::open(emulator.env());
    other.call(&["set_access_token", &token]).ok();
    other.call(&["get_subscriber"]).ok();
}

#[test]
fn only_tokens_that_the_service_issued_are_combined() {
    let emulator = emulator();
    let mut jane = signed_in(&emulator, "jane@example.com", ["", ""]);
    let mut joe = signed_in(&emulator, "joe@example.com", ["", ""]);
    let tokens = [held(&mut jane).expect("a token"), held(&mut joe).expect("a token")];
    let both = format!("{},{},not-one,", tokens[0], tokens[1]);
    let combined = jane.call(&["combine_authorizations", &both]).ok().expect("a token");
    assert_eq!(
        jane.call(&["last_reply"]).ok().as_deref(),
        Some("2"),
        "how many went in"
    );
    assert_eq!(held(&mut jane).as_ref(), Some(&tokens[0]));
    let mut other = Driver::open(emulator.env());
    other.call(&["set_access_token", &combined]).ok();
    other.call(&["get_settings"]).ok();
    let outcome = jane.call(&["combine_authorizations", "not-one,"]);
    outcome.failed("XQ_REJECTED", "");
}

#[test]
fn a_dashboard_token_is_exchanged_for_an_access_token() {
    let emulator = emulator();
    let mut driver = Driver::open(emulator.env());
    driver
        .call(&["exchange_for_subscription_token"])
        .failed("XQ_UNAUTHORIZED", "no dashboard token");
    let dashboard = emulator.dashboard_token("jane@example.com").expect("a token");
    driver.call(&["set_dashboard_token", &dashboard]).ok();
    let token = driver.call(&["exchange_for_subscription_token"]).ok();
    assert_eq!(held(&mut driver), token);
    driver.call(&["get_subscriber"]).ok();
    let before = held(&mut driver);
    driver.call(&["set_dashboard_token", "not-one"]).ok();
    driver
        .call(&["exchange_for_subscription_token"])
        .failed("XQ_UNAUTHORIZED", "");
    assert_eq!(held(&mut driver), before);
}

#[test]
fn the_time_is_the_services() {
    let emulator = emulator();
    assert!(emulator.advance(1_000_000));
    let mut driver = Driver::open(emulator.env());
    let time: i64 = driver
        .call(&["server_time"])
        .ok()
        .expect("text")
        .parse()
        .expect("a number");
    assert!((emulator.now() - time).abs() <= 60, "{time}");
}
