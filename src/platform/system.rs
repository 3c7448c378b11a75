//! The operating system, by Rust's standard library.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::secret::SecretBytes;

/// A reply is no larger unless more is asked for, in bytes: about 80,000 stored keys in one call.
pub(crate) const LARGEST_REPLY: usize = 16 * 1024 * 1024;

/// What a call says that has no random bytes.
pub(crate) const NO_RANDOM: &str = "the operating system gives no random bytes";

/// A value for one thread at a time.
#[derive(Debug, Default)]
pub(crate) struct Lock<T>(Mutex<T>);

/// The value while it is this thread's.
pub(crate) type Locked<'a, T> = MutexGuard<'a, T>;

impl<T> Lock<T> {
    /// Waits for the other threads. What a panic has left behind is consistent: values are replaced whole.
    pub(crate) fn lock(&self) -> Locked<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time since some moment.
pub(crate) fn now() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}

/// Fills `bytes` with what is fit for keys.
pub(crate) fn random(bytes: &mut [u8]) -> Result<(), xq_sealing::Error> {
    getrandom::fill(bytes).map_err(|_| xq_sealing::Error::NoRandom)
}

/// Adds `value` as JSON to `bytes`.
pub(crate) fn write_json(bytes: &mut SecretBytes, value: &impl Serialize) -> serde_json::Result<()> {
    serde_json::to_writer(bytes, value)
}
