//! Replies that are refusals or make no sense, to every request of every operation: each gives its status and a
//! sentence, is sent once, and leaves the handle usable. What goes wrong below HTTP is in `sockets/faults.rs`.

use std::env;
use std::net::TcpListener;
use std::sync::Mutex;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

use crate::driver::{Driver, Outcome};
use crate::operations::{self, Body, Exchange, HELD, Operation, WON, give_tokens};
use crate::recorder::{Play, Recorder, reply};

/// What a request is answered in place of a good reply, and what becomes of the call.
pub struct Fault {
    pub what: String,
    pub play: Play,
    /// `None`: it works all the same.
    pub failure: Option<Failure>,
}

#[derive(Clone, Copy)]
pub struct Failure {
    pub status: &'static str,
    pub http_status: u16,
    pub words: &'static str,
    /// Seconds; -1 where the reply does not say.
    pub retry_after: i32,
}

impl Failure {
    pub fn new(status: &'static str, http_status: u16, words: &'static str) -> Failure {
        Failure {
            status,
            http_status,
            words,
            retry_after: -1,
        }
    }
}

/// A driver with a handle, and the service that it talks to.
pub struct Bench {
    pub driver: Driver,
    pub recorder: Recorder,
    pub script: Sender<Play>,
}

impl Bench {
    /// A bench whose handle is made after these commands.
    pub fn new(settings: &[[&str; 2]]) -> Bench {
        let (recorder, script) = Recorder::scripted();
        let driver = Driver::open(recorder.environment());
        let mut bench = Bench {
            driver,
            recorder,
            script,
        };
        // The first call is the longest, and a time limit may be among the commands.
        bench.works(operations::named("server_time"), "nothing");
        for command in [&[["close", ""]], settings, &[["open", ""]]].concat() {
            bench.driver.call(&command).ok();
        }
        bench
    }

    pub fn answer(&self, play: impl Into<Play>) {
        self.script.send(play.into()).expect("the recorder listens");
    }

    /// Makes the call, its request `index` under `fault`, and then a good one; gives the time that the first took.
    pub fn strike(&mut self, operation: &Operation, index: usize, fault: Fault) -> Duration {
        let what = format!("{}, request {index}, {}", operation.name(), fault.what);
        let before = self.recorder.count();
        for exchange in &operation.exchanges[..index] {
            self.answer(exchange.good());
        }
        self.answer(fault.play);
        give_tokens(&mut self.driver);
        let started = Instant::now();
        let outcome = self.driver.call(&operation.call());
        let took = started.elapsed();
        match fault.failure {
            Some(failure) => {
                self.has_failed(&what, &outcome, failure, operation.announces(index));
                self.tells_whether_it_was_done(&what, &outcome, operation, index);
            }
            None => assert_eq!(outcome.status, "XQ_OK", "{what}: {}", outcome.message),
        }
        assert_eq!(self.recorder.count() - before, index + 1, "{what}: sent once");
        self.works(operation, &what);
        took
    }

    fn has_failed(&mut self, what: &str, outcome: &Outcome, failure: Failure, is_signed_in: bool) {
        let message = &outcome.message;
        assert_eq!(outcome.status, failure.status, "{what}: {message}");
        assert_eq!(outcome.http_status, failure.http_status, "{what}: {message}");
        assert!(
            message.contains(failure.words) && !message.contains(char::is_control),
            "{what}: '{message}' does not say '{}'",
            failure.words
        );
        let passes = matches!(failure.status, "XQ_NETWORK" | "XQ_TIMEOUT" | "XQ_SERVER")
            || matches!(failure.http_status, 408 | 429);
        assert_eq!(outcome.can_retry, passes && !is_signed_in, "{what}");
        // A device that is signed in keeps its token where it is only not announced.
        assert_eq!(outcome.out.is_some(), is_signed_in, "{what}");
        assert_eq!(message.contains("but not announced"), is_signed_in, "{what}: {message}");
        let held = if is_signed_in { WON } else { HELD };
        assert_eq!(
            self.driver.call(&["get_access_token"]).ok().as_deref(),
            Some(held),
            "{what}"
        );
        let retry_after = self.driver.call(&["last_retry_after"]).ok();
        assert_eq!(retry_after, Some(failure.retry_after.to_string()), "{what}");
    }

    /// The error tells whether the call was carried out, and of which request it came.
    fn tells_whether_it_was_done(&mut self, what: &str, outcome: &Outcome, operation: &Operation, index: usize) {
        const NOT_SENT: u8 = 0;
        const REFUSED: u8 = 1;
        const UNKNOWN: u8 = 2;
        const DONE: u8 = 3;
        let told = self.driver.call(&["last_outcome"]).ok().expect("it is told");
        let words: Vec<&str> = told.split(' ').collect();
        let changes = |exchange: &Exchange| !exchange.request.starts_with("GET ");
        let is_part_done = operation.exchanges[..index].iter().any(changes);
        let only_led_up = !operation.exchanges[..=index].iter().any(changes) && operation.exchanges.iter().any(changes);
        let is_page = outcome.message.contains("is a page in HTML") || what.contains("content-type: text/html");
        let expected: &[u8] = match outcome.http_status {
            300..=499 if only_led_up => &[REFUSED],
            _ if only_led_up => &[NOT_SENT],
            200..=299 if is_page => &[UNKNOWN],
            0 if matches!(outcome.status.as_str(), "XQ_CRYPTO" | "XQ_FILE") => &[DONE],
            200..=299 if is_part_done => &[DONE, UNKNOWN],
            200..=299 => &[DONE],
            300..=499 if !is_part_done => &[REFUSED],
            _ => &[UNKNOWN],
        };
        // The sentence agrees.
        let is_unanswered = outcome.http_status == 0 && matches!(outcome.status.as_str(), "XQ_TIMEOUT" | "XQ_NETWORK");
        assert_eq!(
            outcome.message.contains("the request may have been carried out"),
            is_unanswered && !only_led_up,
            "{what}: {}",
            outcome.message
        );
        let number = words[0].parse().expect("it is a number");
        assert!(expected.contains(&number), "{what}: {told}, expected {expected:?}");
        assert!(
            words[1].ends_with(operation.name()) && words[2] != "0",
            "{what}: {told}"
        );
    }

    /// The handle goes on: the same operation, or where that works with RSA, a quicker one.
    pub fn works(&mut self, operation: &Operation, after: &str) {
        let operation = match operation.exchanges.len() {
            1 => operation,
            _ => operations::named("server_time"),
        };
        give_tokens(&mut self.driver);
        self.answer(operation.exchanges[0].good());
        let outcome = self.driver.call(&operation.call());
        assert_eq!(outcome.status, "XQ_OK", "after {after}: {}", outcome.message);
    }
}

/// Does `work` with each operation, some at a time, each with a bench of its own.
pub fn with_each_operation(at_a_time: usize, settings: &[[&str; 2]], work: impl Fn(&mut Bench, &Operation) + Sync) {
    // The last are the longest.
    let operations = Mutex::new(operations::all().iter().rev());
    thread::scope(|scope| {
        for _ in 0..at_a_time {
            scope.spawn(|| {
                let mut bench = Bench::new(settings);
                bench.works(operations::named("server_time"), "nothing");
                #[cfg(target_os = "linux")]
                let files = bench.driver.open_files();
                let next = || operations.lock().expect("no worker panicked here").next();
                while let Some(operation) = next() {
                    work(&mut bench, operation);
                    #[cfg(target_os = "linux")]
                    assert!(
                        bench.driver.open_files() <= files,
                        "{} leaves sockets open",
                        operation.name()
                    );
                }
            });
        }
    });
}

/// Strikes each request of each operation with each fault.
///
/// Under valgrind, where a call takes twenty times as long, with every eighth, and its neighbour with the next ones.
pub fn strike_all(settings: &[[&str; 2]], faults: impl Fn(&Exchange) -> Vec<Fault> + Sync) {
    with_each_operation(4, settings, |bench, operation| {
        for (index, exchange) in operation.exchanges.iter().enumerate() {
            for fault in faults(exchange)
                .into_iter()
                .skip(skipped(operation, index))
                .step_by(step())
            {
                bench.strike(operation, index, fault);
            }
        }
    });
}

pub fn under_valgrind() -> bool {
    env::var_os("XQ_TEST_VALGRIND").is_some()
}

/// Each how many-th fault is played.
pub fn step() -> usize {
    if under_valgrind() { 8 } else { 1 }
}

/// How many faults come before the first of a request.
pub fn skipped(operation: &Operation, index: usize) -> usize {
    let place = operations::all().iter().position(|one| one.name() == operation.name());
    (place.expect("it is one of them") + index) % step()
}

/// A reply with one more header field.
fn reply_with(status: u16, field: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} x\r\n{field}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[test]
fn a_refusal_gives_its_status_and_the_services_words() {
    const STATUSES: [(u16, &str); 9] = [
        (400, "XQ_REJECTED"),
        (401, "XQ_UNAUTHORIZED"),
        (403, "XQ_REJECTED"),
        (404, "XQ_REJECTED"),
        (408, "XQ_REJECTED"),
        (409, "XQ_REJECTED"),
        (429, "XQ_REJECTED"),
        (500, "XQ_SERVER"),
        (503, "XQ_SERVER"),
    ];
    strike_all(&[], |exchange| {
        let mut faults = Vec::new();
        // Who is registered already has not failed to sign up.
        let is_none = |status| status == 409 && exchange.request.ends_with("/signup");
        for (http_status, status) in STATUSES.into_iter().filter(|(status, _)| !is_none(*status)) {
            let bodies = [
                (r#"{"status":"the reason"}"#, ": the reason"),
                ("the\r\nreason", ": the  reason"),
                (r#""the reason""#, ": the reason"),
                ("[1,2]", "(HTTP "),
                ("", "(HTTP "),
            ];
            for (body, words) in bodies {
                let mut failure = Failure::new(status, http_status, words);
                let play = match http_status {
                    429 | 503 => {
                        failure.retry_after = 17;
                        reply_with(http_status, "retry-after: 17", body.as_bytes())
                    }
                    _ => reply(http_status, body),
                };
                faults.push(Fault {
                    what: format!("{http_status} with '{body}'"),
                    play: play.into(),
                    failure: Some(failure),
                });
            }
        }
        let date = "retry-after: Wed, 21 Oct 2026 07:28:00 GMT";
        faults.push(Fault {
            what: "a date to try again at".into(),
            play: reply_with(503, date, b"").into(),
            failure: Some(Failure::new("XQ_SERVER", 503, "(HTTP 503)")),
        });
        let deep = reply(403, &"[".repeat(100_000));
        faults.push(Fault {
            what: "403 with deep JSON".into(),
            play: deep.into(),
            failure: Some(Failure::new("XQ_REJECTED", 403, "(HTTP 403)")),
        });
        faults.push(Fault {
            what: "a success that no call has".into(),
            play: reply(206, "abc").into(),
            failure: Some(Failure::new("XQ_PROTOCOL", 206, "(HTTP 206)")),
        });
        faults
    });
}

#[test]
fn a_redirect_is_not_followed_and_nobody_else_hears_of_it() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let location = format!("location: http://{}/", elsewhere.local_addr().expect("it is bound"));
    strike_all(&[], |_| {
        let redirect = |status| Fault {
            what: format!("{status}"),
            play: reply_with(status, &location, b"").into(),
            failure: Some(Failure::new("XQ_PROTOCOL", status, "redirect, which is never followed")),
        };
        [300, 301, 302, 303, 307, 308].map(redirect).into()
    });
    elsewhere.set_nonblocking(true).expect("it can be asked");
    assert!(elsewhere.accept().is_err(), "somebody followed");
}

#[test]
fn a_page_in_html_is_no_reply_but_where_the_text_itself_is_asked_for() {
    let page = "<html>Please accept our terms</html>";
    strike_all(&[], |exchange| {
        let takes_any = exchange.request.ends_with("/devapps");
        let answered = |field: &str, status: u16, body: &str| Fault {
            what: format!("{status} with {field}"),
            play: reply_with(status, field, body.as_bytes()).into(),
            failure: (!takes_any).then_some(Failure::new("XQ_PROTOCOL", status, "is a page in HTML")),
        };
        if exchange.status == 204 {
            let mut nothing = answered("content-type: text/html", 204, "");
            nothing.failure = None;
            let mut portal = answered("content-type: text/html", 200, page);
            portal.failure = Some(Failure::new("XQ_PROTOCOL", 200, ""));
            return vec![nothing, portal];
        }
        vec![
            answered("content-type: text/html", exchange.status, page),
            // Nothing but the type tells.
            answered(
                "Content-Type:Text/HTML; charset=utf-8",
                exchange.status,
                &exchange.reply,
            ),
            answered("content-type: application/xhtml+xml", exchange.status, &exchange.reply),
        ]
    });
}

#[test]
fn text_of_another_type_is_a_reply() {
    let mut bench = Bench::new(&[]);
    for name in [
        "",
        "text/plain",
        "text/htmlx",
        "x-text/html",
        "application/xml; x=text/html",
        "html",
    ] {
        for operation in ["get_packet", "validate_api_key"].map(operations::named) {
            let fault = Fault {
                what: format!("the type '{name}'"),
                play: reply_with(200, &format!("content-type: {name}"), b"<html>").into(),
                failure: None,
            };
            bench.strike(operation, 0, fault);
        }
    }
}

#[test]
fn a_body_that_makes_no_sense_is_told() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let packed = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff";
    strike_all(&[], |exchange| {
        let fault = |what: &str, play: Vec<u8>, failure: Option<(&'static str, &'static str)>| Fault {
            what: what.into(),
            play: play.into(),
            failure: failure.map(|(status, words)| match (exchange.body, status) {
                // It is what was to be opened that does not open.
                (Body::Key, "XQ_CRYPTO") => Failure::new(status, 0, words),
                _ => Failure::new(status, exchange.status, words),
            }),
        };
        let of_text = match exchange.body {
            Body::Ignored | Body::Text => None,
            Body::Word | Body::Json => Some(("XQ_PROTOCOL", "the reply of the ")),
            Body::Sealed => Some(("XQ_CRYPTO", "")),
            Body::Key => Some(("XQ_CRYPTO", "the key is another one")),
        };
        let of_bytes = match exchange.body {
            Body::Ignored => None,
            _ => Some(("XQ_PROTOCOL", "is not UTF-8 text")),
        };
        // Those of no body have none to make sense of.
        if exchange.status == 204 {
            return vec![];
        }
        // An object is looked for before text is.
        let of_bytes = match exchange.body {
            Body::Json => of_text,
            _ => of_bytes,
        };
        vec![
            fault("not JSON", reply(exchange.status, "not JSON"), of_text),
            fault("deep JSON", reply(exchange.status, &deep), of_text),
            fault("bytes", reply_with(exchange.status, "x: y", b"\xff\xfe\x00"), of_bytes),
            fault(
                "gzip that nobody asked for",
                reply_with(exchange.status, "content-encoding: gzip", packed),
                of_bytes,
            ),
        ]
    });
}
