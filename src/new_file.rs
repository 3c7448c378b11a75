//! A file that appears whole under its name, or not at all.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf, is_separator};

use crate::error::{Error, Kind, printable};
use crate::file::is_file;
use crate::platform;

/// A file being written beside its place, under another name and for its owner alone.
pub(crate) struct NewFile {
    path: PathBuf,
    beside: PathBuf,
    file: File,
    overwrite: bool,
    /// What the finished file is to be allowed to whom; `None`: its owner alone.
    model: Option<Metadata>,
    finished: bool,
}

/// What a new file is made from: its path and what is known of it.
#[derive(Clone, Copy)]
pub(crate) struct Origin<'a> {
    #[cfg_attr(unix, allow(dead_code, reason = "files have numbers there"))]
    pub(crate) path: &'a str,
    pub(crate) metadata: &'a Metadata,
}

impl NewFile {
    /// One that is to be at `path`, with the permissions of the file that it replaces, or else of what it is made from; of
    /// nothing, it is for its owner alone.
    ///
    /// # Errors
    ///
    /// [`Kind::File`]: there is a file already and `overwrite` is not set, there is something that is no file, or none can be
    /// made there. [`Kind::InvalidArgument`]: it is the origin itself.
    pub(crate) fn create(path: &Path, overwrite: bool, origin: Option<Origin>) -> Result<Self, Error> {
        let wrong = |why: &str| Error::new(Kind::File, format!("{}: {why}", shown(path)));
        let there = match fs::metadata(path) {
            Ok(there) => Some(there),
            // A link that leads nowhere is there all the same.
            Err(e) if e.kind() == ErrorKind::NotFound => match fs::symlink_metadata(path) {
                Ok(_) if !overwrite => return Err(wrong(EXISTS)),
                _ => None,
            },
            Err(e) => return Err(wrong(&reason(&e))),
        };
        if there.is_none() && path.to_string_lossy().ends_with(is_separator) {
            return Err(wrong("there is no such folder"));
        }
        if let Some(there) = &there {
            if origin.is_some_and(|origin| is_same(there, path, origin)) {
                return Err(Error::invalid(format!(
                    "{}: is the input too; expected another file for the output",
                    shown(path)
                )));
            }
            is_file(there).map_err(|why| wrong(&why))?;
            if !overwrite {
                return Err(wrong(EXISTS));
            }
        }
        let (beside, file) = create_beside(path).map_err(|e| wrong(&reason(&e)))?;
        Ok(NewFile {
            path: path.to_owned(),
            beside,
            file,
            overwrite,
            model: origin.map(|origin| there.unwrap_or_else(|| origin.metadata.clone())),
            finished: false,
        })
    }

    /// Where it is to be.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Adds to it.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_all(bytes).map_err(|e| self.failure(&e))
    }

    /// Writes over what stands at `at`.
    pub(crate) fn overwrite(&mut self, at: u64, bytes: &[u8]) -> Result<(), Error> {
        let written = self
            .file
            .seek(SeekFrom::Start(at))
            .and_then(|_| self.file.write_all(bytes));
        written.map_err(|e| self.failure(&e))
    }

    /// Waits until the disk has what was written, so that nothing of it can fail later.
    pub(crate) fn flush(&self) -> Result<(), Error> {
        self.file.sync_all().map_err(|e| self.failure(&e))
    }

    /// Gives it its name.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        self.flush()?;
        self.allow_as_model()
            .and_then(|()| self.name())
            .map_err(|e| self.failure(&e))?;
        self.finished = true;
        sync_folder(&self.path);
        Ok(())
    }

    fn allow_as_model(&self) -> io::Result<()> {
        #[cfg(unix)]
        if let Some(model) = &self.model {
            use std::os::unix::fs::PermissionsExt;
            let mode = model.permissions().mode() & 0o777;
            self.file.set_permissions(fs::Permissions::from_mode(mode))?;
        }
        #[cfg(not(unix))]
        let _ = &self.model;
        Ok(())
    }

    /// A second name for the same file never replaces anything; renaming does.
    fn name(&self) -> io::Result<()> {
        if self.overwrite {
            return fs::rename(&self.beside, &self.path);
        }
        match fs::hard_link(&self.beside, &self.path) {
            Ok(()) => fs::remove_file(&self.beside).or(Ok(())),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => Err(e),
            // File systems without such names, as on memory cards: another program could come between these two.
            Err(_) if fs::symlink_metadata(&self.path).is_ok() => Err(ErrorKind::AlreadyExists.into()),
            Err(_) => fs::rename(&self.beside, &self.path),
        }
    }

    fn failure(&self, error: &io::Error) -> Error {
        Error::new(Kind::File, format!("{}: {}", shown(&self.path), reason(error)))
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.finished {
            // There is nobody to tell, and nothing else to be done.
            let _ = fs::remove_file(&self.beside);
        }
    }
}

const EXISTS: &str = "exists already, and was left as it is; expected a path where there is none";

/// A path in a sentence.
fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::AlreadyExists => EXISTS.into(),
        ErrorKind::NotFound => "there is no such folder".into(),
        ErrorKind::PermissionDenied => "permission to write it is denied".into(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "there is no room for it on the disk".into(),
        _ => format!("cannot be written: {error}"),
    }
}

fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let mut number = [0; 8];
    platform::random(&mut number).map_err(|_| io::Error::other("the operating system gives no random bytes"))?;
    let beside = path.with_file_name(format!(".xq-{:016x}.part", u64::from_le_bytes(number)));
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.write(true).create_new(true).open(&beside)?;
    Ok((beside, file))
}

#[cfg(unix)]
fn is_same(there: &Metadata, _: &Path, origin: Origin) -> bool {
    use std::os::unix::fs::MetadataExt;
    (there.dev(), there.ino()) == (origin.metadata.dev(), origin.metadata.ino())
}

/// Where the standard library has no numbers of files: by name.
#[cfg(not(unix))]
fn is_same(_: &Metadata, path: &Path, origin: Origin) -> bool {
    matches!((fs::canonicalize(path), fs::canonicalize(origin.path)), (Ok(path), Ok(origin)) if path == origin)
}

/// A name is in its folder, which is written to the disk by itself. The file is whole either way.
fn sync_folder(path: &Path) {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    #[cfg(not(unix))]
    let _ = path;
}
