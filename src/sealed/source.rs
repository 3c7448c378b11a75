//! A file that is read from its beginning to its end, once.

use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read};

use zeroize::Zeroizing;

use super::options::Progress;
use crate::error::{Error, Kind, printable};
use crate::file;
use crate::new_file::Origin;
use crate::operation::Operation;

/// What is read at once, in bytes.
pub(super) const CHUNK: usize = 64 * 1024;

/// One being read.
pub(super) struct Source<'a> {
    pub(super) path: &'a str,
    pub(super) metadata: Metadata,
    /// What it has, in bytes.
    pub(super) size: u64,
    file: File,
    done: u64,
    chunk: Zeroizing<Vec<u8>>,
    progress: Option<Progress<'a>>,
    operation: Option<&'a Operation>,
}

impl<'a> Source<'a> {
    /// The file at `path`, for an operation that may be stopped.
    ///
    /// # Errors
    ///
    /// [`Kind::File`]: there is none, it is none, or it cannot be read.
    pub(super) fn open(
        path: &'a str,
        progress: Option<Progress<'a>>,
        operation: Option<&'a Operation>,
    ) -> Result<Self, Error> {
        let (file, metadata) = file::open(path).map_err(|why| wrong(path, &why))?;
        Ok(Source {
            path,
            size: metadata.len(),
            metadata,
            file,
            done: 0,
            chunk: Zeroizing::new(vec![0; CHUNK]),
            progress,
            operation,
        })
    }

    /// What is made from it is made from this.
    pub(super) fn origin(&self) -> Origin<'_> {
        Origin {
            path: self.path,
            metadata: &self.metadata,
        }
    }

    /// The next [`CHUNK`] of it, the last one shorter; `None` at its end. The program is told what is done.
    ///
    /// # Errors
    ///
    /// [`Kind::File`]: it cannot be read, or is not as long as it was. [`Kind::Canceled`]: the program said so.
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, Error> {
        if self.progress.is_some_and(|tell| !tell(self.done, self.size)) {
            return Err(Error::new(
                Kind::Canceled,
                "the program's progress function stopped the work",
            ));
        }
        self.operation.map_or(Ok(()), Operation::check)?;
        let mut filled = 0;
        while filled < CHUNK {
            match self.file.read(&mut self.chunk[filled..]) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(wrong(self.path, &format!("cannot be read: {e}"))),
            }
        }
        self.done += filled as u64;
        let is_end = filled == 0;
        if self.done > self.size || (is_end && self.done < self.size) {
            return Err(wrong(self.path, "changed its size while it was read"));
        }
        Ok((!is_end).then_some(&self.chunk[..filled]))
    }
}

fn wrong(path: &str, why: &str) -> Error {
    Error::new(Kind::File, format!("{}: {why}", printable(path)))
}
