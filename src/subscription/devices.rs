//! Devices: what firmware signs in with instead of a PIN.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::api::Api;
use crate::check;
use crate::config::Service;
use crate::envelope::{self, Version};
use crate::error::{Error, Kind};
use crate::platform::prelude::*;
use crate::private_key;
use crate::reply::{Reply, is_credible_token};
use crate::secret::{Secret, SecretBytes};

/// The name of a device that has none.
pub const DEFAULT_DEVICE: &str = "Device";

/// A token that was won, and why the device could not be announced with it, if so: the token is good all the same.
#[derive(Debug)]
pub struct Authorized {
    /// The access token, which the handle now holds.
    pub token: Secret,
    /// Why the dashboard does not know of the device yet; [`Api::announce_device`] tries again.
    pub not_announced: Option<Error>,
}

/// What a device holds besides its certificate's id.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// `client.crt`.
    pub certificate: Secret,
    /// `transport.key`: the password of the envelopes.
    pub transport_key: Secret,
    /// `client.key`: RSA, in PEM, DER or base64 of DER, PKCS#1 or PKCS#8.
    pub private_key: SecretBytes,
}

#[derive(Serialize)]
struct TrustedDevice<'a> {
    device: &'a str,
    ver: u8,
    roaming: bool,
}

#[derive(Serialize)]
struct CertifiedDevice<'a> {
    crt: &'a str,
    device: &'a str,
    ver: u8,
    ts: i64,
}

impl Api {
    /// Signs in as a device of a business's trusted range, and announces it.
    ///
    /// `roaming` false ties the token to the address that the request comes from.
    ///
    /// # Errors
    ///
    /// [`Kind::Configuration`]: there is no locator key. [`Kind::Crypto`]: the reply does not open with it.
    /// [`Kind::InvalidArgument`]: the device's name does not have 1 to 48 characters, or the business can be none.
    pub fn authorize_device(&self, device: &str, business: &str, roaming: bool) -> Result<Authorized, Error> {
        check::device_name(device)?;
        check::path_segment("business", business)?;
        let key = self.shared.locator_key.as_ref().ok_or_else(|| {
            Error::configuration(
                "there is no locator key; expected one from xq_config_set_locator_key or XQ_LOCATOR_KEY",
            )
        })?;
        let ver = self.shared.envelope_version;
        let reply = self
            .call("POST", Service::Subscription, "authorize/trusted")
            .segment(business)
            .json(&TrustedDevice {
                device,
                ver: ver.number(),
                roaming,
            })?
            .send(&[200])?;
        let token = granted(ver, key, &reply)?;
        if !is_credible_token(token.as_str()) {
            return Err(Error::new(
                Kind::Crypto,
                "the sealed reply holds no token; is the locator key the right one?",
            )
            .with_http_status(200));
        }
        Ok(self.authorized(token, device, true))
    }

    /// Signs in as the device that holds certificate `id`, and announces it if `announce` says so.
    ///
    /// # Errors
    ///
    /// [`Kind::Crypto`]: the private key cannot be used, or does not fit the certificate, or the transport key does not
    /// open the reply. [`Kind::InvalidArgument`]: the id is below 1, a text is empty, or the device's name does not have
    /// 1 to 48 characters.
    pub fn authorize_device_cert(
        &self,
        id: i64,
        certificate: &Certificate,
        device: &str,
        announce: bool,
    ) -> Result<Authorized, Error> {
        check::device_name(device)?;
        check::id("certificate", id)?;
        let crt = check::file_text("certificate", &certificate.certificate)?;
        let transport_key = check::file_text("transport key", &certificate.transport_key)?;
        let private_key = private_key::parse(check::file_bytes("private key", &certificate.private_key)?)?;

        self.operation.leads_to_change();
        let ver = Version::Gcm;
        let request = CertifiedDevice {
            crt,
            device,
            ver: ver.number(),
            ts: self.server_time()?,
        };
        let request = serde_json::to_vec(&request).map(Zeroizing::new);
        let request = request.map_err(|e| Error::new(Kind::Internal, format!("the request cannot be written: {e}")))?;
        let transport_key = Secret::from(transport_key);
        let reply = self
            .call("POST", Service::Subscription, "authorize/certificate")
            .segment(&id.to_string())
            .hiding(&[transport_key.as_str()])
            .body(&envelope::seal_base64(ver, transport_key.as_str(), &request)?)
            .send(&[200])?;
        let sealed = granted(ver, &transport_key, &reply)?;
        let token = private_key::open_token(&private_key, sealed.as_str()).map_err(|e| e.with_http_status(200))?;
        Ok(self.authorized(token, device, announce))
    }

    /// The service's clock, in seconds since 1970.
    ///
    /// # Errors
    ///
    /// [`Kind::Protocol`]: the reply is no integer.
    pub fn server_time(&self) -> Result<i64, Error> {
        let reply = self.call("GET", Service::Subscription, "time").send(&[200])?;
        let digits = reply.trimmed()?;
        let time = digits
            .as_str()
            .parse()
            .ok()
            .filter(|_| digits.as_str().starts_with(|c: char| c.is_ascii_digit()));
        time.ok_or_else(|| reply.nonsense("is not a whole number; expected the time"))
    }

    /// Keeps a token that was won before anything else can fail.
    fn authorized(&self, token: Secret, device: &str, announce: bool) -> Authorized {
        let token = self.keep_access_token(token);
        let announced = if announce {
            self.announce(device, Some(token.clone()))
        } else {
            Ok(())
        };
        let not_announced = announced.err().map(|e| {
            // Not this call is to be made again, but the announcement alone.
            e.cannot_retry().in_words(|why| {
                format!("the device is authorized, but not announced (xq_announce_device tries again): {why}")
            })
        });
        Authorized { token, not_announced }
    }
}

/// The `access_token` in a sealed reply.
fn granted(version: Version, key: &Secret, reply: &Reply) -> Result<Secret, Error> {
    let opened = envelope::open_base64(version, key.as_str(), reply.trimmed()?.as_str());
    let opened = opened.map_err(|e| e.with_http_status(reply.status()))?;
    let opened = opened.trim_ascii();
    // serde would take the members of an array for the fields of a struct.
    let granted = opened.starts_with(b"{").then(|| serde_json::from_slice(opened));
    let Some(Ok(Granted { access_token })) = granted else {
        // Without authentication, a wrong key opens to something that is no JSON.
        return Err(Error::new(
            Kind::Crypto,
            "the sealed reply opens to no JSON object; is the key the right one?",
        )
        .with_http_status(reply.status()));
    };
    let token = access_token.and_then(|token| serde_json::from_str::<String>(token.get()).ok());
    token
        .map(Secret::from)
        .ok_or_else(|| reply.nonsense("opens, but holds no access_token"))
}

/// What a sealed reply holds.
#[derive(Deserialize)]
struct Granted<'a> {
    #[serde(borrow)]
    access_token: Option<&'a RawValue>,
}
