//! The whole job: sealed on one handle, opened on another, with the service between them.

use std::fs;

use serde_json::Value;
use xq_emulator::Emulator;

use super::{CTR, Folder, GCM, OTP, Options};
use crate::driver::Driver;
use crate::operations::LOCATOR;
use crate::recorder::{Recorder, reply};
use crate::sign_in::emulator;

const TEXT: &str = "736f206e61630068742d0a";
/// 64 hexadecimal digits, in base64.
const ENTROPY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg==";

fn signed_in(emulator: &Emulator, user: &str) -> Driver {
    let mut driver = Driver::open(emulator.env());
    driver.call(&["authorize_user", user, "@", "@", "0", "0"]).ok();
    let pin = emulator.pin(user).expect("a PIN was mailed");
    driver.call(&["code_validate", &pin]).ok();
    driver.call(&["exchange_key", "@", "0"]).ok();
    driver
}

/// A driver that holds a token, and a service that answers so.
fn recorded(replies: &[&str]) -> (Driver, Recorder) {
    let recorder = Recorder::start(replies.iter().map(|body| reply(200, body)).collect());
    let mut driver = Driver::open(recorder.environment());
    driver.call(&["set_access_token", "held"]).ok();
    (driver, recorder)
}

fn lines(recorder: &Recorder) -> Vec<String> {
    let requests = recorder.requests();
    requests.iter().map(|r| format!("{} {}", r.method, r.target)).collect()
}

fn body(recorder: &Recorder, index: usize) -> Value {
    serde_json::from_slice(&recorder.requests()[index].body).expect("JSON")
}

#[test]
fn a_message_opens_for_its_recipient_and_nobody_else() {
    let emulator = emulator();
    let [mut jane, mut joe, mut eve] =
        ["jane", "joe", "eve"].map(|who| signed_in(&emulator, &format!("{who}@example.com")));
    for algorithm in ["", GCM, OTP] {
        let options = Options {
            algorithm,
            ..Options::default()
        };
        let call = options.after(&["encrypt_auto", TEXT, "joe@example.com,"]);
        let sealed = jane.call(&call).ok().expect("a message");
        assert!(!sealed.contains(TEXT));
        for driver in [&mut joe, &mut jane] {
            assert_eq!(driver.call(&["decrypt_auto", &sealed]).ok().as_deref(), Some(TEXT));
        }
        eve.call(&["decrypt_auto", &sealed]).failed("XQ_REJECTED", "");
        let locator = joe.call(&["sealed_locator", &sealed]).ok().expect("it is framed");
        let key = joe.call(&["get_packet", &locator]).ok().expect("a key");
        assert_eq!(
            joe.call(&["decrypt_message", &key, &sealed]).ok().as_deref(),
            Some(TEXT)
        );
        jane.call(&["revoke_packet", &locator]).ok();
        joe.call(&["decrypt_auto", &sealed]).failed("XQ_REJECTED", "");
        // With the key in hand, nobody is asked.
        let call = Options::of(&key, "").after(&["decrypt_auto", &sealed]);
        assert_eq!(eve.call(&call).ok().as_deref(), Some(TEXT));
    }
}

#[test]
fn a_file_opens_for_its_recipient_and_nobody_else() {
    let emulator = emulator();
    let folder = Folder::new("people");
    let [mut jane, mut joe, mut eve] =
        ["jane", "joe", "eve"].map(|who| signed_in(&emulator, &format!("{who}@example.com")));
    let plain = folder.with("a name.txt", "so nach\0t");
    let (sealed, opened) = (folder.file("sealed.xq"), folder.file("opened"));
    for algorithm in ["", GCM, CTR, OTP] {
        let options = Options {
            algorithm,
            ..Options::default()
        };
        jane.call(&options.after(&["encrypt_file", &plain, &sealed, "joe@example.com,"]))
            .ok();
        eve.call(&["decrypt_file", &sealed, &opened]).failed("XQ_REJECTED", "");
        assert_eq!(folder.names(), ["a name.txt", "sealed.xq"]);
        let told = joe.call(&["decrypt_file", &sealed, &opened]).ok();
        assert_eq!(told, Some(format!("a name.txt|{opened}")));
        assert_eq!(fs::read(&opened).expect("it is there"), b"so nach\0t");
        let front = hex::encode(&fs::read(&sealed).expect("it is there")[..47]);
        let locator = joe.call(&["sealed_locator", &front]).ok().expect("one");
        jane.call(&["revoke_packet", &locator]).ok();
        fs::remove_file(&opened).expect("it can be removed");
        joe.call(&["decrypt_file", &sealed, &opened]).failed("XQ_REJECTED", "");
        assert_eq!(folder.names(), ["a name.txt", "sealed.xq"]);
        fs::remove_file(&sealed).expect("it can be removed");
    }
}

#[test]
fn a_group_opens_what_is_sealed_for_it() {
    let emulator = emulator();
    emulator.set_group("7", &["joe@example.com"]).expect("it is a group");
    let [mut jane, mut joe, mut eve] =
        ["jane", "joe", "eve"].map(|who| signed_in(&emulator, &format!("{who}@example.com")));
    let sealed = jane
        .call(&["encrypt_auto", TEXT, "7@group.local,"])
        .ok()
        .expect("a message");
    assert_eq!(joe.call(&["decrypt_auto", &sealed]).ok().as_deref(), Some(TEXT));
    eve.call(&["decrypt_auto", &sealed]).failed("XQ_REJECTED", "");
}

#[test]
fn a_key_lasts_for_a_day_unless_said_otherwise() {
    let emulator = emulator();
    let mut jane = signed_in(&emulator, "jane@example.com");
    let sealed = jane
        .call(&["encrypt_auto", TEXT, "jane@example.com,"])
        .ok()
        .expect("a message");
    assert!(emulator.advance(24 * 3600 - 60));
    jane.call(&["decrypt_auto", &sealed]).ok();
    assert!(emulator.advance(120));
    jane.call(&["decrypt_auto", &sealed]).failed("XQ_REJECTED", "");
}

#[test]
fn a_pad_is_as_long_as_its_text_and_never_short() {
    let emulator = emulator();
    let mut jane = signed_in(&emulator, "jane@example.com");
    for (length, prefix, characters) in [
        (0, ".B", 32),
        (7, ".B", 32),
        (100, ".B", 100),
        (4096, ".B", 4096),
        (4097, ".1", 64),
    ] {
        let text = "61".repeat(length);
        let options = Options {
            algorithm: OTP,
            ..Options::default()
        };
        let sealed = jane
            .call(&options.after(&["encrypt_auto", &text, "jane@example.com,"]))
            .ok()
            .expect("a message");
        let locator = jane.call(&["sealed_locator", &sealed]).ok().expect("it is framed");
        let key = jane.call(&["get_packet", &locator]).ok().expect("a key");
        assert!(
            key.starts_with(prefix) && key.len() == 2 + characters,
            "{length}: {} characters",
            key.len()
        );
        assert_eq!(jane.call(&["decrypt_auto", &sealed]).ok(), Some(text));
    }
}

#[test]
fn with_a_key_in_hand_nothing_is_sent() {
    let folder = Folder::new("in-hand");
    let plain = folder.with("plain", "text");
    let (sealed, opened) = (folder.file("sealed"), folder.file("opened"));
    let (mut driver, recorder) = recorded(&[]);
    for key in [".1key", ".Bkey of enough length"] {
        let message = driver
            .call(&Options::of(key, "").after(&["encrypt_auto", TEXT, "@"]))
            .ok()
            .expect("a message");
        driver
            .call(&["sealed_locator", &message])
            .failed("XQ_INVALID_ARGUMENT", "");
        let framed = driver
            .call(&Options::of(key, LOCATOR).after(&["encrypt_auto", TEXT, "@"]))
            .ok()
            .expect("a message");
        assert_eq!(driver.call(&["sealed_locator", &framed]).ok().as_deref(), Some(LOCATOR));
        for message in [message, framed] {
            let call = Options::of(key, "").after(&["decrypt_auto", &message]);
            assert_eq!(driver.call(&call).ok().as_deref(), Some(TEXT));
        }
        let options = Options {
            overwrite: "1",
            ..Options::of(key, LOCATOR)
        };
        driver
            .call(&options.after(&["encrypt_file", &plain, &sealed, "@"]))
            .ok();
        driver.call(&options.after(&["decrypt_file", &sealed, &opened])).ok();
    }
    assert_eq!(recorder.connections(), 0);
}

#[test]
fn a_key_in_hand_is_stored_for_recipients_and_none_is_made() {
    let folder = Folder::new("stored");
    let (plain, sealed) = (folder.with("plain", "text"), folder.file("sealed"));
    let (mut driver, recorder) = recorded(&[LOCATOR, LOCATOR]);
    let options = Options::of(".1key in hand", "");
    let message = driver
        .call(&options.after(&["encrypt_auto", TEXT, "a@b.c,"]))
        .ok()
        .expect("a message");
    assert_eq!(
        driver.call(&["sealed_locator", &message]).ok().as_deref(),
        Some(LOCATOR)
    );
    driver
        .call(&options.after(&["encrypt_file", &plain, &sealed, "a@b.c,"]))
        .ok();
    assert_eq!(lines(&recorder), ["POST /subscription/v2/packet/add"; 2]);
    assert_eq!(
        [0, 1].map(|index| body(&recorder, index)["key"].clone()),
        [".1key in hand"; 2]
    );
}

#[test]
fn the_service_is_told_no_name_and_no_more_than_was_said() {
    let folder = Folder::new("told");
    let (plain, sealed) = (folder.with("the secret name", "text"), folder.file("sealed"));
    let (mut driver, recorder) = recorded(&[ENTROPY, LOCATOR, ENTROPY, LOCATOR, ENTROPY, LOCATOR]);
    let named = Options {
        name: "the other name",
        overwrite: "1",
        ..Options::default()
    };
    driver.call(&["encrypt_auto", TEXT, "a@b.c,"]).ok();
    driver
        .call(&named.after(&["encrypt_file", &plain, &sealed, "a@b.c,"]))
        .ok();
    let said = Options {
        name: "",
        subject: "the secret name",
        packet_type: "chat",
        ..named
    };
    driver
        .call(&said.after(&["encrypt_file", &plain, &sealed, "a@b.c,"]))
        .ok();
    let requests = recorder.requests();
    for (index, packet_type, subject) in [
        (1, "msg", Value::Null),
        (3, "file", Value::Null),
        (5, "chat", "the secret name".into()),
    ] {
        let body = body(&recorder, index);
        assert_eq!(body["type"], packet_type);
        assert_eq!(body["meta"]["subject"], subject);
        assert_eq!(body["expires"], 24);
        assert_eq!(body["recipients"], serde_json::json!(["a@b.c"]));
        assert!(
            body["key"]
                .as_str()
                .is_some_and(|key| key.starts_with(".1") && key.len() == 66),
            "{body}"
        );
        assert_eq!(requests[index - 1].query(), [("ks".to_owned(), "256".to_owned())]);
    }
    for request in &requests[..4] {
        assert!(
            !format!("{request:?}{}", String::from_utf8_lossy(&request.body)).contains(" name"),
            "{request:?}"
        );
    }
}

#[test]
fn a_locator_token_of_another_length_is_a_protocol_error_that_tells_it() {
    let folder = Folder::new("locators");
    let (plain, sealed) = (folder.with("plain", "text"), folder.file("sealed"));
    let call = ["encrypt_file", plain.as_str(), &sealed, "a@b.c,"];
    for call in [&["encrypt_auto", TEXT, "a@b.c,"], &call[..]] {
        for locator in ["short", &"A".repeat(44), &"A".repeat(42)] {
            let (mut driver, recorder) = recorded(&[ENTROPY, locator]);
            driver.call(call).failed("XQ_PROTOCOL", "locator token");
            assert_eq!(driver.call(&["last_reply"]).ok().as_deref(), Some(locator));
            assert_eq!(recorder.count(), 2);
            assert_eq!(folder.names(), ["plain"]);
        }
    }
}

#[test]
fn a_locator_token_out_of_a_message_is_checked_before_it_is_put_into_an_address() {
    let (mut driver, recorder) = recorded(&[]);
    for locator in [
        "../../../../v2/subscriber?a=b#cccccccccccccc",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
    ] {
        let sealed = format!(
            "2c000000{}01{}",
            hex::encode(&locator[..43]),
            hex::encode("Salted__ and so on")
        );
        driver.call(&["decrypt_auto", &sealed]).failed("XQ_CRYPTO", "locator");
    }
    let options = Options::of("", "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB");
    let sealed = format!("2c000000{}01", hex::encode(LOCATOR));
    driver
        .call(&options.after(&["decrypt_auto", &sealed]))
        .failed("XQ_INVALID_ARGUMENT", "locator");
    assert_eq!(recorder.connections(), 0);
}

#[test]
fn a_failed_file_leaves_no_stored_key() {
    let folder = Folder::new("no-key");
    let plain = folder.with("plain", vec![0; 200_000]);
    let (there, fresh) = (folder.with("there", "old"), folder.file("fresh"));
    let (nowhere, slash) = (folder.file("no/folder/out"), folder.file("fresh/"));
    let cases: [(&str, &str, &str, &str); 7] = [
        ("", "", &there, "XQ_FILE"),
        ("", "", &nowhere, "XQ_FILE"),
        ("", "", &slash, "XQ_FILE"),
        ("", "", &plain, "XQ_INVALID_ARGUMENT"),
        ("stop", "2", &fresh, "XQ_CANCELED"),
        ("grow", "2", &fresh, "XQ_FILE"),
        // Somebody makes the output when all is done but its name.
        ("make", "5", &fresh, "XQ_FILE"),
    ];
    for (what, at, output, status) in cases {
        let changed = if what == "make" { output } else { &plain };
        let (mut driver, recorder) = recorded(&[ENTROPY, LOCATOR, "{}"]);
        driver.call(&["on_progress", what, at, changed]).ok();
        driver
            .call(&["encrypt_file", &plain, output, "a@b.c,"])
            .failed(status, "");
        let sent = lines(&recorder);
        let stored = sent.iter().filter(|line| line.contains("packet/add")).count();
        let taken_back = sent
            .iter()
            .filter(|line| **line == format!("DELETE /validation/v2/key/{LOCATOR}"))
            .count();
        assert_eq!(stored, taken_back, "{what} {output}: {sent:?}");
        assert_eq!(stored, usize::from(what == "make"), "{what} {output}: {sent:?}");
        // What can be known to be wrong is refused before anything is sent.
        assert_eq!(sent.is_empty(), what.is_empty(), "{what} {output}: {sent:?}");
        fs::remove_file(&fresh).ok();
        fs::write(&plain, vec![0; 200_000]).expect("it can be written");
        assert_eq!(folder.names(), ["plain", "there"], "{what} {output}");
        assert_eq!(fs::read(&there).expect("it is there"), b"old");
    }
}

#[test]
fn an_output_that_is_there_is_seen_before_the_key_is_fetched() {
    let folder = Folder::new("before-key");
    let (plain, sealed) = (folder.with("plain", "text"), folder.file("sealed"));
    let (mut driver, recorder) = recorded(&[".1key", ".1key"]);
    driver
        .call(&Options::of(".1key", LOCATOR).after(&["encrypt_file", &plain, &sealed, "@"]))
        .ok();
    driver
        .call(&["decrypt_file", &sealed, &plain])
        .failed("XQ_FILE", "exists already");
    driver
        .call(&["decrypt_file", &sealed, &sealed])
        .failed("XQ_INVALID_ARGUMENT", "");
    for nowhere in ["no/folder", "no/", "plain/"] {
        driver
            .call(&["decrypt_file", &sealed, &folder.file(nowhere)])
            .failed("XQ_FILE", "");
    }
    assert_eq!(recorder.connections(), 0);
    driver.call(&["decrypt_file", &sealed, &folder.file("opened")]).ok();
    assert_eq!(recorder.count(), 1);
}
