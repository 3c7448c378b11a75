//! HTTP over the library's own kept connections: the only place, with its neighbours, that knows ureq and rustls.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue, header};
use rustls::ClientConfig;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};
use ureq::{Agent, Timeout};

use super::buffers::{INPUT_BYTES, MAX_HEAD_BYTES, SENT_TOGETHER, WipedBuffers};
use super::connection::Connection;
use super::failure::{Failing, Failure};
use super::proxy::{proxy_for, tunnel};
use super::resolver::RememberingResolver;
use super::retry_after::retry_after;
use super::tls::{TlsStream, client_config};
use crate::config::{Config, Proxy};
use crate::error::Error;
use crate::exchange::{Limits, Request, Response, is_html};
use crate::secret::SecretBytes;

/// Idle connections that a handle keeps: as many as threads are likely to call at once.
const MAX_IDLE_CONNECTIONS: usize = 64;
/// Below what servers and load balancers commonly keep an idle connection for (60 s and more).
const MAX_IDLE_AGE: Duration = Duration::from_secs(45);
/// As much memory is set aside for a reply because it announces its length, in bytes; the rest as it comes.
const MAX_TRUSTED_LENGTH: usize = 4 * 1024 * 1024;

/// The connections of one handle.
pub(super) struct Sockets {
    agent: Agent,
    resolver: RememberingResolver,
    proxy: Option<Proxy>,
}

impl Sockets {
    pub(super) fn new(config: &Config) -> Result<Self, Error> {
        let resolver = RememberingResolver::new(config.proxy.clone());
        let connector = SocketConnector {
            proxy: config.proxy.clone(),
            tls: client_config(config.extra_roots.as_deref())?,
        };
        Ok(Sockets {
            agent: Agent::with_parts(agent_config(&config.limits), connector, resolver.clone()),
            resolver,
            proxy: config.proxy.clone(),
        })
    }

    pub(super) fn send(&self, request: Request, limits: &Limits) -> Result<Response, Error> {
        let url = request.url;
        self.exchange(request, limits.max_reply_bytes).map_err(|failure| {
            // A reply, though it be none of use, came from the right place.
            if matches!(failure, Failure::Ureq(_)) {
                self.resolver.forget();
            }
            Failing {
                url,
                proxy: self.proxy.as_ref(),
                limits,
            }
            .explain(&failure)
        })
    }

    fn exchange(&self, request: Request, max_reply_bytes: usize) -> Result<Response, Failure> {
        let head = head(&request).map_err(ureq::Error::from)?;
        // What has been sent is given back before the reply comes, which may be as large.
        let response = match request.body {
            Some(body) => self.agent.run(http::Request::from_parts(head, &*body))?,
            None => self.agent.run(http::Request::from_parts(head, ()))?,
        };
        let status = response.status().as_u16();
        let retry_after = retry_after(response.headers());
        let mut types = response.headers().get_all(header::CONTENT_TYPE).iter();
        let is_html = types.any(|value| is_html(value.as_bytes()));
        let body = if tells_its_end(&response) {
            read(status, response.into_body(), max_reply_bytes)
        } else {
            // One that ends with its connection is not to be told from one that was cut short.
            Err(Failure::NoEnd(status))
        };
        let body = match body {
            // A refusal is one without its words, too.
            Err(_) if status >= 400 => SecretBytes::default(),
            body => body?,
        };
        Ok(Response {
            status,
            body,
            retry_after,
            is_html,
        })
    }
}

/// Whether the head says where the body ends. HTTP/1.0 has no chunks, no other transfer encoding has an end, and a length
/// beside one does not count (RFC 9112, 6.3).
fn tells_its_end(response: &http::Response<ureq::Body>) -> bool {
    let headers = response.headers();
    if !headers.contains_key(header::TRANSFER_ENCODING) {
        return headers.contains_key(header::CONTENT_LENGTH) || matches!(response.status().as_u16(), 204 | 304);
    }
    let encodings = headers.get_all(header::TRANSFER_ENCODING);
    let mut encodings = encodings.iter().filter_map(|value| value.to_str().ok());
    response.version() == http::Version::HTTP_11
        && encodings.any(|value| value.split(',').any(|one| one.trim().eq_ignore_ascii_case("chunked")))
}

fn head(request: &Request) -> Result<http::request::Parts, http::Error> {
    let (mut head, ()) = http::Request::new(()).into_parts();
    head.method = request.method.parse()?;
    head.uri = request.url.parse()?;
    for (name, value) in &request.headers {
        head.headers
            .insert(HeaderName::from_static(name), HeaderValue::from_str(value)?);
    }
    Ok(head)
}

fn read(status: u16, body: ureq::Body, limit: usize) -> Result<SecretBytes, Failure> {
    // An announced length saves growing.
    let announced = body.content_length().and_then(|n| usize::try_from(n).ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Failure::TooLarge(status));
    }
    // One byte more: the end is only seen by reading on, and C ends a text with a NUL.
    let mut bytes = SecretBytes::with_capacity(announced.unwrap_or(0).min(MAX_TRUSTED_LENGTH) + 1);
    let mut reader = body.into_reader();
    while bytes.read_from(&mut reader).map_err(ureq::Error::from)? > 0 {
        if bytes.len() > limit {
            return Err(Failure::TooLarge(status));
        }
    }
    Ok(bytes)
}

impl fmt::Debug for Sockets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sockets").finish_non_exhaustive()
    }
}

fn agent_config(limits: &Limits) -> ureq::config::Config {
    Agent::config_builder()
        // Said even so: ureq would take one from the environment. Tunnels are made by this module's own connector.
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_resolve(Some(limits.connect_timeout))
        .timeout_connect(Some(limits.connect_timeout))
        .timeout_global(Some(limits.timeout))
        .max_idle_connections(MAX_IDLE_CONNECTIONS)
        .max_idle_connections_per_host(MAX_IDLE_CONNECTIONS)
        .max_idle_age(MAX_IDLE_AGE)
        .max_response_header_size(MAX_HEAD_BYTES)
        .accept("")
        .accept_encoding("")
        .user_agent("")
        .build()
}

/// Makes connections: TCP, then a tunnel where there is a proxy, then TLS where the address says so.
#[derive(Debug)]
struct SocketConnector {
    proxy: Option<Proxy>,
    tls: Arc<ClientConfig>,
}

impl Connector for SocketConnector {
    type Out = SocketTransport;

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<SocketTransport>, ureq::Error> {
        self.open(details).map(Some).map_err(|e| match e {
            // Whosever limit it was: nothing has been sent.
            ureq::Error::Timeout(_) => ureq::Error::Timeout(Timeout::Connect),
            other => other,
        })
    }
}

impl SocketConnector {
    fn open(&self, details: &ConnectionDetails) -> Result<SocketTransport, ureq::Error> {
        let host = details.uri.host().unwrap_or_default();
        let mut connection = Connection::open(&details.addrs, details.timeout)?;
        if let Some(proxy) = proxy_for(self.proxy.as_ref(), host) {
            let port = details.uri.port_u16();
            tunnel(
                &mut connection,
                proxy,
                host,
                port.unwrap_or(if details.needs_tls() { 443 } else { 80 }),
            )?;
        }
        let stream = if details.needs_tls() {
            Stream::Tls(Box::new(TlsStream::open(&self.tls, host, connection)?))
        } else {
            Stream::Plain(connection)
        };
        Ok(SocketTransport {
            stream,
            buffers: WipedBuffers::default(),
            broken: None,
        })
    }
}

#[derive(Debug)]
enum Stream {
    Plain(Connection),
    Tls(Box<TlsStream>),
}

/// A connection as ureq uses it.
struct SocketTransport {
    stream: Stream,
    buffers: WipedBuffers,
    /// Why not all of the request could be sent.
    broken: Option<io::Error>,
}

impl SocketTransport {
    fn connection(&mut self) -> &mut Connection {
        match &mut self.stream {
            Stream::Plain(connection) => connection,
            Stream::Tls(stream) => &mut stream.connection,
        }
    }

    fn send_pending(&mut self) -> Result<(), ureq::Error> {
        let sent = match &mut self.stream {
            _ if self.broken.is_some() => Ok(()),
            Stream::Plain(connection) => connection.write_all(self.buffers.pending()),
            Stream::Tls(stream) => stream.write_all(self.buffers.pending()),
        };
        self.buffers.clear_pending();
        match sent {
            // A service that refuses a large body answers at once and closes: its answer is still there to be read.
            Err(e)
                if matches!(
                    e.kind(),
                    ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted
                ) =>
            {
                self.broken = Some(e)
            }
            sent => sent?,
        }
        Ok(())
    }
}

impl Transport for SocketTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.buffers.add_pending(amount);
        if self.buffers.pending().len() > SENT_TOGETHER {
            self.connection().set_timeout(timeout);
            self.send_pending()?;
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.connection().set_timeout(timeout);
        self.send_pending()?;
        let buffer = self.buffers.input_append_buf();
        if buffer.is_empty() {
            // Something that is taken as a whole, such as the length of a chunk, has no end.
            return Err(ureq::Error::BodyExceedsLimit(INPUT_BYTES as u64));
        }
        let read = match &mut self.stream {
            Stream::Plain(connection) => connection.read(buffer),
            Stream::Tls(stream) => stream.read(buffer),
        };
        let amount = match (read, self.broken.take()) {
            (Err(_) | Ok(0), Some(broken)) => return Err(broken.into()),
            (read, broken) => {
                self.broken = broken;
                read?
            }
        };
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        let is_quiet = match &mut self.stream {
            Stream::Plain(connection) => connection.is_quiet(),
            Stream::Tls(stream) => stream.is_quiet(),
        };
        self.broken.is_none() && is_quiet
    }

    fn is_tls(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }
}

impl fmt::Debug for SocketTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SocketTransport").field(&self.stream).finish()
    }
}
