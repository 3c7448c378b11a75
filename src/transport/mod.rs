//! One HTTP exchange at a time over kept connections: the only place that knows ureq.

mod failure;
mod proxy;
mod resolver;
mod tls;

use std::fmt;
use std::io::Read;
use std::time::Duration;

use ureq::Agent;
use ureq::unversioned::transport::{Connector, TcpConnector};
use zeroize::Zeroizing;

use crate::config::{Config, Proxy};
use crate::error::Error;
use crate::secret::{Secret, SecretBytes};

use self::failure::{Failing, Failure};
use self::proxy::TunnelConnector;
use self::resolver::RememberingResolver;
use self::tls::TlsConnector;

/// Idle connections that a handle keeps: as many as threads are likely to call at once.
const MAX_IDLE_CONNECTIONS: usize = 64;
/// Below what servers and load balancers commonly keep an idle connection for (60 s and more).
const MAX_IDLE_AGE: Duration = Duration::from_secs(45);
/// As much memory is set aside for a reply because it announces its length, in bytes; the rest as it comes.
const MAX_TRUSTED_LENGTH: usize = 1024 * 1024;
/// Largest head of a reply, in bytes.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// A connection's buffers, in bytes: room for a whole head and more, so that one too large is seen to be that, and for
/// the longest line of a request.
const INPUT_BYTES: usize = MAX_HEAD_BYTES + 4 * 1024;
const OUTPUT_BYTES: usize = 16 * 1024;

/// What is sent.
pub(crate) struct Exchange<'a> {
    pub method: &'static str,
    /// Whole and encoded.
    pub url: &'a str,
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
    proxy: Option<Proxy>,
    connect_timeout: Duration,
    timeout: Duration,
    pub(crate) max_reply_bytes: usize,
}

impl Transport {
    /// Opens nothing.
    ///
    /// # Errors
    ///
    /// [`Kind::Configuration`](crate::Kind): the proxy or the extra root certificates cannot be used.
    pub(crate) fn new(config: &Config) -> Result<Self, Error> {
        let resolver = RememberingResolver::new(config.proxy.clone());
        let tls = TlsConnector::new(config.extra_roots.as_ref().map(Secret::as_str))?;
        let connector = ().chain(TcpConnector::default()).chain(TunnelConnector(config.proxy.clone())).chain(tls);
        Ok(Transport {
            agent: Agent::with_parts(agent_config(config), connector, resolver.clone()),
            resolver,
            proxy: config.proxy.clone(),
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
                url: exchange.url,
                proxy: self.proxy.as_ref(),
                connect_timeout: self.connect_timeout,
                timeout: self.timeout,
                max_reply_bytes: self.max_reply_bytes,
            }
            .explain(&failure)
        })
    }

    fn exchange(&self, exchange: &Exchange) -> Result<Reply, Failure> {
        let mut request = http::Request::builder().method(exchange.method).uri(exchange.url);
        for (name, value) in &exchange.headers {
            request = request.header(*name, value.as_str());
        }
        let response = match exchange.body {
            Some(body) => self.agent.run(request.body(body).map_err(ureq::Error::from)?)?,
            None => self.agent.run(request.body(()).map_err(ureq::Error::from)?)?,
        };
        let status = response.status().as_u16();
        let headers = response.headers();
        let tells_its_end = headers.contains_key("content-length")
            || headers.contains_key("transfer-encoding")
            || matches!(status, 204 | 304);
        // One that ends with its connection is not to be told from one that was cut short.
        if !tells_its_end {
            return Err(Failure::NoEnd(status));
        }
        match self.read(status, response.into_body()) {
            // A refusal is one without its words, too.
            Err(Failure::TooLarge(400..)) => Ok(Reply {
                status,
                body: SecretBytes::default(),
            }),
            body => Ok(Reply { status, body: body? }),
        }
    }

    fn read(&self, status: u16, body: ureq::Body) -> Result<SecretBytes, Failure> {
        let limit = self.max_reply_bytes;
        // An announced length saves growing.
        let announced = body.content_length().and_then(|n| usize::try_from(n).ok());
        if announced.is_some_and(|length| length > limit) {
            return Err(Failure::TooLarge(status));
        }
        let mut bytes = SecretBytes::with_capacity(announced.unwrap_or(0).min(MAX_TRUSTED_LENGTH));
        let mut chunk = Zeroizing::new([0; 8 * 1024]);
        let mut reader = body.into_reader();
        loop {
            let amount = reader.read(&mut *chunk).map_err(ureq::Error::from)?;
            if amount == 0 {
                return Ok(bytes);
            }
            bytes.extend(&chunk[..amount]);
            if bytes.as_slice().len() > limit {
                return Err(Failure::TooLarge(status));
            }
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").finish_non_exhaustive()
    }
}

fn agent_config(config: &Config) -> ureq::config::Config {
    Agent::config_builder()
        // Said even so: ureq would take one from the environment. Tunnels are made by this module's own connector.
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_resolve(Some(config.connect_timeout))
        .timeout_connect(Some(config.connect_timeout))
        .timeout_global(Some(config.timeout))
        .max_idle_connections(MAX_IDLE_CONNECTIONS)
        .max_idle_connections_per_host(MAX_IDLE_CONNECTIONS)
        .max_idle_age(MAX_IDLE_AGE)
        .max_response_header_size(MAX_HEAD_BYTES)
        .input_buffer_size(INPUT_BYTES)
        .output_buffer_size(OUTPUT_BYTES)
        .accept("")
        .accept_encoding("")
        .user_agent(user_agent(config))
        .build()
}

fn user_agent(config: &Config) -> String {
    let mut text = concat!("libxq/", env!("CARGO_PKG_VERSION")).to_owned();
    if let Some(suffix) = &config.user_agent_suffix {
        text.push(' ');
        text.push_str(suffix);
    }
    text
}
