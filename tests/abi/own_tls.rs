//! The example's transport over mbedTLS, `examples-c/mbedtls_transport.c`: whom it trusts, and that its limits hold.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{env, thread};

use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, date_time_ymd};
use rustls::ServerConfig;
use xq_emulator::{Emulator, Options};

use crate::driver::{Driver, Language, OWN_TRANSPORT, command, compile_with};
use crate::recorder::reply;
use crate::sign_in::{CALLS, USER};
use crate::sockets::faults::{holds, limit, silent};
use crate::sockets::tls::{Root, Session, accepted, listening, receive};

/// `tests/c/NAME.c` with the transport; `None` where mbedTLS is not installed. With `CI` set it must be.
fn program(name: &str) -> Option<PathBuf> {
    let looked = Command::new("cc")
        .args(["-E", "-include", "mbedtls/ssl.h", "-x", "c", "/dev/null"])
        .output()
        .expect("there is a C compiler");
    if !looked.status.success() {
        assert!(
            env::var_os("CI").is_none(),
            "mbedTLS (Debian's libmbedtls-dev) is missing, and CI must have it"
        );
        eprintln!("SKIPPED: there is no mbedTLS here (Debian's libmbedtls-dev)");
        return None;
    }
    let sources = [&["mbedtls_transport"], &OWN_TRANSPORT[..]].concat();
    compile_with(name, Language::C99, &sources, &["mbedtls", "mbedx509", "mbedcrypto"])
}

/// A driver over mbedTLS with a handle, which trusts the root in this file.
fn over_mbedtls(environment: Vec<(String, String)>, root: &Path, timeout: Duration) -> Option<Driver> {
    let program = program("driver_mbedtls")?;
    let environment = environment.into_iter().filter(|(name, _)| name != "XQ_CA_FILE");
    let root = ("DRIVER_ROOT".to_owned(), root.display().to_string());
    let mut driver = Driver::spawn(&program, environment.chain([root]), Stdio::inherit());
    driver.call(&["read_environment"]).ok();
    driver.call(&["timeout_ms", &timeout.as_millis().to_string()]).ok();
    driver.call(&["open"]).ok();
    driver.call(&["set_access_token", "held"]).ok();
    Some(driver)
}

/// The same for a subscription service at `https://localhost:PORT`.
fn at(port: u16, root: &Root, timeout: Duration) -> Option<Driver> {
    let url = format!("https://localhost:{port}/v2");
    let environment = [("XQ_API_KEY", "general"), ("XQ_SUBSCRIPTION_URL", &url)];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
    over_mbedtls(environment.to_vec(), &root.file, timeout)
}

const LONG: Duration = Duration::from_secs(30);

/// The last call's failure was one of which nothing was sent, or one of which that is not known.
#[track_caller]
fn was_sent(driver: &mut Driver, sent: bool) {
    const NOT_SENT: &str = "0 ";
    const UNKNOWN: &str = "2 ";
    let told = driver.call(&["last_outcome"]).ok().expect("it is told");
    assert!(told.starts_with(if sent { UNKNOWN } else { NOT_SENT }), "{told}");
}

#[test]
fn it_works_with_the_emulator() {
    let options = Options {
        tls: true,
        ..Options::default()
    };
    let emulator = Emulator::start(options).expect("the emulator starts");
    let root = emulator.ca_file().expect("it has a root");
    let Some(mut driver) = over_mbedtls(emulator.env(), root, LONG) else {
        return;
    };
    driver.call(CALLS[0]).ok();
    driver.call(CALLS[1]).ok();
    let pin = emulator.pin(USER).expect("a PIN was mailed");
    driver.call(&["code_validate", &pin]).ok();
    driver.call(CALLS[3]).ok();
    let key = "k".repeat(60_000);
    let packet = driver.call(&["create_packet", &key, &format!("{USER},")]).ok();
    let locator = driver.call(&["add_packet", &packet.expect("a packet")]).ok();
    let fetched = driver.call(&["get_packet", &locator.expect("a locator token")]).ok();
    assert_eq!(fetched, Some(key));
}

#[test]
fn a_certificate_that_does_not_fit_is_refused_with_the_reason() {
    let (root, other) = (Root::new("mbed-root"), Root::new("mbed-other"));
    let cases = [
        (
            root.server(|params| *params = CertificateParams::new(["xq.test".to_owned()]).expect("a name")),
            "its certificate is for another host",
        ),
        (
            // Its common name is no help where there are names.
            root.server(|params| {
                *params = CertificateParams::new(["xq.test".to_owned()]).expect("a name");
                params.distinguished_name.push(rcgen::DnType::CommonName, "localhost");
            }),
            "its certificate is for another host",
        ),
        (
            other.server(|_| {}),
            "its certificate comes from a root that is not trusted",
        ),
        (
            root.server(|params| params.not_after = date_time_ymd(2020, 1, 1)),
            "its certificate, or one above it, has expired",
        ),
        (
            root.server(|params| params.not_before = date_time_ymd(2999, 1, 1)),
            "its certificate is not valid yet",
        ),
        (
            root.server(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]),
            "its certificate is for another purpose",
        ),
    ];
    for (config, words) in cases {
        let service = Service::start(config, |session| say(session, &reply(200, "good")));
        let Some(mut driver) = at(service.port, &root, LONG) else {
            return;
        };
        for _ in 0..2 {
            let outcome = driver.call(&["validate_api_key"]);
            outcome.failed("XQ_TLS", &format!("no TLS with localhost:{}: {words}", service.port));
            assert!(!outcome.can_retry);
            was_sent(&mut driver, false);
        }
        assert_eq!(service.requests(), 0, "{words}");
    }
}

#[test]
fn what_does_not_speak_tls_is_refused_with_the_reason() {
    let answers: [(&[u8], &str, &str); 3] = [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "XQ_TLS", "does not speak TLS"),
        (b"\x15\x03\x03\x00\x02\x02\x28", "XQ_TLS", "refused the handshake"),
        (b"", "XQ_NETWORK", "closed the connection during the handshake"),
    ];
    let root = Root::new("mbed-no-tls");
    for (answer, status, words) in answers {
        let port = listening(move |mut stream| {
            // A hello is longer.
            stream.read_exact(&mut [0; 50]).ok();
            stream.write_all(answer).ok();
            // What is unread when a connection is closed would take back what was written.
            stream.shutdown(Shutdown::Write).ok();
            io::copy(&mut stream, &mut io::sink()).ok();
        });
        let Some(mut driver) = at(port, &root, LONG) else {
            return;
        };
        driver.call(&["validate_api_key"]).failed(status, words);
        was_sent(&mut driver, false);
    }
    let Some(mut driver) = at(1, &root, LONG) else {
        return;
    };
    driver
        .call(&["validate_api_key"])
        .failed("XQ_NETWORK", "there is no connection");
    was_sent(&mut driver, false);
}

/// A TLS service, and what it saw.
struct Service {
    port: u16,
    requests: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
}

impl Service {
    /// `answer` answers a request, and tells whether there may be another on its connection.
    fn start(config: Arc<ServerConfig>, answer: impl Fn(&mut Session) -> bool + Send + Sync + 'static) -> Service {
        let (requests, connections) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let (came, connected, answer) = (Arc::clone(&requests), Arc::clone(&connections), Arc::new(answer));
        let port = listening(move |stream| {
            connected.fetch_add(1, Ordering::SeqCst);
            let (mut session, came, answer) = (accepted(&config, stream), Arc::clone(&came), Arc::clone(&answer));
            thread::spawn(move || {
                while receive(&mut session).is_ok() {
                    came.fetch_add(1, Ordering::SeqCst);
                    if !answer(&mut session) {
                        return;
                    }
                }
            });
        });
        Service {
            port,
            requests,
            connections,
        }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

/// Sends it in one piece, if somebody is there.
fn say(session: &mut Session, bytes: &[u8]) -> bool {
    session.write_all(bytes).and_then(|()| session.flush()).is_ok()
}

/// Until the other end closes.
fn wait(stream: &mut TcpStream) {
    io::copy(stream, &mut io::sink()).ok();
}

/// Calls to this port end in XQ_TIMEOUT, in time.
#[track_caller]
fn is_in_time(port: u16, root: &Root, sent: bool, what: &str) {
    let Some(mut driver) = at(port, root, limit()) else {
        return;
    };
    holds(limit(), what, || {
        let started = Instant::now();
        let outcome = driver.call(&["validate_api_key"]);
        let took = started.elapsed();
        outcome.failed("XQ_TIMEOUT", "time limit");
        was_sent(&mut driver, sent);
        // What is left of the limit, and the clock, are told in whole milliseconds.
        took + Duration::from_millis(2)
    });
}

#[test]
fn the_limit_holds_during_the_handshake() {
    let root = Root::new("mbed-limit");
    is_in_time(silent(), &root, false, "a service that is silent");
    let dripping = listening(|mut stream| {
        thread::spawn(move || {
            // A record that is long in coming.
            let mut record = b"\x16\x03\x03\x20\x00\x02\x00\x1f\xfc"
                .iter()
                .copied()
                .chain(std::iter::repeat(3));
            while stream.write_all(&[record.next().expect("it does not end")]).is_ok() {
                thread::sleep(Duration::from_millis(10));
            }
        });
    });
    is_in_time(dripping, &root, false, "a service that drips");
}

#[test]
fn the_limit_holds_while_a_reply_is_awaited() {
    let root = Root::new("mbed-reply");
    let service = Service::start(root.server(|_| {}), |session| {
        wait(&mut session.sock);
        false
    });
    is_in_time(service.port, &root, true, "a reply that does not come");
    let service = Service::start(root.server(|_| {}), |session| {
        say(session, b"HTTP/1.1 200 x\r\ncontent-length: 5000\r\n\r\n");
        while say(session, b"x") {
            thread::sleep(Duration::from_millis(10));
        }
        false
    });
    is_in_time(service.port, &root, true, "a body that drips");
    // So fast that mbedTLS never has to wait.
    let service = Service::start(root.server(|_| {}), |session| {
        say(session, b"HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n");
        while say(session, &b"x: y\r\n".repeat(1000)) {}
        false
    });
    is_in_time(service.port, &root, true, "what follows a body, without an end");
}

#[test]
fn a_reply_that_ends_in_the_middle_is_a_network_error() {
    let root = Root::new("mbed-cut");
    let whole = b"HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n4\r\ngood\r\n0\r\n\r\n";
    let cut = [10, 40, 52, whole.len() - 2];
    for (length, says_goodbye) in cut.into_iter().flat_map(|length| [(length, false), (length, true)]) {
        let service = Service::start(root.server(|_| {}), move |session| {
            say(session, &whole[..length]);
            if says_goodbye {
                session.conn.send_close_notify();
                session.flush().ok();
            }
            session.sock.shutdown(Shutdown::Write).ok();
            false
        });
        let Some(mut driver) = at(service.port, &root, LONG) else {
            return;
        };
        driver
            .call(&["validate_api_key"])
            .failed("XQ_NETWORK", "the connection ended before the reply was whole");
        was_sent(&mut driver, true);
        assert_eq!(service.requests(), 1, "{length}");
    }
    // What only says that the reply is still to come is none.
    let service = Service::start(root.server(|_| {}), |session| {
        say(session, b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n") && say(session, whole)
    });
    let Some(mut driver) = at(service.port, &root, LONG) else {
        return;
    };
    assert_eq!(driver.call(&["validate_api_key"]).ok().as_deref(), Some("good"));
}

#[test]
fn a_reply_that_is_too_large_is_not_read_to_its_end() {
    let root = Root::new("mbed-large");
    let service = Service::start(root.server(|_| {}), |session| {
        say(session, b"HTTP/1.1 200 x\r\ncontent-length: 99999999999\r\n\r\n");
        while say(session, &[b'x'; 1000]) {}
        false
    });
    let Some(mut driver) = at(service.port, &root, LONG) else {
        return;
    };
    driver
        .call(&["validate_api_key"])
        .failed("XQ_PROTOCOL", "the largest accepted");
}

/// Three calls, each of which gets the reply to it; how many connections they took.
fn connections_of_three_calls(answer: impl Fn(&mut Session) -> bool + Send + Sync + 'static) -> Option<usize> {
    let root = Root::new("mbed-kept");
    let service = Service::start(root.server(|_| {}), answer);
    let mut driver = at(service.port, &root, LONG)?;
    for _ in 0..3 {
        assert_eq!(driver.call(&["validate_api_key"]).ok().as_deref(), Some("good"));
        // What comes after the reply has then come.
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(service.requests(), 3);
    Some(service.connections.load(Ordering::SeqCst))
}

#[test]
fn a_connection_is_kept_as_long_as_it_is_good() {
    let kept = connections_of_three_calls(|session| say(session, &reply(200, "good")));
    assert!(matches!(kept, Some(1) | None), "{kept:?}");
    let farewell = connections_of_three_calls(|session| {
        say(session, &reply(200, "good"));
        session.conn.send_close_notify();
        session.flush().ok();
        wait(&mut session.sock);
        false
    });
    let cut = connections_of_three_calls(|session| {
        say(session, &reply(200, "good"));
        false
    });
    let announced = connections_of_three_calls(|session| {
        say(
            session,
            b"HTTP/1.1 200 x\r\nconnection: close\r\ncontent-length: 4\r\n\r\ngood",
        )
    });
    // What nobody asked for is not the reply to the next request, whether it comes with the last one or after it.
    let with_more = connections_of_three_calls(|session| {
        say(session, &[reply(200, "good"), reply(200, "evil")].concat());
        true
    });
    let before_more = connections_of_three_calls(|session| {
        say(session, &reply(200, "good"));
        say(session, &reply(200, "evil"))
    });
    for connections in [farewell, cut, announced, with_more, before_more] {
        assert!(matches!(connections, Some(3) | None), "{connections:?}");
    }
}

#[test]
fn a_large_request_that_is_refused_at_once_is_a_refusal() {
    let root = Root::new("mbed-refused");
    let server = root.server(|_| {});
    let port = listening(move |stream| {
        let mut session = accepted(&server, stream);
        session.read_exact(&mut [0; 100]).expect("a request begins");
        say(&mut session, &reply(413, r#"{"status":"Too many keys"}"#));
        // Dropped with most of the request unread, which resets the connection.
    });
    let Some(mut driver) = at(port, &root, LONG) else {
        return;
    };
    let keys: String = (0..8_000).map(|n| format!("{n}-{},", "x".repeat(100))).collect();
    let outcome = driver.call(&["create_and_store_packets", &keys, "a@b.c,"]);
    outcome.failed("XQ_REJECTED", "Too many keys");
    assert_eq!(outcome.http_status, 413);
}

#[test]
fn a_call_is_stopped_and_several_are_made_at_once() {
    let Some(program) = program("own_tls") else {
        return;
    };
    let root = Root::new("mbed-own-tls");
    let service = Service::start(root.server(|_| {}), |session| say(session, &reply(200, "good")));
    let output = command(&program)
        .args([service.port, silent()].map(|port| format!("https://localhost:{port}/v2")))
        .arg(&root.file)
        .output()
        .expect("it starts");
    let told = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&told));
}
