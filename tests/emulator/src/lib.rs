//! A loopback XQ service for developing and testing without an account.
//!
//! [`Emulator::start`] runs one inside the process, on a thread of its own; the program `xq-emulator` runs one
//! for everybody else. Both answer as the XQ service would, with state in memory.
//!
//! The way of a request, from the socket to the reply:
//!
//! ```text
//! emulator.rs      starts and stops it; what tests may ask of it
//! server.rs        connections: TCP, TLS, HTTP/1.1           tls.rs       the root and the certificate
//!    │
//! front.rs         which service is meant, its API key       fault.rs     what shall go wrong
//!    │                                                       breakage.rs  replies that HTTP would not let through
//!    │                                                       origin.rs    what pages in a browser may reach
//! subscription/    sign-in, key packets, devices, the account
//! validation.rs    stored keys
//! dashboard.rs     announcements, certificates
//! quantum.rs       entropy
//! admin.rs         what only an emulator can tell: mail, clock, faults
//!    │
//! reply.rs         the forms of a reply and of a refusal
//! world.rs         what the service remembers                tokens.rs, clock.rs
//! vault.rs         stored keys, and who may have them        packet.rs, address.rs
//! certificate.rs   certificates of devices                   envelope.rs  sealed payloads
//! ```

mod address;
mod admin;
mod breakage;
mod certificate;
mod clock;
mod dashboard;
mod emulator;
pub mod envelope;
mod fault;
mod front;
mod origin;
mod packet;
mod quantum;
mod random;
mod reply;
mod server;
mod subscription;
mod tls;
mod tokens;
mod validation;
mod vault;
mod world;

pub use certificate::Certificate;
pub use emulator::{Emulator, Options};
pub use fault::{Action, Fault};
pub use world::{Device, Mail, World};
