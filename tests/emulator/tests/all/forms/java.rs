//! What Java sends: changes under OPTIONS, queries that are not encoded, and a question mark with nothing behind it.

use super::{Row, Sdk, row};

const SDK: Sdk = Sdk {
    fields: &["content-type: application/json"],
    of_body: None,
    bearer: "Authorization: Bearer ",
    keyless: &[],
    looks_for_status: true,
};

const TEXT: &[&str] = &["content-type: text/plain;charset=UTF-8"];

const SIGN_IN: &[Row] = &[
    row(
        "POST subscription/authorize",
        "",
        r#"{"user":"ann@example.com","firstName":"Ann","lastName":"Lee","newsletter":true,"notifications":2}"#,
        200,
        "eyJ",
    )
    .kept("ASKED"),
    row("GET subscription/codevalidation?pin=$PIN", "ASKED", "", 204, ""),
    row("GET subscription/exchange", "ASKED", "", 200, "eyJ").kept("TOKEN"),
    row(
        "POST subscription/authorizealias",
        "",
        r#"{"user":"desk","firstName":"John","lastName":"Doe"}"#,
        200,
        "eyJ",
    ),
    row(
        "GET subscription/apikey?api-key=general-key",
        "TOKEN",
        "",
        200,
        "/scopes/0",
    ),
];

const ACCOUNT: &[Row] = &[
    row("GET subscription/subscriber", "TOKEN", "", 200, "/sub=1"),
    row("GET subscription/subscriber", "TOKEN", "", 200, "/firstName=Ann"),
    row("GET subscription/subscriber", "TOKEN", "", 200, "/starts"),
    row(
        "OPTIONS subscription/settings",
        "TOKEN",
        r#"{"newsletter":false,"notifications":1}"#,
        204,
        "",
    ),
    row("GET subscription/settings", "TOKEN", "", 200, "/newsletter=false"),
    row("GET subscription/settings", "TOKEN", "", 200, "/notifications=1"),
    row("GET subscription/delegate", "TOKEN", "", 200, "eyJ").kept("DELEGATE"),
    row(
        "POST subscription/combined",
        "TOKEN",
        r#"{"tokens":["$JANE","$TOKEN"]}"#,
        200,
        "/token",
    ),
    row(
        "POST subscription/combined",
        "TOKEN",
        r#"{"tokens":["$JANE","$TOKEN"]}"#,
        200,
        "/merged=2",
    ),
];

const KEYS: &[Row] = &[
    row(
        "POST subscription/packet",
        "TOKEN",
        r#"{"key":".Xk","recipients":["joe@example.com"],"expires":5,"dor":false,"type":"msg"}"#,
        200,
        "",
    )
    .kept("PACKET"),
    row("POST validation/packet", "TOKEN", "$PACKET", 200, "")
        .with(TEXT)
        .kept("OWN"),
    row(
        "POST validation/packet",
        "TOKEN",
        "not-a-packet",
        400,
        "/status=The submitted packet is not valid",
    )
    .with(TEXT),
    row("GET validation/key/$OWN?", "JOE", "", 200, ".Xk"),
    row("GET validation/expiration/$OWN?", "TOKEN", "", 200, "/expiresOn=18000"),
    row("GET validation/expiration/$EXPIRED?", "JANE", "", 200, "/expiresOn=0"),
    row(
        "OPTIONS validation/grant/$LOCATOR",
        "JANE",
        r#"{"recipients":"ann@example.com,joe@example.com"}"#,
        204,
        "",
    ),
    row("GET validation/key/$LOCATOR?", "JOE", "", 200, "secret"),
    row(
        "OPTIONS validation/revoke/$LOCATOR",
        "JANE",
        r#"{"recipients":"joe@example.com"}"#,
        204,
        "",
    ),
    row("GET validation/key/$LOCATOR?", "JOE", "", 403, "for others"),
    row(
        "OPTIONS validation/grant/$LOCATOR",
        "JOE",
        r#"{"recipients":"joe@example.com"}"#,
        403,
        "Only the owner",
    ),
    row(
        "OPTIONS validation/grant/$LOCATOR",
        "",
        r#"{"recipients":"joe@example.com"}"#,
        401,
        "No token",
    ),
    row("DELETE validation/key/$OWN?", "TOKEN", "", 204, ""),
    row("GET validation/key/$OWN?", "JOE", "", 410, "was revoked"),
    row("GET quantum?ks=256", "", "", 200, "="),
];

const DASHBOARD: &[Row] = &[
    row("GET dashboard/login/verify?request=sub", "TOKEN", "", 200, "eyJ").kept("BOARD"),
    row("GET dashboard/devapps", "BOARD", "", 200, "/apps"),
    row(
        "POST dashboard/usergroup",
        "BOARD",
        r#"{"name":"team","members":["joe@example.com"]}"#,
        200,
        "/id",
    )
    .kept("GROUP"),
    row("GET dashboard/usergroup", "BOARD", "", 200, "/groups/0/id=$GROUP"),
    row("GET dashboard/usergroup?id=[0-9]+", "BOARD", "", 200, "/groups/0/name=team"),
    row(
        "POST dashboard/usergroup",
        "BOARD",
        r#"{"id":$GROUP,"name":"crew","members":["jane@example.com"]}"#,
        200,
        "/name=crew",
    ),
    row("GET dashboard/usergroup?id=$GROUP", "BOARD", "", 200, "/groups/0/members/0/address=jane@example.com"),
    row("DELETE dashboard/usergroup/$GROUP", "BOARD", "", 204, ""),
    row(
        "POST dashboard/contact",
        "BOARD",
        r#"{"email":"test-user-1@example.com","notifications":"NONE","role":7,"title":"Mr.","firstName":"John","lastName":"Doe"}"#,
        200,
        "/id",
    )
    .kept("CONTACT"),
    row("GET dashboard/contact?filter=%", "BOARD", "", 200, "/contacts/0/fn=John"),
    row("GET dashboard/contact?filter=%", "BOARD", "", 200, "/contacts/0/ln=Doe"),
    row("GET dashboard/contact?limit=1&page=0&role=7", "BOARD", "", 200, "/contacts/0/id=$CONTACT"),
    row("DELETE dashboard/contact/$CONTACT", "BOARD", "", 204, ""),
    row("DELETE dashboard/contact/$CONTACT?delete=true", "BOARD", "", 204, ""),
    row("GET dashboard/contact", "BOARD", "", 200, "/contacts=[]"),
];

const END: &[Row] = &[
    row("DELETE subscription/authorization", "DELEGATE", "", 204, ""),
    row("DELETE subscription/subscriber", "TOKEN", "", 204, ""),
    row("GET subscription/subscriber", "TOKEN", "", 401, "/status"),
];

#[test]
fn java() {
    super::run(&SDK, &[SIGN_IN, ACCOUNT, KEYS, DASHBOARD, END]);
}
