//! The dashboard: signing in, and what a business has there.

use serde_json::{Value, json};

use crate::client::{DASHBOARD_KEY, GENERAL_KEY, Xq};

const JANE: &str = "jane@example.com";
const JOE: &str = "joe@example.com";

fn on_dashboard(xq: &Xq, user: &str) -> String {
    xq.emulator.dashboard_token(user).unwrap()
}

fn delete(xq: &Xq, call: &str, token: &str) -> u16 {
    xq.call("DELETE", call, token, None).status
}

/// The code in the newest link to this user.
fn code(xq: &Xq, user: &str) -> String {
    let link = xq.emulator.link(user).unwrap();
    let (_, code) = link.split_once("?access_token=").unwrap();
    code.split_once("&token=").unwrap().0.to_owned()
}

/// Makes a group: its id.
fn group(xq: &Xq, token: &str, members: Value) -> u64 {
    let body = json!({ "name": "Team", "members": members });
    xq.post("dashboard/usergroup", token, body).json()["id"]
        .as_u64()
        .unwrap()
}

#[test]
fn a_mailed_link_signs_in_once() {
    let xq = Xq::start();
    let sign_up = || xq.post("dashboard/signup", "", json!({ "email": JANE, "optIn": true }));
    let ask = |email: &str| {
        xq.post(
            "dashboard/login/link",
            "",
            json!({ "email": email, "host": "here.example" }),
        )
    };
    assert!(ask(JANE).refused(404).contains("not registered"));
    assert_eq!(sign_up().status, 204);
    assert!(sign_up().refused(409).contains("registered already"));
    assert_eq!(ask(JANE).status, 204);
    let mail = xq.get("admin/mail", "").json();
    let link = mail[0]["link"].as_str().unwrap();
    assert!(link.starts_with("https://here.example?access_token="), "{link}");
    assert_eq!((xq.emulator.pin(JANE), &mail[0]["pin"]), (None, &json!("")));

    // By POST login, and as the pre-authorization token itself, as Python uses a pasted link.
    let log_in = |code: &str| xq.post("dashboard/login", "", json!({ "pwd": code, "method": 1 }));
    let first = code(&xq, JANE);
    let asked = log_in(&first).ok();
    assert!(log_in(&first).refused(401).contains("used before"));
    ask(JANE).ok();
    let second = code(&xq, JANE);
    for asked in [asked, second.clone()] {
        let why = xq.get("dashboard/session", &asked).refused(401);
        assert!(why.contains("a dashboard token"), "{why}");
        let token = xq.get("dashboard/login/verify?request=default", &asked).ok();
        assert_eq!(xq.get("dashboard/session", &token).status, 204);
    }
    let why = xq.get("dashboard/login/verify?request=default", &second).refused(401);
    assert_eq!(why, "The token was given up");
    assert_eq!(log_in("garbage").status, 401);
    ask(JANE).ok();
    assert!(xq.emulator.advance(3600));
    assert!(log_in(&code(&xq, JANE)).refused(401).contains("expired"));
}

#[test]
fn a_password_signs_in_and_shows_nowhere() {
    let xq = Xq::start();
    xq.post(
        "dashboard/signup",
        "",
        json!({ "email": JANE, "optIn": false, "pwd": "s3cret" }),
    )
    .ok();
    xq.post("dashboard/signup", "", json!({ "email": JOE, "optIn": false }))
        .ok();
    let log_in = |email: &str, pwd: &str| {
        let body = json!({ "email": email, "pwd": pwd, "method": 0 });
        xq.post("dashboard/login", "", body)
    };
    let asked = log_in("Jane@example.com", "s3cret").ok();
    xq.get("dashboard/login/verify?request=default", &asked).ok();
    for (email, pwd) in [(JANE, "other"), (JANE, ""), (JOE, ""), ("x@example.com", "s3cret")] {
        assert_eq!(log_in(email, pwd).refused(401), "The address or the password is wrong");
    }
    for body in [
        json!({ "pwd": "s3cret", "method": 0 }),
        json!({ "email": JANE, "pwd": "s3cret", "method": 2 }),
        json!({ "email": JANE }),
    ] {
        assert_eq!(xq.post("dashboard/login", "", body).status, 400);
    }
    for call in ["mail", "subscribers"] {
        assert!(!xq.get(&format!("admin/{call}"), "").text.contains("s3cret"));
    }
}

#[test]
fn an_access_token_gives_a_dashboard_token() {
    let xq = Xq::start();
    let access = xq.sign_in(JANE);
    let verify = |query: &str| xq.get(&format!("dashboard/login/verify?{query}"), &access);
    let token = verify("request=sub").ok();
    let business = xq.get("dashboard/business", &token).json();
    assert_eq!((&business["owner"], &business["status"]), (&json!(JANE), &json!("OK")));
    verify(&format!("request=sub&bid={}", business["id"])).ok();
    assert_eq!(verify("request=sub&bid=99").status, 404);
    assert_eq!(verify("request=sub&bid=x").status, 400);
    assert_eq!(verify("request=other").status, 400);
    verify("").ok();
    assert!(verify("request=default").refused(401).contains("dashboard login"));
}

#[test]
fn every_call_wants_a_dashboard_token_and_the_dashboards_key() {
    let xq = Xq::start();
    let access = xq.sign_in(JANE);
    let token = on_dashboard(&xq, JANE);
    let calls = [
        ("GET", "session"),
        ("GET", "usergroup"),
        ("POST", "usergroup"),
        ("GET", "usergroup/1"),
        ("PATCH", "usergroup/1"),
        ("DELETE", "usergroup/1"),
        ("POST", "contact"),
        ("GET", "contact/all"),
        ("GET", "contact?filter=x"),
        ("DELETE", "contact/1"),
        ("GET", "communication/x"),
        ("PATCH", "communication/x/labels"),
        ("GET", "communications"),
        ("GET", "businesses"),
        ("GET", "business"),
        ("PATCH", "business"),
        ("POST", "business"),
        ("GET", "business/1/auth"),
        ("POST", "certificate"),
        ("GET", "trusted"),
        ("GET", "eventtypes"),
        ("GET", "log"),
        ("POST", "devapp"),
        ("GET", "devapps"),
        ("PATCH", "devapp/1"),
        ("DELETE", "devapp/1"),
    ];
    for (method, call) in calls {
        let call = format!("dashboard/{call}");
        let why = xq.call(method, &call, &access, None).refused(401);
        assert!(why.contains("a dashboard token, not the access token"), "{call}: {why}");
        let bearer = format!("Bearer {token}");
        let headers = [("api-key", GENERAL_KEY), ("authorization", bearer.as_str())];
        assert_eq!(xq.send(method, &call, &headers, b"").unwrap().status, 401, "{call}");
    }
}

#[test]
fn a_group_is_made_changed_used_and_removed() {
    let xq = Xq::start();
    let token = on_dashboard(&xq, JANE);
    let made = xq
        .post(
            "dashboard/usergroup",
            &token,
            json!({ "name": "Team", "members": [JOE, "JOE@example.com"] }),
        )
        .json();
    let id = made["id"].as_u64().unwrap();
    let wanted = json!({ "id": id, "name": "Team", "bid": 1, "members": [JOE], "status": "OK" });
    assert_eq!(made, wanted);
    // Two groups may have one name.
    let other = group(&xq, &token, json!([]));
    assert_ne!(other, id);
    let all = xq.get("dashboard/usergroup", &token).json();
    assert_eq!(all["groups"].as_array().unwrap().len(), 2);
    assert_eq!(all["groups"][0], json!({ "id": id, "name": "Team", "bid": 1 }));
    let by_id = xq.get(&format!("dashboard/usergroup?id={id}"), &token).json();
    assert_eq!(by_id["groups"][0]["members"][0]["address"], JOE);

    // Members read what is for the group, as long as they are in it.
    let [jane, joe] = [JANE, JOE].map(|user| xq.sign_in(user));
    let body = json!({ "recipients": [format!("{id}@_")], "key": "k" });
    let locator = xq.post("subscription/packet/add", &jane, body).ok();
    let fetch = || xq.get(&format!("validation/key/{locator}"), &joe).status;
    let call = format!("dashboard/usergroup/{id}");
    assert_eq!(fetch(), 200);
    let members = json!({ "members": [{ "kind": "address", "address": JANE }] });
    assert_eq!(xq.call("PATCH", &call, &token, members).status, 204);
    assert_eq!(fetch(), 403);
    let java = json!({ "id": id.to_string(), "members": [JOE] });
    assert_eq!(xq.post("dashboard/usergroup", &token, java).json()["name"], "Team");
    assert_eq!(fetch(), 200);
    assert_eq!(xq.call("PATCH", &call, &token, json!({ "name": "Crew" })).status, 204);
    let shown = xq.get(&call, &token).json();
    assert_eq!(
        (&shown["name"], &shown["members"][0]["kind"]),
        (&json!("Crew"), &json!("address"))
    );

    for body in [
        json!({}),
        json!({ "name": " " }),
        json!({ "name": "x", "members": ["joe"] }),
    ] {
        assert_eq!(xq.post("dashboard/usergroup", &token, body).status, 400);
    }
    // What is wrong in part changes nothing.
    let half = json!({ "name": "Half", "members": ["joe"] });
    assert!(xq.call("PATCH", &call, &token, half).refused(400).contains("joe"));
    assert_eq!(xq.get(&call, &token).json()["name"], "Crew");
    assert!(xq.get("dashboard/usergroup/x", &token).refused(400).contains("number"));
    // It is nobody else's.
    let of_joe = on_dashboard(&xq, JOE);
    assert_eq!(xq.get(&call, &of_joe).status, 404);
    assert_eq!(delete(&xq, &call, &of_joe), 404);
    assert_eq!(delete(&xq, &call, &token), 204);
    assert_eq!((delete(&xq, &call, &token), fetch()), (404, 403));
}

#[test]
fn contacts_are_added_found_disabled_and_removed() {
    let xq = Xq::start();
    let token = on_dashboard(&xq, JANE);
    let contact = |email: &str, role: u8, notifications: u8| {
        let body = json!({ "email": email, "firstName": "Joe", "lastName": "Doe", "title": "Mr",
            "role": role, "notifications": notifications, "overflow": false });
        xq.post("dashboard/contact", &token, body)
    };
    let made = contact(JOE, 1, 2).json();
    let id = made["id"].as_u64().unwrap();
    assert_eq!(made["status"], "OK");
    contact("joan@example.com", 4, 0).ok();
    assert!(contact("JOE@example.com", 2, 0).refused(409).contains("already"));
    for (email, role, notifications) in [("joe", 1, 0), ("a@b.c", 0, 0), ("a@b.c", 8, 0), ("a@b.c", 1, 1)] {
        assert_eq!(contact(email, role, notifications).status, 400);
    }
    let names = |query: &str| {
        let list = xq.get(&format!("dashboard/contact{query}"), &token).json();
        let list = list["contacts"].as_array().unwrap().iter();
        list.map(|one| one["email"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("/all"), [JOE, "joan@example.com"]);
    assert_eq!(names("/all?role=4"), ["joan@example.com"]);
    assert_eq!(names("/all?filter=JOE@"), [JOE]);
    assert_eq!(names("/all?limit=1&page=1"), ["joan@example.com"]);
    assert_eq!(names("?filter=Joe@example.com"), [JOE]);
    for query in ["?role=9", "/all?role=9", "/all?limit=0", "/all?page=x"] {
        assert_eq!(
            xq.get(&format!("dashboard/contact{query}"), &token).status,
            400,
            "{query}"
        );
    }

    // An administrator may act for the business, until disabled.
    let joe = on_dashboard(&xq, JOE);
    let here = xq.get("dashboard/business/1/auth", &joe).ok();
    assert_eq!(xq.get("dashboard/business", &here).json()["owner"], JANE);
    let call = format!("dashboard/contact/{id}");
    assert_eq!(delete(&xq, &call, &joe), 404);
    assert_eq!(delete(&xq, &call, &token), 204);
    let found = xq.get("dashboard/contact?filter=joe@example.com", &token).json();
    assert_eq!(found["contacts"][0]["status"], "disabled");
    assert!(xq.get("dashboard/session", &here).refused(401).contains("no longer"));
    assert_eq!(delete(&xq, &format!("{call}?delete=x"), &token), 400);
    assert_eq!(delete(&xq, &format!("{call}?delete=true"), &token), 204);
    assert_eq!(names("/all"), ["joan@example.com"]);
    assert_eq!(delete(&xq, &call, &token), 404);
}

#[test]
fn an_alias_is_a_contact_by_its_name_and_what_it_stores_is_seen() {
    let xq = Xq::start();
    let token = on_dashboard(&xq, JANE);
    let add = |email: &str, role: u8, notifications: Value| {
        let body = json!({ "email": email, "role": role, "notifications": notifications });
        xq.post("dashboard/contact", &token, body)
    };
    for (email, role, notifications) in [
        ("7654321x", 2, json!(0)),
        ("two words", 7, json!(0)),
        ("", 7, json!(0)),
        ("9", 7, json!("SOME")),
        ("9", 7, json!("USAGE_REPORTS")),
        ("9", 7, json!(-1)),
    ] {
        assert_eq!(add(email, role, notifications).status, 400, "{email}");
    }
    let alias = xq
        .post("subscription/authorizealias", "", json!({ "user": "7654321x" }))
        .ok();
    let body = json!({ "recipients": [JOE], "key": "k" });
    let locator = xq.post("subscription/packet/add", &alias, body).ok();
    let seen = || xq.get(&format!("dashboard/communication/{locator}"), &token).status;
    assert_eq!(seen(), 404);
    add("7654321x", 7, json!("BOTH")).ok();
    assert_eq!(seen(), 200);
    let shown = xq.get("dashboard/contact?filter=7654321x", &token).json();
    assert_eq!(shown["contacts"][0]["notifications"], 3);
    // It acts for nobody.
    assert_eq!(xq.get("dashboard/login/verify?request=sub", &alias).status, 403);
}

#[test]
fn an_announced_device_is_a_contact_and_needs_no_dashboard_key() {
    let xq = Xq::start();
    let token = on_dashboard(&xq, JANE);
    let access = xq
        .post("subscription/authorizealias", "", json!({ "user": "device-7" }))
        .ok();
    let bearer = format!("Bearer {access}");
    let announce = |key: &str, body: Value| {
        let headers = [("api-key", key), ("authorization", bearer.as_str())];
        let body = body.to_string();
        xq.send("POST", "dashboard/trusted/announce", &headers, body.as_bytes())
            .unwrap()
            .status
    };
    let verify = || xq.get("dashboard/login/verify?request=sub", &access);
    assert_eq!(verify().status, 403);
    assert_eq!(announce(GENERAL_KEY, json!({ "afirst": "sensor", "alast": "" })), 204);
    let devices = || xq.get("dashboard/contact/all?role=6", &token).json()["contacts"].clone();
    assert_eq!(devices()[0]["email"], "device-7@alias.local");
    assert_eq!(devices()[0]["firstName"], "sensor");
    xq.get("dashboard/session", &verify().ok()).ok();
    // Python announces without a name.
    assert_eq!(
        announce(DASHBOARD_KEY, json!({ "afirst": "", "alast": "", "aphone": "" })),
        204
    );
    assert_eq!(
        (devices().as_array().unwrap().len(), &devices()[0]["firstName"]),
        (1, &json!(""))
    );
    let call = format!("dashboard/contact/{}?delete=true", devices()[0]["id"]);
    assert_eq!(delete(&xq, &call, &token), 204);
    assert_eq!((devices(), xq.get("admin/devices", "").json()), (json!([]), json!([])));
}

#[test]
fn a_communication_is_a_stored_key() {
    let xq = Xq::start();
    let [jane, joe] = [JANE, JOE].map(|user| xq.sign_in(user));
    let store = |token: &str| {
        let body = json!({ "meta": { "subject": "Hello", "labels": ["old"] }, "type": "msg",
            "recipients": ["x@example.com"], "key": "the-key" });
        xq.post("subscription/packet/add", token, body).ok()
    };
    let [locator, of_joe] = [&jane, &joe].map(|token| store(token));
    let token = on_dashboard(&xq, JANE);
    let call = format!("dashboard/communication/{locator}");
    let shown = || xq.get(&call, &token).json();
    assert_eq!(shown()["locator_token"], locator.as_str());
    assert_eq!((&shown()["title"], &shown()["status"]), (&json!("Hello"), &json!("OK")));
    assert_eq!(shown()["recipients"], json!(["x@example.com"]));
    assert!(shown()["id"].is_u64() && !shown().to_string().contains("the-key"));
    let label = |labels: Value| {
        xq.call("PATCH", &format!("{call}/labels"), &token, json!({ "labels": labels }))
            .status
    };
    assert_eq!(label(json!(["new", "old"])), 204);
    assert_eq!(shown()["labels"], json!(["old", "new"]));
    for wrong in [json!([]), json!([""]), json!("x"), Value::Null] {
        assert_eq!(label(wrong), 400);
    }
    for other in [of_joe.as_str(), "x"] {
        assert_eq!(xq.get(&format!("dashboard/communication/{other}"), &token).status, 404);
    }
    assert_eq!(delete(&xq, &format!("validation/key/{locator}"), &jane), 204);
    assert_eq!(shown()["state"], "revoked");

    let count = |query: &str| {
        let list = xq.get(&format!("dashboard/communications?{query}"), &token).json();
        list["communications"].as_array().unwrap().len()
    };
    let now = xq.emulator.now() * 1000;
    assert_eq!(
        (count(""), count("status=live"), count("status=live,revoked")),
        (1, 0, 1)
    );
    assert_eq!((count("type=msg"), count("type=file"), count("page=1")), (1, 0, 0));
    assert_eq!(
        (count("recipients=x@example.com"), count("users=joe@example.com")),
        (1, 0)
    );
    assert_eq!(
        (
            count(&format!("from={}", now + 60_000)),
            count(&format!("to={}", now + 60_000))
        ),
        (0, 1)
    );
    // A colleague's are seen too.
    let body = json!({ "email": JOE, "role": 2 });
    xq.post("dashboard/contact", &token, body).ok();
    assert_eq!((count(""), count("users=joe@example.com")), (2, 1));
}

#[test]
fn each_business_has_groups_and_contacts_of_its_own() {
    let xq = Xq::start();
    let token = on_dashboard(&xq, JANE);
    group(&xq, &token, json!([]));
    let made = xq.post("dashboard/business", &token, json!({ "name": "Other" })).ok();
    let id = xq.get("dashboard/business", &made).json()["id"].clone();
    let other = xq.get(&format!("dashboard/business/{id}/auth"), &token).ok();
    let list = |token: &str, call: &str, name: &str| xq.get(&format!("dashboard/{call}"), token).json()[name].clone();
    assert_eq!(list(&other, "usergroup", "groups"), json!([]));
    group(&xq, &other, json!([]));
    assert_eq!(list(&token, "usergroup", "groups").as_array().unwrap().len(), 1);
    let change = json!({ "name": "New", "phone": "1", "id": 7 });
    assert_eq!(xq.call("PATCH", "dashboard/business", &other, change).status, 204);
    let shown = xq.get("dashboard/business", &other).json();
    assert_eq!(
        (&shown["id"], &shown["name"], &shown["phone"]),
        (&id, &json!("New"), &json!("1"))
    );
    assert_eq!(list(&token, "businesses", "businesses").as_array().unwrap().len(), 2);
    assert_eq!(
        list("", "workspaces/jane%40example.com", "workspaces")[1]["name"],
        "New"
    );
    assert_eq!(xq.get("dashboard/workspaces/jane", "").status, 400);
    for (call, status) in [("9", 404), ("x", 400)] {
        assert_eq!(
            xq.get(&format!("dashboard/business/{call}/auth"), &token).status,
            status
        );
    }
    assert_eq!(xq.get("dashboard/business/1/auth", &on_dashboard(&xq, JOE)).status, 404);
    assert_eq!(xq.post("dashboard/business", &token, json!({ "name": "" })).status, 400);
}

#[test]
fn applications_certificates_and_the_log() {
    let xq = Xq::start();
    let token = on_dashboard(&xq, JANE);
    let body = json!({ "name": "App", "desc": "what it does" });
    let id = xq.post("dashboard/devapp", &token, body).json()["id"].clone();
    let call = format!("dashboard/devapp/{id}");
    assert_eq!(xq.call("PATCH", &call, &token, json!({ "name": "New" })).status, 204);
    let apps = || xq.get("dashboard/devapps", &token).json()["apps"].clone();
    assert_eq!(
        apps(),
        json!([{ "id": id, "bid": 1, "name": "New", "description": "what it does" }])
    );
    assert_eq!(delete(&xq, &call, &on_dashboard(&xq, JOE)), 404);
    assert_eq!((delete(&xq, &call, &token), delete(&xq, &call, &token)), (204, 404));
    assert_eq!(
        (apps(), xq.post("dashboard/devapp", &token, json!({})).status),
        (json!([]), 400)
    );

    xq.post("dashboard/certificate", &token, json!({ "tag": "floor 3" }))
        .ok();
    let trusted = |token: &str| xq.get("dashboard/trusted", token).json()["trusted"].clone();
    assert_eq!(trusted(&token)[0]["tag"], "floor 3");
    assert_eq!(trusted(&on_dashboard(&xq, JOE)), json!([]));

    let types = xq.get("dashboard/eventtypes", &token).json()["types"].clone();
    let known: Vec<_> = types.as_array().unwrap().iter().map(|kind| &kind["name"]).collect();
    let logs = xq.get("dashboard/log?limit=1", &token).json()["logs"].clone();
    assert_eq!(
        (logs.as_array().unwrap().len(), &logs[0]["subject"]),
        (1, &json!("floor 3"))
    );
    let logs = xq.get("dashboard/log", &token).json()["logs"].clone();
    assert!(
        logs.as_array()
            .unwrap()
            .iter()
            .all(|event| known.contains(&&event["type"]))
    );
}

#[test]
fn the_dashboards_state_outlives_the_emulator() {
    let mut xq = Xq::start();
    let token = on_dashboard(&xq, JANE);
    let id = group(&xq, &token, json!([JOE]));
    let world = xq.emulator.world();
    xq.emulator.stop();
    xq.emulator = xq_emulator::Emulator::start_with(xq_emulator::Options::default(), world).unwrap();
    let shown = xq.get(&format!("dashboard/usergroup/{id}"), &token).json();
    assert_eq!(shown["members"][0]["address"], JOE);
}
