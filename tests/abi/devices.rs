//! Devices: alias, trusted range and certificate, against the emulator and against replies that it would not give.

use std::fs;
use std::path::PathBuf;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use serde_json::json;
use xq::envelope::{self, Version};
use xq_emulator::{Certificate, Emulator, Options};

use crate::driver::{Driver, scratch};
use crate::recorder::{Recorder, reply};

const VERSIONS: [(&str, Version); 3] = [("1", Version::Cbc), ("2", Version::Ctr), ("3", Version::Gcm)];
/// The locator key of a recorder's environment.
const LOCATOR_KEY: &str = "locator-key-000";

fn emulator() -> Emulator {
    Emulator::start(Options::default()).expect("the emulator starts")
}

fn held(driver: &mut Driver) -> Option<String> {
    driver.call(&["get_access_token"]).ok()
}

/// A certificate and the three files of its device.
struct Device {
    certificate: Certificate,
    id: String,
    directory: PathBuf,
    paths: [String; 3],
}

impl Device {
    fn new(emulator: &Emulator, name: &str) -> Device {
        let certificate = emulator.issue_certificate(name).expect("a certificate is issued");
        let directory = scratch(name);
        let paths = [
            ("client.crt", &certificate.client_cert),
            ("transport.key", &certificate.transport_key),
            ("client.key", &certificate.client_key),
        ]
        .map(|(name, content)| {
            let path = directory.join(name);
            fs::write(&path, content).expect("the file can be written");
            path.to_str().expect("UTF-8").to_owned()
        });
        Device {
            id: certificate.id.to_string(),
            certificate,
            directory,
            paths,
        }
    }

    /// The call that signs this device in from its files.
    fn by_files(&self) -> Vec<&str> {
        let [certificate, transport, private] = &self.paths;
        vec![
            "authorize_device_cert",
            &self.id,
            certificate,
            transport,
            private,
            "sensor-1",
            "1",
        ]
    }

    /// The same from memory.
    fn by_memory(&self) -> Vec<&str> {
        let Certificate {
            client_cert,
            transport_key,
            client_key,
            ..
        } = &self.certificate;
        vec![
            "authorize_device_cert_memory",
            &self.id,
            client_cert,
            transport_key,
            client_key,
            "sensor-1",
            "1",
        ]
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.directory).ok();
    }
}

#[test]
fn an_alias_is_signed_in_at_once() {
    let emulator = emulator();
    let mut driver = Driver::open(emulator.env());
    let token = driver.call(&["authorize_alias", "device-7", "@", "@"]).ok();
    assert!(token.is_some());
    assert_eq!(held(&mut driver), token);
    let locator = driver
        .call(&["create_and_store_packet", "k", "device-7@alias.local,"])
        .ok();
    let locator = locator.expect("a locator came out");
    assert_eq!(driver.call(&["get_packet", &locator]).ok().as_deref(), Some("k"));
}

#[test]
fn a_trusted_device_is_signed_in_and_announced_in_each_version() {
    for (number, _) in VERSIONS {
        let emulator = emulator();
        let mut driver = Driver::start(emulator.env());
        driver.call(&["read_environment"]).ok();
        driver.call(&["envelope", number]).ok();
        driver.call(&["open"]).ok();
        let token = driver.call(&["authorize_device", "sensor-1", "42", "0"]).ok();
        assert_eq!(held(&mut driver), token);

        let [device] = &emulator.devices()[..] else {
            panic!("one device is announced")
        };
        assert_eq!((device.afirst.as_str(), device.alast.as_str()), ("sensor-1", ""));
    }
}

#[test]
fn a_trusted_device_asks_for_what_is_configured() {
    for (number, version) in VERSIONS {
        for roaming in ["0", "1"] {
            let granted = sealed(version, LOCATOR_KEY, "a-device-token-long-enough");
            let wrapped = format!(" \"{}\\n{}\"\n", &granted[..40], &granted[40..]);
            let recorder = Recorder::start(vec![reply(200, &wrapped), reply(204, "")]);
            let mut driver = Driver::start(recorder.environment());
            driver.call(&["read_environment"]).ok();
            driver.call(&["envelope", number]).ok();
            driver.call(&["open"]).ok();
            driver.call(&["authorize_device", "d", "42", roaming]).ok();
            let body: serde_json::Value = serde_json::from_slice(&recorder.requests()[0].body).expect("JSON");
            assert_eq!(
                body,
                json!({"device": "d", "ver": version_number(version), "roaming": roaming == "1"})
            );
        }
    }
}

fn version_number(version: Version) -> u8 {
    match version {
        Version::Cbc => 1,
        Version::Ctr => 2,
        Version::Gcm => 3,
    }
}

#[test]
fn a_transport_key_that_the_service_repeats_is_not_in_the_message() {
    let emulator = emulator();
    let device = Device::new(&emulator, "repeated");
    let key = device.certificate.transport_key.trim();
    let fault = json!({"on": "subscription/authorize/certificate/*",
                       "do": {"reply": {"status": 403, "body": format!("bad key {key}")}}});
    emulator
        .fault(fault.to_string().parse().expect("a fault"))
        .expect("it makes sense");
    let outcome = Driver::open(emulator.env()).call(&device.by_files());
    outcome.failed("XQ_REJECTED", "left out");
    assert!(!outcome.message.contains(key), "{}", outcome.message);
}

#[test]
fn a_business_is_one_segment_of_the_path() {
    let granted = sealed(Version::Gcm, LOCATOR_KEY, "a-device-token-long-enough");
    for business in ["../x", "a/b", "a?b", "☃", "a b", "%2e"] {
        let recorder = Recorder::start(vec![reply(200, &granted), reply(200, "")]);
        let mut driver = Driver::open(recorder.environment());
        driver.call(&["authorize_device", "d", business, "1"]).ok();
        let target = &recorder.requests()[0].target;
        let segment = target
            .strip_prefix("/subscription/v2/authorize/trusted/")
            .expect("the call's own path");
        assert!(!segment.contains(['/', '?', '#', ' ']), "{target}");
        assert_eq!(
            percent_encoding::percent_decode_str(segment).decode_utf8_lossy(),
            business
        );
    }
    let mut driver = Driver::open(Recorder::start(vec![]).environment());
    for business in ["", ".", ".."] {
        driver
            .call(&["authorize_device", "d", business, "1"])
            .failed("XQ_INVALID_ARGUMENT", "business");
    }
}

/// A reply of the trusted range, or of the certificate flow, that grants `token`.
fn sealed(version: Version, key: &str, token: &str) -> String {
    let granted = json!({"access_token": token}).to_string();
    BASE64_STANDARD.encode(envelope::seal(version, key, granted.as_bytes()).expect("it seals"))
}

#[test]
fn a_trusted_reply_that_does_not_open_is_a_crypto_error_and_keeps_the_token() {
    let no_token = BASE64_STANDARD.encode(envelope::seal(Version::Gcm, LOCATOR_KEY, b"{}").expect("it seals"));
    let replies = [
        sealed(Version::Gcm, "another key", "a-device-token-long-enough"),
        sealed(Version::Ctr, LOCATOR_KEY, "a-device-token-long-enough"),
        sealed(Version::Gcm, LOCATOR_KEY, "two words, and some more"),
        sealed(Version::Gcm, LOCATOR_KEY, "eleven.char"),
        sealed(Version::Gcm, LOCATOR_KEY, &"x".repeat(8193)),
        sealed(Version::Gcm, LOCATOR_KEY, ""),
        no_token.clone(),
        "no base64 at all!".to_owned(),
        BASE64_STANDARD.encode("no envelope"),
        BASE64_STANDARD.encode("Salted__cut"),
    ];
    let recorder = Recorder::start(replies.iter().map(|body| reply(200, body)).collect());
    let mut driver = Driver::open(recorder.environment());
    driver.call(&["set_access_token", "held"]).ok();
    for body in &replies {
        let outcome = driver.call(&["authorize_device", "d", "42", "1"]);
        let expected = if body == &no_token { "XQ_PROTOCOL" } else { "XQ_CRYPTO" };
        assert_eq!(
            (outcome.status.as_str(), outcome.http_status),
            (expected, 200),
            "{body}"
        );
        assert_eq!(outcome.out, None);
        assert_eq!(held(&mut driver).as_deref(), Some("held"));
    }
}

#[test]
fn without_a_locator_key_nothing_is_sent() {
    let recorder = Recorder::start(vec![]);
    let environment = recorder
        .environment()
        .into_iter()
        .filter(|(name, _)| name != "XQ_LOCATOR_KEY");
    let mut driver = Driver::open(environment);
    driver
        .call(&["authorize_device", "d", "42", "1"])
        .failed("XQ_CONFIGURATION", "XQ_LOCATOR_KEY");
    assert_eq!(recorder.requests(), []);
}

#[test]
fn a_devices_name_has_1_to_48_characters() {
    let emulator = emulator();
    let device = Device::new(&emulator, "names");
    let mut driver = Driver::open(emulator.env());
    let longest = "☃".repeat(48);
    driver.call(&["authorize_device", &longest, "42", "1"]).ok();
    let mut call = device.by_files();
    for (name, characters) in [("", 0), ("☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃", 49)]
    {
        let words = format!("{characters} characters");
        driver
            .call(&["authorize_device", name, "42", "1"])
            .failed("XQ_INVALID_ARGUMENT", &words);
        driver
            .call(&["announce_device", name])
            .failed("XQ_INVALID_ARGUMENT", &words);
        call[5] = name;
        driver.call(&call).failed("XQ_INVALID_ARGUMENT", &words);
    }
    call[5] = "@";
    driver.call(&call).ok();
    assert_eq!(emulator.devices().last().expect("it is announced").afirst, "Device");
}

#[test]
fn a_certified_device_is_signed_in_from_files_and_from_memory_and_can_use_keys() {
    let emulator = emulator();
    let device = Device::new(&emulator, "flow");
    for call in [device.by_files(), device.by_memory()] {
        let mut driver = Driver::open(emulator.env());
        let token = driver.call(&call).ok();
        assert_eq!(held(&mut driver), token);
        assert_eq!(emulator.devices().last().expect("it is announced").afirst, "sensor-1");
        let locator = driver
            .call(&["create_and_store_packet", "k", "a@b.c,"])
            .ok()
            .expect("a locator");
        assert_eq!(driver.call(&["get_packet", &locator]).ok().as_deref(), Some("k"));
    }
}

#[test]
fn a_device_may_leave_the_announcement_out_and_make_it_later() {
    let emulator = emulator();
    let device = Device::new(&emulator, "later");
    let mut driver = Driver::open(emulator.env());
    let mut call = device.by_memory();
    call[6] = "0";
    driver.call(&call).ok();
    assert_eq!(emulator.devices().len(), 0);
    driver.call(&["announce_device", "sensor-1"]).ok();
    assert_eq!(emulator.devices().len(), 1);
    driver.call(&["forget_tokens"]).ok();
    driver
        .call(&["announce_device", "sensor-1"])
        .failed("XQ_UNAUTHORIZED", "sign in first");
}

#[test]
fn a_token_is_not_lost_where_only_the_announcement_fails() {
    let emulator = emulator();
    let device = Device::new(&emulator, "unannounced");
    let mut driver = Driver::open(emulator.env());
    let calls = [
        vec!["authorize_device", "sensor-1", "42", "1"],
        device.by_files(),
        device.by_memory(),
    ];
    for call in calls {
        emulator
            .fault("dashboard/*=status:503".parse().expect("a fault"))
            .expect("it makes sense");
        let outcome = driver.call(&call);
        assert_eq!(
            (outcome.status.as_str(), outcome.http_status, outcome.can_retry),
            ("XQ_SERVER", 503, false),
            "{}",
            outcome.message
        );
        assert!(
            outcome.message.contains("authorized, but not announced"),
            "{}",
            outcome.message
        );
        assert!(outcome.out.is_some());
        assert_eq!(held(&mut driver), outcome.out);
        emulator.clear_faults();
        driver.call(&["announce_device", "sensor-1"]).ok();
    }
    assert!(!emulator.devices().is_empty());
}

#[test]
fn a_certificate_that_the_service_refuses_is_rejected_with_its_reason() {
    let emulator = emulator();
    let (device, other) = (Device::new(&emulator, "refused"), Device::new(&emulator, "other"));
    let mut driver = Driver::open(emulator.env());
    driver.call(&["set_access_token", "held"]).ok();
    let mut refused = |changed: usize, value: &str, status: &str, words: &str| {
        let mut call = device.by_files();
        call[changed] = value;
        driver.call(&call).failed(status, words);
        assert_eq!(held(&mut driver).as_deref(), Some("held"));
    };
    refused(1, "4711", "XQ_REJECTED", "HTTP 404");
    refused(2, &other.paths[0], "XQ_REJECTED", "HTTP 403");
    refused(3, &other.paths[1], "XQ_REJECTED", "HTTP 403");
    // The service seals to the certificate's key, whatever key the device has.
    refused(4, &other.paths[2], "XQ_CRYPTO", "not the one of this certificate");
    refused(1, "0", "XQ_INVALID_ARGUMENT", "id is 0");
    refused(1, "-9", "XQ_INVALID_ARGUMENT", "id is -9");
    assert!(emulator.enable_certificate(device.certificate.id, false));
    refused(5, "sensor-1", "XQ_REJECTED", "disabled");
}

#[test]
fn a_stale_time_is_refused_and_a_time_that_makes_no_sense_a_protocol_error() {
    let emulator = emulator();
    let device = Device::new(&emulator, "times");
    let mut driver = Driver::open(emulator.env());
    let stale = r#"{"on":"subscription/time","do":{"reply":{"status":200,"body":"1700000000"}}}"#;
    emulator.fault(stale.parse().expect("a fault")).expect("it makes sense");
    driver.call(&device.by_files()).failed("XQ_REJECTED", "HTTP 403");
    emulator.clear_faults();

    let now = emulator.now();
    for body in [format!("{now}"), format!("\"{now}\"\n"), format!(" {now}\n")] {
        let fault = json!({"on": "subscription/time", "do": {"reply": {"status": 200, "body": body}}}).to_string();
        emulator.fault(fault.parse().expect("a fault")).expect("it makes sense");
        driver.call(&device.by_files()).ok();
        emulator.clear_faults();
    }
    for body in [
        "",
        "soon",
        "1.5",
        "1e9",
        "{}",
        "[1]",
        "null",
        "99999999999999999999",
        "\"\"",
    ] {
        let fault = json!({"on": "subscription/time", "do": {"reply": {"status": 200, "body": body}}}).to_string();
        emulator.fault(fault.parse().expect("a fault")).expect("it makes sense");
        let outcome = driver.call(&device.by_files());
        assert_eq!(outcome.status, "XQ_PROTOCOL", "{body}: {}", outcome.message);
        emulator.clear_faults();
    }
}

#[test]
fn a_file_that_cannot_be_used_is_named_with_its_path_and_the_reason() {
    let recorder = Recorder::start(vec![]);
    let mut driver = Driver::open(recorder.environment());
    let emulator = emulator();
    let device = Device::new(&emulator, "files");
    let place = |name: &str, content: &[u8]| {
        let path = device.directory.join(name);
        fs::write(&path, content).expect("the file can be written");
        path.to_str().expect("UTF-8").to_owned()
    };
    let directory = device.directory.to_str().expect("UTF-8").to_owned();
    #[cfg_attr(not(unix), allow(unused_mut, reason = "there is a pipe where there are any"))]
    let mut faults = vec![
        (format!("{directory}/missing"), "there is no such file"),
        (directory.clone(), "is a directory"),
        (place("empty", b""), "is empty"),
        (place("blank", b" \r\n"), "is blank"),
        (place("mark", "\u{feff}".as_bytes()), "is empty"),
        (place("large", &[b'x'; 1024 * 1024 + 1]), "is too large"),
        (place("binary", b"secret\xff\xfe"), "is not UTF-8 text"),
        (place("nul", b"secret\0"), "is not UTF-8 text"),
    ];
    #[cfg(unix)]
    faults.push((pipe(&device), "is a pipe or a device"));
    for (which, name) in [(2, "certificate"), (3, "transport key"), (4, "private key")] {
        for (path, reason) in &faults {
            let mut call = device.by_files();
            call[which] = path;
            let outcome = driver.call(&call);
            // A key may be no text.
            if (which, *reason) == (4, "is not UTF-8 text") {
                outcome.failed("XQ_CRYPTO", "the private key is not one in PEM, base64 or DER");
            } else {
                outcome.failed("XQ_FILE", &format!("the {name}: {path}: {reason}"));
            }
            assert!(!outcome.message.contains("secret"));
        }
    }
    for (path, reason) in &faults {
        driver
            .call(&["load_file_content", path])
            .failed("XQ_FILE", &format!("{path}: {reason}"));
    }
    driver
        .call(&["load_file_content", ""])
        .failed("XQ_INVALID_ARGUMENT", "path is empty");
    let largest = "x".repeat(1024 * 1024);
    assert_eq!(
        driver
            .call(&["load_file_content", &place("largest", largest.as_bytes())])
            .ok(),
        Some(largest)
    );
    #[cfg(unix)]
    {
        driver
            .call(&["load_file_content", "/dev/null"])
            .failed("XQ_FILE", "is a pipe or a device");
        // The superuser may read everything: the driver then gives that up.
        driver.call(&["superuser", "0"]).ok();
        driver
            .call(&["load_file_content", &unreadable(&device)])
            .failed("XQ_FILE", "permission to read it is denied");
        driver.call(&["superuser", "1"]).ok();
    }
    let marked = place("marked", "\u{feff} text\r\n".as_bytes());
    assert_eq!(
        driver.call(&["load_file_content", &marked]).ok().as_deref(),
        Some(" text\r\n")
    );
    assert_eq!(recorder.requests(), []);
}

/// A file that may not be read.
#[cfg(unix)]
fn unreadable(device: &Device) -> String {
    use std::os::unix::fs::PermissionsExt;
    let path = device.directory.join("unreadable");
    fs::write(&path, "secret").expect("the file can be written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("its mode can be set");
    path.to_str().expect("UTF-8").to_owned()
}

/// A pipe that nobody writes to: to open it, as files are opened, takes for ever.
#[cfg(unix)]
fn pipe(device: &Device) -> String {
    let path = device.directory.join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.expect("mkfifo is there").success());
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn the_dashboard_gets_the_general_key_where_it_has_none_of_its_own() {
    let recorder = Recorder::start(vec![reply(204, ""), reply(204, "")]);
    for key in ["dashboard-key", "general-key"] {
        let mut driver = Driver::start(recorder.environment());
        driver.call(&["read_environment"]).ok();
        if key == "general-key" {
            driver.call(&["dashboard_api_key", "@"]).ok();
        }
        driver.call(&["open"]).ok();
        driver.call(&["set_access_token", "held"]).ok();
        driver.call(&["announce_device", "sensor-1"]).ok();
        let sent = recorder.requests();
        assert_eq!(sent.last().expect("it was sent").header("api-key"), Some(key));
    }
}

#[test]
fn what_editors_leave_in_a_file_does_no_harm() {
    let emulator = emulator();
    let device = Device::new(&emulator, "editors");
    let mut driver = Driver::open(emulator.env());
    let Certificate {
        client_cert,
        transport_key,
        client_key,
        ..
    } = &device.certificate;
    let edited = |text: &str| format!("\u{feff}\r\n  {}\r\n\t\n", text.trim().replace('\n', "\r\n"));
    let (certificate, transport, private) = (edited(client_cert), edited(transport_key), edited(client_key));
    driver
        .call(&[
            "authorize_device_cert_memory",
            &device.id,
            &certificate,
            &transport,
            &private,
            "d",
            "0",
        ])
        .ok();
}

#[test]
fn keys_and_texts_that_cannot_be_used_are_refused_before_anything_is_sent() {
    let recorder = Recorder::start(vec![]);
    let mut driver = Driver::open(recorder.environment());
    let emulator = emulator();
    let device = Device::new(&emulator, "unusable");
    let mut refused = |which: usize, value: &str, status: &str, words: &str| {
        let mut call = device.by_memory();
        call[which] = value;
        driver.call(&call).failed(status, words);
    };
    refused(2, " \n", "XQ_INVALID_ARGUMENT", "certificate is empty");
    refused(3, "", "XQ_INVALID_ARGUMENT", "transport key is empty");
    refused(4, "\u{feff}", "XQ_INVALID_ARGUMENT", "private key is empty");
    refused(2, "@", "XQ_INVALID_ARGUMENT", "certificate is NULL");
    refused(3, "@", "XQ_INVALID_ARGUMENT", "transport_key is NULL");
    refused(4, "@", "XQ_INVALID_ARGUMENT", "private_key is NULL");
    refused(4, "words", "XQ_CRYPTO", "private key is not");
    refused(
        4,
        &device.certificate.client_cert,
        "XQ_CRYPTO",
        "private key is not one in PEM, base64 or DER",
    );
    for (bits, key) in [
        (1024, include_str!("../keys/rsa-1024.pem")),
        (2047, include_str!("../keys/rsa-2047.pem")),
        (4104, include_str!("../keys/rsa-4104.pem")),
    ] {
        refused(4, key, "XQ_CRYPTO", &format!("has {bits} bits; expected 2048 to 4096"));
    }
    // PKCS#1 as far as its second number, which has four million bits.
    let begun = b"\x30\x83\x07\xa1\x29\x02\x01\x00\x02\x83\x07\xa1\x20";
    let endless = BASE64_STANDARD.encode([begun.as_slice(), &[0x7f; 500_000]].concat());
    refused(4, &endless, "XQ_CRYPTO", "is larger than one of 4096 bits");
    assert_eq!(recorder.requests(), []);
}

/// The bytes in a PEM file that has one part, or whose last it is.
fn der_of(pem: &str) -> Vec<u8> {
    let (_, body) = pem.rsplit_once("-----BEGIN").expect("PEM");
    let body = body.split("-----").nth(1).expect("PEM");
    let base64: String = body.split_whitespace().collect();
    BASE64_STANDARD.decode(base64).expect("base64")
}

#[test]
fn a_private_key_in_der_is_read_from_a_file() {
    let emulator = emulator();
    let device = Device::new(&emulator, "der");
    let pkcs8 = der_of(&device.certificate.client_key);
    let key = rsa::PrivateKey::from_pkcs8_der(&pkcs8).expect("it parses");
    let pkcs1 = key.to_pkcs1_der().expect("it is written").as_bytes().to_vec();
    let mut driver = Driver::open(emulator.env());
    for der in [&pkcs8, &pkcs1] {
        fs::write(&device.paths[2], der).expect("the file can be written");
        driver.call(&device.by_files()).ok();

        let base64 = BASE64_STANDARD.encode(der);
        let mut call = device.by_memory();
        call[4] = &base64;
        driver.call(&call).ok();

        // As C sees it, up to the first NUL.
        let seen = der.split(|byte| *byte == 0).next().expect("there is a first");
        let call: Vec<&[u8]> = device.by_memory().iter().map(|field| field.as_bytes()).collect();
        let call = [&call[..4], &[seen], &call[5..]].concat();
        driver
            .call_bytes(&call)
            .failed("XQ_INVALID_ARGUMENT", "one in DER is read from a file");

        fs::write(&device.paths[2], &der[..der.len() - 1]).expect("the file can be written");
        driver
            .call(&device.by_files())
            .failed("XQ_CRYPTO", "is not one in PEM, base64 or DER");
    }
    driver
        .call(&["load_file_content", &device.paths[2]])
        .failed("XQ_FILE", "is not UTF-8 text");
}

#[test]
fn text_around_a_private_key_may_be_in_any_encoding() {
    let emulator = emulator();
    let device = Device::new(&emulator, "latin-1");
    let key = device.certificate.client_key.as_bytes();
    fs::write(&device.paths[2], [b"friendlyName: M\xfcller\n", key].concat()).expect("the file can be written");
    Driver::open(emulator.env()).call(&device.by_files()).ok();
}

#[test]
fn a_private_key_of_another_kind_is_called_what_it_is() {
    let recorder = Recorder::start(vec![]);
    let mut driver = Driver::open(recorder.environment());
    let emulator = emulator();
    let device = Device::new(&emulator, "kinds");
    let mut refused = |content: &[u8], words: &str| {
        fs::write(&device.paths[2], content).expect("the file can be written");
        driver.call(&device.by_files()).failed(
            "XQ_CRYPTO",
            &format!("{words}; expected an RSA key that is not encrypted"),
        );
    };
    for (pem, words) in [
        (include_str!("../keys/ec-sec1.pem"), "the private key is an EC key"),
        (include_str!("../keys/ec-pkcs8.pem"), "is an EC key"),
        (include_str!("../keys/ed25519.pem"), "is an Ed25519 key"),
        (include_str!("../keys/dsa.pem"), "is a DSA key"),
        (include_str!("../keys/dsa-pkcs8.pem"), "is a DSA key"),
        (include_str!("../keys/rsa-encrypted.pem"), "is encrypted"),
    ] {
        let der = der_of(pem);
        refused(pem.as_bytes(), words);
        refused(BASE64_STANDARD.encode(&der).as_bytes(), words);
        refused(&der, words);
    }
    // What these hold is no DER of a key.
    for (pem, words) in [
        (include_str!("../keys/ec-sec1-encrypted.pem"), "is an EC key"),
        (include_str!("../keys/rsa-pkcs1-encrypted.pem"), "is encrypted"),
        (
            include_str!("../keys/openssh.pem"),
            "of OpenSSH, of which ssh-keygen -p -m PEM makes PEM",
        ),
    ] {
        refused(pem.as_bytes(), words);
    }
    let ed448 = b"\x30\x0f\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x71\x04\x03\x04\x01\x00";
    refused(ed448, "is an Ed448 key");
    let unknown = b"\x30\x0f\x02\x01\x00\x30\x05\x06\x03\x2a\x03\x04\x04\x03\x04\x01\x00";
    refused(unknown, "is one of the algorithm 1.2.3.4");
    assert_eq!(recorder.requests(), []);
}
