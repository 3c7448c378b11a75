//! What other programs have sealed opens in every way that there is, and what is broken opens in none.

use std::fs;

use serde::Deserialize;

use super::{FILE, Folder, MESSAGE, Options, without_service};
use crate::driver::{Driver, ROOT};
use crate::faults::{step, under_valgrind};

#[derive(Deserialize)]
struct Vectors {
    messages: Vec<Message>,
    files: Vec<File>,
}

#[derive(Deserialize)]
struct Message {
    made_by: String,
    form: String,
    algorithm: String,
    key: String,
    locator: Option<String>,
    text_hex: String,
    sealed_hex: String,
}

#[derive(Deserialize)]
struct File {
    key: String,
    locator: String,
    file_name: String,
    content_hex: String,
    sealed_hex: String,
}

#[derive(Deserialize)]
struct Broken {
    what: String,
    kind: String,
    key: String,
    sealed_hex: String,
}

fn read<T: for<'a> Deserialize<'a>>(name: &str) -> T {
    let text = fs::read_to_string(format!("{ROOT}/tests/vectors/{name}")).expect("there are vectors");
    serde_json::from_str(&text).expect("they parse")
}

fn vectors() -> Vectors {
    let vectors: Vectors = read("sealed.json");
    assert_eq!((vectors.messages.len(), vectors.files.len()), (78, 45));
    vectors
}

/// Chunks of these sizes, the last larger than any vector.
const CHUNKS: [&str; 4] = ["7", "1", "64", "65536"];

/// All of them, but for valgrind, under which a key takes a hundred times as long to derive.
fn chunks() -> impl Iterator<Item = &'static str> {
    CHUNKS.into_iter().take(if under_valgrind() { 1 } else { CHUNKS.len() })
}

#[test]
fn every_message_opens_in_one_piece() {
    let mut driver = without_service();
    for Message {
        made_by,
        form,
        algorithm,
        key,
        locator,
        text_hex,
        sealed_hex,
    } in vectors().messages.into_iter().step_by(step())
    {
        let of = format!("{made_by}, {form}, {algorithm}");
        let opened = driver.call(&["decrypt_message", &key, &sealed_hex]).ok();
        assert_eq!(opened.as_ref(), Some(&text_hex), "{of}");
        let opened = driver
            .call(&Options::of(&key, "").after(&["decrypt_auto", &sealed_hex]))
            .ok();
        assert_eq!(opened, Some(text_hex), "{of}");
        let seen = driver.call(&["sealed_locator", &sealed_hex]);
        match form.as_str() {
            "framed" => assert_eq!(seen.ok(), locator),
            _ => seen.failed("XQ_INVALID_ARGUMENT", ""),
        }
    }
}

#[test]
fn every_message_opens_chunk_by_chunk() {
    let mut driver = without_service();
    for message in vectors().messages.into_iter().step_by(step()) {
        let locator = match message.form.as_str() {
            "framed" => message.locator.as_deref().expect("a frame has one"),
            _ => "@",
        };
        let expected = format!("{locator}|@|{}", message.text_hex);
        for chunk in chunks() {
            for key_at_once in ["0", "1"].into_iter().step_by(step()) {
                let call = [
                    "open_chunks",
                    chunk,
                    MESSAGE,
                    key_at_once,
                    &message.key,
                    &message.sealed_hex,
                ];
                let opened = driver.call(&call).ok();
                assert_eq!(
                    opened.as_ref(),
                    Some(&expected),
                    "{} {} {chunk}",
                    message.made_by,
                    message.algorithm
                );
            }
        }
    }
}

#[test]
fn every_file_opens_from_disk_to_disk() {
    let folder = Folder::new("vectors");
    let mut driver = without_service();
    for (index, file) in vectors().files.into_iter().step_by(step()).enumerate() {
        let sealed = folder.with(&format!("{index}.xq"), hex::decode(&file.sealed_hex).expect("digits"));
        let opened = folder.file(&format!("{index}.opened"));
        let call = Options::of(&file.key, "").after(&["decrypt_file", &sealed, &opened]);
        let told = driver.call(&call).ok().expect("name and path");
        assert_eq!(told, format!("{}|{opened}", file.file_name));
        let content = fs::read(&opened).expect("it is there");
        assert_eq!(hex::encode(content), file.content_hex, "{}", file.file_name);
        let locator = driver.call(&["sealed_locator", &file.sealed_hex]).ok();
        assert_eq!(locator, Some(file.locator));
    }
}

#[test]
fn every_file_opens_chunk_by_chunk() {
    let mut driver = without_service();
    for file in vectors().files.into_iter().step_by(step()) {
        let expected = format!("{}|{}|{}", file.locator, file.file_name, file.content_hex);
        for chunk in chunks() {
            for key_at_once in ["0", "1"].into_iter().step_by(step()) {
                let call = ["open_chunks", chunk, FILE, key_at_once, &file.key, &file.sealed_hex];
                assert_eq!(
                    driver.call(&call).ok().as_ref(),
                    Some(&expected),
                    "{} {chunk}",
                    file.file_name
                );
            }
        }
    }
}

/// Its status is one of the two, and no part of the key is told.
#[track_caller]
fn is_refused(driver: &mut Driver, call: &[&str], key: &str, what: &str) {
    let outcome = driver.call(call);
    assert!(
        ["XQ_CRYPTO", "XQ_INVALID_ARGUMENT"].contains(&outcome.status.as_str()),
        "{what}: {}: {}",
        outcome.status,
        outcome.message
    );
    outcome.failed(&outcome.status, "");
    assert!(outcome.message.len() > 10, "{what}: {}", outcome.message);
    for part in key.as_bytes()[2..].windows(8) {
        let part = std::str::from_utf8(part).expect("keys here are ASCII");
        assert!(!outcome.message.contains(part), "{what}: {}", outcome.message);
    }
}

#[test]
fn what_is_broken_does_not_open() {
    let folder = Folder::new("broken");
    let mut driver = without_service();
    let broken: Vec<Broken> = read("broken_sealed.json");
    assert_eq!(broken.len(), 39);
    for Broken {
        what,
        kind,
        key,
        sealed_hex,
    } in broken.into_iter().step_by(step())
    {
        let is_message = kind == "message";
        let form = if is_message { MESSAGE } else { FILE };
        for chunk in chunks() {
            let call = ["open_chunks", chunk, form, "1", &key, &sealed_hex];
            is_refused(&mut driver, &call, &key, &what);
        }
        if is_message {
            is_refused(&mut driver, &["decrypt_message", &key, &sealed_hex], &key, &what);
        } else {
            let sealed = folder.with("sealed", hex::decode(&sealed_hex).expect("digits"));
            let opened = folder.file("opened");
            let call = Options::of(&key, "").after(&["decrypt_file", &sealed, &opened]);
            is_refused(&mut driver, &call, &key, &what);
            assert_eq!(folder.names(), ["sealed"], "{what}");
        }
    }
}

#[test]
fn a_message_cut_at_any_byte_does_not_open() {
    let folder = Folder::new("cuts");
    let mut driver = without_service();
    let Vectors { messages, files } = vectors();
    let is_gcm = |algorithm: &str, key: &str| algorithm == "GCM" && key.starts_with(".1");
    let message = messages
        .iter()
        .find(|m| m.form == "framed" && is_gcm(&m.algorithm, &m.key) && !m.text_hex.is_empty());
    let message = message.expect("there is one");
    let file = files
        .iter()
        .find(|f| f.key.starts_with(".1") && !f.content_hex.is_empty())
        .expect("there is one");
    for cut in (0..message.sealed_hex.len().min(600)).step_by(2 * step()) {
        let sealed = &message.sealed_hex[..cut];
        is_refused(
            &mut driver,
            &["decrypt_message", &message.key, sealed],
            &message.key,
            &format!("cut at {cut}"),
        );
    }
    let opened = folder.file("opened");
    for cut in (0..file.sealed_hex.len().min(600)).step_by(2 * step()) {
        let sealed = folder.with("sealed", hex::decode(&file.sealed_hex[..cut]).expect("digits"));
        let call = Options::of(&file.key, "").after(&["decrypt_file", &sealed, &opened]);
        is_refused(&mut driver, &call, &file.key, &format!("cut at {cut}"));
        assert_eq!(folder.names(), ["sealed"]);
    }
}

#[test]
fn a_wrong_key_a_wrong_tag_and_wrong_padding_are_told_in_the_same_words() {
    let mut driver = without_service();
    let messages = vectors().messages;
    for algorithm in ["GCM", "CBC"] {
        let prefix = if algorithm == "GCM" { ".1" } else { ".3" };
        let message = messages
            .iter()
            .find(|m| m.key.starts_with(prefix) && m.text_hex.len() > 64)
            .expect("there is one");
        let mut told = Vec::new();
        let mut sealed = hex::decode(&message.sealed_hex).expect("digits");
        for change in 0..8 {
            let last = sealed.len() - 1;
            sealed[last] ^= 1 << change;
            let outcome = driver.call(&["decrypt_message", &message.key, &hex::encode(&sealed)]);
            told.push((outcome.status, outcome.message));
            sealed[last] ^= 1 << change;
        }
        let other = format!("{prefix}another-key");
        let outcome = driver.call(&["decrypt_message", &other, &message.sealed_hex]);
        told.push((outcome.status, outcome.message));
        // Under CBC one of them may open by chance.
        told.retain(|(status, _)| status != "XQ_OK");
        told.dedup();
        assert_eq!(told.len(), 1, "{algorithm}: {told:?}");
        assert_eq!(told[0].0, "XQ_CRYPTO");
    }
}
