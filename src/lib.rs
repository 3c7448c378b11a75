//! The XQ subscription API as a C library.
//!
//! A C caller includes `include/xq.h` (written by `build.rs` from `src/ffi`, never by hand) and enters here:
//!
//! | file | knows |
//! |---|---|
//! | `ffi/` | the C ABI: convert the arguments, call, convert the result; the only raw pointers and the only `unsafe` |
//! | `sealed/` | the whole job: a key made, stored and used; a locator token read, its key fetched and used |
//! | `subscription/` | what XQ is: one method of [`Api`] per operation, in files named as in the published reference and as in `ffi/` |
//! | `dashboard/` | what an administrator's program does, in the same way: sign-in, groups, contacts, communications, businesses, certificates |
//! | `validation/`, `quantum.rs` | stored keys, and entropy, in the same way |
//! | `request.rs` | any other call, as a program asks for it |
//! | `token.rs` | what a token tells of itself |
//! | `api.rs`, `call.rs`, `log.rs` | the handle: keys and tokens; the one way in which every request goes out; what is told of it |
//! | `envelope.rs`, `private_key.rs`, `key_kind.rs` | what a device's sign-in travels in; RSA keys; what other keys are called |
//! | `operation.rs` | one operation under way: its time, and the way to stop it |
//! | `check.rs` | checks of arguments that several operations make |
//! | `fields.rs` | fields of a reply, in whatever form they come |
//! | `listing.rs` | replies that list a text for each that was asked about |
//! | `reply.rs`, `redact.rs` | what a service answered, as text, token or error; secrets taken out of its words |
//! | `transport/` | HTTP over kept connections; the only place that knows ureq and rustls |
//! | `config.rs` | the settings, and what a setting can be |
//! | `exchange.rs` | one HTTP exchange, and who may perform it |
//! | `file.rs`, `new_file.rs`, `random.rs` | reading a file; one that appears whole or not at all; random bytes from the system |
//! | `error.rs`, `secret.rs` | what every floor above says and hides |
//!
//! Below it all is a crate of its own, `xq_sealing`: the formats of what is sealed, and all ciphers but RSA.
//!
//! A request walks straight down this list and its reply straight up; a floor knows only the floors below it.

mod api;
mod call;
mod check;
mod config;
pub mod dashboard;
pub mod envelope;
mod error;
mod exchange;
#[allow(unsafe_code, reason = "raw pointers come in from C here, and nowhere else")]
mod ffi;
mod fields;
mod file;
mod key_kind;
mod listing;
mod log;
mod new_file;
mod operation;
pub mod private_key;
mod quantum;
mod random;
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
