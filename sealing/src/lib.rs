//! What XQ programs seal, and how it opens again: bytes in, bytes out.
//!
//! | file | knows |
//! |---|---|
//! | `sealer.rs`, `opener.rs` | a message or a file, chunk by chunk |
//! | `message.rs` | a message in one piece |
//! | `envelope.rs` | what a device and the service seal for each other |
//! | `frame.rs`, `name.rs` | what stands in front of a body; the name in a file, made harmless |
//! | `twice.rs`, `opening.rs`, `guess.rs` | a body as it opens, and what older programs sealed under `.A` |
//! | `gcm.rs`, `cbc.rs`, `pad.rs`, `base64.rs` | one cipher or one form each |
//! | `key.rs`, `derive.rs` | keys with their prefixes; what the ciphers' keys are made of |
//! | `output.rs`, `error.rs` | where what comes out goes; what is said when nothing does |
//!
//! No network, no files, no clock, no random numbers of its own, no operating system: a caller hands in what is random.
//! It is a crate of its own since ciphers are generic code, compiled where they are used: this one is built for speed
//! whatever the rest is built for.

#![no_std]

extern crate alloc;

mod base64;
mod cbc;
mod derive;
pub mod envelope;
mod error;
mod frame;
mod gcm;
mod guess;
mod key;
pub mod message;
mod name;
mod opener;
mod opening;
mod output;
mod pad;
mod sealer;
mod twice;

pub use error::Error;
pub use frame::{LOCATOR_AT, LOCATOR_BYTES, MAX_SEALED_NAME_BYTES, checked_locator, locator};
pub use key::{Algorithm, Key, Kind, MAX_MIXED_BYTES, MAX_PAD_BYTES, make_key};
pub use name::harmless;
pub use opener::{Form, Opener};
pub use output::{Progress, ROOM};
pub use sealer::{FRAMED_CTR, MAX_GCM_BYTES, Sealer, Target};

/// Fills its argument with random bytes fit for keys, or tells that there are none.
pub type Random<'a> = &'a mut dyn FnMut(&mut [u8]) -> Result<(), Error>;
