//! What differs between a machine with an operating system and a board without one; nothing else in the library does.

#[cfg(not(feature = "std"))]
mod board;
#[cfg(feature = "std")]
mod system;

#[cfg(not(feature = "std"))]
pub(crate) use self::board::{LARGEST_REPLY, Lock, Locked, NO_RANDOM, now, random, write_json};
#[cfg(feature = "std")]
pub(crate) use self::system::{LARGEST_REPLY, Lock, Locked, NO_RANDOM, now, random, write_json};

/// What every file has from the standard library, and from `alloc` where there is none.
pub(crate) mod prelude {
    pub(crate) use alloc::borrow::ToOwned;
    pub(crate) use alloc::boxed::Box;
    pub(crate) use alloc::format;
    pub(crate) use alloc::string::{String, ToString};
    pub(crate) use alloc::vec;
    pub(crate) use alloc::vec::Vec;
}
