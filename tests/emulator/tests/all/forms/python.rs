//! What Python sends: JSON always, and a placeholder where there is no token yet.

use super::{Row, Sdk, row};

const SDK: Sdk = Sdk {
    fields: &["Content-Type: application/json"],
    of_body: None,
    bearer: "authorization: Bearer ",
    keyless: &[],
    looks_for_status: false,
};

const NONE: &[&str] = &["authorization: Bearer xyz123"];

const SIGN_IN: &[Row] = &[
    row("GET subscription/apikey", "", "", 200, "/scopes/0").with(&["authorization: Bearer "]),
    row(
        "POST subscription/authorize",
        "",
        r#"{"user":"ann@example.com","firstName":"Ann","lastName":null,"newsletter":false,"notifications":0}"#,
        200,
        "eyJ",
    )
    .with(&["authorization: Bearer None"])
    .kept("ASKED"),
    row("GET subscription/codevalidation?pin=$BARE_PIN", "ASKED", "", 204, ""),
    row("GET subscription/exchange?selector=False", "ASKED", "", 200, "eyJ").kept("TOKEN"),
    row("GET subscription/exchange?selector=True&b=1", "ASKED", "", 200, "eyJ"),
    row(
        "POST subscription/authorizealias",
        "",
        r#"{"user":"desk@example.com@alias.local","firstName":"","lastName":""}"#,
        200,
        "eyJ",
    )
    .with(NONE)
    .kept("ALIAS"),
    row(
        "POST subscription/authorize/trusted/team",
        "",
        r#"{"device":"meter","ver":3,"roaming":true}"#,
        200,
        "U2FsdGVkX1",
    )
    .with(NONE),
    row("GET subscription/time", "", "", 200, "").with(NONE).kept("TIME"),
    row(
        "POST dashboard/trusted/announce",
        "ALIAS",
        r#"{"afirst":"","alast":"","aphone":""}"#,
        204,
        "",
    ),
];

const KEYS: &[Row] = &[
    row(
        "POST subscription/packet",
        "TOKEN",
        r#"{"meta":{"subject":null},"type":3,"recipients":["joe@example.com"],"expires":24,"key":".1p"}"#,
        200,
        "",
    )
    .kept("PACKET"),
    row("POST validation/packet", "TOKEN", "$PACKET", 200, "").kept("FROM_PACKET"),
    row(
        "POST subscription/packet/add",
        "TOKEN",
        r#"{"meta":{"subject":"s","title":"s","labels":null},"type":"msg","recipients":["joe@example.com"],"expires":24,"key":".1k"}"#,
        200,
        "",
    )
    .kept("OWN"),
    row(
        "POST subscription/packet/add",
        "TOKEN",
        r#"{"meta":{"subject":null,"meta":null},"type":5,"recipients":[["joe@example.com"]],"expires":24,"keys":["a","b"]}"#,
        200,
        "/tokens/0/a",
    ),
    row(
        "POST subscription/packet/batch",
        "TOKEN",
        r#"{"entries":[{"type":"database","meta":{},"key":"a","recipients":null,"expires":1,"unit":"days"}]}"#,
        200,
        "/tokens/0/a",
    ),
    row("GET validation/key/$FROM_PACKET", "JOE", "", 200, ".1p"),
    row("GET validation/key/$OWN", "JOE", "", 200, ".1k"),
    row("POST validation/keys", "JOE", r#"["$OWN"]"#, 200, "/exported/0/$OWN=.1k"),
    row("GET validation/expiration/$OWN", "TOKEN", "", 200, "/expiresOn=86400"),
    row(
        "POST validation/grant/$OWN",
        "TOKEN",
        r#"{"recipients":["jane@example.com"]}"#,
        204,
        "",
    ),
    row(
        "PATCH validation/revoke/$OWN",
        "TOKEN",
        r#"{"recipients":["joe@example.com"]}"#,
        204,
        "",
    ),
    row("GET validation/key/$OWN", "JOE", "", 403, "for others"),
    row("DELETE validation/key/$OWN", "TOKEN", "", 204, ""),
    row("GET validation/expiration/$OWN", "TOKEN", "", 410, "was revoked"),
    row("GET quantum/?ks=2", "", "", 200, "=").with(NONE),
];

const TO_THE_DASHBOARD: &[Row] = &[
    row(
        "POST dashboard/signup",
        "",
        r#"{"email":"ann@example.com","optIn":true,"pwd":"s3cret"}"#,
        204,
        "",
    )
    .with(NONE),
    row(
        "POST dashboard/signup",
        "",
        r#"{"email":"ann@example.com","optIn":true}"#,
        409,
        "registered already",
    )
    .with(NONE),
    row(
        "POST dashboard/login/link",
        "",
        r#"{"email":"ann@example.com","host":"here.example"}"#,
        204,
        "",
    )
    .with(NONE),
    // A pasted link is its code, which stands for the token.
    row("GET dashboard/login/verify?request=default", "CODE", "", 200, "eyJ").kept("ANN"),
    row(
        "GET dashboard/login/verify?request=default",
        "CODE",
        "",
        401,
        "was given up",
    ),
    row(
        "POST dashboard/login/link",
        "",
        r#"{"email":"ann@example.com"}"#,
        204,
        "",
    )
    .with(NONE),
    row("POST dashboard/login", "", r#"{"pwd":"$CODE","method":1}"#, 200, "eyJ")
        .with(NONE)
        .kept("BY_CODE"),
    row("GET dashboard/login/verify?request=default", "BY_CODE", "", 200, "eyJ"),
    row(
        "POST dashboard/login",
        "",
        r#"{"email":"ann@example.com","pwd":"s3cret","method":0}"#,
        200,
        "eyJ",
    )
    .with(NONE)
    .kept("BY_PASSWORD"),
    row(
        "GET dashboard/login/verify?request=default",
        "BY_PASSWORD",
        "",
        200,
        "eyJ",
    ),
    row("GET dashboard/session", "ANN", "", 204, ""),
    row("GET dashboard/session", "JANE", "", 401, "a dashboard token"),
    row("GET dashboard/login/verify?request=sub", "JANE", "", 200, "eyJ").kept("BOARD"),
    row("GET subscription/exchange?request=dashboard", "BOARD", "", 200, "eyJ").kept("BACK"),
    row("GET subscription/settings", "BACK", "", 200, "/notifications=0"),
];

const DASHBOARD: &[Row] = &[
    row(
        "POST dashboard/usergroup",
        "BOARD",
        r#"{"name":"team","members":["joe@example.com"]}"#,
        200,
        "/id",
    )
    .kept("GROUP"),
    row("GET dashboard/usergroup", "BOARD", "", 200, "/groups/0/name=team"),
    row("GET dashboard/usergroup/$GROUP", "BOARD", "", 200, "/members/0/address=joe@example.com"),
    row(
        "PATCH dashboard/usergroup/$GROUP",
        "BOARD",
        r#"{"name":"crew","members":["joe@example.com","ann@example.com"]}"#,
        204,
        "",
    ),
    // Members go in and out by reading and writing all of them.
    row(
        "PATCH dashboard/usergroup/$GROUP",
        "BOARD",
        r#"{"members":[{"kind":"address","address":"ann@example.com"}]}"#,
        204,
        "",
    ),
    row("GET dashboard/usergroup/$GROUP", "BOARD", "", 200, "/members/0/address=ann@example.com"),
    row("GET dashboard/usergroup/$GROUP", "BOARD", "", 200, "/name=crew"),
    row("DELETE dashboard/usergroup/$GROUP", "BOARD", "", 204, ""),
    row(
        "POST dashboard/contact",
        "BOARD",
        r#"{"firstName":"Mo","lastName":"Ker","email":"mo@example.com","title":"CMO","role":6,"notifications":0,"overflow":false}"#,
        200,
        "/id",
    )
    .kept("CONTACT"),
    row(
        "GET dashboard/contact/all?role=6&filter=mo&limit=10&page=0",
        "BOARD",
        "",
        200,
        "/contacts/0/id=$CONTACT",
    ),
    row("GET dashboard/contact?filter=mo%40example.com", "BOARD", "", 200, "/contacts/0/firstName=Mo"),
    row("DELETE dashboard/contact/$CONTACT", "BOARD", "", 204, ""),
    row("GET dashboard/contact/all?filter=mo", "BOARD", "", 200, "/contacts/0/status=disabled"),
    row("DELETE dashboard/contact/$CONTACT?delete=true", "BOARD", "", 204, ""),
    row("GET dashboard/communication/$LOCATOR", "BOARD", "", 200, "/locator_token=$LOCATOR"),
    row(
        "PATCH dashboard/communication/$LOCATOR/labels",
        "BOARD",
        r#"{"labels":["important","customer-data"]}"#,
        204,
        "",
    ),
    row("GET dashboard/communication/$LOCATOR", "BOARD", "", 200, "/labels/1=customer-data"),
    row("GET dashboard/businesses", "BOARD", "", 200, "/businesses/0/id").kept("BUSINESS"),
    row("GET dashboard/business", "BOARD", "", 200, "/name=jane@example.com"),
    row("GET dashboard/business/$BUSINESS/auth", "BOARD", "", 200, "eyJ").kept("SWITCHED"),
    row("GET dashboard/session", "SWITCHED", "", 204, ""),
    row(
        "POST dashboard/certificate",
        "BOARD",
        r#"{"tag":"floor 3","fence":[],"enabled":true}"#,
        200,
        "/clientKey",
    ),
    row(
        "POST dashboard/certificate",
        "BOARD",
        r#"{"tag":"floor 4","fence":[],"enabled":true}"#,
        200,
        "/transportKey",
    ),
];

#[test]
fn python() {
    super::run(&SDK, &[SIGN_IN, KEYS, TO_THE_DASHBOARD, DASHBOARD]);
}
