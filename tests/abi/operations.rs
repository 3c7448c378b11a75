//! Every operation that uses the network: how it is called, what it asks for, and how that is answered if all is well.

use std::collections::BTreeSet;
use std::fs;
use std::sync::OnceLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use getrandom::SysRng;
use serde_json::{Value, json};
use xq::envelope::{self, Version};
use xq_sealing::{Sealer, Target};

use crate::driver::{Driver, ROOT};
use crate::recorder::{MADE_KEY, Play, Recorder, Request, reply};

/// What a call makes of the body of a good reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing: the status says it all.
    Ignored,
    /// Any text but none.
    Text,
    /// A token, or another single word.
    Word,
    /// A JSON object of a certain form.
    Json,
    /// A sealed envelope.
    Sealed,
    /// The key of what is to be opened.
    Key,
}

/// One request of an operation.
pub struct Exchange {
    /// Method and target.
    pub request: &'static str,
    /// Whose token it carries.
    pub token: &'static str,
    pub status: u16,
    pub reply: String,
    pub body: Body,
}

impl Exchange {
    /// A reply with which all is well.
    pub fn good(&self) -> Vec<u8> {
        reply(self.status, &self.reply)
    }
}

pub struct Operation {
    /// The driver's command, which is the function's name, and good arguments.
    pub call: Vec<String>,
    pub exchanges: Vec<Exchange>,
}

impl Operation {
    pub fn name(&self) -> &str {
        &self.call[0]
    }

    pub fn call(&self) -> Vec<&str> {
        self.call.iter().map(String::as_str).collect()
    }

    /// Whether the request with this index is made when the device is signed in already.
    pub fn announces(&self, index: usize) -> bool {
        index > 0 && self.exchanges[index].request.contains("/trusted/announce")
    }
}

/// The tokens that a handle is given before a call.
pub const HELD: &str = "held";
pub const DASHBOARD: &str = "dashboard";
/// What a request carries that needs no token.
const NOBODY: &str = "";
/// The token that a device is given.
pub const WON: &str = "a-device-token-long-enough";

pub const LOCATOR: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
pub const TRANSPORT_KEY: &str = "transport-key";

/// Calls of one request each, where it goes, and the status and the body of a good reply.
const SINGLE: [(&[&str], &str, u16, &str, Body); 48] = [
    (
        &["validate_api_key"],
        "GET /subscription/v2/apikey",
        200,
        "{}",
        Body::Text,
    ),
    (
        &["authorize_user", "jane@example.com", "@", "@", "0", "0"],
        "POST /subscription/v2/authorize",
        200,
        "new",
        Body::Word,
    ),
    (
        &["code_validate", "004217"],
        "GET /subscription/v2/codevalidation?pin=004217",
        204,
        "",
        Body::Ignored,
    ),
    (
        &["exchange_key", "@", "0"],
        "GET /subscription/v2/exchange?selector=False",
        200,
        "new",
        Body::Word,
    ),
    (
        &["authorize_alias", "device-7", "@", "@"],
        "POST /subscription/v2/authorizealias",
        200,
        "new",
        Body::Word,
    ),
    (
        &["announce_device", "sensor-1"],
        "POST /dashboard/v2/trusted/announce",
        204,
        "",
        Body::Ignored,
    ),
    (
        &["exchange_for_subscription_token"],
        "GET /subscription/v2/exchange?request=dashboard",
        200,
        "new",
        Body::Word,
    ),
    (
        &["deauthorize"],
        "DELETE /subscription/v2/authorization",
        204,
        "",
        Body::Ignored,
    ),
    (
        &["get_subscriber"],
        "GET /subscription/v2/subscriber",
        200,
        "{}",
        Body::Json,
    ),
    (
        &["delete_subscriber"],
        "DELETE /subscription/v2/subscriber",
        200,
        "",
        Body::Ignored,
    ),
    (
        &["get_settings"],
        "GET /subscription/v2/settings",
        200,
        "{}",
        Body::Json,
    ),
    (
        &["update_settings", "1", "3"],
        "PATCH /subscription/v2/settings",
        204,
        "",
        Body::Ignored,
    ),
    (
        &["authorize_delegate"],
        "GET /subscription/v2/delegate",
        200,
        "delegate",
        Body::Word,
    ),
    (
        &["combine_authorizations", "token-1,token-2,"],
        "POST /subscription/v2/combined",
        200,
        r#"{"token":"c","merged":2}"#,
        Body::Json,
    ),
    (
        &["server_time"],
        "GET /subscription/v2/time",
        200,
        "1700000000",
        Body::Word,
    ),
    (
        &["create_packet", "key", "a@b.c,"],
        "POST /subscription/v2/packet",
        200,
        "c2VhbGVk",
        Body::Word,
    ),
    (
        &["create_and_store_packet", "kkk", "a@b.c,"],
        "POST /subscription/v2/packet/add",
        200,
        LOCATOR,
        Body::Word,
    ),
    (
        &["create_and_store_packets", "kkk,", "a@b.c,"],
        "POST /subscription/v2/packet/add",
        200,
        r#"{"tokens":[{"kkk":"t"}]}"#,
        Body::Json,
    ),
    (
        &[
            "create_and_store_packets_batch",
            "kkk",
            "a@b.c,",
            "@",
            "1",
            "@",
            "@",
            "@",
            "@",
        ],
        "POST /subscription/v2/packet/batch",
        200,
        r#"{"tokens":[{"kkk":"t"}]}"#,
        Body::Json,
    ),
    (
        &["add_packet", "c2VhbGVk"],
        "POST /validation/v2/packet",
        200,
        LOCATOR,
        Body::Word,
    ),
    (
        &["get_packet", LOCATOR],
        "GET /validation/v2/key/LOCATOR",
        200,
        "kkk",
        Body::Text,
    ),
    (
        &["get_packets", "a,b,"],
        "POST /validation/v2/keys",
        200,
        r#"{"exported":[{"a":"kkk"}]}"#,
        Body::Json,
    ),
    (
        &["revoke_packet", LOCATOR],
        "DELETE /validation/v2/key/LOCATOR",
        204,
        "",
        Body::Ignored,
    ),
    (
        &["grant_users", LOCATOR, "a@b.c,"],
        "POST /validation/v2/grant/LOCATOR",
        200,
        "",
        Body::Ignored,
    ),
    (
        &["revoke_users", LOCATOR, "a@b.c,"],
        "PATCH /validation/v2/revoke/LOCATOR",
        204,
        "",
        Body::Ignored,
    ),
    (
        &["packet_expiration", LOCATOR],
        "GET /validation/v2/expiration/LOCATOR",
        200,
        r#"{"expiresOn":60}"#,
        Body::Json,
    ),
    (
        &["dashboard_signup", "jane@example.com", "@", "0"],
        "POST /dashboard/v2/signup",
        204,
        "",
        Body::Ignored,
    ),
    (
        &["send_login_link", "jane@example.com", "@"],
        "POST /dashboard/v2/login/link",
        204,
        "",
        Body::Ignored,
    ),
    (
        &["dashboard_login", "jane@example.com", "password", "@", "@"],
        "POST /dashboard/v2/login",
        200,
        "new",
        Body::Word,
    ),
    (
        &["login_verify"],
        "GET /dashboard/v2/login/verify?request=default",
        200,
        "new",
        Body::Word,
    ),
    (
        &["validate_access_token"],
        "GET /dashboard/v2/session",
        204,
        "",
        Body::Ignored,
    ),
    (
        &["exchange_for_dashboard_token", "@"],
        "GET /dashboard/v2/login/verify?request=sub",
        200,
        "new",
        Body::Word,
    ),
    (
        &["create_usergroup", "sales", "a@b.c,"],
        "POST /dashboard/v2/usergroup",
        200,
        r#"{"id":9}"#,
        Body::Json,
    ),
    (
        &["update_usergroup", "9", "sales", "@"],
        "PATCH /dashboard/v2/usergroup/9",
        204,
        "",
        Body::Ignored,
    ),
    (
        &["delete_usergroup", "9"],
        "DELETE /dashboard/v2/usergroup/9",
        204,
        "",
        Body::Ignored,
    ),
    (
        &["add_contact", "a@b.c", "@", "@", "@"],
        "POST /dashboard/v2/contact",
        200,
        r#"{"id":9}"#,
        Body::Json,
    ),
    (
        &["get_contacts", "0", "@", "0", "0"],
        "GET /dashboard/v2/contact/all",
        200,
        r#"{"contacts":[]}"#,
        Body::Json,
    ),
    (
        &["disable_contact", "9"],
        "DELETE /dashboard/v2/contact/9",
        204,
        "",
        Body::Ignored,
    ),
    (
        &["remove_contact", "9"],
        "DELETE /dashboard/v2/contact/9?delete=true",
        204,
        "",
        Body::Ignored,
    ),
    (
        &["get_communication_by_locator_token", LOCATOR],
        "GET /dashboard/v2/communication/LOCATOR",
        200,
        "{}",
        Body::Json,
    ),
    (
        &["add_labels_to_locator_token", LOCATOR, "a,"],
        "PATCH /dashboard/v2/communication/LOCATOR/labels",
        204,
        "",
        Body::Ignored,
    ),
    (
        &["get_businesses"],
        "GET /dashboard/v2/businesses",
        200,
        r#"{"businesses":[]}"#,
        Body::Json,
    ),
    (
        &["get_business_info"],
        "GET /dashboard/v2/business",
        200,
        "{}",
        Body::Json,
    ),
    (
        &["switch_business", "9"],
        "GET /dashboard/v2/business/9/auth",
        200,
        "new",
        Body::Word,
    ),
    (
        &["generate_device_certificate", "sensor-1", "@"],
        "POST /dashboard/v2/certificate",
        200,
        r#"{"id":9,"transportKey":"t","clientCert":"c","clientKey":"k"}"#,
        Body::Json,
    ),
    (
        &["request", "GET", "2", "devapps", "@", "@", "@", "0"],
        "GET /dashboard/v2/devapps",
        200,
        "{}",
        Body::Text,
    ),
    (&["get_entropy", "128"], ENTROPY_REQUEST, 200, ENTROPY, Body::Word),
    (&["generate_key", "0", "128"], ENTROPY_REQUEST, 200, ENTROPY, Body::Word),
];

const ENTROPY_REQUEST: &str = "GET /quantum/v2/?ks=128";
/// 64 hexadecimal digits, in base64: as many as any of these calls asks for.
const ENTROPY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg==";

/// The key that opens what is to be opened.
pub const KEY: &str = ".1a-key-of-some-length";

/// Every operation.
pub fn all() -> &'static [Operation] {
    static ALL: OnceLock<Vec<Operation>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut operations: Vec<Operation> = SINGLE.iter().map(single).collect();
        operations.extend(sealing());
        operations.extend(devices());
        operations.extend(groups());
        operations
    })
}

/// The operation of this name.
pub fn named(name: &str) -> &'static Operation {
    let mut operations = all().iter();
    operations
        .find(|operation| operation.name() == name)
        .expect("there is such an operation")
}

fn single(row: &(&'static [&'static str], &'static str, u16, &'static str, Body)) -> Operation {
    let (call, request, status, reply, body) = *row;
    let token = match call[0] {
        "exchange_for_subscription_token" => DASHBOARD,
        "announce_device" | "exchange_for_dashboard_token" => HELD,
        "dashboard_signup" | "send_login_link" | "dashboard_login" => NOBODY,
        _ if request.contains(" /dashboard/") => DASHBOARD,
        _ => HELD,
    };
    Operation {
        call: call.iter().map(|field| (*field).to_owned()).collect(),
        exchanges: vec![exchange(request, token, status, reply, body)],
    }
}

fn exchange(request: &'static str, token: &'static str, status: u16, reply: impl Into<String>, body: Body) -> Exchange {
    Exchange {
        request,
        token,
        status,
        reply: reply.into(),
        body,
    }
}

fn announcement() -> Exchange {
    exchange("POST /dashboard/v2/trusted/announce", WON, 204, "", Body::Ignored)
}

/// Those that seal and open, and that make many keys.
fn sealing() -> [Operation; 6] {
    let operation = |call: &[&str], exchanges| Operation {
        call: call.iter().map(|field| (*field).to_owned()).collect(),
        exchanges,
    };
    let entropy = |request| exchange(request, HELD, 200, ENTROPY, Body::Word);
    let stored = || exchange("POST /subscription/v2/packet/add", HELD, 200, LOCATOR, Body::Word);
    let key = || exchange("GET /validation/v2/key/LOCATOR", HELD, 200, KEY, Body::Key);
    let many = |request| {
        let tokens = format!(r#"{{"tokens":[{{"{MADE_KEY}":"t"}}]}}"#);
        let stored = exchange(request, HELD, 200, tokens, Body::Json);
        vec![entropy("GET /quantum/v2/?ks=256"), stored]
    };
    let directory = env!("CARGO_TARGET_TMPDIR");
    let [plain, sealed, opened] = ["plain", "sealed", "opened"].map(|name| format!("{directory}/operations-{name}"));
    // They stay: each run of the tests writes the same, whole each time.
    fs::write(&plain, "text").expect("the file can be written");
    let message = sealed_with(Target::Framed(LOCATOR));
    let file = format!("{directory}/operations-file");
    fs::write(
        &file,
        sealed_with(Target::File {
            locator: LOCATOR,
            name: "n",
        }),
    )
    .expect("the file can be written");
    [
        operation(
            &["generate_multiple_keys_and_store_packets", "1", "0", "256", "a@b.c,"],
            many("POST /subscription/v2/packet/add"),
        ),
        operation(
            &[
                "generate_multiple_keys_and_store_packets_database",
                "0",
                "256",
                "@",
                "a@b.c,",
                "@",
                "1",
                "@",
                "@",
                "@",
                "@",
            ],
            many("POST /subscription/v2/packet/batch"),
        ),
        operation(
            &["encrypt_auto", "74657874", "a@b.c,"],
            vec![entropy("GET /quantum/v2/?ks=256"), stored()],
        ),
        operation(&["decrypt_auto", &hex::encode(message)], vec![key()]),
        operation(
            &["encrypt_file", &plain, &sealed, "a@b.c,", "", "", "", "", "", "", "1"],
            vec![entropy("GET /quantum/v2/?ks=256"), stored()],
        ),
        operation(
            &["decrypt_file", &file, &opened, "", "", "", "", "", "", "1"],
            vec![key()],
        ),
    ]
}

/// Groups that are read, and read before they are written.
fn groups() -> [Operation; 3] {
    let operation = |call: &[&str], exchanges| Operation {
        call: call.iter().map(|field| (*field).to_owned()).collect(),
        exchanges,
    };
    let group = || {
        let group = r#"{"id":9,"name":"sales","members":["a@b.c"]}"#;
        exchange("GET /dashboard/v2/usergroup/9", DASHBOARD, 200, group, Body::Json)
    };
    let groups = r#"{"groups":[{"id":9,"name":"sales"}]}"#;
    let groups = exchange("GET /dashboard/v2/usergroup", DASHBOARD, 200, groups, Body::Json);
    let written = || exchange("PATCH /dashboard/v2/usergroup/9", DASHBOARD, 204, "", Body::Ignored);
    [
        operation(&["get_usergroup", "0", "sales"], vec![groups, group()]),
        operation(&["add_usergroup_members", "9", "b@b.c,"], vec![group(), written()]),
        operation(&["remove_usergroup_members", "9", "a@b.c,"], vec![group(), written()]),
    ]
}

/// What is sealed under [`KEY`].
pub fn sealed_with(target: Target) -> Vec<u8> {
    let key = xq_sealing::Key::parse(KEY).expect("it is a key");
    let mut random = |bytes: &mut [u8]| {
        bytes.fill(7);
        Ok(())
    };
    let mut sealer = Sealer::new(&key, target, false, &mut random).expect("it begins");
    let mut sealed = vec![0; 4096];
    let made = sealer.update(b"text", &mut sealed).expect("it seals").made;
    let last = sealer.finish(&mut sealed[made..]).expect("it ends");
    sealed.truncate(made + last);
    sealed
}

/// The operations of more than one request.
fn devices() -> [Operation; 3] {
    let trusted = Operation {
        call: ["authorize_device", "sensor-1", "42", "1"].map(str::to_owned).to_vec(),
        exchanges: vec![
            exchange(
                "POST /subscription/v2/authorize/trusted/42",
                HELD,
                200,
                sealed("locator-key-000", WON),
                Body::Sealed,
            ),
            announcement(),
        ],
    };
    let (private_key, grant) = certified();
    let certified = |command: &str, device: [&str; 3]| {
        let call = [command, "9", device[0], device[1], device[2], "sensor-1", "1"];
        Operation {
            call: call.map(str::to_owned).to_vec(),
            exchanges: vec![
                exchange("GET /subscription/v2/time", HELD, 200, "1700000000", Body::Word),
                exchange(
                    "POST /subscription/v2/authorize/certificate/9",
                    HELD,
                    200,
                    grant.clone(),
                    Body::Sealed,
                ),
                announcement(),
            ],
        }
    };
    let [certificate, transport, private] = [
        ("client.crt", "a certificate"),
        ("transport.key", TRANSPORT_KEY),
        ("client.key", &private_key),
    ]
    .map(|(name, content)| {
        // It stays: each run of the tests writes the same.
        let path = format!("{}/operations-{name}", env!("CARGO_TARGET_TMPDIR"));
        fs::write(&path, content).expect("the file can be written");
        path
    });
    [
        trusted,
        certified("authorize_device_cert", [&certificate, &transport, &private]),
        certified(
            "authorize_device_cert_memory",
            ["a certificate", TRANSPORT_KEY, &private_key],
        ),
    ]
}

fn sealed(key: &str, token: &str) -> String {
    let granted = json!({"access_token": token}).to_string();
    BASE64_STANDARD.encode(envelope::seal(Version::Gcm, key, granted.as_bytes()).expect("it seals"))
}

/// A private key of another implementation, and a reply that grants its holder a token.
fn certified() -> (String, String) {
    let rows: Value = serde_json::from_str(include_str!("../vectors/tokens.json")).expect("the vectors parse");
    let pem = rows[0]["private_key"]["pkcs8_pem"].as_str().expect("a key").to_owned();
    let grant = granted_to(&pem);
    (pem, grant)
}

/// A reply that grants the holder of this private key a token.
pub fn granted_to(pem: &str) -> String {
    let key = xq::private_key::parse(pem.as_bytes())
        .expect("it parses")
        .as_public_key()
        .clone();
    let token = key
        .pkcs1v15_encrypt_with_rng(&mut SysRng, WON.as_bytes())
        .expect("it fits");
    sealed(TRANSPORT_KEY, &BASE64_STANDARD.encode(token))
}

/// Gives the handle the tokens that the table speaks of.
pub fn give_tokens(driver: &mut Driver) {
    driver.call(&["set_access_token", HELD]).ok();
    driver.call(&["set_dashboard_token", DASHBOARD]).ok();
}

#[test]
fn the_table_is_whole() {
    let header = fs::read_to_string(format!("{ROOT}/include/xq.h")).expect("there is a header");
    let comments = header.split("/**").skip(1).filter_map(|part| part.split_once("*/"));
    let mut functions = BTreeSet::new();
    for (comment, rest) in comments {
        let words: Vec<&str> = comment
            .split(['*', ' ', '\n'])
            .filter(|word| !word.is_empty())
            .collect();
        if !words.join(" ").contains("Uses the network") {
            continue;
        }
        let declared = rest.split_once('(').expect("a function follows").0;
        functions.insert(declared.rsplit("xq_").next().expect("its name").to_owned());
    }
    let rows: BTreeSet<String> = all().iter().map(|operation| operation.name().to_owned()).collect();
    assert_eq!(rows, functions);
    assert_eq!(all().len(), rows.len(), "a row for each");
}

#[test]
fn each_request_goes_where_the_protocol_says_under_its_token() {
    let (recorder, script) = Recorder::scripted();
    let mut driver = Driver::open(recorder.environment());
    for operation in all() {
        give_tokens(&mut driver);
        for exchange in &operation.exchanges {
            script.send(Play::from(exchange.good())).expect("it listens");
        }
        let before = recorder.requests().len();
        driver.call(&operation.call()).ok();
        let sent = &recorder.requests()[before..];
        assert_eq!(sent.len(), operation.exchanges.len(), "{}", operation.name());
        for (sent, expected) in sent.iter().zip(&operation.exchanges) {
            assert_eq!(is(sent), expected.request.replace("LOCATOR", LOCATOR));
            let token = (expected.token != NOBODY).then(|| format!("Bearer {}", expected.token));
            assert_eq!(sent.header("authorization"), token.as_deref(), "{}", operation.name());
        }
    }
}

#[test]
fn without_a_token_nothing_is_sent() {
    const FREE: [&str; 10] = [
        "validate_api_key",
        "authorize_user",
        "authorize_alias",
        "authorize_device",
        "authorize_device_cert",
        "authorize_device_cert_memory",
        "server_time",
        "get_entropy",
        "generate_key",
        "request",
    ];
    let recorder = Recorder::start(vec![]);
    let mut driver = Driver::open(recorder.environment());
    for operation in all().iter().filter(|operation| !FREE.contains(&operation.name())) {
        let words = match operation.exchanges[0].token {
            NOBODY => continue,
            // With each way to get one.
            DASHBOARD => {
                "no dashboard token is held; get one with xq_dashboard_login and xq_login_verify, or from the access \
                 token with xq_exchange_for_dashboard_token"
            }
            _ => "sign in first",
        };
        driver.call(&operation.call()).failed("XQ_UNAUTHORIZED", words);
    }
    assert_eq!(recorder.count(), 0);
}

fn is(request: &Request) -> String {
    format!("{} {}", request.method, request.target)
}
