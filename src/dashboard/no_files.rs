//! In the place of the files of a device, where there are none.

use super::devices::IssuedCertificate;
use crate::error::{Error, Kind};

/// There are none.
pub(super) enum Files {}

impl Files {
    pub(super) fn create(_: &str) -> Result<Self, Error> {
        Err(Error::new(
            Kind::File,
            "this libxq is built for boards without files; expected NULL for the folder",
        ))
    }

    pub(super) fn write(self, _: &IssuedCertificate) -> Result<(), Error> {
        match self {}
    }
}
