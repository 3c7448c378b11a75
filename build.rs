//! Writes `include/xq.h` from the `ffi` module, and tells the linker what the shared library is called.

#[path = "build/linking.rs"]
mod linking;
#[path = "build/nullability.rs"]
mod nullability;

use std::path::Path;
use std::{env, fs};

/// In the order in which the header is read.
const SOURCES: [&str; 31] = [
    "status",
    "string",
    "list",
    "bytes",
    "error",
    "config",
    "transport",
    "api",
    "log",
    "user_management",
    "authentication",
    "devices",
    "files",
    "board",
    "key_management",
    "packet",
    "account",
    "quantum",
    "sealed/options",
    "sealed/keys",
    "sealed/message",
    "sealed/file",
    "sealed/stream",
    "dashboard/authentication",
    "dashboard/usergroup",
    "dashboard/contact_management",
    "dashboard/communications",
    "dashboard/businesses",
    "dashboard/devices",
    "token",
    "request",
];

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    println!("cargo::rerun-if-changed=src/ffi");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=cbindgen.toml");
    println!("cargo::rerun-if-changed=include/xq.h");

    linking::describe();

    let root = Path::new(&root);
    let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml parses");
    config.after_includes = Some(version() + &config.after_includes.unwrap_or_default() + nullability::MACROS);
    config.trailer = Some(nullability::END.to_owned());
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

    let header = nullability::mark(&untangled(&String::from_utf8_lossy(&header)));

    let path = root.join("include/xq.h");
    let current = fs::read_to_string(&path).unwrap_or_default();
    // A vendored copy may be read-only; it brings the header of its release with it.
    if current != header && fs::write(&path, &header).is_err() {
        println!("cargo::warning=include/xq.h is stale and cannot be written");
    }
}

/// Before C23 a type with a size is no enum but an integer, and in C++ no name is both (`-Wc++-compat`): the values then
/// belong to an enum without the `_t`.
fn untangled(header: &str) -> String {
    const WHERE_SIZED: &str = "#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L\n";
    let sized = format!("\n{WHERE_SIZED}  : int32_t\n");
    let mut parts = header.split(&sized);
    let mut untangled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let name = untangled.split_off(untangled.rfind("enum ").expect("it is one"));
        let plain = name.trim_end_matches("_t");
        untangled += &format!("{WHERE_SIZED}{name} : int32_t\n#else\n{plain}\n{part}");
    }
    untangled
}

/// The version that a program was compiled against, beside `xq_version()`, the one that it runs with.
fn version() -> String {
    let part = |name: &str| env::var(format!("CARGO_PKG_VERSION_{name}")).expect("cargo sets it");
    let [major, minor, patch] = ["MAJOR", "MINOR", "PATCH"].map(part);
    format!(
        "\n\n/** The version of this header; xq_version() tells that of the library. */\n\
         #define XQ_VERSION \"{major}.{minor}.{patch}\"\n\
         \n\
         /** The same as a number: 1002003 is version 1.2.3; xq_version_number() tells that of the library. */\n\
         #define XQ_VERSION_NUMBER ({major} * 1000000 + {minor} * 1000 + {patch})\n"
    )
}
