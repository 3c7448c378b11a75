//! The C ABI: convert the arguments, call, convert the result. No rule of XQ lives here.
//!
//! Every function keeps one promise and leans on one: a panic never leaves the library (in the profile `board` it ends the
//! process), and the caller keeps to the header, that is, each pointer is NULL or what the header says it is, and lives until
//! the call returns.

mod account;
mod allocator;
mod api;
mod argument;
mod authentication;
mod bytes;
mod config;
mod dashboard;
mod devices;
mod error;
mod guard;
mod key_management;
mod list;
mod log;
mod packet;
mod process;
mod quantum;
mod request;
mod rows;
mod sealed;
mod status;
mod string;
mod token;
mod transport;
mod user_management;
