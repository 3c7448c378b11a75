//! A disk that is full.

use std::env;
use std::fs;
use std::process::Command;

use super::{Folder, Options, without_service};
use crate::driver::Driver;
use crate::operations::LOCATOR;
use crate::recorder::{Recorder, reply};

/// A disk of 256 KB, in a folder; it goes when this is dropped.
struct SmallDisk(String);

impl SmallDisk {
    /// `None` where nobody may mount one; with `CI` set, somebody must.
    fn mount(folder: &Folder) -> Option<SmallDisk> {
        let place = folder.file("disk");
        fs::create_dir(&place).expect("it can be made");
        let options = ["-t", "tmpfs", "-o", "size=256k,mode=1777", "xq-test", &place];
        if as_root("mount", &options) {
            return Some(SmallDisk(place));
        }
        assert!(env::var_os("CI").is_none(), "no disk can be mounted, and CI must");
        eprintln!("SKIPPED: no disk can be mounted here");
        None
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("it is there");
        entries
            .map(|e| e.expect("it can be listed").file_name().to_string_lossy().into_owned())
            .collect()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        assert!(as_root("umount", &[&self.0]) || std::thread::panicking());
    }
}

/// Whether the command worked, as oneself or by a `sudo` that asks for no password.
fn as_root(command: &str, arguments: &[&str]) -> bool {
    let ways: [&[&str]; 2] = [&[], &["sudo", "-n"]];
    ways.iter().any(|way| {
        let words = [way, &[command][..], arguments].concat();
        let output = Command::new(words[0]).args(&words[1..]).output();
        output.is_ok_and(|output| output.status.success())
    })
}

#[test]
fn a_full_disk_is_told_and_left_as_it_was() {
    let folder = Folder::new("disk");
    let (plain, sealed) = (folder.with("plain", vec![7; 300_000]), folder.file("sealed"));
    let in_hand = Options::of(".1key", LOCATOR);
    without_service()
        .call(&in_hand.after(&["encrypt_file", &plain, &sealed, "@"]))
        .ok();
    let Some(disk) = SmallDisk::mount(&folder) else { return };
    let output = format!("{}/output", disk.0);

    let recorder = Recorder::start(vec![reply(200, &"MDEy".repeat(22)), reply(200, LOCATOR)]);
    let mut driver = Driver::open(recorder.environment());
    driver.call(&["set_access_token", "held"]).ok();
    driver
        .call(&["encrypt_file", &plain, &output, "a@b.c,"])
        .failed("XQ_FILE", "no room");
    assert_eq!(disk.names(), [""; 0]);
    // No key is stored of a file that is not there.
    let sent: Vec<String> = recorder.requests().iter().map(|r| r.method.clone()).collect();
    assert_eq!(sent, ["GET"]);
    for function in [
        &["encrypt_file", &plain, &output, "@"][..],
        &["decrypt_file", &sealed, &output],
    ] {
        driver.call(&in_hand.after(function)).failed("XQ_FILE", "no room");
        assert_eq!(disk.names(), [""; 0]);
    }
}
