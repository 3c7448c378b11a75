//! A folder for the files of one session, made when one is asked for and gone with it.

use std::ffi::{CString, OsStr};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::{env, fs, process};

use crate::input::Text;

/// The folder, once there is one.
#[derive(Default)]
pub(crate) struct Scratch(Option<PathBuf>);

impl Scratch {
    /// A folder inside one of its own, so that ".." leads to nothing else.
    pub(crate) fn folder(&mut self) -> &Path {
        self.0.get_or_insert_with(|| {
            // In memory where there is such a place: what the library flushes need not reach a disk.
            let shared = Path::new("/dev/shm");
            let all = if shared.is_dir() {
                shared.to_owned()
            } else {
                env::temp_dir()
            };
            let folder = all.join(format!("xq-fuzz-{}", process::id())).join("folder");
            fs::create_dir_all(&folder).expect("the folder can be made");
            folder
        })
    }

    /// The path of something in the folder that `name` may be, without what would lead elsewhere; the folder itself
    /// where `name` is empty.
    pub(crate) fn path(&mut self, name: &Text) -> Text {
        let Some(name) = name.bytes() else { return Text::null() };
        let name: Vec<u8> = name.iter().filter(|b| **b != b'/').copied().collect();
        let path = self.folder().join(OsStr::from_bytes(&name));
        Text::from(CString::new(path.into_os_string().into_vec()).expect("it has no NUL"))
    }

    /// The path of a file with these bytes.
    pub(crate) fn file(&mut self, name: &str, bytes: &[u8]) -> Text {
        let path = self.folder().join(name);
        fs::write(&path, bytes).expect("the file can be written");
        Text::from(CString::new(path.into_os_string().into_vec()).expect("it has no NUL"))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some(own) = self.0.as_ref().and_then(|folder| folder.parent()) {
            fs::remove_dir_all(own).expect("nobody else uses the folder");
        }
    }
}
