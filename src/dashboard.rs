//! What XQ's dashboard is told of devices.

use serde::Serialize;

use crate::api::Api;
use crate::check;
use crate::config::Service;
use crate::error::Error;
use crate::secret::Secret;

#[derive(Serialize)]
struct Announcement<'a> {
    afirst: &'a str,
    alast: &'a str,
    aphone: &'a str,
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
}
