//! The other end of a socket: gives scripted replies, byte for byte, and records what it was sent.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// One request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn path(&self) -> &str {
        self.target.split('?').next().expect("there is a first part")
    }

    /// Name and value of each part of the query, decoded.
    pub fn query(&self) -> Vec<(String, String)> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }
}

/// What is written in answer to a request, and what becomes of the connection then.
#[derive(Clone, Debug)]
pub struct Play {
    pub bytes: Vec<u8>,
    pub then: Then,
}

#[derive(Clone, Debug)]
pub enum Then {
    /// It waits for the next request.
    Keep,
    Close,
    /// It is closed, and the next is refused: nobody listened any more before the reply was written.
    Leave,
    /// Nothing more comes, until the client closes it.
    Stall,
    /// These bytes follow again and again, with a pause before each.
    Repeat(Vec<u8>, Duration),
}

/// An empty reply, or one that says so, closes the connection.
impl From<Vec<u8>> for Play {
    fn from(bytes: Vec<u8>) -> Play {
        let closes = bytes.is_empty() || bytes.windows(17).any(|part| part == b"connection: close");
        let then = if closes { Then::Close } else { Then::Keep };
        Play { bytes, then }
    }
}

/// Stands in a reply for the key that the client made and sent, and is as long.
pub const MADE_KEY: &str = "THE-KEY-THAT-WAS-SENT---------------------------------------------";

/// A server that answers request after request with the next reply, whatever was asked.
pub struct Recorder {
    port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
    closed: Arc<AtomicUsize>,
}

/// A whole HTTP reply.
pub fn reply(status: u16, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

impl Recorder {
    /// Answers with `replies` in turn, then closes.
    pub fn start(replies: Vec<Vec<u8>>) -> Recorder {
        let (recorder, script) = Recorder::scripted();
        for reply in replies {
            script.send(reply.into()).expect("it listens");
        }
        recorder
    }

    /// Answers with what it is sent, waiting for it where need be.
    pub fn scripted() -> (Recorder, Sender<Play>) {
        Recorder::scripted_at(0)
    }

    /// The same at a port that another has left.
    pub fn scripted_at(port: u16) -> (Recorder, Sender<Play>) {
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("the port is free");
        let recorder = Recorder {
            port: listener.local_addr().expect("it is bound").port(),
            requests: Arc::default(),
            connections: Arc::default(),
            closed: Arc::default(),
        };
        let (requests, connections, closed) = (
            Arc::clone(&recorder.requests),
            Arc::clone(&recorder.connections),
            Arc::clone(&recorder.closed),
        );
        let (sender, script) = mpsc::channel();
        thread::spawn(move || {
            let mut listener = Some(listener);
            let mut script = script.into_iter();
            while let Some(Ok((stream, _))) = listener.as_ref().map(TcpListener::accept) {
                connections.fetch_add(1, Ordering::SeqCst);
                let served = serve(stream, &mut listener, &mut script, &requests);
                closed.fetch_add(1, Ordering::SeqCst);
                if served.is_none() {
                    return;
                }
            }
        });
        (recorder, sender)
    }

    /// Waits until every connection is closed at this end.
    #[track_caller]
    pub fn wait_for_closed(&self) {
        let started = Instant::now();
        while self.closed.load(Ordering::SeqCst) < self.connections() {
            assert!(started.elapsed() < Duration::from_secs(10), "they are not closed");
            thread::sleep(Duration::from_millis(1));
        }
        // What the system tells the client of it travels on its own, and on a busy machine later.
        thread::sleep(Duration::from_millis(20));
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The variables of a client with the recorded keys, each service below a path of its own name.
    pub fn environment(&self) -> Vec<(String, String)> {
        let mut variables = vec![
            ("XQ_API_KEY".to_owned(), "general-key".to_owned()),
            ("XQ_DASHBOARD_API_KEY".to_owned(), "dashboard-key".to_owned()),
            ("XQ_LOCATOR_KEY".to_owned(), "locator-key-000".to_owned()),
        ];
        for service in ["subscription", "validation", "dashboard", "quantum"] {
            let url = format!("http://127.0.0.1:{}/{service}/v2", self.port);
            variables.push((format!("XQ_{}_URL", service.to_uppercase()), url));
        }
        variables
    }

    /// How many requests came.
    pub fn count(&self) -> usize {
        self.requests.lock().expect("no test panicked").len()
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no test panicked").clone()
    }
}

/// A proxy that opens every tunnel it is asked for to the same port of this machine.
pub struct Tunnel {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Tunnel {
    pub fn start(target: u16) -> Tunnel {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&heads);
        thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") && read_more(&mut stream, &mut head).is_some() {}
                recorded
                    .lock()
                    .expect("no test panicked")
                    .push(String::from_utf8_lossy(&head).into_owned());
                stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").ok();
                let to = TcpStream::connect(("127.0.0.1", target)).expect("the target listens");
                let back = (to.try_clone().expect("a handle"), stream.try_clone().expect("a handle"));
                thread::spawn(move || copy(stream, to));
                thread::spawn(move || copy(back.0, back.1));
            }
        });
        Tunnel { port, heads }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// What was sent before each tunnel was open.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("no test panicked").clone()
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream) {
    std::io::copy(&mut from, &mut to).ok();
    to.shutdown(std::net::Shutdown::Both).ok();
}

/// The port of a server that answers one byte at a time, for ever.
pub fn dripping() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            thread::spawn(move || {
                let mut head = b"HTTP/1.1 200 x\r\nx: ".iter().copied().chain(std::iter::repeat(b'x'));
                while stream.write_all(&[head.next().expect("it does not end")]).is_ok() {
                    thread::sleep(Duration::from_millis(50));
                }
            });
        }
    });
    port
}

/// Serves one connection; `None` once the replies have run out.
fn serve(
    mut stream: TcpStream,
    listener: &mut Option<TcpListener>,
    script: &mut impl Iterator<Item = Play>,
    recorded: &Mutex<Vec<Request>>,
) -> Option<()> {
    while let Some(request) = receive(&mut stream) {
        let made = made_key(&request);
        recorded.lock().expect("no test panicked").push(request);
        let Play { mut bytes, then } = script.next()?;
        if let Some(at) = bytes
            .windows(MADE_KEY.len())
            .position(|part| part == MADE_KEY.as_bytes())
        {
            let made = made.expect("the request has a key of this length");
            bytes[at..at + made.len()].copy_from_slice(made.as_bytes());
        }
        if matches!(then, Then::Leave) {
            listener.take();
        }
        // A client that has gone has its reasons.
        stream.write_all(&bytes).ok();
        match then {
            Then::Keep => continue,
            Then::Close | Then::Leave => {}
            Then::Stall => while read_more(&mut stream, &mut Vec::new()).is_some() {},
            Then::Repeat(bytes, pause) => {
                while stream.write_all(&bytes).is_ok() {
                    thread::sleep(pause);
                }
            }
        }
        break;
    }
    Some(())
}

/// The first of many keys in a request, if it is as long as the one that stands for it.
fn made_key(request: &Request) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(&request.body).ok()?;
    let key = body["keys"][0].as_str().or(body["entries"][0]["key"].as_str())?;
    (key.len() == MADE_KEY.len()).then(|| key.to_owned())
}

/// The next request on a connection; `None` where there is none.
pub fn receive(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Request::new(&mut headers);
        if let httparse::Status::Complete(length) = head.parse(&bytes).expect("the request is HTTP") {
            let mut request = Request {
                method: head.method?.to_owned(),
                target: head.path?.to_owned(),
                headers: head
                    .headers
                    .iter()
                    .map(|h| (h.name.to_lowercase(), String::from_utf8_lossy(h.value).into_owned()))
                    .collect(),
                body: bytes[length..].to_vec(),
            };
            let expected = request
                .header("content-length")
                .map_or(0, |n| n.parse().expect("a number"));
            while request.body.len() < expected {
                read_more(stream, &mut request.body)?;
            }
            return Some(request);
        }
        read_more(stream, &mut bytes)?;
    }
}

fn read_more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let mut chunk = [0; 16 * 1024];
    match stream.read(&mut chunk) {
        Ok(0) | Err(_) => None,
        Ok(amount) => {
            bytes.extend_from_slice(&chunk[..amount]);
            Some(())
        }
    }
}
