//! Private keys of any bytes, or of base64 of any, and tokens sealed to them: they open or are refused.
#![no_main]

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use libfuzzer_sys::fuzz_target;
use xq::private_key::{open_token, parse};
use xq::{Kind, Secret};
use xq_fuzz::input::Input;

fuzz_target!(|bytes: &[u8]| {
    let mut input = Input::new(bytes);
    let is_base64 = input.byte() == 0;
    let sealed = input.bytes();
    let key = if is_base64 {
        BASE64_STANDARD.encode(input.rest()).into_bytes()
    } else {
        input.rest().to_vec()
    };
    let key = match parse(&key) {
        Ok(key) => key,
        Err(refused) => return assert_eq!(refused.kind(), Kind::Crypto),
    };
    let opened = open_token(&key, &BASE64_STANDARD.encode(sealed));
    let is_token = |token: &Secret| token.as_str().bytes().all(|b| b.is_ascii_graphic());
    match &opened {
        Ok(token) => assert!(is_token(token)),
        Err(refused) => assert_eq!(refused.kind(), Kind::Crypto),
    }
});
