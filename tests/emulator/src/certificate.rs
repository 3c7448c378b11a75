//! Client certificates for devices: made by an authority of the emulator's own.

use std::io;
use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use getrandom::SysRng;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_RSA_SHA256, SerialNumber,
};
use rsa::pkcs8::{EncodePrivateKey, LineEnding};
use rsa::{Pkcs1v15Encrypt, PrivateKey, PublicKey};
use serde::Serialize;
use time::{Duration, OffsetDateTime};
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::business::FIRST;
use crate::random;

const KEY_BITS: usize = 2048;
const DAYS: i64 = 365;

/// What a device needs to authorize with a certificate.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// Its number, from 1.
    pub id: u64,
    /// What requests and replies are sealed with: `transport.key`.
    pub transport_key: String,
    /// The X.509 certificate, PEM: `client.crt`.
    pub client_cert: String,
    /// The RSA private key, PEM (PKCS#8): `client.key`.
    pub client_key: String,
}

/// A certificate as the service knows it: without the private key.
#[derive(Clone, Serialize)]
pub(crate) struct Issued {
    pub(crate) id: u64,
    pub(crate) tag: String,
    pub(crate) fence: Vec<String>,
    pub(crate) enabled: bool,
    /// Seconds since 1970.
    pub(crate) expires: i64,
    /// Whose it is.
    #[serde(skip)]
    pub(crate) business: u64,
    #[serde(skip)]
    pub(crate) transport_key: String,
    #[serde(skip)]
    der: Vec<u8>,
    #[serde(skip)]
    public_key: PublicKey,
}

/// Signs the certificates of devices.
#[derive(Clone)]
pub(crate) struct Authority(Arc<Issuer<'static, KeyPair>>);

impl Authority {
    pub(crate) fn make() -> io::Result<Self> {
        let mut params = CertificateParams::default();
        params
            .distinguished_name
            .push(DnType::CommonName, "xq-emulator devices");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().map_err(io::Error::other)?;
        Ok(Authority(Arc::new(Issuer::new(params, key))))
    }

    /// Makes an RSA key, a certificate for it, and a transport key. Takes a good part of a second.
    pub(crate) fn issue(
        &self,
        id: u64,
        tag: String,
        fence: Vec<String>,
        now: i64,
    ) -> io::Result<(Certificate, Issued)> {
        let private_key = PrivateKey::new(&mut SysRng, KEY_BITS).map_err(io::Error::other)?;
        let pkcs8 = private_key.to_pkcs8_der().map_err(io::Error::other)?;
        let key = PrivatePkcs8KeyDer::from(pkcs8.as_bytes());
        let key = KeyPair::from_pkcs8_der_and_sign_algo(&key, &PKCS_RSA_SHA256).map_err(io::Error::other)?;

        let now = OffsetDateTime::from_unix_timestamp(now).map_err(io::Error::other)?;
        let mut params = CertificateParams::default();
        params.not_before = now - Duration::days(1);
        params.not_after = now + Duration::days(DAYS);
        params.serial_number = Some(SerialNumber::from(id));
        params.distinguished_name.push(DnType::CommonName, tag.as_str());
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let expires = params.not_after.unix_timestamp();
        let certificate = params.signed_by(&key, self.0.as_ref()).map_err(io::Error::other)?;

        let transport_key = BASE64_STANDARD.encode(random::bytes::<32>());
        let client_key = private_key
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(io::Error::other)?
            .to_string();
        let der = certificate.der().to_vec();
        let public_key = private_key.to_public_key();
        let issued = Issued {
            id,
            tag,
            fence,
            enabled: true,
            expires,
            business: FIRST,
            transport_key: transport_key.clone(),
            der,
            public_key,
        };
        Ok((
            Certificate {
                id,
                transport_key,
                client_cert: certificate.pem(),
                client_key,
            },
            issued,
        ))
    }
}

impl Issued {
    /// Whether this text is the certificate: its base64, with or without the PEM armour, whatever the line ends.
    pub(crate) fn is(&self, text: &str) -> bool {
        let base64: String = text
            .lines()
            .filter(|line| !line.starts_with("-----"))
            .flat_map(str::split_whitespace)
            .collect();
        BASE64_STANDARD.decode(base64).is_ok_and(|der| der == self.der)
    }

    /// A token that only the device can read, in base64.
    pub(crate) fn seal(&self, token: &str) -> Result<String, rsa::Error> {
        self.public_key
            .encrypt(&mut SysRng, Pkcs1v15Encrypt, token.as_bytes())
            .map(|sealed| BASE64_STANDARD.encode(sealed))
    }
}
