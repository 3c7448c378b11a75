//! The files of a device that a certificate was issued for.

use std::fs;
use std::path::{Path, PathBuf};

use crate::check;
use crate::error::{Error, Kind, printable};
use crate::new_file::NewFile;
use crate::secret::Secret;

/// The three files of a device, begun before there is anything to write: what can go wrong has gone wrong by then.
pub(super) struct Files([NewFile; 3]);

impl Files {
    pub(super) fn create(folder: &str) -> Result<Self, Error> {
        check::not_empty("folder", folder)?;
        if !Path::new(folder).is_dir() {
            return Err(Error::new(
                Kind::File,
                format!("{}: is no folder; expected one that is there", printable(folder)),
            ));
        }
        let create = |name: &str| NewFile::create(&Path::new(folder).join(name), false, None);
        Ok(Files([
            create("client.crt")?,
            create("transport.key")?,
            create("client.key")?,
        ]))
    }

    /// Certificate, transport key and private key, in this order.
    pub(super) fn write(self, texts: [&Secret; 3]) -> Result<(), Error> {
        let Files(mut files) = self;
        for (file, text) in files.iter_mut().zip(texts) {
            file.write(text.as_str().as_bytes())?;
            file.flush()?;
        }
        let mut named: Vec<PathBuf> = Vec::new();
        for file in files {
            let path = file.path().to_owned();
            if let Err(e) = file.finish() {
                // All three or none: those that have their names already are ours.
                named.iter().for_each(|path| drop(fs::remove_file(path)));
                return Err(e);
            }
            named.push(path);
        }
        Ok(())
    }
}
