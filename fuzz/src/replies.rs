//! Arguments with which each operation goes out, written as its call reads them.

use crate::input::Seed;
use crate::service::token_vectors;

/// The keys among them, which may stand in no error.
pub const KEYS: [&str; 2] = ["first-key-of-a-packet", "second-key-of-a-packet"];

/// What the call of this name reads from its input.
pub fn arguments(name: &str) -> Vec<u8> {
    const USER: &str = "jane@example.com";
    let places = Seed::new().byte(0);
    let with_options = |seed: Seed| {
        seed.null()
            .text("a subject")
            .null()
            .byte(0)
            .byte(1)
            .integer(-1)
            .integer(24)
            .byte(0)
    };
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
        "create_packet" | "create_and_store_packet" => with_options(places.text(KEYS[0]).list(&[USER])),
        "create_and_store_packets" => with_options(places.list(&KEYS).list(&[USER])),
        "create_and_store_packets_batch" => KEYS.iter().fold(places.byte(2), |rows, key| {
            let row = rows.text(key).list(&[USER]).null().null().text("a title").null();
            row.byte(0).integer(-1).integer(1)
        }),
        "get_packets" => places.list(&["a-locator", "another-locator"]),
        "grant_users" | "revoke_users" => places.text("a-locator").list(&[USER]),
        "add_packet" | "get_packet" | "revoke_packet" | "packet_expiration" => places.text("a-locator"),
        other => panic!("{other} has no arguments"),
    };
    seed.rest(&[])
}
