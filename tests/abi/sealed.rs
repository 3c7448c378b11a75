//! Messages and files, sealed and opened from C.

#[cfg(unix)]
mod disk;
#[cfg(unix)]
mod files;
#[cfg(unix)]
mod kills;
mod many;
mod names;
mod opinion;
mod people;
#[cfg(all(unix, feature = "sockets"))]
mod streams;
mod vectors;

use std::fs;
use std::path::{Path, PathBuf};

use crate::driver::{Driver, scratch};

/// Options of a call, in the driver's order.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    pub algorithm: &'a str,
    pub key: &'a str,
    pub locator: &'a str,
    pub name: &'a str,
    pub subject: &'a str,
    pub packet_type: &'a str,
    pub overwrite: &'a str,
    pub repeat: &'a str,
}

impl<'a> Options<'a> {
    /// A key in hand.
    pub fn of(key: &'a str, locator: &'a str) -> Self {
        Options {
            key,
            locator,
            ..Options::default()
        }
    }

    /// `call` with these options behind it.
    pub fn after(&self, call: &[&'a str]) -> Vec<&'a str> {
        let options = [
            self.algorithm,
            self.key,
            self.locator,
            self.name,
            self.subject,
            self.packet_type,
            self.overwrite,
            self.repeat,
        ];
        [call, &options].concat()
    }
}

pub const MESSAGE: &str = "1";
pub const FILE: &str = "2";

pub const GCM: &str = "1";
pub const CTR: &str = "2";
pub const OTP: &str = "66";

/// A driver that can do what needs no service.
pub fn without_service() -> Driver {
    Driver::start([("XQ_API_KEY", "general-key")])
}

/// A fresh folder, which goes when the test has passed.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Folder {
        Folder(scratch(name))
    }

    /// The path of a file in it.
    pub fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_owned()
    }

    /// The same with this content.
    pub fn with(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.file(name);
        fs::write(&path, content).expect("it can be written");
        path
    }

    /// The names of all that is in it.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("it is there");
        let names = entries.map(|entry| entry.expect("it can be listed").file_name());
        let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            fs::remove_dir_all(&self.0).expect("it can be removed");
        }
    }
}
