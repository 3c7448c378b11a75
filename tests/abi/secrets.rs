//! Secrets do not outlive their use in the process's memory: `tests/c/secrets.c`.
#![cfg(all(target_os = "linux", feature = "sockets"))]

use xq_emulator::{Emulator, Options};

use crate::driver::{Language, compile, plain_command};

fn leaves_nothing(tls: bool) {
    let emulator = Emulator::start(Options {
        tls,
        ..Options::default()
    })
    .expect("the emulator starts");
    let program = compile("secrets", Language::C99).expect("there is a C compiler");
    let environment = emulator.env().into_iter().filter(|(name, _)| name != "XQ_API_KEY");
    let disguised: String = "general-key".bytes().map(|b| char::from(b + 1)).collect();
    let output = plain_command(&program)
        .envs(environment)
        .arg(disguised)
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn no_secret_is_left_in_memory() {
    leaves_nothing(false);
}

#[test]
fn no_secret_is_left_in_memory_after_tls() {
    leaves_nothing(true);
}
