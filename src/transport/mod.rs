//! One HTTP exchange at a time over kept connections: the only place that knows ureq.

mod failure;
mod resolver;
mod tls;

use std::fmt;
use std::io::Read;
use std::time::Duration;

use ureq::unversioned::transport::{ConnectProxyConnector, Connector, TcpConnector};
use ureq::{Agent, Proxy};
use zeroize::Zeroizing;

use crate::config::Config;
use crate::error::Error;
use crate::secret::{Secret, SecretBytes};

use self::failure::Failing;
use self::resolver::RememberingResolver;
use self::tls::TlsConnector;

/// Idle connections that a handle keeps: as many as threads are likely to call at once.
const MAX_IDLE_CONNECTIONS: usize = 64;
/// Below what servers and load balancers commonly keep an idle connection for (60 s and more).
const MAX_IDLE_AGE: Duration = Duration::from_secs(45);
/// As much memory is set aside for a reply because it announces its length, in bytes; the rest as it comes.
const MAX_TRUSTED_LENGTH: usize = 1024 * 1024;
/// Largest head of a reply, and the size of each connection's two buffers, in bytes.
const BUFFER_BYTES: usize = 16 * 1024;

/// What is sent.
pub(crate) struct Exchange<'a> {
    pub method: &'static str,
    /// Whole and encoded.
    pub url: String,
    pub headers: Vec<(&'static str, Secret)>,
    /// `None`: the method has no body.
    pub body: Option<&'a [u8]>,
}

/// What comes back.
pub(crate) struct Reply {
    pub status: u16,
    pub body: SecretBytes,
}

/// The connections of one handle.
pub(crate) struct Transport {
    agent: Agent,
    resolver: RememberingResolver,
    connect_timeout: Duration,
    timeout: Duration,
    max_reply_bytes: usize,
}

impl Transport {
    /// Opens nothing.
    ///
    /// # Errors
    ///
    /// [`Kind::Configuration`](crate::Kind): the proxy or the extra root certificates cannot be used.
    pub(crate) fn new(config: &Config) -> Result<Self, Error> {
        let resolver = RememberingResolver::default();
        let tls = TlsConnector::new(config.extra_roots.as_ref().map(Secret::as_str))?;
        let connector =
            ().chain(ConnectProxyConnector::default())
                .chain(TcpConnector::default())
                .chain(tls);
        Ok(Transport {
            agent: Agent::with_parts(agent_config(config)?, connector, resolver.clone()),
            resolver,
            connect_timeout: config.connect_timeout,
            timeout: config.timeout,
            max_reply_bytes: config.max_reply_bytes,
        })
    }

    /// Sends `exchange` once, over a kept connection where there is one, and reads the whole reply.
    ///
    /// # Errors
    ///
    /// [`Kind::Network`](crate::Kind), `Tls`, `Timeout`; `Protocol` where the reply is not HTTP or too large. Every HTTP
    /// status is a success here.
    pub(crate) fn send(&self, exchange: &Exchange) -> Result<Reply, Error> {
        self.exchange(exchange).map_err(|failure| {
            self.resolver.forget();
            Failing {
                url: &exchange.url,
                proxied: self.agent.config().proxy().is_some(),
                connect_timeout: self.connect_timeout,
                timeout: self.timeout,
                max_reply_bytes: self.max_reply_bytes,
            }
            .explain(&failure)
        })
    }

    fn exchange(&self, exchange: &Exchange) -> Result<Reply, ureq::Error> {
        let mut request = http::Request::builder()
            .method(exchange.method)
            .uri(&exchange.url);
        for (name, value) in &exchange.headers {
            request = request.header(*name, value.as_str());
        }
        let response = match exchange.body {
            Some(body) => self.agent.run(request.body(body)?)?,
            None => self.agent.run(request.body(())?)?,
        };
        let status = response.status().as_u16();
        Ok(Reply {
            status,
            body: self.read(response.into_body())?,
        })
    }

    fn read(&self, body: ureq::Body) -> Result<SecretBytes, ureq::Error> {
        let limit = self.max_reply_bytes;
        let announced = body.content_length().and_then(|n| usize::try_from(n).ok());
        if announced.is_some_and(|length| length > limit) {
            return Err(ureq::Error::BodyExceedsLimit(limit as u64));
        }
        let mut bytes = SecretBytes::with_capacity(announced.unwrap_or(0).min(MAX_TRUSTED_LENGTH));
        let mut chunk = Zeroizing::new([0; 8 * 1024]);
        let mut reader = body.into_reader();
        loop {
            let amount = reader.read(&mut *chunk)?;
            if amount == 0 {
                return Ok(bytes);
            }
            bytes.extend(&chunk[..amount]);
            if bytes.as_slice().len() > limit {
                return Err(ureq::Error::BodyExceedsLimit(limit as u64));
            }
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").finish_non_exhaustive()
    }
}

fn agent_config(config: &Config) -> Result<ureq::config::Config, Error> {
    let proxy = config
        .proxy
        .as_ref()
        .map(|url| Proxy::new(url.as_str()))
        .transpose();
    let proxy = proxy.map_err(|_| {
        Error::configuration("the proxy address (xq_config_set_proxy) cannot be used")
    })?;
    Ok(Agent::config_builder()
        // Named even where there is none: ureq would take one from the environment.
        .proxy(proxy)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_resolve(Some(config.connect_timeout))
        .timeout_connect(Some(config.connect_timeout))
        .timeout_global(Some(config.timeout))
        .max_idle_connections(MAX_IDLE_CONNECTIONS)
        .max_idle_connections_per_host(MAX_IDLE_CONNECTIONS)
        .max_idle_age(MAX_IDLE_AGE)
        .max_response_header_size(BUFFER_BYTES)
        .input_buffer_size(BUFFER_BYTES)
        .output_buffer_size(BUFFER_BYTES)
        .accept("")
        .accept_encoding("")
        .user_agent(user_agent(config))
        .build())
}

fn user_agent(config: &Config) -> String {
    let mut text = concat!("libxq/", env!("CARGO_PKG_VERSION")).to_owned();
    if let Some(suffix) = &config.user_agent_suffix {
        text.push(' ');
        text.push_str(suffix);
    }
    text
}
