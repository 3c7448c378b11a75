//! Tunnels through an HTTP proxy (CONNECT).

use std::io::{self, Read, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use super::connection::Connection;
use crate::address::is_loopback;
use crate::config::Proxy;

/// Longest answer of a proxy, in bytes.
const MAX_ANSWER: usize = 8 * 1024;

/// The proxy that a connection to `host` goes through: those within this machine never leave it.
pub(super) fn proxy_for<'a>(proxy: Option<&'a Proxy>, host: &str) -> Option<&'a Proxy> {
    proxy.filter(|_| !is_loopback(host))
}

/// Turns a connection to `proxy` into one to `host`.
pub(super) fn tunnel(connection: &mut Connection, proxy: &Proxy, host: &str, port: u16) -> Result<(), ureq::Error> {
    let status = ask(connection, proxy, host, port).map_err(refused)?;
    if !status.starts_with('2') {
        return Err(ureq::Error::ConnectProxyFailed(status));
    }
    // What has no request cannot be the reply to one.
    if !connection.is_quiet() {
        return Err(ureq::Error::ConnectProxyFailed("more than an answer".into()));
    }
    Ok(())
}

/// Only a time limit is the same before the tunnel is open as after.
fn refused(error: io::Error) -> ureq::Error {
    match ureq::Error::from(error) {
        ureq::Error::Io(e) => ureq::Error::ConnectProxyFailed(format!("none: {e}")),
        other => other,
    }
}

/// Asks for a tunnel, and gives the status of the answer, which is read to its end and no further; with the schemes that
/// the proxy asks for, where Basic is none of them.
fn ask(connection: &mut Connection, proxy: &Proxy, host: &str, port: u16) -> io::Result<String> {
    connection.write_all(&request(proxy, host, port))?;
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && !head.ends_with(b"\n\n") {
        if head.len() >= MAX_ANSWER {
            return Err(io::Error::other("it does not end"));
        }
        if connection.read(&mut byte)? == 0 {
            return Err(io::Error::other("the connection was closed"));
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head);
    let status = head.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5));
    let status = status.ok_or_else(|| io::Error::other("it is not HTTP"))?;
    let schemes = schemes(&head);
    let has_basic = schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case("basic"));
    if status != "407" || schemes.is_empty() || has_basic {
        return Ok(status.to_owned());
    }
    Ok(format!("{status} {}", schemes.join(", ")))
}

/// The schemes that `Proxy-Authenticate` offers in the head of an answer, in its order (RFC 9110, 11.6.1).
fn schemes(head: &str) -> Vec<&str> {
    let fields = head.lines().filter_map(|line| line.split_once(':'));
    let offers = fields.filter(|(name, _)| name.eq_ignore_ascii_case("proxy-authenticate"));
    offers.flat_map(|(_, offer)| items(offer)).filter_map(scheme).collect()
}

/// What stands between the commas of a field, those between quotes aside.
fn items(field: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    let mut is_escaped = false;
    field.split(move |c| {
        let ends = c == ',' && !is_quoted;
        is_quoted ^= c == '"' && !is_escaped;
        is_escaped = c == '\\' && is_quoted && !is_escaped;
        ends
    })
}

/// The scheme that an item begins with, if it is no parameter (`name=value`) of the one before.
fn scheme(item: &str) -> Option<&str> {
    let item = item.trim();
    let name = item.split([' ', '\t', '=']).next()?;
    let is_parameter = item[name.len()..].trim_start().starts_with('=');
    let is_token = !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    (is_token && !is_parameter).then_some(name)
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
