//! What must not be seen: wiped when dropped, redacted when printed.
//!
//! A text is wiped as one slice, which is fast; `Zeroizing<Vec<u8>>` goes from byte to byte.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Deref;
use core::{fmt, mem};

use zeroize::Zeroize;

/// An API key, a token, a packet key or a private key.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself, to be sent or handed over, never to be printed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same bytes in the same place.
    pub(crate) fn into_bytes(mut self) -> SecretBytes {
        SecretBytes(mem::take(&mut self.0).into_bytes())
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Secret(text.to_owned())
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret(text)
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        let mut bytes = mem::take(&mut self.0).into_bytes();
        bytes.as_mut_slice().zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Bytes that hold keys, or may. They leave no copy behind when they grow.
#[derive(Clone, Default)]
pub struct SecretBytes(Vec<u8>);

impl SecretBytes {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        SecretBytes(Vec::with_capacity(capacity))
    }

    /// The same bytes in the same place as text, where they are UTF-8.
    pub(crate) fn into_text(mut self) -> Option<Secret> {
        match String::from_utf8(mem::take(&mut self.0)) {
            Ok(text) => Some(Secret(text)),
            Err(e) => {
                self.0 = e.into_bytes();
                None
            }
        }
    }

    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        self.make_room(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// Writes `bytes` over as many from `at` on, which are there.
    pub(crate) fn overwrite(&mut self, at: usize, bytes: &[u8]) {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// Takes what one read gives, and tells how much that is: 0 at the end.
    #[cfg(feature = "sockets")]
    pub(crate) fn read_from(&mut self, source: &mut impl std::io::Read) -> std::io::Result<usize> {
        const AT_ONCE: usize = 16 * 1024;
        self.make_room(1);
        let had = self.0.len();
        self.0.resize(self.0.capacity().min(had + AT_ONCE), 0);
        let read = source.read(&mut self.0[had..]);
        self.0.truncate(had + *read.as_ref().unwrap_or(&0));
        read
    }

    fn make_room(&mut self, more: usize) {
        let needed = self.0.len() + more;
        if needed > self.0.capacity() {
            let mut larger = Vec::with_capacity(needed.max(2 * self.0.capacity()).max(256));
            larger.extend_from_slice(&self.0);
            self.0.as_mut_slice().zeroize();
            self.0 = larger;
        }
    }
}

impl Deref for SecretBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for SecretBytes {
    fn from(bytes: Vec<u8>) -> Self {
        SecretBytes(bytes)
    }
}

impl Drop for SecretBytes {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(feature = "std")]
impl std::io::Write for SecretBytes {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
