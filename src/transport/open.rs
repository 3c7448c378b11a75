//! An open connection, plain or under TLS, with what is under way in its buffers.

use std::io::{self, ErrorKind, Read, Write};

use http::uri::Authority;
use ureq::unversioned::transport::Buffers;

use super::buffers::{INPUT_BYTES, WipedBuffers};
use super::connection::Connection;
use super::tls::TlsStream;

/// Whom a connection leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub is_tls: bool,
    pub authority: Authority,
}

#[derive(Debug)]
pub(super) enum Stream {
    Plain(Connection),
    Tls(Box<TlsStream>),
}

/// An open connection.
pub(super) struct Open {
    pub(super) origin: Origin,
    stream: Stream,
    pub(super) buffers: WipedBuffers,
    /// Why not all of the request could be sent.
    pub(super) broken: Option<io::Error>,
}

impl Open {
    pub(super) fn new(origin: Origin, stream: Stream) -> Self {
        Open {
            origin,
            stream,
            buffers: WipedBuffers::default(),
            broken: None,
        }
    }

    pub(super) fn connection(&mut self) -> &mut Connection {
        match &mut self.stream {
            Stream::Plain(connection) => connection,
            Stream::Tls(stream) => &mut stream.connection,
        }
    }

    /// Whether the other end still stands, and has sent nothing that nobody asked for.
    pub(super) fn is_quiet(&mut self) -> bool {
        match &mut self.stream {
            Stream::Plain(connection) => connection.is_quiet(),
            Stream::Tls(stream) => stream.is_quiet(),
        }
    }

    pub(super) fn send_pending(&mut self) -> Result<(), ureq::Error> {
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

    /// Sends what is pending, and reads what comes.
    pub(super) fn receive(&mut self) -> Result<usize, ureq::Error> {
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
        Ok(amount)
    }
}
