//! The whole job: a key made, stored and used; a locator token read, its key fetched and used.

#[cfg(feature = "std")]
pub(crate) mod file;
pub(crate) mod keys;
pub(crate) mod message;
pub(crate) mod options;
#[cfg(feature = "std")]
mod source;
