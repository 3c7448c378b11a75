//! A clock that goes on while the machine sleeps, which [`Instant`](std::time::Instant) does not everywhere: what has been
//! idle through the night is old in the morning.

use std::time::Duration;

/// The time since some moment that stays the same.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(super) fn now() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    // Apple's goes on by itself.
    #[cfg(target_vendor = "apple")]
    const CLOCK: ClockId = ClockId::Monotonic;
    #[cfg(not(target_vendor = "apple"))]
    const CLOCK: ClockId = ClockId::Boottime;
    let time = clock_gettime(CLOCK);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or_default(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
}

/// The same where [`Instant`](std::time::Instant) goes on, as on Windows, or nothing does.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(super) fn now() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}
