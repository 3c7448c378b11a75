//! What the emulator promises, in plain HTTP.

mod account;
mod client;
mod dashboard;
mod devices;
mod emulator;
mod faults;
mod forms;
mod keys;
mod origin;
mod packets;
#[cfg(unix)]
mod program;
mod quantum;
mod recorded;
mod requests;
mod sign_in;
mod tls;
mod users;
