//! What the library's own sockets do: connections, proxies, TLS, and what becomes of a reply that is none. Over a transport
//! of the program's own these are the program's.

pub mod faults;
mod kept;
mod roots;
mod stop;
pub mod tls;

use std::fs;

use xq_emulator::{Emulator, Options};

use crate::driver::{Driver, scratch};
use crate::recorder::{Recorder, Tunnel, dripping, reply};
use crate::sign_in::{CALLS, USER, asked_for_access, emulator, scripted};

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
fn a_name_that_does_not_resolve_is_a_network_error_that_names_it() {
    let mut driver = Driver::start([("XQ_API_KEY", "key"), ("XQ_BASE_URI", "xq.invalid/v2/")]);
    driver.call(&["read_environment"]).ok();
    driver.call(&["open"]).ok();
    let outcome = driver.call(&["validate_api_key"]);
    outcome.failed("XQ_NETWORK", "subscription.xq.invalid was not found");
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
        .call(&["ca_file", &file("large", &[b'x'; 1024 * 1024 + 1])])
        .failed("XQ_FILE", "too large");
    driver
        .call(&["ca_file", directory.to_str().expect("UTF-8")])
        .failed("XQ_FILE", "is a directory");
    for (name, content) in [("words", b"no certificate".as_slice()), ("binary", b"\xff\xfe\x00")] {
        driver.call(&["ca_file", &file(name, content)]).ok();
        driver
            .call(&["open"])
            .failed("XQ_CONFIGURATION", "holds no certificate");
    }
    driver.call(&["ca_file", &file("broken", broken)]).ok();
    driver.call(&["open"]).failed("XQ_CONFIGURATION", "does not parse");
    driver.call(&["ca_file", &file("cut", &broken[..40])]).ok();
    driver.call(&["open"]).failed("XQ_CONFIGURATION", "root certificates");
    fs::remove_dir_all(&directory).expect("it can be removed");
}

#[test]
fn a_proxy_that_answers_byte_by_byte_does_not_outlast_the_time_limit() {
    let proxy = format!("http://127.0.0.1:{}", dripping());
    let outcome = through(&proxy, "http://xq.test:99/v2").call(&["validate_api_key"]);
    outcome.failed("XQ_TIMEOUT", "500 ms, the connect time limit");
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
fn a_proxy_that_does_not_know_the_password_is_a_matter_of_configuration() {
    let recorder = Recorder::start(vec![reply(407, "")]);
    let address = format!("http://user:password@127.0.0.1:{}", recorder.port());
    let outcome = through(&address, "http://xq.test:99/v2").call(&["validate_api_key"]);
    outcome.failed("XQ_CONFIGURATION", "wants a name and a password, or others");
    assert!(!outcome.can_retry);
}

#[test]
fn a_proxy_that_does_not_take_a_password_is_asked_what_it_takes() {
    let wants_another = "wants a name and a password, or others";
    for (fields, words) in [
        (
            "Proxy-Authenticate: Negotiate",
            "asks for a sign-in by Negotiate, and libxq knows Basic alone",
        ),
        (
            "Proxy-Authenticate: Negotiate\r\nproxy-authenticate:NTLM TlRM==\r\nx: Basic",
            "by Negotiate, NTLM, and",
        ),
        (
            r#"Proxy-Authenticate: Digest realm="a, Basic b\", Basic", qop=auth,nonce = "x" , NTLM"#,
            "by Digest, NTLM, and",
        ),
        (
            r#"Proxy-Authenticate: Digest realm="x\\", Basic realm="y""#,
            wants_another,
        ),
        (
            "Proxy-Authenticate: NTLM\r\nProxy-Authenticate: bAsIC realm=x",
            wants_another,
        ),
        ("Proxy-Authenticate: , ,", wants_another),
        ("Proxy-Authenticate: \u{1b}[2J", wants_another),
        ("Proxy-Authenticate: realm=x", wants_another),
    ] {
        let answer = format!("HTTP/1.1 407 x\r\n{fields}\r\ncontent-length: 0\r\n\r\n");
        let recorder = Recorder::start(vec![answer.into_bytes()]);
        let address = format!("http://user:password@127.0.0.1:{}", recorder.port());
        let outcome = through(&address, "http://xq.test:99/v2").call(&["validate_api_key"]);
        outcome.failed("XQ_CONFIGURATION", words);
        assert!(!outcome.can_retry);
    }
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
fn a_name_for_the_proxy_needs_no_password() {
    let emulator = Emulator::start(Options::default()).expect("the emulator starts");
    let proxy = Tunnel::start(emulator.port());
    let address = format!("http://user@127.0.0.1:{}", proxy.port());
    through(&address, "http://xq.test:99/subscription/v2")
        .call(&["validate_api_key"])
        .ok();
    let heads = proxy.heads();
    assert!(heads[0].contains("Basic dXNlcjo=\r\n"), "{heads:?}");
    let mut driver = Driver::start(emulator.env());
    for nobody in ["http://@127.0.0.1:1", "http://:password@127.0.0.1:1"] {
        driver
            .call(&["proxy", nobody])
            .failed("XQ_CONFIGURATION", "the proxy address does not parse");
    }
}

#[test]
fn what_stays_on_this_machine_does_not_go_through_the_proxy() {
    let recorder = Recorder::start(vec![reply(200, "{}")]);
    let url = recorder.environment()[3].1.clone();
    through("http://127.0.0.1:1", &url).call(&["validate_api_key"]).ok();
}

#[test]
fn a_head_that_is_too_large_is_a_protocol_error() {
    let large = format!("HTTP/1.1 200 x\r\nx: {}\r\n\r\n", "x".repeat(20_000)).into_bytes();
    let (mut driver, _recorder) = scripted(vec![large]);
    driver.call(CALLS[3]).failed("XQ_PROTOCOL", "larger than 16384 bytes");
}

#[test]
fn a_request_carries_these_headers_and_no_others() {
    let (mut driver, recorder) = scripted(vec![reply(200, "a")]);
    driver.call(CALLS[1]).ok();
    let sent = recorder.requests();
    let mut names: Vec<&str> = sent[0].headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "api-key",
            "authorization",
            "content-length",
            "content-type",
            "host",
            "user-agent"
        ]
    );
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(sent[0].header("user-agent"), Some(format!("libxq/{version}").as_str()));
}

#[test]
fn a_service_that_is_away_is_a_network_error_and_the_next_call_works_once_it_is_back() {
    let mut first = emulator();
    let (mut driver, pin) = asked_for_access(&first);
    let (port, world) = (first.port(), first.world());
    first.stop();
    for call in CALLS {
        let outcome = driver.call(call);
        outcome.failed(
            "XQ_NETWORK",
            &format!("127.0.0.1:{port} refused the connection; is the service running"),
        );
        assert_eq!((outcome.http_status, outcome.can_retry), (0, true));
    }
    let options = Options {
        port,
        ..Options::default()
    };
    let _second = Emulator::start_with(options, world).expect("the port is free again");
    driver.call(&["code_validate", &pin]).ok();
    driver.call(CALLS[3]).ok();
}

#[test]
fn over_https_each_service_is_a_host_and_the_root_must_be_known() {
    let emulator = Emulator::start(Options {
        tls: true,
        ..Options::default()
    })
    .expect("the emulator starts");
    let hosts: Vec<_> = emulator
        .env()
        .into_iter()
        .filter(|(name, _)| !name.ends_with("_URL"))
        .collect();
    let mut driver = Driver::open(hosts.clone());
    driver.call(CALLS[0]).ok();
    driver.call(CALLS[1]).ok();
    driver
        .call(&["code_validate", &emulator.pin(USER).expect("a PIN was mailed")])
        .ok();
    driver.call(CALLS[3]).ok();

    let strangers = hosts.into_iter().filter(|(name, _)| name != "XQ_CA_FILE");
    let mut driver = Driver::open(strangers);
    let outcome = driver.call(CALLS[0]);
    outcome.failed("XQ_TLS", "not trusted");
    assert!(!outcome.can_retry);
}

#[test]
fn a_handle_talks_to_nobody_until_it_is_used() {
    let emulator = Emulator::start(Options::default()).expect("the emulator starts");
    let recorder = Recorder::start(vec![reply(200, "{}")]);
    let mut driver = Driver::open(recorder.environment());
    driver.call(&["close"]).ok();
    driver.call(&["open"]).ok();
    // Somebody else's call in between: what was on its way would have arrived.
    Driver::open(emulator.env()).call(&["validate_api_key"]).ok();
    assert_eq!(recorder.connections(), 0);
    driver.call(&["validate_api_key"]).ok();
    assert_eq!(recorder.connections(), 1);
}

#[test]
fn calls_share_a_connection() {
    let (mut driver, recorder) = scripted((0..5).map(|_| reply(200, "a")).collect());
    for _ in 0..5 {
        driver.call(CALLS[1]).ok();
    }
    assert_eq!((recorder.requests().len(), recorder.connections()), (5, 1));
}

#[test]
fn a_large_request_that_is_refused_at_once_is_a_refusal() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let url = format!("http://{}/v2", listener.local_addr().expect("it is bound"));
    let server = std::thread::spawn(move || {
        use std::io::{Read, Write};
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().expect("somebody connects");
            stream.read_exact(&mut [0; 100]).expect("a request begins");
            stream
                .write_all(&reply(413, r#"{"status":"Too many keys"}"#))
                .expect("it is read");
            // Dropped with most of the request unread, which resets the connection.
        }
    });
    let mut driver = Driver::open([("XQ_API_KEY", "general"), ("XQ_SUBSCRIPTION_URL", &url)]);
    driver.call(&["set_access_token", "held"]).ok();
    let keys: String = (0..8_000).map(|n| format!("{n}-{},", "x".repeat(100))).collect();
    for _ in 0..2 {
        let outcome = driver.call(&["create_and_store_packets", &keys, "a@b.c,"]);
        outcome.failed("XQ_REJECTED", "Too many keys");
        assert_eq!((outcome.http_status, outcome.can_retry), (413, false));
    }
    server.join().expect("it served");
}
