//! The handle: keys, tokens and connections, and the one way in which every request goes out.

use std::cmp::Reverse;
use std::sync::{Mutex, MutexGuard, PoisonError};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::config::{Config, MAX_HEADER_VALUE, Service, header_value};
use crate::envelope::Version;
use crate::error::{Error, Kind};
use crate::exchange::Request;
use crate::reply::Reply;
use crate::secret::{Secret, SecretBytes};
use crate::transport::Transport;

/// What stands in a path segment or a query value as it is (RFC 3986, unreserved); all else is encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The statuses of a call that may answer with any 2xx: those that say that it is done.
pub(crate) const SUCCESS: &[u16] = &[200, 201, 202, 204];

/// The longest address that is sent, in bytes: what servers commonly take.
const MAX_URL_BYTES: usize = 8 * 1024;

/// A client of the XQ services. It may be used from several threads at once.
///
/// The operations are methods in [`crate::subscription`].
#[derive(Debug)]
pub struct Api {
    api_key: Secret,
    dashboard_api_key: Option<Secret>,
    pub(crate) locator_key: Option<Secret>,
    pub(crate) envelope_version: Version,
    urls: [String; 4],
    user_agent: String,
    transport: Transport,
    tokens: Mutex<Tokens>,
}

#[derive(Debug, Default)]
struct Tokens {
    /// The pre-authorization token until the exchange, the access token after it.
    access: Option<Secret>,
    dashboard: Option<Secret>,
}

impl Api {
    /// A client with these settings, holding no token. Talks to nobody.
    ///
    /// # Errors
    ///
    /// [`Kind::Configuration`]: there is no API key, or settings that cannot go together or cannot be used.
    pub fn new(config: &Config) -> Result<Self, Error> {
        let api_key = config.api_key.clone().ok_or_else(|| {
            Error::configuration("there is no API key; expected one from xq_config_set_api_key or XQ_API_KEY")
        })?;
        let url = |service| config.service_url(service);
        let [subscription, validation, dashboard, quantum] = Service::ALL;
        Ok(Api {
            api_key,
            dashboard_api_key: config.dashboard_api_key.clone(),
            locator_key: config.locator_key.clone(),
            envelope_version: config.envelope_version,
            urls: [url(subscription)?, url(validation)?, url(dashboard)?, url(quantum)?],
            user_agent: config.user_agent(),
            transport: Transport::new(config)?,
            tokens: Mutex::default(),
        })
    }

    /// The largest reply that is accepted, in bytes.
    pub(crate) fn max_reply_bytes(&self) -> usize {
        self.transport.limits.max_reply_bytes
    }

    /// The token that requests carry.
    pub fn access_token(&self) -> Option<Secret> {
        self.tokens().access.clone()
    }

    /// Takes a token kept from an earlier run; `None` forgets the one held.
    ///
    /// # Errors
    ///
    /// [`Kind::InvalidArgument`]: it is not visible ASCII.
    pub fn set_access_token(&self, token: Option<&str>) -> Result<(), Error> {
        self.tokens().access = checked_token("the access token", token)?;
        Ok(())
    }

    /// The token of the dashboard, as set.
    pub fn dashboard_token(&self) -> Option<Secret> {
        self.tokens().dashboard.clone()
    }

    /// Takes a token of the dashboard; `None` forgets the one held.
    ///
    /// # Errors
    ///
    /// [`Kind::InvalidArgument`]: it is not visible ASCII.
    pub fn set_dashboard_token(&self, token: Option<&str>) -> Result<(), Error> {
        self.tokens().dashboard = checked_token("the dashboard token", token)?;
        Ok(())
    }

    /// Forgets both tokens.
    pub fn forget_tokens(&self) {
        *self.tokens() = Tokens::default();
    }

    /// Moves the handle to a token that the service gave, and passes it on.
    pub(crate) fn keep_access_token(&self, token: Secret) -> Secret {
        self.tokens().access = Some(token.clone());
        token
    }

    /// A request yet to be filled in and sent; `path` is below the service's address, its values encoded.
    pub(crate) fn call(&self, method: &'static str, service: Service, path: &str) -> Call<'_> {
        Call {
            api: self,
            method,
            service,
            url: format!("{}/{path}", self.urls[service as usize]),
            token: self.access_token(),
            body: None,
            hidden: &[],
        }
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request.
pub(crate) struct Call<'a> {
    api: &'a Api,
    method: &'static str,
    service: Service,
    url: String,
    token: Option<Secret>,
    body: Option<SecretBytes>,
    hidden: &'a [&'a str],
}

impl<'a> Call<'a> {
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
        if self.url.len() > MAX_URL_BYTES {
            return Err(Error::invalid(format!(
                "an argument is too long: the address of the request would have {} bytes; expected at most {MAX_URL_BYTES}",
                self.url.len()
            )));
        }
        let reply = self.api.transport.send(&Request {
            method: self.method,
            headers: self.headers(),
            url: &self.url,
            body: self.body.as_ref().map(SecretBytes::as_slice),
        })?;
        let reply = Reply::new(self.service.name(), reply);
        if expected.contains(&reply.status()) {
            return Ok(reply);
        }
        Err(reply.refusal(|words| self.redact(words)))
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
pub(crate) fn encoded(value: &str) -> String {
    utf8_percent_encode(value, ENCODED).to_string()
}

fn checked_token(what: &str, token: Option<&str>) -> Result<Option<Secret>, Error> {
    match token {
        Some(text) if !header_value(text) => Err(Error::invalid(format!(
            "{what} is empty, longer than {MAX_HEADER_VALUE} bytes, or holds a blank, a line break or a character beyond \
             ASCII; expected visible ASCII only"
        ))),
        _ => Ok(token.map(Secret::from)),
    }
}
