//! A root of its own, and a certificate for this computer's names.

use std::io;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use time::{Duration, OffsetDateTime};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto, version};

use crate::front::Service;

/// Who the emulator is under TLS.
#[derive(Clone)]
pub(crate) struct Identity {
    /// The root certificate that clients have to trust.
    pub(crate) root_pem: String,
    pub(crate) acceptor: TlsAcceptor,
}

impl Identity {
    /// Makes a root and, signed by it, the certificate. Neither private key leaves the process.
    pub(crate) fn make() -> io::Result<Self> {
        let (root, issuer) = root().map_err(io::Error::other)?;
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let leaf = leaf()
            .and_then(|leaf| leaf.signed_by(&key, &issuer))
            .map_err(io::Error::other)?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));

        let mut config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])
            .and_then(|builder| {
                builder
                    .with_no_client_auth()
                    .with_single_cert(vec![leaf.der().clone()], key)
            })
            .map_err(io::Error::other)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Identity {
            root_pem: root,
            acceptor: TlsAcceptor::from(Arc::new(config)),
        })
    }
}

fn root() -> Result<(String, Issuer<'static, KeyPair>), rcgen::Error> {
    let mut params = dated(CertificateParams::default());
    params.distinguished_name.push(DnType::CommonName, "xq-emulator root");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    Ok((certificate.pem(), Issuer::new(params, key)))
}

fn leaf() -> Result<CertificateParams, rcgen::Error> {
    let services = Service::ALL.map(|service| format!("{}.localhost", service.name()));
    let names = ["localhost", "*.localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let mut params = dated(CertificateParams::new(
        names.into_iter().chain(services).collect::<Vec<_>>(),
    )?);
    params.distinguished_name.push(DnType::CommonName, "xq-emulator");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// Valid from yesterday, for clocks that differ, and for a year, which the strictest clients still accept.
fn dated(mut params: CertificateParams) -> CertificateParams {
    let now = OffsetDateTime::now_utc();
    params.not_before = now - Duration::days(1);
    params.not_after = now + Duration::days(365);
    params
}
