//! In the place of the files of a device, where there are none.

use crate::error::{Error, Kind};
use crate::secret::Secret;

/// There are none.
pub(super) enum Files {}

impl Files {
    pub(super) fn create(_: &str) -> Result<Self, Error> {
        Err(Error::new(
            Kind::File,
            "this libxq is built for boards without files; expected NULL for the folder",
        ))
    }

    pub(super) fn write(self, _: [&Secret; 3]) -> Result<(), Error> {
        match self {}
    }
}
