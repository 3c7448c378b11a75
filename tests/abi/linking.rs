//! What the shared library exports. That an installed one is found and links in each way is shown by `tests/link.sh`.

use std::collections::BTreeSet;
#[cfg(target_os = "linux")]
use std::process::Command;

#[cfg(target_os = "linux")]
use crate::driver::{has, library_directory};

/// The names of all functions in the header.
fn header_functions() -> BTreeSet<String> {
    let header = include_str!("../../include/xq.h");
    let code = header
        .split("*/")
        .map(|part| part.split("/*").next().unwrap_or(""))
        .collect::<String>();
    let before_parentheses = code.split('(').filter_map(|part| part.rsplit([' ', '*', '\n']).next());
    before_parentheses
        .filter(|name| name.starts_with("xq_") && !name.ends_with(')'))
        .map(str::to_owned)
        .collect()
}

/// The names that the shared library defines, and their versions.
#[cfg(target_os = "linux")]
fn exports() -> Option<(BTreeSet<String>, BTreeSet<String>)> {
    if !has("nm") {
        return None;
    }
    let library = library_directory().join("libxq.so");
    let output = Command::new("nm")
        .args(["-D", "--defined-only", "--with-symbol-versions"])
        .arg(library)
        .output();
    let output = String::from_utf8(output.expect("nm starts").stdout).expect("it is text");
    let symbols = output.lines().filter_map(|line| line.split(' ').next_back());
    // The version itself is a symbol too, of no kind.
    let symbols = symbols.filter(|symbol| !symbol.starts_with("libxq.so"));
    let split = symbols.map(|symbol| symbol.split_once("@@").unwrap_or((symbol, "none")));
    Some(
        split
            .map(|(name, version)| (name.to_owned(), version.to_owned()))
            .unzip(),
    )
}

#[cfg(target_os = "linux")]
#[test]
fn the_library_exports_the_headers_functions_and_nothing_else_with_a_version() {
    if let Some((names, versions)) = exports() {
        assert_eq!(names, header_functions());
        let version = env!("CARGO_PKG_VERSION").rsplit_once('.').expect("three parts").0;
        assert_eq!(versions, BTreeSet::from([format!("libxq.so.{version}")]));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_library_is_called_by_its_versioned_name() {
    if has("readelf") {
        let library = library_directory().join("libxq.so");
        let output = Command::new("readelf").arg("-d").arg(library).output();
        let output = String::from_utf8(output.expect("readelf starts").stdout).expect("it is text");
        let version = env!("CARGO_PKG_VERSION").rsplit_once('.').expect("three parts").0;
        assert!(output.contains(&format!("soname: [libxq.so.{version}]")), "{output}");
    }
}

/// The names that the shared library takes from others.
#[cfg(target_os = "linux")]
fn imports() -> Option<BTreeSet<String>> {
    if !has("nm") {
        return None;
    }
    let library = library_directory().join("libxq.so");
    let output = Command::new("nm")
        .args(["-D", "--undefined-only", "-j"])
        .arg(library)
        .output();
    let output = String::from_utf8(output.expect("nm starts").stdout).expect("it is text");
    let names = output.lines().filter_map(|name| name.split('@').next());
    Some(names.map(str::to_owned).collect())
}

#[cfg(target_os = "linux")]
#[test]
fn only_a_library_with_sockets_knows_the_network() {
    if let Some(imports) = imports() {
        for name in ["socket", "connect", "getaddrinfo", "send", "recv"] {
            assert_eq!(imports.contains(name), cfg!(feature = "sockets"), "{name}");
        }
    }
}

#[test]
fn a_change_of_the_abi_is_a_change_of_the_list() {
    let list: BTreeSet<String> = include_str!("exports.txt").lines().map(str::to_owned).collect();
    assert_eq!(
        header_functions(),
        list,
        "tests/abi/exports.txt is the list of the functions in include/xq.h"
    );
}
