//! Streams that are used in the wrong way: `tests/c/seal_streams.c`.

use crate::driver::{Language, compile, run};

#[test]
fn misuse_is_told_and_loses_nothing() {
    let program = compile("seal_streams", Language::C99).expect("there is a C compiler");
    let output = run(&program);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout, b"ok\n");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
