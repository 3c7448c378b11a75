//! The transport that every call goes through: checks what it is given to send, and answers at once.

use std::collections::VecDeque;
use std::ffi::{CStr, c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::abort;
use std::slice;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use getrandom::SysRng;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use xq::envelope::{self, Version};

use crate::c;
use crate::input::{Input, Text};

mod bodies;
mod right;
mod targets;

use targets::target;

/// What is answered.
pub enum Replies {
    /// What the service would answer.
    Right,
    /// These in turn, then nothing.
    Scripted(VecDeque<Reply>),
}

/// A reply of the fuzzer's making.
pub struct Reply {
    result: i32,
    status: i32,
    retry_after: Option<u32>,
    message: Text,
    piece: usize,
    wrap: u8,
    body: Vec<u8>,
}

impl Reply {
    /// Reads one; seeds write it with [`crate::input::Seed`] in this order.
    pub fn read(input: &mut Input) -> Self {
        Reply {
            result: input.int32(),
            status: input.int32(),
            retry_after: u32::try_from(input.integer()).ok(),
            message: input.text(),
            piece: usize::from(input.byte()).max(1),
            wrap: input.byte(),
            body: input.bytes().to_vec(),
        }
    }
}

/// What a call was given that must arrive as it is.
#[derive(Default)]
pub(crate) struct Given {
    /// In the path or the query.
    pub(crate) value: Option<String>,
    /// Keys or locators in the body.
    pub(crate) texts: Option<Vec<String>>,
    /// The recipients in the body.
    pub(crate) recipients: Option<Vec<String>>,
    /// All of the request.
    pub(crate) request: Option<AnyRequest>,
}

/// A request that goes out as the program says.
pub(crate) struct AnyRequest {
    pub(crate) service: usize,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Option<String>,
}

/// The other end of a handle, and its settings.
pub(crate) struct Service {
    /// The address of each service.
    pub(crate) addresses: [String; 4],
    pub(crate) locator_key: String,
    pub(crate) version: Version,
    pub(crate) transport_key: String,
    pub(crate) given: Given,
    pub(crate) replies: Replies,
    /// Whether a transport's own words may stand in the error.
    pub(crate) has_spoken: bool,
    /// What may stand in no error's message, and not in the log.
    pub(crate) secrets: Vec<String>,
}

/// What the service tells of a key that it stored.
pub const LOCATOR: &str = "locator-token-of-the-service_43_characters_";
/// A key that was stored.
pub const STORED_KEY: &str = ".1key-that-the-service-has-stored";

/// `xq_transport_t`; `context` is a [`Service`].
pub(crate) unsafe extern "C" fn transport(
    context: *mut c_void,
    request: *const c::HttpRequest,
    reply: *mut c::HttpReply,
) -> i32 {
    // SAFETY: the session gave a service that outlives the handle and that nobody else uses during a call; the library
    // gives a request that lives until this returns.
    let (service, request) = unsafe { (&mut *context.cast::<Service>(), &*request) };
    or_abort("of a request", || answer(service, request, reply))
}

/// `xq_logger_t`; `context` is a [`Service`].
pub(crate) unsafe extern "C" fn logger(context: *mut c_void, level: i32, message: *const c_char) {
    // SAFETY: as above; a line is logged when the transport has returned.
    let service = unsafe { &*context.cast::<Service>() };
    or_abort("of the log", || {
        let message = string(message);
        assert!((1..=3).contains(&level) && !message.is_empty());
        assert!(!message.contains(char::is_control), "{message:?}");
        service.check_words(&message);
    });
}

/// The library silences panics inside its calls, so what failed is told here.
fn or_abort<T>(what: &str, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|why| {
        let text = why.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| why.downcast_ref::<String>().cloned());
        eprintln!("{what}: {}", text.unwrap_or_default());
        abort()
    })
}

fn answer(service: &mut Service, request: &c::HttpRequest, reply: *mut c::HttpReply) -> i32 {
    assert_eq!(request.size, size_of::<c::HttpRequest>());
    check_headers(request);
    let body = (!request.body.is_null()).then(|| {
        // SAFETY: the library gives as many bytes as it says.
        unsafe { slice::from_raw_parts(request.body, request.body_length) }
    });
    assert!(body.is_some() || request.body_length == 0);
    let right = match &service.given.request {
        Some(given) => service.check_as_given(given, request, body),
        None => {
            let asked = service.check_url(request);
            service.check_body(&asked, body)
        }
    };
    match &mut service.replies {
        Replies::Right => fill(reply, 200, right.as_bytes(), usize::MAX),
        Replies::Scripted(replies) => {
            let Some(scripted) = replies.pop_front() else {
                return c::NETWORK;
            };
            service.has_spoken |= scripted.message.get().is_some();
            let body = service.wrapped(&scripted);
            fill(reply, scripted.status, &body, scripted.piece);
            // SAFETY: the reply is alive, the text a C string or NULL.
            unsafe {
                c::xq_http_reply_set_message(reply, scripted.message.pointer());
                c::xq_http_reply_set_content_type(reply, scripted.message.pointer());
                assert_eq!(c::xq_http_reply_is_canceled(reply), 0);
                if scripted.retry_after == Some(0) {
                    c::xq_http_reply_set_not_sent(reply);
                }
                if let Some(seconds) = scripted.retry_after {
                    c::xq_http_reply_set_retry_after(reply, seconds);
                }
            }
            return scripted.result;
        }
    }
    c::OK
}

fn fill(reply: *mut c::HttpReply, status: i32, body: &[u8], piece: usize) {
    // SAFETY: the reply is alive, and each piece is as long as is said.
    unsafe {
        c::xq_http_reply_set_status(reply, status);
        for piece in body.chunks(piece) {
            c::xq_http_reply_add_body(reply, piece.as_ptr().cast(), piece.len());
        }
    }
}

fn string(text: *const c_char) -> String {
    assert!(!text.is_null());
    // SAFETY: not NULL, and the library gives C strings.
    unsafe { CStr::from_ptr(text) }
        .to_str()
        .expect("what is sent is UTF-8")
        .to_owned()
}

/// The fields are those that there are, each once, and none holds what would end it.
fn check_headers(request: &c::HttpRequest) {
    let at = |array: *const *const c_char, index| {
        // SAFETY: the library gives as many as it says.
        string(unsafe { *array.add(index) })
    };
    let fields = (0..request.header_count).map(|i| (at(request.header_names, i), at(request.header_values, i)));
    let fields: Vec<_> = fields.collect();
    for (name, value) in &fields {
        let value = match name.as_str() {
            "authorization" => value.strip_prefix("Bearer ").expect("a bearer token"),
            _ => value,
        };
        let is_visible = |b: u8| b.is_ascii_graphic() || (name == "user-agent" && b == b' ');
        assert!(!value.is_empty() && value.bytes().all(is_visible), "{name}: {value:?}");
    }
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    let expected = ["api-key", "content-type", "user-agent", "authorization"];
    assert!(names.len() >= 3 && expected.starts_with(&names), "{names:?}");
    assert!(fields[2].1.starts_with("libxq/"));
    assert!(
        fields
            .get(3)
            .is_none_or(|(_, value)| value.starts_with("Bearer ") || !value.contains(' '))
    );
}

/// A request as it arrived.
struct Asked {
    service: usize,
    target: String,
    value: Option<String>,
}

impl Service {
    /// No secret stands in what the library says.
    pub(crate) fn check_words(&self, words: &str) {
        for secret in &self.secrets {
            assert!(
                self.has_spoken || !words.contains(secret.as_str()),
                "{secret} in {words}"
            );
        }
    }

    /// All of the request is as it was given.
    fn check_as_given(&self, given: &AnyRequest, request: &c::HttpRequest, body: Option<&[u8]>) -> String {
        let decoded = |text: &str| {
            percent_decode_str(text)
                .decode_utf8()
                .expect("UTF-8 was encoded")
                .into_owned()
        };
        let (method, url) = (string(request.method), string(request.url));
        assert!(url.bytes().all(|b| b.is_ascii_graphic()), "{url:?}");
        let rest = url.strip_prefix(&self.addresses[given.service]);
        let rest = rest
            .and_then(|rest| rest.strip_prefix('/'))
            .expect("it is below the address");
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').expect("a pair");
            (decoded(name), decoded(value))
        };
        let query: Vec<_> = query.split('&').filter(|part| !part.is_empty()).map(pair).collect();
        assert_eq!(method, given.method);
        assert_eq!(decoded(path), given.path.strip_prefix('/').unwrap_or(&given.path));
        assert!(path.split('/').all(|segment| !matches!(segment, "." | "..")));
        assert_eq!(query, given.query);
        let has_none = matches!(method.as_str(), "GET" | "DELETE");
        let expected = (!has_none).then(|| given.body.as_deref().unwrap_or_default().as_bytes());
        assert_eq!(body.unwrap_or_default(), expected.unwrap_or_default());
        json!({"status": "OK"}).to_string()
    }

    /// The address is one that was configured and a path that there is below it: which of the services, and the path
    /// without its value.
    fn check_url(&self, request: &c::HttpRequest) -> Asked {
        let (method, url) = (string(request.method), string(request.url));
        assert!(url.bytes().all(|b| b.is_ascii_graphic()), "{url:?}");
        let found = self.addresses.iter().enumerate().find_map(|(index, address)| {
            let rest = url.strip_prefix(address)?.strip_prefix('/')?;
            let (path, query) = rest
                .split_once('?')
                .map_or((rest, None), |(path, query)| (path, Some(query)));
            let (target, value) = target(index, &method, path, query)?;
            Some((index, target, value))
        });
        let Some((index, target, value)) = found else {
            panic!("{method} {url:?} is none of the addresses {:?}", self.addresses);
        };
        let value = value.map(|value| {
            let is_encoded = |b: u8| b.is_ascii_alphanumeric() || b"-._~%".contains(&b);
            assert!(!value.is_empty() && value.bytes().all(is_encoded), "{url:?}");
            // They mean something else in a path, and nothing in a query.
            let is_segment = !url.contains('?');
            assert!(!(is_segment && matches!(value.as_str(), "." | "..")), "{url:?}");
            let decoded = percent_decode_str(&value).decode_utf8().expect("UTF-8 was encoded");
            assert!(
                self.given.value.as_ref().is_none_or(|given| *given == decoded),
                "{url:?}"
            );
            decoded.into_owned()
        });
        Asked {
            service: index,
            target,
            value,
        }
    }

    /// Base64 of an envelope under the transport key or the locator key.
    fn sealed(&self, by_certificate: bool, text: &[u8]) -> String {
        let (version, key) = if by_certificate {
            (Version::Gcm, &self.transport_key)
        } else {
            (self.version, &self.locator_key)
        };
        BASE64_STANDARD.encode(envelope::seal(version, key, text).expect("it seals"))
    }

    /// The body of a scripted reply: as it is, or inside what the fuzzer cannot make by itself.
    fn wrapped(&self, reply: &Reply) -> Vec<u8> {
        match reply.wrap {
            1 => self.sealed(false, &reply.body).into_bytes(),
            2 => self.sealed(true, &reply.body).into_bytes(),
            3 => {
                let vector = &token_vectors()[0]["private_key"]["pkcs8_pem"];
                let key = xq::private_key::parse(vector.as_str().expect("a key").as_bytes()).expect("it parses");
                let token = &reply.body[..reply.body.len().min(200)];
                let token = key.as_public_key().pkcs1v15_encrypt_with_rng(&mut SysRng, token);
                let token = BASE64_STANDARD.encode(token.expect("it is short enough"));
                let granted = json!({"access_token": token}).to_string();
                self.sealed(true, granted.as_bytes()).into_bytes()
            }
            _ => reply.body.clone(),
        }
    }
}

/// RSA keys of another implementation, with tokens sealed to them.
pub fn token_vectors() -> Value {
    serde_json::from_str(include_str!("../../../tests/vectors/tokens.json")).expect("the vectors parse")
}
