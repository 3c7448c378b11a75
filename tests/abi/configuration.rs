//! Settings, from the program and from the environment.

use std::fs;

use xq_emulator::{Emulator, Options};

use crate::driver::{Driver, scratch};
use crate::recorder::{Recorder, Tunnel, dripping, reply};

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

/// A driver whose subscription service is at `url` and whose proxy is at `proxy`.
fn through(proxy: &str, url: &str) -> Driver {
    let mut driver = Driver::start([("XQ_API_KEY", "general-key"), ("XQ_SUBSCRIPTION_URL", url)]);
    driver.call(&["read_environment"]).ok();
    driver.call(&["allow_plain_http", "1"]).ok();
    driver.call(&["proxy", proxy]).ok();
    driver.call(&["timeout_ms", "1000"]).ok();
    driver.call(&["connect_timeout_ms", "500"]).ok();
    driver.call(&["open"]).ok();
    driver
}

#[test]
fn a_proxy_that_is_set_is_used_and_learns_its_own_password_alone() {
    let emulator = Emulator::start(Options::default()).expect("the emulator starts");
    let proxy = Tunnel::start(emulator.port());
    let address = format!("http://user:p%40ss@127.0.0.1:{}", proxy.port());
    let mut driver = through(&address, "http://xq.test:99/subscription/v2");
    driver.call(&["validate_api_key"]).ok();
    driver.call(&["validate_api_key"]).ok();
    let [head] = &proxy.heads()[..] else {
        panic!("the tunnel was not kept: {:?}", proxy.heads());
    };
    assert!(head.starts_with("CONNECT xq.test:99 HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("Basic dXNlcjpwQHNz\r\n"), "{head}");
    assert!(!head.contains("general-key"), "{head}");
}

#[test]
fn what_stays_on_this_machine_does_not_go_through_the_proxy() {
    let recorder = Recorder::start(vec![reply(200, "{}")]);
    let url = recorder.environment()[3].1.clone();
    through("http://127.0.0.1:1", &url).call(&["validate_api_key"]).ok();
}

#[test]
fn a_proxy_that_does_not_help_is_named() {
    let url = "http://xq.test:99/v2";
    let mut refusing = through("http://user:password@127.0.0.1:1", url);
    refusing
        .call(&["validate_api_key"])
        .failed("XQ_NETWORK", "the proxy 127.0.0.1:1 refused");
    let mut nameless = through("http://proxy.invalid:3128", url);
    nameless
        .call(&["validate_api_key"])
        .failed("XQ_NETWORK", "the proxy proxy.invalid:3128 was not found");
    for (answer, words) in [
        (reply(403, ""), "its answer: 403"),
        (b"SSH-2.0-x\r\n\r\n".to_vec(), "not HTTP"),
        (vec![], "connection was closed"),
        (reply(200, "smuggled"), "more than an answer"),
    ] {
        let recorder = Recorder::start(vec![answer]);
        let address = format!("http://user:password@127.0.0.1:{}", recorder.port());
        let outcome = through(&address, url).call(&["validate_api_key"]);
        outcome.failed("XQ_NETWORK", words);
        assert!(!outcome.message.contains("password"), "{}", outcome.message);
    }
}

#[test]
fn a_proxy_that_answers_byte_by_byte_does_not_outlast_the_time_limit() {
    let proxy = format!("http://127.0.0.1:{}", dripping());
    let outcome = through(&proxy, "http://xq.test:99/v2").call(&["validate_api_key"]);
    outcome.failed("XQ_TIMEOUT", "500 ms, the connect time limit");
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
    driver.call(&["ca_file", &file("words", b"no certificate")]).ok();
    driver
        .call(&["open"])
        .failed("XQ_CONFIGURATION", "holds no certificate");
    driver.call(&["ca_file", &file("broken", broken)]).ok();
    driver.call(&["open"]).failed("XQ_CONFIGURATION", "does not parse");
    driver.call(&["ca_file", &file("cut", &broken[..40])]).ok();
    driver.call(&["open"]).failed("XQ_CONFIGURATION", "root certificates");
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
    assert_eq!(recorder.requests()[0].header("user-agent"), Some(agent.as_str()));
}

#[test]
fn a_name_that_does_not_resolve_is_a_network_error_that_names_it() {
    let mut driver = Driver::start([("XQ_API_KEY", "key"), ("XQ_BASE_URI", "xq.invalid/v2/")]);
    driver.call(&["read_environment"]).ok();
    driver.call(&["open"]).ok();
    let outcome = driver.call(&["validate_api_key"]);
    outcome.failed("XQ_NETWORK", "subscription.xq.invalid was not found");
}
