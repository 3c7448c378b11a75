//! What libxq promises to a C program, shown by C programs on the real header and the real library.

mod configuration;
mod contract;
mod covers;
mod driver;
mod lookups;
mod packets;
mod recorder;
mod replay;
mod sign_in;
