//! Making key packets, alone and many at once, in each form that SDKs send.

use serde_json::{Value, json};

use crate::client::{GENERAL_KEY, Xq};

const JANE: &str = "jane@example.com";

/// An emulator, and Jane's access token.
fn jane() -> (Xq, String) {
    let xq = Xq::start();
    let token = xq.sign_in(JANE);
    (xq, token)
}

fn one(key: &str) -> Value {
    json!({ "meta": { "subject": null, "title": null, "labels": null }, "type": "msg",
        "recipients": ["joe@example.com"], "expires": 24, "key": key })
}

fn fetch(xq: &Xq, token: &str, locator: &str) -> String {
    xq.get(&format!("validation/key/{locator}"), token).ok()
}

fn is_locator(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// The keys and locators of a reply to many, in its order.
fn pairs(reply: &Value) -> Vec<(String, String)> {
    let pair = |token: &Value| {
        let token = token.as_object().unwrap();
        assert_eq!(token.len(), 1);
        let (key, locator) = token.iter().next().unwrap();
        (key.clone(), locator.as_str().unwrap().to_owned())
    };
    reply["tokens"].as_array().unwrap().iter().map(pair).collect()
}

#[test]
fn one_key_gives_a_random_locator() {
    let (xq, token) = jane();
    let [first, second] = [0, 1].map(|_| xq.post("subscription/packet/add", &token, one("secret")).ok());
    assert!(is_locator(&first) && is_locator(&second), "{first} {second}");
    assert_ne!(first, second);
    assert_eq!(fetch(&xq, &token, &first), "secret");
}

#[test]
fn a_packet_is_encrypted_and_found_only_once_it_is_stored() {
    let (xq, token) = jane();
    let body = json!({ "meta": { "subject": null }, "type": 3, "recipients": ["joe@example.com"], "expires": 24,
        "key": "open secret" });
    let [packet, again] = [0, 1].map(|_| xq.post("subscription/packet", &token, body.clone()).ok());
    assert_ne!(packet, again);
    let bytes = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, &packet).unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains("open secret"));
    assert_eq!(xq.get("admin/keys", "").json(), json!([]));

    let bearer = format!("Bearer {token}");
    let quoted = format!("\"{packet}\"");
    for (content_type, body) in [
        ("application/json", &packet),
        ("text/plain", &packet),
        ("application/json", &quoted),
    ] {
        let headers = [
            ("api-key", GENERAL_KEY),
            ("authorization", &bearer),
            ("content-type", content_type),
        ];
        let locator = xq
            .send("POST", "validation/packet", &headers, body.as_bytes())
            .unwrap()
            .ok();
        assert!(is_locator(&locator));
        assert_eq!(fetch(&xq, &token, &locator), "open secret");
    }

    let mut changed = packet.clone().into_bytes();
    changed[40] = if changed[40] == b'A' { b'B' } else { b'A' };
    let of_another = jane();
    let of_another = of_another.0.post("subscription/packet", &of_another.1, body).ok();
    for wrong in [
        String::from_utf8(changed).unwrap(),
        of_another,
        packet[..packet.len() - 4].to_owned(),
        "c2VhbGVk".to_owned(),
    ] {
        let headers = [("api-key", GENERAL_KEY), ("authorization", bearer.as_str())];
        let answer = xq
            .send("POST", "validation/packet", &headers, wrong.as_bytes())
            .unwrap();
        assert!(answer.refused(400).contains("packet is not valid"));
    }
    assert!(
        xq.call("POST", "validation/packet", &token, None)
            .refused(400)
            .contains("packet is not valid")
    );
}

#[test]
fn many_keys_keep_their_order() {
    let (xq, token) = jane();
    let keys = ["b", "a", "b", "\"quoted\"", "☃ ключ", "a,b", " ", "b"];
    let mut body = one("x");
    body.as_object_mut().unwrap().remove("key");
    body["type"] = 5.into();
    body["keys"] = json!(keys);
    let reply = xq.post("subscription/packet/add", &token, body).json();
    let pairs = pairs(&reply);
    assert_eq!(pairs.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), keys);
    let locators: std::collections::BTreeSet<_> = pairs.iter().map(|(_, locator)| locator).collect();
    assert_eq!(locators.len(), keys.len());
    for (key, locator) in &pairs {
        let text = fetch(&xq, &token, locator);
        // What begins with a quotation mark would be misread bare.
        let meant = if key.starts_with('"') {
            serde_json::from_str(&text).unwrap()
        } else {
            text
        };
        assert_eq!(meant, *key);
    }
}

#[test]
fn ten_thousand_keys_go_in_one_request() {
    let (xq, token) = jane();
    let keys: Vec<String> = (0..10_000).map(|n| format!(".1{n:0>60}")).collect();
    let body = json!({ "meta": { "subject": null, "meta": null }, "type": 5, "recipients": [JANE], "expires": 24, "keys": keys });
    let pairs = pairs(&xq.post("subscription/packet/add", &token, body).json());
    assert!(pairs.iter().map(|(key, _)| key).eq(&keys));
    let locators: Vec<_> = pairs.into_iter().map(|(_, locator)| locator).collect();
    let exported = xq.post("validation/keys", &token, json!(locators)).json();
    assert_eq!(exported["exported"].as_array().unwrap().len(), 10_000);
    assert_eq!(exported["exported"][9_999][&locators[9_999]], keys[9_999]);
}

#[test]
fn rows_have_terms_of_their_own() {
    let (xq, token) = jane();
    let row = |key: &str, expires: Value, unit: Value| {
        json!({ "type": "database", "meta": { "title": key }, "key": key, "recipients": [JANE],
            "expires": expires, "unit": unit })
    };
    let rows = [
        row("k0", json!(3), json!("days")),
        row("k1", json!(90), json!("minutes")),
        row("k2", Value::Null, Value::Null),
        row("k3", json!(2), json!("Hour")),
        row("k3", json!(1), json!("years")),
        row("k4", json!(0.5), json!("hours")),
    ];
    let pairs = pairs(
        &xq.post("subscription/packet/batch", &token, json!({ "entries": rows }))
            .json(),
    );
    let lives = [3 * 86_400, 90 * 60, 86_400, 2 * 3_600, 365 * 86_400, 1_800];
    for (n, ((key, locator), life)) in pairs.iter().zip(lives).enumerate() {
        assert_eq!(rows[n]["key"], *key);
        let left = xq.get(&format!("validation/expiration/{locator}"), &token).json()["expiresOn"]
            .as_i64()
            .unwrap();
        assert!((life - 60..=life).contains(&left), "{key}: {left}");
    }
    assert_eq!(xq.get("admin/keys", "").json()[1]["meta"], json!({ "title": "k1" }));
}

#[test]
fn a_batch_is_stored_whole_or_not_at_all() {
    let (xq, token) = jane();
    let mut bad = one("k2");
    bad["unit"] = "fortnights".into();
    let why = xq
        .post(
            "subscription/packet/batch",
            &token,
            json!({ "entries": [one("k1"), bad] }),
        )
        .refused(400);
    assert!(
        why.starts_with("entries[1]: unit") && why.contains("fortnights"),
        "{why}"
    );
    assert!(
        xq.post("subscription/packet/batch", &token, json!({ "entries": [] }))
            .refused(400)
            .contains("entries")
    );
    assert!(
        xq.post("subscription/packet/batch", &token, json!({}))
            .refused(400)
            .contains("entries")
    );
    assert_eq!(xq.get("admin/keys", "").json(), json!([]));
}

#[test]
fn everything_arrives_as_it_was_given() {
    let (xq, token) = jane();
    let meta =
        json!({ "subject": "Quarter \"4\" – draft\n", "title": "Quarter \"4\" – draft\n", "labels": ["cui", ""] });
    let mut body = one("\u{feff}κλειδί\r\n\t\\");
    body["meta"] = meta.clone();
    body["type"] = 3.into();
    body["recipients"] = json!(["Joe@Example.com", "team@group.local", "device-7@alias.local"]);
    let locator = xq.post("subscription/packet/add", &token, body).ok();
    assert_eq!(fetch(&xq, &token, &locator), "\u{feff}κλειδί\r\n\t\\");
    let shown = &xq.get("admin/keys", "").json()[0];
    assert_eq!(shown["meta"], meta);
    assert_eq!(shown["type"], 3);
    assert_eq!(shown["owner"], JANE);
    assert_eq!(shown["locator"], locator);
    assert_eq!(
        shown["recipients"],
        json!(["Joe@Example.com", "team@group.local", "device-7@alias.local"])
    );
    assert!(!shown.to_string().contains("κλειδί"));
}

#[test]
fn recipients_may_be_one_text_with_commas() {
    let (xq, token) = jane();
    let mut body = one("k");
    body["recipients"] = "joe@example.com, joan@example.com,team@group.local".into();
    let locator = xq.post("subscription/packet/add", &token, body).ok();
    for user in ["joe@example.com", "joan@example.com"] {
        assert_eq!(fetch(&xq, &xq.sign_in(user), &locator), "k");
    }
}

#[test]
fn what_makes_no_packet_is_refused_in_a_sentence() {
    let (xq, token) = jane();
    let cases = [
        ("recipients", json!([]), "recipients is empty"),
        ("recipients", json!(""), "no address"),
        ("recipients", json!(["joe@example.com", ""]), "no address"),
        ("recipients", json!("joe@example.com,,joan@example.com"), "no address"),
        ("recipients", json!(["joe"]), "\"joe\""),
        ("recipients", json!([7]), "recipients is a list"),
        ("recipients", json!([[]]), "recipients is empty"),
        ("recipients", json!([["joe"]]), "\"joe\""),
        ("recipients", json!([[["joe@example.com"]]]), "recipients is a list"),
        ("recipients", json!([null]), "recipients is a list"),
        ("recipients", json!(["555-2671"]), "no address"),
        ("recipients", json!(["+1 (555) 555-2671 ext. 5"]), "no address"),
        ("recipients", json!(["xq.private"]), "no address"),
        ("recipients", json!(["@alias.local"]), "no address"),
        ("expires", json!(0), "expires"),
        ("expires", json!(-1), "expires"),
        ("expires", json!("24"), "string"),
        ("type", json!("mgs"), "mgs"),
        ("type", json!(-1), "type"),
        ("type", json!([]), "type"),
        ("meta", json!(5), "meta is an object"),
        ("keys", json!(["k"]), "Both"),
        ("key", json!(""), "key is empty"),
        ("key", json!(7), "integer"),
        ("key", Value::Null, "key"),
    ];
    for (field, value, word) in cases {
        let mut body = one("k");
        body[field] = value.clone();
        for call in ["packet", "packet/add", "packet/batch"] {
            let body = if call == "packet/batch" {
                json!({ "entries": [body] })
            } else {
                body.clone()
            };
            let why = xq.post(&format!("subscription/{call}"), &token, body).refused(400);
            assert!(why.contains(word), "{call} {field} {value}: {why}");
        }
    }
    let mut many = one("k");
    many.as_object_mut().unwrap().remove("key");
    for (keys, word) in [
        (json!([]), "keys is empty"),
        (json!(["a", ""]), "key is empty"),
        (json!("a"), "sequence"),
    ] {
        many["keys"] = keys;
        assert!(
            xq.post("subscription/packet/add", &token, many.clone())
                .refused(400)
                .contains(word)
        );
    }
    assert_eq!(xq.get("admin/keys", "").json(), json!([]));
}

#[test]
fn only_an_access_token_makes_packets() {
    let xq = Xq::start();
    let asked = xq.ask(JANE);
    for call in [
        "subscription/packet",
        "subscription/packet/add",
        "subscription/packet/batch",
        "validation/packet",
    ] {
        assert_eq!(xq.post(call, "", one("k")).refused(401), "No token came with this call");
        assert_eq!(
            xq.post(call, "garbage", one("k")).refused(401),
            "The token is not known"
        );
        assert!(xq.post(call, &asked, one("k")).refused(401).contains("an access token"));
    }
}

#[test]
fn packets_of_php_are_taken() {
    let (xq, token) = jane();
    let body = json!({ "recipients": ["joe@example.com"], "key": "k", "meta": [], "type": "other", "onetime": true });
    let locator = xq.post("subscription/packet/add", &token, body).ok();
    let shown = &xq.get("admin/keys", "").json()[0];
    assert_eq!(
        (&shown["meta"], &shown["type"], &shown["dor"]),
        (&json!({}), &json!("other"), &json!(true))
    );
    let joe = xq.sign_in("joe@example.com");
    let read = || xq.get(&format!("validation/key/{locator}"), &joe).status;
    assert_eq!([read(), read()], [200, 410]);
    let mut full = one("k");
    full["meta"] = json!([1]);
    assert!(
        xq.post("subscription/packet/add", &token, full)
            .refused(400)
            .contains("meta is an object")
    );
}

#[test]
fn members_get_the_key_by_the_short_spelling_of_their_group() {
    let (xq, token) = jane();
    xq.emulator.set_group("17", &["joe@example.com"]).unwrap();
    let body = json!({ "recipients": ["17@_"], "key": "k" });
    let locator = xq.post("subscription/packet/add", &token, body).ok();
    assert_eq!(fetch(&xq, &xq.sign_in("joe@example.com"), &locator), "k");
    let other = xq.sign_in("joan@example.com");
    assert_eq!(xq.get(&format!("validation/key/{locator}"), &other).status, 403);
}
