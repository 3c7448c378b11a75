//! What went wrong on the wire, in a sentence that tells the reader where to look.

use std::io::{self, ErrorKind};
use std::time::Duration;

use http::Uri;
use ureq::Timeout;

use super::proxy::proxy_for;
use super::race::NotConnected;
use super::tls_reason::tls_reason;
use crate::config::Proxy;
use crate::error::{Error, Kind, Outcome, PERHAPS_DONE, printable};
use crate::exchange::Limits;

/// Why there is no whole reply; with what its head says, where there is one.
pub(super) enum Failure {
    Ureq(ureq::Error),
    /// The reply is larger than the configuration allows.
    TooLarge(Head),
    /// The reply tells neither its length nor its end.
    NoEnd(Head),
}

/// What a reply says of itself before its body.
#[derive(Clone, Copy)]
pub(super) struct Head {
    pub status: u16,
    pub is_html: bool,
}

impl Head {
    /// `error` with what is known by this: a page, perhaps of somebody on the way, says nothing of the service.
    fn tell(self, error: Error) -> Error {
        let error = error.with_http_status(self.status);
        match self.status {
            200..=299 if self.is_html => error.with_outcome(Outcome::Unknown),
            _ => error,
        }
    }
}

impl From<ureq::Error> for Failure {
    fn from(error: ureq::Error) -> Self {
        Failure::Ureq(error)
    }
}

/// An exchange that failed, and what it ran under.
pub(super) struct Failing<'a> {
    pub url: &'a str,
    pub proxy: Option<&'a Proxy>,
    pub limits: &'a Limits,
    /// That of the operation.
    pub timeout: Duration,
    /// What was left of that.
    pub left: Duration,
}

impl Failing<'_> {
    pub(super) fn explain(&self, failure: &Failure) -> Error {
        let host = self.host();
        match failure {
            Failure::Ureq(error) => self.explain_ureq(error, &host),
            Failure::TooLarge(head) => head.tell(Error::protocol(format!(
                "the reply from {host} is larger than {} bytes, the largest accepted (xq_config_set_max_reply_bytes)",
                self.limits.max_reply_bytes
            ))),
            Failure::NoEnd(head) => head.tell(Error::protocol(format!(
                "the reply from {host} does not tell its length, so that one cut short could not be told from a whole one"
            ))),
        }
    }

    fn explain_ureq(&self, error: &ureq::Error, host: &str) -> Error {
        let limit = format!("{} ms, the time limit", self.timeout.as_millis());
        // Connecting takes a part of the whole time, and may be given as much or more.
        let connect_limit = match self.limits.connect_timeout {
            connect if connect < self.left => format!("{} ms, the connect time limit", connect.as_millis()),
            _ => limit.clone(),
        };
        let (kind, message) = match error {
            ureq::Error::Io(e) => match tls_failure(e) {
                Some(e) => (Kind::Tls, format!("no TLS with {host}: {}", tls_reason(e))),
                None => (Kind::Network, self.broken(host, e)),
            },
            ureq::Error::Tls(why) => (Kind::Tls, format!("no TLS with {host}: {why}")),
            ureq::Error::ConnectionFailed => (
                Kind::Network,
                format!("{host} closed the connection during the TLS handshake; is this its HTTPS port?"),
            ),
            ureq::Error::Timeout(Timeout::Resolve) => (
                Kind::Timeout,
                format!(
                    "the name of {} was not resolved within {connect_limit}",
                    self.first_hop()
                ),
            ),
            ureq::Error::Timeout(Timeout::Connect) => {
                (Kind::Timeout, format!("no connection to {host} within {connect_limit}"))
            }
            ureq::Error::Other(other) if let Some(failure) = other.downcast_ref::<NotConnected>() => {
                self.not_connected(failure, host, &connect_limit)
            }
            ureq::Error::Timeout(_) => (
                Kind::Timeout,
                format!("no whole reply from {host} within {limit}{PERHAPS_DONE}"),
            ),
            ureq::Error::HostNotFound => (
                Kind::Network,
                format!(
                    "the name of {} was not found; is the address right, and is there a network?",
                    self.first_hop()
                ),
            ),
            ureq::Error::ConnectProxyFailed(answer) if answer.starts_with("407") => {
                (Kind::Configuration, self.unauthorized(answer))
            }
            ureq::Error::ConnectProxyFailed(answer) => (
                Kind::Network,
                format!(
                    "{} opened no tunnel to {host} (its answer: {}); does it allow that address?",
                    self.first_hop(),
                    printable(answer)
                ),
            ),
            ureq::Error::LargeResponseHeader(_, limit) => (
                Kind::Protocol,
                format!("the head of the reply from {host} is larger than {limit} bytes"),
            ),
            // The end in the middle of a chunk.
            ureq::Error::BodyStalled => (Kind::Network, self.broken(host, &ErrorKind::UnexpectedEof.into())),
            ureq::Error::Protocol(_) | ureq::Error::BodyExceedsLimit(_) => (
                Kind::Protocol,
                format!(
                    "the reply from {host} is not HTTP/1.1, or has too many header fields; is the address that of an XQ service?"
                ),
            ),
            other => (Kind::Internal, format!("the exchange with {host} failed: {other}")),
        };
        Error::new(kind, message)
    }

    /// No address led anywhere.
    fn not_connected(&self, failure: &NotConnected, host: &str, limit: &str) -> (Kind, String) {
        let (kind, what) = match &failure.last {
            _ if failure.timed_out => (Kind::Timeout, format!("no connection to {host} within {limit}")),
            Some(e) => (Kind::Network, self.broken(host, e)),
            None => (Kind::Network, format!("no connection to {host}")),
        };
        let tried = match (failure.tried, &failure.last) {
            (0 | 1, _) => return (kind, what),
            (tried, Some(e)) if failure.timed_out => format!("{tried} addresses were tried, the last that failed: {e}"),
            (tried, None) => format!("{tried} addresses were tried, and the last did not answer"),
            (tried, Some(_)) => format!("{tried} addresses were tried, and this was the last"),
        };
        (kind, format!("{what} ({tried})"))
    }

    /// `answer` is the status, and the schemes that the proxy has instead of Basic.
    fn unauthorized(&self, answer: &str) -> String {
        let proxy = self.first_hop();
        match answer.split_once(' ') {
            Some((_, schemes)) => format!(
                "{proxy} asks for a sign-in by {}, and libxq knows Basic alone; expected a proxy that takes a name and a \
                 password, or none",
                printable(schemes)
            ),
            None => format!("{proxy} wants a name and a password, or others than those of xq_config_set_proxy"),
        }
    }

    fn broken(&self, host: &str, error: &io::Error) -> String {
        match error.kind() {
            ErrorKind::ConnectionRefused => {
                let refusing = self.first_hop();
                format!("{refusing} refused the connection; is the service running, and is the address right?")
            }
            ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
                format!("{} cannot be reached; is there a network?", self.first_hop())
            }
            ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe => {
                format!("{host} closed the connection before its reply was whole{PERHAPS_DONE}")
            }
            _ => format!("the connection to {host} failed: {error}"),
        }
    }

    /// The other end as the reader knows it.
    fn host(&self) -> String {
        let uri: Uri = self.url.parse().unwrap_or_default();
        uri.authority()
            .map(|authority| authority.to_string())
            .unwrap_or_default()
    }

    /// Where the connection itself goes.
    fn first_hop(&self) -> String {
        let uri: Uri = self.url.parse().unwrap_or_default();
        match proxy_for(self.proxy, uri.host().unwrap_or_default()) {
            Some(proxy) => format!("the proxy {}:{}", proxy.host, proxy.port),
            None => self.host(),
        }
    }
}

fn tls_failure(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}
