//! One HTTP exchange: what is sent, what comes back, and who may perform it in the library's place.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Error;
use crate::secret::SecretBytes;

/// What is sent.
pub(crate) struct Request<'a> {
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
}

/// What an exchange may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub connect_timeout: Duration,
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
