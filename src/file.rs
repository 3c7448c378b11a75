//! Reading a small file, with an error that tells which of the things that can be wrong it was.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use crate::error::{Error, Kind, printable};
use crate::secret::{Secret, SecretBytes};

/// The largest file accepted, in bytes: certificates and keys are a few kilobytes.
pub const MAX_FILE_BYTES: usize = 1024 * 1024;

/// The text of the file at `path`, without a byte-order mark.
///
/// # Errors
///
/// [`Kind::File`], as [`load_bytes`], and where it is not UTF-8 text.
pub fn load(path: &str) -> Result<Secret, Error> {
    let text = load_bytes(path)?.into_text();
    text.filter(|text| !text.as_str().contains('\0'))
        .ok_or_else(|| wrong(path, "is not UTF-8 text"))
}

/// The bytes of the file at `path`, without a byte-order mark.
///
/// # Errors
///
/// [`Kind::File`], naming the path and whether the file is missing, unreadable, a directory, empty or blank, or over
/// [`MAX_FILE_BYTES`]. The content is never quoted.
pub fn load_bytes(path: &str) -> Result<SecretBytes, Error> {
    if path.is_empty() {
        return Err(Error::invalid("the path is empty; expected the path of a file"));
    }
    let bytes = read(path).map_err(|why| wrong(path, &why))?;
    content(&bytes).map_err(|why| wrong(path, &why))
}

/// What a file of these bytes holds, without a byte-order mark; or why it cannot be used.
pub(crate) fn content(bytes: &[u8]) -> Result<SecretBytes, String> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(format!("is too large; at most {MAX_FILE_BYTES} bytes are read"));
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if bytes.is_empty() {
        return Err("is empty".into());
    }
    if std::str::from_utf8(bytes).is_ok_and(|text| text.trim().is_empty()) {
        return Err("is blank".into());
    }
    Ok(SecretBytes::from(bytes.to_vec()))
}

fn wrong(path: &str, why: &str) -> Error {
    // More likely a file's content, such as a private key, given in place of its path.
    let name = if path.contains(char::is_control) {
        "a path with a line break or another control character".into()
    } else if looks_like_key(path) {
        format!("a path of {} letters and digits, as a key in base64 has", path.len())
    } else {
        printable(path)
    };
    Error::new(Kind::File, format!("{name}: {why}"))
}

/// Whether it is base64 of as many bytes as a transport key has, and no file.
fn looks_like_key(path: &str) -> bool {
    path.len() >= 40 && BASE64_STANDARD.decode(path).is_ok() && fs::symlink_metadata(path).is_err()
}

/// The file at `path`, to be read, or why it cannot be.
pub(crate) fn open(path: &str) -> Result<(File, Metadata), String> {
    // Asked first, since to open a device may do something; and again, since the path may lead elsewhere by then.
    is_file(&fs::metadata(path).map_err(|e| reason(&e))?)?;
    let file = open_at_once(path).map_err(|e| reason(&e))?;
    let metadata = file.metadata().map_err(|e| reason(&e))?;
    is_file(&metadata)?;
    Ok((file, metadata))
}

fn read(path: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let (file, metadata) = open(path)?;
    // One byte more than allowed tells a file that is too large; reserving it keeps the bytes from moving.
    let limit = MAX_FILE_BYTES + 1;
    let expected = usize::try_from(metadata.len()).unwrap_or(limit).min(limit);
    let mut bytes = Zeroizing::new(Vec::with_capacity(expected + 1));
    file.take(limit as u64)
        .read_to_end(&mut bytes)
        .map_err(|e| reason(&e))?;
    Ok(bytes)
}

/// Refuses what is no regular file.
pub(crate) fn is_file(metadata: &Metadata) -> Result<(), String> {
    if metadata.is_dir() {
        return Err("is a directory; expected a file".into());
    }
    if !metadata.is_file() {
        return Err("is a pipe or a device; expected a file".into());
    }
    Ok(())
}

/// Without waiting for anybody: the other end of a pipe may never come.
fn open_at_once(path: &str) -> io::Result<File> {
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    options.read(true).open(path)
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".into(),
        ErrorKind::PermissionDenied => "permission to read it is denied".into(),
        _ => format!("cannot be read: {error}"),
    }
}
