//! What a service answered: taken as text, token or JSON, or turned into the error that it is.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use crate::config::MAX_HEADER_VALUE;
use crate::error::{Error, Kind, printable};
use crate::secret::{Secret, SecretBytes};

/// A whole reply of one of the services.
pub(crate) struct Reply {
    service: &'static str,
    status: u16,
    body: SecretBytes,
}

impl Reply {
    pub(crate) fn new(service: &'static str, status: u16, body: SecretBytes) -> Self {
        Reply { service, status, body }
    }

    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    /// The body as it came.
    pub(crate) fn raw(&self) -> Result<Secret, Error> {
        match std::str::from_utf8(self.body.as_slice()) {
            Ok(text) if !text.contains('\0') => Ok(Secret::from(text)),
            _ => Err(self.nonsense("is not UTF-8 text")),
        }
    }

    /// The text that the body means: `abc` and `"abc"` are the same.
    pub(crate) fn text(&self) -> Result<Secret, Error> {
        let raw = self.raw()?;
        match serde_json::from_str::<String>(raw.as_str()) {
            Ok(text) if text.contains('\0') => Err(self.nonsense("holds a NUL character")),
            Ok(text) => Ok(Secret::from(text)),
            Err(_) => Ok(raw),
        }
    }

    /// The token that the body is.
    pub(crate) fn token(&self) -> Result<Secret, Error> {
        let text = self.text()?;
        let token = text.as_str().trim_ascii();
        // A body that is JSON, but not a string, is an answer of another kind: null, 42, {}.
        let is_json = serde_json::from_str::<IgnoredAny>(token).is_ok();
        if is_json || token.len() > MAX_HEADER_VALUE || !is_bearer_token(token) {
            return Err(self.nonsense("is not a token: letters, digits and -._~+/ alone"));
        }
        Ok(Secret::from(token))
    }

    /// The text that the body means, which is `what` and so cannot be empty.
    pub(crate) fn text_of(&self, what: &str) -> Result<Secret, Error> {
        let text = self.text()?;
        if text.as_str().is_empty() {
            return Err(self.nonsense(&format!("is empty; expected {what}")));
        }
        Ok(text)
    }

    /// The body as JSON, which is `what`.
    pub(crate) fn json<T: DeserializeOwned>(&self, what: &str) -> Result<T, Error> {
        serde_json::from_slice(self.body.as_slice()).map_err(|_| self.nonsense(&format!("is not {what}")))
    }

    /// The error for a status that was not expected. `redact` takes secrets out of the service's words.
    pub(crate) fn refusal(&self, redact: impl Fn(&str) -> String) -> Error {
        let (service, status) = (self.service, self.status);
        let (kind, what) = match status {
            401 => (
                Kind::Unauthorized,
                format!("the {service} service does not accept the API key, the token or the PIN"),
            ),
            400..=499 => (Kind::Rejected, format!("the {service} service refused the request")),
            500..=599 => (Kind::Server, format!("the {service} service failed")),
            300..=399 => (
                Kind::Protocol,
                format!(
                    "the {service} service answered with a redirect, which is never followed; is its address right?"
                ),
            ),
            _ => (
                Kind::Protocol,
                format!("the {service} service answered with a status that this call does not have"),
            ),
        };
        // Elsewhere the body may be what was asked for, such as a token under another 2xx.
        let words = if (400..600).contains(&status) {
            self.words()
        } else {
            None
        };
        let message = match words {
            Some(words) => format!("{what} (HTTP {status}): {}", printable(&redact(&words))),
            None => format!("{what} (HTTP {status})"),
        };
        Error::new(kind, message).with_http_status(status)
    }

    /// An error for a body that this call cannot have.
    pub(crate) fn nonsense(&self, why: &str) -> Error {
        Error::protocol(format!("the reply of the {} service {why}", self.service)).with_http_status(self.status)
    }

    /// The service's own words: `{"status":"why"}`, or the body where it is plain text.
    fn words(&self) -> Option<String> {
        let text = String::from_utf8_lossy(self.body.as_slice());
        let words = match serde_json::from_str::<Value>(&text) {
            Ok(Value::Object(reply)) => reply.get("status")?.as_str()?.to_owned(),
            Ok(Value::String(words)) => words,
            _ => text.into_owned(),
        };
        let words = words.trim();
        (!words.is_empty()).then(|| words.to_owned())
    }
}

/// Whether `text` has the form of a bearer token (RFC 6750, b64token).
pub(crate) fn is_bearer_token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty()
        && body
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b))
}
