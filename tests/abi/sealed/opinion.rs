//! Second opinions: what libxq seals opens in other code, `tests/vectors/check_sealed.py` and the emulator's.

use std::env;
use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use xq_emulator::envelope::{Version, open};

use super::{CTR, FILE, Folder, GCM, MESSAGE, OTP, Options, without_service};
use crate::driver::{Driver, ROOT};
use crate::faults::under_valgrind;
use crate::operations::LOCATOR;

/// Texts of these lengths, about the borders of blocks and of what a file function reads at once.
const LENGTHS: [usize; 8] = [0, 1, 15, 16, 17, 1000, 65_536, 65_600];
const NAMES: [&str; 3] = ["a.txt", "Größe 文件.bin", "report 2026.pdf"];
const ALGORITHMS: [(&str, &str); 3] = [("GCM", GCM), ("CTR", CTR), ("OTP", OTP)];

fn text(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 % 251) as u8).collect()
}

/// A key of libxq's own making.
fn made_key(driver: &mut Driver, algorithm: &str) -> String {
    let bits = if algorithm == OTP { "32768" } else { "0" };
    driver
        .call(&["generate_key", algorithm, bits, "local"])
        .ok()
        .expect("a key")
}

fn python() -> Option<String> {
    let python = env::var("XQ_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has = Command::new(&python).args(["-c", "import Crypto"]).output();
    if has.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    assert!(
        env::var_os("CI").is_none(),
        "{python} has no pycryptodome, and CI must have it"
    );
    eprintln!("SKIPPED: {python} has no pycryptodome");
    None
}

fn messages(driver: &mut Driver) -> Vec<Value> {
    let mut messages = Vec::new();
    for (name, algorithm) in ALGORITHMS {
        for length in LENGTHS {
            let key = made_key(driver, algorithm);
            let text = hex::encode(text(length));
            for form in ["framed", "bare"] {
                if form == "framed" && algorithm == CTR {
                    continue;
                }
                let locator = if form == "framed" { LOCATOR } else { "" };
                let options = Options {
                    locator,
                    repeat: "1",
                    ..Options::default()
                };
                let in_one_piece = [
                    "encrypt_message",
                    &key,
                    if form == "framed" { LOCATOR } else { "@" },
                    &text,
                ];
                let without_locator = Options { locator: "", ..options };
                let mut sealed = vec![driver.call(&without_locator.after(&in_one_piece)).ok()];
                for chunk in ["13", "65536"] {
                    sealed.push(driver.call(&options.after(&["seal_chunks", chunk, &key, &text])).ok());
                }
                for sealed in sealed {
                    let sealed = sealed.expect("a message");
                    let call = ["open_chunks", "100000", MESSAGE, "1", &key, &sealed];
                    let opened = driver.call(&call).ok().expect("it opens");
                    assert!(opened.ends_with(&format!("|{text}")), "{name} {length}");
                    messages.push(json!({"made_by": "libxq", "form": form, "algorithm": name, "key": key,
                                         "locator": LOCATOR, "text_hex": text, "sealed_hex": sealed}));
                }
            }
        }
    }
    messages
}

fn files(driver: &mut Driver) -> Vec<Value> {
    let folder = Folder::new("opinion");
    let mut files = Vec::new();
    for (algorithm, number) in ALGORITHMS {
        for (index, length) in LENGTHS.into_iter().enumerate() {
            let key = made_key(driver, number);
            let name = NAMES[index % NAMES.len()];
            let options = Options {
                key: &key,
                locator: LOCATOR,
                overwrite: "1",
                repeat: "1",
                ..Options::default()
            };
            let (content, sealed) = (folder.with(name, text(length)), folder.file("sealed"));
            driver
                .call(&options.after(&["encrypt_file", &content, &sealed, "@"]))
                .ok();
            let from_disk = hex::encode(fs::read(&sealed).expect("it is there"));
            let content = hex::encode(text(length));
            let named = Options {
                key: "",
                name,
                ..options
            };
            let in_chunks = driver.call(&named.after(&["seal_chunks", "1000", &key, &content])).ok();
            for sealed in [from_disk, in_chunks.expect("a file")] {
                let call = ["open_chunks", "100000", FILE, "1", &key, &sealed];
                let opened = driver.call(&call).ok().expect("it opens");
                assert_eq!(opened, format!("{LOCATOR}|{name}|{content}"));
                files.push(
                    json!({"made_by": "libxq", "algorithm": algorithm, "key": key, "locator": LOCATOR,
                                  "file_name": name, "content_hex": content, "sealed_hex": sealed}),
                );
            }
        }
    }
    files
}

#[test]
fn what_is_sealed_here_opens_in_other_code() {
    // It takes minutes there, and does nothing that other tests do not.
    if under_valgrind() {
        return;
    }
    let mut driver = without_service();
    let (messages, files) = (messages(&mut driver), files(&mut driver));
    let count = format!("{} messages {} files 0 do not open", messages.len(), files.len());
    let Some(python) = python() else { return };
    let folder = Folder::new("second-opinion");
    let vectors = folder.with("sealed.json", json!({"messages": messages, "files": files}).to_string());
    let output = Command::new(python)
        .arg(format!("{ROOT}/tests/vectors/check_sealed.py"))
        .arg(vectors)
        .output()
        .expect("it starts");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        told.trim_end().ends_with(&count),
        "{told}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A body under GCM is an envelope of version 3, for which the emulator has code of its own.
#[test]
fn the_emulator_opens_what_is_sealed_here() {
    const FRONT: usize = 4 + LOCATOR.len() + 1;
    let version = Version::of_number(3).expect("there is one");
    let mut driver = without_service();
    for length in LENGTHS {
        let (key, text) = (made_key(&mut driver, GCM), text(length));
        let call = ["encrypt_message", &key, LOCATOR, &hex::encode(&text)];
        let sealed = driver.call(&Options::default().after(&call)).ok().expect("a message");
        let sealed = hex::decode(sealed).expect("hexadecimal digits");
        assert_eq!(open(version, &key[2..], &sealed[FRONT..]), Some(text));
    }
}
