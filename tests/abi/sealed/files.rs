//! From file to file: what appears, what does not, and what is no file to take.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::Command;

use super::{CTR, Folder, GCM, OTP, Options, without_service};
use crate::driver::Driver;
use crate::faults::{step, under_valgrind};
use crate::operations::LOCATOR;

const KEY: &str = ".1a-key-in-hand";

fn in_hand() -> Options<'static> {
    Options::of(KEY, LOCATOR)
}

fn overwriting() -> Options<'static> {
    Options {
        overwrite: "1",
        ..in_hand()
    }
}

/// A folder with a text and the same sealed, and a driver.
fn bench(name: &str) -> (Folder, Driver) {
    let folder = Folder::new(name);
    let mut driver = without_service();
    folder.with("plain", (0..200_000u32).map(|at| at as u8).collect::<Vec<_>>());
    let call = ["encrypt_file", &folder.file("plain"), &folder.file("sealed"), "@"];
    driver.call(&in_hand().after(&call)).ok();
    (folder, driver)
}

/// Both directions, each with its input.
fn both(folder: &Folder) -> [(&'static str, String); 2] {
    [
        ("encrypt_file", folder.file("plain")),
        ("decrypt_file", folder.file("sealed")),
    ]
}

fn call<'a>(function: &'a str, input: &'a str, output: &'a str, options: &Options<'a>) -> Vec<&'a str> {
    match function {
        "encrypt_file" => options.after(&[function, input, output, "@"]),
        _ => options.after(&[function, input, output]),
    }
}

#[test]
fn files_of_any_size_come_back_as_they_were() {
    let folder = Folder::new("sizes");
    let mut driver = without_service();
    let keys = [(GCM, ".1key"), (CTR, ".2key"), (OTP, ".Bkey")];
    for length in [65_537, 0, 1, 65_535, 65_536, 131_072, 300_001]
        .into_iter()
        .step_by(step())
    {
        let content: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
        let plain = folder.with("plain", &content);
        let (sealed, opened) = (folder.file("sealed"), folder.file("opened"));
        for (algorithm, key) in keys {
            let options = Options {
                algorithm,
                key,
                repeat: "1",
                ..overwriting()
            };
            driver.call(&call("encrypt_file", &plain, &sealed, &options)).ok();
            assert!(length < 100 || fs::read(&sealed).expect("it is there")[200..] != content[200..]);
            driver.call(&call("decrypt_file", &sealed, &opened, &options)).ok();
            assert_eq!(fs::read(&opened).expect("it is there"), content, "{length} {key}");
        }
    }
}

#[test]
fn an_existing_output_is_replaced_only_where_that_is_asked_for() {
    let (folder, mut driver) = bench("existing");
    for (function, input) in both(&folder) {
        let output = folder.with("output", "old");
        driver
            .call(&call(function, &input, &output, &in_hand()))
            .failed("XQ_FILE", "exists already");
        assert_eq!(fs::read(&output).expect("it is there"), b"old");
        assert_eq!(folder.names(), ["output", "plain", "sealed"]);
        driver.call(&call(function, &input, &output, &overwriting())).ok();
        assert_ne!(fs::read(&output).expect("it is there"), b"old");
        assert_eq!(folder.names(), ["output", "plain", "sealed"]);
    }
}

#[test]
fn a_link_that_leads_nowhere_is_an_existing_output() {
    let (folder, mut driver) = bench("dangling");
    for (function, input) in both(&folder) {
        let output = folder.file("output");
        symlink(folder.file("nowhere"), &output).expect("it can be made");
        driver.call(&["on_progress", "count", "0", ""]).ok();
        driver
            .call(&call(function, &input, &output, &in_hand()))
            .failed("XQ_FILE", "exists already");
        assert_eq!(folder.names(), ["output", "plain", "sealed"]);
        // It was seen before all the work.
        let told = driver.call(&["was_told"]).ok().expect("text");
        assert!(!told.contains("200000/") && told.len() < 40, "{told}");
        driver.call(&call(function, &input, &output, &overwriting())).ok();
        assert!(!fs::symlink_metadata(&output).expect("it is there").is_symlink());
        fs::remove_file(&output).expect("it can be removed");
    }
}

#[test]
fn the_input_is_never_the_output_whatever_its_name() {
    let (folder, mut driver) = bench("same");
    for (function, input) in both(&folder) {
        let before = fs::read(&input).expect("it is there");
        let (hard, soft) = (folder.file("hard"), folder.file("soft"));
        fs::hard_link(&input, &hard).expect("it can be made");
        symlink(&input, &soft).expect("it can be made");
        let name = input.rsplit('/').next().expect("it has a name");
        let spelled = format!(
            "{}/./../{}/{name}",
            folder.path().display(),
            folder.path().file_name().expect("it has one").display()
        );
        for (from, to) in [
            (&input, &input),
            (&input, &hard),
            (&input, &soft),
            (&input, &spelled),
            (&soft, &hard),
            (&hard, &input),
        ] {
            for options in [in_hand(), overwriting()] {
                driver
                    .call(&call(function, from, to, &options))
                    .failed("XQ_INVALID_ARGUMENT", "is the input too");
            }
        }
        assert_eq!(fs::read(&input).expect("it is there"), before);
        fs::remove_file(hard).expect("it can be removed");
        fs::remove_file(soft).expect("it can be removed");
        assert_eq!(folder.names(), ["plain", "sealed"]);
    }
}

#[test]
fn what_is_no_file_is_neither_read_nor_replaced() {
    let (folder, mut driver) = bench("no-files");
    let pipe = folder.file("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("it starts").success());
    let inside = folder.file("folder");
    fs::create_dir(&inside).expect("it can be made");
    let names = ["folder", "pipe", "plain", "sealed"];
    for (function, input) in both(&folder) {
        let output = folder.file("output");
        for (wrong, words) in [
            (pipe.as_str(), "pipe or a device"),
            ("/dev/null", "pipe or a device"),
            (&inside, "is a directory"),
            ("/no/such/file", "no such file"),
        ] {
            driver
                .call(&call(function, wrong, &output, &in_hand()))
                .failed("XQ_FILE", words);
            assert_eq!(folder.names(), names, "{wrong}");
        }
        for wrong in [
            pipe.as_str(),
            "/dev/null",
            "/no/such/folder/output",
            &format!("{input}/x"),
        ] {
            for options in [in_hand(), overwriting()] {
                driver
                    .call(&call(function, &input, wrong, &options))
                    .failed("XQ_FILE", "");
                assert_eq!(folder.names(), names, "{wrong}");
            }
        }
        driver
            .call(&call(function, "", &output, &in_hand()))
            .failed("XQ_INVALID_ARGUMENT", "input's path is empty");
        driver
            .call(&call(function, &input, "", &in_hand()))
            .failed("XQ_INVALID_ARGUMENT", "output's path is empty");
        assert_eq!(folder.names(), names);
    }
    assert!(!fs::metadata("/dev/null").expect("it is there").is_file());
    // A sealed file needs a name of its own; only an opened one has one in it.
    let plain = folder.file("plain");
    driver
        .call(&call("encrypt_file", &plain, &inside, &overwriting()))
        .failed("XQ_FILE", "is a directory");
    assert_eq!(folder.names(), names);
}

#[test]
fn what_may_not_be_read_or_written_is_told() {
    let (folder, mut driver) = bench("permissions");
    driver.call(&["superuser", "0"]).ok();
    for (function, input) in both(&folder) {
        let output = folder.file("output");
        fs::set_permissions(&input, Permissions::from_mode(0o0)).expect("they can be set");
        driver
            .call(&call(function, &input, &output, &in_hand()))
            .failed("XQ_FILE", "permission");
        fs::set_permissions(&input, Permissions::from_mode(0o644)).expect("they can be set");
        fs::set_permissions(folder.path(), Permissions::from_mode(0o555)).expect("they can be set");
        driver
            .call(&call(function, &input, &output, &in_hand()))
            .failed("XQ_FILE", "permission");
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("they can be set");
        assert_eq!(folder.names(), ["plain", "sealed"]);
    }
    driver.call(&["superuser", "1"]).ok();
}

#[test]
fn a_file_that_changes_its_size_is_refused() {
    let (folder, mut driver) = bench("changing");
    for (function, input) in both(&folder) {
        let before = fs::read(&input).expect("it is there");
        for what in ["grow", "shrink"] {
            for at in ["2", "3", "4"].into_iter().step_by(step()) {
                driver.call(&["on_progress", what, at, &input]).ok();
                let outcome = driver.call(&call(function, &input, &folder.file("output"), &in_hand()));
                outcome.failed("XQ_FILE", "changed its size");
                assert_eq!(folder.names(), ["plain", "sealed"]);
                fs::write(&input, &before).expect("it can be written");
            }
        }
    }
}

#[test]
fn an_output_that_somebody_makes_meanwhile_stays_theirs() {
    let (folder, mut driver) = bench("meanwhile");
    for (function, input) in both(&folder) {
        let output = folder.file("output");
        driver.call(&["on_progress", "make", "3", &output]).ok();
        driver
            .call(&call(function, &input, &output, &in_hand()))
            .failed("XQ_FILE", "exists already");
        assert_eq!(fs::read(&output).expect("it is there"), b"somebody else's");
        fs::remove_file(&output).expect("it can be removed");
        assert_eq!(folder.names(), ["plain", "sealed"]);
    }
}

#[test]
fn progress_goes_on_to_the_end_and_can_stop_the_work() {
    let (folder, mut driver) = bench("progress");
    for (function, input) in both(&folder) {
        let output = folder.file("output");
        let size = fs::metadata(&input).expect("it is there").len();
        driver.call(&["on_progress", "count", "0", ""]).ok();
        driver.call(&call(function, &input, &output, &in_hand())).ok();
        let told = driver.call(&["was_told"]).ok().expect("text");
        let told: Vec<(u64, u64)> = told
            .split_whitespace()
            .map(|pair| pair.split_once('/').expect("two numbers"))
            .map(|(done, total)| (done.parse().expect("a number"), total.parse().expect("a number")))
            .collect();
        assert_eq!((told[0], told[told.len() - 1]), ((0, size), (size, size)));
        assert!(
            told.is_sorted() && told.iter().all(|(_, total)| *total == size),
            "{told:?}"
        );
        assert_eq!(told.len() as u64, 1 + size.div_ceil(65_536), "{told:?}");
        fs::remove_file(&output).expect("it can be removed");
        for at in (1..=told.len()).step_by(step()) {
            driver.call(&["on_progress", "stop", &at.to_string(), ""]).ok();
            driver
                .call(&call(function, &input, &output, &in_hand()))
                .failed("XQ_CANCELED", "");
            assert_eq!(folder.names(), ["plain", "sealed"], "stopped at {at}");
        }
        driver.call(&["on_progress", "", "0", ""]).ok();
    }
}

#[test]
fn an_output_has_the_permissions_of_the_input_or_of_what_it_replaces() {
    let (folder, mut driver) = bench("modes");
    let mode = |path: &str| fs::metadata(path).expect("it is there").mode() & 0o7777;
    for (function, input) in both(&folder) {
        let output = folder.file("output");
        for bits in [0o640, 0o600, 0o644, 0o755, 0o666].into_iter().step_by(step()) {
            fs::set_permissions(&input, Permissions::from_mode(bits)).expect("they can be set");
            driver.call(&call(function, &input, &output, &in_hand())).ok();
            assert_eq!(mode(&output), bits, "{bits:o}");
            fs::set_permissions(&output, Permissions::from_mode(0o604)).expect("they can be set");
            driver.call(&call(function, &input, &output, &overwriting())).ok();
            assert_eq!(mode(&output), 0o604, "{bits:o}");
            fs::remove_file(&output).expect("it can be removed");
        }
    }
    // Nobody becomes another by an opened file.
    let (plain, output) = (folder.file("plain"), folder.file("output"));
    fs::set_permissions(&plain, Permissions::from_mode(0o4755)).expect("they can be set");
    driver.call(&call("encrypt_file", &plain, &output, &in_hand())).ok();
    assert_eq!(mode(&output), 0o755);
}

#[test]
fn a_changed_byte_leaves_nothing() {
    let (folder, mut driver) = bench("changed");
    let good = fs::read(folder.file("sealed")).expect("it is there");
    let changed = folder.file("changed");
    for at in [good.len() - 1, 60, 200, 70_000, good.len() - 17]
        .into_iter()
        .step_by(step())
    {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        fs::write(&changed, bytes).expect("it can be written");
        for options in [in_hand(), overwriting()] {
            driver
                .call(&call("decrypt_file", &changed, &folder.file("output"), &options))
                .failed("XQ_CRYPTO", "");
            assert_eq!(folder.names(), ["changed", "plain", "sealed"]);
        }
        // What was there stays.
        let old = folder.with("old", "old");
        driver
            .call(&call("decrypt_file", &changed, &old, &overwriting()))
            .failed("XQ_CRYPTO", "");
        assert_eq!(fs::read(&old).expect("it is there"), b"old");
        fs::remove_file(&old).expect("it can be removed");
    }
}

#[test]
fn a_file_that_gcm_or_the_pad_cannot_hide_is_refused_before_the_work() {
    let folder = Folder::new("too-large");
    let mut driver = without_service();
    let (plain, output) = (folder.file("plain"), folder.file("output"));
    let sparse = |size| {
        File::create(&plain)
            .and_then(|file| file.set_len(size))
            .expect("it can be made")
    };
    driver.call(&["on_progress", "count", "0", ""]).ok();
    sparse((1 << 36) - 31);
    driver
        .call(&call("encrypt_file", &plain, &output, &in_hand()))
        .failed("XQ_INVALID_ARGUMENT", "with GCM");
    sparse(1 << 40);
    let pad = Options {
        key: ".Ba-pad-of-some-length",
        ..in_hand()
    };
    driver
        .call(&call("encrypt_file", &plain, &output, &pad))
        .failed("XQ_INVALID_ARGUMENT", "pad");
    assert_eq!(driver.call(&["was_told"]).ok().as_deref(), Some(""));
    assert_eq!(folder.names(), ["plain"]);
}

/// Five gigabytes take as much memory as one megabyte. Where `XQ_TEST_LARGE` is set, since a library that is not optimized
/// takes minutes for them; otherwise with 50 megabytes.
#[cfg(target_os = "linux")]
#[test]
fn a_large_file_takes_no_more_memory_than_a_small_one() {
    // A sanitizer keeps what was freed, and valgrind what it has translated.
    if crate::driver::sanitized() || under_valgrind() {
        return;
    }
    let large = if std::env::var_os("XQ_TEST_LARGE").is_some() {
        5 << 30
    } else {
        50 << 20
    };
    let folder = Folder::new("large");
    let (plain, sealed, opened) = (folder.file("plain"), folder.file("sealed"), folder.file("opened"));
    for key in [".1key", ".2key"] {
        let mut driver = without_service();
        let options = Options { key, ..overwriting() };
        let mut peaks = Vec::new();
        for size in [1 << 20, large] {
            File::create(&plain)
                .and_then(|file| file.set_len(size))
                .expect("it can be made");
            driver.call(&call("encrypt_file", &plain, &sealed, &options)).ok();
            driver.call(&call("decrypt_file", &sealed, &opened, &options)).ok();
            assert_eq!(fs::metadata(&opened).expect("it is there").len(), size);
            peaks.push(driver.peak_memory());
        }
        assert!(peaks[1] - peaks[0] < 1 << 20, "{peaks:?}");
    }
}
