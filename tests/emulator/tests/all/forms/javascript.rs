//! What JavaScript sends: lists as text with commas, a packet as plain text, and a header field that is a reply's.

use super::{Row, Sdk, row};

const SDK: Sdk = Sdk {
    fields: &["Access-Control-Allow-Origin: *", "content-type: application/json"],
    of_body: None,
    bearer: "Authorization: Bearer ",
    keyless: &["quantum"],
    looks_for_status: true,
};

const TEXT: &[&str] = &["content-type: text/plain;charset=UTF-8"];

const SIGN_IN: &[Row] = &[
    row("GET subscription/apikey?api-key=general-key", "", "", 200, "/scopes/0"),
    row("GET subscription/apikey?api-key=other-key", "", "", 401, "API key"),
    row("GET subscription/apikey?api-key=", "", "", 401, "API key"),
    row(
        "POST subscription/authorize",
        "",
        r#"{"user":"ann@example.com","firstName":"Ann","newsLetter":true,"notifications":2,"codetype":"pin"}"#,
        200,
        "eyJ",
    )
    .kept("ASKED"),
    row("GET subscription/codevalidation?pin=$PIN", "ASKED", "", 204, ""),
    row("GET subscription/exchange", "ASKED", "", 200, "eyJ").kept("TOKEN"),
    row("GET subscription/exchange?b=1", "ASKED", "", 200, "eyJ"),
    row(
        "POST subscription/authorizealias",
        "",
        r#"{"user":"1234567"}"#,
        200,
        "eyJ",
    )
    .kept("ALIAS"),
];

const ACCOUNT: &[Row] = &[
    row("GET subscription/subscriber", "TOKEN", "", 200, "/user=ann@example.com"),
    row("GET subscription/subscriber", "TOKEN", "", 200, "/sub"),
    row("GET subscription/settings", "TOKEN", "", 200, "/newsletter=true"),
    row(
        "PATCH subscription/settings",
        "TOKEN",
        r#"{"newsletter":false,"notifications":3}"#,
        204,
        "",
    ),
    row("GET subscription/settings", "TOKEN", "", 200, "/notifications=3"),
    row(
        "POST subscription/combined",
        "TOKEN",
        r#"{"tokens":["$JANE","$TOKEN","garbage"]}"#,
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
    row(
        "POST subscription/combined",
        "TOKEN",
        r#"{"tokens":["$TOKEN","garbage"]}"#,
        200,
        "/invalid/0=garbage",
    ),
    row("GET subscription/delegate", "TOKEN", "", 200, "eyJ").kept("DELEGATE"),
];

const KEYS: &[Row] = &[
    row(
        "POST subscription/packet",
        "TOKEN",
        r#"{"type":"msg","key":".2k","recipients":"joe@example.com,jane@example.com","expires":5,"dor":false,"meta":null}"#,
        200,
        "",
    )
    .kept("PACKET"),
    row("POST validation/packet", "TOKEN", "$PACKET", 200, "").with(TEXT).kept("OWN"),
    row("GET validation/key/$OWN", "JOE", "", 200, ".2k"),
    row("GET validation/expiration/$OWN", "TOKEN", "", 200, "/expiresOn=18000"),
    row("POST validation/grant/$LOCATOR", "JANE", r#"{"recipients":["joe@example.com"]}"#, 204, ""),
    row("PATCH validation/revoke/$LOCATOR", "JANE", r#"{"recipients":["joe@example.com"]}"#, 204, ""),
    // Its first releases.
    row("OPTIONS validation/grant/$LOCATOR", "JANE", r#"{"recipients":"joe@example.com,ann@example.com"}"#, 204, ""),
    row("OPTIONS validation/revoke/$LOCATOR", "JANE", r#"{"recipients":"joe@example.com"}"#, 204, ""),
    row("GET validation/key/$LOCATOR", "TOKEN", "", 200, "secret"),
    row(
        "POST subscription/packet",
        "TOKEN",
        r#"{"type":"chat","key":".3k","recipients":"xq.public","expires":5,"dor":false}"#,
        200,
        "",
    )
    .kept("PACKET"),
    row("POST validation/packet", "TOKEN", "$PACKET", 200, "").with(TEXT).kept("OTHER"),
    row("GET validation/key/$OTHER", "ALIAS", "", 200, ".3k"),
    row(
        "DELETE validation/key?tokens=$OWN%2C$OTHER",
        "TOKEN",
        r#"{"tokens":["$OWN","$OTHER"]}"#,
        204,
        "",
    ),
    row("GET validation/key/$OTHER", "ALIAS", "", 410, "was revoked"),
    row("GET validation/key/$OWN", "JOE", "", 410, "was revoked"),
    row("GET validation/expiration/$EXPIRED", "JANE", "", 200, "/expiresOn=0"),
    row("GET validation/key/$EXPIRED", "JANE", "", 410, "has expired"),
    row("GET quantum/?ks=256", "", "", 200, "="),
];

const DASHBOARD: &[Row] = &[
    row("GET dashboard/login/verify?request=sub", "TOKEN", "", 200, "eyJ"),
    // A token that somebody brings is exchanged without saying what it is.
    row("GET dashboard/login/verify", "TOKEN", "", 200, "eyJ").kept("BOARD"),
    row(
        "POST dashboard/login/link",
        "",
        r#"{"email":"ann@example.com"}"#,
        204,
        "",
    ),
    row("GET dashboard/login/verify", "CODE", "", 200, "eyJ"),
    row("GET dashboard/session", "BOARD", "", 204, ""),
    row(
        "GET dashboard/workspaces/ann@example.com",
        "",
        "",
        200,
        "/workspaces/0/name=ann@example.com",
    ),
    row(
        "GET dashboard/contact?filter=ann@example.com",
        "BOARD",
        "",
        200,
        "/contacts/0/email=ann@example.com",
    ),
    row(
        "GET dashboard/contact?filter=ann@example.com",
        "BOARD",
        "",
        200,
        "/contacts/0/firstName=Ann",
    ),
    row(
        "POST dashboard/usergroup",
        "BOARD",
        r#"{"name":"team","members":["joe@example.com","jane@example.com"]}"#,
        200,
        "/id",
    )
    .kept("GROUP"),
    row("GET dashboard/usergroup", "BOARD", "", 200, "/groups/0/bid"),
    row(
        "GET dashboard/usergroup?id=%5B0-9%5D%2B",
        "BOARD",
        "",
        200,
        "/groups/0/id=$GROUP",
    ),
    row(
        "PATCH dashboard/usergroup/$GROUP",
        "BOARD",
        r#"{"name":"crew","members":["joe@example.com"]}"#,
        204,
        "",
    ),
    row("DELETE dashboard/usergroup/$GROUP", "BOARD", "", 204, ""),
    row(
        "POST dashboard/contact",
        "BOARD",
        r#"{"email":"1234567","notifications":0,"role":7,"title":"External","firstName":"John","lastName":"Doe"}"#,
        200,
        "/id",
    )
    .kept("CONTACT"),
    row(
        "GET dashboard/contact/all",
        "BOARD",
        "",
        200,
        "/contacts/0/email=1234567",
    ),
    row(
        "GET dashboard/contact?filter=%25",
        "BOARD",
        "",
        200,
        "/contacts/0/fn=John",
    ),
    row(
        "GET dashboard/contact?filter=1234567",
        "BOARD",
        "",
        200,
        "/contacts/0/id=$CONTACT",
    ),
    row("DELETE dashboard/contact/$CONTACT", "BOARD", "", 204, ""),
    row("DELETE dashboard/contact/$CONTACT?delete=true", "BOARD", "", 204, ""),
];

const BUSINESS: &[Row] = &[
    row("GET dashboard/businesses", "BOARD", "", 200, "/businesses/0/id"),
    row("GET dashboard/business", "BOARD", "", 200, "/id").kept("HOME"),
    row(
        "POST dashboard/business",
        "BOARD",
        r#"{"email":"ann@example.com","workspace":"second","name":"Second","aemail":"ann@example.com","convertFromExisting":false}"#,
        200,
        "eyJ",
    )
    .kept("SECOND"),
    row("GET dashboard/business", "SECOND", "", 200, "/name=Second"),
    row("PATCH dashboard/business", "SECOND", r#"{"name":"Renamed","city":"New York","locked":false}"#, 204, ""),
    row("GET dashboard/business", "SECOND", "", 200, "/city=New York"),
    row("GET dashboard/business/$HOME/auth", "SECOND", "", 200, "eyJ"),
    row("POST dashboard/devapp", "BOARD", r#"{"name":"App","desc":"what it does"}"#, 200, "/id").kept("APP"),
    row("PATCH dashboard/devapp/$APP", "BOARD", r#"{"id":$APP,"name":"Renamed"}"#, 204, ""),
    row("GET dashboard/devapps", "BOARD", "", 200, "/apps/0/name=Renamed"),
    row("DELETE dashboard/devapp/$APP", "BOARD", "", 204, ""),
    row(
        "POST subscription/packet/add",
        "TOKEN",
        r#"{"type":"file","key":".2c","recipients":"joe@example.com","expires":5}"#,
        200,
        "",
    )
    .kept("LISTED"),
    row(
        "GET dashboard/communications?from=0&to=9999999999999&limit=10&page=0&recipients=joe%40example.com%2Cx%40example.com&status=0&type=1%2C2&users=ann%40example.com&search=&threats=1&tz=12",
        "BOARD",
        "",
        200,
        "/communications/0/locator_token=$LISTED",
    ),
    row("GET dashboard/communications?status=1%2C2", "BOARD", "", 200, "/communications/0/state=revoked"),
    row("GET dashboard/communications?type=2", "BOARD", "", 200, "/communications=[]"),
    row("GET dashboard/eventtypes", "BOARD", "", 200, "/data/0/name"),
    row(
        "GET dashboard/log?from=0&to=9999999999999&limit=10&page=0&action=&data=&full=true&regex=true&threat=1%2C2&user=1",
        "BOARD",
        "",
        200,
        "/logs/0/type",
    ),
    row("GET dashboard/trusted", "BOARD", "", 200, "/trusted"),
];

const END: &[Row] = &[
    row("DELETE subscription/authorization", "DELEGATE", "", 204, ""),
    row("GET subscription/subscriber", "DELEGATE", "", 401, "/status"),
    row("DELETE subscription/subscriber", "TOKEN", "", 204, ""),
];

#[test]
fn javascript() {
    super::run(&SDK, &[SIGN_IN, ACCOUNT, KEYS, DASHBOARD, BUSINESS, END]);
}
