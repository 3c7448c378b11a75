//! TLS: rustls over a connection.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{AlertDescription, ClientConfig, ClientConnection, IoState, RootCertStore};

use super::connection::Connection;
use super::provider::provider;
use crate::error::Error;

/// TLS that trusts `roots`.
pub(super) fn client_config(roots: RootCertStore) -> Result<Arc<ClientConfig>, Error> {
    let config = ClientConfig::builder_with_provider(Arc::new(provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::configuration(format!("TLS cannot be set up: {e}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// A connection under TLS.
#[derive(Debug)]
pub(super) struct TlsStream {
    session: ClientConnection,
    pub(super) connection: Connection,
}

impl TlsStream {
    /// Shakes hands with `host`.
    pub(super) fn open(config: &Arc<ClientConfig>, host: &str, connection: Connection) -> Result<Self, ureq::Error> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(bare.to_owned())
            .map_err(|_| ureq::Error::Tls("the host cannot be named in a certificate"))?;
        let session = ClientConnection::new(Arc::clone(config), name).map_err(failed)?;
        let mut stream = TlsStream { session, connection };
        stream
            .session
            .complete_io(&mut stream.connection)
            .map_err(|e| match e.kind() {
                // Not as in the middle of a reply: no request has been sent yet.
                ErrorKind::UnexpectedEof
                | ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::BrokenPipe => ureq::Error::ConnectionFailed,
                _ => e.into(),
            })?;
        Ok(stream)
    }

    /// Whether the other end has neither said goodbye nor sent what nobody asked for, on the wire or below TLS already.
    pub(super) fn is_quiet(&mut self) -> bool {
        let is_quiet = |state: IoState| !state.peer_has_closed() && state.plaintext_bytes_to_read() == 0;
        self.session.process_new_packets().is_ok_and(is_quiet) && self.connection.is_quiet()
    }
}

impl Read for TlsStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.session.reader().read(buffer) {
                Err(e) if e.kind() == ErrorKind::WouldBlock => {}
                result => return result,
            }
            self.session.read_tls(&mut self.connection)?;
            self.session.process_new_packets().map_err(broken)?;
        }
    }
}

impl Write for TlsStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let amount = self.session.writer().write(bytes)?;
        while self.session.wants_write() {
            self.session.write_tls(&mut self.connection)?;
        }
        Ok(amount)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn failed(error: rustls::Error) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, error)
}

/// What ends a session that has begun, when a request may have arrived.
fn broken(error: rustls::Error) -> io::Error {
    match error {
        // Said only now, as TLS 1.3 has it.
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => failed(error),
        _ => io::Error::new(ErrorKind::ConnectionAborted, "TLS was broken off"),
    }
}
