//! The whole job: a key made, stored and used; a locator token read, its key fetched and used.

pub(crate) mod file;
pub(crate) mod keys;
pub(crate) mod message;
pub(crate) mod options;
mod source;
