//! What a handle does besides its operations: the log, and a fork of the process.

use crate::driver::Driver;
#[cfg(all(unix, feature = "sockets"))]
use crate::driver::{Language, command, compile};
use crate::recorder::{Recorder, reply};
use crate::sign_in::emulator;

#[test]
fn the_log_tells_of_each_request_and_of_no_secret() {
    let emulator = emulator();
    let mut driver = Driver::open(emulator.env());
    driver.call(&["validate_api_key"]).ok();
    assert_eq!(driver.call(&["log"]).ok().as_deref(), Some(""), "nothing when unset");

    driver.call(&["set_logger", "1"]).ok();
    driver.call(&["validate_api_key"]).ok();
    driver.call(&["authorize_alias", "device-7", "@", "@"]).ok();
    let token = driver.call(&["get_access_token"]).ok().expect("it is held");
    driver.call(&["code_validate", "004217"]).failed("XQ_UNAUTHORIZED", "");
    let locator = driver
        .call(&["create_and_store_packet", "the-packet-key", "a@b.c,"])
        .ok()
        .expect("a locator");
    driver.call(&["get_packet", &locator]).ok();
    driver
        .call(&["get_packet", &locator.replace(|c: char| c != 'x', "y")])
        .failed("XQ_REJECTED", "");
    let log = driver.call(&["log"]).ok().expect("text");

    let lines: Vec<&str> = log.lines().collect();
    let expected = [
        "3 #2 xq_validate_api_key: GET subscription/apikey: HTTP 200 in ",
        "3 #3 xq_authorize_alias: POST subscription/authorizealias: HTTP ",
        "2 #4 xq_code_validate: GET subscription/codevalidation: failed in ",
        "3 #5 xq_create_and_store_packet: POST subscription/packet/add: HTTP 200 in ",
        "3 #6 xq_get_packet: GET validation/key: HTTP 200 in ",
        "2 #7 xq_get_packet: GET validation/key: failed in ",
    ];
    assert_eq!(lines.len(), expected.len(), "{log}");
    for (line, start) in lines.iter().zip(expected) {
        assert!(line.starts_with(start) && line.contains(" ms"), "{line}");
    }
    for secret in [
        "general-key",
        "dashboard-key",
        "locator-key",
        &token,
        "004217",
        "the-packet-key",
        &locator,
        "yyyyyyyy",
    ] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }

    driver.call(&["set_logger", "0"]).ok();
    driver.call(&["validate_api_key"]).ok();
    assert_eq!(driver.call(&["log"]).ok().as_deref(), Some(""));
}

#[test]
fn the_log_tells_of_a_request_without_a_reply() {
    let recorder = Recorder::start(vec![vec![], reply(200, "{}")]);
    let mut driver = Driver::open(recorder.environment());
    driver.call(&["set_logger", "1"]).ok();
    driver.call(&["validate_api_key"]).failed("XQ_NETWORK", "");
    let log = driver.call(&["log"]).ok().expect("text");
    assert!(
        log.starts_with("1 #1 xq_validate_api_key: GET subscription/apikey: failed in "),
        "{log}"
    );
}

#[cfg(all(unix, feature = "sockets"))]
#[test]
fn a_forked_child_is_told_that_the_handle_is_not_its_own() {
    let emulator = emulator();
    let program = compile("fork", Language::C99).expect("there is a C compiler");
    let url = format!("http://127.0.0.1:{}/subscription/v2", emulator.port());
    let output = command(&program).arg(url).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
