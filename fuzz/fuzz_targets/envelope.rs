//! Envelopes of any bytes, under any key: they open or are refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xq::Kind;
use xq::envelope::{Version, open, seal};
use xq_fuzz::input::Input;

fuzz_target!(|bytes: &[u8]| {
    let mut input = Input::new(bytes);
    let version = match input.byte() % 3 {
        0 => Version::Gcm,
        1 => Version::Cbc,
        _ => Version::Ctr,
    };
    let Ok(key) = std::str::from_utf8(input.bytes()) else {
        return;
    };
    let envelope = input.rest();
    match open(version, key, envelope) {
        Ok(text) => assert!(text.len() < envelope.len()),
        Err(refused) => assert_eq!(refused.kind(), Kind::Crypto),
    }
    let sealed = seal(version, key, envelope).expect("it seals");
    assert_eq!(&*open(version, key, &sealed).expect("what was sealed opens"), envelope);
});
