//! Host names to addresses, remembered for a short time.
//!
//! ureq asks before every call, also where it then takes a kept connection. A system look-up cannot be cancelled, so one
//! that may take time runs in a thread of its own: at most one for a host at a time, however many calls wait for it.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use http::Uri;
use ureq::Timeout;
use ureq::config::Config;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::connection::deadline;
use super::proxy::proxy_for;
use crate::config::{Proxy, is_localhost};

/// How long the addresses of a host are used before it is looked up again.
const REMEMBER: Duration = Duration::from_secs(30);
/// As many as ureq takes.
const MAX_ADDRESSES: usize = 16;

/// A resolver that remembers. Clones share what they remember.
#[derive(Clone, Debug)]
pub(super) struct RememberingResolver {
    /// Where connections go that leave this machine, in place of the host that is asked for.
    proxy: Option<Proxy>,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    hosts: Mutex<HashMap<String, LookUp>>,
    /// A look-up has ended.
    ended: Condvar,
}

#[derive(Debug)]
enum LookUp {
    UnderWay,
    Known(Vec<IpAddr>, Instant),
    Failed,
}

impl RememberingResolver {
    pub(super) fn new(proxy: Option<Proxy>) -> Self {
        RememberingResolver {
            proxy,
            shared: Arc::default(),
        }
    }

    /// Forgets every address, so that the next call looks again: the last ones did not lead anywhere.
    pub(super) fn forget(&self) {
        self.shared
            .lock()
            .retain(|_, look_up| matches!(look_up, LookUp::UnderWay));
    }
}

impl Resolver for RememberingResolver {
    fn resolve(&self, uri: &Uri, _: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().ok_or(ureq::Error::HostNotFound)?;
        let default_port = if uri.scheme_str() == Some("https") { 443 } else { 80 };
        let port = uri.port_u16().unwrap_or(default_port);
        let (host, port) = match proxy_for(self.proxy.as_ref(), host) {
            Some(proxy) => (proxy.host.as_str(), proxy.port),
            None => (host, port),
        };
        let addresses = match literal(host) {
            Some(known) => known,
            None => self.shared.addresses(host, timeout)?,
        };
        let mut result = self.empty();
        for ip in addresses.into_iter().take(MAX_ADDRESSES) {
            result.push(SocketAddr::new(ip, port));
        }
        if result.is_empty() {
            Err(ureq::Error::HostNotFound)
        } else {
            Ok(result)
        }
    }
}

/// The addresses of a host that no name server needs to be asked for.
fn literal(host: &str) -> Option<Vec<IpAddr>> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if is_localhost(bare) {
        return Some(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
    }
    bare.parse().ok().map(|ip| vec![ip])
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, LookUp>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The addresses of `host`: remembered, or from the look-up under way, or from one that starts here.
    fn addresses(self: &Arc<Self>, host: &str, timeout: NextTimeout) -> Result<Vec<IpAddr>, ureq::Error> {
        let (until, _) = deadline(timeout);
        let mut hosts = self.lock();
        let mut waited = false;
        let mut started = None;
        let found = loop {
            match hosts.get(host) {
                Some(LookUp::Known(addresses, at)) if at.elapsed() < REMEMBER => break Ok(addresses.clone()),
                // A failure that another call met before this one is no answer to this one.
                Some(LookUp::Failed) if waited => break Err(ureq::Error::HostNotFound),
                Some(LookUp::UnderWay) => {}
                _ => {
                    started = Some(self.start(host)?);
                    hosts.insert(host.to_owned(), LookUp::UnderWay);
                }
            }
            // Whosever limit it was: nothing has been sent.
            hosts = self.wait(hosts, until).ok_or(ureq::Error::Timeout(Timeout::Resolve))?;
            waited = true;
        };
        drop(hosts);
        // It has answered, and has nothing left to do but to end: the caller shall find no thread of the library's.
        if let Some(thread) = started {
            let _ = thread.join();
        }
        found
    }

    /// Waits until some look-up ends; `None` once `until` has passed.
    fn wait<'a, T>(&self, guard: MutexGuard<'a, T>, until: Option<Instant>) -> Option<MutexGuard<'a, T>> {
        let Some(until) = until else {
            return Some(self.ended.wait(guard).unwrap_or_else(PoisonError::into_inner));
        };
        let left = until.checked_duration_since(Instant::now())?;
        let (guard, _) = self
            .ended
            .wait_timeout(guard, left)
            .unwrap_or_else(PoisonError::into_inner);
        Some(guard)
    }

    /// Starts the look-up of `host` in a thread, which ends when the system answers, whether or not a call still waits.
    fn start(self: &Arc<Self>, host: &str) -> io::Result<JoinHandle<()>> {
        let shared = Arc::clone(self);
        let host = host.to_owned();
        thread::Builder::new().name("libxq-look-up".into()).spawn(move || {
            let found = (host.as_str(), 0).to_socket_addrs();
            let look_up = match found {
                Ok(found) => LookUp::Known(distinct(found), Instant::now()),
                Err(_) => LookUp::Failed,
            };
            shared.lock().insert(host, look_up);
            shared.ended.notify_all();
        })
    }
}

fn distinct(found: impl Iterator<Item = SocketAddr>) -> Vec<IpAddr> {
    let mut addresses = Vec::new();
    for socket in found {
        if !addresses.contains(&socket.ip()) {
            addresses.push(socket.ip());
        }
    }
    addresses
}
