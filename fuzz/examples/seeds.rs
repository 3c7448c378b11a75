//! Writes the seed corpora, made of `tests/vectors`: `cargo run --example seeds [FOLDER]`, `corpus` by default.

use std::path::PathBuf;
use std::{env, fs};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use xq_fuzz::calls::{OPERATIONS, SEALING, number};
use xq_fuzz::input::Seed;
use xq_fuzz::replies::arguments;
use xq_fuzz::service::{LOCATOR, STORED_KEY, token_vectors};

/// Where the seeds of one target go.
struct Corpus {
    folder: PathBuf,
    count: usize,
}

impl Corpus {
    fn of(target: &str) -> Self {
        let folder = env::args().nth(1).unwrap_or_else(|| "corpus".to_owned());
        let folder = PathBuf::from(folder).join(target);
        fs::create_dir_all(&folder).expect("the folder can be made");
        Corpus { folder, count: 0 }
    }

    fn add(&mut self, seed: &[u8]) {
        let file = self.folder.join(format!("seed-{:03}", self.count));
        fs::write(file, seed).expect("the seed can be written");
        self.count += 1;
    }
}

fn rows(vectors: &str) -> Vec<Value> {
    serde_json::from_str(vectors).expect("the vectors parse")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn bytes(value: &Value) -> Vec<u8> {
    BASE64_STANDARD.decode(text(value)).expect("base64")
}

fn main() {
    envelopes(&mut Corpus::of("envelope"));
    sealed(&mut Corpus::of("opener"), &mut Corpus::of("front"));
    private_keys(&mut Corpus::of("private_key"));
    replies(&mut Corpus::of("reply"));
    entry_points(&mut Corpus::of("entry_points"));
}

fn sealed(openers: &mut Corpus, fronts: &mut Corpus) {
    const SHORT: usize = 2000;
    let whole: Value =
        serde_json::from_str(include_str!("../../tests/vectors/sealed.json")).expect("the vectors parse");
    let broken = rows(include_str!("../../tests/vectors/broken_sealed.json"));
    let list = |name: &str| whole[name].as_array().expect("a list").iter();
    let is_file = |row: &Value| row["kind"] == "file" || row["file_name"].is_string();
    for row in list("messages").chain(list("files")).chain(&broken) {
        let hex = text(&row["sealed_hex"]);
        let digit = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal digits");
        let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(digit).collect();
        if bytes.len() > SHORT {
            continue;
        }
        let seed = Seed::new()
            .byte(u8::from(is_file(row)))
            .byte(10)
            .bytes(text(&row["key"]).as_bytes());
        openers.add(&seed.rest(&bytes));
        fronts.add(
            row["file_name"]
                .as_str()
                .map_or(&bytes[..bytes.len().min(60)], str::as_bytes),
        );
    }
}

fn envelopes(corpus: &mut Corpus) {
    let whole = rows(include_str!("../../tests/vectors/envelopes.json"));
    let broken = rows(include_str!("../../tests/vectors/broken_envelopes.json"));
    for row in whole.iter().chain(&broken) {
        let version = match row["version"].as_u64() {
            Some(3) => 0,
            Some(1) => 1,
            _ => 2,
        };
        let seed = Seed::new().byte(version).bytes(text(&row["key"]).as_bytes());
        corpus.add(&seed.rest(&bytes(&row["envelope_base64"])));
    }
}

fn private_keys(corpus: &mut Corpus) {
    for row in token_vectors().as_array().expect("rows") {
        for (form, key) in row["private_key"].as_object().expect("forms") {
            let sealed = bytes(&row["sealed_base64"]);
            let as_text = Seed::new().byte(1).bytes(&sealed);
            corpus.add(&as_text.rest(text(key).as_bytes()));
            if form.ends_with("der_base64") {
                for is_text in [0, 1] {
                    corpus.add(&Seed::new().byte(is_text).bytes(&sealed).rest(&bytes(key)));
                }
            }
        }
    }
}

/// A reply that comes whole: see `Reply::read`.
fn reply(seed: Seed, status: i64, wrap: u8, body: &str) -> Seed {
    let head = seed.integer(0).integer(status).integer(-1).null();
    head.byte(255).byte(wrap).bytes(body.as_bytes())
}

fn replies(corpus: &mut Corpus) {
    for row in rows(include_str!("../../tests/vectors/requests.json")) {
        let (Some(replies), operation) = (row["replies"].as_array(), text(&row["op"])) else {
            continue;
        };
        let Some(index) = OPERATIONS.iter().position(|call| call.0 == operation) else {
            continue;
        };
        let seed = Seed::new().byte(u8::try_from(index).expect("there are few"));
        let seed = replies.iter().fold(seed, |seed, recorded| {
            reply(seed, recorded[0].as_i64().expect("a status"), 0, text(&recorded[1]))
        });
        corpus.add(&seed.rest(&[]));
    }
    const LISTED: &str = r#"{"tokens":[{"first-key-of-a-packet":"a-locator"},{"second-key-of-a-packet":"b-locator"}]}"#;
    const EXPORTED: &str = r#"{"exported":[{"another-locator":null},{"a-locator":"a \u0022key\" \ud83d\udd11"}]}"#;
    const REFUSED: &str = r#"{"status":"first-key-of-a-packet, token-that-is-held"}"#;
    for (index, (name, _)) in OPERATIONS.iter().enumerate() {
        let seed = Seed::new().byte(u8::try_from(index).expect("there are few"));
        let good = match *name {
            "authorize_device" => reply(reply(seed.clone(), 200, 1, r#"{"access_token":"a-token"}"#), 204, 0, ""),
            "authorize_device_cert_memory" => {
                let with_time = reply(seed.clone(), 200, 0, "1700000000");
                reply(reply(with_time, 200, 3, "a-token-of-a-device"), 204, 0, "")
            }
            "create_and_store_packets" | "create_and_store_packets_batch" => reply(seed.clone(), 200, 0, LISTED),
            "get_packets" => reply(seed.clone(), 200, 0, EXPORTED),
            "packet_expiration" => reply(seed.clone(), 200, 0, r#"{"expiresOn":3600}"#),
            "add_usergroup_members" | "remove_usergroup_members" => {
                reply(reply(seed.clone(), 200, 0, GROUP), 204, 0, "")
            }
            "get_usergroup" => reply(reply(seed.clone(), 200, 0, GROUPS), 200, 0, GROUP),
            "encrypt_auto" | "encrypt_file" => reply(reply(seed.clone(), 200, 0, ENTROPY), 200, 0, LOCATOR),
            "decrypt_auto" | "decrypt_file" => reply(seed.clone(), 200, 0, STORED_KEY),
            "get_entropy" | "generate_key" => reply(seed.clone(), 200, 0, ENTROPY),
            other => reply(seed.clone(), 200, 0, answer(other)),
        };
        corpus.add(&good.rest(&[]));
        corpus.add(&reply(seed, 403, 0, REFUSED).rest(&[]));
    }
}

/// A good reply to a call that makes one request.
fn answer(name: &str) -> &'static str {
    match name {
        "server_time" => "1700000000",
        "get_subscriber" => r#"{"id":1,"user":"j@b.c","firstName":"J","sub":{"a":[1]},"starts":1.5e3,"ends":null}"#,
        "get_settings" => r#"{"newsletter":true,"notifications":3}"#,
        "combine_authorizations" => r#"{"token":"a-token","merged":1}"#,
        "create_usergroup" => GROUP,
        "add_contact" => r#"{"id":7,"status":"OK"}"#,
        "get_contacts" => {
            r#"{"contacts":[{"id":"7","email":"j@b.c","firstName":"\u00e9","title":null,"role":2,"bid":3}]}"#
        }
        "get_businesses" => r#"{"businesses":[{"id":3,"name":"Example"},{}]}"#,
        "get_business_info" => r#"{"id":3,"name":"Example"}"#,
        "get_communication_by_locator_token" => r#"{"id":1,"locator_token":"a-locator","labels":["a",5,null]}"#,
        "generate_device_certificate" => r#"{"id":9,"clientCert":"crt","transportKey":"tkey","clientKey":"key"}"#,
        _ => r#""a-token""#,
    }
}

const GROUPS: &str = r#"{"groups":[{"id":9,"name":"Sales","bid":3},{"id":10,"name":"Others"}]}"#;
const GROUP: &str = r#"{"id":9,"name":"Sales","members":[{"kind":"address","address":"jane@example.com"},"john@b.c",{"kind":"group"}]}"#;
/// 256 bits.
const ENTROPY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg==";

fn entry_points(corpus: &mut Corpus) {
    let operation = |name: &str| [vec![number(name)], arguments(name)].concat();
    for (name, _) in OPERATIONS.iter().chain(SEALING) {
        corpus.add(&operation(name));
    }
    // What comes after them would have no token.
    let signs_out = |name: &str| matches!(name, "deauthorize" | "delete_subscriber");
    let staying = OPERATIONS.iter().filter(|(name, _)| !signs_out(name));
    let all: Vec<u8> = staying.flat_map(|(name, _)| operation(name)).collect();
    corpus.add(&all);
    let set = |seed: Seed, name: &str| seed.byte(number(name)).byte(0);
    let configured = [
        ("config_set_api_key", "an-api-key"),
        ("config_set_dashboard_api_key", "a-dashboard-key"),
        ("config_set_locator_key", "a locator key"),
        ("config_set_base_uri", "xq.example.com:8443/v2/"),
        ("config_set_user_agent_suffix", "my-sensor/2.1 (a board)"),
    ];
    let seed = configured
        .iter()
        .fold(Seed::new(), |seed, (name, value)| set(seed, name).text(value));
    let seed = set(seed, "config_set_service_url")
        .integer(1)
        .text("http://[::1]:8080/validation/v2");
    let seed = set(seed, "config_set_envelope").integer(2);
    let seed = set(seed, "config_set_numbers").byte(3).integer(65536);
    let seed = set(seed, "api_new");
    let seed = set(seed, "set_access_token").text("a-token");
    corpus.add(&seed.rest(&all));
    let seed = set(Seed::new(), "config_set_proxy").text("http://name:pass%20word@proxy.example.com:3128");
    let seed = set(seed, "api_new");
    let seed = set(seed, "config_set_transport").byte(0);
    let seed = set(seed, "config_set_ca_file").text("/etc/ssl/certs/ca-certificates.crt");
    let seed = set(seed, "api_new");
    let seed = set(seed, "config_read_environment")
        .byte(4)
        .bytes(b"https://xq.example.com/v2");
    let seed = set(seed, "load_file_content").text("/etc/hostname");
    let seed = set(seed, "set_dashboard_token").text("a-dashboard-token");
    let seed = set(seed, "get_dashboard_token");
    let seed = set(seed, "token_expiration").integer(2).byte(0);
    let seed = set(seed, "set_logger").byte(0);
    let seed = seed.byte(number("forget_tokens")).byte(0);
    let seed = set(seed, "authorize_device_cert").integer(9).null().integer(0);
    let seed = seed.text("client.crt").text("transport.key").text("client.key");
    corpus.add(&seed.byte(number("statuses")).integer(12).rest(&[]));
}
