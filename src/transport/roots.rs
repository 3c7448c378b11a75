//! Who is trusted: the built-in root certificates, the operating system's or nobody's, and those of the program.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::config::{Config, Roots};
use crate::error::{Error, printable};

/// The root certificates that `config` asks for.
///
/// # Errors
///
/// [`Kind::Configuration`](crate::Kind) where PEM of the program's holds no certificate, or one that does not parse,
/// where the system has none, and where nobody is trusted at all.
pub(super) fn trusted(config: &Config) -> Result<RootCertStore, Error> {
    let mut roots = match config.roots {
        Roots::BuiltIn => RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        },
        Roots::System => system()?,
        Roots::None => RootCertStore::empty(),
    };
    if let Some(pem) = &config.ca_file {
        let what = "the file of root certificates (xq_config_set_ca_file, XQ_CA_FILE)";
        add(&mut roots, pem, what)?;
    }
    if let Some(pem) = &config.ca_memory {
        add(
            &mut roots,
            pem,
            "the PEM of root certificates (xq_config_set_ca_memory)",
        )?;
    }
    if roots.is_empty() {
        return Err(Error::configuration(
            "with XQ_ROOTS_NONE no root certificate is trusted but the program's own, and there is none; expected some \
             from xq_config_set_ca_file or xq_config_set_ca_memory",
        ));
    }
    Ok(roots)
}

fn system() -> Result<RootCertStore, Error> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    // What cannot be read or used is left out, as others do: the stores of old systems hold the oddest things.
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let why = found.errors.first().map(|e| printable(&format!(" ({e})")));
        return Err(Error::configuration(format!(
            "XQ_ROOTS_SYSTEM is set, and the system has no root certificates that can be used{}; expected some where it \
             keeps them (Debian's package ca-certificates), or where SSL_CERT_FILE or SSL_CERT_DIR say",
            why.unwrap_or_default()
        )));
    }
    Ok(roots)
}

fn add(roots: &mut RootCertStore, pem: &[u8], what: &str) -> Result<(), Error> {
    let wrong = |why: &str| Error::configuration(format!("{what} {why}; expected PEM with BEGIN CERTIFICATE lines"));
    let mut found = false;
    for certificate in CertificateDer::pem_slice_iter(pem) {
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
