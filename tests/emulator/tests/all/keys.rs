//! Stored keys: who gets one, who decides that, and when it is gone.

use serde_json::{Value, json};

use crate::client::Xq;

/// An emulator with one key that Jane stored, and some people.
struct Shared {
    xq: Xq,
    locator: String,
    jane: String,
    joe: String,
    stranger: String,
}

/// Jane shares a key with these, for two hours.
fn shared(recipients: Value, dor: bool) -> Shared {
    let xq = Xq::start();
    let [jane, joe, stranger] = ["jane", "joe", "stranger"].map(|name| xq.sign_in(&format!("{name}@example.com")));
    let body = json!({ "type": "msg", "recipients": recipients, "expires": 2, "key": "secret", "dor": dor });
    let locator = xq.post("subscription/packet/add", &jane, body).ok();
    Shared {
        xq,
        locator,
        jane,
        joe,
        stranger,
    }
}

impl Shared {
    /// What `GET key` gives this caller: the key, or a refusal's status and sentence.
    fn key(&self, token: &str) -> Result<String, (u16, String)> {
        let answer = self.xq.get(&format!("validation/key/{}", self.locator), token);
        if answer.status == 200 {
            Ok(answer.text)
        } else {
            Err((answer.status, answer.refused(answer.status)))
        }
    }

    /// A grant, a revocation or a deletion; its status.
    fn change(&self, method: &str, call: &str, token: &str, recipients: Value) -> u16 {
        let body = (!recipients.is_null()).then(|| json!({ "recipients": recipients }));
        self.xq
            .call(method, &format!("validation/{call}/{}", self.locator), token, body)
            .status
    }
}

fn secret() -> Result<String, (u16, String)> {
    Ok("secret".to_owned())
}

fn status(result: Result<String, (u16, String)>) -> u16 {
    result.unwrap_err().0
}

#[test]
fn the_owner_and_the_recipients_get_a_key_and_nobody_else() {
    let of = shared(json!(["JOE@example.com"]), false);
    assert_eq!(of.key(&of.jane), secret());
    assert_eq!(of.key(&of.joe), secret());
    let (status, why) = of.key(&of.stranger).unwrap_err();
    assert_eq!(status, 403);
    assert!(why.contains("for others"), "{why}");
    assert_eq!(
        of.xq.get("validation/key/AAAA", &of.jane).refused(404),
        "There is no key with this locator"
    );
}

#[test]
fn groups_reach_their_members() {
    let of = shared(json!(["team@group.local"]), false);
    assert_eq!(status(of.key(&of.joe)), 403);
    of.xq
        .post(
            "admin/groups",
            "",
            json!({ "id": "team", "members": ["joe@example.com"] }),
        )
        .ok();
    assert_eq!(of.key(&of.joe), secret());
    assert_eq!(status(of.key(&of.stranger)), 403);
    assert_eq!(
        of.xq.get("admin/groups", "").json(),
        json!({ "team": ["joe@example.com"] })
    );

    // Who leaves the group loses the key; who is denied loses it within the group.
    of.xq
        .emulator
        .set_group("Team", &["stranger@example.com", "joe@example.com"])
        .unwrap();
    assert_eq!(of.change("PATCH", "revoke", &of.jane, json!(["joe@example.com"])), 204);
    assert_eq!((status(of.key(&of.joe)), of.key(&of.stranger)), (403, secret()));
    of.xq.emulator.set_group("team", &[]).unwrap();
    assert_eq!(status(of.key(&of.stranger)), 403);

    assert!(of.xq.emulator.set_group("a b", &[]).unwrap_err().contains("group id"));
    let answer = of
        .xq
        .post("admin/groups", "", json!({ "id": "team", "members": ["joe"] }));
    assert!(answer.refused(400).contains("\"joe\""));
}

#[test]
fn the_owner_grants_and_revokes() {
    let of = shared(json!(["joe@example.com"]), false);
    assert_eq!(
        of.change(
            "POST",
            "grant",
            &of.jane,
            json!(["stranger@example.com", "joe@example.com"])
        ),
        204
    );
    assert_eq!((of.key(&of.joe), of.key(&of.stranger)), (secret(), secret()));
    assert_eq!(of.change("PATCH", "revoke", &of.jane, json!(["Joe@example.com"])), 204);
    assert_eq!((status(of.key(&of.joe)), of.key(&of.stranger)), (403, secret()));
    assert_eq!(of.change("POST", "grant", &of.jane, json!("joe@example.com")), 204);
    assert_eq!(of.key(&of.joe), secret());
    // The owner cannot be shut out.
    assert_eq!(of.change("PATCH", "revoke", &of.jane, json!(["jane@example.com"])), 204);
    assert_eq!(of.key(&of.jane), secret());
}

#[test]
fn nobody_else_grants_or_revokes() {
    let of = shared(json!(["joe@example.com"]), false);
    for token in [&of.joe, &of.stranger] {
        assert_eq!(of.change("POST", "grant", token, json!(["stranger@example.com"])), 403);
        assert_eq!(of.change("PATCH", "revoke", token, json!(["joe@example.com"])), 403);
        assert_eq!(of.change("DELETE", "key", token, Value::Null), 403);
    }
    assert_eq!((of.key(&of.joe), status(of.key(&of.stranger))), (secret(), 403));
    for recipients in [json!([]), json!([""]), json!(7)] {
        assert_eq!(of.change("POST", "grant", &of.jane, recipients.clone()), 400);
        assert_eq!(of.change("PATCH", "revoke", &of.jane, recipients), 400);
    }
}

#[test]
fn a_revoked_key_is_gone_for_all() {
    let of = shared(json!(["joe@example.com"]), false);
    assert_eq!(of.change("DELETE", "key", &of.jane, Value::Null), 204);
    for token in [&of.jane, &of.joe] {
        assert_eq!(of.key(token), Err((410, "The key was revoked".to_owned())));
    }
    assert_eq!(status(of.key(&of.stranger)), 403);
    assert_eq!(of.change("DELETE", "key", &of.jane, Value::Null), 410);
    assert_eq!(
        of.change("POST", "grant", &of.jane, json!(["stranger@example.com"])),
        410
    );
    assert_eq!(
        of.xq
            .get(&format!("validation/expiration/{}", of.locator), &of.jane)
            .refused(410),
        "The key was revoked"
    );
    assert_eq!(of.xq.get("admin/keys", "").json()[0]["state"], "revoked");
}

#[test]
fn a_key_expires_by_the_emulators_clock() {
    let of = shared(json!(["joe@example.com"]), false);
    let left = |token: &str| of.xq.get(&format!("validation/expiration/{}", of.locator), token);
    for token in [&of.jane, &of.joe] {
        let seconds = left(token).json()["expiresOn"].as_i64().unwrap();
        assert!((7_100..=7_200).contains(&seconds), "{seconds}");
    }
    assert_eq!(left(&of.stranger).status, 403);
    of.xq.post("admin/clock", "", json!({ "advance_seconds": 7_000 })).ok();
    assert!((1..=200).contains(&left(&of.joe).json()["expiresOn"].as_i64().unwrap()));
    assert_eq!(of.key(&of.joe), secret());
    of.xq.post("admin/clock", "", json!({ "advance_seconds": 200 })).ok();
    for token in [&of.jane, &of.joe] {
        assert_eq!(of.key(token), Err((410, "The key has expired".to_owned())));
        assert_eq!(left(token).json(), json!({ "expiresOn": 0, "status": "OK" }));
    }
    assert_eq!(left(&of.stranger).status, 403);
    assert_eq!(
        of.change("POST", "grant", &of.jane, json!(["stranger@example.com"])),
        410
    );
}

#[test]
fn only_what_was_taken_away_has_no_expiry_after_it() {
    for dor in [false, true] {
        let of = shared(json!(["joe@example.com"]), dor);
        match dor {
            true => assert_eq!(of.key(&of.joe), secret()),
            false => assert_eq!(of.change("DELETE", "key", &of.jane, Value::Null), 204),
        }
        of.xq.post("admin/clock", "", json!({ "advance_seconds": 7_200 })).ok();
        let left = of.xq.get(&format!("validation/expiration/{}", of.locator), &of.jane);
        assert!(!left.refused(410).contains("expired"));
    }
}

#[test]
fn many_keys_are_revoked_at_once_or_none_is() {
    let of = shared(json!(["joe@example.com"]), false);
    let store = |token: &str| {
        let body = json!({ "recipients": ["joe@example.com"], "key": "secret" });
        of.xq.post("subscription/packet/add", token, body).ok()
    };
    let [other, third, foreign] = [store(&of.jane), store(&of.jane), store(&of.stranger)];
    let revoke =
        |query: &str, body: Option<Value>| of.xq.call("DELETE", &format!("validation/key{query}"), &of.jane, body);
    let state = |place: usize| of.xq.get("admin/keys", "").json()[place]["state"].clone();

    // One that is another's, unknown or gone keeps all.
    assert_eq!(revoke(&format!("?tokens={other},{foreign}"), None).status, 403);
    assert_eq!(revoke(&format!("?tokens={other},unknown"), None).status, 404);
    for nothing in ["", "?tokens=", "?tokens=,"] {
        assert!(revoke(nothing, None).refused(400).contains("No locator tokens"));
    }
    assert_eq!(revoke("", Some(json!({ "tokens": [] }))).status, 400);
    assert_eq!(revoke("", Some(json!({ "tokens": other }))).status, 400);
    assert_eq!([0, 1, 2, 3].map(state), ["live"; 4]);

    let both = json!({ "tokens": [of.locator, other] });
    assert_eq!(
        revoke(&format!("?tokens={},{other}", of.locator), Some(both)).status,
        204
    );
    assert_eq!([0, 1, 2, 3].map(state), ["revoked", "revoked", "live", "live"]);
    assert_eq!(revoke(&format!("?tokens={third},{other}"), None).status, 410);
    assert_eq!(revoke("", Some(json!({ "tokens": [third] }))).status, 204);
    assert_eq!(state(2), "revoked");
}

#[test]
fn a_key_lives_24_hours_when_nothing_is_said() {
    let xq = Xq::start();
    let jane = xq.sign_in("jane@example.com");
    for expires in [json!({}), json!({ "expires": null })] {
        let mut body = json!({ "recipients": ["joe@example.com"], "key": "k" });
        body.as_object_mut()
            .unwrap()
            .extend(expires.as_object().unwrap().clone());
        let locator = xq.post("subscription/packet/add", &jane, body).ok();
        let left = xq.get(&format!("validation/expiration/{locator}"), &jane).json()["expiresOn"]
            .as_i64()
            .unwrap();
        assert!((86_300..=86_400).contains(&left), "{left}");
    }
}

#[test]
fn a_lifetime_counts_hours_and_has_no_end_too_far() {
    let xq = Xq::start();
    let jane = xq.sign_in("jane@example.com");
    let left = |expires: Value| {
        let body = json!({ "recipients": ["joe@example.com"], "key": "k", "expires": expires, "unit": "days" });
        let locator = xq.post("subscription/packet/add", &jane, body).ok();
        move |xq: &Xq, jane: &str| {
            let reply = xq.get(&format!("validation/expiration/{locator}"), jane).json();
            reply["expiresOn"].as_i64().unwrap()
        }
    };
    assert!((10_700..=10_800).contains(&left(json!(3))(&xq, &jane)));
    let longest = left(json!(1e300));
    let before_1970 = json!({ "advance_seconds": -10_000_000_000_i64 });
    xq.post("admin/clock", "", before_1970).ok();
    assert!(longest(&xq, &jane) > 0);
}

#[test]
fn delete_on_read_lets_one_recipient_read_once() {
    let of = shared(json!(["joe@example.com", "stranger@example.com"]), true);
    assert_eq!((of.key(&of.jane), of.key(&of.jane)), (secret(), secret()));
    assert_eq!(of.key(&of.joe), secret());
    for token in [&of.joe, &of.stranger, &of.jane] {
        assert_eq!(
            of.key(token),
            Err((410, "The key was deleted when it was read".to_owned()))
        );
    }
}

#[test]
fn delete_on_read_holds_for_many_keys_and_for_a_packet_that_was_stored_later() {
    let xq = Xq::start();
    let [jane, joe] = ["jane", "joe"].map(|name| xq.sign_in(&format!("{name}@example.com")));
    let body = json!({ "recipients": "joe@example.com", "key": "secret", "dor": true });
    let packet = xq.post("subscription/packet", &jane, body).ok();
    let headers = [
        ("api-key", "general-key"),
        ("authorization", &*format!("Bearer {jane}")),
        ("content-type", "text/plain"),
    ];
    let locator = xq
        .send("POST", "validation/packet", &headers, packet.as_bytes())
        .unwrap()
        .ok();
    let read = || xq.post("validation/keys", &joe, json!([locator])).json();
    assert_eq!(read(), json!({ "exported": [{ &locator: "secret" }], "status": "OK" }));
    assert_eq!(read(), json!({ "exported": [], "status": "OK" }));
}

#[test]
fn many_keys_come_in_the_order_asked_for() {
    let of = shared(json!(["joe@example.com"]), false);
    let body = json!({ "recipients": ["stranger@example.com"], "key": "other" });
    let other = of.xq.post("subscription/packet/add", &of.jane, body).ok();
    let asked = json!([other, of.locator, "unknown", other]);
    let all =
        json!({ "exported": [{ &other: "other" }, { &of.locator: "secret" }, { &other: "other" }], "status": "OK" });
    assert_eq!(of.xq.post("validation/keys", &of.jane, asked.clone()).json(), all);
    let of_joe = json!({ "exported": [{ &of.locator: "secret" }], "status": "OK" });
    assert_eq!(of.xq.post("validation/keys", &of.joe, asked).json(), of_joe);
    assert_eq!(
        of.xq.post("validation/keys", &of.joe, json!([])).json(),
        json!({ "exported": [], "status": "OK" })
    );
    assert!(
        of.xq
            .post("validation/keys", &of.joe, json!({}))
            .refused(400)
            .contains("sequence")
    );
}

#[test]
fn locators_in_paths_are_decoded() {
    let of = shared(json!(["joe@example.com"]), false);
    let encoded: String = of.locator.bytes().map(|b| format!("%{b:02X}")).collect();
    assert_eq!(of.xq.get(&format!("validation/key/{encoded}"), &of.joe).ok(), "secret");
    assert_eq!(
        of.xq.get(&format!("validation/key/{}%2F", of.locator), &of.joe).status,
        404
    );
    assert!(of.xq.get("validation/key/%FF", &of.joe).refused(400).contains("UTF-8"));
}

#[test]
fn only_an_access_token_opens_the_service() {
    let of = shared(json!(["joe@example.com"]), false);
    let asked = of.xq.ask("joe@example.com");
    let calls = [
        ("GET", "key"),
        ("DELETE", "key"),
        ("POST", "grant"),
        ("PATCH", "revoke"),
        ("GET", "expiration"),
    ];
    for (method, call) in calls {
        let call = format!("validation/{call}/{}", of.locator);
        assert_eq!(
            of.xq.call(method, &call, "", None).refused(401),
            "No token came with this call"
        );
        assert!(
            of.xq
                .call(method, &call, &asked, None)
                .refused(401)
                .contains("an access token")
        );
    }
    assert_eq!(
        of.xq.call("POST", "validation/keys", "garbage", json!([])).refused(401),
        "The token is not known"
    );
    let call = format!("validation/key/{}", of.locator);
    let bearer = format!("Bearer {}", of.joe);
    for key in ["other", "dashboard-key"] {
        let headers = [("api-key", key), ("authorization", &bearer)];
        assert_eq!(
            of.xq.send("GET", &call, &headers, &[]).unwrap().refused(401),
            "Failed to locate API key"
        );
    }
}
