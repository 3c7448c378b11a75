//! What went wrong on the wire, in a sentence that tells the reader where to look.

use std::io::{self, ErrorKind};
use std::time::Duration;

use http::Uri;
use rustls::{AlertDescription, CertificateError, InvalidMessage};
use ureq::Timeout;

use crate::error::{Error, Kind};

/// An exchange that failed, and the limits it ran under.
pub(super) struct Failing<'a> {
    pub url: &'a str,
    pub proxied: bool,
    pub connect_timeout: Duration,
    pub timeout: Duration,
    pub max_reply_bytes: usize,
}

impl Failing<'_> {
    pub(super) fn explain(&self, failure: &ureq::Error) -> Error {
        let host = self.host();
        match failure {
            ureq::Error::Io(e) => match tls_failure(e) {
                Some(e) => Error::new(Kind::Tls, format!("no TLS with {host}: {}", tls_reason(e))),
                None => Error::new(Kind::Network, broken(&host, e)),
            },
            ureq::Error::Tls(why) => Error::new(Kind::Tls, format!("no TLS with {host}: {why}")),
            ureq::Error::Timeout(Timeout::Resolve) => Error::new(
                Kind::Timeout,
                format!(
                    "the name {host} was not resolved within {} ms, the connect time limit",
                    self.connect_timeout.as_millis()
                ),
            ),
            ureq::Error::Timeout(Timeout::Connect) => Error::new(
                Kind::Timeout,
                format!(
                    "no connection to {host} within {} ms, the connect time limit",
                    self.connect_timeout.as_millis()
                ),
            ),
            ureq::Error::Timeout(_) => Error::new(
                Kind::Timeout,
                format!(
                    "no whole reply from {host} within {} ms, the time limit; the request may have been carried out",
                    self.timeout.as_millis()
                ),
            ),
            ureq::Error::HostNotFound => Error::new(
                Kind::Network,
                format!(
                    "the name {host} was not found; is the address right, and is there a network?"
                ),
            ),
            ureq::Error::ConnectProxyFailed(_) => Error::new(
                Kind::Network,
                format!(
                    "the proxy did not open a connection to {host}; is it running, and does it allow that address?"
                ),
            ),
            ureq::Error::BodyExceedsLimit(_) => Error::protocol(format!(
                "the reply from {host} is larger than {} bytes, the largest accepted (xq_config_set_max_reply_bytes)",
                self.max_reply_bytes
            )),
            ureq::Error::LargeResponseHeader(_, limit) => Error::protocol(format!(
                "the head of the reply from {host} is larger than {limit} bytes"
            )),
            ureq::Error::Protocol(_) | ureq::Error::Http(_) | ureq::Error::BodyStalled => {
                Error::protocol(format!(
                    "the head of the reply from {host} is not HTTP/1.1, or has too many fields; is the address that of an XQ service?"
                ))
            }
            other => Error::new(
                Kind::Internal,
                format!("the exchange with {host} failed: {other}"),
            ),
        }
    }

    /// The other end as the reader knows it.
    fn host(&self) -> String {
        let uri: Uri = self.url.parse().unwrap_or_default();
        let host = uri.authority().map_or("", |authority| authority.as_str());
        if self.proxied {
            return format!("{host} (through the proxy)");
        }
        host.to_owned()
    }
}

fn broken(host: &str, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::ConnectionRefused => {
            format!(
                "{host} refused the connection; is the service running, and is the address right?"
            )
        }
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            format!("{host} cannot be reached; is there a network?")
        }
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe => {
            format!(
                "{host} closed the connection before its reply was whole; the request may have been carried out"
            )
        }
        _ => format!("the connection to {host} failed: {error}"),
    }
}

fn tls_failure(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

fn tls_reason(error: &rustls::Error) -> String {
    use rustls::Error as E;
    let known = match error {
        E::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "the other end does not speak TLS; is this its HTTPS port?"
        }
        E::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        ) => "its certificate has expired; is this machine's clock right?",
        E::InvalidCertificate(
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
        ) => "its certificate is not valid yet; is this machine's clock right?",
        E::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "its certificate comes from a root that is not trusted; a private root is added with xq_config_set_ca_file"
        }
        E::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "its certificate is for another host",
        E::AlertReceived(AlertDescription::ProtocolVersion) => {
            "the other end speaks no TLS 1.2 or 1.3"
        }
        other => return other.to_string(),
    };
    known.to_owned()
}
