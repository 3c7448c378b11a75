//! The header under the warnings that the projects of others have on.

use std::process::Command;

use crate::driver::{ROOT, WARNINGS, has, scratch};

/// A file that includes the header alone, in each standard and with these warnings besides the usual ones.
#[track_caller]
fn is_quiet(compiler: &str, standards: &[&str], warnings: &[&str]) {
    if !has(compiler) {
        return;
    }
    let directory = scratch(&format!("header-{compiler}-{}", standards[0]));
    let file = directory.join("quiet.c");
    std::fs::write(&file, "#include <xq.h>\n").expect("it can be written");
    for standard in standards {
        let language = if standard.contains("++") { "c++" } else { "c" };
        let output = Command::new(compiler)
            .args(["-fsyntax-only", "-x", language])
            .arg(format!("-std={standard}"))
            .args(WARNINGS)
            .args(warnings)
            .arg(format!("-I{ROOT}/include"))
            .arg(&file)
            .output()
            .expect("the compiler starts");
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{compiler} -std={standard}: {words}");
    }
    std::fs::remove_dir_all(&directory).expect("it can be removed");
}

#[test]
fn gcc_says_nothing() {
    let warnings = [
        "-Wc++-compat",
        "-Wstrict-prototypes",
        "-Wredundant-decls",
        "-Wundef",
        "-Wconversion",
    ];
    is_quiet("gcc", &["c99", "c11", "c2x"], &warnings);
    is_quiet(
        "g++",
        &["c++11", "c++20"],
        &["-Wold-style-cast", "-Wundef", "-Wconversion"],
    );
}

#[test]
fn clang_says_nothing_of_its_comments_either() {
    let warnings = [
        "-Wdocumentation",
        "-Wdocumentation-pedantic",
        "-Wc++-compat",
        "-Wundef",
        "-Wconversion",
    ];
    is_quiet("clang", &["c99", "c11", "c2x"], &warnings);
    is_quiet(
        "clang++",
        &["c++11", "c++20"],
        &["-Wdocumentation", "-Wdocumentation-pedantic"],
    );
}
