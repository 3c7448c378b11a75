//! Connections and replies that break, stall or never end, under every request of every operation.

use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(target_os = "linux")]
use xq_emulator::{Emulator, Options};

use crate::driver::{Driver, Language, OWN_TRANSPORT, command, compile_with, sanitized};
use crate::faults::{Bench, Failure, Fault, skipped, step, strike_all, under_valgrind, with_each_operation};
use crate::operations::{self, Exchange, give_tokens};
use crate::recorder::{Play, Recorder, Then, reply};

const CUT: Failure = Failure {
    status: "XQ_NETWORK",
    http_status: 0,
    words: "closed the connection before its reply was whole",
    retry_after: -1,
};

fn fault(bytes: impl Into<Vec<u8>>, then: Then, failure: Failure) -> Fault {
    let bytes = bytes.into();
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]).into_owned();
    Fault {
        what: format!("{shown:?}, then {:.20}", format!("{then:?}")),
        play: Play { bytes, then },
        failure: Some(failure),
    }
}

#[test]
fn a_reply_that_is_cut_short_is_a_network_error() {
    strike_all(&[], |_| {
        [
            "",
            "H",
            "HTTP/1.1 20",
            "HTTP/1.1 200 x\r\ncontent-le",
            "HTTP/1.1 200 x\r\ncontent-length: 6\r\n",
            "HTTP/1.1 200 x\r\ncontent-length: 6\r\n\r\n",
            "HTTP/1.1 200 x\r\ncontent-length: 6\r\n\r\nabc",
            "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n6\r\nabc",
            "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r",
            "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
            "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n6",
            "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
            "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 103 Early hints\r\nlink: x\r\n\r\nHTTP/1.1 20",
        ]
        .map(|bytes| fault(bytes, Then::Close, CUT))
        .into()
    });
}

#[test]
fn a_refusal_without_all_of_its_words_is_a_refusal() {
    strike_all(&[], |_| {
        let refused = |status, http_status| Failure::new(status, http_status, "(HTTP ");
        vec![
            fault(
                "HTTP/1.1 403 x\r\ncontent-length: 6\r\n\r\nabc",
                Then::Close,
                refused("XQ_REJECTED", 403),
            ),
            fault(
                "HTTP/1.1 401 x\r\ntransfer-encoding: chunked\r\n\r\n6\r\nabc",
                Then::Close,
                refused("XQ_UNAUTHORIZED", 401),
            ),
        ]
    });
}

#[test]
fn what_is_not_http_is_a_protocol_error() {
    let not_http = Failure::new("XQ_PROTOCOL", 0, "is not HTTP/1.1, or has too many header fields");
    strike_all(&[], |_| {
        let heads: [&[u8]; 17] = [
            b"SSH-2.0-OpenSSH_9.2\r\n",
            b"\x00\x00\x12\x04\x00\x00\x00\x00\x00",
            b"\x15\x03\x01\x00\x02\x02\x28",
            b"HTTP/2.0 200 x\r\n\r\n",
            b"HTTP/1.2 200 x\r\n\r\n",
            b"HTTP/1.1 2000 x\r\n\r\n",
            b"HTTP/1.1 099 x\r\ncontent-length: 0\r\n\r\n",
            b"HTTP/1.1 -20 x\r\n\r\n",
            b"HTTP/1.1 200 x\r\nx: a\0b\r\ncontent-length: 0\r\n\r\n",
            b"HTTP/1.1 200 x\r\na b: c\r\ncontent-length: 0\r\n\r\n",
            b"HTTP/1.1 200 x\r\ncontent-length: -1\r\n\r\n",
            b"HTTP/1.1 200 x\r\ncontent-length: 0x3\r\n\r\nabc",
            b"HTTP/1.1 200 x\r\ncontent-length: 99999999999999999999\r\n\r\nabc",
            b"HTTP/1.1 200 x\r\ncontent-length: 3\r\ncontent-length: 2\r\n\r\nabc",
            b"HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n",
            b"HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n",
            b"HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n1ffffffffffffffff\r\nabc",
        ];
        let mut faults: Vec<Fault> = heads.iter().map(|&bytes| fault(bytes, Then::Keep, not_http)).collect();
        let with_fields = b"HTTP/1.1 100 Continue\r\nx: y\r\n\r\n";
        faults.push(fault(with_fields, Then::Keep, not_http));
        faults
    });
}

#[test]
fn a_status_that_no_call_has_is_a_protocol_error() {
    strike_all(&[], |_| {
        [
            ("HTTP/1.1 101 Switching\r\ncontent-length: 0\r\n\r\n", 101, "HTTP 101"),
            ("HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n", 101, ""),
            ("HTTP/1.1 205 x\r\ncontent-length: 0\r\n\r\n", 205, "HTTP 205"),
            ("HTTP/1.1 304 x\r\n\r\n", 304, "HTTP 304"),
            ("HTTP/1.1 999 x\r\ncontent-length: 0\r\n\r\n", 999, "HTTP 999"),
        ]
        .map(|(head, status, words)| fault(head, Then::Keep, Failure::new("XQ_PROTOCOL", status, words)))
        .into()
    });
}

#[test]
fn a_reply_without_a_length_is_a_protocol_error_and_a_refusal_a_refusal() {
    let unending = Failure::new("XQ_PROTOCOL", 200, "does not tell its length");
    let refused = Failure::new("XQ_SERVER", 503, "HTTP 503");
    strike_all(&[], |_| {
        vec![
            fault("HTTP/1.1 200 x\r\n\r\nabc", Then::Close, unending),
            fault(
                "HTTP/1.1 200 x\r\ncontent-type: text/html\r\n\r\n<html>",
                Then::Close,
                unending,
            ),
            fault(
                "HTTP/1.1 200 x\r\ntransfer-encoding: gzip\r\n\r\nabc",
                Then::Close,
                unending,
            ),
            fault(
                "HTTP/1.1 200 x\r\ntransfer-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc",
                Then::Close,
                unending,
            ),
            fault("HTTP/1.0 200 x\r\n\r\nabc", Then::Close, unending),
            fault(
                "HTTP/1.0 200 x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
                Then::Close,
                unending,
            ),
            fault(
                "HTTP/1.0 503 x\r\nconnection: close\r\n\r\n<html>",
                Then::Close,
                refused,
            ),
            fault("HTTP/1.1 503 x\r\n\r\n<html>", Then::Stall, refused),
        ]
    });
}

#[test]
fn what_never_ends_is_given_up() {
    let too_large = |status| Failure::new("XQ_PROTOCOL", status, "is larger than ");
    let not_http = Failure::new("XQ_PROTOCOL", 0, "has too many header fields");
    let now = Duration::ZERO;
    strike_all(&[["max_reply_bytes", "50000"]], |_| {
        let chunk = [b"400\r\n".as_slice(), &[b'x'; 1024], b"\r\n"].concat();
        let chunked = "transfer-encoding: chunked\r\n\r\n";
        vec![
            fault(
                "HTTP/1.1 200 x\r\n",
                Then::Repeat(b"x: y\r\n".repeat(99), now),
                not_http,
            ),
            fault(
                "HTTP/1.1 200 x\r\nx: ",
                Then::Repeat(vec![b'x'; 999], now),
                too_large(0),
            ),
            fault(
                "",
                Then::Repeat(b"HTTP/1.1 100 x\r\n\r\n".repeat(999), now),
                too_large(0),
            ),
            fault(
                format!("HTTP/1.1 200 x\r\n{chunked}"),
                Then::Repeat(chunk.clone(), now),
                too_large(200),
            ),
            fault(
                format!("HTTP/1.1 500 x\r\n{chunked}"),
                Then::Repeat(chunk, now),
                Failure::new("XQ_SERVER", 500, "HTTP 500"),
            ),
            fault(
                format!("HTTP/1.1 200 x\r\n{chunked}"),
                Then::Repeat(vec![b'0'; 999], now),
                not_http,
            ),
            fault(
                format!("HTTP/1.1 200 x\r\ncontent-length: {}\r\n\r\n", u64::MAX),
                Then::Repeat(vec![b'x'; 999], now),
                too_large(200),
            ),
        ]
    });
}

#[test]
fn a_date_to_come_back_at_counts_from_the_replys_own() {
    const NOON: &str = "date: Wed, 21 Oct 2026 12:00:00 GMT";
    let (recorder, script) = Recorder::scripted();
    let mut driver = Driver::open(recorder.environment());
    for (retry_after, date, seconds) in [
        ("0", NOON, "0"),
        ("4294967295", NOON, "4294967295"),
        ("4294967296", NOON, "-1"),
        ("-1", NOON, "-1"),
        ("1.5", NOON, "-1"),
        ("soon", NOON, "-1"),
        ("Wed, 21 Oct 2026 12:00:01 GMT", NOON, "1"),
        ("Wed, 21 Oct 2026 12:00:00 GMT", NOON, "0"),
        ("Wed, 21 Oct 2026 11:59:59 GMT", NOON, "0"),
        ("Thu, 22 Oct 2026 11:59:59 GMT", NOON, "86399"),
        ("Wednesday, 21-Oct-26 12:00:09 GMT", NOON, "9"),
        ("Wed Oct 21 12:00:09 2026", NOON, "9"),
        ("Sat, 27 Nov 2162 18:28:15 GMT", NOON, "4294967295"),
        ("Sat, 27 Nov 2162 18:28:16 GMT", NOON, "-1"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", NOON, "-1"),
        ("Wed, 21 Oct 2026 12:60:00 GMT", NOON, "-1"),
        ("Wed, 21 Oct 2026 12:00:01 CET", NOON, "-1"),
        ("Mon, 29 Feb 2027 12:00:00 GMT", NOON, "-1"),
        // From the last second of February to the first of March, in a leap year and in another.
        (
            "Tue, 29 Feb 2028 23:59:59 GMT",
            "date: Tue, 29 Feb 2028 00:00:00 GMT",
            "86399",
        ),
        (
            "Wed, 01 Mar 2028 00:00:00 GMT",
            "date: Mon, 28 Feb 2028 23:59:59 GMT",
            "86401",
        ),
        (
            "Mon, 01 Mar 2027 00:00:00 GMT",
            "date: Sun, 28 Feb 2027 23:59:59 GMT",
            "1",
        ),
        ("Wed, 21 Oct 2026 12:00:01 GMT", "date: now", "-1"),
        ("Wed, 21 Oct 2026 12:00:01 GMT", "x: y", "-1"),
    ] {
        let head = format!("HTTP/1.1 503 x\r\nretry-after: {retry_after}\r\n{date}\r\ncontent-length: 0\r\n\r\n");
        script.send(head.into_bytes().into()).expect("it listens");
        driver.call(&["validate_api_key"]).failed("XQ_SERVER", "HTTP 503");
        let told = driver.call(&["last_retry_after"]).ok();
        assert_eq!(told.as_deref(), Some(seconds), "{retry_after}, {date}");
    }
}

/// A time limit that a call under valgrind or a sanitizer keeps, too, where it is not broken on purpose.
pub fn limit() -> Duration {
    Duration::from_millis(match () {
        _ if under_valgrind() => 3_000,
        _ if sanitized() => 1_000,
        _ => 400,
    })
}

/// A limit is kept to within 20 %: a machine with other work gets more than one try, and valgrind any time.
#[track_caller]
pub fn holds(limit: Duration, what: &str, mut attempt: impl FnMut() -> Duration) {
    const TRIES: u32 = 5;
    let mut took = Duration::ZERO;
    for _ in 0..TRIES {
        took = attempt();
        assert!(took >= limit, "{what}: after {took:?} already");
        if took <= limit * 6 / 5 || under_valgrind() {
            return;
        }
    }
    panic!("{what}: only after {took:?}, with a limit of {limit:?}");
}

#[test]
fn a_reply_that_does_not_come_to_an_end_is_a_timeout() {
    let timeout = Failure::new("XQ_TIMEOUT", 0, "ms, the time limit");
    let limit = limit();
    let milliseconds = limit.as_millis().to_string();
    // Most of the time they wait.
    let at_a_time = if under_valgrind() { 8 } else { 16 };
    with_each_operation(at_a_time, &[["timeout_ms", &milliseconds]], |bench, operation| {
        let drip = |bytes: &str| Then::Repeat(bytes.into(), Duration::from_millis(20));
        let stalls = [
            ("", Then::Stall),
            ("HTTP/1.1 200 x\r\ncont", Then::Stall),
            ("HTTP/1.1 200 x\r\ncontent-length: 6\r\n\r\n", Then::Stall),
            ("HTTP/1.1 200 x\r\ncontent-length: 6\r\n\r\nabc", Then::Stall),
            (
                "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n6\r\nabc",
                Then::Stall,
            ),
            ("HTTP/1.1 200 x\r\nx: ", drip("x")),
            ("HTTP/1.1 200 x\r\ncontent-length: 9999\r\n\r\n", drip("x")),
            (
                "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n",
                drip("1\r\nx\r\n"),
            ),
            (
                "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n",
                drip("x: y\r\n"),
            ),
            ("", drip("HTTP/1.1 100 Continue\r\n\r\n")),
        ];
        for index in 0..operation.exchanges.len() {
            for (bytes, then) in stalls.iter().skip(skipped(operation, index)).step_by(step()) {
                let mut strike = || bench.strike(operation, index, fault(*bytes, then.clone(), timeout));
                // What is done before and after, with RSA keys, is not the exchange's.
                if operation.exchanges.len() > 1 {
                    strike();
                } else {
                    holds(limit, operation.name(), strike);
                }
            }
        }
    });
}

/// A driver whose services are at these addresses, under the paths of a recorder.
fn at(origins: [&str; 4], settings: &[[&str; 2]]) -> Driver {
    let mut environment = vec![("XQ_API_KEY".to_owned(), "general-key".to_owned())];
    environment.push(("XQ_LOCATOR_KEY".to_owned(), "locator-key-000".to_owned()));
    for (service, origin) in ["subscription", "validation", "dashboard", "quantum"]
        .into_iter()
        .zip(origins)
    {
        let url = format!("{origin}/{service}/v2");
        environment.push((format!("XQ_{}_URL", service.to_uppercase()), url));
    }
    let mut driver = Driver::start(environment);
    driver.call(&["read_environment"]).ok();
    driver.call(&["allow_plain_http", "1"]).ok();
    for setting in settings {
        driver.call(setting).ok();
    }
    driver.call(&["open"]).ok();
    driver
}

/// Every operation fails in this way where all services are at `origin`, and also where only the dashboard is; the
/// handle can still be used for a service that is elsewhere.
fn fails_at(origin: &str, settings: &[[&str; 2]], status: &str, words: &str) {
    let (recorder, script) = Recorder::scripted();
    let good = format!("http://127.0.0.1:{}", recorder.port());
    let answer = |bytes: Vec<u8>| script.send(bytes.into()).expect("it listens");
    let mut driver = at([origin; 4], settings);
    for operation in operations::all() {
        give_tokens(&mut driver);
        driver.call(&operation.call()).failed(status, words);
    }
    let mut driver = at([good.as_str(), good.as_str(), origin, origin], settings);
    for operation in operations::all() {
        let Some(last) = operation.exchanges.iter().position(|e| e.request.contains("announce")) else {
            continue;
        };
        for exchange in &operation.exchanges[..last] {
            answer(exchange.good());
        }
        give_tokens(&mut driver);
        let outcome = driver.call(&operation.call());
        assert_eq!(outcome.status, status, "{}: {}", operation.name(), outcome.message);
        assert!(outcome.message.contains(words), "{}", outcome.message);
        assert_eq!(outcome.out.is_some(), operation.announces(last));
        answer(reply(200, "{}"));
        driver.call(&["validate_api_key"]).ok();
    }
}

#[test]
fn a_connection_that_is_refused_is_a_network_error() {
    fails_at(
        "http://127.0.0.1:1",
        &[],
        "XQ_NETWORK",
        "127.0.0.1:1 refused the connection",
    );
}

#[test]
fn a_name_that_does_not_resolve_is_a_network_error() {
    fails_at("http://xq.invalid", &[], "XQ_NETWORK", "xq.invalid was not found");
}

#[test]
fn a_service_that_goes_away_between_two_requests_is_a_network_error() {
    for operation in operations::all() {
        for index in 1..operation.exchanges.len() {
            let mut bench = Bench::new(&[]);
            for exchange in &operation.exchanges[..index - 1] {
                bench.answer(exchange.good());
            }
            let exchange = &operation.exchanges[index - 1];
            let length = exchange.reply.len();
            bench.answer(Play {
                bytes: format!(
                    "HTTP/1.1 {} x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{}",
                    exchange.status, exchange.reply
                )
                .into(),
                then: Then::Leave,
            });
            give_tokens(&mut bench.driver);
            let outcome = bench.driver.call(&operation.call());
            assert_eq!(
                outcome.status,
                "XQ_NETWORK",
                "{}: {}",
                operation.name(),
                outcome.message
            );
            assert!(
                outcome.message.contains("refused the connection"),
                "{}",
                outcome.message
            );
            assert_eq!(outcome.out.is_some(), operation.announces(index));
            // Of what was asked for, nothing is done where the requests before only read.
            let reads = |exchange: &Exchange| exchange.request.starts_with("GET ");
            let only_read = operation.exchanges[..index].iter().all(reads);
            let told = bench.driver.call(&["last_outcome"]).ok().expect("it is told");
            let expected = if only_read { "0 " } else { "2 " };
            assert!(
                told.starts_with(expected),
                "{}, request {index}: {told}",
                operation.name()
            );
            (bench.recorder, bench.script) = Recorder::scripted_at(bench.recorder.port());
            bench.works(operation, "it came back");
        }
    }
}

/// A server that takes connections and says nothing; its port.
pub fn silent() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || listener.incoming().collect::<Vec<_>>());
    port
}

#[test]
fn a_connection_that_does_not_come_about_is_a_timeout() {
    let origin = format!("https://127.0.0.1:{}", silent());
    let words = "within 200 ms, the connect time limit";
    fails_at(&origin, &[["connect_timeout_ms", "200"]], "XQ_TIMEOUT", words);
    // Nothing has been sent then either.
    let within_all = [["timeout_ms", "200"]];
    fails_at(&origin, &within_all, "XQ_TIMEOUT", "no connection to");
    fails_at(&origin, &within_all, "XQ_TIMEOUT", "within 200 ms, the time limit");

    // Of the whole limit, the first request leaves less than connecting may take.
    let (recorder, script) = Recorder::scripted();
    let good = format!("http://127.0.0.1:{}", recorder.port());
    let settings = [["timeout_ms", "3000"], ["connect_timeout_ms", "2500"]];
    let mut driver = at([&good, &good, &origin, &origin], &settings);
    let operation = operations::named("authorize_device");
    let slow = thread::spawn(move || {
        thread::sleep(Duration::from_millis(1000));
        let reply = operation.exchanges[0].good();
        script.send(reply.into()).expect("it listens");
    });
    give_tokens(&mut driver);
    let message = driver.call(&operation.call()).message;
    assert!(message.contains("within 3000 ms, the time limit"), "{message}");
    slow.join().expect("it does not panic");

    let limit = limit();
    let milliseconds = limit.as_millis().to_string();
    let mut driver = at([&origin; 4], &[["connect_timeout_ms", &milliseconds]]);
    holds(limit, "connecting", || {
        let started = Instant::now();
        driver
            .call(&["validate_api_key"])
            .failed("XQ_TIMEOUT", "the connect time limit");
        started.elapsed()
    });
}

#[test]
fn the_time_limit_is_that_of_all_requests_of_a_call() {
    let limit = limit();
    let milliseconds = limit.as_millis().to_string();
    let mut tried = 0;
    for operation in operations::all()
        .iter()
        .filter(|operation| operation.exchanges.len() > 1)
    {
        let mut bench = Bench::new(&[["timeout_ms", &milliseconds]]);
        give_tokens(&mut bench.driver);
        let (before, script) = (bench.recorder.count(), bench.script.clone());
        let replies: Vec<_> = operation.exchanges.iter().map(|exchange| exchange.good()).collect();
        let (recorder, driver, ended) = (&bench.recorder, &mut bench.driver, &AtomicBool::new(false));
        let outcome = thread::scope(|scope| {
            // Each in time by itself, whatever the client does before it asks.
            scope.spawn(move || {
                for (at, reply) in replies.into_iter().enumerate() {
                    while recorder.count() <= before + at && !ended.load(Ordering::Relaxed) {
                        thread::sleep(Duration::from_millis(1));
                    }
                    thread::sleep(limit * 7 / 10);
                    script.send(reply.into()).expect("the recorder listens");
                }
            });
            let outcome = driver.call(&operation.call());
            ended.store(true, Ordering::Relaxed);
            outcome
        });
        assert_eq!(
            outcome.status,
            "XQ_TIMEOUT",
            "{}: {}",
            operation.name(),
            outcome.message
        );
        assert_eq!(bench.recorder.count() - before, 2, "{}", operation.name());
        tried += 1;
    }
    assert!(tried > 3, "{tried}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_thread_that_is_canceled_in_a_call_ends_after_it_and_one_that_ends_may_call() {
    let program = compile_with("cancel", Language::C99, &OWN_TRANSPORT, &[]).expect("there is a C compiler");
    let emulator = Emulator::start(Options::default()).expect("the emulator starts");
    let silent = format!("http://127.0.0.1:{}/v2", silent());
    let answers = format!("http://127.0.0.1:{}/subscription/v2", emulator.port());
    let output = command(&program).args([silent, answers]).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_service_that_takes_nothing_in_is_a_timeout() {
    let milliseconds = limit().as_millis().to_string();
    let url = format!("http://127.0.0.1:{}/v2", silent());
    let environment = [("XQ_API_KEY", "general"), ("XQ_SUBSCRIPTION_URL", &url)];
    let its_own = Driver::start(environment);
    let over_the_examples_transport = Driver::start([&environment[..], &[("DRIVER_TRANSPORT", "1")]].concat());
    for mut driver in [its_own, over_the_examples_transport] {
        driver.call(&["read_environment"]).ok();
        driver.call(&["timeout_ms", &milliseconds]).ok();
        driver.call(&["open"]).ok();
        driver.call(&["set_access_token", "held"]).ok();
        // More than the system takes in where nobody reads. Most of the time goes into making it, so none is measured.
        let key = "k".repeat(7 * 1024 * 1024);
        let outcome = driver.call(&["create_packet", &key, "a@b.c,"]);
        outcome.failed("XQ_TIMEOUT", "");
    }
}

/// A gzip stream of about 250 times its length: blanks.
fn bomb() -> Vec<u8> {
    // One block of fixed codes: a blank, and then again and again "the last byte, 258 times" (13 bits).
    let mut bits: Vec<bool> = "110".bytes().chain("01010000".bytes()).map(|bit| bit == b'1').collect();
    for _ in 0..600_000 {
        bits.extend("1100010100000".bytes().map(|bit| bit == b'1'));
    }
    let bytes = bits.chunks(8).map(|byte| {
        let bits = byte.iter().enumerate();
        bits.fold(0, |byte, (place, bit)| byte | u8::from(*bit) << place)
    });
    let head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03".iter().copied();
    head.chain(bytes).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded_by_the_largest_reply() {
    const KIB: usize = 1024;
    const LARGEST: usize = 16 * 1024 * KIB;
    if under_valgrind() || sanitized() {
        eprintln!("SKIPPED: the memory is that of valgrind or a sanitizer, which keep what is freed");
        return;
    }
    let mut bench = Bench::new(&[]);
    let operation = operations::named("get_packet");
    bench.works(operation, "nothing");
    let before = bench.driver.peak_memory();
    let now = Duration::ZERO;
    let bomb = bomb();
    let packed = format!("content-encoding: gzip\r\ncontent-length: {}\r\n\r\n", bomb.len());
    let packed = [format!("HTTP/1.1 200 x\r\n{packed}").into_bytes(), bomb].concat();
    let unparsed = Failure::new("XQ_PROTOCOL", 0, "");
    let mut grown_by = |fault| {
        bench.strike(operation, 0, fault);
        bench.driver.peak_memory() - before
    };

    let grown = grown_by(fault(
        "HTTP/1.1 200 x\r\n",
        Then::Repeat(b"x: y\r\n".repeat(999), now),
        unparsed,
    ));
    assert!(grown < 512 * KIB, "an endless head took {grown} bytes");
    let announced = format!("HTTP/1.1 200 x\r\ncontent-length: {}\r\n\r\n", LARGEST);
    let grown = grown_by(fault(announced, Then::Close, CUT));
    assert!(
        grown < 6 * 1024 * KIB,
        "a reply that only announces its length took {grown} bytes"
    );
    let grown = grown_by(fault(
        packed,
        Then::Keep,
        Failure::new("XQ_PROTOCOL", 200, "is not UTF-8 text"),
    ));
    assert!(grown < 8 * 1024 * KIB, "a gzip bomb took {grown} bytes");
    let chunk = [b"10000\r\n".as_slice(), &[b'x'; 0x10000], b"\r\n"].concat();
    let grown = grown_by(fault(
        "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n",
        Then::Repeat(chunk, now),
        Failure::new("XQ_PROTOCOL", 200, "is larger than 16777216 bytes"),
    ));
    eprintln!(
        "an endless body took {:.2} times the largest reply",
        grown as f64 / LARGEST as f64
    );
    assert!(grown < 3 * LARGEST, "an endless body took {grown} bytes");

    let many = r#"{"":0},"#.repeat(LARGEST / 8);
    let body = format!(r#"{{"id":7,"more":[{many}0],"sub":[{{}}]}}"#);
    assert!(body.len() < LARGEST);
    bench.answer(reply(200, &body));
    bench.driver.call(&["get_subscriber"]).ok();
    let grown = bench.driver.peak_memory() - before;
    // The reply, and its text for the caller.
    assert!(grown < 4 * LARGEST, "fields that nobody asked for took {grown} bytes");
}
