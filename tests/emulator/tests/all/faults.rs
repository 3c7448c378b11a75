//! The fault switch: each fault as a client sees it, and where and how often it strikes.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::client::{GENERAL_KEY, Xq};
use serde_json::json;
use xq_emulator::{Action, Emulator, Fault, Options};

/// An emulator with one fault, from the command line's form.
fn broken(spec: &str) -> Xq {
    let xq = Xq::start();
    xq.emulator.fault(spec.parse().unwrap()).unwrap();
    xq
}

/// A request on a connection of its own, sent but not yet answered.
fn asked(xq: &Xq) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", xq.emulator.port())).unwrap();
    let request = format!("GET /subscription/v2/apikey HTTP/1.1\r\nHost: localhost\r\napi-key: {GENERAL_KEY}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

/// All that comes until the connection ends.
fn whole(mut stream: TcpStream) -> Vec<u8> {
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).unwrap();
    reply
}

/// All that comes until nothing more does.
fn until_silence(mut stream: TcpStream) -> Vec<u8> {
    stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let mut reply = Vec::new();
    let error = stream.read_to_end(&mut reply).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        "{error}"
    );
    reply
}

#[test]
fn close_ends_the_connection_before_a_reply() {
    assert_eq!(whole(asked(&broken("*=close"))), b"");
}

#[test]
fn stall_never_answers() {
    assert_eq!(until_silence(asked(&broken("*=stall"))), b"");
}

#[test]
fn cut_ends_in_the_middle_of_the_body() {
    let reply = String::from_utf8(whole(asked(&broken("*=cut")))).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("HTTP/1.1 200 OK\r\n") && head.contains("content-length: 64"),
        "{head}"
    );
    assert!(!body.is_empty() && body.len() < 64, "{body}");
}

#[test]
fn cut_keeps_the_length_of_a_longer_reply() {
    let xq = Xq::start();
    let whole_length = xq.ask("jane@example.com").len();
    xq.emulator
        .fault("subscription/authorize=cut".parse().unwrap())
        .unwrap();
    let body = r#"{"user":"joan@example.com"}"#;
    let head = format!("POST /subscription/v2/authorize HTTP/1.1\r\nHost: x\r\napi-key: {GENERAL_KEY}");
    let reply = xq.raw(&format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()));
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("content-length: {whole_length}")), "{head}");
    assert_eq!(body.len(), whole_length / 2);
    assert!(
        xq.emulator.pin("joan@example.com").is_some(),
        "the service had the request"
    );
}

#[test]
fn cut_breaks_a_reply_that_has_no_body_too() {
    let xq = Xq::start();
    let token = xq.sign_in("jane@example.com");
    xq.emulator
        .fault("subscription/authorization=cut".parse().unwrap())
        .unwrap();
    let head = format!("DELETE /subscription/v2/authorization HTTP/1.1\r\nHost: x\r\napi-key: {GENERAL_KEY}");
    let reply = xq.raw(&format!("{head}\r\nauthorization: Bearer {token}\r\n\r\n"));
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("HTTP/1.1 200 OK\r\n") && head.contains("content-length: 64"),
        "{head}"
    );
    assert_eq!(body, "");
    assert_eq!(
        xq.get("subscription/subscriber", &token).status,
        401,
        "the service had the request"
    );
}

#[test]
fn stall_body_stays_in_the_middle_of_the_body() {
    let reply = String::from_utf8(until_silence(asked(&broken("*=stall-body")))).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("HTTP/1.1 200 OK\r\n") && !body.is_empty() && body.len() < 64,
        "{reply}"
    );
}

#[test]
fn drip_comes_byte_by_byte() {
    let xq = broken("*=drip");
    let mut stream = asked(&xq);
    let mut reply = Vec::new();
    let mut byte = [0];
    while !reply.ends_with(b"\r\n\r\n1\r\na\r\n1\r\na\r\n") {
        stream.read_exact(&mut byte).unwrap();
        reply.push(byte[0]);
    }
    assert!(reply.starts_with(b"HTTP/1.1 200 OK\r\n"));
}

#[test]
fn endless_replies_do_not_end() {
    for (spec, sign) in [
        ("*=endless-head", "x-more: and more\r\n"),
        ("*=endless-body", "aaaaaaaa"),
    ] {
        let xq = broken(spec);
        let mut reply = vec![0; 4 * 1024 * 1024];
        asked(&xq).read_exact(&mut reply).unwrap();
        let reply = String::from_utf8(reply).unwrap();
        assert!(reply.starts_with("HTTP/1.1 200 OK\r\n") && reply[1024..].contains(sign));
        assert_eq!(reply.contains("\r\n\r\n"), spec == "*=endless-body");
    }
}

#[test]
fn raw_replaces_the_reply() {
    assert_eq!(whole(asked(&broken("*=raw:HTTP/1.1 2"))), b"HTTP/1.1 2");
}

#[test]
fn nonsense_is_a_200_that_is_not_text() {
    let xq = broken("*=nonsense");
    let reply = asked(&xq);
    let mut buffer = [0; 1024];
    let length = (&reply).read(&mut buffer).unwrap();
    assert!(buffer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    assert!(std::str::from_utf8(&buffer[..length]).is_err());
}

#[test]
fn a_redirect_names_the_other_host() {
    let xq = broken("*=redirect:http://elsewhere.example/x");
    let response = xq.agent.get(xq.url("subscription/apikey")).call().unwrap();
    assert_eq!(response.status(), 307);
    assert_eq!(response.headers()["location"], "http://elsewhere.example/x");
}

#[test]
fn a_status_comes_with_body_and_fields_or_without() {
    let xq = broken("*=status:503");
    let answer = xq.get("subscription/apikey", "");
    assert_eq!((answer.status, answer.text.as_str()), (503, ""));
    xq.emulator.clear_faults();

    let fault =
        json!({ "on": "*", "do": { "reply": { "status": 429, "body": "slow", "headers": { "Retry-After": "3" } } } });
    assert_eq!(xq.post("admin/faults", "", fault).status, 204);
    let mut response = xq.agent.get(xq.url("subscription/apikey")).call().unwrap();
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["retry-after"], "3");
    assert_eq!(response.body_mut().read_to_string().unwrap(), "slow");
}

#[test]
fn a_delayed_reply_is_the_services_own() {
    let xq = broken("*=delay:300");
    let start = Instant::now();
    let asked = xq.ask("jane@example.com");
    assert!(start.elapsed() >= Duration::from_millis(300));
    assert_eq!(xq.get("subscription/exchange", &asked).status, 403);
}

#[test]
fn a_faulted_request_never_reaches_the_service() {
    let xq = broken("subscription/authorize=close");
    let body = br#"{"user":"jane@example.com"}"#;
    xq.send("POST", "subscription/authorize", &[("api-key", GENERAL_KEY)], body)
        .unwrap_err();
    assert_eq!(xq.emulator.pin("jane@example.com"), None);
}

#[test]
fn a_fault_strikes_where_it_is_set_only() {
    let xq = broken("subscription/apikey=status:500");
    assert_eq!(xq.get("subscription/apikey", "").status, 500);
    assert_eq!(xq.get("subscription/apikey?x=y", "").status, 500);
    assert_eq!(xq.get("subscription/time", "").status, 200);

    let xq = broken("subscription/a*=status:500");
    assert_eq!(xq.get("subscription/apikey", "").status, 500);
    assert_eq!(xq.get("subscription/authorize", "").status, 500);
    assert_eq!(xq.get("subscription/time", "").status, 200);

    let xq = broken("quantum/*=status:500");
    assert_eq!(xq.get("quantum/", "").status, 500);

    let xq = broken("*=status:500");
    for call in ["subscription/time", "validation/key/x", "dashboard/x", "quantum/"] {
        assert_eq!(xq.get(call, "").status, 500, "{call}");
    }
    for call in ["admin/clock", "admin/mail", "admin/faults"] {
        assert_eq!(xq.get(call, "").status, 200, "{call}");
    }
}

#[test]
fn a_fault_lasts_as_long_as_it_was_told() {
    let xq = Xq::start();
    let reply = |status| Action::Reply {
        status,
        body: None,
        headers: Default::default(),
    };
    let faults = [(reply(500), Some(2)), (reply(502), Some(1))];
    for (action, count) in faults {
        xq.emulator
            .fault(Fault {
                on: "*".to_owned(),
                action,
                count,
            })
            .unwrap();
    }
    let statuses: Vec<u16> = (0..4).map(|_| xq.get("subscription/apikey", "").status).collect();
    assert_eq!(statuses, [500, 500, 502, 200]);

    xq.emulator.fault("*=status:500".parse().unwrap()).unwrap();
    assert!((0..10).all(|_| xq.get("subscription/apikey", "").status == 500));
    let hits: Vec<_> = xq
        .get("admin/faults", "")
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["hits"].clone())
        .collect();
    assert_eq!(hits, [2, 1, 10]);
    assert_eq!(xq.call("DELETE", "admin/faults", "", None).status, 204);
    assert_eq!(xq.get("subscription/apikey", "").status, 200);
    assert_eq!(xq.get("admin/faults", "").json(), json!([]));
}

#[test]
fn a_connection_survives_faults_that_are_proper_replies() {
    let xq = Xq::start();
    xq.emulator
        .fault(r#"{"on":"*","count":1,"do":"nonsense"}"#.parse().unwrap())
        .unwrap();
    let one = "GET /subscription/v2/apikey HTTP/1.1\r\nHost: x\r\napi-key: general-key\r\n";
    let replies = xq.raw(&format!("{one}\r\n{one}Connection: close\r\n\r\n"));
    assert_eq!(replies.matches("HTTP/1.1 200 OK").count(), 2, "{replies}");
    assert!(replies.contains(r#""status":"OK""#));
}

#[test]
fn faults_that_make_no_sense_are_refused() {
    let flaws = [
        ("close", "ON=ACTION"),
        ("*=explode", "no action"),
        ("*=status", "number"),
        ("*=status:99", "HTTP status"),
        ("*=status:100", "HTTP status"),
        ("*=status:600", "HTTP status"),
        ("*=status:many", "number"),
        ("*=delay:-1", "number"),
        ("*=close:1", "no action"),
        ("*=redirect", "no action"),
        ("*=redirect:http://x/\r\n", "redirect"),
        ("subscripton/*=close", "no service"),
        ("admin/*=close", "no service"),
        ("apikey=close", "no service"),
        ("=close", "no service"),
        (r#"{"on":"*"}"#, "do"),
        (r#"{"on":"*","do":"close","cuont":1}"#, "cuont"),
        (r#"{"on":"*","do":"close","count":0}"#, "count"),
        (
            r#"{"on":"*","do":{"reply":{"status":200,"headers":{"a b":"c"}}}}"#,
            "a b",
        ),
        (r#"{"on":"*","do":{"reply":{"status":200,"bdy":""}}}"#, "bdy"),
        (
            r#"{"on":"*","do":{"reply":{"status":200,"headers":{"Content-Length":"9"}}}}"#,
            "raw",
        ),
    ];
    let xq = Xq::start();
    for (spec, word) in flaws {
        let why = spec.parse::<Fault>().unwrap_err();
        assert!(why.contains(word), "{spec}: {why}");
        if spec.starts_with('{') {
            let answer = xq.send("POST", "admin/faults", &[], spec.as_bytes()).unwrap();
            assert!(answer.refused(400).contains(word), "{spec}: {answer:?}");
        }
    }
    assert_eq!(xq.get("admin/faults", "").json(), json!([]));
    let bad = Fault {
        on: "nowhere".to_owned(),
        action: Action::Close,
        count: None,
    };
    assert!(xq.emulator.fault(bad.clone()).is_err());
    assert!(
        Emulator::start(Options {
            faults: vec![bad],
            ..Options::default()
        })
        .is_err()
    );
}
