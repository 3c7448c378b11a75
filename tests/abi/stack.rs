//! How much stack a call needs. A release build keeps to 64 KB whatever the call: `tests/stack.sh` has it play every call
//! on a thread with as much. What is not optimized needs more, and has more here, so that an array of a large size shows
//! all the same.
#![cfg(all(target_os = "linux", feature = "sockets"))]

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use std::{env, fs};

use rcgen::{DistinguishedName, KeyPair};
use xq_emulator::{Emulator, Options};

use crate::driver::{Driver, sanitized, scratch};
use crate::faults::under_valgrind;
use crate::operations::{self, TRANSPORT_KEY, WON, give_tokens, granted_to};
use crate::recorder::{Play, Recorder, Tunnel, reply};
use crate::sealed;
use crate::sign_in::USER;
use crate::sockets::tls::{Root, Service, Session, accepted, listening};

const RSA_4096: &str = include_str!("../keys/rsa-4096.pem");

/// The size of the stack, in bytes.
fn stack_bytes() -> usize {
    let kib =
        env::var("XQ_TEST_STACK_KB").unwrap_or_else(|_| if cfg!(debug_assertions) { "256" } else { "64" }.to_owned());
    kib.parse::<usize>().expect("a number") * 1024
}

/// A driver on a thread with a stack of this size, and what its calls took of it.
struct Narrow {
    driver: Driver,
    took: Vec<(usize, String)>,
}

impl Narrow {
    /// None where something watches the program that keeps its stack to itself.
    fn start(environment: Vec<(String, String)>) -> Option<Narrow> {
        if under_valgrind() || sanitized() {
            eprintln!("SKIPPED: what watches the program has the stack");
            return None;
        }
        let size = [("DRIVER_STACK".to_owned(), stack_bytes().to_string())];
        let mut driver = Driver::start(environment.into_iter().chain(size));
        let took = Vec::new();
        driver.call(&["read_environment"]).ok();
        let mut narrow = Narrow { driver, took };
        narrow.works(&["open"]);
        Some(narrow)
    }

    /// A handle with the same tokens and no connection.
    fn renew(&mut self) {
        let tokens = ["get_access_token", "get_dashboard_token"].map(|get| self.driver.call(&[get]).ok());
        self.driver.call(&["close"]).ok();
        self.works(&["open"]);
        for (set, token) in ["set_access_token", "set_dashboard_token"].iter().zip(tokens) {
            self.driver.call(&[set, token.as_deref().unwrap_or("@")]).ok();
        }
    }

    #[track_caller]
    fn works(&mut self, call: &[&str]) -> Option<String> {
        self.driver.call(&["stack"]).ok();
        let out = self.driver.call(call).ok();
        self.measured(call[0]);
        out
    }

    #[track_caller]
    fn fails(&mut self, call: &[&str], status: &str) {
        self.driver.call(&["stack"]).ok();
        self.driver.call(call).failed(status, "");
        self.measured(&format!("{} ({status})", call[0]));
    }

    fn measured(&mut self, what: &str) {
        let took = self.driver.call(&["stack"]).ok().expect("a number");
        self.took.push((took.parse().expect("a number"), what.to_owned()));
    }

    /// What took the most.
    fn tell(mut self) {
        self.took.sort_by(|a, b| b.cmp(a));
        for (bytes, what) in self.took.iter().take(8) {
            println!("{bytes:7} bytes of {} for {what}", stack_bytes());
        }
    }
}

/// A service that is asked over TLS and answers as the recorder does; its port.
fn front(root: &Root, service: u16) -> u16 {
    let config = root.server(|_| {});
    listening(move |stream| {
        let inside = TcpStream::connect(("127.0.0.1", service)).expect("it listens");
        for end in [&stream, &inside] {
            end.set_read_timeout(Some(Duration::from_millis(1)))
                .expect("it is not zero");
        }
        pass_on(accepted(&config, stream), inside);
    })
}

/// Carries what comes on either side over to the other until one ends.
fn pass_on(mut outside: Session, mut inside: TcpStream) {
    let carry = |from: &mut dyn Read, to: &mut dyn Write| {
        let mut bytes = [0; 4096];
        match from.read(&mut bytes) {
            Ok(amount) => amount > 0 && to.write_all(&bytes[..amount]).is_ok(),
            Err(e) => matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        }
    };
    while carry(&mut outside, &mut inside) && carry(&mut inside, &mut outside) {}
}

/// A root with a key of 4096 bits, which is the most work to verify what is signed with.
fn large_root() -> Root {
    let key = KeyPair::from_pem(RSA_4096).expect("it is a key");
    Root::called("stack", DistinguishedName::new(), key)
}

/// Over a connection of its own each, and refused over the same.
#[test]
fn every_operation_fits() {
    let (recorder, script) = Recorder::scripted();
    let root = large_root();
    let plain = format!("http://127.0.0.1:{}", recorder.port());
    let tls = format!("https://localhost:{}", front(&root, recorder.port()));
    let mut environment = recorder.environment();
    for (_, value) in &mut environment {
        *value = value.replace(&plain, &tls);
    }
    environment.push(("XQ_CA_FILE".to_owned(), root.file.display().to_string()));
    let Some(mut narrow) = Narrow::start(environment) else {
        return;
    };
    for operation in operations::all() {
        narrow.renew();
        give_tokens(&mut narrow.driver);
        for exchange in &operation.exchanges {
            script.send(Play::from(exchange.good())).expect("it listens");
        }
        narrow.works(&operation.call());
        script
            .send(Play::from(reply(403, r#"{"status":"no"}"#)))
            .expect("it listens");
        give_tokens(&mut narrow.driver);
        narrow.fails(&operation.call(), "XQ_REJECTED");
    }
    narrow.tell();
}

#[test]
fn a_certificates_sign_in_fits_with_the_largest_key() {
    let (recorder, script) = Recorder::scripted();
    let Some(mut narrow) = Narrow::start(recorder.environment()) else {
        return;
    };
    for body in ["1700000000", &granted_to(RSA_4096), ""] {
        script.send(Play::from(reply(200, body))).expect("it listens");
    }
    let call = [
        "authorize_device_cert_memory",
        "9",
        "a certificate",
        TRANSPORT_KEY,
        RSA_4096,
        "sensor-1",
        "1",
    ];
    assert_eq!(narrow.works(&call).as_deref(), Some(WON));
    narrow.tell();
}

/// With a connection of its own for each call.
#[test]
fn calls_over_tls_fit() {
    let emulator = Emulator::start(Options {
        tls: true,
        ..Options::default()
    })
    .expect("the emulator starts");
    let certificate = emulator.issue_certificate("stack").expect("it is issued");
    let Some(mut narrow) = Narrow::start(emulator.env()) else {
        return;
    };
    let id = certificate.id.to_string();
    narrow.works(&[
        "authorize_device_cert_memory",
        &id,
        &certificate.client_cert,
        &certificate.transport_key,
        &certificate.client_key,
        "sensor-1",
        "1",
    ]);
    narrow.renew();
    let token = emulator.dashboard_token(USER).expect("a token");
    narrow.driver.call(&["set_dashboard_token", &token]).ok();
    narrow.works(&["get_businesses"]);
    narrow.renew();
    narrow.works(&["authorize_alias", "device-7", "@", "@"]);
    narrow.renew();
    let locator = narrow.works(&["create_and_store_packet", "the key", "device-7@alias.local,"]);
    narrow.renew();
    let key = narrow.works(&["get_packet", &locator.expect("a locator token")]);
    assert_eq!(key.as_deref(), Some("the key"));
    narrow.renew();
    narrow.fails(&["get_packet", operations::LOCATOR], "XQ_REJECTED");
    seal(&mut narrow);
    narrow.tell();
}

/// Messages and files, under a key that is fetched and one that is at hand.
fn seal(narrow: &mut Narrow) {
    let options = sealed::Options::default();
    let folder = scratch("stack");
    let path = |name: &str| format!("{}/{name}", folder.display());
    fs::write(path("plain"), vec![b'x'; 3 << 20]).expect("it can be written");
    for algorithm in ["1", "66"] {
        let with = sealed::Options { algorithm, ..options };
        narrow.renew();
        let text = narrow.works(&with.after(&["encrypt_auto", "74657874", "device-7@alias.local,"]));
        narrow.renew();
        narrow.works(&options.after(&["decrypt_auto", &text.expect("a message")]));
        let replaced = sealed::Options { overwrite: "1", ..with };
        narrow.renew();
        narrow.works(&replaced.after(&["encrypt_file", &path("plain"), &path("sealed"), "device-7@alias.local,"]));
        narrow.renew();
        narrow.works(&replaced.after(&["decrypt_file", &path("sealed"), &path("opened")]));
        assert_eq!(fs::read(path("opened")).expect("it is there"), vec![b'x'; 3 << 20]);
    }
    fs::remove_dir_all(&folder).expect("it can be removed");
}

/// Whom nobody trusts, who is not there, and who is behind a proxy.
#[test]
fn the_way_there_fits() {
    let service = Service::good(large_root());
    let root = service.root.file.display().to_string();
    let at = |url: String| {
        let variables = [
            ("XQ_API_KEY", "key"),
            ("XQ_SUBSCRIPTION_URL", &url),
            ("XQ_CA_FILE", &root),
        ];
        variables
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec()
    };
    let Some(mut narrow) = Narrow::start(at(format!("https://localhost:{}/v2", service.port))) else {
        return;
    };
    narrow.works(&["validate_api_key"]);
    narrow.driver.call(&["ca_file", "@"]).ok();
    for roots in ["1", "0"] {
        narrow.driver.call(&["close"]).ok();
        narrow.driver.call(&["roots", roots]).ok();
        narrow.works(&["open"]);
        narrow.fails(&["validate_api_key"], "XQ_TLS");
    }
    narrow.tell();

    let Some(mut narrow) = Narrow::start(at("https://xq.invalid/v2".to_owned())) else {
        return;
    };
    narrow.fails(&["validate_api_key"], "XQ_NETWORK");
    narrow.driver.call(&["close"]).ok();
    let tunnel = Tunnel::start(service.port);
    let proxy = format!("http://user:password@127.0.0.1:{}", tunnel.port());
    narrow.driver.call(&["proxy", &proxy]).ok();
    narrow.works(&["open"]);
    // The certificate is that of localhost.
    narrow.fails(&["validate_api_key"], "XQ_TLS");
    narrow.tell();
}

#[test]
fn streams_fit() {
    let Some(mut narrow) = Narrow::start(Recorder::start(vec![]).environment()) else {
        return;
    };
    let data = "78".repeat(100_000);
    let options = sealed::Options {
        locator: operations::LOCATOR,
        repeat: "1",
        ..sealed::Options::default()
    };
    for key in [".1a-key-in-hand", ".Ba-pad-in-hand"] {
        let text = narrow.works(&options.after(&["seal_chunks", "5000", key, &data]));
        narrow.works(&["open_chunks", "5000", "1", "1", key, &text.expect("it is sealed")]);
    }
    narrow.tell();
}
