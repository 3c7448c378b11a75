//! What the shared library says of itself to linkers: its soname and, where the linker can, a version for its symbols.

use std::env;
use std::path::Path;
use std::process::Command;

/// `libxq.so.0.1`: while the version begins with 0, each minor version may break the ABI, so it counts. cargo-c thinks
/// the same, and packagers expect what it gives.
pub fn describe() {
    let os = env::var("CARGO_CFG_TARGET_OS").expect("cargo sets it");
    let name = match os.as_str() {
        "linux" | "freebsd" | "netbsd" | "openbsd" | "dragonfly" | "illumos" => format!("libxq.so.{}", abi_version()),
        "macos" => format!("libxq.{}.dylib", abi_version()),
        _ => return,
    };
    if os == "macos" {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/{name}");
    } else {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,{name}");
        version_symbols();
    }
    link_beside_library(&name);
}

fn abi_version() -> String {
    let part = |name: &str| env::var(format!("CARGO_PKG_VERSION_{name}")).expect("cargo sets it");
    match [part("MAJOR"), part("MINOR"), part("PATCH")] {
        [major, minor, patch] if major == "0" && minor == "0" => format!("0.0.{patch}"),
        [major, minor, _] if major == "0" => format!("0.{minor}"),
        [major, _, _] => major,
    }
}

/// Gives each exported symbol the soname as its version. rustc passes a version script of its own, without a version;
/// GNU ld alone can add one to that (lld, rustc's linker on x86-64, neither takes `--default-symver` nor lets a second
/// script count), so it links the library wherever it is there.
fn version_symbols() {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    // Whoever names a linker wants that one.
    if !flags.contains("fuse-ld") && gnu_ld() {
        println!("cargo::rustc-cdylib-link-arg=-fuse-ld=bfd");
        println!("cargo::rustc-cdylib-link-arg=-Wl,--default-symver");
    }
}

/// Whether the compiler that links for rustc can call GNU ld.
fn gnu_ld() -> bool {
    let linker = env::var_os("RUSTC_LINKER").unwrap_or_else(|| "cc".into());
    let output = Command::new(linker).args(["-fuse-ld=bfd", "-Wl,--version"]).output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).starts_with("GNU ld"))
}

/// Programs linked with the library look for its soname, so the place where cargo leaves it has a link of that name.
fn link_beside_library(name: &str) {
    #[cfg(unix)]
    if let Some(profile) = env::var_os("OUT_DIR")
        .as_deref()
        .map(Path::new)
        .and_then(profile_directory)
    {
        let file = if name.ends_with("dylib") {
            "libxq.dylib"
        } else {
            "libxq.so"
        };
        for directory in [profile.to_owned(), profile.join("deps")] {
            // It is there from an earlier build, or the directory is not what it seems: the library is none the worse.
            let _ = std::os::unix::fs::symlink(file, directory.join(name));
        }
    }
    #[cfg(not(unix))]
    let _ = name;
}

/// `target/release` of `target/release/build/libxq-HASH/out`.
#[cfg(unix)]
fn profile_directory(out: &Path) -> Option<&Path> {
    let build = out.parent()?.parent()?;
    build
        .parent()
        .filter(|_| build.file_name().is_some_and(|name| name == "build"))
}
