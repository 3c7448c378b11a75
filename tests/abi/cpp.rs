//! The C++ cover: `include/xq.hpp`, with each compiler and standard that it is for, and the C++ example.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use xq_emulator::Emulator;

use crate::driver::{ROOT, WARNINGS, command, has, library_directory, scratch};
use crate::sign_in::emulator;

/// A compiler that is told what all of these programs have in common.
fn compiler(compiler: &str, standard: &str) -> Command {
    let mut command = Command::new(compiler);
    command
        .arg(format!("-std={standard}"))
        // For the test's threads, where they are in a library of their own.
        .arg("-pthread")
        .args(WARNINGS)
        .arg(format!("-I{ROOT}/include"));
    command
}

/// Compiles a source below the repository's root, with these arguments too; `None` where there is no such compiler.
fn compile(name: &str, standard: &str, source: &str, more: &[&str]) -> Option<PathBuf> {
    if !has(name) {
        return None;
    }
    let library = library_directory();
    let program = format!("{}-{name}-{standard}", source.replace(['/', '.'], "-"));
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(program);
    let output = compiler(name, standard)
        .args(more)
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

/// Runs a program against the emulator.
#[track_caller]
fn succeeds(program: &Path, emulator: &Emulator, arguments: &[&str]) -> String {
    let output = command(program).envs(emulator.env()).args(arguments).output();
    let output = output.expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Compiles with one compiler and standard, and runs the programs.
fn covers(compiler: &str, standard: &str) {
    let emulator = emulator();
    if let Some(program) = compile(compiler, standard, "tests/cpp/cover.cpp", &[]) {
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
        let arguments = [&certificate.id.to_string(), &*directory.to_string_lossy()];
        succeeds(&program, &emulator, &arguments);
        fs::remove_dir_all(&directory).expect("it can be removed");
    }
    if let Some(program) = compile(compiler, standard, "bindings/cpp/examples/share_key.cpp", &[]) {
        assert!(succeeds(&program, &emulator, &["sender-1", "recipient-1"]).contains("the same key"));
    }
}

const BARE: [&str; 2] = ["-fno-exceptions", "-fno-rtti"];

/// The same of what is compiled without exceptions, and what does not compile there.
fn without_exceptions(name: &str, standard: &str) {
    let emulator = emulator();
    let example = "bindings/cpp/examples/without_exceptions.cpp";
    let Some(program) = compile(name, standard, example, &BARE) else {
        return;
    };
    assert_eq!(succeeds(&program, &emulator, &["alias-1"]), "Meet me at noon.\n");

    let directory = scratch(&format!("cpp-bare-{name}-{standard}"));
    let beside = directory.join("beside.o").to_string_lossy().into_owned();
    let source = format!("{ROOT}/tests/cpp/beside.cpp");
    let output = compiler(name, standard).args(["-c", &source, "-o", &beside]).output();
    let output = output.expect("the compiler starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let source = "tests/cpp/no_exceptions.cpp";
    let program = compile(name, standard, source, &[&BARE[..], &[&beside]].concat()).expect("it is there");
    let [plain, sealed] = ["plain", "sealed"].map(|file| directory.join(file).to_string_lossy().into_owned());
    fs::write(&plain, "text").expect("it can be written");
    succeeds(&program, &emulator, &[&plain, &sealed]);
    fs::remove_dir_all(&directory).expect("it can be removed");

    for (throws, words) in [
        ("VALUE", ".value()"),
        ("CONVERSION", "get_packet("),
        ("INDEX", "list[0]"),
        ("ERROR", "xq::error"),
    ] {
        let output = compiler(name, standard)
            .args(BARE)
            .args([
                "-fsyntax-only",
                &format!("-DXQ_TEST_{throws}"),
                &format!("{ROOT}/{source}"),
            ])
            .output()
            .expect("the compiler starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(words), "{throws}: {said}");
    }
}

#[test]
fn with_gcc() {
    covers("g++", "c++17");
    covers("g++", "c++20");
    without_exceptions("g++", "c++17");
}

#[test]
fn with_clang() {
    covers("clang++", "c++17");
    covers("clang++", "c++20");
    without_exceptions("clang++", "c++20");
}
