//! Starting, stopping, the environment, the admin address.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::client::{GENERAL_KEY, Xq, agent};
use serde_json::json;
use xq_emulator::{Emulator, Options, World};

#[test]
fn two_emulators_share_nothing() {
    let [one, other] = [Xq::start(), Xq::start()];
    assert_ne!(one.emulator.port(), other.emulator.port());
    let asked = one.ask("jane@example.com");
    assert_eq!(other.emulator.pin("jane@example.com"), None);
    assert_eq!(
        other.get("subscription/exchange", &asked).refused(401),
        "The token is not known"
    );
}

#[test]
fn a_stopped_emulator_is_gone_with_its_connections() {
    let mut xq = Xq::start();
    let port = xq.emulator.port();
    let mut open = TcpStream::connect(("127.0.0.1", port)).unwrap();
    open.write_all(b"GET /admin/clock HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    assert!(open.read(&mut [0; 4096]).unwrap() > 0);
    xq.emulator.stop();
    assert_eq!(open.read(&mut [0; 4096]).unwrap_or(0), 0);
    TcpStream::connect(("127.0.0.1", port)).unwrap_err();
    xq.emulator.stop();
}

#[test]
fn the_next_emulator_takes_the_same_port_at_once() {
    let mut xq = Xq::start();
    let options = Options {
        port: xq.emulator.port(),
        ..Options::default()
    };
    let asked = xq.ask("jane@example.com");

    // Forgetting everything.
    xq.emulator.stop();
    xq.emulator = Emulator::start(options.clone()).unwrap();
    assert_eq!(
        xq.get("subscription/exchange", &asked).refused(401),
        "The token is not known"
    );

    // Going on where the other stopped.
    let asked = xq.ask("joe@example.com");
    let world: World = xq.emulator.world();
    xq.emulator.stop();
    xq.emulator = Emulator::start_with(options, world).unwrap();
    assert_eq!(xq.get("subscription/exchange", &asked).refused(403), "Not validated");
    assert!(xq.emulator.pin("joe@example.com").is_some());
}

#[test]
fn a_taken_port_and_unusable_keys_are_refused() {
    let xq = Xq::start();
    let taken = Options {
        port: xq.emulator.port(),
        ..Options::default()
    };
    let why = Emulator::start(taken).err().unwrap().to_string();
    assert!(
        why.contains(&format!("port {} of 127.0.0.1: ", xq.emulator.port())),
        "{why}"
    );
    for key in ["", "with blank", "line\nbreak", "schlüssel"] {
        let key = key.to_owned();
        assert!(
            Emulator::start(Options {
                api_key: key.clone(),
                ..Options::default()
            })
            .is_err()
        );
        assert!(
            Emulator::start(Options {
                dashboard_key: Some(key.clone()),
                ..Options::default()
            })
            .is_err()
        );
        assert!(
            Emulator::start(Options {
                locator_key: key,
                ..Options::default()
            })
            .is_err()
        );
    }
}

#[test]
fn the_environment_leads_to_the_services() {
    let options = Options {
        api_key: "one".to_owned(),
        ..Options::default()
    };
    let emulator = Emulator::start(options).unwrap();
    let env = emulator.env();
    let names: Vec<_> = env.iter().map(|(name, _)| name.as_str()).collect();
    let expected = "XQ_API_KEY XQ_DASHBOARD_API_KEY XQ_LOCATOR_KEY XQ_SUBSCRIPTION_URL XQ_VALIDATION_URL \
                    XQ_DASHBOARD_URL XQ_QUANTUM_URL XQ_EMULATOR_ADMIN";
    assert_eq!(names.join(" "), expected);
    let value = |name| &env.iter().find(|(found, _)| found == name).unwrap().1;
    assert_eq!(value("XQ_API_KEY"), "one");
    let url = format!("{}/apikey", value("XQ_SUBSCRIPTION_URL"));
    assert_eq!(agent().get(url).header("api-key", "one").call().unwrap().status(), 200);
    let url = format!("{}/clock", value("XQ_EMULATOR_ADMIN"));
    assert_eq!(agent().get(url).call().unwrap().status(), 200);
}

#[test]
fn a_service_may_be_a_host() {
    let xq = Xq::start();
    let get = |host: &str, path: &str| {
        let head =
            format!("GET {path} HTTP/1.1\r\nHost: {host}\r\napi-key: {GENERAL_KEY}\r\nConnection: close\r\n\r\n");
        xq.raw(&head)[..12].to_owned()
    };
    let port = xq.emulator.port();
    assert_eq!(
        get(&format!("subscription.localhost:{port}"), "/v2/apikey"),
        "HTTP/1.1 200"
    );
    assert_eq!(get("Subscription.localhost", "/v2/apikey"), "HTTP/1.1 200");
    assert_eq!(get("validation.localhost", "/v2/apikey"), "HTTP/1.1 404");
    assert_eq!(get("subscription.localhost", "/apikey"), "HTTP/1.1 404");
    assert_eq!(get("other.localhost", "/v2/apikey"), "HTTP/1.1 404");
    assert_eq!(get("localhost", "/v2/apikey"), "HTTP/1.1 404");
    assert_eq!(get("validation.localhost", "/subscription/v2/apikey"), "HTTP/1.1 200");
}

#[test]
fn mail_is_at_the_admin_address() {
    let xq = Xq::start();
    assert_eq!(xq.get("admin/mail?user=jane@example.com", "").json(), json!([]));
    for user in ["jane@example.com", "joe@example.com", "jane@example.com"] {
        xq.ask(user);
    }
    let all = xq.get("admin/mail", "").json();
    assert_eq!(all.as_array().unwrap().len(), 3);
    let of_jane = xq.get("admin/mail?user=jane%40example.com", "").json();
    assert_eq!(of_jane, json!([all[0], all[2]]));
    assert_eq!(
        of_jane[1]["pin"].as_str(),
        xq.emulator.pin("jane@example.com").as_deref()
    );
    assert_eq!(of_jane[1]["user"], "jane@example.com");
}

#[test]
fn the_clock_moves_both_ways() {
    let xq = Xq::start();
    let before = xq.get("admin/clock", "").json()["now"].as_i64().unwrap();
    let moved = |seconds: i64| xq.post("admin/clock", "", json!({ "advance_seconds": seconds }));
    let after = moved(86_400).json()["now"].as_i64().unwrap();
    assert!((before + 86_400..before + 86_500).contains(&after));
    let back = moved(-86_400).json()["now"].as_i64().unwrap();
    assert!((before..before + 100).contains(&back));

    assert!(moved(i64::MAX).refused(400).contains("out of reach"));
    assert!(!xq.emulator.advance(i64::MIN));
    assert!(
        xq.post("admin/clock", "", json!({ "seconds": 1 }))
            .refused(400)
            .contains("seconds")
    );
    assert!(xq.emulator.now() < before + 100);
}

#[test]
fn connections_are_kept_and_can_be_closed() {
    let xq = Xq::start();
    let mut kept = TcpStream::connect(("127.0.0.1", xq.emulator.port())).unwrap();
    let mut buffer = [0; 4096];
    for _ in 0..2 {
        kept.write_all(b"GET /admin/clock HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .unwrap();
        assert!(kept.read(&mut buffer).unwrap() > 0);
    }
    assert_eq!(xq.call("DELETE", "admin/connections", "", None).status, 204);
    assert_eq!(kept.read(&mut buffer).unwrap(), 0);
    assert_eq!(xq.get("admin/clock", "").status, 200);
}

#[test]
fn a_body_may_be_large_but_not_any_size() {
    let xq = Xq::start();
    let name = "x".repeat(20 * 1024 * 1024);
    xq.post(
        "subscription/authorize",
        "",
        json!({ "user": "jane@example.com", "firstName": name }),
    )
    .ok();
    let head = format!("POST /subscription/v2/authorize HTTP/1.1\r\nHost: x\r\napi-key: {GENERAL_KEY}");
    let reply = xq.raw(&format!("{head}\r\ncontent-length: {}\r\n\r\n", 64 * 1024 * 1024 + 1));
    assert!(reply.starts_with("HTTP/1.1 413"), "{reply}");
    let reply = xq.raw(&format!("{head}\r\ntransfer-encoding: chunked\r\n\r\nno number\r\n"));
    assert!(reply.starts_with("HTTP/1.1 400") && reply.contains("whole"), "{reply}");
}
