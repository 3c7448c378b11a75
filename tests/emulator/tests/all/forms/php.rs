//! What PHP sends: empty fields where it has nothing, empty lists where others have objects, JSON that calls itself a form.

use super::{Row, Sdk, row};

const SDK: Sdk = Sdk {
    fields: &["Accept-Language:en"],
    of_body: Some("Content-Type: application/x-www-form-urlencoded"),
    bearer: "Authorization:Bearer ",
    keyless: &["quantum"],
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
    .with(&["authorization:"])
    .kept("ASKED"),
    row("GET subscription/codevalidation?pin=$PIN", "ASKED", "", 204, ""),
    row("GET subscription/exchange?request=xq", "ASKED", "", 200, "eyJ").kept("TOKEN"),
    row("GET subscription/exchange?request=dashboard", "TOKEN", "", 200, "eyJ").kept("BOARD"),
    row("GET dashboard/session", "BOARD", "", 204, ""),
    row("POST subscription/authorizealias", "", r#"{"user":"desk"}"#, 200, "eyJ"),
];

const ACCOUNT: &[Row] = &[
    row(
        "PATCH subscription/settings",
        "TOKEN",
        r#"{"newsletter":true,"notifications":2}"#,
        204,
        "",
    ),
    row("GET subscription/settings", "TOKEN", "", 200, "/newsletter=true"),
    row("GET subscription/settings", "TOKEN", "", 200, "/notifications=2"),
    row("GET subscription/delegate", "TOKEN", "", 200, "eyJ").kept("DELEGATE"),
    row(
        "POST subscription/combined",
        "TOKEN",
        r#"{"tokens":["$JANE","$TOKEN"]}"#,
        200,
        "/token",
    ),
];

const KEYS: &[Row] = &[
    row(
        "POST subscription/packet",
        "TOKEN",
        r#"{"key":".Bk","recipients":"joe@example.com","expires":24,"type":"other","meta":[],"onetime":true,"authorization":""}"#,
        200,
        "",
    )
    .kept("PACKET"),
    row("POST validation/packet", "TOKEN", "$PACKET", 200, "").kept("OWN"),
    row("GET validation/expiration/$OWN", "TOKEN", "", 200, "/expiresOn=86400"),
    row("GET validation/key/$OWN", "JOE", "", 200, ".Bk"),
    row("GET validation/key/$OWN", "JOE", "", 410, "when it was read"),
    row("POST validation/grant/$LOCATOR", "JANE", r#"{"recipients":["ann@example.com"]}"#, 204, ""),
    row("GET validation/key/$LOCATOR", "TOKEN", "", 200, "secret"),
    row("PATCH validation/revoke/$LOCATOR", "JANE", r#"{"recipients":["ann@example.com"]}"#, 204, ""),
    row("GET validation/key/$LOCATOR", "TOKEN", "", 403, "for others"),
    row("DELETE validation/key/$LOCATOR", "JANE", "", 204, ""),
    row("GET quantum/?ks=256&raw=0", "", "", 200, "="),
    row("GET quantum/?ks=256&raw=1", "", "", 200, "0"),
];

const END: &[Row] = &[
    row("DELETE subscription/authorization", "DELEGATE", "", 204, ""),
    row("DELETE subscription/subscriber", "TOKEN", "", 204, ""),
    row("GET subscription/settings", "TOKEN", "", 401, "/status"),
];

#[test]
fn php() {
    super::run(&SDK, &[SIGN_IN, ACCOUNT, KEYS, END]);
}
