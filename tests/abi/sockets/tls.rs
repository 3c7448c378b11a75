//! TLS: who is not trusted and why, and what becomes of a kept connection under it.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, date_time_ymd,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ServerConfig, ServerConnection, crypto, version};

use crate::driver::{Driver, Language, command, compile};
use crate::operations::{self, give_tokens};
use crate::recorder::{Recorder, reply};

/// A root, and the file that has it.
pub struct Root {
    issuer: Issuer<'static, KeyPair>,
    pub file: PathBuf,
}

impl Root {
    pub fn new(name: &str) -> Root {
        let mut called = DistinguishedName::new();
        called.push(DnType::CommonName, name);
        Root::called(name, called, KeyPair::generate().expect("a key"))
    }

    /// One of this name, in a file that is called `name`.
    pub fn called(name: &str, called: DistinguishedName, key: KeyPair) -> Root {
        let mut params = CertificateParams::default();
        params.distinguished_name = called;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).expect("a root");
        // Roots of tests that run at once may have the same name.
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let file = PathBuf::from(format!(
            "{}/{name}-{}-{number}.pem",
            env!("CARGO_TARGET_TMPDIR"),
            std::process::id()
        ));
        fs::write(&file, certificate.pem()).expect("the file can be written");
        Root {
            issuer: Issuer::new(params, key),
            file,
        }
    }

    /// A server whose certificate is as `change` makes it.
    pub fn server(&self, change: impl FnOnce(&mut CertificateParams)) -> Arc<ServerConfig> {
        let (params, key) = leaf(change);
        let certificate = params.signed_by(&key, &self.issuer).expect("it is signed");
        config(certificate.der().clone(), &key)
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        fs::remove_file(&self.file).ok();
    }
}

fn leaf(change: impl FnOnce(&mut CertificateParams)) -> (CertificateParams, KeyPair) {
    let mut params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    change(&mut params);
    (params, KeyPair::generate().expect("a key"))
}

/// A server with this certificate, though it may be none.
fn config(certificate: CertificateDer<'static>, key: &KeyPair) -> Arc<ServerConfig> {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let key = crypto::ring::sign::any_supported_type(&key).expect("a key");
    let certified = SingleCertAndKey::from(CertifiedKey::new(vec![certificate], key));
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])
        .map(|builder| builder.with_no_client_auth().with_cert_resolver(Arc::new(certified)));
    Arc::new(config.expect("a server"))
}

pub type Session = rustls::StreamOwned<ServerConnection, TcpStream>;

/// A server that does as told with each connection, one after the other; its port.
pub fn listening(serve: impl FnMut(TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || listener.incoming().flatten().for_each(serve));
    port
}

pub fn accepted(config: &Arc<ServerConfig>, stream: TcpStream) -> Session {
    Session::new(ServerConnection::new(Arc::clone(config)).expect("a session"), stream)
}

/// Reads one request without a body.
pub fn receive(stream: &mut impl Read) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(())
}

/// A driver whose services are at `https://localhost:PORT`, but for the validation service, which is at `elsewhere`.
fn driver(port: u16, root: &Root, elsewhere: &Recorder) -> Driver {
    let mut environment: Vec<_> = elsewhere.environment();
    for (name, value) in &mut environment {
        if name.ends_with("_URL") && !name.contains("VALIDATION") {
            *value = value.replace("http://127.0.0.1", "https://localhost");
            *value = value.replace(&elsewhere.port().to_string(), &port.to_string());
        }
    }
    environment.push(("XQ_CA_FILE".to_owned(), root.file.display().to_string()));
    Driver::open(environment)
}

/// Whether there is a name as in Rust's source, `CaUsedAsEndEntity`, which says nothing to people.
fn names_source(message: &str) -> bool {
    let is_within = |two: &[u8]| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase();
    message.replace("serverAuth", "").as_bytes().windows(2).any(is_within)
}

/// Every operation of the services at this port fails in this way, without a request; and the handle can still be used.
#[track_caller]
fn refuses(port: u16, root: &Root, status: &str, words: &str) {
    let (elsewhere, script) = Recorder::scripted();
    let mut driver = driver(port, root, &elsewhere);
    give_tokens(&mut driver);
    for operation in operations::all() {
        if operation.exchanges[0].request.contains("/validation/") {
            continue;
        }
        let outcome = driver.call(&operation.call());
        outcome.failed(status, words);
        assert!(!names_source(&outcome.message), "{}", outcome.message);
        assert_eq!(
            (outcome.http_status, outcome.can_retry),
            (0, status != "XQ_TLS"),
            "{}",
            operation.name()
        );
    }
    script.send(reply(200, "kkk").into()).expect("it listens");
    driver.call(&["get_packet", "l"]).ok();
}

#[test]
fn a_certificate_that_does_not_fit_is_refused_with_the_reason() {
    let (root, other) = (Root::new("root"), Root::new("other"));
    let (self_signed, key) = leaf(|_| {});
    let self_signed = self_signed.self_signed(&key).expect("it is signed");
    let (forged, forged_key) = leaf(|_| {});
    let forged = forged.signed_by(&forged_key, &root.issuer).expect("it is signed");
    let mut forged = forged.der().to_vec();
    *forged.last_mut().expect("a signature") ^= 1;
    // Its algorithm, which stands there twice, is ECDSA with SHA-256; and then with SHA-512.
    let mut odd = forged.clone();
    let sha_256 = b"\x2a\x86\x48\xce\x3d\x04\x03\x02";
    for at in 0..odd.len() - sha_256.len() {
        if odd[at..].starts_with(sha_256) {
            odd[at + sha_256.len() - 1] = 4;
        }
    }
    let (forged, odd) = (CertificateDer::from(forged), CertificateDer::from(odd));
    let its_own = |root: &Root| CertificateDer::from_pem_file(&root.file).expect("a certificate");
    let cases = [
        (
            root.server(|params| params.not_after = date_time_ymd(2020, 1, 1)),
            "its certificate has expired",
        ),
        (
            root.server(|params| params.not_before = date_time_ymd(2999, 1, 1)),
            "its certificate is not valid yet",
        ),
        (
            root.server(|params| *params = CertificateParams::new(["xq.test".to_owned()]).expect("a name")),
            "its certificate is for another host",
        ),
        (
            other.server(|_| {}),
            "its certificate comes from a root that is not trusted",
        ),
        (
            config(self_signed.der().clone(), &key),
            "its certificate comes from a root that is not trusted",
        ),
        (
            config(its_own(&root), root.issuer.key()),
            "its certificate is that of an authority (a CA), which no server can use",
        ),
        (
            config(its_own(&other), other.issuer.key()),
            "its certificate is that of an authority (a CA), which no server can use",
        ),
        (
            root.server(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]),
            "its certificate is for another purpose",
        ),
        (
            root.server(|params| {
                let mut unknown = CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
                unknown.set_criticality(true);
                params.custom_extensions = vec![unknown];
            }),
            "its certificate, or one above it, breaks the rules for certificates",
        ),
        (config(forged, &forged_key), "a signature does not verify"),
        (
            config(odd, &forged_key),
            "its certificate is signed in a way that is not accepted",
        ),
    ];
    for (config, words) in cases {
        let (requests, heard) = mpsc::channel();
        let port = listening(move |stream| {
            if receive(&mut accepted(&config, stream)).is_ok() {
                requests.send(()).ok();
            }
        });
        refuses(port, &root, "XQ_TLS", &format!("no TLS with localhost:{port}: {words}"));
        assert!(heard.try_recv().is_err(), "{words}: a request came");
    }
}

#[test]
fn what_does_not_speak_tls_is_refused_with_the_reason() {
    const HANDSHAKE: &[u8] = b"\x16\x03\x02\x00\x2c\x02\x00\x00\x28\x03\x02";
    let old = [HANDSHAKE, &[7; 32], b"\x00\xc0\x13\x00\x00\x00"].concat();
    // A cipher that was not offered, under TLS 1.2.
    let mut other_cipher = old.clone();
    other_cipher[10] = 3;
    let rules = "what the other end sends breaks the rules of TLS";
    let no_common = "no version, cipher or signature in common with libxq";
    let answers: [(&[u8], &str, &str); 15] = [
        (
            b"HTTP/1.1 400 Bad Request\r\n\r\n",
            "XQ_TLS",
            "does not speak TLS; is this its HTTPS port?",
        ),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "XQ_TLS", "does not speak TLS"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "XQ_TLS", "speaks no TLS 1.2 or 1.3"),
        (&old, "XQ_TLS", no_common),
        (&other_cipher, "XQ_TLS", rules),
        (
            b"\x15\x03\x01\x00\x02\x02\x28",
            "XQ_TLS",
            "no cipher or signature in common with libxq",
        ),
        (
            b"\x15\x03\x01\x00\x02\x02\x70",
            "XQ_TLS",
            "does not know this host's name",
        ),
        (
            b"\x15\x03\x01\x00\x02\x02\x74",
            "XQ_TLS",
            "asks for a certificate of the client's",
        ),
        (
            b"\x15\x03\x01\x00\x02\x02\x50",
            "XQ_TLS",
            "the other end failed (alert 80)",
        ),
        (
            b"\x15\x03\x01\x00\x02\x02\x31",
            "XQ_TLS",
            "the other end broke off (alert 49)",
        ),
        (
            b"\x15\x03\x01\x00\x02\x02\xff",
            "XQ_TLS",
            "the other end broke off (alert 255)",
        ),
        // Too large; what comes after the handshake; the end of it; a hello without anything in it.
        (b"\x16\x03\x03\xff\xff", "XQ_TLS", rules),
        (b"\x17\x03\x03\x00\x01a", "XQ_TLS", rules),
        (b"\x16\x03\x03\x00\x04\x0e\x00\x00\x00", "XQ_TLS", rules),
        (
            b"",
            "XQ_NETWORK",
            "closed the connection during the TLS handshake; is this its HTTPS port?",
        ),
    ];
    let root = Root::new("no-tls");
    for (answer, status, words) in answers {
        let answer = answer.to_owned();
        let port = listening(move |mut stream| {
            // A hello is longer.
            stream.read_exact(&mut [0; 100]).ok();
            stream.write_all(&answer).ok();
            // What is unread when a connection is closed would take back what was written.
            stream.shutdown(std::net::Shutdown::Write).ok();
            io::copy(&mut stream, &mut io::sink()).ok();
        });
        refuses(port, &root, status, words);
    }
}

/// A TLS service of good certificate, and what it saw.
pub struct Service {
    pub root: Root,
    pub port: u16,
    requests: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
}

impl Service {
    /// One that finds every API key good.
    pub fn good(root: Root) -> Service {
        Service::under(root, |session| {
            say(session, good);
            true
        })
    }

    /// `answer` answers a request, and tells whether the connection is open for more.
    fn start(name: &str, answer: impl Fn(&mut Session) -> bool + Send + Sync + 'static) -> Service {
        Service::under(Root::new(name), answer)
    }

    fn under(root: Root, answer: impl Fn(&mut Session) -> bool + Send + Sync + 'static) -> Service {
        let config = root.server(|_| {});
        let (requests, connections) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let (came, connected, answer) = (Arc::clone(&requests), Arc::clone(&connections), Arc::new(answer));
        let port = listening(move |stream| {
            connected.fetch_add(1, Ordering::SeqCst);
            let (mut session, came, answer) = (accepted(&config, stream), Arc::clone(&came), Arc::clone(&answer));
            thread::spawn(move || {
                while receive(&mut session).is_ok() {
                    came.fetch_add(1, Ordering::SeqCst);
                    if !answer(&mut session) {
                        // Silent, but open below TLS.
                        io::copy(&mut session.sock, &mut io::sink()).ok();
                        return;
                    }
                }
            });
        });
        Service {
            root,
            port,
            requests,
            connections,
        }
    }

    /// Requests and connections.
    fn seen(&self) -> (usize, usize) {
        (
            self.requests.load(Ordering::SeqCst),
            self.connections.load(Ordering::SeqCst),
        )
    }

    /// Makes three calls, each of which is sent once, and tells how many connections they took.
    fn three_calls(&self) -> usize {
        let mut driver = driver(self.port, &self.root, &Recorder::start(vec![]));
        for _ in 0..3 {
            assert_eq!(driver.call(&["validate_api_key"]).ok().as_deref(), Some("good"));
        }
        let (requests, connections) = self.seen();
        assert_eq!(requests, 3);
        connections
    }
}

/// Sends what is said to the session in between in one piece.
fn say(session: &mut Session, what: impl FnOnce(&mut ServerConnection)) {
    what(&mut session.conn);
    // A client that has gone has its reasons.
    session.flush().ok();
}

fn good(session: &mut ServerConnection) {
    session.writer().write_all(&reply(200, "good")).expect("there is room");
}

#[test]
fn a_connection_is_kept_whatever_tickets_come() {
    let service = Service::start("tickets", |session| {
        say(session, good);
        true
    });
    assert_eq!(service.three_calls(), 1);
}

#[test]
fn comments_among_root_certificates_may_be_in_any_encoding() {
    let service = Service::start("latin-1", |session| {
        say(session, good);
        true
    });
    let other = fs::read(&Root::new("other").file).expect("it is there");
    let its_own = fs::read(&service.root.file).expect("it is there");
    let comments = [
        b"# Certinomis \xa9 2011, Autorit\xe9\n".as_slice(),
        b"\xff\xfe\x00 \x80\n",
    ];
    let bundle = [comments[0], &other, comments[1], &its_own, comments[0]].concat();
    fs::write(&service.root.file, bundle).expect("the file can be written");
    assert_eq!(service.three_calls(), 1);
}

#[test]
fn a_connection_that_was_ended_with_a_farewell_is_not_used_again() {
    let service = Service::start("farewell", |session| {
        say(session, |session| {
            good(session);
            session.send_close_notify();
        });
        false
    });
    assert_eq!(service.three_calls(), 3);
}

#[test]
fn a_session_that_breaks_after_the_request_is_a_network_error() {
    // A record that cannot be of this session.
    let forged = [b"\x17\x03\x03\x00\x20".as_slice(), &[0; 32]].concat();
    let service = Service::start("broken", move |session| {
        session.sock.write_all(&forged).expect("somebody reads");
        false
    });
    let mut driver = driver(service.port, &service.root, &Recorder::start(vec![]));
    let outcome = driver.call(&["validate_api_key"]);
    outcome.failed(
        "XQ_NETWORK",
        "before its reply was whole; the request may have been carried out",
    );
    assert!(outcome.can_retry);
}

#[test]
fn a_new_traffic_key_does_no_harm() {
    let service = Service::start("new-key", |session| {
        say(session, |session| {
            good(session);
            session.refresh_traffic_keys().expect("it is TLS 1.3");
        });
        true
    });
    // Whether the connection is kept depends on whether it came with the reply or after it.
    service.three_calls();
}

#[test]
fn what_follows_a_reply_is_not_the_next_one() {
    // The head fills a connection's buffer but for 4180 bytes, which the rest of the reply takes to the last.
    const HEAD: usize = 16_300;
    let service = Service::start("smuggled", |session| {
        let start = format!("HTTP/1.1 200 x\r\ncontent-length: 4176\r\nx: {:y<HEAD$}", "");
        let end = [b"\r\n\r\n".as_slice(), &[b'z'; 4176], &reply(200, "evil")].concat();
        for part in [&start.as_bytes()[..HEAD], &end] {
            say(session, |session| {
                session.writer().write_all(part).expect("there is room")
            });
        }
        true
    });
    let mut driver = driver(service.port, &service.root, &Recorder::start(vec![]));
    for _ in 0..3 {
        let key = driver.call(&["validate_api_key"]).ok();
        assert_eq!(key, Some("z".repeat(4176)));
    }
    assert_eq!(service.seen(), (3, 3), "requests and connections");
}

#[cfg(unix)]
#[test]
fn a_child_that_frees_the_handle_leaves_the_parents_connection_alone() {
    let service = Service::start("fork", |session| {
        say(session, good);
        true
    });
    let program = compile("fork", Language::C99).expect("there is a C compiler");
    let url = format!("https://localhost:{}/v2", service.port);
    let output = command(&program)
        .arg(url)
        .arg(&service.root.file)
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(
        service.seen(),
        (3, 2),
        "the parent's two requests, and the child's of its own handle"
    );
}

/// The connection is closed before the request is whole, and reset by what still comes: to write on raises SIGPIPE where
/// it is not asked not to, and that ends a program that takes no care.
#[test]
fn a_large_request_that_is_refused_at_once_is_a_refusal() {
    let root = Root::new("root");
    let server = root.server(|_| {});
    let port = listening(move |stream| {
        let mut session = accepted(&server, stream);
        let mut begun = [0; 100];
        session.read_exact(&mut begun).expect("a request begins");
        session
            .write_all(&reply(413, r#"{"status":"Too many keys"}"#))
            .expect("it is read");
        session.sock.shutdown(Shutdown::Write).expect("it is open");
        // Dropped with most of the request unread, which resets the connection.
    });
    let (elsewhere, _script) = Recorder::scripted();
    let mut driver = driver(port, &root, &elsewhere);
    give_tokens(&mut driver);
    let keys: String = (0..8_000).map(|n| format!("{n}-{},", "x".repeat(100))).collect();
    for _ in 0..3 {
        let outcome = driver.call(&["create_and_store_packets", &keys, "a@b.c,"]);
        outcome.failed("XQ_REJECTED", "Too many keys");
        assert_eq!(outcome.http_status, 413);
    }
}
