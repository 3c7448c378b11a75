//! Sign-in, as the protocol describes it.

use crate::client::{GENERAL_KEY, Xq};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

#[test]
fn a_user_signs_in() {
    let xq = Xq::start();
    let answer = xq.get("subscription/apikey", "").ok();
    assert_eq!(answer, r#"{"scopes":["authorize","packet"],"status":"OK"}"#);

    let body = json!({ "user": "jane@example.com", "newsletter": true, "notifications": 3, "firstName": "Jane", "lastName": "Doe" });
    let asked = xq.post("subscription/authorize", "", body).ok();
    let pin = xq.emulator.pin("jane@example.com").unwrap();
    assert_eq!(
        xq.get(&format!("subscription/codevalidation?pin={pin}"), &asked).status,
        204
    );
    let access = xq.get("subscription/exchange?selector=False", &asked).ok();
    assert_ne!(access, asked);

    let jane = json!([{ "id": 1, "user": "jane@example.com", "newsletter": true, "notifications": 3, "firstName": "Jane", "lastName": "Doe" }]);
    assert_eq!(xq.get("admin/subscribers", "").json(), jane);

    // Asking alone changes nothing: anybody can ask.
    xq.ask("jane@example.com");
    xq.ask("joe@example.com");
    assert_eq!(xq.get("admin/subscribers", "").json(), jane);
}

#[test]
fn an_unknown_api_key_is_refused_on_every_call() {
    let xq = Xq::start();
    for call in ["apikey", "time", "exchange", "codevalidation?pin=1", "no-such-call"] {
        let call = format!("subscription/{call}");
        for headers in [
            &[][..],
            &[("api-key", "other")],
            &[("api-key", "")],
            &[("api-key", "dashboard-key")],
        ] {
            let why = xq.send("GET", &call, headers, &[]).unwrap().refused(401);
            assert_eq!(why, "Failed to locate API key");
        }
    }
    let body = br#"{"user":"jane@example.com"}"#;
    let answer = xq
        .send("POST", "subscription/authorize", &[("api-key", "general-key2")], body)
        .unwrap();
    assert_eq!(answer.status, 401);
    assert_eq!(xq.emulator.pin("jane@example.com"), None);
}

#[test]
fn a_pin_is_six_digits_and_may_begin_with_a_zero() {
    let xq = Xq::start();
    for n in 0.. {
        let user = format!("user{n}@example.com");
        let asked = xq.ask(&user);
        let pin = xq.emulator.pin(&user).unwrap();
        assert!(pin.len() == 6 && pin.bytes().all(|b| b.is_ascii_digit()), "{pin}");
        // The Python SDK sends it as a number.
        if pin.starts_with('0') {
            let validate = |pin: &str| xq.get(&format!("subscription/codevalidation?pin={pin}"), &asked);
            for wrong in [&format!("0{pin}"), "", "%2B1", "0"] {
                assert_eq!(validate(wrong).refused(401), "Invalid code", "{wrong}");
            }
            let number: u32 = pin.parse().unwrap();
            assert_eq!(validate(&number.to_string()).status, 204);
            assert_eq!(validate(&number.to_string()).status, 401);
            break;
        }
    }
}

#[test]
fn a_pin_works_once() {
    let xq = Xq::start();
    let asked = xq.ask("jane@example.com");
    let call = format!(
        "subscription/codevalidation?pin={}",
        xq.emulator.pin("jane@example.com").unwrap()
    );
    assert_eq!(xq.get(&call, &asked).status, 204);
    assert_eq!(xq.get(&call, &asked).refused(401), "Invalid code");
    // What it was good for stays.
    xq.get("subscription/exchange", &asked).ok();
}

#[test]
fn a_pin_works_for_the_one_who_asked_only() {
    let xq = Xq::start();
    let [jane, joe] = ["jane@example.com", "joe@example.com"].map(|user| xq.ask(user));
    let of_jane = format!(
        "subscription/codevalidation?pin={}",
        xq.emulator.pin("jane@example.com").unwrap()
    );
    if xq.emulator.pin("jane@example.com") != xq.emulator.pin("joe@example.com") {
        assert_eq!(xq.get(&of_jane, &joe).refused(401), "Invalid code");
    }
    assert_eq!(xq.get(&of_jane, "").refused(401), "No token came with this call");
    assert_eq!(xq.get(&of_jane, "garbage").refused(401), "The token is not known");
    assert_eq!(xq.get(&of_jane, &jane).status, 204);
}

#[test]
fn a_wrong_pin_is_refused_and_the_right_one_still_works() {
    let xq = Xq::start();
    let asked = xq.ask("jane@example.com");
    let pin = xq.emulator.pin("jane@example.com").unwrap();
    let other = if pin == "000001" { "000002" } else { "000001" };
    for wrong in [other, "", "1", "0000000", &format!("{pin}0"), &format!("%20{pin}")] {
        let answer = xq.get(&format!("subscription/codevalidation?pin={wrong}"), &asked);
        assert_eq!(answer.text, r#"{"status":"Invalid code"}"#);
        assert_eq!(answer.status, 401);
    }
    assert!(
        xq.get("subscription/codevalidation", &asked)
            .refused(400)
            .contains("pin")
    );
    assert_eq!(
        xq.get(&format!("subscription/codevalidation?pin={pin}"), &asked).status,
        204
    );
}

#[test]
fn there_is_no_exchange_before_the_pin_is_validated() {
    let xq = Xq::start();
    let asked = xq.ask("jane@example.com");
    let answer = xq.get("subscription/exchange?selector=False", &asked);
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (403, r#"{"status":"Not validated"}"#)
    );
    assert_eq!(
        xq.get("subscription/exchange", "").refused(401),
        "No token came with this call"
    );
    assert_eq!(
        xq.get("subscription/exchange", "garbage").refused(401),
        "The token is not known"
    );
}

#[test]
fn an_exchange_may_name_a_business_and_select() {
    let xq = Xq::start();
    let asked = validated(&xq);
    for query in [
        "",
        "?selector=False",
        "?selector=True",
        "?selector=true&b=17",
        "?b=%E2%98%83",
    ] {
        let claims = claims(&xq.get(&format!("subscription/exchange{query}"), &asked).ok());
        let business = match query {
            "?selector=true&b=17" => json!("17"),
            "?b=%E2%98%83" => json!("☃"),
            _ => Value::Null,
        };
        assert_eq!(claims["business"], business);
    }
    assert!(
        xq.get("subscription/exchange?selector=perhaps", &asked)
            .refused(400)
            .contains("selector")
    );
    assert!(
        xq.get("subscription/exchange?b=", &asked)
            .refused(400)
            .contains("business")
    );
}

#[test]
fn tokens_look_like_jwts_and_never_come_twice() {
    let xq = Xq::start();
    let asked = validated(&xq);
    let mut tokens = vec![asked.clone(), xq.ask("jane@example.com"), xq.ask("jäne☃@example.com")];
    tokens.extend((0..3).map(|_| xq.get("subscription/exchange", &asked).ok()));
    for token in &tokens {
        assert!(
            token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)),
            "{token}"
        );
        assert_eq!(token.split('.').count(), 3);
        assert_eq!(claims(token)["jti"].as_str().unwrap().len(), 22);
    }
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 6);
}

#[test]
fn a_token_tells_whose_it_is() {
    let xq = Xq::start();
    let asked = validated(&xq);
    let access = xq.get("subscription/exchange", &asked).ok();
    for token in [&asked, &access, &xq.get("subscription/delegate", &access).ok()] {
        let claims = claims(token);
        assert_eq!(
            (&claims["sub"], &claims["iss"]),
            (&json!("jane@example.com"), &Value::Null)
        );
    }
    let alias = xq
        .post("subscription/authorizealias", "", json!({ "user": "device-7" }))
        .ok();
    assert_eq!(claims(&alias)["sub"], "device-7@alias.local");
    let dashboard = claims(&xq.emulator.dashboard_token("jane@example.com").unwrap());
    assert_eq!(
        (&dashboard["sub"], &dashboard["iss"]),
        (&json!("jane@example.com"), &json!("dashboard"))
    );
}

#[test]
fn tokens_expire_by_the_emulators_clock() {
    let xq = Xq::start();
    let asked = validated(&xq);
    assert!(xq.emulator.advance(59 * 60));
    xq.get("subscription/exchange", &asked).ok();
    assert!(xq.emulator.advance(60));
    assert_eq!(
        xq.get("subscription/exchange", &asked).refused(401),
        "The token has expired"
    );
}

#[test]
fn an_access_token_is_no_pre_authorization_token() {
    let xq = Xq::start();
    let access = xq.get("subscription/exchange", &validated(&xq)).ok();
    for call in ["exchange", "codevalidation?pin=123456"] {
        let why = xq.get(&format!("subscription/{call}"), &access).refused(401);
        assert!(why.contains("pre-authorization token"), "{why}");
    }
}

#[test]
fn a_placeholder_token_before_sign_in_is_ignored() {
    let xq = Xq::start();
    for token in ["placeholder", "None", "a.b.c"] {
        xq.get("subscription/apikey", token).ok();
        xq.get("subscription/time", token).ok();
        xq.post("subscription/authorize", token, json!({ "user": "jane@example.com" }))
            .ok();
    }
}

#[test]
fn header_names_come_in_any_case_and_without_the_blank() {
    let xq = Xq::start();
    let asked = validated(&xq);
    for fields in [
        format!("API-KEY:{GENERAL_KEY}\r\nAUTHORIZATION:Bearer {asked}"),
        format!("Api-Key: {GENERAL_KEY}\r\nAuthorization:Bearer {asked}"),
        format!("api-key: {GENERAL_KEY}\r\nauthorization: bearer   {asked}"),
    ] {
        let reply = xq.raw(&format!(
            "GET /subscription/v2/exchange HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{fields}\r\n\r\n"
        ));
        assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    }
    let reply = xq.raw(&format!(
        "GET /subscription/v2/exchange HTTP/1.1\r\nHost: x\r\nConnection: close\r\napi-key: {GENERAL_KEY}\r\n\
         authorization: Bearer{asked}\r\n\r\n"
    ));
    assert!(reply.starts_with("HTTP/1.1 401"), "{reply}");
}

#[test]
fn what_is_not_told_again_stays() {
    let xq = Xq::start();
    let sign_in = |body: Value| {
        let asked = xq.post("subscription/authorize", "", body).ok();
        let pin = xq.emulator.pin("jane@example.com").unwrap();
        xq.get(&format!("subscription/codevalidation?pin={pin}"), &asked).ok();
    };
    let shown = || xq.get("admin/subscribers", "").json();
    let all = json!({ "user": "jane@example.com", "firstName": "Jane", "lastName": "Doe", "newsletter": true,
        "notifications": 3 });
    sign_in(all);
    let before = shown();
    sign_in(json!({ "user": "jane@example.com" }));
    assert_eq!(shown(), before);
    sign_in(json!({ "user": "jane@example.com", "lastName": "Roe", "newsletter": false }));
    let after = &shown()[0];
    assert_eq!(after["firstName"], "Jane");
    assert_eq!(after["lastName"], "Roe");
    assert_eq!(
        (&after["newsletter"], &after["notifications"]),
        (&json!(false), &json!(3))
    );

    let alias = |body: Value| xq.post("subscription/authorizealias", "", body).ok();
    alias(json!({ "user": "device-7", "firstName": "Seven", "lastName": "" }));
    alias(json!({ "user": "device-7" }));
    assert_eq!(shown()[0]["firstName"], "Seven");
}

#[test]
fn a_head_request_has_no_effect() {
    let xq = Xq::start();
    let asked = xq.ask("jane@example.com");
    let pin = xq.emulator.pin("jane@example.com").unwrap();
    let validate = format!("subscription/codevalidation?pin={pin}");
    assert_eq!(xq.call("HEAD", &validate, &asked, None).status, 405);
    xq.get(&validate, &asked).ok();
}

#[test]
fn a_list_is_no_request() {
    let xq = Xq::start();
    for (call, list) in [
        ("subscription/authorize", json!(["jane@example.com"])),
        ("subscription/authorizealias", json!(["device-7"])),
        ("admin/clock", json!([60])),
    ] {
        assert!(xq.post(call, "", list).refused(400).contains("object"), "{call}");
    }
    let token = xq.sign_in("jane@example.com");
    let row = json!([{}, null, ["joe@example.com"], 1, "days", null, "k", null]);
    for (call, list) in [
        ("subscription/packet/batch", json!({ "entries": [row] })),
        ("subscription/combined", json!([[token]])),
    ] {
        assert!(xq.post(call, &token, list).refused(400).contains("object"), "{call}");
    }
}

#[test]
fn a_bad_request_is_told_what_is_wrong() {
    let xq = Xq::start();
    let authorize = |body: &str| {
        let answer = xq.send(
            "POST",
            "subscription/authorize",
            &[("api-key", GENERAL_KEY)],
            body.as_bytes(),
        );
        answer.unwrap().refused(400)
    };
    for user in [
        "",
        "jane",
        "@example.com",
        "jane@",
        "jane@a@b",
        "jane doe@example.com",
        "team@group.local",
        "Device-7@Alias.local",
        "sensor@42.trusted.local",
        "sensor@1.certificate.local",
        "jane@example.com\\nBcc:x",
    ] {
        assert_eq!(authorize(&format!(r#"{{"user":"{user}"}}"#)), "Bad email");
    }
    assert!(authorize("{}").contains("user"));
    assert!(authorize(r#"{"user":7}"#).contains("expected a string"));
    assert!(authorize(r#"{"user":"jane@example.com","notifications":4}"#).contains("notifications"));
    assert!(authorize(r#"{"user":"jane@example.com","newsletter":"yes"}"#).contains("boolean"));
    for broken in ["", "{", "jane@example.com", "[]", "{\"user\":\"\u{0}\"}"] {
        let answer = xq
            .send(
                "POST",
                "subscription/authorize",
                &[("api-key", GENERAL_KEY)],
                broken.as_bytes(),
            )
            .unwrap();
        assert!(answer.refused(400).starts_with("The body is not the JSON"), "{broken}");
    }
    assert_eq!(xq.get("admin/mail", "").json(), json!([]));
    assert!(xq.get("subscription/nothing", "").refused(404).contains("nothing"));
    assert!(xq.get("subscription/authorize", "").refused(405).contains("GET"));
    assert!(xq.get("elsewhere/apikey", "").refused(404).contains("elsewhere"));
}

#[test]
fn the_time_is_whole_seconds_by_the_emulators_clock() {
    let xq = Xq::start();
    let before = xq.emulator.now();
    assert!(xq.emulator.advance(1_000_000));
    let time: i64 = xq.get("subscription/time", "").ok().parse().unwrap();
    assert!((before + 1_000_000..before + 1_000_100).contains(&time));
}

/// A pre-authorization token whose PIN is validated.
fn validated(xq: &Xq) -> String {
    let asked = xq.ask("jane@example.com");
    let pin = xq.emulator.pin("jane@example.com").unwrap();
    xq.get(&format!("subscription/codevalidation?pin={pin}"), &asked).ok();
    asked
}

fn claims(token: &str) -> Value {
    let claims = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

#[test]
fn an_exchange_for_xq_is_the_plain_exchange() {
    let xq = Xq::start();
    let token = xq.get("subscription/exchange?request=xq", &validated(&xq)).ok();
    assert_eq!(
        xq.get("subscription/subscriber", &token).json()["user"],
        "jane@example.com"
    );
    let unvalidated = xq.ask("joe@example.com");
    assert_eq!(
        xq.get("subscription/exchange?request=xq", &unvalidated).refused(403),
        "Not validated"
    );
}

#[test]
fn javascript_spells_the_newsletter_in_its_own_way() {
    let xq = Xq::start();
    let body = json!({"user": "jane@example.com", "newsLetter": true});
    let asked = xq.post("subscription/authorize", "", body).ok();
    let pin = xq.emulator.pin("jane@example.com").unwrap();
    xq.get(&format!("subscription/codevalidation?pin={pin}"), &asked).ok();
    let access = xq.get("subscription/exchange", &asked).ok();
    let settings = xq.get("subscription/settings", &access).ok();
    assert!(settings.contains(r#""newsletter":true"#), "{settings}");
}
