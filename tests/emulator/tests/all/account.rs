//! The account: giving tokens up, handing them on, combining them; the subscriber and their settings.

use serde_json::{Value, json};

use crate::client::{DASHBOARD_KEY, GENERAL_KEY, Xq};

const JANE: &str = "jane@example.com";

fn status(xq: &Xq, token: &str) -> u16 {
    xq.get("subscription/subscriber", token).status
}

fn delete(xq: &Xq, call: &str, token: &str) -> u16 {
    xq.call("DELETE", call, token, None).status
}

/// Stores a key of this caller's, for somebody else.
fn store(xq: &Xq, token: &str) -> String {
    let body = json!({ "recipients": ["other@example.com"], "key": "k" });
    xq.post("subscription/packet/add", token, body).ok()
}

fn fetch(xq: &Xq, token: &str, locator: &str) -> u16 {
    xq.get(&format!("validation/key/{locator}"), token).status
}

#[test]
fn a_token_that_was_given_up_is_refused_and_only_that_one() {
    let xq = Xq::start();
    let [one, other] = [0, 1].map(|_| xq.sign_in(JANE));
    assert_eq!(delete(&xq, "subscription/authorization", &one), 204);
    let calls = [
        ("DELETE", "subscription/authorization"),
        ("GET", "subscription/subscriber"),
        ("GET", "subscription/settings"),
        ("GET", "subscription/delegate"),
        ("GET", "validation/key/x"),
        ("POST", "dashboard/certificate"),
    ];
    for (method, call) in calls {
        assert_eq!(
            xq.call(method, call, &one, None).refused(401),
            "The token was given up",
            "{call}"
        );
    }
    assert_eq!(status(&xq, &other), 200);
    // The API key is as good as before.
    xq.get("subscription/apikey", &one).ok();
}

#[test]
fn a_subscriber_has_names_and_times() {
    let xq = Xq::start();
    let before = xq.emulator.now() * 1000;
    let body = json!({ "user": JANE, "firstName": "Jane", "lastName": "Doe" });
    let asked = xq.post("subscription/authorize", "", body).ok();
    let pin = xq.emulator.pin(JANE).unwrap();
    xq.get(&format!("subscription/codevalidation?pin={pin}"), &asked).ok();
    let token = xq.get("subscription/exchange", &asked).ok();
    let shown = xq.get("subscription/subscriber", &token).json();
    let [starts, ends] = ["starts", "ends"].map(|name| shown[name].as_i64().unwrap());
    assert!((before..before + 60_000).contains(&starts), "{starts}");
    assert_eq!(ends - starts, 365 * 86_400_000);
    let rest = json!({ "id": 1, "user": JANE, "firstName": "Jane", "lastName": "Doe", "_sub": 1, "sub": "1", "starts": starts, "ends": ends, "status": "OK" });
    assert_eq!(shown, rest);
}

#[test]
fn a_deleted_subscriber_is_gone_for_good() {
    let xq = Xq::start();
    let [jane, other] = [0, 1].map(|_| xq.sign_in(JANE));
    let joe = xq.sign_in("joe@example.com");
    let asked = xq.ask(JANE);
    let pin = xq.emulator.pin(JANE).unwrap();
    let locator = store(&xq, &jane);
    let terms = json!({ "recipients": ["joe@example.com"], "key": "k" });
    let made = xq.post("subscription/packet", &jane, terms).ok();
    let of_joe = store(&xq, &joe);
    let combined = xq
        .post("subscription/combined", &joe, json!({ "tokens": [jane, joe] }))
        .json();
    let combined = combined["token"].as_str().unwrap();
    xq.post("dashboard/trusted/announce", &jane, json!({ "afirst": "x" }))
        .ok();

    assert_eq!(delete(&xq, "subscription/subscriber", &jane), 204);
    for token in [jane.as_str(), &other, combined] {
        assert_eq!(status(&xq, token), 401);
    }
    assert_eq!(
        xq.get(&format!("subscription/codevalidation?pin={pin}"), &asked).status,
        401
    );
    assert_eq!((status(&xq, &joe), fetch(&xq, &joe, &of_joe)), (200, 200));
    assert_eq!(xq.get("admin/devices", "").json(), json!([]));
    assert_eq!(xq.get("admin/subscribers", "").json().as_array().unwrap().len(), 1);

    assert!(
        xq.post("validation/packet", &joe, made.clone().into())
            .refused(400)
            .contains("no longer")
    );
    let anew = xq.sign_in(JANE);
    assert!(
        xq.post("validation/packet", &joe, made.into())
            .refused(400)
            .contains("no longer")
    );
    assert_eq!(fetch(&xq, &anew, &locator), 410);
    assert_eq!(xq.get("subscription/subscriber", &anew).json()["id"], 3);
}

#[test]
fn settings_are_kept_and_changed() {
    let xq = Xq::start();
    let body = json!({ "user": JANE, "newsletter": true, "notifications": 2 });
    let asked = xq.post("subscription/authorize", "", body).ok();
    let pin = xq.emulator.pin(JANE).unwrap();
    xq.get(&format!("subscription/codevalidation?pin={pin}"), &asked).ok();
    let token = xq.get("subscription/exchange", &asked).ok();
    let settings = || xq.get("subscription/settings", &token).json();
    let shown = |newsletter: bool, notifications: u8| json!({ "newsletter": newsletter, "notifications": notifications, "status": "OK" });
    let change = |body: Value| xq.call("PATCH", "subscription/settings", &token, body);
    assert_eq!(settings(), shown(true, 2));
    assert_eq!(change(json!({ "newsletter": false, "notifications": 3 })).status, 204);
    assert_eq!(settings(), shown(false, 3));
    assert_eq!(change(json!({ "notifications": 0 })).status, 204);
    assert_eq!(settings(), shown(false, 0));
    assert_eq!(change(json!({ "newsletter": true })).status, 204);
    for wrong in [
        json!({ "notifications": 4 }),
        json!({ "notifications": "3" }),
        json!({ "newsletter": 1 }),
        json!([]),
    ] {
        assert_eq!(change(wrong).status, 400);
    }
    assert_eq!(settings(), shown(true, 0));
    let joe = xq.sign_in("joe@example.com");
    assert_eq!(xq.get("subscription/settings", &joe).json(), shown(false, 0));
}

#[test]
fn a_delegate_has_the_same_rights_and_an_end_of_its_own() {
    let xq = Xq::start();
    let jane = xq.sign_in(JANE);
    let locator = store(&xq, &jane);
    let delegate = xq.get("subscription/delegate", &jane).ok();
    assert_ne!(delegate, jane);
    assert_eq!(fetch(&xq, &delegate, &locator), 200);
    assert_eq!(delete(&xq, "subscription/authorization", &delegate), 204);
    assert_eq!((status(&xq, &delegate), status(&xq, &jane)), (401, 200));
    let delegate = xq.get("subscription/delegate", &jane).ok();
    assert_eq!(delete(&xq, "subscription/authorization", &jane), 204);
    assert_eq!((status(&xq, &delegate), status(&xq, &jane)), (200, 401));
}

#[test]
fn combined_tokens_have_the_rights_of_all() {
    let xq = Xq::start();
    let [jane, joe, joan] = ["jane", "joe", "joan"].map(|name| xq.sign_in(&format!("{name}@example.com")));
    let [of_jane, of_joe, of_joan] = [&jane, &joe, &joan].map(|token| store(&xq, token));
    let combine = |token: &str, tokens: Value| xq.post("subscription/combined", token, json!({ "tokens": tokens }));
    let reply = combine(&jane, json!([jane, joe])).json();
    assert_eq!(
        (&reply["merged"], &reply["invalid"], &reply["status"]),
        (&json!(2), &json!([]), &json!("OK"))
    );
    let both = reply["token"].as_str().unwrap();
    assert_eq!(
        [&of_jane, &of_joe, &of_joan].map(|locator| fetch(&xq, both, locator)),
        [200, 200, 403]
    );
    assert_eq!(delete(&xq, &format!("validation/key/{of_joe}"), both), 204);
    assert_eq!(xq.get("subscription/subscriber", both).json()["user"], JANE);
    let body = json!({ "recipients": ["joe@example.com"], "key": "k" });
    let for_joe = xq.post("subscription/packet/add", &joan, body).ok();
    assert_eq!((fetch(&xq, both, &for_joe), fetch(&xq, &jane, &for_joe)), (200, 403));

    // What is combined again keeps what it had; what is named twice counts once; the caller's own token goes in only where it is named.
    let reply = combine(&jane, json!([both, joan, joan])).json();
    assert_eq!(reply["merged"], 2);
    let all = reply["token"].as_str().unwrap();
    assert_eq!([&of_jane, &of_joan].map(|locator| fetch(&xq, all, locator)), [200, 200]);
    let reply = combine(&jane, json!([joan])).json();
    assert_eq!(fetch(&xq, reply["token"].as_str().unwrap(), &of_jane), 403);

    // One that was given up ends no other.
    assert_eq!(delete(&xq, "subscription/authorization", &joan), 204);
    assert_eq!(fetch(&xq, all, &of_joan), 200);
}

#[test]
fn only_good_access_tokens_of_this_service_are_combined() {
    let xq = Xq::start();
    let jane = xq.sign_in(JANE);
    let ended = xq.sign_in(JANE);
    assert_eq!(delete(&xq, "subscription/authorization", &ended), 204);
    let foreign = Xq::start().sign_in(JANE);
    let dashboard = xq.emulator.dashboard_token(JANE).unwrap();
    let bad = [
        ended,
        foreign,
        dashboard,
        xq.ask(JANE),
        "garbage".to_owned(),
        String::new(),
    ];
    let combine = |tokens: Value| xq.post("subscription/combined", &jane, json!({ "tokens": tokens }));
    assert!(combine(json!(bad)).refused(400).contains("None of the tokens"));
    assert!(combine(json!([])).refused(400).contains("None of the tokens"));
    let reply = combine(json!([bad[0], jane, bad[4], bad[0]])).json();
    let mut left_out = [&bad[0], &bad[4]];
    left_out.sort();
    assert_eq!((&reply["merged"], &reply["invalid"]), (&json!(1), &json!(left_out)));
    for wrong in [json!("token"), json!([1]), Value::Null] {
        assert!(combine(wrong).refused(400).contains("JSON"));
    }
}

#[test]
fn a_dashboard_token_is_exchanged_for_an_access_token() {
    let xq = Xq::start();
    let dashboard = xq.post("admin/dashboard-tokens", "", json!({ "user": JANE })).json();
    let dashboard = dashboard["token"].as_str().unwrap();
    let access = xq.get("subscription/exchange?request=dashboard", dashboard).ok();
    assert_eq!(xq.get("subscription/subscriber", &access).json()["user"], JANE);

    // It is good on the dashboard, and nowhere else.
    xq.post("dashboard/trusted/announce", dashboard, json!({ "afirst": "x" }))
        .ok();
    assert!(
        xq.get("subscription/subscriber", dashboard)
            .refused(401)
            .contains("an access token")
    );
    assert!(
        xq.get("subscription/exchange", dashboard)
            .refused(401)
            .contains("a pre-authorization token")
    );

    let why = xq
        .get("subscription/exchange?request=dashboard", &xq.ask(JANE))
        .refused(401);
    assert!(why.contains("an access token or a dashboard token"), "{why}");
    assert_eq!(xq.get("subscription/exchange?request=dashboard", "").status, 401);
    assert!(
        xq.get("subscription/exchange?request=other", dashboard)
            .refused(400)
            .contains("other")
    );
    assert!(
        xq.post("admin/dashboard-tokens", "", json!({ "user": "jane" }))
            .refused(400)
            .contains("no mail address")
    );
}

#[test]
fn an_access_token_is_exchanged_for_a_dashboard_token() {
    let xq = Xq::start();
    for user in [JANE, "(111) 222-3333"] {
        let access = xq.sign_in(user);
        let dashboard = xq.get("subscription/exchange?request=dashboard", &access).ok();
        assert_eq!(xq.get("dashboard/session", &dashboard).status, 204);
        assert_eq!(xq.get("dashboard/session", &access).status, 401);
        // And back: it is the same user.
        let back = xq.get("subscription/exchange?request=dashboard", &dashboard).ok();
        let id = |token: &str| xq.get("subscription/subscriber", token).json()["id"].clone();
        assert_eq!(id(&back), id(&access));
    }
    // A device has none before it was announced.
    let device = xq
        .post("subscription/authorizealias", "", json!({ "user": "device-7" }))
        .ok();
    let exchange = || xq.get("subscription/exchange?request=dashboard", &device);
    assert!(exchange().refused(403).contains("never announced"));
    xq.post("dashboard/trusted/announce", &device, json!({ "afirst": "x" }))
        .ok();
    exchange().ok();
}

#[test]
fn an_empty_authorization_is_none_and_a_trusted_address_may_stand_anywhere() {
    let xq = Xq::start();
    let jane = format!("Bearer {}", xq.sign_in(JANE));
    let call = |method: &str, call: &str, authorization: &str, body: &str| {
        let headers = [
            (
                "api-key",
                if call.starts_with("dashboard/") {
                    DASHBOARD_KEY
                } else {
                    GENERAL_KEY
                },
            ),
            ("authorization", authorization),
            ("Trusted-Address", "203.0.113.7"),
        ];
        xq.send(method, call, &headers, body.as_bytes()).unwrap()
    };
    for none in ["", " ", "Bearer", "Bearer "] {
        assert_eq!(call("GET", "subscription/apikey", none, "").status, 200, "{none:?}");
        let body = json!({ "user": JANE }).to_string();
        assert_eq!(call("POST", "subscription/authorize", none, &body).status, 200);
        assert_eq!(call("GET", "quantum/?ks=8", none, "").status, 200);
        assert_eq!(
            call("GET", "subscription/subscriber", none, "").refused(401),
            "No token came with this call"
        );
    }
    let body = json!({ "recipients": ["joe@example.com"], "key": "k" }).to_string();
    let locator = call("POST", "subscription/packet/add", &jane, &body).ok();
    assert_eq!(call("GET", &format!("validation/key/{locator}"), &jane, "").ok(), "k");
    let body = json!({ "afirst": "x" }).to_string();
    assert_eq!(call("POST", "dashboard/trusted/announce", &jane, &body).status, 204);
}

#[test]
fn the_account_wants_an_access_token() {
    let xq = Xq::start();
    let asked = xq.ask(JANE);
    let calls = [
        ("DELETE", "authorization"),
        ("GET", "subscriber"),
        ("DELETE", "subscriber"),
        ("GET", "settings"),
        ("PATCH", "settings"),
        ("GET", "delegate"),
        ("POST", "combined"),
    ];
    for (method, call) in calls {
        let call = format!("subscription/{call}");
        assert_eq!(
            xq.call(method, &call, "", None).refused(401),
            "No token came with this call"
        );
        assert_eq!(
            xq.call(method, &call, "garbage", None).refused(401),
            "The token is not known"
        );
        assert!(
            xq.call(method, &call, &asked, None)
                .refused(401)
                .contains("an access token")
        );
    }
}
