//! What needs no service: `tests/c/contract.c`, in both languages.

use crate::driver::{Language, compile, run};

fn holds(language: Language) {
    let Some(program) = compile("contract", language) else {
        return;
    };
    let output = run(&program);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout, b"ok\n");
    // The library prints nothing.
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn holds_in_c99() {
    holds(Language::C99);
}

#[test]
fn holds_in_cxx11() {
    holds(Language::Cxx11);
}
