//! Tunnels through an HTTP proxy (CONNECT), within what connecting has left of its time limit.

use std::io::{self, Read, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ureq::unversioned::transport::{ConnectionDetails, Connector, Either, Transport, TransportAdapter};
use zeroize::Zeroizing;

use super::tls::time_left;
use crate::config::{Proxy, is_loopback};

/// Longest answer of a proxy, in bytes.
const MAX_ANSWER: usize = 8 * 1024;

/// Whether a connection to `host` goes through the proxy: those within this machine never leave it.
pub(super) fn is_proxied(proxy: Option<&Proxy>, host: &str) -> bool {
    proxy.is_some() && !is_loopback(host)
}

/// Turns a connection to the proxy, which the resolver has led to, into one to the host that was asked for.
#[derive(Debug)]
pub(super) struct TunnelConnector(pub(super) Option<Proxy>);

impl<In: Transport> Connector<In> for TunnelConnector {
    type Out = Either<In, Box<dyn Transport>>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        let Some(transport) = chained else {
            return Ok(None);
        };
        let host = details.uri.host().unwrap_or_default();
        let Some(proxy) = self.0.as_ref().filter(|_| !is_loopback(host)) else {
            return Ok(Some(Either::A(transport)));
        };
        let port = details.uri.port_u16();
        let port = port.unwrap_or(if details.needs_tls() { 443 } else { 80 });
        let mut stream = TransportAdapter::new(transport.boxed(), details.current_time.clone());
        stream.set_timeout(time_left(details));
        let status = ask(&mut stream, proxy, host, port).map_err(refused)?;
        if !status.starts_with('2') {
            return Err(ureq::Error::ConnectProxyFailed(status));
        }
        // What has no request cannot be the reply to one.
        if !stream.get_mut().buffers().input().is_empty() {
            return Err(ureq::Error::ConnectProxyFailed("more than an answer".into()));
        }
        Ok(Some(Either::B(stream.into_inner())))
    }
}

/// Only a time limit is the same before the tunnel is open as after.
fn refused(error: io::Error) -> ureq::Error {
    match ureq::Error::from(error) {
        ureq::Error::Timeout(reason) => ureq::Error::Timeout(reason),
        ureq::Error::Io(e) => ureq::Error::ConnectProxyFailed(format!("none: {e}")),
        other => other,
    }
}

/// Asks for a tunnel, and gives the status of the answer, which is read to its end and no further.
fn ask(stream: &mut (impl Read + Write), proxy: &Proxy, host: &str, port: u16) -> io::Result<String> {
    stream.write_all(&request(proxy, host, port))?;
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && !head.ends_with(b"\n\n") {
        if head.len() >= MAX_ANSWER {
            return Err(io::Error::other("it does not end"));
        }
        if stream.read(&mut byte)? == 0 {
            return Err(io::Error::other("the connection was closed"));
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head);
    let status = head.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5));
    status
        .map(str::to_owned)
        .ok_or_else(|| io::Error::other("it is not HTTP"))
}

fn request(proxy: &Proxy, host: &str, port: u16) -> Zeroizing<Vec<u8>> {
    let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nhost: {host}:{port}\r\n");
    if let Some(credentials) = &proxy.credentials {
        let encoded = Zeroizing::new(BASE64_STANDARD.encode(credentials.as_str()));
        request.push_str("proxy-authorization: Basic ");
        request.push_str(&encoded);
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    Zeroizing::new(request.into_bytes())
}
