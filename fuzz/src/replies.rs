//! Arguments with which each operation goes out, written as its call reads them.

use xq_sealing::{Key, Sealer, Target};

use crate::input::Seed;
use crate::service::{LOCATOR, STORED_KEY, token_vectors};

/// The keys among them, which may stand in no error.
pub const KEYS: [&str; 2] = ["first-key-of-a-packet", "second-key-of-a-packet"];
/// What else may not.
pub const SECRETS: [&str; 3] = ["password-of-jane", "code-of-a-login-link", "token-of-another"];

const USER: &str = "jane@example.com";

/// What the call of this name reads from its input.
pub fn arguments(name: &str) -> Vec<u8> {
    let places = Seed::new().byte(0);
    let seed = match name {
        "validate_api_key" => places,
        "authorize_user" => places.text(USER).text("Jane").null().integer(0).integer(3),
        "code_validate" => places.text("004217"),
        "exchange_key" => places.text("a business").integer(0),
        "authorize_alias" => places.text("device-7").null().null(),
        "authorize_device" => places.text("a device").text("a business").integer(1),
        "authorize_device_cert_memory" => {
            let key = &token_vectors()[0]["private_key"]["pkcs8_pem"];
            let device = places.integer(9).text("a device").integer(1);
            device
                .text("a certificate")
                .text("transport-key")
                .text(key.as_str().expect("a key"))
        }
        "announce_device" => places.text("a device"),
        "create_packet" | "create_and_store_packet" => with_packet_options(places.text(KEYS[0]).list(&[USER])),
        "create_and_store_packets" => with_packet_options(places.list(&KEYS).list(&[USER])),
        "create_and_store_packets_batch" => KEYS.iter().fold(places.byte(2), |rows, key| {
            let row = rows.text(key).list(&[USER]).null().null().text("a title").null();
            row.byte(0).integer(-1).integer(1)
        }),
        "get_packets" => places.list(&["a-locator", "another-locator"]),
        "grant_users" | "revoke_users" => places.text("a-locator").list(&[USER]),
        "add_packet" | "get_packet" | "revoke_packet" | "packet_expiration" => places.text("a-locator"),
        "deauthorize" | "get_subscriber" | "delete_subscriber" | "authorize_delegate" => places,
        "exchange_for_subscription_token" | "server_time" | "get_settings" => places,
        "update_settings" => places.integer(1).integer(3),
        "combine_authorizations" => places.list(&SECRETS[2..]),
        "get_entropy" => places.integer(128),
        "request" => {
            let request = places
                .text("POST")
                .text("/devapp/9")
                .text(r#"{"secret":"token-of-another"}"#);
            let query = request.list(&["a name"]).list(&["password-of-jane"]);
            query.integer(2).integer(0).byte(0).byte(1).byte(0)
        }
        _ => of_the_dashboard(name, places.clone())
            .or_else(|| of_sealing(name, places))
            .unwrap_or_else(|| panic!("{name} has no arguments")),
    };
    seed.rest(&[])
}

/// The options of a packet.
fn with_packet_options(seed: Seed) -> Seed {
    let texts = seed.null().text("a subject").null();
    texts.byte(0).byte(1).integer(-1).integer(24).byte(0).byte(0)
}

fn of_the_dashboard(name: &str, places: Seed) -> Option<Seed> {
    Some(match name {
        "dashboard_signup" => places.text(USER).text(SECRETS[0]).integer(1),
        "send_login_link" => places.text(USER).text("https://example.com"),
        "dashboard_login" => places.null().null().text(SECRETS[1]).text("users"),
        "exchange_for_dashboard_token" => places.text("3"),
        "login_verify" | "validate_access_token" | "get_businesses" | "get_business_info" => places,
        "switch_business" => places.integer(3),
        "get_communication_by_locator_token" => places.text("a-locator"),
        "add_labels_to_locator_token" => places.text("a-locator").list(&["a label", "another"]),
        "generate_device_certificate" => places.text("device-7").text(""),
        "create_usergroup" => places.text("Sales").list(&[USER]),
        "get_usergroup" => places.integer(0).text("Sales"),
        "update_usergroup" => places.integer(9).text("Sales").list(&[USER]),
        "add_usergroup_members" => places.integer(9).list(&["john@example.com"]),
        "remove_usergroup_members" => places.integer(9).list(&[USER]),
        "delete_usergroup" => places.integer(9),
        "disable_contact" | "remove_contact" => places.integer(7),
        "add_contact" => {
            let texts = places.text(USER).text("Jane").null().null();
            texts.integer(2).integer(3).integer(-1).byte(0).byte(1).byte(0)
        }
        "get_contacts" => places.integer(2).text("jane").integer(10).integer(1),
        _ => return None,
    })
}

fn of_sealing(name: &str, places: Seed) -> Option<Seed> {
    const TEXT: &[u8] = b"a text to seal";
    let framed = || sealed(Target::Framed(LOCATOR));
    let file = || {
        sealed(Target::File {
            locator: LOCATOR,
            name: "a name.txt",
        })
    };
    Some(match name {
        "generate_key" => places.integer(66).integer(128),
        "generate_multiple_keys_and_store_packets" => {
            let numbers = places.byte(0).integer(2).integer(0).integer(0);
            with_packet_options(numbers.list(&[USER]))
        }
        "generate_multiple_keys_and_store_packets_database" => {
            let row = places.byte(0).integer(1).integer(128).byte(1).null();
            let row = row.list(&[USER]).null().null().text("a title").null();
            row.byte(0).integer(-1).integer(1).byte(0)
        }
        "encrypt_auto" => with_seal_options(places.data(TEXT).list(&[USER])),
        "encrypt_message" => with_seal_options(places.text(STORED_KEY).text(LOCATOR).data(TEXT)),
        "encrypt_file" => with_seal_options(places.bytes(TEXT).text("out.xq").list(&[USER])),
        "decrypt_auto" => with_seal_options(places.data(&framed())),
        "decrypt_message" => places.text(STORED_KEY).data(&framed()),
        // Into the folder, under the name in the file.
        "decrypt_file" => with_seal_options(places.byte(0).bytes(&file()).text("")),
        "sealed_locator" => places.data(&framed()),
        "sealer" => {
            let begun = with_seal_options(places.text(STORED_KEY)).byte(2);
            let updated = begun.byte(0).byte(0).data(TEXT).byte(255);
            updated.byte(255).byte(0).byte(0).byte(255)
        }
        "opener" => {
            let begun = places.integer(2).null().byte(4);
            let sealed = file();
            let (front, rest) = sealed.split_at(LOCATOR_ENDS);
            let front = begun.byte(0).byte(0).data(front).byte(254);
            let key = front.byte(254).byte(0).text(STORED_KEY);
            let body = key.byte(0).byte(0).data(rest).byte(254);
            body.byte(255).byte(0).byte(0).byte(254)
        }
        _ => return None,
    })
}

/// Where the locator token in front of a file ends.
const LOCATOR_ENDS: usize = 47;

/// The options of sealing: the defaults, with progress told.
fn with_seal_options(seed: Seed) -> Seed {
    let texts = with_packet_options(seed.null().null().null());
    texts.byte(1).integer(0).byte(4).byte(255).byte(0).byte(0)
}

/// A text that is sealed under [`STORED_KEY`].
fn sealed(target: Target) -> Vec<u8> {
    const TEXT: &[u8] = b"a text that was sealed";
    let key = Key::parse(STORED_KEY).expect("it is a key");
    let mut random = |bytes: &mut [u8]| {
        bytes.fill(7);
        Ok(())
    };
    let mut sealer = Sealer::new(&key, target, false, &mut random).expect("it can be sealed");
    let mut sealed = vec![0; sealer.left_to_write() + TEXT.len()];
    let made = sealer.update(TEXT, &mut sealed).expect("there is room").made;
    sealer.finish(&mut sealed[made..]).expect("there is room");
    sealed
}
