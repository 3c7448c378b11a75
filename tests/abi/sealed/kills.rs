//! A process that is killed at any moment leaves no incomplete file under the final name.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::thread;
use std::time::Duration;

use super::{Folder, Options, without_service};
use crate::faults::step;
use crate::operations::LOCATOR;

const SIZE: usize = 1 << 20;

fn options() -> Options<'static> {
    Options::of(".1a-key-in-hand", LOCATOR)
}

/// A folder with a text and the same sealed.
fn bench(name: &str) -> (Folder, Vec<u8>) {
    let folder = Folder::new(name);
    let content: Vec<u8> = (0..SIZE).map(|at| (at % 253) as u8).collect();
    let (plain, sealed) = (folder.with("plain", &content), folder.file("sealed"));
    without_service()
        .call(&options().after(&["encrypt_file", &plain, &sealed, "@"]))
        .ok();
    (folder, content)
}

/// The command that makes `output`.
fn command<'a>(function: &'a str, plain: &'a str, sealed: &'a str, output: &'a str) -> Vec<&'a str> {
    match function {
        "encrypt_file" => options().after(&[function, plain, output, "@"]),
        _ => options().after(&[function, sealed, output]),
    }
}

#[test]
fn in_the_middle_of_the_work_there_is_only_another_file_for_its_owner_alone() {
    let (folder, _) = bench("killed");
    let [plain, sealed, output] = ["plain", "sealed", "output"].map(|name| folder.file(name));
    for function in ["encrypt_file", "decrypt_file"] {
        for at in ["9", "2", "16"].into_iter().step_by(step()) {
            let mut driver = without_service();
            driver.call(&["on_progress", "kill", at, ""]).ok();
            driver.tell(&command(function, &plain, &sealed, &output));
            driver.ends_killed();
            let mut names = folder.names();
            names.retain(|name| name != "plain" && name != "sealed");
            let [part] = &names[..] else {
                panic!("{function}, {at}: {names:?}")
            };
            assert!(part.starts_with(".xq-") && part.ends_with(".part"), "{part}");
            let path = folder.file(part);
            assert_eq!(fs::metadata(&path).expect("it is there").mode() & 0o777, 0o600);
            fs::remove_file(path).expect("it can be removed");
        }
    }
}

#[test]
fn at_any_moment_the_final_name_is_not_there_or_whole() {
    let (folder, content) = bench("killed-at-random");
    let [plain, sealed, output] = ["plain", "sealed", "output"].map(|name| folder.file(name));
    let mut complete = 0;
    for round in (0..40u64).step_by(step()) {
        let function = if round % 16 < 8 { "encrypt_file" } else { "decrypt_file" };
        let mut driver = without_service();
        driver.call(&["log"]).ok();
        driver.tell(&command(function, &plain, &sealed, &output));
        // From the beginning to beyond the end, however fast this machine is: each round waits longer.
        let pause = 50 * (round + 1) * (round + 1);
        thread::sleep(Duration::from_micros(pause + u64::from(std::process::id()) % 50));
        driver.kill();
        if fs::exists(&output).expect("it can be asked") {
            complete += 1;
            if function == "encrypt_file" {
                let opened = folder.file("opened");
                let call = options().after(&["decrypt_file", &output, &opened]);
                without_service().call(&call).ok();
                fs::rename(&opened, &output).expect("it can be renamed");
            }
            assert!(
                fs::read(&output).expect("it is there") == content,
                "round {round}: it is not whole"
            );
        }
        for name in folder
            .names()
            .iter()
            .filter(|name| *name != "plain" && *name != "sealed")
        {
            assert!(name == "output" || name.ends_with(".part"), "{name}");
            fs::remove_file(folder.file(name)).expect("it can be removed");
        }
    }
    println!("{complete} were complete");
}
