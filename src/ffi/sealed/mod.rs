//! Sealing and opening: in files named as on the floor below, and the streams, which need nothing of it.

#[cfg(feature = "std")]
mod file;
mod keys;
mod message;
mod options;
mod stream;
