//! What the emulator promises, in plain HTTP.

mod client;
mod emulator;
mod faults;
#[cfg(unix)]
mod program;
mod sign_in;
mod tls;
