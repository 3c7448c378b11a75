//! Settings, from the program and from the environment.

use std::fs;

use crate::driver::{Driver, scratch};
use crate::recorder::{Recorder, reply};

#[test]
fn the_environment_is_read_only_when_asked_to() {
    let recorder = Recorder::start(vec![reply(200, "{}")]);
    let mut driver = Driver::start(recorder.environment());
    driver
        .call(&["open"])
        .failed("XQ_CONFIGURATION", "XQ_API_KEY");
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
fn a_proxy_that_is_set_is_used() {
    let proxy = Recorder::start(vec![reply(403, "")]);
    let mut environment = proxy.environment();
    environment.push(("XQ_SUBSCRIPTION_URL".into(), "http://127.0.0.2:9/v2".into()));
    let mut driver = Driver::start(environment);
    driver.call(&["read_environment"]).ok();
    let address = proxy.environment()[3].1.replace("/subscription/v2", "");
    driver
        .call(&[
            "proxy",
            &address.replace("http://", "http://user:password@"),
        ])
        .ok();
    driver.call(&["open"]).ok();
    let outcome = driver.call(&["validate_api_key"]);
    outcome.failed(
        "XQ_NETWORK",
        "the proxy did not open a connection to 127.0.0.2:9",
    );
    assert!(!outcome.message.contains("password"), "{}", outcome.message);
    let sent = &proxy.requests()[0];
    assert_eq!(
        (sent.method.as_str(), sent.target.as_str()),
        ("CONNECT", "127.0.0.2:9")
    );
    assert_eq!(
        sent.header("proxy-authorization"),
        Some("Basic dXNlcjpwYXNzd29yZA==")
    );
    assert_eq!(sent.header("api-key"), None, "the proxy learns no key");
}

#[test]
fn a_variable_that_cannot_be_right_is_named() {
    let cases = [
        ("XQ_API_KEY", "two words", "XQ_CONFIGURATION"),
        ("XQ_DASHBOARD_API_KEY", "line\nbreak", "XQ_CONFIGURATION"),
        ("XQ_LOCATOR_KEY", "line\nbreak", "XQ_CONFIGURATION"),
        ("XQ_BASE_URI", "https://xqmsg.net", "XQ_CONFIGURATION"),
        (
            "XQ_VALIDATION_URL",
            "validation.xqmsg.net",
            "XQ_CONFIGURATION",
        ),
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
    Driver::start([("XQ_API_KEY", "")])
        .call(&["read_environment"])
        .ok();
}

#[test]
fn a_file_of_root_certificates_is_checked() {
    let directory = scratch("roots");
    let file = |name: &str, content: &[u8]| {
        let path = directory.join(name);
        fs::write(&path, content).expect("the file can be written");
        path.to_str().expect("the path is UTF-8").to_owned()
    };
    let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let mut driver = Driver::start([("XQ_API_KEY", "key")]);
    driver.call(&["read_environment"]).ok();
    driver
        .call(&["ca_file", &file("empty", b"")])
        .failed("XQ_FILE", "is empty");
    driver
        .call(&["ca_file", &file("binary", b"\xff\xfe\x00")])
        .failed("XQ_FILE", "not UTF-8 text");
    driver
        .call(&["ca_file", &file("large", &[b'x'; 1024 * 1024 + 1])])
        .failed("XQ_FILE", "too large");
    driver
        .call(&["ca_file", directory.to_str().expect("UTF-8")])
        .failed("XQ_FILE", "is a directory");
    driver
        .call(&["ca_file", &file("words", b"no certificate")])
        .ok();
    driver
        .call(&["open"])
        .failed("XQ_CONFIGURATION", "holds no certificate");
    driver.call(&["ca_file", &file("broken", broken)]).ok();
    driver
        .call(&["open"])
        .failed("XQ_CONFIGURATION", "does not parse");
    driver.call(&["ca_file", &file("cut", &broken[..40])]).ok();
    driver
        .call(&["open"])
        .failed("XQ_CONFIGURATION", "root certificates");
    fs::remove_dir_all(&directory).expect("it can be removed");
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
    assert_eq!(
        recorder.requests()[0].header("user-agent"),
        Some(agent.as_str())
    );
}

#[test]
fn a_name_that_does_not_resolve_is_a_network_error_that_names_it() {
    let mut driver = Driver::start([("XQ_API_KEY", "key"), ("XQ_BASE_URI", "xq.invalid/v2/")]);
    driver.call(&["read_environment"]).ok();
    driver.call(&["open"]).ok();
    let outcome = driver.call(&["validate_api_key"]);
    outcome.failed("XQ_NETWORK", "subscription.xq.invalid was not found");
}
