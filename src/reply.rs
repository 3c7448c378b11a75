//! What a service answered: taken as text, token or JSON, or turned into the error that it is.

use core::mem;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::config::MAX_HEADER_VALUE;
use crate::error::{Error, Kind, printable};
use crate::exchange::Response;
use crate::platform::prelude::*;
use crate::secret::{Secret, SecretBytes};

/// A whole reply of one of the services.
pub(crate) struct Reply {
    service: &'static str,
    status: u16,
    body: SecretBytes,
    retry_after: Option<u32>,
    is_html: bool,
}

impl Reply {
    pub(crate) fn new(service: &'static str, response: Response) -> Self {
        let Response {
            status,
            body,
            retry_after,
            is_html,
        } = response;
        Reply {
            service,
            status,
            body,
            retry_after,
            is_html,
        }
    }

    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    /// Whether it is a page for people, and so of somebody on the way, or of another address than the service's.
    pub(crate) fn is_page(&self) -> bool {
        // 204 has no body to be a page.
        self.is_html && self.status != 204
    }

    /// The body as it came.
    pub(crate) fn raw(&self) -> Result<&str, Error> {
        match core::str::from_utf8(&self.body) {
            Ok(text) if !text.contains('\0') => Ok(text),
            _ => Err(self.nonsense("is not UTF-8 text")),
        }
    }

    /// As [`Reply::raw`], taken out of the reply rather than copied.
    pub(crate) fn take_raw(&mut self) -> Result<Secret, Error> {
        match mem::take(&mut self.body).into_text() {
            Some(text) if !text.as_str().contains('\0') => Ok(text),
            _ => Err(self.nonsense("is not UTF-8 text")),
        }
    }

    /// The text that the body means, which is `what` and so cannot be empty; blanks are a part of it, but not those around
    /// a JSON string.
    pub(crate) fn text(mut self, what: &str) -> Result<Secret, Error> {
        let raw = self.take_raw()?;
        let text = match self.unquoted(raw.as_str().trim_ascii())? {
            Some(text) => text,
            None => raw,
        };
        if text.as_str().is_empty() {
            return Err(self.nonsense(&format!("is empty; expected {what}")));
        }
        Ok(text)
    }

    /// The text that the body means, without the blanks around it or its quotes.
    pub(crate) fn trimmed(&self) -> Result<Secret, Error> {
        let raw = self.raw()?.trim_ascii();
        let unquoted = self.unquoted(raw)?;
        let text = unquoted.as_ref().map_or(raw, |text| text.as_str().trim_ascii());
        Ok(Secret::from(text))
    }

    /// The encrypted packet that the body is.
    pub(crate) fn packet(&self) -> Result<Secret, Error> {
        self.word("an encrypted packet")
    }

    /// The token that the body is.
    pub(crate) fn token(&self) -> Result<Secret, Error> {
        let token = self.word("a token")?;
        if token.as_str().len() > MAX_HEADER_VALUE {
            return Err(self.nonsense(&format!("is not a token: it is longer than {MAX_HEADER_VALUE} bytes")));
        }
        Ok(token)
    }

    /// The locator token that the body is. Where it is none, the error has the body: the key is stored, and what stands for it
    /// may be had from nowhere else.
    pub(crate) fn locator(&self) -> Result<Secret, Error> {
        self.token().map_err(|e| self.keep_in(e))
    }

    /// The one word that the body means, whatever blanks are around it.
    fn word(&self, what: &str) -> Result<Secret, Error> {
        let text = self.trimmed()?;
        // A body that is JSON, but not a string, is an answer of another kind: null, 42, {}.
        let is_json = serde_json::from_str::<IgnoredAny>(text.as_str()).is_ok();
        if is_json || !is_bearer_token(text.as_str()) {
            return Err(self.nonsense(&format!("is not {what}: letters, digits and -._~+/ alone")));
        }
        Ok(text)
    }

    /// What is between quotes, if `text` is a JSON string: `abc` and `"abc"` mean the same.
    fn unquoted(&self, text: &str) -> Result<Option<Secret>, Error> {
        if !(text.len() > 1 && text.starts_with('"') && text.ends_with('"')) {
            return Ok(None);
        }
        match serde_json::from_str::<String>(text).map(Secret::from) {
            Ok(text) if text.as_str().contains('\0') => Err(self.nonsense("holds a NUL character")),
            Ok(text) => Ok(Some(text)),
            // A JSON string all the same, but of half a character (\ud800 alone), which no UTF-8 text can have.
            Err(_) if serde_json::from_str::<IgnoredAny>(text).is_ok() => {
                Err(self.nonsense("holds half of a character"))
            }
            Err(_) => Ok(None),
        }
    }

    /// The body as a JSON object, which is `what`.
    pub(crate) fn json<'a, T: Deserialize<'a>>(&'a self, what: &str) -> Result<T, Error> {
        let body = self.body.trim_ascii();
        let wrong = || self.nonsense(&format!("is not {what}"));
        // serde would take the members of an array for the fields of a struct.
        if !body.starts_with(b"{") {
            return Err(wrong());
        }
        serde_json::from_slice(body).map_err(|_| wrong())
    }

    /// The error for a status that was not expected. `token` names what was sent, `redact` takes secrets out of the service's
    /// words.
    pub(crate) fn refusal(&self, token: &str, redact: impl Fn(&str) -> String) -> Error {
        let (service, status) = (self.service, self.status);
        let unauthorized = format!("does not accept the API key, {token} or the PIN");
        let (kind, what) = match status {
            401 => (Kind::Unauthorized, unauthorized.as_str()),
            400..=499 => (Kind::Rejected, "refused the request"),
            500..=599 => (Kind::Server, "failed"),
            300..=399 => (
                Kind::Protocol,
                "answered with a redirect, which is never followed; is its address right?",
            ),
            _ => (Kind::Protocol, "answered with a status that this call does not have"),
        };
        let mut message = format!("the {service} service {what} (HTTP {status})");
        if let (400..=599, Some(words)) = (status, self.words()) {
            message.push_str(": ");
            message.push_str(&printable(&redact(words.trim())));
        }
        Error::new(kind, message)
            .with_http_status(status)
            .with_retry_after(self.retry_after)
    }

    /// `error` with this reply in it, where it tells of something done: what came of it may be had from nowhere else.
    pub(crate) fn keep_in(&self, error: Error) -> Error {
        match self.raw() {
            Ok(reply) if (200..300).contains(&self.status) => error.with_reply(Secret::from(reply)),
            _ => error,
        }
    }

    /// An error for a body that this call cannot have.
    pub(crate) fn nonsense(&self, why: &str) -> Error {
        Error::protocol(format!("the reply of the {} service {why}", self.service)).with_http_status(self.status)
    }

    /// The service's own words: `{"status":"why"}`, or the body where it is plain text; only as much as a sentence may
    /// need, since they are searched for secrets.
    fn words(&self) -> Option<String> {
        const MOST: usize = 16 * 1024;
        // Half of a JSON value is no words.
        if self.body.len() > MOST && matches!(self.body.trim_ascii_start().first(), Some(b'{' | b'[' | b'"')) {
            return None;
        }
        let text = String::from_utf8_lossy(self.body.get(..MOST).unwrap_or(&self.body));
        let words = match text.trim_start().starts_with('{') {
            true => serde_json::from_str::<Status>(&text).ok().and_then(Status::words),
            false => serde_json::from_str::<String>(&text).ok(),
        };
        let words = match words {
            Some(words) => words,
            // JSON that says nothing.
            None if serde_json::from_str::<IgnoredAny>(&text).is_ok() => return None,
            None => text.into_owned(),
        };
        (!words.trim().is_empty()).then_some(words)
    }
}

/// What a refusal says. All else in it is passed over: made into values, a few kilobytes could take all memory of a board.
#[derive(Deserialize)]
struct Status<'a> {
    #[serde(borrow)]
    status: &'a RawValue,
}

impl Status<'_> {
    fn words(self) -> Option<String> {
        serde_json::from_str(self.status.get()).ok()
    }
}

/// Whether `text` has the form of a bearer token (RFC 6750, b64token).
pub(crate) fn is_bearer_token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty()
        && body
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'+' | b'/'))
}

/// Whether `text` is of a token's form and of a credible length. What a wrong RSA key opens to has a length by chance, too:
/// that it is 12 or more, and all of it a token's characters, has a chance below one in a billion.
pub(crate) fn is_credible_token(text: &str) -> bool {
    (12..=MAX_HEADER_VALUE).contains(&text.len()) && is_bearer_token(text)
}
