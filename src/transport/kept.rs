//! Connections that wait for the next request. The one that was used last goes first: the others may then grow old.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::clock;
use super::open::{Open, Origin};

/// As many as threads are likely to call at once.
const MAX_KEPT: usize = 64;
/// Below what servers and load balancers commonly keep an idle connection for (60 s and more).
const MAX_AGE: Duration = Duration::from_secs(45);

/// The idle connections of a handle and of those made from it.
#[derive(Default)]
pub(super) struct Kept(Mutex<Vec<Idle>>);

struct Idle {
    open: Open,
    /// By [`clock::now`].
    since: Duration,
}

impl Kept {
    /// A connection to `origin` that still stands, and since when it has been idle.
    pub(super) fn take(&self, origin: &Origin) -> Option<(Open, Duration)> {
        loop {
            let mut idle = self.lock();
            let at = idle.iter().rposition(|one| one.open.origin == *origin)?;
            let Idle { mut open, since } = idle.remove(at);
            drop(idle);
            // No other thread waits while it is looked at, or closed.
            if is_young(since, clock::now()) && open.is_quiet() {
                return Some((open, since));
            }
        }
    }

    pub(super) fn put(&self, open: Open) {
        let mut idle = self.lock();
        // Under the lock, so that the last one is the youngest.
        let since = clock::now();
        let old = idle.iter().take_while(|one| !is_young(one.since, since)).count();
        let surplus = (idle.len() + 1).saturating_sub(MAX_KEPT);
        let closed: Vec<Idle> = idle.drain(..old.max(surplus)).collect();
        idle.push(Idle { open, since });
        drop(idle);
        drop(closed);
    }

    /// Closes all that have been idle since `since` or longer: one of that age had died, and what it died of (a NAT that
    /// forgot it, a machine that slept) has struck them too.
    pub(super) fn drop_older(&self, since: Duration) {
        let mut idle = self.lock();
        let (older, younger) = idle.drain(..).partition::<Vec<_>, _>(|one| one.since <= since);
        *idle = younger;
        drop(idle);
        drop(older);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_young(since: Duration, now: Duration) -> bool {
    now.saturating_sub(since) < MAX_AGE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_as_old_as_the_limit_is_too_old() {
        let since = Duration::from_secs(7);
        assert!(is_young(since, since + MAX_AGE - Duration::from_nanos(1)));
        assert!(!is_young(since, since + MAX_AGE));
        // A clock that is set back makes nothing old.
        assert!(is_young(since, Duration::ZERO));
    }
}
