//! What libxq promises to a C program, shown by C programs on the real header and the real library.

mod contract;
mod driver;
mod recorder;
mod replay;
mod sign_in;
