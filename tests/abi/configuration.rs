//! Settings, from the program and from the environment.

use crate::driver::Driver;
use crate::recorder::{Recorder, reply};

#[test]
fn the_environment_is_read_only_when_asked_to() {
    let recorder = Recorder::start(vec![reply(200, "{}")]);
    let mut driver = Driver::start(recorder.environment());
    driver.call(&["open"]).failed("XQ_CONFIGURATION", "XQ_API_KEY");
    driver.call(&["read_environment"]).ok();
    driver.call(&["open"]).ok();
    driver.call(&["validate_api_key"]).ok();
}

#[test]
fn a_proxy_in_the_environment_is_not_used() {
    let recorder = Recorder::start(vec![reply(200, "{}")]);
    let mut environment = recorder.environment();
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"] {
        environment.push((name.to_owned(), "http://127.0.0.1:1".to_owned()));
    }
    Driver::open(environment).call(&["validate_api_key"]).ok();
}

#[test]
fn a_variable_that_cannot_be_right_is_named() {
    let cases = [
        ("XQ_API_KEY", "two words", "XQ_CONFIGURATION"),
        ("XQ_DASHBOARD_API_KEY", "line\nbreak", "XQ_CONFIGURATION"),
        ("XQ_LOCATOR_KEY", "line\nbreak", "XQ_CONFIGURATION"),
        ("XQ_BASE_URI", "https://xqmsg.net", "XQ_CONFIGURATION"),
        ("XQ_VALIDATION_URL", "validation.xqmsg.net", "XQ_CONFIGURATION"),
        ("XQ_CA_FILE", "/no/such/file", "XQ_FILE"),
    ];
    for (name, value, status) in cases {
        let outcome = Driver::start([(name, value)]).call(&["read_environment"]);
        outcome.failed(status, name);
        assert!(
            !outcome.message.contains("two words"),
            "a key is not repeated: {}",
            outcome.message
        );
    }
    Driver::start([("XQ_API_KEY", "")]).call(&["read_environment"]).ok();
}

#[test]
fn the_user_agent_names_the_program() {
    let recorder = Recorder::start(vec![reply(200, "{}")]);
    let mut driver = Driver::start(recorder.environment());
    driver.call(&["read_environment"]).ok();
    driver.call(&["user_agent_suffix", "sensor/2.1"]).ok();
    driver.call(&["open"]).ok();
    driver.call(&["validate_api_key"]).ok();
    let agent = format!("libxq/{} sensor/2.1", env!("CARGO_PKG_VERSION"));
    assert_eq!(recorder.requests()[0].header("user-agent"), Some(agent.as_str()));
}

#[cfg(not(feature = "sockets"))]
#[test]
fn without_sockets_a_handle_needs_a_transport() {
    let recorder = Recorder::start(vec![]);
    let mut driver = Driver::start(recorder.environment());
    driver.call(&["read_environment"]).ok();
    driver.call(&["no_transport"]).ok();
    driver
        .call(&["open"])
        .failed("XQ_CONFIGURATION", "xq_config_set_transport");
}
