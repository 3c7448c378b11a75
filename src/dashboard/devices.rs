//! Devices: telling the dashboard of one, and having a certificate issued for one.

use serde::{Deserialize, Serialize};

use super::device_files::Files;
use crate::api::Api;
use crate::check;
use crate::config::Service;
use crate::error::Error;
use crate::fields::must_be_whole;
use crate::platform::prelude::*;
use crate::reply::Reply;
use crate::secret::Secret;

#[derive(Serialize)]
struct Announcement<'a> {
    afirst: &'a str,
    alast: &'a str,
    aphone: &'a str,
}

#[derive(Serialize)]
struct Request<'a> {
    tag: &'a str,
    fence: [&'a str; 0],
    enabled: bool,
}

/// What a device signs in with, as it was issued.
#[derive(Debug)]
pub struct IssuedCertificate {
    /// The certificate's number.
    pub id: i64,
    /// `client.crt`.
    pub certificate: Secret,
    /// `transport.key`.
    pub transport_key: Secret,
    /// `client.key`.
    pub private_key: Secret,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawCertificate {
    #[serde(deserialize_with = "must_be_whole")]
    id: i64,
    transport_key: String,
    client_cert: String,
    client_key: String,
}

impl Api {
    /// Tells the dashboard of the device that the handle is signed in as.
    ///
    /// # Errors
    ///
    /// [`Kind::InvalidArgument`](crate::Kind): the name does not have 1 to 48 characters.
    pub fn announce_device(&self, device: &str) -> Result<(), Error> {
        check::device_name(device)?;
        self.announce(device, self.access_token())
    }

    /// The same under a token just won, whatever another thread has signed in as meanwhile.
    pub(crate) fn announce(&self, device: &str, token: Option<Secret>) -> Result<(), Error> {
        self.call("POST", Service::Dashboard, "trusted/announce")
            .under(token)
            .signed_in()?
            .json(&Announcement {
                afirst: device,
                alast: "",
                aphone: "",
            })?
            .send(&[200, 204])
            .map(drop)
    }

    /// Has a certificate issued for a device, and writes it to `client.crt`, `transport.key` and `client.key` in `folder`,
    /// where one is named: for their owner alone, and none of them over another file.
    ///
    /// # Errors
    ///
    /// [`Kind::File`]: one of the files is there already, or cannot be written; known, as far as it can be, before a
    /// certificate is asked for. After that the error has the reply: the private key is to be had from nowhere else.
    pub fn generate_device_certificate(&self, tag: &str, folder: Option<&str>) -> Result<IssuedCertificate, Error> {
        check::one_line("tag", tag)?;
        let call = self.call("POST", Service::Dashboard, "certificate").on_dashboard()?;
        let files = folder.map(Files::create).transpose()?;
        let reply = call
            .json(&Request {
                tag,
                fence: [],
                enabled: true,
            })?
            .keeping_reply()
            .send(&[200])?;
        let issued = issued(&reply).map_err(|e| reply.keep_in(e))?;
        if let Some(files) = files {
            let failed = |e: Error| reply.keep_in(e.with_http_status(reply.status()));
            files
                .write([&issued.certificate, &issued.transport_key, &issued.private_key])
                .map_err(failed)?;
        }
        Ok(issued)
    }
}

fn issued(reply: &Reply) -> Result<IssuedCertificate, Error> {
    const WANTED: &str = "a JSON object with id, clientCert, transportKey and clientKey";
    let raw: RawCertificate = reply.json(WANTED)?;
    let issued = IssuedCertificate {
        id: raw.id,
        certificate: Secret::from(raw.client_cert),
        transport_key: Secret::from(raw.transport_key),
        private_key: Secret::from(raw.client_key),
    };
    let usable = |text: &Secret| !text.as_str().trim().is_empty() && !text.as_str().contains('\0');
    let texts = [&issued.certificate, &issued.transport_key, &issued.private_key];
    if issued.id < 1 || !texts.into_iter().all(usable) {
        return Err(reply.nonsense(&format!("is not {WANTED}")));
    }
    Ok(issued)
}
