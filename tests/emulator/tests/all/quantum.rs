//! Entropy.

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::client::Xq;

#[test]
fn entropy_is_base64_of_hexadecimal_digits() {
    let xq = Xq::start();
    let get = |path: &str| xq.send("GET", &format!("quantum/{path}"), &[], &[]).unwrap();
    for (path, digits) in [
        ("?ks=256", 64),
        ("?ks=4", 1),
        ("?ks=1028", 257),
        ("", 64),
        ("?ks=2", 1),
        ("?ks=6&raw=0", 2),
    ] {
        let [one, other] = [0, 1].map(|_| BASE64_STANDARD.decode(get(path).ok()).unwrap());
        assert!(one.len() == digits && one.iter().all(u8::is_ascii_hexdigit), "{path}");
        assert!(one != other || digits < 64);
    }
    for wrong in ["0", "-4", "many", "", "1048580", "99999999999999999999"] {
        assert!(
            get(&format!("?ks={wrong}")).refused(400).starts_with("ks is"),
            "{wrong}"
        );
    }
    let with = |key| xq.send("GET", "quantum/?ks=8", &[("api-key", key)], &[]).unwrap();
    assert_eq!((with("general-key").status, with("wrong").status), (200, 401));
    let bare = format!("{}/quantum/v2?ks=8", xq.emulator.origin());
    assert_eq!(xq.agent.get(bare).call().unwrap().status(), 200);
}

#[test]
fn raw_entropy_is_ones_and_zeros() {
    let xq = Xq::start();
    let get = |query: &str| xq.send("GET", &format!("quantum/{query}"), &[], &[]).unwrap();
    for bits in [1, 127, 128, 129, 4096] {
        let raw = get(&format!("?raw=1&ks={bits}")).ok();
        assert_eq!(raw.len(), bits);
        assert!(raw.bytes().all(|digit| b"01".contains(&digit)), "{raw}");
        assert!(bits < 127 || raw.contains('0') && raw.contains('1'), "{raw}");
    }
    assert!(get("?raw=2&ks=8").refused(400).starts_with("raw is"));
}
