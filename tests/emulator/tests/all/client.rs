//! A plain HTTP client for the tests: it knows the emulator's addresses and nothing of XQ's rules.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::Request;
use xq_emulator::{Emulator, Options};

pub const GENERAL_KEY: &str = "general-key";
pub const DASHBOARD_KEY: &str = "dashboard-key";

/// An emulator, and a client that keeps its connections.
pub struct Xq {
    pub emulator: Emulator,
    pub agent: Agent,
}

/// What came back.
#[derive(Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// The sentence of a refusal with this status.
    #[track_caller]
    pub fn refused(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{self:?}");
        self.json()["status"].as_str().unwrap().to_owned()
    }

    /// The text of a success.
    #[track_caller]
    pub fn ok(self) -> String {
        assert!((200..300).contains(&self.status), "{self:?}");
        self.text
    }
}

pub fn agent() -> Agent {
    let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
    config.timeout_global(Some(Duration::from_secs(60))).build().into()
}

impl Xq {
    pub fn start() -> Self {
        Xq {
            emulator: Emulator::start(Options::default()).unwrap(),
            agent: agent(),
        }
    }

    /// The address of a call: `subscription/authorize`, `admin/mail`.
    pub fn url(&self, call: &str) -> String {
        match call.split_once('/') {
            Some(("admin", path)) => format!("{}/admin/{path}", self.emulator.origin()),
            Some((service, path)) => format!("{}/{service}/v2/{path}", self.emulator.origin()),
            None => panic!("{call} is no call"),
        }
    }

    /// A call with exactly these header fields.
    pub fn send(&self, method: &str, call: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer, ureq::Error> {
        let mut request = Request::builder().method(method).uri(self.url(call));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = match body {
            [] => self.agent.run(request.body(()).unwrap())?,
            body => self.agent.run(request.body(body).unwrap())?,
        };
        let text = response.body_mut().read_to_string()?;
        Ok(Answer {
            status: response.status().as_u16(),
            text,
        })
    }

    /// A call as an SDK makes it, with the key of its service.
    pub fn call(&self, method: &str, call: &str, token: &str, body: impl Into<Option<Value>>) -> Answer {
        let body = body.into().map(|body| body.to_string()).unwrap_or_default();
        let bearer = format!("Bearer {token}");
        let key = match call.starts_with("dashboard/") {
            true => DASHBOARD_KEY,
            false => GENERAL_KEY,
        };
        let mut headers = vec![("api-key", key), ("content-type", "application/json")];
        if !token.is_empty() {
            headers.push(("authorization", &bearer));
        }
        self.send(method, call, &headers, body.as_bytes()).unwrap()
    }

    pub fn get(&self, call: &str, token: &str) -> Answer {
        self.call("GET", call, token, None)
    }

    pub fn post(&self, call: &str, token: &str, body: Value) -> Answer {
        self.call("POST", call, token, body)
    }

    /// Asks for access: the pre-authorization token.
    pub fn ask(&self, user: &str) -> String {
        self.post("subscription/authorize", "", serde_json::json!({ "user": user }))
            .ok()
    }

    /// Signs in: the access token.
    pub fn sign_in(&self, user: &str) -> String {
        let asked = self.ask(user);
        let pin = self.emulator.pin(user).unwrap();
        self.get(&format!("subscription/codevalidation?pin={pin}"), &asked).ok();
        self.get("subscription/exchange?selector=False", &asked).ok()
    }

    /// Bytes to the emulator's port as they are, and all that comes back until the connection ends.
    pub fn raw(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.emulator.port())).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        String::from_utf8_lossy(&reply).into_owned()
    }
}
