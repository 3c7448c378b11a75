//! What needs no service: `tests/c/contract.c`, in both languages, and `tests/c/transport.c`.

use crate::driver::{Language, compile, run};

fn holds(name: &str, language: Language) {
    let Some(program) = compile(name, language) else {
        return;
    };
    let output = run(&program);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout, b"ok\n");
    // The library prints nothing.
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(feature = "sockets")]
#[test]
fn holds_in_c99() {
    holds("contract", Language::C99);
}

#[cfg(feature = "sockets")]
#[test]
fn holds_in_cxx11() {
    holds("contract", Language::Cxx11);
}

#[test]
fn holds_for_a_transport_of_the_programs_own() {
    holds("transport", Language::C99);
}
