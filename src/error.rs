//! What a call says when it does not succeed.

use core::fmt;

use crate::platform::{self, prelude::*};
use crate::secret::Secret;

/// What sort of failure it was: one for each status of the C ABI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An argument cannot be right; nothing was sent.
    InvalidArgument,
    /// A setting is missing or cannot be right.
    Configuration,
    /// The API key or the token is not accepted (HTTP 401), or a needed token is not held.
    Unauthorized,
    /// The service understood and said no (any other 4xx).
    Rejected,
    /// The service failed (5xx).
    Server,
    /// A time limit passed.
    Timeout,
    /// No connection, or one that broke.
    Network,
    /// No trusted TLS session.
    Tls,
    /// A reply that makes no sense, or one over the size limit.
    Protocol,
    /// Something did not decrypt, or a key could not be used.
    Crypto,
    /// A file could not be read or written.
    File,
    /// A defect in this library.
    Internal,
    /// The program stopped the work itself.
    Canceled,
}

/// Whether what was asked for was carried out all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was sent that could have been.
    NotSent,
    /// The service says that it did not.
    Refused,
    /// It may have been, in whole or in part.
    Unknown,
    /// The service says that it did; only what it gave cannot be used.
    Done,
}

/// The request that a failure came of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cause {
    /// The name of the C function that made it.
    pub operation: &'static str,
    /// Its number among those of the handle: 1 for the first.
    pub request: usize,
}

/// A failure: its kind, a sentence for people, and what is known of the HTTP exchange.
///
/// The sentence never holds a secret.
///
/// It is one pointer: every `?` of the library carries it along.
#[derive(Debug)]
pub struct Error(Box<Facts>);

#[derive(Debug)]
struct Facts {
    kind: Kind,
    message: String,
    http_status: u16,
    can_retry: bool,
    reply: Option<Secret>,
    retry_after: Option<u32>,
    outcome: Option<Outcome>,
    cause: Option<Cause>,
}

impl Error {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Error(Box::new(Facts {
            kind,
            message: message.into(),
            http_status: 0,
            can_retry: matches!(kind, Kind::Timeout | Kind::Network | Kind::Server),
            reply: None,
            retry_after: None,
            outcome: None,
            cause: None,
        }))
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Error::new(Kind::InvalidArgument, message)
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Error::new(Kind::Configuration, message)
    }

    pub(crate) fn protocol(message: impl Into<String>) -> Self {
        Error::new(Kind::Protocol, message)
    }

    /// The failure came with a reply of this HTTP status.
    pub(crate) fn with_http_status(mut self, status: u16) -> Self {
        self.0.http_status = status;
        // Request Timeout and Too Many Requests are refusals that pass with time.
        self.0.can_retry |= matches!(status, 408 | 429);
        self
    }

    /// The failure is one of reading this reply, which may hold what the caller cannot get again.
    pub(crate) fn with_reply(mut self, reply: Secret) -> Self {
        self.0.reply = Some(reply);
        self
    }

    /// The service asks to come back after so many seconds.
    pub(crate) fn with_retry_after(mut self, seconds: Option<u32>) -> Self {
        self.0.retry_after = seconds;
        self
    }

    /// What is known of whether it was carried out, where the HTTP status does not tell.
    pub(crate) fn with_outcome(mut self, outcome: Outcome) -> Self {
        self.0.outcome = Some(outcome);
        self
    }

    /// Whether [`Error::with_outcome`] has said it.
    pub(crate) fn tells_outcome(&self) -> bool {
        self.0.outcome.is_some()
    }

    /// The failure came of this request.
    pub(crate) fn with_cause(mut self, cause: Cause) -> Self {
        self.0.cause = Some(cause);
        self
    }

    /// The same call would not help.
    pub(crate) fn cannot_retry(mut self) -> Self {
        self.0.can_retry = false;
        self
    }

    /// The same failure in other words.
    pub(crate) fn in_words(mut self, words: impl Fn(&str) -> String) -> Self {
        self.0.message = words(&self.0.message);
        self
    }

    /// What sort of failure it was.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The sentence for people.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The HTTP status of the service's reply, 0 where there was none.
    pub fn http_status(&self) -> u16 {
        self.0.http_status
    }

    /// The seconds after which the service asks to come back, where it does.
    pub fn retry_after(&self) -> Option<u32> {
        self.0.retry_after
    }

    /// The reply that could not be taken apart, where something came with it that cannot be had again.
    pub fn reply(&self) -> Option<&Secret> {
        self.0.reply.as_ref()
    }

    /// Whether what was asked for was carried out all the same.
    pub fn outcome(&self) -> Outcome {
        match (self.0.outcome, self.0.http_status) {
            (Some(outcome), _) => outcome,
            (None, _) if self.0.reply.is_some() => Outcome::Done,
            (None, 0) => Outcome::NotSent,
            (None, 200..=299) => Outcome::Done,
            (None, 300..=499) => Outcome::Refused,
            (None, _) => Outcome::Unknown,
        }
    }

    /// The request that it came of, where it came of one.
    pub fn cause(&self) -> Option<Cause> {
        self.0.cause
    }

    /// Whether the same call may succeed later with nothing changed.
    pub fn can_retry(&self) -> bool {
        self.0.can_retry
    }
}

impl From<xq_sealing::Error> for Error {
    fn from(error: xq_sealing::Error) -> Self {
        use xq_sealing::Error::{Argument, Crypto, Foreign, NoRandom};
        match error {
            Foreign(why) | Argument(why) => Error::invalid(why),
            Crypto(why) => Error::new(Kind::Crypto, why),
            NoRandom => Error::new(Kind::Crypto, platform::NO_RANDOM),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl core::error::Error for Error {}

/// What a sentence ends with where a request may have arrived.
pub(crate) const PERHAPS_DONE: &str = "; the request may have been carried out";

/// As much of somebody else's words as a sentence takes, in characters.
pub(crate) const MAX_WORDS: usize = 200;

/// Unicode's own line breaks, which are no control characters.
fn ends_line(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// Text from outside as it may stand in a sentence: no control characters, no more than a line.
pub(crate) fn printable(text: &str) -> String {
    let mut line: String = text
        .chars()
        .map(|c| if ends_line(c) || c.is_control() { ' ' } else { c })
        .take(MAX_WORDS)
        .collect();
    if text.chars().nth(MAX_WORDS).is_some() {
        line.push('…');
    }
    line
}
