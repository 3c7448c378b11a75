//! A board without an operating system, by the functions that its firmware gives (`ffi/board.rs`).

use core::cell::{RefCell, RefMut};

use serde::Serialize;

pub(crate) use crate::ffi::machine::{now, random};
use crate::secret::SecretBytes;

/// A reply is no larger unless more is asked for, in bytes: what a sign-in or a key takes several times.
pub(crate) const LARGEST_REPLY: usize = 16 * 1024;

/// What a call says that has no random bytes.
pub(crate) const NO_RANDOM: &str =
    "the board gives no random bytes; expected a function from xq_board_set_random, and that it returns 0";

/// A value for one task at a time: a handle belongs to one.
#[derive(Debug, Default)]
pub(crate) struct Lock<T>(RefCell<T>);

/// The value while it is in use.
pub(crate) type Locked<'a, T> = RefMut<'a, T>;

impl<T> Lock<T> {
    /// Nobody else has it: nothing is called with it held.
    pub(crate) fn lock(&self) -> Locked<'_, T> {
        self.0.borrow_mut()
    }
}

/// Adds `value` as JSON to `bytes`. What is written on the way is wiped like all memory that is given back.
pub(crate) fn write_json(bytes: &mut SecretBytes, value: &impl Serialize) -> serde_json::Result<()> {
    bytes.extend(&serde_json::to_vec(value)?);
    Ok(())
}
