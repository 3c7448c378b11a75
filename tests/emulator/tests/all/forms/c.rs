//! What C sends: header names as it likes, JSON that calls itself a form, texts that are cut at a zero byte.

use super::{Row, Sdk, row};

const SDK: Sdk = Sdk {
    fields: &[],
    of_body: Some("Content-Type: application/x-www-form-urlencoded"),
    bearer: "Authorization:Bearer ",
    keyless: &[],
    looks_for_status: false,
};

const SIGN_IN: &[Row] = &[
    row(
        "POST subscription/authorize",
        "",
        r#"{"user":"ann@example.com"}"#,
        200,
        "eyJ",
    )
    .kept("ASKED"),
    row(
        "POST subscription/authorize",
        "",
        r#"{"user":"(111) 222-3333"}"#,
        200,
        "eyJ",
    ),
    row("GET subscription/codevalidation?pin=$PIN", "ASKED", "", 204, ""),
    row("GET subscription/exchange", "", "", 200, "eyJ")
        .with(&["AUTHORIZATION:Bearer $ASKED"])
        .kept("TOKEN"),
    row("POST subscription/authorizealias", "", r#"{"user":"desk"}"#, 200, "eyJ").kept("DEVICE"),
    row(
        "POST subscription/authorize/trusted/team",
        "",
        r#"{"device":"meter","ver":2,"roaming":true}"#,
        200,
        "U2FsdGVkX1",
    )
    .with(&["Trusted-Address: 10.0.0.1"]),
    // Its first releases say neither version nor roaming.
    row(
        "POST subscription/authorize/trusted/1",
        "",
        r#"{"device":"meter"}"#,
        200,
        "U2FsdGVkX1",
    ),
    row(
        "POST dashboard/trusted/announce",
        "DEVICE",
        r#"{"afirst":"meter","alast":""}"#,
        204,
        "",
    ),
];

const ACCOUNT: &[Row] = &[
    row("GET subscription/subscriber", "TOKEN", "", 200, "/_sub=1"),
    row("GET subscription/subscriber", "TOKEN", "", 200, "/user=ann@example.com"),
    row("GET subscription/subscriber", "TOKEN", "", 200, "/ends"),
    row(
        "PATCH subscription/settings",
        "TOKEN",
        r#"{"notifications":2,"newsletter":true}"#,
        204,
        "",
    ),
    row("GET subscription/settings", "TOKEN", "", 200, "/notifications=2"),
    row("GET subscription/delegate", "TOKEN", "", 200, "eyJ").kept("DELEGATE"),
    row(
        "POST subscription/combined",
        "TOKEN",
        r#"{"tokens":["$JANE","$JOE"]}"#,
        200,
        "/merged=2",
    ),
    row(
        "POST subscription/combined",
        "TOKEN",
        r#"{"tokens":["$JANE","$JOE"]}"#,
        200,
        "/token",
    )
    .kept("COMBINED"),
    row("GET validation/key/$LOCATOR", "COMBINED", "", 200, "secret"),
];

const KEYS: &[Row] = &[
    row(
        "POST subscription/packet",
        "TOKEN",
        r#"{"key":".Bk","dor":true,"expires":1,"type":"email","recipients":"joe@example.com","meta":{"subject":"s"}}"#,
        200,
        "",
    )
    .kept("PACKET"),
    row("POST validation/packet", "TOKEN", "$PACKET", 200, "").kept("OWN"),
    row("GET validation/expiration/$OWN", "JOE", "", 200, "/expiresOn=3600"),
    row("GET validation/key/$OWN", "JOE", "", 200, ".Bk"),
    row("GET validation/key/$OWN", "JOE", "", 410, "when it was read"),
    row("GET validation/expiration/$OWN", "TOKEN", "", 410, "when it was read"),
    row(
        "POST validation/grant/$LOCATOR",
        "JANE",
        r#"{"recipients":["ann@example.com"]}"#,
        204,
        "",
    ),
    row("GET validation/key/$LOCATOR", "TOKEN", "", 200, "secret"),
    row(
        "PATCH validation/revoke/$LOCATOR",
        "JANE",
        r#"{"recipients":["ann@example.com"]}"#,
        204,
        "",
    ),
    row(
        "POST validation/grant/$LOCATOR",
        "JANE",
        r#"{"recipients":"ann@example.com"}"#,
        204,
        "",
    ),
    row(
        "PATCH validation/revoke/$LOCATOR",
        "JANE",
        r#"{"recipients":"ann@example.com"}"#,
        204,
        "",
    ),
    row("GET validation/key/$LOCATOR", "TOKEN", "", 403, "for others"),
    row("DELETE validation/key/$LOCATOR", "JANE", "", 204, ""),
    row("GET quantum/?raw=1&ks=4096", "TOKEN", "", 200, "0"),
];

const DASHBOARD: &[Row] = &[
    // The business with the number 0 is whichever there is.
    row("GET dashboard/login/verify?request=sub&bid=0", "JANE", "", 200, "eyJ"),
    row("GET dashboard/login/verify?request=sub&bid=0", "TOKEN", "", 200, "eyJ").kept("BOARD"),
    row("GET dashboard/login/verify?request=sub&bid=1", "JANE", "", 200, "eyJ"),
    row(
        "GET dashboard/login/verify?request=sub&bid=1",
        "TOKEN",
        "",
        404,
        "no business with id 1",
    ),
    row(
        "POST dashboard/usergroup",
        "BOARD",
        r#"{"name":"team","members":["joe@example.com"]}"#,
        200,
        "/id",
    )
    .kept("GROUP"),
    row(
        "PATCH dashboard/usergroup/$GROUP",
        "BOARD",
        r#"{"name":"crew","members":["joe@example.com","jane@example.com"]}"#,
        204,
        "",
    ),
    row("DELETE dashboard/usergroup/$GROUP", "BOARD", "", 204, ""),
    row(
        "POST dashboard/contact",
        "BOARD",
        r#"{"email":"joe@example.com","role":1,"notifications":3,"firstName":"Joe","lastName":"Doe","title":"Mr"}"#,
        200,
        "/id",
    )
    .kept("CONTACT"),
    row(
        "POST dashboard/contact",
        "BOARD",
        r#"{"email":"1234567","role":7,"notifications":0}"#,
        200,
        "/id",
    ),
    row("DELETE dashboard/contact/$CONTACT", "BOARD", "", 204, ""),
    row("DELETE dashboard/contact/$CONTACT?delete=true", "BOARD", "", 204, ""),
];

const END: &[Row] = &[
    row("DELETE subscription/authorization", "DELEGATE", "", 204, ""),
    row("GET subscription/subscriber", "DELEGATE", "", 401, "given up"),
    row("DELETE subscription/subscriber", "TOKEN", "", 204, ""),
];

#[test]
fn c() {
    super::run(&SDK, &[SIGN_IN, ACCOUNT, KEYS, DASHBOARD, END]);
}
