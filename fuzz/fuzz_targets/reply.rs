//! Replies of any bytes to every operation: each call gives a documented status, and no secret stands in its error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xq_fuzz::calls::OPERATIONS;
use xq_fuzz::input::Input;
use xq_fuzz::replies::{KEYS, SECRETS, arguments};
use xq_fuzz::service::{Replies, Reply};
use xq_fuzz::session::Session;

fuzz_target!(|bytes: &[u8]| {
    let mut input = Input::new(bytes);
    let (name, call) = OPERATIONS[usize::from(input.byte()) % OPERATIONS.len()];
    let mut replies = Vec::new();
    while !input.is_empty() && replies.len() < 3 {
        replies.push(Reply::read(&mut input));
    }
    let mut session = Session::new(Replies::Scripted(replies.into()));
    let arguments = arguments(name);
    session.guard(&secrets_in(&arguments));
    call(&mut session, &mut Input::new(&arguments));
});

/// A service that repeats a secret which it was not sent has it from elsewhere.
fn secrets_in(arguments: &[u8]) -> Vec<&'static str> {
    let is_sent = |secret: &&str| arguments.windows(secret.len()).any(|part| part == secret.as_bytes());
    KEYS.into_iter().chain(SECRETS).filter(is_sent).collect()
}
