//! The targets call every function of the C ABI.

use std::fs;
use std::path::Path;

/// All sources but the declarations.
fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let texts = paths
        .filter(|path| !path.ends_with("src/c"))
        .map(|path| match path.is_dir() {
            true => sources(&path),
            false => fs::read_to_string(path).expect("a source is text"),
        });
    texts.collect()
}

#[test]
fn every_exported_function_is_called() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let exports = fs::read_to_string(root.join("../tests/abi/exports.txt")).expect("the list is there");
    let sources = sources(&root.join("src"));
    let is_called = |name: &&str| {
        let call = format!("c::{name}");
        let mut rest = sources.split(&call).skip(1);
        rest.any(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
    };
    let missing: Vec<&str> = exports.lines().filter(|name| !is_called(name)).collect();
    assert!(exports.lines().count() > 100);
    assert_eq!(missing, [""; 0], "no call in fuzz/src/calls makes these");
}
