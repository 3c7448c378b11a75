//! What browsers ask before a page may call: the services are open to every origin, the admin address to its own alone.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::front::App;
use crate::reply::Refusal;

/// The names of this computer that no other can be reached by.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "[::1]", "localhost"];

/// Whether a browser asks what it may send. It sends no key then; Java sends one with its calls under `OPTIONS`.
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::OPTIONS
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
        && !headers.contains_key("api-key")
}

/// All that was asked for may be sent.
pub(crate) fn preflight(asked: &HeaderMap) -> Response {
    let mut reply = StatusCode::NO_CONTENT.into_response();
    let answers = [
        (
            header::ACCESS_CONTROL_REQUEST_METHOD,
            header::ACCESS_CONTROL_ALLOW_METHODS,
        ),
        (
            header::ACCESS_CONTROL_REQUEST_HEADERS,
            header::ACCESS_CONTROL_ALLOW_HEADERS,
        ),
    ];
    for (question, answer) in answers {
        for value in asked.get_all(question) {
            reply.headers_mut().append(&answer, value.clone());
        }
    }
    reply
}

/// Lets pages from everywhere read the reply. A fault that says otherwise is left alone.
pub(crate) fn opened(mut reply: Response) -> Response {
    reply
        .headers_mut()
        .entry(header::ACCESS_CONTROL_ALLOW_ORIGIN)
        .or_insert(HeaderValue::from_static("*"));
    reply
}

/// The admin address is for this computer: no web site may reach it, under a name that it made point here either.
pub(crate) fn check_own(headers: &HeaderMap, app: &App) -> Result<(), Refusal> {
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let host = headers.get(header::HOST).map(text).unwrap_or_default();
    if host_and_port(&host).is_none() {
        return Err(Refusal::forbidden(format!(
            "The admin address answers to the hosts {} alone, not to {host:?}",
            LOOPBACK.join(", ")
        )));
    }
    let foreign = |origin: &String| !is_own(origin, app);
    match headers.get_all(header::ORIGIN).iter().map(text).find(foreign) {
        None => Ok(()),
        Some(origin) => Err(Refusal::forbidden(format!(
            "The admin address answers to no page of another origin, such as {origin:?}"
        ))),
    }
}

/// Whether this is the origin of a page of this emulator.
fn is_own(origin: &str, app: &App) -> bool {
    let (scheme, usual_port) = if app.tls { ("https", 443) } else { ("http", 80) };
    origin
        .strip_prefix(scheme)
        .and_then(|rest| rest.strip_prefix("://"))
        .and_then(host_and_port)
        .is_some_and(|port| port.unwrap_or(usual_port) == app.port)
}

/// The port behind a loopback name, if it tells one; none where it is another name.
fn host_and_port(host: &str) -> Option<Option<u16>> {
    LOOPBACK.iter().find_map(|name| {
        let (start, rest) = host.split_at_checked(name.len())?;
        match (start.eq_ignore_ascii_case(name), rest.strip_prefix(':')) {
            (true, Some(port)) => port.parse().ok().map(Some),
            (true, None) if rest.is_empty() => Some(None),
            _ => None,
        }
    })
}
