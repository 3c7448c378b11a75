//! What libxq promises to a C program, shown by C programs on the real header and the real library.

mod account;
mod configuration;
mod contract;
mod covers;
mod cpp;
mod dashboard;
mod devices;
mod driver;
mod echo;
mod faults;
mod handle;
mod hostile;
mod layout;
mod linking;
mod lookups;
mod module;
mod operations;
mod outputs;
mod packets;
mod recorder;
mod replay;
mod sealed;
mod secrets;
mod sign_in;
mod sockets;
mod threads;
