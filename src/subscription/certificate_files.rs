//! What a device signs in with, from its files.

use super::devices::Certificate;
use crate::error::Error;
use crate::file;

impl Certificate {
    /// Reads the three files.
    ///
    /// # Errors
    ///
    /// [`Kind::File`], naming which of the three it was, its path and the reason.
    pub fn load(certificate: &str, transport_key: &str, private_key: &str) -> Result<Self, Error> {
        let of = |what: &'static str| move |e: Error| e.in_words(|why| format!("the {what}: {why}"));
        Ok(Certificate {
            certificate: file::load(certificate).map_err(of("certificate"))?,
            transport_key: file::load(transport_key).map_err(of("transport key"))?,
            private_key: file::load_bytes(private_key).map_err(of("private key"))?,
        })
    }
}
