//! HTTP over the library's own kept connections: the only place, with its neighbours, that knows ureq and rustls.

use std::cell::RefCell;
use std::fmt;
use std::mem::ManuallyDrop;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderName, HeaderValue, header};
use rustls::ClientConfig;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};
use ureq::{Agent, Timeout};

use super::buffers::{MAX_HEAD_BYTES, SENT_TOGETHER};
use super::connection::Connection;
use super::failure::{Failing, Failure, Head};
use super::kept::Kept;
use super::open::{Open, Origin, Stream};
use super::proxy::{proxy_for, tunnel};
use super::race;
use super::resolver::RememberingResolver;
use super::retry_after::retry_after;
use super::roots;
use super::tls::{TlsStream, client_config};
use crate::config::{Config, Proxy};
use crate::error::Error;
use crate::exchange::{Limits, Request, Response, is_html};
use crate::operation::Operation;
use crate::secret::SecretBytes;

/// As much memory is set aside for a reply because it announces its length, in bytes; the rest as it comes.
const MAX_TRUSTED_LENGTH: usize = 4 * 1024 * 1024;

/// The connections of a handle, and of those made from it.
pub(super) struct Sockets {
    agent: Agent,
    shared: Arc<Shared>,
}

struct Shared {
    resolver: RememberingResolver,
    kept: Kept,
    proxy: Option<Proxy>,
    tls: Arc<ClientConfig>,
    connect_timeout: Duration,
}

thread_local! {
    /// The exchange that this thread is in: ureq hands a connector nothing of the request that it connects for.
    /// Empty outside of one, so that there is nothing to drop as the thread ends; a call may come even later.
    static UNDER_WAY: RefCell<ManuallyDrop<Option<UnderWay>>> = const { RefCell::new(ManuallyDrop::new(None)) };
}

/// Makes an exchange known to the connector, for as long as it lives.
struct MadeKnown;

impl MadeKnown {
    fn new(under_way: Option<UnderWay>) -> Self {
        drop(ManuallyDrop::into_inner(
            UNDER_WAY.replace(ManuallyDrop::new(under_way)),
        ));
        MadeKnown
    }
}

impl Drop for MadeKnown {
    fn drop(&mut self) {
        drop(ManuallyDrop::into_inner(UNDER_WAY.replace(ManuallyDrop::new(None))));
    }
}

#[derive(Clone)]
struct UnderWay {
    operation: Arc<Operation>,
    until: Instant,
}

impl Sockets {
    pub(super) fn new(config: &Config) -> Result<Self, Error> {
        let shared = Arc::new(Shared {
            resolver: RememberingResolver::default(),
            kept: Kept::default(),
            proxy: config.proxy.clone(),
            tls: client_config(roots::trusted(config)?)?,
            connect_timeout: config.limits.connect_timeout,
        });
        let connector = SocketConnector(Arc::clone(&shared));
        Ok(Sockets {
            agent: Agent::with_parts(agent_config(), connector, NoResolver),
            shared,
        })
    }

    pub(super) fn send(&self, request: Request, limits: &Limits) -> Result<Response, Error> {
        let url = request.url;
        let operation = request.operation;
        let left = operation.left();
        let until = Instant::now().checked_add(left);
        let made_known = MadeKnown::new(until.map(|until| UnderWay {
            operation: Arc::clone(operation),
            until,
        }));
        let result = self.exchange(request, limits.max_reply_bytes);
        drop(made_known);
        result.map_err(|failure| {
            // A reply, though it be none of use, came from the right place; and that the program gave up says nothing of it.
            if matches!(failure, Failure::Ureq(_)) && !operation.is_stopped() {
                self.shared.resolver.forget();
            }
            Failing {
                url,
                proxy: self.shared.proxy.as_ref(),
                limits,
                timeout: operation.limit(),
                left,
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
        let head = Head { status, is_html };
        let body = if tells_its_end(&response) {
            read(head, response.into_body(), max_reply_bytes)
        } else {
            // One that ends with its connection is not to be told from one that was cut short.
            Err(Failure::NoEnd(head))
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

fn read(head: Head, body: ureq::Body, limit: usize) -> Result<SecretBytes, Failure> {
    // An announced length saves growing.
    let announced = body.content_length().and_then(|n| usize::try_from(n).ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Failure::TooLarge(head));
    }
    // One byte more: the end is only seen by reading on, and C ends a text with a NUL.
    let mut bytes = SecretBytes::with_capacity(announced.unwrap_or(0).min(MAX_TRUSTED_LENGTH) + 1);
    let mut reader = body.into_reader();
    while bytes.read_from(&mut reader).map_err(ureq::Error::from)? > 0 {
        if bytes.len() > limit {
            return Err(Failure::TooLarge(head));
        }
    }
    Ok(bytes)
}

impl fmt::Debug for Sockets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sockets").finish_non_exhaustive()
    }
}

fn agent_config() -> ureq::config::Config {
    Agent::config_builder()
        // Said even so: ureq would take one from the environment. Tunnels are made by this module's own connector.
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        // Connections are kept here, and what takes too long ends here.
        .max_idle_connections(0)
        .max_response_header_size(MAX_HEAD_BYTES)
        .accept("")
        .accept_encoding("")
        .user_agent("")
        .build()
}

/// ureq wants an address before each request, also where a connection is kept; the connector finds its own.
#[derive(Debug)]
struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(
        &self,
        _: &http::Uri,
        _: &ureq::config::Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut none = self.empty();
        none.push(SocketAddr::from(([0, 0, 0, 0], 0)));
        Ok(none)
    }
}

/// Makes connections, where none is kept: TCP, then a tunnel where there is a proxy, then TLS where the address says so.
#[derive(Debug)]
struct SocketConnector(Arc<Shared>);

impl Connector for SocketConnector {
    type Out = SocketTransport;

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<SocketTransport>, ureq::Error> {
        let under_way = UNDER_WAY.with_borrow(|known| Option::clone(known));
        let under_way = under_way.ok_or(ureq::Error::ConnectionFailed)?;
        let authority = details.uri.authority().ok_or(ureq::Error::HostNotFound)?;
        let origin = Origin {
            is_tls: details.needs_tls(),
            authority: authority.clone(),
        };
        let (open, idle_since) = match self.0.kept.take(&origin) {
            Some((mut open, since)) => {
                let UnderWay { operation, until } = &under_way;
                open.connection().serve(operation, *until);
                (open, Some(since))
            }
            None => (self.0.open(origin, &under_way)?, None),
        };
        Ok(Some(SocketTransport {
            open: Some(open),
            idle_since,
            operation: under_way.operation,
            shared: Arc::clone(&self.0),
            is_done: false,
        }))
    }
}

impl Shared {
    fn open(&self, origin: Origin, under_way: &UnderWay) -> Result<Open, ureq::Error> {
        let host = origin.authority.host().to_owned();
        let default_port = if origin.is_tls { 443 } else { 80 };
        let port = origin.authority.port_u16().unwrap_or(default_port);
        let proxy = proxy_for(self.proxy.as_ref(), &host);
        let hop = match proxy {
            Some(proxy) => (proxy.host.as_str(), proxy.port),
            None => (host.as_str(), port),
        };
        let mut connection = self.connection(hop, under_way)?;
        let not_in_time = |e| match e {
            // Whosever limit it was: nothing has been sent.
            ureq::Error::Timeout(_) => ureq::Error::Timeout(Timeout::Connect),
            other => other,
        };
        if let Some(proxy) = proxy {
            tunnel(&mut connection, proxy, &host, port).map_err(not_in_time)?;
        }
        let stream = if origin.is_tls {
            Stream::Tls(Box::new(
                TlsStream::open(&self.tls, &host, connection).map_err(not_in_time)?,
            ))
        } else {
            Stream::Plain(connection)
        };
        let mut open = Open::new(origin, stream);
        open.connection().set_until(under_way.until);
        Ok(open)
    }

    /// A connection to the first hop: its name has the connect limit, and so has all that follows, TLS included.
    fn connection(&self, (host, port): (&str, u16), under_way: &UnderWay) -> Result<Connection, ureq::Error> {
        let UnderWay { operation, until } = under_way;
        let soon = || match Instant::now().checked_add(self.connect_timeout) {
            Some(limit) => limit.min(*until),
            None => *until,
        };
        let addresses = self.resolver.addresses(host, soon(), operation)?;
        let addresses: Vec<SocketAddr> = addresses.into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
        let connected_by = soon();
        let (line, address) = race::connect(&addresses, connected_by, operation)
            .map_err(|failure| ureq::Error::Other(Box::new(failure)))?;
        self.resolver.prefer(host, address.ip());
        Ok(Connection::new(line, connected_by, operation))
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

/// A connection as ureq uses it, for one exchange.
struct SocketTransport {
    /// Until this is dropped.
    open: Option<Open>,
    /// Since when it had been idle, where it was kept.
    idle_since: Option<Duration>,
    operation: Arc<Operation>,
    shared: Arc<Shared>,
    /// Whether the exchange is whole, so that another may follow.
    is_done: bool,
}

impl SocketTransport {
    fn open(&mut self) -> Result<&mut Open, ureq::Error> {
        self.open.as_mut().ok_or(ureq::Error::ConnectionFailed)
    }

    /// Does `work` with the connection. Where it fails that was kept, so would those that were kept as long.
    fn with<T>(&mut self, work: impl FnOnce(&mut Open) -> Result<T, ureq::Error>) -> Result<T, ureq::Error> {
        let result = work(self.open()?);
        if result.is_err() {
            self.has_died();
        }
        result
    }

    /// Closes what was kept as long, unless it was the program that ended this one.
    fn has_died(&self) {
        if let Some(since) = self.idle_since
            && !self.operation.is_stopped()
        {
            self.shared.kept.drop_older(since);
        }
    }
}

impl Transport for SocketTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        match &mut self.open {
            Some(open) => &mut open.buffers,
            None => unreachable!("it is only taken out as this is dropped"),
        }
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        self.operation.sending();
        self.with(|open| {
            open.buffers.add_pending(amount);
            if open.buffers.pending().len() > SENT_TOGETHER {
                open.send_pending()?;
            }
            Ok(())
        })
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
        let amount = self.with(Open::receive)?;
        if amount == 0 {
            self.has_died();
        }
        Ok(amount > 0)
    }

    /// ureq asks when an exchange is whole, whether to keep the connection. It is not for ureq to keep.
    fn is_open(&mut self) -> bool {
        self.is_done = self.open.as_ref().is_some_and(|open| open.broken.is_none());
        false
    }

    fn is_tls(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.origin.is_tls)
    }
}

impl Drop for SocketTransport {
    fn drop(&mut self) {
        if let Some(mut open) = self.open.take_if(|_| self.is_done) {
            open.connection().rest();
            self.shared.kept.put(open);
        }
    }
}

impl fmt::Debug for SocketTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketTransport").finish_non_exhaustive()
    }
}
