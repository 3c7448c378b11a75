//! A TCP connection whose reads and writes end when their time is up, with as few system calls as that takes.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use ureq::Timeout;
use ureq::unversioned::transport::NextTimeout;
use ureq::unversioned::transport::time::Duration as Limit;

/// A time-out of the socket ends before the time is up by this part of what is left, and is set anew once it is early by
/// more than twice as much.
const EARLY: u32 = 50;

/// A connection, and until when what it does now may take.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    until: Option<Instant>,
    /// Whose limit that is.
    reason: Timeout,
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
}

impl Connection {
    /// Tries the addresses in turn, each with an equal share of the time left.
    pub(super) fn open(addresses: &[SocketAddr], timeout: NextTimeout) -> Result<Self, ureq::Error> {
        let (until, reason) = deadline(timeout);
        let mut last = ureq::Error::HostNotFound;
        for (index, address) in addresses.iter().enumerate() {
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            let left_to_try = (addresses.len() - index) as u32;
            let attempt = match left {
                Some(left) if left.is_zero() => return Err(ureq::Error::Timeout(reason)),
                Some(left) => TcpStream::connect_timeout(address, left / left_to_try),
                None => TcpStream::connect(address),
            };
            match attempt {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    return Ok(Connection {
                        stream,
                        until,
                        reason,
                        read_timeout: None,
                        write_timeout: None,
                    });
                }
                Err(e) if is_time_out(&e) => last = ureq::Error::Timeout(reason),
                Err(e) => last = e.into(),
            }
        }
        Err(last)
    }

    /// From now on, what takes longer than this fails.
    pub(super) fn set_timeout(&mut self, timeout: NextTimeout) {
        (self.until, self.reason) = deadline(timeout);
    }

    /// Whether the other end has neither closed the connection nor sent what nobody asked for.
    pub(super) fn is_quiet(&self) -> bool {
        matches!(self.peek(), Err(e) if e.kind() == ErrorKind::WouldBlock)
    }

    #[cfg(unix)]
    fn peek(&self) -> io::Result<usize> {
        let mut byte = [std::mem::MaybeUninit::uninit()];
        socket2::SockRef::from(&self.stream).recv_with_flags(&mut byte, libc::MSG_PEEK | libc::MSG_DONTWAIT)
    }

    #[cfg(not(unix))]
    fn peek(&self) -> io::Result<usize> {
        self.stream.set_nonblocking(true)?;
        let peeked = self.stream.peek(&mut [0]);
        self.stream.set_nonblocking(false)?;
        peeked
    }

    /// Time left for the operation at hand.
    fn left(&self) -> io::Result<Option<Duration>> {
        match self.until.map(|until| until.saturating_duration_since(Instant::now())) {
            Some(left) if left.is_zero() => Err(self.time_out()),
            left => Ok(left),
        }
    }

    fn time_out(&self) -> io::Error {
        ureq::Error::Timeout(self.reason).into_io()
    }
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let left = self.left()?;
            if !serves(self.read_timeout, left) {
                self.read_timeout = left.map(early);
                self.stream.set_read_timeout(self.read_timeout)?;
            }
            match self.stream.read(buffer) {
                // Too early, or a signal: the clock above has the last word.
                Err(e) if is_time_out(&e) || e.kind() == ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }
}

/// One piece at a time: the standard library's `write_vectored` raises SIGPIPE, and its `write` does not.
impl Write for Connection {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            let left = self.left()?;
            if !serves(self.write_timeout, left) {
                self.write_timeout = left.map(early);
                self.stream.set_write_timeout(self.write_timeout)?;
            }
            match self.stream.write(bytes) {
                Err(e) if is_time_out(&e) || e.kind() == ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// When the time is up, and whose limit that is.
pub(super) fn deadline(timeout: NextTimeout) -> (Option<Instant>, Timeout) {
    let until = match timeout.after {
        Limit::Exact(limit) => Instant::now().checked_add(limit),
        Limit::NotHappening => None,
    };
    (until, timeout.reason)
}

fn is_time_out(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Whether the socket's time-out serves for the time left: it wakes no later, and not much too early.
fn serves(set: Option<Duration>, left: Option<Duration>) -> bool {
    match (set, left) {
        (Some(set), Some(left)) => set <= left && left - set <= left / EARLY * 2,
        (set, left) => set == left,
    }
}

/// A little early: the clock is asked again then, and the same serves for the next call, which may take the time again.
fn early(left: Duration) -> Duration {
    left - left / EARLY
}
