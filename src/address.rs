//! The address of a service or of a proxy, taken apart (RFC 3986, as far as such an address goes).

use core::net::{IpAddr, Ipv6Addr};

/// An absolute address. Its parts are texts of the one that was given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Address<'a> {
    pub scheme: &'a str,
    /// A name, an IPv4 address, or an IPv6 address in brackets.
    pub host: &'a str,
    /// What stands after the colon, where there is one.
    pub port: Option<&'a str>,
    /// With the slash in front; empty where there is none.
    pub path: &'a str,
    /// Whether a user name stands before the host, or a query or a fragment after the path.
    pub has_user: bool,
    pub has_query: bool,
}

impl<'a> Address<'a> {
    /// `None` where there are no such parts, or characters that cannot stand in them.
    pub(crate) fn parse(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let end = rest.find(['?', '#']).unwrap_or(rest.len());
        let (path, query) = rest.split_at(end);
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, authority),
        };
        // The colons of an IPv6 address are none of a port.
        let after_host = place.rfind(']').map_or(0, |bracket| bracket + 1);
        let (host, port) = match place[after_host..].find(':') {
            Some(colon) => (&place[..after_host + colon], Some(&place[after_host + colon + 1..])),
            None => (place, None),
        };
        let is_fit = !host.is_empty() && [authority, path].iter().all(|part| part.bytes().all(may_stand));
        is_fit.then_some(Address {
            scheme,
            host,
            port,
            path,
            has_user: user.is_some(),
            has_query: !query.is_empty(),
        })
    }

    /// Whether the host is a name (letters, digits, `-` and `_`, in parts between dots) or an IPv6 address in brackets.
    pub(crate) fn names_host(&self) -> bool {
        if let Some(address) = self.host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            return address.parse::<Ipv6Addr>().is_ok();
        }
        let is_part = |part: &str| {
            !part.is_empty()
                && !part.starts_with('-')
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        self.host.strip_suffix('.').unwrap_or(self.host).split('.').all(is_part)
    }

    /// The port, where there is one between 1 and 65535; `None` where there is another.
    pub(crate) fn port_or(&self, default: u16) -> Option<u16> {
        let Some(text) = self.port else {
            return Some(default);
        };
        let is_number = text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|port| is_number && *port != 0)
    }
}

/// Whether a byte may stand in an authority or a path. What does not is encoded; beyond ASCII is nothing.
fn may_stand(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/%[]".contains(&byte)
}

/// Whether `host`, as it stands in an address, is this machine whatever a name server says.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => is_localhost(bare),
    }
}

/// Whether `name` is `localhost` or under it (RFC 6761).
pub(crate) fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let split = name.len().checked_sub("localhost".len());
    split
        .and_then(|at| name.split_at_checked(at))
        .is_some_and(|(above, last)| {
            last.eq_ignore_ascii_case("localhost") && (above.is_empty() || above.ends_with('.'))
        })
}
