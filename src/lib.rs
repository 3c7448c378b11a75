//! The XQ subscription API as a C library.
//!
//! A C caller includes `include/xq.h` (written by `build.rs` from `src/ffi`, never by hand) and enters in `ffi/`. A request
//! walks from there straight down and its reply straight up; a file knows only those below it. `CONTRIBUTING.md` draws the
//! house, and says where each thing is known.
//!
//! Below it all is a crate of its own, `xq_sealing`: the formats of what is sealed, and all ciphers but RSA.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod address;
mod api;
mod call;
mod check;
mod config;
#[cfg(feature = "std")]
mod config_files;
mod content;
pub mod dashboard;
pub mod envelope;
mod error;
mod exchange;
#[allow(unsafe_code, reason = "raw pointers come in from C here, and nowhere else")]
mod ffi;
mod fields;
#[cfg(feature = "std")]
mod file;
mod key_kind;
mod listing;
mod log;
#[cfg(feature = "std")]
mod new_file;
mod operation;
mod platform;
pub mod private_key;
mod quantum;
mod redact;
mod reply;
pub mod request;
pub mod sealed;
mod secret;
mod subscription;
pub mod token;
mod transport;
mod validation;

pub use api::{Api, Handle};
pub use config::{Config, Roots, Service};
pub use error::{Cause, Error, Kind, Outcome};
pub use listing::Listing;
pub use secret::{Secret, SecretBytes};
pub use subscription::devices::{Authorized, Certificate, DEFAULT_DEVICE};
pub use subscription::key_management::{Metadata, PacketOptions, PacketRow, PacketType};
