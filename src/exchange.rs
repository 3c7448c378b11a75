//! One HTTP exchange: what is sent, what comes back, and who may perform it in the library's place.

use alloc::sync::Arc;
use core::fmt;
use core::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use crate::error::Error;
use crate::operation::Operation;
use crate::platform::prelude::*;
use crate::secret::SecretBytes;

/// What is sent.
pub(crate) struct Request<'a> {
    /// What it is a part of.
    pub operation: &'a Arc<Operation>,
    pub method: &'static str,
    /// Whole and encoded.
    pub url: &'a str,
    pub headers: Vec<(&'static str, &'a str)>,
    /// `None`: the method has no body.
    pub body: Option<SecretBytes>,
}

/// What comes back: any HTTP status is a reply.
#[derive(Default)]
pub(crate) struct Response {
    pub status: u16,
    pub body: SecretBytes,
    /// Seconds after which the service asks to come back (`Retry-After`).
    pub retry_after: Option<u32>,
    /// Whether it says of itself that it is a page for people ([`is_html`]).
    pub is_html: bool,
}

/// Whether `content_type`, the value of that header field, says HTML, whatever comes behind the type.
pub(crate) fn is_html(content_type: &[u8]) -> bool {
    let ends = |byte: &u8| matches!(byte, b';' | b',') || byte.is_ascii_whitespace();
    let name = content_type.trim_ascii_start().split(ends).next().unwrap_or_default();
    name.eq_ignore_ascii_case(b"text/html") || name.eq_ignore_ascii_case(b"application/xhtml+xml")
}

/// What an exchange may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub connect_timeout: Duration,
    /// For a whole operation, unless the handle has another.
    pub timeout: Duration,
    pub max_reply_bytes: usize,
}

type Perform = dyn Fn(&Request, &Limits) -> Result<Response, Error> + Send + Sync;

/// A program's own way to perform an exchange, in place of sockets.
#[derive(Clone)]
pub(crate) struct Performer(pub Arc<Perform>);

impl fmt::Debug for Performer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Performer")
    }
}

/// What stands in a path segment or a query value as it is (RFC 3986, unreserved); all else is encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `value` as it may stand in a path segment or a query.
pub(crate) fn encoded(value: &str) -> PercentEncode<'_> {
    utf8_percent_encode(value, ENCODED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_performer_shows_that_it_is_one() {
        let performer = Performer(Arc::new(|_, _| Ok(Response::default())));
        assert_eq!(format!("{performer:?}"), "Performer");
    }
}
