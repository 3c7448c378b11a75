//! What differs between a machine with an operating system and a board without one, where that is unsafe: see `platform/`
//! for the rest.

#[cfg(not(feature = "std"))]
mod board;
#[cfg(feature = "std")]
mod process;
#[cfg(feature = "std")]
mod system;

#[cfg(not(feature = "std"))]
pub(super) use self::board::{Heap, Uncancelable, caught, forks, replace_begun, set_clock, set_random};
#[cfg(not(feature = "std"))]
pub(crate) use self::board::{now, random};
#[cfg(feature = "std")]
pub(super) use self::process::{Uncancelable, forks};
#[cfg(feature = "std")]
pub(super) use self::system::{Heap, caught, replace_begun, set_clock, set_random};
