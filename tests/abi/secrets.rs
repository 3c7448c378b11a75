//! Secrets do not outlive their use in the process's memory: `tests/c/secrets.c`.
#![cfg(all(target_os = "linux", feature = "sockets"))]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{ChildStdin, Stdio};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rsa::PrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::PrivateKeyParts;
use serde_json::json;
use xq_emulator::{Emulator, Options};

use crate::driver::{Language, compile, plain_command, scratch};
use crate::recorder::{Recorder, Tunnel, reply};

const PACKET_KEY: &str = ".1a-packet-key-of-some-length";
const OTHER_KEY: &str = "another-packet-key-of-some-length";
const SEALING_KEY: &str = ".1a-key-to-seal-with-of-some-more-length";
const PAD: &str =
    ".Ba-pad-that-is-to-hide-a-text:-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ-and-more";
const TEXT: &str = "what is to be sealed, and nobody else's to read: as long as two of the pieces looked for";
const PASSWORD: &str = "the-password-of-the-proxy";

/// Hands a secret over in its disguise, every byte one higher.
fn hand(input: &mut ChildStdin, what: &str, secret: &[u8]) {
    let disguised: String = secret.iter().map(|b| format!("{:02x}", b.wrapping_add(1))).collect();
    writeln!(input, "{what}\t{disguised}").expect("the program reads");
}

fn leaves_nothing(tls: bool) {
    let batch = json!({"on": "subscription/packet/batch",
                       "do": {"reply": {"status": 200, "body": format!(r#"{{"tokens":[{{"{OTHER_KEY}":1}}]}}"#)}}});
    let options = Options {
        tls,
        faults: vec![batch.to_string().parse().expect("a fault")],
        ..Options::default()
    };
    let emulator = Emulator::start(options.clone()).expect("the emulator starts");
    let certificate = emulator.issue_certificate("secrets").expect("it is issued");
    let behind_proxy = Recorder::start(vec![reply(200, "{}")]);
    let proxy = Tunnel::start(behind_proxy.port());
    let directory = scratch(&format!("secrets-{tls}"));
    let file = |name: &str, content: &str| {
        let path = directory.join(name);
        fs::write(&path, content).expect("it can be written");
        path
    };

    let program = compile("secrets", Language::C99).expect("there is a C compiler");
    let mut child = plain_command(&program)
        // Otherwise the loader, at the first call of each function, puts the processor's registers on the stack, and with them
        // what the last copying of memory left there.
        .env("LD_BIND_NOW", "1")
        .envs(emulator.env().into_iter().filter(|(name, _)| !name.ends_with("_KEY")))
        .env("CLIENT_CRT", file("client.crt", &certificate.client_cert))
        .env("TRANSPORT_KEY", file("transport.key", &certificate.transport_key))
        .env("CLIENT_KEY", file("client.key", &certificate.client_key))
        .args([proxy.port().to_string(), certificate.id.to_string()])
        .args([file("plain", TEXT), directory.join("sealed"), directory.join("opened")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut input = child.stdin.take().expect("it is piped");
    let key = PrivateKey::from_pkcs8_pem(&certificate.client_key).expect("it parses");
    let prime = key.primes()[0].to_be_bytes();
    let reversed: Vec<u8> = prime.iter().rev().copied().collect();
    let dashboard = emulator.dashboard_token("jane@example.com").expect("a token");
    let secrets: [(&str, &[u8]); 17] = [
        ("API key", options.api_key.as_bytes()),
        ("dashboard API key", b"dashboard-key"),
        ("locator key", options.locator_key.as_bytes()),
        ("dashboard token", dashboard.as_bytes()),
        ("dashboard password", b"a-password-of-the-dashboard-that-is-long"),
        ("transport key", certificate.transport_key.as_bytes()),
        ("private key", certificate.client_key.as_bytes()),
        ("prime of the private key", &prime),
        ("prime, reversed", &reversed),
        ("packet key", PACKET_KEY.as_bytes()),
        ("another packet key", OTHER_KEY.as_bytes()),
        ("sealing key", SEALING_KEY.as_bytes()),
        ("pad", PAD.as_bytes()),
        ("text", TEXT.as_bytes()),
        ("proxy's password", PASSWORD.as_bytes()),
        (
            "proxy's password, base64",
            &BASE64_STANDARD.encode(format!("user:{PASSWORD}")).into_bytes()[..40],
        ),
        ("bearer of the dashboard", &[b"Bearer ", dashboard.as_bytes()].concat()),
    ];
    for (what, secret) in secrets {
        hand(&mut input, what, secret);
    }
    writeln!(input).expect("the program reads");

    let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut line = String::new();
    output.read_line(&mut line).expect("it tells");
    if line == "pin\n" {
        let pin = emulator.pin("jane@example.com").expect("a PIN was mailed");
        hand(&mut input, "PIN", pin.as_bytes());
        writeln!(input).expect("the program reads");
    }
    let mut told = String::new();
    child
        .stderr
        .take()
        .expect("it is piped")
        .read_to_string(&mut told)
        .expect("text");
    assert!(child.wait().expect("it ends").success(), "{told}");
    // What each looks for was found while the handle was alive.
    assert!(
        told.contains("left: API key") && told.contains("left: locator key"),
        "{told}"
    );
    fs::remove_dir_all(&directory).expect("it can be removed");
}

#[test]
fn no_secret_is_left_in_memory() {
    leaves_nothing(false);
}

#[test]
fn no_secret_is_left_in_memory_after_tls() {
    leaves_nothing(true);
}
