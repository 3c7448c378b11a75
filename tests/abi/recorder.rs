//! The other end of a socket: gives scripted replies, byte for byte, and records what it was sent.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

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
        self.target
            .split('?')
            .next()
            .expect("there is a first part")
    }

    /// Name and value of each part of the query, decoded.
    pub fn query(&self) -> Vec<(String, String)> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect()
    }
}

/// A server that answers request after request with the next reply, whatever was asked.
pub struct Recorder {
    port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
}

/// A whole HTTP reply.
pub fn reply(status: u16, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status} x\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

impl Recorder {
    /// Answers with `replies` in turn, then closes.
    pub fn start(replies: Vec<Vec<u8>>) -> Recorder {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&requests);
        thread::spawn(move || {
            let mut replies = replies.into_iter();
            while let Ok((stream, _)) = listener.accept() {
                if serve(stream, &mut replies, &recorded).is_none() {
                    return;
                }
            }
        });
        Recorder { port, requests }
    }

    /// The variables of a client with the recorded keys, each service below a path of its own name.
    pub fn environment(&self) -> Vec<(String, String)> {
        let mut variables = vec![
            ("XQ_API_KEY".to_owned(), "general-key".to_owned()),
            (
                "XQ_DASHBOARD_API_KEY".to_owned(),
                "dashboard-key".to_owned(),
            ),
            ("XQ_LOCATOR_KEY".to_owned(), "locator-key-000".to_owned()),
        ];
        for service in ["subscription", "validation", "dashboard", "quantum"] {
            let url = format!("http://127.0.0.1:{}/{service}/v2", self.port);
            variables.push((format!("XQ_{}_URL", service.to_uppercase()), url));
        }
        variables
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no test panicked").clone()
    }
}

/// Serves one connection; `None` once the replies have run out.
fn serve(
    mut stream: TcpStream,
    replies: &mut impl Iterator<Item = Vec<u8>>,
    recorded: &Mutex<Vec<Request>>,
) -> Option<()> {
    while let Some(request) = receive(&mut stream) {
        recorded.lock().expect("no test panicked").push(request);
        stream.write_all(&replies.next()?).ok();
    }
    Some(())
}

fn receive(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Request::new(&mut headers);
        if let httparse::Status::Complete(length) = head.parse(&bytes).expect("the request is HTTP")
        {
            let mut request = Request {
                method: head.method?.to_owned(),
                target: head.path?.to_owned(),
                headers: head
                    .headers
                    .iter()
                    .map(|h| {
                        (
                            h.name.to_lowercase(),
                            String::from_utf8_lossy(h.value).into_owned(),
                        )
                    })
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
