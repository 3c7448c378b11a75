//! One request, from its making to the reply: the one way in which every request goes out.

use std::cmp::Reverse;
use std::time::Instant;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::api::Api;
use crate::config::Service;
use crate::error::{Error, Kind};
use crate::exchange::Request;
use crate::reply::Reply;
use crate::secret::{Secret, SecretBytes};

/// What stands in a path segment or a query value as it is (RFC 3986, unreserved); all else is encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The statuses of a call that may answer with any 2xx: those that say that it is done.
pub(crate) const SUCCESS: &[u16] = &[200, 201, 202, 204];

/// The longest address that is sent, in bytes: what servers commonly take.
const MAX_URL_BYTES: usize = 8 * 1024;

/// One request.
pub(crate) struct Call<'a> {
    api: &'a Api,
    method: &'static str,
    service: Service,
    path: &'static str,
    url: String,
    token: Option<Secret>,
    body: Option<SecretBytes>,
    hidden: &'a [&'a str],
    keeps_reply: bool,
    /// The last segment of the path, which may be a locator token.
    segment: Option<Secret>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(api: &'a Api, method: &'static str, service: Service, path: &'static str) -> Self {
        Call {
            api,
            method,
            service,
            path,
            url: format!("{}/{path}", api.urls[service as usize]),
            token: api.access_token(),
            body: None,
            hidden: &[],
            keeps_reply: false,
            segment: None,
        }
    }

    /// Adds one segment to the path, encoded. The log leaves it out: it may be a locator token.
    pub(crate) fn segment(mut self, value: &str) -> Self {
        self.url.push('/');
        self.url.push_str(&encoded(value));
        self.segment = Some(Secret::from(value));
        self
    }

    /// Adds `name=value` to the query, encoded.
    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        let separator = if self.url.contains('?') { '&' } else { '?' };
        self.url.push(separator);
        self.url.push_str(name);
        self.url.push('=');
        self.url.push_str(&encoded(value));
        self
    }

    /// Gives the request a body.
    pub(crate) fn json(mut self, value: &impl Serialize) -> Result<Self, Error> {
        let mut body = SecretBytes::default();
        serde_json::to_writer(&mut body, value)
            .map_err(|e| Error::new(Kind::Internal, format!("the request cannot be written as JSON: {e}")))?;
        self.body = Some(body);
        Ok(self)
    }

    /// Gives the request a body that is text already.
    pub(crate) fn body(mut self, text: &str) -> Self {
        let mut body = SecretBytes::default();
        body.extend(text.as_bytes());
        self.body = Some(body);
        self
    }

    /// Names what the request holds that must not show, should the service repeat it in its words.
    pub(crate) fn hiding(mut self, secrets: &'a [&'a str]) -> Self {
        self.hidden = secrets;
        self
    }

    /// Keeps the reply in the error of a success under another status: it may have what cannot be had again.
    pub(crate) fn keeping_reply(mut self) -> Self {
        self.keeps_reply = true;
        self
    }

    /// Sends the request under this token rather than the one that the handle held.
    pub(crate) fn under(mut self, token: Option<Secret>) -> Self {
        self.token = token;
        self
    }

    /// Refuses to go on where the handle holds no token, which the service would only refuse too.
    pub(crate) fn signed_in(self) -> Result<Self, Error> {
        if self.token.is_none() {
            return Err(Error::new(
                Kind::Unauthorized,
                "no token is held; sign in first (xq_authorize_user), or give one with xq_set_access_token",
            ));
        }
        Ok(self)
    }

    /// Sends the request once and gives the reply where its HTTP status is one of `expected`.
    pub(crate) fn send(self, expected: &[u16]) -> Result<Reply, Error> {
        let Some(logger) = self.api.logger() else {
            return self.exchange(expected);
        };
        let started = Instant::now();
        let result = self.exchange(expected);
        let what = format!("{} {}/{}", self.method, self.service.name(), self.path);
        logger.tell(&what, started.elapsed(), result.as_ref());
        result
    }

    fn exchange(&self, expected: &[u16]) -> Result<Reply, Error> {
        if self.url.len() > MAX_URL_BYTES {
            return Err(Error::invalid(format!(
                "an argument is too long: the address of the request would have {} bytes; expected at most {MAX_URL_BYTES}",
                self.url.len()
            )));
        }
        let response = self.api.transport.send(&Request {
            method: self.method,
            headers: self.headers(),
            url: &self.url,
            body: self.body.as_ref().map(SecretBytes::as_slice),
        })?;
        let reply = Reply::new(self.service.name(), response);
        if expected.contains(&reply.status()) {
            return Ok(reply);
        }
        let refusal = reply.refusal(|words| self.redact(words));
        Err(if self.keeps_reply {
            reply.keep_in(refusal)
        } else {
            refusal
        })
    }

    /// The service's words without what must not show, should they repeat what was sent.
    fn redact(&self, words: &str) -> String {
        // To replace a short key would mangle the words, and show it by what is missing.
        if self.hidden.iter().any(|secret| repeats(words, secret)) {
            return "its words repeat what was sent, and are left out".into();
        }
        let tokens = self.api.tokens();
        let mut secrets = [
            Some(&self.api.api_key),
            self.api.dashboard_api_key.as_ref(),
            self.api.locator_key.as_ref(),
            tokens.access.as_ref(),
            tokens.dashboard.as_ref(),
            self.token.as_ref(),
            self.segment.as_ref().filter(|segment| may_be_locator(segment.as_str())),
        ];
        // The longest first: a short one may be a part of it.
        secrets.sort_by_key(|secret| Reverse(secret.map_or(0, |secret| secret.as_str().len())));
        secrets.into_iter().flatten().fold(words.to_owned(), |words, secret| {
            words.replace(secret.as_str(), "[redacted]")
        })
    }

    fn headers(&self) -> Vec<(&'static str, Secret)> {
        let key = match (self.service, &self.api.dashboard_api_key) {
            (Service::Dashboard, Some(key)) => key,
            _ => &self.api.api_key,
        };
        // Also where the body is not JSON, or there is none: the service expects it on every request.
        let mut headers = vec![
            ("api-key", key.clone()),
            ("content-type", Secret::from("application/json")),
            ("user-agent", Secret::from(self.api.user_agent.as_str())),
        ];
        if let Some(token) = &self.token {
            headers.push(("authorization", Secret::from(format!("Bearer {}", token.as_str()))));
        }
        headers
    }
}

/// Whether `text` may be a locator token, which must not show: a short one is a number or a name, which is no secret.
pub(crate) fn may_be_locator(text: &str) -> bool {
    text.len() > 16
}

/// Whether `words` have `secret` in them, or its beginning: as it is, or as JSON would write it.
fn repeats(words: &str, secret: &str) -> bool {
    const ENOUGH: usize = 16;
    let beginning = |text: &str| text.chars().take(ENOUGH).collect::<String>();
    let as_json = serde_json::to_string(secret.trim()).unwrap_or_default();
    [secret.trim(), as_json.trim_matches('"')]
        .into_iter()
        .any(|form| !form.is_empty() && words.contains(&beginning(form)))
}

/// `value` as it may stand in a path segment or a query.
fn encoded(value: &str) -> String {
    utf8_percent_encode(value, ENCODED).to_string()
}
