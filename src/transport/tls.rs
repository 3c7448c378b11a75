//! TLS for ureq's connections: rustls with the built-in root certificates and those of the configuration.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;

use http::Uri;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use ureq::unversioned::transport::time::{Duration as Limit, Instant};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport, TransportAdapter,
};

use crate::error::Error;

/// Wraps connections to `https://` addresses; passes others on as they are.
#[derive(Debug)]
pub(super) struct TlsConnector(Arc<ClientConfig>);

impl TlsConnector {
    /// # Errors
    ///
    /// [`Kind::Configuration`](crate::Kind) where `extra_roots` holds no certificate, or one that does not parse.
    pub(super) fn new(extra_roots: Option<&str>) -> Result<Self, Error> {
        let mut roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        if let Some(pem) = extra_roots {
            add_roots(&mut roots, pem)?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| Error::configuration(format!("TLS cannot be set up: {e}")))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(TlsConnector(Arc::new(config)))
    }
}

fn add_roots(roots: &mut RootCertStore, pem: &str) -> Result<(), Error> {
    let wrong = |why: &str| {
        Error::configuration(format!(
            "the file of root certificates (xq_config_set_ca_file, XQ_CA_FILE) {why}; expected PEM with BEGIN CERTIFICATE lines"
        ))
    };
    let mut found = false;
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|_| wrong("is not whole PEM"))?;
        roots
            .add(certificate)
            .map_err(|_| wrong("holds a certificate that does not parse"))?;
        found = true;
    }
    if found {
        Ok(())
    } else {
        Err(wrong("holds no certificate"))
    }
}

impl<In: Transport> Connector<In> for TlsConnector {
    type Out = Either<In, TlsTransport>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        let Some(transport) = chained else {
            return Ok(None);
        };
        if !details.needs_tls() || transport.is_tls() {
            return Ok(Some(Either::A(transport)));
        }
        let tls = ClientConnection::new(Arc::clone(&self.0), server_name(details.uri)?).map_err(failed)?;
        let mut socket = TransportAdapter::new(transport.boxed(), details.current_time.clone());
        socket.set_timeout(time_left(details));
        let mut stream = StreamOwned::new(tls, socket);
        stream.conn.complete_io(&mut stream.sock).map_err(|e| match e.kind() {
            // Not as in the middle of a reply: no request has been sent yet.
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset => ureq::Error::ConnectionFailed,
            _ => e.into(),
        })?;
        let buffers = LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        Ok(Some(Either::B(TlsTransport { buffers, stream })))
    }
}

fn server_name(uri: &Uri) -> Result<ServerName<'static>, ureq::Error> {
    let host = uri.host().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    ServerName::try_from(bare.to_owned()).map_err(|_| ureq::Error::Tls("the host cannot be named in a certificate"))
}

/// What connecting has left of its time limit, which began before the TCP connection was made.
pub(super) fn time_left(details: &ConnectionDetails) -> NextTimeout {
    let mut timeout = details.timeout;
    if let (Limit::Exact(limit), Instant::Exact(start)) = (timeout.after, details.now) {
        timeout.after = Limit::Exact(limit.saturating_sub(start.elapsed()));
    }
    timeout
}

fn failed(error: rustls::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// A connection under TLS.
pub(super) struct TlsTransport {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl Transport for TlsTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.stream.sock.set_timeout(timeout);
        self.stream.write_all(&self.buffers.output()[..amount])?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.stream.sock.set_timeout(timeout);
        let amount = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.sock.get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for TlsTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TlsTransport").field(self.stream.sock.inner()).finish()
    }
}
