//! Calls as each of XQ's own SDKs makes them: by hand, a row for each, with the status and something of the reply.

use std::collections::BTreeMap;

use crate::client::{DASHBOARD_KEY, GENERAL_KEY, Xq};

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
const JSON: &str = "Content-Type: application/json";
const TEXT: &str = "Content-Type: text/plain;charset=UTF-8";

/// One call. `$NAME` in it stands for what is known under that name.
struct Row {
    sdk: &'static str,
    request: &'static str,
    /// Header fields as they are written, beside the API key.
    fields: &'static [&'static str],
    body: &'static str,
    status: u16,
    /// What the reply has in it.
    part: &'static str,
    /// The name that the reply is known under from then on.
    kept: &'static str,
}

const fn row(
    sdk: &'static str,
    request: &'static str,
    fields: &'static [&'static str],
    body: &'static str,
    status: u16,
    part: &'static str,
) -> Row {
    Row {
        sdk,
        request,
        fields,
        body,
        status,
        part,
        kept: "",
    }
}

impl Row {
    const fn kept(self, kept: &'static str) -> Row {
        Row { kept, ..self }
    }
}

const JANE: &str = "Authorization: Bearer $JANE";
const JOE: &str = "Authorization: Bearer $JOE";
const ASKED: &str = "Authorization: Bearer $ASKED";
const TOKEN: &str = "Authorization: Bearer $TOKEN";

/// What Python sends: JSON always, and a placeholder where there is no token yet.
const PYTHON: &[Row] = &[
    row("Python", "GET subscription/apikey", &[JSON, "authorization: Bearer "], "", 200, r#""scopes":["#),
    row(
        "Python",
        "POST subscription/authorize",
        &[JSON, "authorization: Bearer None"],
        r#"{"user":"ann@example.com","newsletter":false,"notifications":0}"#,
        200,
        "eyJ",
    )
    .kept("ASKED"),
    row("Python", "GET subscription/codevalidation?pin=$BARE_PIN", &[JSON, ASKED], "", 204, ""),
    row("Python", "GET subscription/exchange?selector=False", &[JSON, ASKED], "", 200, "eyJ").kept("TOKEN"),
    row(
        "Python",
        "POST subscription/packet/add",
        &[JSON, TOKEN],
        r#"{"meta":{"subject":"s","title":"s","labels":null},"type":"msg","recipients":["joe@example.com"],"expires":24,"key":".1k"}"#,
        200,
        "",
    )
    .kept("OWN"),
    row(
        "Python",
        "POST subscription/packet/add",
        &[JSON, TOKEN],
        r#"{"meta":{"subject":null,"meta":null},"type":5,"recipients":[["joe@example.com"]],"expires":24,"keys":["a","b"]}"#,
        200,
        r#""tokens":[{"a":"#,
    ),
    row(
        "Python",
        "POST subscription/packet/batch",
        &[JSON, TOKEN],
        r#"{"entries":[{"type":"database","meta":{},"key":"a","recipients":null,"expires":1,"unit":"days"}]}"#,
        200,
        r#""status":"OK""#,
    ),
    row("Python", "GET validation/key/$OWN", &[JSON, JOE], "", 200, ".1k"),
    row("Python", "POST validation/keys", &[JSON, JOE], r#"["$OWN"]"#, 200, r#"{"exported":[{"$OWN":".1k"}]"#),
    row("Python", "GET validation/expiration/$OWN", &[JSON, TOKEN], "", 200, r#"{"expiresOn":86"#),
    row(
        "Python",
        "POST validation/grant/$OWN",
        &[JSON, TOKEN],
        r#"{"recipients":["jane@example.com"]}"#,
        204,
        "",
    ),
    row(
        "Python",
        "PATCH validation/revoke/$OWN",
        &[JSON, TOKEN],
        r#"{"recipients":["joe@example.com"]}"#,
        204,
        "",
    ),
    row("Python", "GET validation/key/$OWN", &[JSON, JOE], "", 403, "for others"),
    row("Python", "DELETE validation/key/$OWN", &[JSON, TOKEN], "", 204, ""),
    row("Python", "GET validation/expiration/$OWN", &[JSON, TOKEN], "", 410, "was revoked"),
    row("Python", "GET quantum/?ks=2", &[JSON], "", 200, "="),
];

/// What JavaScript sends: lists as text with commas, a packet as plain text.
const JAVASCRIPT: &[Row] = &[
    row(
        "JavaScript",
        "GET subscription/apikey?api-key=general-key",
        &[JSON],
        "",
        200,
        r#""status":"OK""#,
    ),
    row(
        "JavaScript",
        "GET subscription/apikey?api-key=other-key",
        &[JSON],
        "",
        401,
        "API key",
    ),
    row(
        "JavaScript",
        "GET subscription/apikey?api-key=",
        &[JSON],
        "",
        401,
        "API key",
    ),
    row(
        "JavaScript",
        "POST subscription/packet",
        &[JSON, JANE],
        r#"{"type":"msg","key":".2k","recipients":"joe@example.com,jane@example.com","expires":5,"dor":false}"#,
        200,
        "",
    )
    .kept("PACKET"),
    row(
        "JavaScript",
        "POST validation/packet",
        &[TEXT, JANE],
        "$PACKET",
        200,
        "",
    )
    .kept("OWN"),
    row("JavaScript", "GET validation/key/$OWN", &[JSON, JOE], "", 200, ".2k"),
    row(
        "JavaScript",
        "DELETE validation/key?tokens=$LOCATOR,$OWN",
        &[JSON, JANE],
        r#"{"tokens":["$LOCATOR","$OWN"]}"#,
        204,
        "",
    ),
    row(
        "JavaScript",
        "GET validation/key/$OWN",
        &[JSON, JOE],
        "",
        410,
        "was revoked",
    ),
    row(
        "JavaScript",
        "GET validation/key/$LOCATOR",
        &[JSON, JANE],
        "",
        410,
        "was revoked",
    ),
    row(
        "JavaScript",
        "GET validation/expiration/$EXPIRED",
        &[JSON, JANE],
        "",
        200,
        r#""expiresOn":0"#,
    ),
    row(
        "JavaScript",
        "GET validation/key/$EXPIRED",
        &[JSON, JANE],
        "",
        410,
        "has expired",
    ),
    row(
        "JavaScript",
        "GET subscription/subscriber",
        &[JSON, JANE],
        "",
        200,
        r#""status":"OK""#,
    ),
    row(
        "JavaScript",
        "GET subscription/settings",
        &[JSON, JANE],
        "",
        200,
        r#""status":"OK""#,
    ),
    row(
        "JavaScript",
        "PATCH subscription/settings",
        &[JSON, JANE],
        r#"{"newsletter":true,"notifications":3}"#,
        204,
        "",
    ),
    row(
        "JavaScript",
        "POST subscription/combined",
        &[JSON, JANE],
        r#"{"tokens":["$JANE","$JOE","garbage"]}"#,
        200,
        r#"{"invalid":["garbage"],"merged":2,"status":"OK","token":"eyJ"#,
    ),
    row("JavaScript", "GET subscription/delegate", &[JSON, JANE], "", 200, "eyJ"),
    row(
        "JavaScript",
        "GET dashboard/usergroup",
        &[JSON, "Authorization: Bearer $DASHBOARD"],
        "",
        200,
        r#""status":"OK""#,
    ),
    row(
        "JavaScript",
        "GET dashboard/businesses",
        &[JSON, "Authorization: Bearer $DASHBOARD"],
        "",
        200,
        r#""status":"OK""#,
    ),
    row(
        "JavaScript",
        "DELETE subscription/authorization",
        &[JSON, JANE],
        "",
        204,
        "",
    ),
    row(
        "JavaScript",
        "GET subscription/subscriber",
        &[JSON, JANE],
        "",
        401,
        r#"{"status":"#,
    ),
];

/// What C sends: header names as it likes, JSON that calls itself a form.
const C: &[Row] = &[
    row(
        "C",
        "POST subscription/authorize",
        &[FORM],
        r#"{"user":"ann@example.com"}"#,
        200,
        "eyJ",
    )
    .kept("ASKED"),
    row(
        "C",
        "GET subscription/codevalidation?pin=$PIN",
        &["Authorization:Bearer $ASKED"],
        "",
        204,
        "",
    ),
    row(
        "C",
        "GET subscription/exchange",
        &["AUTHORIZATION:Bearer $ASKED"],
        "",
        200,
        "eyJ",
    )
    .kept("TOKEN"),
    row(
        "C",
        "POST subscription/authorizealias",
        &[FORM],
        r#"{"user":"desk"}"#,
        200,
        "eyJ",
    ),
    row(
        "C",
        "POST subscription/authorize/trusted/team",
        &[FORM, "Trusted-Address: 10.0.0.1"],
        r#"{"device":"meter","ver":2,"roaming":true}"#,
        200,
        "U2FsdGVkX1",
    ),
    row(
        "C",
        "POST dashboard/trusted/announce",
        &[FORM, JANE],
        r#"{"afirst":"meter","alast":""}"#,
        204,
        "",
    ),
    row("C", "GET subscription/subscriber", &[TOKEN], "", 200, r#""_sub":1,"#),
    row(
        "C",
        "POST subscription/packet",
        &[FORM, TOKEN],
        r#"{"key":".Bk","recipients":"joe@example.com","expires":1,"dor":true}"#,
        200,
        "",
    )
    .kept("PACKET"),
    row("C", "POST validation/packet", &[FORM, TOKEN], "$PACKET", 200, "").kept("OWN"),
    row(
        "C",
        "GET validation/expiration/$OWN",
        &[JOE],
        "",
        200,
        r#""expiresOn":3"#,
    ),
    row("C", "GET validation/key/$OWN", &[JOE], "", 200, ".Bk"),
    row("C", "GET validation/key/$OWN", &[JOE], "", 410, "when it was read"),
    row(
        "C",
        "GET validation/expiration/$OWN",
        &[TOKEN],
        "",
        410,
        "when it was read",
    ),
    row(
        "C",
        "POST validation/grant/$LOCATOR",
        &[FORM, JANE],
        r#"{"recipients":"ann@example.com"}"#,
        204,
        "",
    ),
    row("C", "GET validation/key/$LOCATOR", &[TOKEN], "", 200, "secret"),
    row(
        "C",
        "PATCH validation/revoke/$LOCATOR",
        &[FORM, JANE],
        r#"{"recipients":"ann@example.com"}"#,
        204,
        "",
    ),
    row("C", "DELETE validation/key/$LOCATOR", &[JANE], "", 204, ""),
    row("C", "GET quantum/?raw=1&ks=4096", &[], "", 200, "0"),
    row("C", "DELETE subscription/subscriber", &[TOKEN], "", 204, ""),
];

/// What Java sends: changes under OPTIONS, and it reads as JSON only what holds the word status.
const JAVA: &[Row] = &[
    row(
        "Java",
        "OPTIONS validation/grant/$LOCATOR",
        &[JSON, JANE],
        r#"{"recipients":"ann@example.com,joe@example.com"}"#,
        204,
        "",
    ),
    row("Java", "GET validation/key/$LOCATOR", &[JOE], "", 200, "secret"),
    row(
        "Java",
        "OPTIONS validation/revoke/$LOCATOR",
        &[JSON, JANE],
        r#"{"recipients":"joe@example.com"}"#,
        204,
        "",
    ),
    row("Java", "GET validation/key/$LOCATOR", &[JOE], "", 403, "for others"),
    row(
        "Java",
        "OPTIONS validation/grant/$LOCATOR",
        &[JSON, JOE],
        r#"{"recipients":"joe@example.com"}"#,
        403,
        "Only the owner",
    ),
    row(
        "Java",
        "OPTIONS validation/grant/$LOCATOR",
        &[JSON],
        r#"{"recipients":"joe@example.com"}"#,
        401,
        "No token",
    ),
    row(
        "Java",
        "OPTIONS subscription/settings",
        &[JSON, JANE],
        r#"{"newsletter":true,"notifications":2}"#,
        204,
        "",
    ),
    row(
        "Java",
        "GET subscription/settings",
        &[JANE],
        "",
        200,
        r#"{"newsletter":true,"notifications":2,"status":"OK"}"#,
    ),
    row("Java", "GET subscription/subscriber", &[JANE], "", 200, r#""sub":"1""#),
    row(
        "Java",
        "POST validation/packet",
        &[TEXT, JANE],
        "not-a-packet",
        400,
        r#"{"status":"The submitted packet is not valid"}"#,
    ),
    row(
        "Java",
        "GET validation/expiration/$EXPIRED",
        &[JANE],
        "",
        200,
        r#"{"expiresOn":0,"status":"OK"}"#,
    ),
    row(
        "Java",
        "POST dashboard/usergroup",
        &[JSON, "Authorization: Bearer $DASHBOARD"],
        r#"{"name":"team","members":["joe@example.com"]}"#,
        200,
        r#""id":1,"#,
    ),
    row(
        "Java",
        "POST dashboard/usergroup",
        &[JSON, "Authorization: Bearer $DASHBOARD"],
        r#"{"id":1,"name":"crew","members":["ann@example.com"]}"#,
        200,
        r#""name":"crew","status":"OK""#,
    ),
    row(
        "Java",
        "GET dashboard/usergroup?id=1",
        &["Authorization: Bearer $DASHBOARD"],
        "",
        200,
        r#""address":"ann@example.com""#,
    ),
];

/// What PHP sends: empty fields where it has nothing, empty lists where others have objects.
const PHP: &[Row] = &[
    row("PHP", "POST subscription/authorize", &[JSON, "authorization:"], r#"{"user":"ann@example.com"}"#, 200, "eyJ")
        .kept("ASKED"),
    row("PHP", "GET subscription/codevalidation?pin=$PIN", &[JSON, ASKED], "", 204, ""),
    row("PHP", "GET subscription/exchange?request=xq", &[JSON, ASKED], "", 200, "eyJ").kept("TOKEN"),
    row("PHP", "GET subscription/exchange?request=dashboard", &[JSON, TOKEN], "", 200, "eyJ").kept("ON_DASHBOARD"),
    row("PHP", "GET dashboard/session", &[JSON, "authorization: Bearer $ON_DASHBOARD"], "", 204, ""),
    row(
        "PHP",
        "POST subscription/packet",
        &[JSON, TOKEN],
        r#"{"key":".Bk","recipients":"joe@example.com","expires":24,"type":"other","meta":[],"onetime":true,"authorization":""}"#,
        200,
        "",
    )
    .kept("PACKET"),
    row("PHP", "POST validation/packet", &[JSON, TOKEN], "$PACKET", 200, "").kept("OWN"),
    row("PHP", "GET validation/key/$OWN", &[JSON, JOE], "", 200, ".Bk"),
    row("PHP", "GET validation/key/$OWN", &[JSON, JOE], "", 410, "when it was read"),
    row("PHP", "POST validation/grant/$LOCATOR", &[JSON, JANE], r#"{"recipients":["ann@example.com"]}"#, 204, ""),
    row("PHP", "GET validation/key/$LOCATOR", &[JSON, TOKEN], "", 200, "secret"),
    row("PHP", "GET quantum/?ks=256&raw=0", &[JSON], "", 200, "="),
];

/// An emulator with a live key and an expired one of Jane's, and what rows may speak of.
fn prepared() -> (Xq, BTreeMap<&'static str, String>) {
    let xq = Xq::start();
    let [jane, joe] = ["jane@example.com", "joe@example.com"].map(|user| xq.sign_in(user));
    let dashboard = xq.emulator.dashboard_token("jane@example.com").unwrap();
    let [expired, locator] = [1, 9].map(|hours| {
        let body = serde_json::json!({ "recipients": ["jane@example.com"], "expires": hours, "key": "secret" });
        xq.post("subscription/packet/add", &jane, body).ok()
    });
    xq.post("admin/clock", "", serde_json::json!({ "advance_seconds": 3_600 }))
        .ok();
    let known = [
        ("JANE", jane),
        ("JOE", joe),
        ("DASHBOARD", dashboard),
        ("EXPIRED", expired),
        ("LOCATOR", locator),
    ];
    (xq, known.into())
}

/// The text with what is known in place of its names; of two that begin alike, the longer first.
fn filled(text: &str, known: &BTreeMap<&str, String>) -> String {
    let longer_first = known.iter().rev();
    longer_first.fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("${name}"), value)
    })
}

/// Sends one as it is written, in bytes of its own: the status, and the body of the reply.
fn send(xq: &Xq, row: &Row, known: &BTreeMap<&str, String>) -> (u16, String) {
    let (method, call) = row.request.split_once(' ').unwrap();
    let (service, path) = call.split_once('/').unwrap();
    let key = match (service, path) {
        ("dashboard", "trusted/announce") => GENERAL_KEY,
        ("dashboard", _) => DASHBOARD_KEY,
        _ => GENERAL_KEY,
    };
    let body = filled(row.body, known);
    let mut head = format!("{method} /{service}/v2/{path} HTTP/1.1\r\nHost: x\r\nApi-Key: {key}\r\n");
    for field in row.fields {
        head += &format!("{field}\r\n");
    }
    let head = filled(&head, known);
    let length = body.len();
    let reply = xq.raw(&format!(
        "{head}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    ));
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// All rows of one SDK, in their order, on an emulator of their own.
fn run(rows: &[Row]) {
    let (xq, mut known) = prepared();
    for row in rows {
        let (status, body) = send(&xq, row, &known);
        let part = filled(row.part, &known);
        let Row { sdk, request, .. } = row;
        assert_eq!(status, row.status, "{sdk}: {request}: {body}");
        assert!(body.contains(&part), "{sdk}: {request}: {part} is not in {body}");
        assert!(row.status != 204 || body.is_empty(), "{sdk}: {request}: {body}");
        if !row.kept.is_empty() {
            assert!(!body.is_empty(), "{sdk}: {request}");
            known.insert(row.kept, body);
        }
        if row.kept == "ASKED" {
            let pin = xq.emulator.pin("ann@example.com").unwrap();
            known.insert("BARE_PIN", pin.parse::<u32>().unwrap().to_string());
            known.insert("PIN", pin);
        }
    }
}

#[test]
fn python() {
    run(PYTHON);
}

#[test]
fn javascript() {
    run(JAVASCRIPT);
}

#[test]
fn c() {
    run(C);
}

#[test]
fn java() {
    run(JAVA);
}

#[test]
fn php() {
    run(PHP);
}
