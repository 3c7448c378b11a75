//! The handle: keys, tokens and connections.

use alloc::sync::Arc;
use core::ops::Deref;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;

use xq_sealing::envelope::Version;

use crate::config::{Config, MAX_HEADER_VALUE, Service, header_value};
use crate::error::{Error, Kind};
use crate::log::Logger;
use crate::operation::{Operation, Stop};
use crate::platform::prelude::*;
use crate::platform::{Lock, Locked};
use crate::secret::Secret;
use crate::transport::Transport;

/// A client of the XQ services. It may be used from several threads at once.
///
/// What it does, it does in operations: the methods of [`Api`].
#[derive(Debug)]
pub struct Handle {
    pub(crate) shared: Arc<Shared>,
    /// For each operation.
    timeout: Duration,
    stop: Arc<Stop>,
    logger: Lock<Option<Logger>>,
    /// How many requests there were.
    requests: AtomicUsize,
}

/// What a handle shares with those that were made from it.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) api_key: Secret,
    pub(crate) dashboard_api_key: Option<Secret>,
    pub(crate) locator_key: Option<Secret>,
    pub(crate) envelope_version: Version,
    pub(crate) urls: [String; 4],
    pub(crate) user_agent: String,
    pub(crate) transport: Transport,
    tokens: Lock<Tokens>,
}

/// One operation on a handle.
///
/// What XQ offers are its methods, in [`crate::subscription`] and its neighbours.
#[derive(Debug)]
pub struct Api {
    handle: Arc<Handle>,
    pub(crate) operation: Arc<Operation>,
}

impl Deref for Api {
    type Target = Handle;

    fn deref(&self) -> &Handle {
        &self.handle
    }
}

#[derive(Debug, Default)]
pub(crate) struct Tokens {
    /// The pre-authorization token until the exchange, the access token after it.
    pub(crate) access: Option<Secret>,
    pub(crate) dashboard: Option<Secret>,
}

impl Handle {
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
        let shared = Shared {
            api_key,
            dashboard_api_key: config.dashboard_api_key.clone(),
            locator_key: config.locator_key.clone(),
            envelope_version: config.envelope_version,
            urls: [url(subscription)?, url(validation)?, url(dashboard)?, url(quantum)?],
            user_agent: config.user_agent(),
            transport: Transport::new(config)?,
            tokens: Lock::default(),
        };
        Ok(Handle::of(Arc::new(shared), config.limits.timeout))
    }

    fn of(shared: Arc<Shared>, timeout: Duration) -> Self {
        Handle {
            shared,
            timeout,
            stop: Arc::default(),
            logger: Lock::default(),
            requests: AtomicUsize::new(0),
        }
    }

    /// A handle that shares tokens, connections and settings with this one, and nothing else: its operations take no longer
    /// than `timeout`, as those of this one where there is none, and stopping either does not stop the other.
    pub fn derive(&self, timeout: Option<Duration>) -> Self {
        Handle::of(Arc::clone(&self.shared), timeout.unwrap_or(self.timeout))
    }

    /// Begins an operation, which `name` stands for in the log and in errors.
    pub fn begin(self: &Arc<Self>, name: &'static str) -> Api {
        Api {
            handle: Arc::clone(self),
            operation: Arc::new(Operation::new(name, self.timeout, &self.stop)),
        }
    }

    /// Ends every operation under way, and all that begin until [`Handle::resume`].
    pub fn cancel(&self) {
        self.stop.stop();
    }

    /// Lets operations begin again after [`Handle::cancel`].
    pub fn resume(&self) {
        self.stop.go_on();
    }

    /// The number of the request that is made now: 1 for the first.
    pub(crate) fn next_request(&self) -> usize {
        self.requests.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The largest reply that is accepted, in bytes.
    pub(crate) fn max_reply_bytes(&self) -> usize {
        self.shared.transport.limits.max_reply_bytes
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

    /// The token of the dashboard: the pre-authorization token of a login until it is verified.
    pub fn dashboard_token(&self) -> Option<Secret> {
        self.tokens().dashboard.clone()
    }

    /// The same, for a call that needs it.
    ///
    /// # Errors
    ///
    /// [`Kind::Unauthorized`]: none is held.
    pub(crate) fn held_dashboard_token(&self) -> Result<Secret, Error> {
        self.dashboard_token().ok_or_else(no_dashboard_token)
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

    /// Forgets the access token, unless another thread has moved the handle to a new one meanwhile.
    pub(crate) fn forget_access_token(&self, ended: Option<&Secret>) {
        let mut tokens = self.tokens();
        if tokens.access.as_ref() == ended {
            tokens.access = None;
        }
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

    /// Moves the dashboard's side to a token that the service gave, and passes it on.
    pub(crate) fn keep_dashboard_token(&self, token: Secret) -> Secret {
        self.tokens().dashboard = Some(token.clone());
        token
    }

    /// Refuses to begin what a service would only refuse to end, where the handle holds no token.
    pub(crate) fn must_be_signed_in(&self) -> Result<(), Error> {
        self.tokens().access.as_ref().map(drop).ok_or_else(no_token)
    }

    /// Tells every request to `logger` from now on.
    pub(crate) fn set_logger(&self, logger: Option<Logger>) {
        *self.logger.lock() = logger;
    }

    /// A copy, so that the logger is called with no lock held.
    pub(crate) fn logger(&self) -> Option<Logger> {
        self.logger.lock().clone()
    }

    pub(crate) fn tokens(&self) -> Locked<'_, Tokens> {
        self.shared.tokens.lock()
    }
}

/// The failure of a call that needs a token where there is none.
pub(crate) fn no_token() -> Error {
    Error::new(
        Kind::Unauthorized,
        "no token is held; sign in first (xq_authorize_user, xq_authorize_device and their like), or give one with \
         xq_set_access_token",
    )
}

/// The same for a call of the dashboard's.
fn no_dashboard_token() -> Error {
    Error::new(
        Kind::Unauthorized,
        "no dashboard token is held; get one with xq_dashboard_login and xq_login_verify, or from the access token with \
         xq_exchange_for_dashboard_token, or give one with xq_set_dashboard_token",
    )
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
