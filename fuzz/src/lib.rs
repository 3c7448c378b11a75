//! What the fuzz targets share: the C ABI as a C program sees it, calls made of the fuzzer's bytes, and a service that
//! checks what it is sent.
//!
//! | file | knows |
//! |---|---|
//! | `c/` | `include/xq.h`, in Rust |
//! | `input.rs` | how the fuzzer's bytes are read as numbers, texts and lists, and how a seed is written |
//! | `places.rs` | what must hold after every call |
//! | `results.rs` | how what comes out of a call is read to its end and freed |
//! | `service/` | what must hold of every request (`targets.rs`, `bodies.rs`), and what is answered (`right.rs`) |
//! | `session.rs` | a configuration, a handle and their transport |
//! | `scratch.rs` | a folder for the files of a session |
//! | `calls/` | every function of the C ABI, called with what the input says |
//! | `replies.rs` | arguments with which each operation goes out |

pub mod c;
pub mod calls;
pub mod input;
mod places;
pub mod replies;
mod results;
mod scratch;
pub mod service;
pub mod session;
