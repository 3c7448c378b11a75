//! What the emulator promises, in plain HTTP.

mod account;
mod client;
mod devices;
mod emulator;
mod faults;
mod keys;
mod origin;
mod packets;
#[cfg(unix)]
mod program;
mod quantum;
mod recorded;
mod sign_in;
mod tls;
