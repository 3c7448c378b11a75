//! A TCP connection whose reads and writes end when their time is up or their operation is stopped, with as few system
//! calls as that takes.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::Timeout;

use super::race::Line;
use super::watched::Watched;
use crate::operation::{Interrupt, Operation};

/// A time-out of the socket ends before the time is up by this part of what is left, and is set anew once it is early by
/// more than twice as much.
const EARLY: u32 = 50;

/// A connection, and until when what it does now may take.
#[derive(Debug)]
pub(super) struct Connection {
    line: Arc<Line>,
    until: Instant,
    /// While it serves an operation, which may be stopped.
    watched: Option<Watched>,
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
}

impl Connection {
    pub(super) fn new(line: Arc<Line>, until: Instant, operation: &Operation) -> Self {
        let mut connection = Connection {
            line,
            until,
            watched: None,
            read_timeout: None,
            write_timeout: None,
        };
        connection.serve(operation, until);
        connection
    }

    /// From now on it serves this operation, and what is not done by `until` fails.
    pub(super) fn serve(&mut self, operation: &Operation, until: Instant) {
        self.until = until;
        // First the one before: that may be stopped at any time.
        self.watched = None;
        self.watched = Some(Watched::new(operation, Arc::clone(&self.line) as Arc<dyn Interrupt>));
    }

    /// It waits for the next operation; stopping the one before must not hit that.
    pub(super) fn rest(&mut self) {
        self.watched = None;
    }

    /// What is not done by `until` fails.
    pub(super) fn set_until(&mut self, until: Instant) {
        self.until = until;
    }

    /// Whether the other end has neither closed the connection nor sent what nobody asked for.
    pub(super) fn is_quiet(&self) -> bool {
        matches!(self.peek(), Err(e) if e.kind() == ErrorKind::WouldBlock)
    }

    #[cfg(unix)]
    fn peek(&self) -> io::Result<usize> {
        let mut byte = [std::mem::MaybeUninit::uninit()];
        socket2::SockRef::from(&self.line.0).recv_with_flags(&mut byte, libc::MSG_PEEK | libc::MSG_DONTWAIT)
    }

    #[cfg(not(unix))]
    fn peek(&self) -> io::Result<usize> {
        self.line.0.set_nonblocking(true)?;
        let peeked = self.line.0.peek(&mut [0]);
        self.line.0.set_nonblocking(false)?;
        peeked
    }

    /// Time left for what it does.
    fn left(&self) -> io::Result<Duration> {
        match self.until.saturating_duration_since(Instant::now()) {
            Duration::ZERO => Err(ureq::Error::Timeout(Timeout::Global).into_io()),
            left => Ok(left),
        }
    }
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let left = self.left()?;
            if !serves(self.read_timeout, left) {
                self.read_timeout = Some(early(left));
                self.line.0.set_read_timeout(self.read_timeout)?;
            }
            match (&self.line.0).read(buffer) {
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
                self.write_timeout = Some(early(left));
                self.line.0.set_write_timeout(self.write_timeout)?;
            }
            match (&self.line.0).write(bytes) {
                Err(e) if is_time_out(&e) || e.kind() == ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn is_time_out(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Whether the socket's time-out serves for the time left: it wakes no later, and not much too early.
fn serves(set: Option<Duration>, left: Duration) -> bool {
    set.is_some_and(|set| set <= left && left - set <= left / EARLY * 2)
}

/// A little early: the clock is asked again then, and the same serves for the next call, which may take the time again. A
/// time-out of none would be one that never ends.
fn early(left: Duration) -> Duration {
    (left - left / EARLY).max(Duration::from_micros(1))
}
