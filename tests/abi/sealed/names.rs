//! The name in a file is somebody else's word: what becomes of it in a folder.

use std::fs;

use super::{Folder, Options, without_service};
use crate::faults::step;
use crate::operations::LOCATOR;

const KEY: &str = ".Bpad";

/// A file with a pad as its key, as the protocol says.
fn sealed(name: &[u8], content: &[u8]) -> Vec<u8> {
    let xor = |text: &[u8]| -> Vec<u8> { text.iter().zip(b"pad".iter().cycle()).map(|(a, b)| a ^ b).collect() };
    let length = u32::try_from(name.len()).expect("it fits").to_le_bytes();
    [
        &44u32.to_le_bytes(),
        LOCATOR.as_bytes(),
        &length,
        &xor(name),
        b"B",
        &xor(content),
    ]
    .concat()
}

#[test]
fn in_a_folder_a_name_is_made_harmless() {
    let long = format!("{}.pdf", "x".repeat(500));
    let cases: [(&str, &str); 18] = [
        ("report.pdf", "report.pdf"),
        ("../../x", "x"),
        ("/etc/cron.d/job", "job"),
        ("C:\\a\\b", "b"),
        ("C:b", "C_b"),
        (".bashrc", "_bashrc"),
        ("-rf", "_rf"),
        ("NUL", "_NUL"),
        ("com1.txt", "_com1.txt"),
        ("a\nb\u{1b}[2J", "a_b_[2J"),
        ("..", "unnamed"),
        ("/", "unnamed"),
        ("a/..", "unnamed"),
        ("trailing. .", "trailing"),
        ("what?*.txt", "what__.txt"),
        ("gpj.\u{202e}exe", "gpj._exe"),
        ("文件.bin", "文件.bin"),
        (&long, &format!("{}.pdf", "x".repeat(251))),
    ];
    let mut driver = without_service();
    for (name, safe) in cases.into_iter().step_by(step()) {
        let outer = Folder::new("names");
        let folder = outer.file("a/b");
        fs::create_dir_all(&folder).expect("it can be made");
        let input = outer.with("input", sealed(name.as_bytes(), b"content"));
        for output in [folder.clone(), format!("{folder}/")] {
            let call = Options::of(KEY, "").after(&["decrypt_file", &input, &output]);
            let told = driver.call(&call).ok().expect("name and path");
            let path = format!("{folder}/{safe}");
            let (as_it_stands, at) = told.rsplit_once('|').expect("two");
            assert_eq!((as_it_stands, at.replace("//", "/")), (name, path.clone()));
            assert_eq!(fs::read(&path).expect("it is there"), b"content", "{name:?}");
            fs::remove_file(&path).expect("it can be removed");
            assert_eq!(fs::read_dir(&folder).expect("it is there").count(), 0, "{name:?}");
        }
        assert_eq!(outer.names(), ["a", "input"], "{name:?}");
    }
}

#[test]
fn a_name_that_is_no_text_is_said_to_be_so() {
    let names: [&[u8]; 4] = [b"caf\xe9", b"a\0b", b"\xff\xfe", b"\xed\xa0\x80"];
    let folder = Folder::new("no-text");
    let mut driver = without_service();
    for name in names {
        let input = folder.with("input", sealed(name, b"content"));
        let options = Options::of(KEY, "");
        let output = folder.path().to_str().expect("UTF-8");
        let refused = driver.call(&options.after(&["decrypt_file", &input, output]));
        refused.failed("XQ_FILE", "UTF-8");
        assert_eq!(folder.names(), ["input"], "{name:?}");
        let opened = folder.file("opened");
        let told = driver.call(&options.after(&["decrypt_file", &input, &opened])).ok();
        assert_eq!(told, Some(format!("@|{opened}")));
        fs::remove_file(opened).expect("it is there");
    }
}

#[cfg(unix)]
#[test]
fn a_name_leads_through_no_link_out_of_the_folder() {
    let outer = Folder::new("links");
    let (target, folder) = (outer.with("target", "precious"), outer.file("in"));
    fs::create_dir(&folder).expect("it can be made");
    std::os::unix::fs::symlink(&target, format!("{folder}/name")).expect("it can be made");
    let input = outer.with("input", sealed(b"name", b"content"));
    let mut driver = without_service();
    let options = Options::of(KEY, "");
    driver
        .call(&options.after(&["decrypt_file", &input, &folder]))
        .failed("XQ_FILE", "exists already");
    let options = Options {
        overwrite: "1",
        ..options
    };
    driver.call(&options.after(&["decrypt_file", &input, &folder])).ok();
    assert_eq!(fs::read(format!("{folder}/name")).expect("it is there"), b"content");
    assert_eq!(fs::read(&target).expect("it is there"), b"precious");
}
