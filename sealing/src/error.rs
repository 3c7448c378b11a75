//! What is said when something does not seal or open: never a key, never a part of a text.

use core::fmt;

/// A failure, and a sentence for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// It is nothing that an XQ program seals.
    Foreign(&'static str),
    /// It does not open, or the key cannot be used.
    Crypto(&'static str),
    /// What the caller asks for cannot be done.
    Argument(&'static str),
    /// There are no random bytes.
    NoRandom,
}

impl Error {
    /// The one sentence for a wrong key and for every change on the way: which of them it was helps only an attacker.
    pub(crate) const CHANGED: Error =
        Error::Crypto("it does not open: the key is another one, or it was changed or cut on the way");
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Error::Foreign(why) | Error::Crypto(why) | Error::Argument(why) => why,
            Error::NoRandom => "there are no random bytes",
        })
    }
}

impl core::error::Error for Error {}
