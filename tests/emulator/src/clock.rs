//! The emulator's clock: the computer's, moved by as much as was asked.

use std::time::{SystemTime, UNIX_EPOCH};

/// How far the clock may be moved in all: about 300 years.
const REACH_SECONDS: u64 = 10_000_000_000;

#[derive(Default)]
pub(crate) struct Clock {
    moved_seconds: i64,
}

impl Clock {
    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        since.as_millis() as i64 + self.moved_seconds * 1000
    }

    /// Whole seconds since 1970, as `GET time` tells them.
    pub(crate) fn now(&self) -> i64 {
        self.now_ms() / 1000
    }

    /// Moves the clock, back too; false where that is out of reach.
    pub(crate) fn advance(&mut self, seconds: i64) -> bool {
        let moved = self.moved_seconds.saturating_add(seconds);
        let reachable = moved.unsigned_abs() <= REACH_SECONDS;
        if reachable {
            self.moved_seconds = moved;
        }
        reachable
    }
}
