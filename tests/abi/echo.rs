//! A service that repeats what it was sent: no key, token, PIN or locator token gets into an error's message, into the
//! log, into `Debug` or on standard error, whatever was asked and however the service answers.

use std::fs::{self, File};
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use xq_sealing::Target;

use crate::driver::{Driver, ROOT, scratch};
use crate::operations;
use crate::recorder::{Request, receive, reply};
use crate::sign_in::emulator;

const API_KEY: &str = "general-key-9f3c71aa";
const DASHBOARD_KEY: &str = "dashboard-key-44abcd";
const LOCATOR_KEY: &str = "locator-key-77de0123";
const ACCESS_TOKEN: &str = "held-access-token.31337~x";
const DASHBOARD_TOKEN: &str = "held-dashboard-token.4711";
const PIN: &str = "004217";
const KEY: &str = "the \"packet\" key \u{2603} of 42";
const OTHER_KEY: &str = ".1another/packet\\key+of=43";
const LOCATOR: &str = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE";
const OTHER_LOCATOR: &str = "zYxW/UtSrQpOnMlKjIhGfEdCbA9876543210-+zYxWv";
const PACKET: &str = "c2VhbGVkLXBhY2tldC1vZi1hLWtleQ==";
const FIRST_TOKEN: &str = "first-token-to-combine";
const SECOND_TOKEN: &str = "second-token-to-combine";
const TRANSPORT_KEY: &str = "transport-key-of-the-device";

/// The text to seal: `the text that is to be sealed`.
const TEXT: &str = "7468652074657874207468617420697320746f206265207365616c6564";

const SECRETS: [&str; 15] = [
    API_KEY,
    DASHBOARD_KEY,
    LOCATOR_KEY,
    ACCESS_TOKEN,
    DASHBOARD_TOKEN,
    PIN,
    KEY,
    OTHER_KEY,
    LOCATOR,
    OTHER_LOCATOR,
    PACKET,
    FIRST_TOKEN,
    SECOND_TOKEN,
    TRANSPORT_KEY,
    "the text that is to be sealed",
];

/// What the service says of a request, all of it or one part: a sentence has room for little.
const PARTS: [&str; 6] = ["all", "target", "api-key", "authorization", "body", "nothing"];
const STATUSES: [u16; 7] = [200, 201, 206, 302, 400, 401, 500];
const FORMS: [fn(String) -> String; 8] = [
    |words| words,
    |words| format!("{}{words}", " \n".repeat(300)),
    |words| words.replace('/', "\\/"),
    // As a page shows what was read from the body.
    |words| in_html(&words.replace("\\\"", "\"")),
    |words| words.replace("%2F", "%2f").replace('+', "%2b"),
    |words| json!({"status": words}).to_string(),
    |words| json!(words).to_string(),
    |words| {
        json!({"token": words, "merged": 1, "tokens": [{words.clone(): words}], "exported": [{words.clone(): words}],
                   "newsletter": words, "user": words, "expiresOn": words})
        .to_string()
    },
];

/// How the service answers.
#[derive(Clone, Copy)]
struct Manner {
    part: &'static str,
    status: u16,
    form: fn(String) -> String,
}

struct Echo {
    port: u16,
    manner: Arc<Mutex<Manner>>,
}

impl Echo {
    fn start() -> Echo {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let manner = Arc::new(Mutex::new(Manner {
            part: "all",
            status: 200,
            form: FORMS[0],
        }));
        let current = Arc::clone(&manner);
        thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let current = Arc::clone(&current);
                thread::spawn(move || answer(stream, &current));
            }
        });
        Echo { port, manner }
    }

    fn environment(&self) -> Vec<(String, String)> {
        let mut variables = vec![
            ("XQ_API_KEY".to_owned(), API_KEY.to_owned()),
            ("XQ_DASHBOARD_API_KEY".to_owned(), DASHBOARD_KEY.to_owned()),
            ("XQ_LOCATOR_KEY".to_owned(), LOCATOR_KEY.to_owned()),
        ];
        for service in ["SUBSCRIPTION", "VALIDATION", "DASHBOARD", "QUANTUM"] {
            variables.push((
                format!("XQ_{service}_URL"),
                format!("http://127.0.0.1:{}/v2", self.port),
            ));
        }
        variables
    }
}

fn answer(mut stream: TcpStream, manner: &Mutex<Manner>) {
    while let Some(request) = receive(&mut stream) {
        let manner = *manner.lock().expect("no test panicked");
        let reply = if request.path().ends_with("/time") {
            reply(200, "1700000000")
        } else {
            reply(manner.status, &(manner.form)(words(&request, manner.part)))
        };
        if stream.write_all(&reply).is_err() {
            return;
        }
    }
}

fn words(request: &Request, part: &str) -> String {
    let body = String::from_utf8_lossy(&request.body);
    match part {
        "all" => format!("{} {} {:?} {body}", request.method, request.target, request.headers),
        "target" => request.target.clone(),
        "body" => body.into_owned(),
        header => request.header(header).unwrap_or_default().to_owned(),
    }
}

/// Every operation; `private_key` is some device's, and `files` the paths of a text, a sealed file and one to be.
fn calls<'a>(private_key: &'a str, message: &'a str, files: &'a [String; 3]) -> Vec<Vec<&'a str>> {
    let [plain, sealed, other] = files;
    let row = ["a@b.c,", "@", "1", "@", "@", "@", "@"];
    vec![
        vec!["validate_api_key"],
        vec!["authorize_user", "a@b.c", "@", "@", "0", "0"],
        vec!["code_validate", PIN],
        vec!["exchange_key", "@", "0"],
        vec!["exchange_for_subscription_token"],
        vec!["authorize_alias", "a", "@", "@"],
        vec!["authorize_device", "d", "42", "1"],
        vec![
            "authorize_device_cert_memory",
            "7",
            "c",
            TRANSPORT_KEY,
            private_key,
            "d",
            "1",
        ],
        vec!["announce_device", "d"],
        vec!["deauthorize"],
        vec!["get_subscriber"],
        vec!["delete_subscriber"],
        vec!["get_settings"],
        vec!["update_settings", "1", "1"],
        vec!["authorize_delegate"],
        vec![
            "combine_authorizations",
            "first-token-to-combine,second-token-to-combine,",
        ],
        vec!["server_time"],
        vec!["create_packet", KEY, "a@b.c,"],
        vec!["create_and_store_packet", OTHER_KEY, "a@b.c,"],
        vec![
            "create_and_store_packets",
            "the \"packet\" key \u{2603} of 42,.1another/packet\\key+of=43,",
            "a@b.c,",
        ],
        [
            &["create_and_store_packets_batch", KEY],
            &row[..],
            &[OTHER_KEY],
            &row[..],
        ]
        .concat(),
        vec!["add_packet", PACKET],
        vec!["get_packet", LOCATOR],
        vec![
            "get_packets",
            "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE,zYxW/UtSrQpOnMlKjIhGfEdCbA9876543210-+zYxWv,",
        ],
        vec!["revoke_packet", LOCATOR],
        vec!["grant_users", OTHER_LOCATOR, "a@b.c,"],
        vec!["revoke_users", LOCATOR, "a@b.c,"],
        vec!["packet_expiration", LOCATOR],
        vec!["get_entropy", "128"],
        vec!["generate_key", "0", "128"],
        vec!["generate_multiple_keys_and_store_packets", "1", "0", "128", "a@b.c,"],
        [
            &["generate_multiple_keys_and_store_packets_database", "0", "128", "@"],
            &row[..],
        ]
        .concat(),
        vec!["encrypt_auto", TEXT, "a@b.c,", "", OTHER_KEY],
        vec!["decrypt_auto", message],
        vec![
            "encrypt_file",
            plain,
            other,
            "a@b.c,",
            "",
            OTHER_KEY,
            "",
            "",
            "",
            "",
            "1",
        ],
        vec!["decrypt_file", sealed, other, "", "", "", "", "", "", "1"],
    ]
}

/// A text, a sealed file, and a place for another.
fn files(directory: &Path) -> [String; 3] {
    let file = |name: &str| directory.join(name).to_str().expect("UTF-8").to_owned();
    let files = ["plain", "sealed", "other"].map(file);
    fs::write(&files[0], hex::decode(TEXT).expect("digits")).expect("it can be written");
    let target = Target::File {
        locator: LOCATOR,
        name: "n",
    };
    fs::write(&files[1], operations::sealed_with(target)).expect("it can be written");
    files
}

/// The beginning of `secret` in each form that it may be repeated in.
fn forms(secret: &str) -> Vec<String> {
    let json = json!(secret).to_string();
    let all = [
        secret.to_owned(),
        json.trim_matches('"').to_owned(),
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
        in_html(secret),
        BASE64_STANDARD.encode(secret),
    ];
    all.map(|form| form.chars().take(12).collect::<String>().to_ascii_lowercase())
        .to_vec()
}

fn in_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[track_caller]
fn assert_hides<'a>(text: &str, secrets: impl IntoIterator<Item = &'a str>, of: &dyn std::fmt::Debug) {
    let lower = text.to_ascii_lowercase();
    for secret in secrets {
        for form in forms(secret) {
            assert!(!lower.contains(&form), "{of:?} shows {secret}: {text}");
        }
    }
}

fn private_key() -> String {
    let vectors = fs::read_to_string(format!("{ROOT}/tests/vectors/tokens.json")).expect("it is there");
    let vectors: Value = serde_json::from_str(&vectors).expect("it parses");
    vectors[0]["private_key"]["pkcs8_pem"]
        .as_str()
        .expect("a text")
        .to_owned()
}

#[test]
fn no_error_and_no_log_line_repeats_a_secret() {
    let directory = scratch("echo");
    let stderr = directory.join("stderr");
    let echo = Echo::start();
    let private_key = private_key();
    let message = hex::encode(operations::sealed_with(Target::Framed(LOCATOR)));
    let files = files(&directory);
    let line_of_key = private_key.lines().nth(1).expect("it has lines").to_owned();
    let secrets: Vec<&str> = SECRETS.into_iter().chain([line_of_key.as_str()]).collect();
    let mut driver = Driver::start_with_stderr(
        echo.environment(),
        Stdio::from(File::create(&stderr).expect("it can be made")),
    );
    driver.call(&["read_environment"]).ok();
    driver.call(&["open"]).ok();
    driver.call(&["set_logger", "1"]).ok();
    let mut failures = 0;
    for command in calls(&private_key, &message, &files) {
        for part in PARTS {
            for status in STATUSES {
                for form in FORMS {
                    *echo.manner.lock().expect("no test panicked") = Manner { part, status, form };
                    driver.call(&["set_access_token", ACCESS_TOKEN]).ok();
                    driver.call(&["set_dashboard_token", DASHBOARD_TOKEN]).ok();
                    let outcome = driver.call(&command);
                    let log = driver.call(&["log"]).ok().expect("text");
                    let of = (command[0], part, status);
                    assert!(!log.is_empty(), "{of:?}");
                    assert_hides(&outcome.message, secrets.iter().copied(), &of);
                    assert_hides(&log, secrets.iter().copied(), &of);
                    failures += usize::from(outcome.status != "XQ_OK");
                }
            }
        }
    }
    assert!(failures > 1000, "{failures}");
    drop(driver);
    assert_eq!(fs::read_to_string(&stderr).expect("it is there"), "");
    fs::remove_dir_all(&directory).expect("it can be removed");
}

#[test]
fn the_log_of_what_succeeds_shows_no_secret() {
    let emulator = emulator();
    let mut driver = Driver::open(emulator.env());
    driver.call(&["set_logger", "1"]).ok();
    let mut come_out = Vec::new();
    driver.call(&["authorize_user", "a@b.c", "@", "@", "0", "0"]).ok();
    let pin = emulator.pin("a@b.c").expect("a PIN was mailed");
    driver.call(&["code_validate", &pin]).ok();
    come_out.push(pin);
    let dashboard = emulator.dashboard_token("a@b.c").expect("a token");
    driver.call(&["set_dashboard_token", &dashboard]).ok();
    let mut take = |driver: &mut Driver, command: &[&str]| {
        let out = driver.call(command).ok().expect("something came out");
        come_out.push(out.clone());
        out
    };
    take(&mut driver, &["exchange_key", "@", "0"]);
    take(&mut driver, &["exchange_for_subscription_token"]);
    take(&mut driver, &["authorize_device", "d", "42", "1"]);
    let one = take(&mut driver, &["authorize_alias", "a", "@", "@"]);
    let two = take(&mut driver, &["authorize_delegate"]);
    take(&mut driver, &["combine_authorizations", &format!("{one},{two},")]);
    let packet = take(&mut driver, &["create_packet", KEY, "a@b.c,"]);
    take(&mut driver, &["add_packet", &packet]);
    let locator = take(&mut driver, &["create_and_store_packet", OTHER_KEY, "a@b.c,"]);
    take(&mut driver, &["get_packet", &locator]);
    take(&mut driver, &["get_packets", &format!("{locator},")]);
    driver.call(&["revoke_packet", &locator]).ok();
    take(&mut driver, &["get_entropy", "128"]);
    take(&mut driver, &["generate_key", "0", "128"]);
    take(
        &mut driver,
        &["generate_multiple_keys_and_store_packets", "1", "0", "128", "a@b.c,"],
    );
    let message = take(&mut driver, &["encrypt_auto", TEXT, "a@b.c,"]);
    take(&mut driver, &["sealed_locator", &message]);
    take(&mut driver, &["decrypt_auto", &message]);
    come_out.extend([dashboard, KEY.to_owned(), OTHER_KEY.to_owned()]);
    let log = driver.call(&["log"]).ok().expect("text");
    assert_eq!(log.lines().count(), 22, "{log}");
    assert_hides(&log, come_out.iter().map(String::as_str), &"the log");
}

#[cfg(feature = "sockets")]
#[test]
fn debug_shows_no_secret() {
    use xq::{Certificate, Config, Handle, Metadata, PacketOptions, PacketRow, Secret, SecretBytes, Service};

    use crate::recorder::Recorder;

    let given = format!(r#"{{"tokens":[{{"key":"{LOCATOR}"}}]}}"#);
    let recorder = Recorder::start(vec![reply(200, &given), reply(200, "{\"tokens\":[\"held-access-token")]);
    let mut config = Config::default();
    config.set_api_key(Some(API_KEY)).expect("it is taken");
    config.set_dashboard_api_key(Some(DASHBOARD_KEY)).expect("it is taken");
    config.set_locator_key(Some(LOCATOR_KEY)).expect("it is taken");
    config
        .set_proxy(Some("http://user:first-token-to-combine@127.0.0.1:1"))
        .expect("it is taken");
    let url = format!("http://127.0.0.1:{}/v2", recorder.port());
    config
        .set_service_url(Service::Subscription, Some(&url))
        .expect("it is taken");
    let api = Arc::new(Handle::new(&config).expect("it is made")).begin("debug_shows_no_secret");
    api.set_access_token(Some(ACCESS_TOKEN)).expect("it is taken");
    api.set_dashboard_token(Some(DASHBOARD_TOKEN)).expect("it is taken");
    let options = PacketOptions::default();
    let listing = api
        .create_and_store_packets(&["key"], &["a@b.c"], &options)
        .expect("it worked");
    let error = api
        .create_and_store_packets(&["key"], &["a@b.c"], &options)
        .expect_err("it failed");
    assert!(error.reply().is_some());
    let row = PacketRow {
        key: OTHER_KEY,
        recipients: &["a@b.c"],
        packet_type: None,
        expires: 1,
        unit: "days",
        metadata: Metadata::Json("{}"),
    };
    let certificate = Certificate {
        certificate: Secret::from(KEY),
        transport_key: Secret::from(TRANSPORT_KEY),
        private_key: SecretBytes::from(PACKET.as_bytes().to_vec()),
    };
    let shown = format!("{config:?} {api:?} {listing:?} {error:?} {row:?} {certificate:?}");
    assert!(shown.contains("[redacted]") && shown.contains("PacketRow"), "{shown}");
    assert_hides(&shown, SECRETS, &"Debug");
}
