//! The layout of the public structs, as C sees it: `tests/c/layout.c`, which `tests/arm/run.sh` runs on 32 bits too.
#![cfg(all(unix, feature = "sockets"))]

use crate::driver::{Language, compile, run};

#[test]
fn c_and_the_library_mean_the_same_bytes() {
    let program = compile("layout", Language::C99).expect("there is a C compiler");
    let output = run(&program);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout, b"ok\n");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
