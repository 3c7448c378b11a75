//! Users and recipients in every form that they are written in: each is one and the same user.

use serde_json::{Value, json};

use crate::client::Xq;

const JANE: &str = "jane@example.com";
/// One telephone, as people write it.
const PHONE: [&str; 5] = [
    "(111) 222-3333",
    "+11112223333",
    "1112223333",
    "+1 111.222.3333",
    "1-111-222-3333",
];

/// Stores a key for these: its locator.
fn store(xq: &Xq, token: &str, recipients: Value) -> String {
    let body = json!({ "recipients": recipients, "key": "k" });
    xq.post("subscription/packet/add", token, body).ok()
}

fn read(xq: &Xq, token: &str, locator: &str) -> u16 {
    xq.get(&format!("validation/key/{locator}"), token).status
}

fn alias(xq: &Xq, name: &str) -> String {
    xq.post("subscription/authorizealias", "", json!({ "user": name })).ok()
}

fn change(xq: &Xq, method: &str, call: &str, token: &str, recipients: Value) -> u16 {
    xq.call(method, call, token, json!({ "recipients": recipients })).status
}

/// The claims in a token.
fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    let bytes = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, part).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn a_telephone_number_is_a_user_however_it_is_written() {
    let xq = Xq::start();
    let jane = xq.sign_in(JANE);
    let tokens = PHONE.map(|number| xq.sign_in(number));
    for (number, token) in PHONE.iter().zip(&tokens) {
        assert_eq!(claims(token)["sub"], *number);
    }
    let ids = tokens
        .each_ref()
        .map(|token| xq.get("subscription/subscriber", token).json()["id"].clone());
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    for number in PHONE {
        let locator = store(&xq, &jane, json!([number]));
        assert!(tokens.iter().all(|token| read(&xq, token, &locator) == 200), "{number}");
    }
    // Its keys are its own under each spelling.
    let own = store(&xq, &tokens[0], json!(format!("{JANE}, +44 20 7946 0958")));
    assert_eq!(
        xq.call("DELETE", &format!("validation/key/{own}"), &tokens[4], None)
            .status,
        204
    );

    let others = ["+441112223333", "+1 111 222 3334", "011112223333"].map(|number| xq.sign_in(number));
    let locator = store(&xq, &jane, json!(PHONE));
    assert_eq!(others.map(|token| read(&xq, &token, &locator)), [403; 3]);
}

#[test]
fn a_telephone_is_granted_revoked_and_a_member() {
    let xq = Xq::start();
    let (jane, phone) = (xq.sign_in(JANE), xq.sign_in(PHONE[0]));
    let locator = store(&xq, &jane, Value::Null);
    let [grant, revoke] = ["grant", "revoke"].map(|call| format!("validation/{call}/{locator}"));
    assert_eq!(read(&xq, &phone, &locator), 403);
    assert_eq!(change(&xq, "POST", &grant, &jane, json!([PHONE[1]])), 204);
    assert_eq!(read(&xq, &phone, &locator), 200);
    assert_eq!(change(&xq, "PATCH", &revoke, &jane, json!([PHONE[2]])), 204);
    assert_eq!(read(&xq, &phone, &locator), 403);

    xq.emulator.set_group("team", &[PHONE[3]]).unwrap();
    let locator = store(&xq, &jane, json!(["team@group.local"]));
    assert_eq!(read(&xq, &phone, &locator), 200);
}

#[test]
fn mail_to_a_telephone_is_found_by_each_spelling() {
    let xq = Xq::start();
    xq.ask(PHONE[0]);
    let pin = xq.emulator.pin(PHONE[0]).unwrap();
    for number in PHONE {
        assert_eq!(xq.emulator.pin(number).as_ref(), Some(&pin), "{number}");
        let encoded = number.replace('+', "%2B").replace(' ', "%20");
        let mail = xq.get(&format!("admin/mail?user={encoded}"), "").json();
        assert_eq!(
            (&mail[0]["user"], &mail[0]["pin"], &mail[1]),
            (&json!(PHONE[0]), &json!(pin), &Value::Null)
        );
    }
    assert_eq!(xq.emulator.pin("(111) 222-3334"), None);
    xq.ask("Jane@Example.com");
    assert!(xq.emulator.pin(JANE).is_some());
    assert_eq!(
        xq.get(&format!("admin/mail?user={JANE}"), "").json()[0]["user"],
        "Jane@Example.com"
    );
}

#[test]
fn what_is_no_telephone_number_signs_nobody_in() {
    let xq = Xq::start();
    for user in [
        "",
        "+",
        "5551234",
        "+123456",
        "+1234567890123456",
        "++11112223333",
        "1112223333x",
        "+11112223333\n",
        "xq.public",
    ] {
        let answer = xq.post("subscription/authorize", "", json!({ "user": user }));
        assert_eq!(answer.refused(400), "Bad email", "{user}");
    }
}

#[test]
fn an_alias_whose_name_is_an_address_is_one_user() {
    let xq = Xq::start();
    let jane = xq.sign_in(JANE);
    let spellings = [
        "joe@example.com@alias.local",
        "joe%40example.com@alias.local",
        "Joe@Example.com@ALIAS.local",
    ];
    let mut tokens = vec![alias(&xq, "joe@example.com")];
    tokens.extend(spellings.map(|address| alias(&xq, address)));
    for address in spellings {
        let locator = store(&xq, &jane, json!([address]));
        assert!(
            tokens.iter().all(|token| read(&xq, token, &locator) == 200),
            "{address}"
        );
        // Joe himself is somebody else.
        assert_eq!(read(&xq, &xq.sign_in("joe@example.com"), &locator), 403);
    }
    assert_eq!(xq.get("admin/subscribers", "").json().as_array().unwrap().len(), 3);

    let numbers = ["(111) 222-3333", "+11112223333"].map(|number| alias(&xq, number));
    let locator = store(&xq, &jane, json!(["111-222-3333@alias.local"]));
    assert_eq!(numbers.map(|token| read(&xq, &token, &locator)), [200; 2]);
    assert_eq!(read(&xq, &xq.sign_in("+11112223333"), &locator), 403);
}

#[test]
fn public_keys_are_for_everybody_who_is_signed_in() {
    let xq = Xq::start();
    let [jane, joe] = [JANE, "joe@example.com"].map(|user| xq.sign_in(user));
    let device = alias(&xq, "device-7");
    let locator = store(&xq, &jane, json!(["XQ.public"]));
    assert_eq!([&joe, &device].map(|token| read(&xq, token, &locator)), [200; 2]);
    assert_eq!(
        ["", "garbage", &xq.ask("joan@example.com")].map(|token| read(&xq, token, &locator)),
        [401; 3]
    );
    let left = xq.get(&format!("validation/expiration/{locator}"), &joe);
    assert_eq!(left.status, 200);
    assert_eq!(
        xq.call("DELETE", &format!("validation/key/{locator}"), &joe, None)
            .status,
        403
    );

    let [grant, revoke] = ["grant", "revoke"].map(|call| format!("validation/{call}/{locator}"));
    assert_eq!(change(&xq, "PATCH", &revoke, &jane, json!(["joe@example.com"])), 204);
    assert_eq!([&joe, &device].map(|token| read(&xq, token, &locator)), [403, 200]);
    assert_eq!(change(&xq, "PATCH", &revoke, &jane, json!("xq.public")), 204);
    assert_eq!([&joe, &device].map(|token| read(&xq, token, &locator)), [403; 2]);
    assert_eq!(change(&xq, "POST", &grant, &jane, json!(["xq.public"])), 204);
    assert_eq!(read(&xq, &device, &locator), 200);
}

#[test]
fn a_group_is_revoked_by_its_other_spelling() {
    let xq = Xq::start();
    let [jane, joe] = [JANE, "joe@example.com"].map(|user| xq.sign_in(user));
    xq.emulator.set_group("17", &["joe@example.com"]).unwrap();
    let locator = store(&xq, &jane, json!(["17@_"]));
    assert_eq!(read(&xq, &joe, &locator), 200);
    let revoke = format!("validation/revoke/{locator}");
    assert_eq!(change(&xq, "PATCH", &revoke, &jane, json!(["17@group.local"])), 204);
    assert_eq!(read(&xq, &joe, &locator), 403);
}

#[test]
fn recipients_come_as_a_list_in_a_list_or_not_at_all() {
    let xq = Xq::start();
    let [jane, joe] = [JANE, "joe@example.com"].map(|user| xq.sign_in(user));
    let nested = store(
        &xq,
        &jane,
        json!([["joe@example.com", "joan@example.com"], "xq@example.com"]),
    );
    assert_eq!(read(&xq, &joe, &nested), 200);
    let own = store(&xq, &jane, Value::Null);
    let entry = json!({ "key": "row", "recipients": null });
    xq.post("subscription/packet/batch", &jane, json!({ "entries": [entry] }))
        .ok();
    assert_eq!([&jane, &joe].map(|token| read(&xq, token, &own)), [200, 403]);
    let shown = xq.get("admin/keys", "").json();
    assert_eq!(
        shown[0]["recipients"],
        json!(["joe@example.com", "joan@example.com", "xq@example.com"])
    );
    assert_eq!([&shown[1]["recipients"], &shown[2]["recipients"]], [&json!([]); 2]);

    let [grant, revoke] = ["grant", "revoke"].map(|call| format!("validation/{call}/{own}"));
    for (method, call) in [("POST", &grant), ("PATCH", &revoke)] {
        let why = xq.call(method, call, &jane, json!({ "recipients": null })).refused(400);
        assert!(why.contains("recipients is a list"), "{why}");
    }
    assert_eq!(change(&xq, "POST", &grant, &jane, json!([["joe@example.com"]])), 204);
    assert_eq!(read(&xq, &joe, &own), 200);
}
