//! Pages in a browser: every one may call the services, none but the emulator's own the admin address.

use crate::client::{GENERAL_KEY, Xq};

const JANE: &str = r#"{"user":"jane@example.com"}"#;
const ASKED: &str = "Origin: https://example.com\r\nAccess-Control-Request-Method: PATCH\r\n\
                     Access-Control-Request-Headers: api-key,authorization,x-other\r\n";

/// A request with these header fields, each with the end of its line.
fn send(xq: &Xq, method: &str, path: &str, fields: &str, body: &str) -> String {
    let length = body.len();
    xq.raw(&format!(
        "{method} {path} HTTP/1.1\r\n{fields}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    ))
    .to_ascii_lowercase()
}

fn is_open(reply: &str) -> bool {
    let (head, _) = reply.split_once("\r\n\r\n").unwrap_or((reply, ""));
    let fields = head
        .lines()
        .filter(|line| line.starts_with("access-control-allow-origin:"));
    fields.collect::<Vec<_>>() == ["access-control-allow-origin: *"]
}

#[test]
fn a_preflight_lets_all_through_that_it_asks_for() {
    let xq = Xq::start();
    xq.emulator.fault("*=status:500".parse().unwrap()).unwrap();
    let paths = [
        "/subscription/v2/settings",
        "/validation/v2/key/x",
        "/dashboard/v2/certificate",
        "/quantum/v2?ks=1",
        "/subscription/v2/no/such/call",
    ];
    for path in paths {
        let reply = send(&xq, "OPTIONS", path, &format!("Host: x\r\n{ASKED}"), "");
        assert!(reply.starts_with("http/1.1 204") && is_open(&reply), "{path}: {reply}");
        assert!(reply.contains("\naccess-control-allow-methods: patch\r"), "{reply}");
        let headers = "\naccess-control-allow-headers: api-key,authorization,x-other\r";
        assert!(reply.contains(headers), "{reply}");
    }
    let by_host = format!("Host: validation.localhost\r\n{ASKED}");
    let reply = send(&xq, "OPTIONS", "/v2/keys", &by_host, "");
    assert!(reply.starts_with("http/1.1 204") && is_open(&reply), "{reply}");
}

#[test]
fn what_is_no_preflight_needs_a_key_and_a_call() {
    let xq = Xq::start();
    let path = "/subscription/v2/apikey";
    let reply = send(&xq, "OPTIONS", path, "Host: x\r\n", "");
    assert!(reply.starts_with("http/1.1 401"), "{reply}");
    let keyed = format!("Host: x\r\n{ASKED}api-key: {GENERAL_KEY}\r\n");
    let reply = send(&xq, "OPTIONS", path, &keyed, "");
    assert!(reply.starts_with("http/1.1 405"), "{reply}");
    let reply = send(&xq, "GET", path, &format!("Host: x\r\n{ASKED}"), "");
    assert!(reply.starts_with("http/1.1 401"), "{reply}");
}

#[test]
fn every_page_may_read_every_reply_of_a_service() {
    let xq = Xq::start();
    let keyed = format!("Host: x\r\napi-key: {GENERAL_KEY}\r\n");
    let replies = [
        ("POST", "/subscription/v2/authorize", keyed.as_str(), JANE, 200),
        ("POST", "/subscription/v2/authorize", &keyed, "{", 400),
        ("GET", "/validation/v2/key/x", "Host: x\r\n", "", 401),
        ("GET", "/quantum/v2/?ks=8", "Host: x\r\n", "", 200),
        ("GET", "/validation/v2/nothing", &keyed, "", 404),
        ("GET", "/subscription/v2/authorize", &keyed, "", 405),
    ];
    for (method, path, fields, body, status) in replies {
        let reply = send(&xq, method, path, fields, body);
        assert!(reply.starts_with(&format!("http/1.1 {status}")), "{path}: {reply}");
        assert!(is_open(&reply), "{path}: {reply}");
    }
    let long = xq.raw("POST /subscription/v2/authorize HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n");
    assert!(
        long.starts_with("HTTP/1.1 413") && is_open(&long.to_ascii_lowercase()),
        "{long}"
    );
}

#[test]
fn replies_of_faults_are_open_too() {
    let xq = Xq::start();
    let keyed = format!("Host: x\r\napi-key: {GENERAL_KEY}\r\n");
    for fault in [
        "status:503",
        "redirect:http://127.0.0.1:1/",
        "nonsense",
        "cut",
        "delay:1",
    ] {
        xq.emulator.clear_faults();
        xq.emulator.fault(format!("*={fault}").parse().unwrap()).unwrap();
        let reply = send(&xq, "GET", "/subscription/v2/apikey", &keyed, "");
        assert!(is_open(&reply), "{fault}: {reply}");
    }
    xq.emulator.clear_faults();
    let own = r#"{"do":{"reply":{"status":200,"headers":{"Access-Control-Allow-Origin":"null"}}}}"#;
    xq.emulator.fault(own.parse().unwrap()).unwrap();
    let reply = send(&xq, "GET", "/subscription/v2/apikey", &keyed, "");
    assert!(
        reply.contains("access-control-allow-origin: null\r") && !is_open(&reply),
        "{reply}"
    );
}

#[test]
fn the_admin_address_answers_to_this_computers_names_alone() {
    let xq = Xq::start();
    let port = xq.emulator.port();
    let get = |fields: &str| send(&xq, "GET", "/admin/mail", fields, "");
    let own = format!("127.0.0.1:{port}");
    let good = ["127.0.0.1", "localhost", "LocalHost:1", "[::1]:65535", &own];
    for host in good {
        let reply = get(&format!("Host: {host}\r\n"));
        assert!(reply.starts_with("http/1.1 200"), "{host}: {reply}");
        assert!(!reply.contains("access-control"), "{reply}");
    }
    let rebound = format!("rebound.example.com:{port}");
    let bad = [
        rebound.as_str(),
        "",
        "localhost.example.com",
        "127.0.0.1.example.com",
        "127.0.0.1:x",
        "127.0.0.1:70000",
        "127.0.0.2",
        "xlocalhost",
        "subscription.localhost",
        "user@localhost",
    ];
    for host in bad {
        let reply = get(&format!("Host: {host}\r\n"));
        assert!(
            reply.starts_with("http/1.1 403") && reply.contains("hosts 127.0.0.1"),
            "{host}: {reply}"
        );
        assert!(!reply.contains("access-control"), "{reply}");
    }
    assert!(get("").starts_with("http/1.1 403"));
}

#[test]
fn the_admin_address_answers_to_no_foreign_page() {
    let xq = Xq::start();
    let port = xq.emulator.port();
    let ask = |method: &str, origin: &str| {
        let fields = format!("Host: 127.0.0.1:{port}\r\nOrigin: {origin}\r\n");
        send(&xq, method, "/admin/faults", &fields, "")
    };
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let reply = ask("GET", &format!("http://{host}:{port}"));
        assert!(
            reply.starts_with("http/1.1 200") && !reply.contains("access-control"),
            "{reply}"
        );
    }
    xq.emulator.fault("*=close".parse().unwrap()).unwrap();
    let bad = [
        "https://example.com".to_owned(),
        "null".to_owned(),
        String::new(),
        "http://localhost".to_owned(),
        format!("http://localhost:{}", port - 1),
        format!("https://localhost:{port}"),
        format!("http://example.com:{port}"),
        format!("http://subscription.localhost:{port}"),
    ];
    for origin in bad {
        let reply = ask("DELETE", &origin);
        assert!(
            reply.starts_with("http/1.1 403") && reply.contains("another origin"),
            "{origin}: {reply}"
        );
        assert!(!reply.contains("access-control"), "{reply}");
    }
    let fields = format!("Host: 127.0.0.1:{port}\r\n{ASKED}");
    let reply = send(&xq, "OPTIONS", "/admin/faults", &fields, "");
    assert!(
        reply.starts_with("http/1.1 403") && !reply.contains("access-control"),
        "{reply}"
    );
    let faults = xq.get("admin/faults", "").json();
    assert_eq!(faults.as_array().unwrap().len(), 1);
}
