//! The clang module that Swift imports, and what it says of NULL.

use std::process::{Command, Output};

use crate::driver::{ROOT, has, scratch};

#[test]
fn a_header_that_is_included_again_changes_nothing() {
    if !has("clang") {
        return;
    }
    let directory = scratch("twice");
    let file = directory.join("twice.c");
    // What the program itself has pushed is there after each of them.
    let source = "#include <xq.h>\n#pragma clang diagnostic push\n#pragma clang diagnostic ignored \"-Wunused-function\"\n\
                  #include <xq.h>\nstatic void unused(void) {}\n#pragma clang diagnostic pop\n";
    std::fs::write(&file, source).expect("it can be written");
    let output = Command::new("clang")
        .args(["-fsyntax-only", "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
        .arg(format!("-I{ROOT}/include"))
        .arg(&file)
        .output()
        .expect("clang starts");
    std::fs::remove_dir_all(&directory).expect("it can be removed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What clang says of `tests/c/module.c`, or of other lines after its import.
fn compile(name: &str, source: &str) -> Option<Output> {
    if !has("clang") {
        return None;
    }
    let directory = scratch(name);
    let file = directory.join("module.c");
    std::fs::write(&file, source).expect("it can be written");
    let output = Command::new("clang")
        .args(["-fsyntax-only", "-std=c11", "-fmodules", "-Wall", "-Wextra", "-Werror"])
        .args([
            "-Wnullability-completeness",
            "-Wnullable-to-nonnull-conversion",
            "-Wnonnull",
        ])
        .arg(format!("-fmodules-cache-path={}", directory.join("cache").display()))
        .arg(format!("-I{ROOT}/include"))
        .arg(&file)
        .output()
        .expect("clang starts");
    std::fs::remove_dir_all(&directory).expect("it can be removed");
    Some(output)
}

#[test]
fn the_module_imports_and_states_each_pointers_nullability() {
    let source = include_str!("../c/module.c");
    if let Some(output) = compile("module", source) {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn what_may_be_null_is_told_from_what_may_not() {
    let import = "#pragma clang module import CXQ\n";
    let wrong = [
        "int main(void) { return (int)xq_config_set_api_key(0, 0, 0); }",
        "int main(void) { const char *_Nonnull reply = xq_error_reply(0); return reply != 0; }",
        "int main(void) { return (int)xq_get_packet(0, 0, 0, 0); }",
        "int f(xq_subscriber_t *s) { const char *_Nonnull user = s->user; return user != 0; }",
    ];
    for lines in wrong {
        if let Some(output) = compile("module-wrong", &format!("{import}{lines}\n")) {
            assert!(!output.status.success(), "{lines}");
            let words = String::from_utf8_lossy(&output.stderr);
            assert!(words.contains("null"), "{words}");
        }
    }
}
