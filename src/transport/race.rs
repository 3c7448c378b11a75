//! One connection to a host of several addresses: attempts that overlap, of which the first to succeed wins (RFC 8305).
//!
//! All on the calling thread: sockets that do not block, and one wait for all of them.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use socket2::{Domain, Protocol, Socket, Type};

use super::watched::Watched;
use crate::operation::{Interrupt, Operation};

/// How long an attempt is alone before the next one joins it.
const HEAD_START: Duration = Duration::from_millis(250);
/// How long a wait may be: on Linux the shutting down of a socket ends it, elsewhere a look now and then does.
const LONGEST_WAIT: Duration = if cfg!(any(target_os = "linux", target_os = "android")) {
    Duration::from_secs(3600)
} else {
    Duration::from_millis(50)
};

/// A socket that another thread may shut down.
#[derive(Debug)]
pub(super) struct Line(pub(super) TcpStream);

impl Interrupt for Line {
    fn interrupt(&self) {
        // Where it is not connected, or not any more, there is nothing to end.
        let _ = self.0.shutdown(Shutdown::Both);
    }
}

/// Why there is no connection.
#[derive(Debug)]
pub(super) struct NotConnected {
    /// How many addresses were tried.
    pub tried: usize,
    /// How the last of them failed; `None` where it had not by the end of the time.
    pub last: Option<io::Error>,
    /// Whether the time was up.
    pub timed_out: bool,
}

impl std::fmt::Display for NotConnected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no connection")
    }
}

impl std::error::Error for NotConnected {}

/// A connection to one of `addresses`, which are tried in this order but for families, that take turns.
pub(super) fn connect(
    addresses: &[SocketAddr],
    until: Instant,
    operation: &Operation,
) -> Result<(Arc<Line>, SocketAddr), NotConnected> {
    let mut race = Race {
        under_way: Vec::new(),
        last: None,
    };
    let mut to_try = in_turns(addresses).into_iter();
    let mut tried = 0;
    let mut next_at = Instant::now();
    loop {
        let now = Instant::now();
        if now >= until || operation.is_stopped() {
            return Err(race.lost(tried, true));
        }
        if now >= next_at || race.under_way.is_empty() {
            if let Some(address) = to_try.next() {
                tried += 1;
                if !race.enter(address, operation) {
                    next_at = now;
                    continue;
                }
                next_at = now + HEAD_START;
            } else if race.under_way.is_empty() {
                return Err(race.lost(tried, false));
            }
        }
        let wake = if to_try.len() > 0 { next_at.min(until) } else { until };
        match race.wait(wake.saturating_duration_since(Instant::now())) {
            Outcome::Won(line, address) => return Ok((line, address)),
            // The next one need not wait for what is over.
            Outcome::OneLess => next_at = now,
            Outcome::Nothing => {}
        }
    }
}

/// The attempts under way.
struct Race {
    under_way: Vec<Attempt>,
    /// How the last one failed that did.
    last: Option<io::Error>,
}

struct Attempt {
    line: Arc<Line>,
    address: SocketAddr,
    _watched: Watched,
}

enum Outcome {
    Won(Arc<Line>, SocketAddr),
    OneLess,
    Nothing,
}

impl Race {
    /// Begins an attempt; `false` if it has failed at once.
    fn enter(&mut self, address: SocketAddr, operation: &Operation) -> bool {
        match begin(address) {
            Ok(socket) => {
                let line = Arc::new(Line(socket));
                self.under_way.push(Attempt {
                    _watched: Watched::new(operation, Arc::clone(&line) as Arc<dyn Interrupt>),
                    line,
                    address,
                });
            }
            Err(e) => {
                self.last = Some(e);
                return false;
            }
        }
        true
    }

    /// Waits until an attempt succeeds or fails, or `time` is up.
    fn wait(&mut self, time: Duration) -> Outcome {
        let mut waiting: Vec<PollFd> = self
            .under_way
            .iter()
            .map(|attempt| PollFd::new(&attempt.line.0, PollFlags::OUT))
            .collect();
        let time = Timespec::try_from(time.min(LONGEST_WAIT)).ok();
        if let Err(e) = poll(&mut waiting, time.as_ref()) {
            if e != Errno::INTR {
                self.last = Some(e.into());
                self.under_way.clear();
                return Outcome::OneLess;
            }
            return Outcome::Nothing;
        }
        let ready = waiting.iter().position(|one| !one.revents().is_empty());
        drop(waiting);
        let Some(ready) = ready else {
            return Outcome::Nothing;
        };
        let attempt = self.under_way.swap_remove(ready);
        match settled(&attempt.line.0) {
            Ok(()) => Outcome::Won(attempt.line, attempt.address),
            Err(e) => {
                self.last = Some(e);
                Outcome::OneLess
            }
        }
    }

    fn lost(self, tried: usize, timed_out: bool) -> NotConnected {
        NotConnected {
            tried,
            last: if self.under_way.is_empty() { self.last } else { None },
            timed_out,
        }
    }
}

/// A socket on its way to `address`.
fn begin(address: SocketAddr) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    match socket.connect(&address.into()) {
        Err(e) if !matches!(Errno::from_io_error(&e), Some(Errno::INPROGRESS | Errno::WOULDBLOCK)) => Err(e),
        _ => Ok(socket.into()),
    }
}

/// What came of an attempt that is over; it blocks from now on.
fn settled(stream: &TcpStream) -> io::Result<()> {
    if let Some(e) = stream.take_error()? {
        return Err(e);
    }
    // One that was shut down on its way has no error, and no other end.
    stream.peer_addr()?;
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)
}

/// The addresses with the two families in turn, that of the first one first.
fn in_turns(addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    let first = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (ours, theirs): (Vec<SocketAddr>, Vec<SocketAddr>) = addresses.iter().partition(|a| a.is_ipv6() == first);
    let mut turns = Vec::with_capacity(addresses.len());
    let (mut ours, mut theirs) = (ours.into_iter(), theirs.into_iter());
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => return turns,
            (one, other) => turns.extend(one.into_iter().chain(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_families_take_turns() {
        let six = |n| SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, n], 1));
        let four = |n| SocketAddr::from(([127, 0, 0, n], 1));
        assert_eq!(
            in_turns(&[six(1), six(2), six(3), four(1)]),
            [six(1), four(1), six(2), six(3)]
        );
        assert_eq!(in_turns(&[four(1), six(1), six(2)]), [four(1), six(1), six(2)]);
        assert_eq!(in_turns(&[]), []);
    }
}
