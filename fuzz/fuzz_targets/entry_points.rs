//! Every function of the C ABI, one after another, with any bytes in every text, list, number and struct.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xq_fuzz::calls::call;
use xq_fuzz::input::Input;
use xq_fuzz::service::Replies;
use xq_fuzz::session::Session;

fuzz_target!(|bytes: &[u8]| {
    let mut input = Input::new(bytes);
    let mut session = Session::new(Replies::Right);
    while !input.is_empty() {
        let number = input.byte();
        call(number)(&mut session, &mut input);
    }
});
