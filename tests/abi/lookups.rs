//! Host names are looked up once in a while, not once in a call: `tests/c/lookups.c`.
//!
//! Not under valgrind either, which takes what the look-up that never ends holds for lost. Only where a program's own `getaddrinfo` comes before the system's.
#![cfg(target_os = "linux")]

use xq_emulator::{Emulator, Options};

use crate::driver::{Language, compile, plain_command};

#[test]
fn a_name_is_looked_up_once() {
    let emulator = Emulator::start(Options::default()).expect("the emulator starts");
    let program = compile("lookups", Language::C99).expect("there is a C compiler");
    let url = format!("http://xq.test:{}/subscription/v2", emulator.port());
    let output = plain_command(&program).arg(url).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
