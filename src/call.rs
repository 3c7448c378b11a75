//! One request, from its making to the reply: the one way in which every request goes out.

use alloc::sync::Arc;

use serde::Serialize;

use crate::api::{Api, no_token};
use crate::config::Service;
use crate::error::{Error, Kind, Outcome};
use crate::exchange::{Request, encoded};
use crate::platform;
use crate::platform::prelude::*;
use crate::redact;
use crate::reply::Reply;
use crate::secret::{Secret, SecretBytes};

/// The statuses of a call that may answer with any 2xx: those that say that it is done.
pub(crate) const SUCCESS: &[u16] = &[200, 201, 202, 204];

/// The longest address that is sent, in bytes: what servers commonly take.
const MAX_URL_BYTES: usize = 8 * 1024;

/// Room for an address of the usual length, in bytes, which need not move as it grows.
const USUAL_URL_BYTES: usize = 256;

/// One request.
pub(crate) struct Call<'a> {
    api: &'a Api,
    method: &'static str,
    service: Service,
    path: &'a str,
    url: String,
    token: Option<Secret>,
    /// What that is called where it is not accepted.
    token_name: &'static str,
    body: Option<SecretBytes>,
    hidden: &'a [&'a str],
    keeps_reply: bool,
    takes_pages: bool,
    /// The locator token in the path.
    locator: Option<&'a str>,
}

impl Api {
    /// A request yet to be filled in and sent; `path` is below the service's address.
    pub(crate) fn call<'a>(&'a self, method: &'static str, service: Service, path: &'a str) -> Call<'a> {
        let mut url = String::with_capacity(USUAL_URL_BYTES);
        url.extend([&self.shared.urls[service as usize], "/", path]);
        Call {
            api: self,
            method,
            service,
            path,
            url,
            token: self.access_token(),
            token_name: "the token",
            body: None,
            hidden: &[],
            keeps_reply: false,
            takes_pages: false,
            locator: None,
        }
    }
}

impl<'a> Call<'a> {
    /// Adds one segment to the path, encoded. The log leaves it out.
    pub(crate) fn segment(mut self, value: &str) -> Self {
        self.url.push('/');
        self.url.extend(encoded(value));
        self
    }

    /// The same for a locator token, which must not show either.
    pub(crate) fn locator(mut self, locator: &'a str) -> Self {
        self.locator = Some(locator);
        self.segment(locator)
    }

    /// Adds `name=value` to the query, encoded.
    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        let separator = if self.url.contains('?') { '&' } else { '?' };
        self.url.push(separator);
        self.url.push_str(name);
        self.url.push('=');
        self.url.extend(encoded(value));
        self
    }

    /// Sets memory aside for a body that is `texts` for the most part: it need not move as it grows.
    pub(crate) fn room_for(mut self, texts: &[&str]) -> Self {
        const BESIDE: usize = r#""","#.len();
        const AROUND: usize = 256;
        let size = texts.iter().map(|text| text.len() + BESIDE).sum::<usize>() + AROUND;
        self.body = Some(SecretBytes::with_capacity(size));
        self
    }

    /// Gives the request a body.
    pub(crate) fn json(mut self, value: &impl Serialize) -> Result<Self, Error> {
        let mut body = self.body.take().unwrap_or_default();
        platform::write_json(&mut body, value)
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

    /// Takes a page in HTML for a reply too: whoever asked wants the text as it is.
    pub(crate) fn taking_pages(mut self) -> Self {
        self.takes_pages = true;
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
            return Err(no_token());
        }
        Ok(self)
    }

    /// Sends the request under the dashboard's token; refuses to go on where the handle holds none.
    pub(crate) fn on_dashboard(self) -> Result<Self, Error> {
        let token = self.api.held_dashboard_token()?;
        Ok(self.under_dashboard(token))
    }

    /// The same under one that the caller has, so that several requests go out under the same.
    pub(crate) fn under_dashboard(mut self, token: Secret) -> Self {
        self.token_name = "the dashboard token";
        self.under(Some(token))
    }

    /// Sends the request once and gives the reply where its HTTP status is one of `expected`.
    pub(crate) fn send(mut self, expected: &[u16]) -> Result<Reply, Error> {
        let operation = Arc::clone(&self.api.operation);
        let number = self.api.next_request();
        let logger = self.api.logger();
        let started = logger.is_some().then(platform::now);
        let result = operation.request(number, self.method != "GET", || self.exchange(expected));
        if let (Some(logger), Some(started)) = (logger, started) {
            let what = format!("{} {}/{}", self.method, self.service.name(), self.path);
            logger.tell(
                operation.cause(number),
                &what,
                platform::now().saturating_sub(started),
                result.as_ref(),
            );
        }
        result
    }

    fn exchange(&mut self, expected: &[u16]) -> Result<Reply, Error> {
        if self.url.len() > MAX_URL_BYTES {
            return Err(Error::invalid(format!(
                "an argument is too long: the address of the request would have {} bytes; expected at most {MAX_URL_BYTES}",
                self.url.len()
            )));
        }
        let authorization = self
            .token
            .as_ref()
            .map(|token| Secret::from(["Bearer ", token.as_str()].concat()));
        let response = self.api.shared.transport.send(Request {
            operation: &self.api.operation,
            method: self.method,
            body: self.body.take(),
            headers: self.headers(authorization.as_ref()),
            url: &self.url,
        })?;
        let reply = Reply::new(self.service.name(), response);
        let is_expected = expected.contains(&reply.status());
        let is_success = (200..300).contains(&reply.status());
        let failure = if (is_expected || is_success) && reply.is_page() && !self.takes_pages {
            reply
                .nonsense(
                    "is a page in HTML, as a network that asks for a sign-in, a proxy or a wrong address gives; expected \
                     what an XQ service says",
                )
                // Whoever gave it may have kept the request to themselves.
                .with_outcome(Outcome::Unknown)
        } else if !is_expected {
            reply.refusal(self.token_name, |words| self.redact(words))
        } else {
            return Ok(reply);
        };
        Err(if self.keeps_reply {
            reply.keep_in(failure)
        } else {
            failure
        })
    }

    /// The service's words without what must not show, should they repeat what was sent.
    fn redact(&self, words: &str) -> String {
        let tokens = self.api.tokens();
        let kept = [
            Some(&self.api.shared.api_key),
            self.api.shared.dashboard_api_key.as_ref(),
            self.api.shared.locator_key.as_ref(),
            tokens.access.as_ref(),
            tokens.dashboard.as_ref(),
            self.token.as_ref(),
        ];
        let kept = kept.into_iter().flatten().map(Secret::as_str).chain(self.locator);
        let words = redact::replaced(words, kept);
        // To replace a key of any length would mangle the words, and show it by what is missing.
        if redact::repeats(&words, self.hidden) {
            return "its words repeat what was sent, and are left out".into();
        }
        words
    }

    fn headers<'s>(&'s self, authorization: Option<&'s Secret>) -> Vec<(&'static str, &'s str)> {
        let key = match (self.service, &self.api.shared.dashboard_api_key) {
            (Service::Dashboard, Some(key)) => key,
            _ => &self.api.shared.api_key,
        };
        // Also where the body is not JSON, or there is none: the service expects it on every request.
        let always = [
            ("api-key", key.as_str()),
            ("content-type", "application/json"),
            ("user-agent", self.api.shared.user_agent.as_str()),
        ];
        let authorization = authorization.map(|value| ("authorization", value.as_str()));
        always.into_iter().chain(authorization).collect()
    }
}
