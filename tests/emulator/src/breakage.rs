//! Replies that no HTTP server would let through: written to the connection as bytes, after HTTP has left it.

use std::fmt;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Response, StatusCode};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Bytes for the connection, and what becomes of it then.
#[derive(Clone, Debug)]
pub(crate) struct Breakage {
    bytes: Vec<u8>,
    then: Then,
}

#[derive(Clone, Debug)]
enum Then {
    Close,
    Stall,
    Repeat { bytes: Vec<u8>, pause: Duration },
}

/// One block of a reply without an end.
const BLOCK: usize = 16 * 1024;
/// The pause between two bytes of a dripping reply.
const DRIP: Duration = Duration::from_millis(50);

impl Breakage {
    /// These bytes, then the end of the connection.
    pub(crate) fn raw(bytes: Vec<u8>) -> Self {
        Breakage {
            bytes,
            then: Then::Close,
        }
    }

    /// Not a byte, and no end either.
    pub(crate) fn stall() -> Self {
        Breakage {
            bytes: Vec::new(),
            then: Then::Stall,
        }
    }

    /// A whole reply's head with half its body, then the end of the connection; or no end, where it stalls.
    pub(crate) fn half(reply: &Response<()>, body: &Bytes, stalls: bool) -> Self {
        // An empty body has no half: one that never comes is promised in its place.
        let promised = body.len().max(64);
        let mut bytes = head(reply, &format!("content-length: {promised}"));
        bytes.extend_from_slice(&body[..body.len() / 2]);
        Breakage {
            bytes,
            then: if stalls { Then::Stall } else { Then::Close },
        }
    }

    /// A body without an end, in chunks: byte after byte with a pause between, or block after block without one.
    pub(crate) fn endless_body(drips: bool) -> Self {
        let (size, pause) = if drips { (1, DRIP) } else { (BLOCK, Duration::ZERO) };
        Breakage {
            bytes: head(&Response::new(()), "transfer-encoding: chunked"),
            then: Then::Repeat {
                bytes: format!("{size:x}\r\n{}\r\n", "a".repeat(size)).into_bytes(),
                pause,
            },
        }
    }

    /// A head without an end: one field after the other.
    pub(crate) fn endless_head() -> Self {
        let bytes = b"HTTP/1.1 200 OK\r\n".to_vec();
        Breakage {
            bytes,
            then: Then::Repeat {
                bytes: b"x-more: and more\r\n".repeat(BLOCK / 18),
                pause: Duration::ZERO,
            },
        }
    }

    /// Plays it; returns when the client is gone, or when the connection shall end.
    pub(crate) async fn play(self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<()> {
        stream.write_all(&self.bytes).await?;
        stream.flush().await?;
        match self.then {
            Then::Close => {}
            Then::Stall => while stream.read(&mut [0; 512]).await? > 0 {},
            Then::Repeat { bytes, pause } => loop {
                stream.write_all(&bytes).await?;
                stream.flush().await?;
                tokio::time::sleep(pause).await;
            },
        }
        stream.shutdown().await
    }
}

fn head(reply: &Response<()>, length: &str) -> Vec<u8> {
    // A 204 has no body, whatever its fields promise.
    let status = match reply.status() {
        StatusCode::NO_CONTENT => StatusCode::OK,
        status => status,
    };
    let mut head = format!("HTTP/1.1 {status}\r\n{length}\r\naccess-control-allow-origin: *\r\n").into_bytes();
    for (name, value) in reply.headers().iter().filter(|(name, _)| *name != "content-length") {
        head.extend_from_slice(name.as_str().as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    head
}

impl fmt::Display for Breakage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the fault switch broke this reply")
    }
}

impl std::error::Error for Breakage {}
