//! Entropy from the service.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::api::Api;
use crate::config::Service;
use crate::error::Error;
use crate::platform::prelude::*;
use crate::secret::{Secret, SecretBytes};

/// The most bits in one request, as the published programs ask for.
pub const MAX_ENTROPY_BITS: usize = 8192;

impl Api {
    /// At least `bits` of entropy, as the hexadecimal digits that the service sends.
    ///
    /// # Errors
    ///
    /// [`Kind::InvalidArgument`](crate::Kind): `bits` is 0 or above [`MAX_ENTROPY_BITS`].
    /// [`Kind::Protocol`](crate::Kind): the reply is not base64 of hexadecimal digits, or of too few.
    pub fn entropy(&self, bits: usize) -> Result<Secret, Error> {
        if !(1..=MAX_ENTROPY_BITS).contains(&bits) {
            return Err(Error::invalid(format!(
                "{bits} bits of entropy are asked for; expected 1 to {MAX_ENTROPY_BITS}"
            )));
        }
        let reply = self
            .call("GET", Service::Quantum, "")
            .query("ks", &bits.to_string())
            .send(&[200])?;
        let wrong = || reply.nonsense("is not base64 of as many hexadecimal digits as were asked for");
        let digits = BASE64_STANDARD.decode(reply.trimmed()?.as_str()).map_err(|_| wrong())?;
        let digits = SecretBytes::from(digits);
        if digits.len() < bits.div_ceil(4) || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(wrong());
        }
        digits.into_text().ok_or_else(wrong)
    }
}
