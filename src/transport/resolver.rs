//! Host names to addresses, remembered for a short time.
//!
//! A system look-up cannot be cancelled, so one that may take time runs in a thread of its own: at most one for a host at a
//! time, however many calls wait for it.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use ureq::Timeout;

use super::watched::Watched;
use crate::address::is_localhost;
use crate::operation::{Interrupt, Operation};

/// How long the addresses of a host are used before it is looked up again.
const REMEMBER: Duration = Duration::from_secs(30);
/// As many of a host's addresses as are tried.
const MAX_ADDRESSES: usize = 16;

/// A resolver that remembers.
#[derive(Debug, Default)]
pub(super) struct RememberingResolver(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    hosts: Mutex<HashMap<String, LookUp>>,
    /// A look-up has ended.
    ended: Condvar,
}

type Found = Result<Vec<IpAddr>, ureq::Error>;

#[derive(Debug)]
enum LookUp {
    UnderWay,
    Known(Vec<IpAddr>, Instant),
    Failed,
}

impl RememberingResolver {
    /// The addresses of `host`, known by `until`.
    pub(super) fn addresses(
        &self,
        host: &str,
        until: Instant,
        operation: &Operation,
    ) -> Result<Vec<IpAddr>, ureq::Error> {
        let mut addresses = match literal(host) {
            Some(known) => known,
            None => self.0.addresses(host, until, operation)?,
        };
        addresses.truncate(MAX_ADDRESSES);
        if addresses.is_empty() {
            return Err(ureq::Error::HostNotFound);
        }
        Ok(addresses)
    }

    /// The address that a connection came about with is the first to be tried for as long as it is remembered.
    pub(super) fn prefer(&self, host: &str, address: IpAddr) {
        if let Some(LookUp::Known(addresses, _)) = self.0.lock().get_mut(host)
            && let Some(at) = addresses.iter().position(|known| *known == address)
        {
            addresses[..=at].rotate_right(1);
        }
    }

    /// Forgets every address, so that the next call looks again: the last ones did not lead anywhere.
    pub(super) fn forget(&self) {
        self.0.lock().retain(|_, look_up| matches!(look_up, LookUp::UnderWay));
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
    fn addresses(
        self: &Arc<Self>,
        host: &str,
        until: Instant,
        operation: &Operation,
    ) -> Result<Vec<IpAddr>, ureq::Error> {
        if let Some(LookUp::Known(addresses, at)) = self.lock().get(host)
            && at.elapsed() < REMEMBER
        {
            return Ok(addresses.clone());
        }
        // Before the lock is taken again, and given back after it: whoever stops the operation takes the two the other way.
        let _watched = Watched::new(operation, Arc::clone(self) as Arc<dyn Interrupt>);
        let (found, started) = self.look_up(host, until, operation)?;
        // It has answered, and has nothing left to do but to end: the caller shall find no thread of the library's.
        if let Some(thread) = started {
            let _ = thread.join();
        }
        found
    }

    /// What the look-up under way finds, or one that starts here, whose thread it then gives.
    fn look_up(
        self: &Arc<Self>,
        host: &str,
        until: Instant,
        operation: &Operation,
    ) -> Result<(Found, Option<JoinHandle<()>>), ureq::Error> {
        let mut hosts = self.lock();
        let mut waited = false;
        let mut started = None;
        loop {
            match hosts.get(host) {
                Some(LookUp::Known(addresses, at)) if at.elapsed() < REMEMBER => {
                    return Ok((Ok(addresses.clone()), started));
                }
                // A failure that another call met before this one is no answer to this one.
                Some(LookUp::Failed) if waited => return Ok((Err(ureq::Error::HostNotFound), started)),
                Some(LookUp::UnderWay) => {}
                _ => {
                    started = Some(self.start(host)?);
                    hosts.insert(host.to_owned(), LookUp::UnderWay);
                }
            }
            if operation.is_stopped() {
                return Err(ureq::Error::Timeout(Timeout::Resolve));
            }
            hosts = self.wait(hosts, until).ok_or(ureq::Error::Timeout(Timeout::Resolve))?;
            waited = true;
        }
    }

    /// Waits until some look-up ends; `None` once `until` has passed.
    fn wait<'a, T>(&self, guard: MutexGuard<'a, T>, until: Instant) -> Option<MutexGuard<'a, T>> {
        let left = until.checked_duration_since(Instant::now())?;
        let waited = self.ended.wait_timeout(guard, left);
        Some(waited.unwrap_or_else(PoisonError::into_inner).0)
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

impl Interrupt for Shared {
    fn interrupt(&self) {
        // The lock is free once everybody waits, and nobody who looks after this waits.
        drop(self.lock());
        self.ended.notify_all();
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
