//! The C++ cover: `include/xq.hpp`, with each compiler and standard that it is for, and the C++ example.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::driver::{ROOT, WARNINGS, command, has, library_directory, scratch};
use crate::sign_in::emulator;

/// Compiles a source below the repository's root; `None` where there is no such compiler.
fn compile(compiler: &str, standard: &str, source: &str) -> Option<PathBuf> {
    if !has(compiler) {
        return None;
    }
    let library = library_directory();
    let name = format!("{}-{compiler}-{standard}", source.replace(['/', '.'], "-"));
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let output = Command::new(compiler)
        .arg(format!("-std={standard}"))
        // For the test's threads, where they are in a library of their own.
        .arg("-pthread")
        .args(WARNINGS)
        .arg(format!("-I{ROOT}/include"))
        .arg(format!("{ROOT}/{source}"))
        .arg("-L")
        .arg(&library)
        .arg("-lxq")
        .arg(format!("-Wl,-rpath,{}", library.display()))
        .arg("-o")
        .arg(&program)
        .output()
        .expect("the compiler starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(program)
}

/// Compiles with one compiler and standard, and runs both programs.
fn covers(compiler: &str, standard: &str) {
    let emulator = emulator();
    if let Some(program) = compile(compiler, standard, "tests/cpp/cover.cpp") {
        let certificate = emulator.issue_certificate("cpp").expect("it is issued");
        let directory = scratch(&format!("cpp-{compiler}-{standard}"));
        let files = [
            ("client.crt", &certificate.client_cert),
            ("transport.key", &certificate.transport_key),
            ("client.key", &certificate.client_key),
        ];
        for (name, content) in files {
            fs::write(directory.join(name), content).expect("it can be written");
        }
        let mut cover = command(&program);
        let output = cover
            .envs(emulator.env())
            .arg(certificate.id.to_string())
            .arg(&directory)
            .output();
        let output = output.expect("it starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        fs::remove_dir_all(&directory).expect("it can be removed");
    }
    if let Some(program) = compile(compiler, standard, "examples-cpp/share_key.cpp") {
        let output = command(&program)
            .envs(emulator.env())
            .args(["sender-1", "recipient-1"])
            .output();
        let output = output.expect("it starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).contains("the same key"));
    }
}

#[test]
fn with_gcc() {
    covers("g++", "c++17");
    covers("g++", "c++20");
}

#[test]
fn with_clang() {
    covers("clang++", "c++17");
    covers("clang++", "c++20");
}
