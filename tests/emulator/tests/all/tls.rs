//! HTTPS: the certificate is trusted by its root, for each name, and by nothing else.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;

use crate::client::GENERAL_KEY;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, Stream, crypto};
use xq_emulator::{Emulator, Options};

fn start() -> Emulator {
    Emulator::start(Options {
        tls: true,
        ..Options::default()
    })
    .unwrap()
}

/// A GET over TLS, verified for this name with the root of this emulator.
fn get(emulator: &Emulator, trusted: &Emulator, name: &str, path: &str) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(trusted.ca_file().unwrap()).unwrap())
        .unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let server = ServerName::try_from(name.to_owned()).unwrap();
    let mut tls = ClientConnection::new(Arc::new(config), server).unwrap();
    let mut socket = TcpStream::connect(("127.0.0.1", emulator.port()))?;
    let mut stream = Stream::new(&mut tls, &mut socket);
    let host = format!("{name}:{}", emulator.port());
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\napi-key: {GENERAL_KEY}\r\nConnection: close\r\n\r\n"
    )?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply)?;
    Ok(reply)
}

#[test]
fn services_are_hosts_and_paths() {
    let emulator = start();
    for (name, path) in [
        ("subscription.localhost", "/v2/apikey"),
        ("localhost", "/subscription/v2/apikey"),
        ("127.0.0.1", "/subscription/v2/apikey"),
        ("::1", "/subscription/v2/apikey"),
        ("validation.localhost", "/subscription/v2/apikey"),
        ("localhost", "/admin/clock"),
    ] {
        let reply = get(&emulator, &emulator, name, path).unwrap();
        assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{name}{path}: {reply}");
    }
}

#[test]
fn other_names_and_other_roots_are_not_trusted() {
    let [one, other] = [start(), start()];
    assert!(
        get(&one, &one, "example.com", "/admin/clock")
            .unwrap_err()
            .to_string()
            .contains("certificate")
    );
    assert!(
        get(&one, &other, "localhost", "/admin/clock")
            .unwrap_err()
            .to_string()
            .contains("certificate")
    );
}

#[test]
fn plain_http_on_the_tls_port_gets_no_reply() {
    let emulator = start();
    let mut stream = TcpStream::connect(("127.0.0.1", emulator.port())).unwrap();
    stream
        .write_all(b"GET /admin/clock HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let mut reply = Vec::new();
    let _ = stream.read_to_end(&mut reply);
    assert!(!reply.starts_with(b"HTTP"));
}

#[test]
fn faults_work_under_tls() {
    let emulator = start();
    emulator.fault("subscription/*=raw:SSH-2.0-x".parse().unwrap()).unwrap();
    assert_eq!(
        get(&emulator, &emulator, "localhost", "/subscription/v2/apikey").unwrap(),
        "SSH-2.0-x"
    );
}

#[test]
fn the_environment_names_the_root_and_the_base() {
    let emulator = start();
    let env = emulator.env();
    let value = |name| &env.iter().find(|(found, _)| found == name).unwrap().1;
    let port = emulator.port();
    assert_eq!(*value("XQ_BASE_URI"), format!("localhost:{port}/v2/"));
    assert_eq!(
        *value("XQ_SUBSCRIPTION_URL"),
        format!("https://localhost:{port}/subscription/v2")
    );
    assert_eq!(*value("XQ_EMULATOR_ADMIN"), format!("https://localhost:{port}/admin"));
    assert_eq!(PathBuf::from(value("XQ_CA_FILE")), emulator.ca_file().unwrap());
}

#[test]
fn the_root_stays_with_the_world_and_its_file_goes_with_the_emulator() {
    let mut first = start();
    let file = first.ca_file().unwrap().to_owned();
    let root = std::fs::read(&file).unwrap();
    first.stop();
    let options = Options {
        tls: true,
        port: first.port(),
        ..Options::default()
    };
    let second = Emulator::start_with(options, first.world()).unwrap();
    assert_eq!(std::fs::read(second.ca_file().unwrap()).unwrap(), root);
    drop(first);
    assert!(!file.exists());

    let directory = std::env::temp_dir().join(format!("xq-emulator-test-{}", second.port()));
    let options = Options {
        tls: true,
        cert_dir: Some(directory.clone()),
        ..Options::default()
    };
    let third = Emulator::start(options).unwrap();
    assert_eq!(third.ca_file().unwrap(), directory.join("root.pem"));
    drop(third);
    assert!(directory.join("root.pem").exists());
    std::fs::remove_dir_all(directory).unwrap();
}
