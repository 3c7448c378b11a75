//! What the formats promise, seen from outside of the crate.

mod common;
mod envelopes;
mod guess;
mod keys;
mod streams;
mod vectors;
