//! The list of requests at the admin address: what a program really sent.

use serde_json::{Value, json};

use crate::client::{GENERAL_KEY, Xq};

fn listed(xq: &Xq, query: &str) -> Vec<Value> {
    serde_json::from_str(&xq.get(&format!("admin/requests{query}"), "").ok()).unwrap()
}

#[test]
fn what_was_asked_is_listed_with_what_came_of_it() {
    let xq = Xq::start();
    let secret = "A".repeat(43);
    xq.call("GET", "subscription/codevalidation?pin=004217&x=1", GENERAL_KEY, None);
    xq.call("GET", &format!("validation/key/{secret}"), "wrong", None);
    xq.emulator.fault("quantum=status:503".parse().unwrap()).unwrap();
    xq.get("quantum/?ks=8", "");
    let all = listed(&xq, "");
    let shown: Vec<Value> = all
        .iter()
        .map(|row| {
            json!([
                row["number"],
                row["service"],
                row["method"],
                row["path"],
                row["status"],
                row["fault"]
            ])
        })
        .collect();
    assert_eq!(
        shown,
        [
            json!([1, "subscription", "GET", "codevalidation?pin=0…&x=1", 401, null]),
            json!([2, "validation", "GET", "key/AAAA…", 401, null]),
            json!([3, "quantum", "GET", "?ks=8", 503, "reply"]),
        ]
    );
    assert!(all.iter().all(|row| row["ms"].is_u64()));
    assert_eq!(listed(&xq, "?service=quantum"), all[2..]);
    assert_eq!(listed(&xq, "?status=401"), all[..2]);
    assert!(listed(&xq, "?status=401&service=quantum").is_empty());
    assert_eq!(xq.get("admin/requests?status=x", "").status, 400);
    assert_eq!(
        xq.emulator.requests().len(),
        3,
        "the admin address is not in its own list"
    );

    assert_eq!(xq.call("DELETE", "admin/requests", "", None).status, 204);
    assert!(listed(&xq, "").is_empty());
    xq.get("quantum/", "");
    assert_eq!(listed(&xq, "")[0]["number"], 4, "they are counted on");
}

#[test]
fn a_request_without_a_reply_is_listed_too() {
    let xq = Xq::start();
    xq.emulator.fault("*=close".parse().unwrap()).unwrap();
    let key = format!("GET /subscription/v2/time HTTP/1.1\r\nHost: x\r\napi-key: {GENERAL_KEY}\r\n\r\n");
    assert_eq!(xq.raw(&key), "");
    let row = &listed(&xq, "")[0];
    assert_eq!(
        json!([row["status"], row["ms"], row["fault"]]),
        json!([null, null, "close"])
    );
}

#[test]
fn the_last_thousand_are_kept() {
    let xq = Xq::start();
    for _ in 0..1001 {
        xq.get("quantum/?ks=4", "");
    }
    let all = listed(&xq, "");
    assert_eq!((all.len(), all[0]["number"].as_u64()), (1000, Some(2)));
}
