//! Writes `include/xq.h` from the `ffi` module.

use std::path::Path;
use std::{env, fs};

/// In the order in which the header is read.
const SOURCES: [&str; 7] = [
    "status",
    "string",
    "error",
    "config",
    "api",
    "user_management",
    "authentication",
];

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    println!("cargo::rerun-if-changed=src/ffi");
    println!("cargo::rerun-if-changed=cbindgen.toml");
    println!("cargo::rerun-if-changed=include/xq.h");

    let root = Path::new(&root);
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml parses");
    let builder = SOURCES.iter().fold(cbindgen::Builder::new(), |builder, name| {
        builder.with_src(root.join("src/ffi").join(name).with_extension("rs"))
    });
    let mut header = Vec::new();
    match builder.with_config(config).generate() {
        Ok(bindings) => bindings.write(&mut header),
        // A source that does not parse: the compiler says so better, right after this.
        Err(cbindgen::Error::ParseSyntaxError { .. }) => return,
        Err(e) => panic!("the header cannot be generated: {e}"),
    }

    let path = root.join("include/xq.h");
    let current = fs::read(&path).unwrap_or_default();
    // A vendored copy may be read-only; it brings the header of its release with it.
    if current != header && fs::write(&path, &header).is_err() {
        println!("cargo::warning=include/xq.h is stale and cannot be written");
    }
}
