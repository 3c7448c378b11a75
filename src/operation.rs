//! One operation under way: the time that all its requests have together, and the way to stop it.

use alloc::sync::Arc;
use core::fmt;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use core::time::Duration;

use crate::error::{Cause, Error, Kind, Outcome, PERHAPS_DONE};
use crate::platform::prelude::*;
use crate::platform::{self, Lock, Locked};

/// Something that a thread may be waiting in, and that can be made to end that at once.
pub(crate) trait Interrupt: Send + Sync {
    /// Wakes whoever waits. It may be called at any time, and more than once.
    fn interrupt(&self);
}

/// The way to stop what is under way on one handle.
#[derive(Default)]
pub(crate) struct Stop {
    /// How often the handle was stopped or let go on: it is stopped while that is odd. A count, so that an operation that
    /// looks only after both still knows that it was meant.
    turns: AtomicUsize,
    waiting: Lock<Vec<Arc<dyn Interrupt>>>,
}

impl Stop {
    /// Ends what is under way, and whatever begins from now on.
    pub(crate) fn stop(&self) {
        let waiting = self.waiting();
        if !is_stopped(self.turns.load(Ordering::SeqCst)) {
            self.turns.fetch_add(1, Ordering::SeqCst);
        }
        for one in waiting.iter() {
            one.interrupt();
        }
    }

    /// Lets operations begin again.
    pub(crate) fn go_on(&self) {
        // Under the lock: two threads that do the same count once.
        let _waiting = self.waiting();
        if is_stopped(self.turns.load(Ordering::SeqCst)) {
            self.turns.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// All that is interrupted once it is stopped.
    pub(crate) fn waiting(&self) -> Locked<'_, Vec<Arc<dyn Interrupt>>> {
        self.waiting.lock()
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stop")
            .field("turns", &self.turns)
            .finish_non_exhaustive()
    }
}

fn is_stopped(turns: usize) -> bool {
    turns % 2 == 1
}

/// One operation, from the entry point on.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The name of the C function.
    name: &'static str,
    /// For all requests together.
    limit: Duration,
    /// What they have taken so far. What is done between them, such as sealing a file, does not count.
    spent: Lock<Duration>,
    /// Whoever waits for the operation is known there.
    pub(crate) stop: Arc<Stop>,
    /// How often the handle had been stopped or let go on when it began.
    turns: usize,
    /// The number of the last request among those of the handle; 0 before the first.
    number: AtomicUsize,
    /// Whether a byte of the request at hand may have left.
    sent: AtomicBool,
    /// Whether a request was carried out, and whether one that changes something was.
    answered: AtomicBool,
    changed: AtomicBool,
    /// Whether it is there for a change that a later request makes; the first ones get what that needs.
    leads_to_change: AtomicBool,
    /// Whether a request that changes something was begun.
    changing: AtomicBool,
}

impl Operation {
    pub(crate) fn new(name: &'static str, limit: Duration, stop: &Arc<Stop>) -> Self {
        Operation {
            name,
            limit,
            spent: Lock::default(),
            turns: stop.turns.load(Ordering::SeqCst),
            stop: Arc::clone(stop),
            number: AtomicUsize::new(0),
            sent: AtomicBool::new(false),
            answered: AtomicBool::new(false),
            changed: AtomicBool::new(false),
            leads_to_change: AtomicBool::new(false),
            changing: AtomicBool::new(false),
        }
    }

    /// What is asked for is done by a request that is still to come: whatever becomes of those before it does nothing.
    pub(crate) fn leads_to_change(&self) {
        self.leads_to_change.store(true, Ordering::Relaxed);
    }

    /// The limit as it was set.
    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }

    /// What is left of it.
    pub(crate) fn left(&self) -> Duration {
        self.limit.saturating_sub(*self.spent.lock())
    }

    /// Runs one request, whose time counts.
    ///
    /// # Errors
    ///
    /// That of `request`, with what is known of whether anything was done; [`Kind::Canceled`] where it was stopped,
    /// [`Kind::Timeout`] where no time is left.
    ///
    /// `number` is that of the request, `changes` says whether it does more than read.
    pub(crate) fn request<T>(
        &self,
        number: usize,
        changes: bool,
        request: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.number.store(number, Ordering::Relaxed);
        self.sent.store(false, Ordering::Relaxed);
        self.changing.fetch_or(changes, Ordering::Relaxed);
        let started = platform::now();
        let result = self.check().and_then(|()| match self.left() {
            Duration::ZERO => Err(self.out_of_time()),
            _ => request(),
        });
        // First: the clock of a board is the program's, and nothing is called with a lock held.
        let took = platform::now().saturating_sub(started);
        *self.spent.lock() += took;
        match result {
            Ok(reply) => {
                self.answered.store(true, Ordering::Relaxed);
                self.changed.fetch_or(changes, Ordering::Relaxed);
                Ok(reply)
            }
            // Whatever a connection says that was closed under its reader.
            Err(e) if e.http_status() == 0 && self.is_stopped() => Err(canceled().with_outcome(self.unanswered())),
            Err(e) if e.http_status() == 0 => Err(e.with_outcome(self.unanswered())),
            Err(e) if self.changed.load(Ordering::Relaxed) => Err(e.with_outcome(Outcome::Unknown)),
            Err(e) => Err(e),
        }
    }

    /// What is known where there is no reply: an earlier request of the operation may have done a part.
    fn unanswered(&self) -> Outcome {
        if self.sent.load(Ordering::Relaxed) || self.changed.load(Ordering::Relaxed) {
            Outcome::Unknown
        } else {
            Outcome::NotSent
        }
    }

    /// `error` with what is known of the operation: which request came last, and whether what that gave cannot be used.
    pub(crate) fn judged(&self, error: Error) -> Error {
        let error = match self.number.load(Ordering::Relaxed) {
            0 => error,
            number => error.with_cause(self.cause(number)),
        };
        let only_led_up = self.leads_to_change.load(Ordering::Relaxed) && !self.changing.load(Ordering::Relaxed);
        match error.outcome() {
            Outcome::Done | Outcome::Unknown if only_led_up => error
                .in_words(|words| words.replace(PERHAPS_DONE, ""))
                .with_outcome(Outcome::NotSent),
            // It came of no request, but of what one gave.
            Outcome::NotSent if !error.tells_outcome() && !only_led_up && self.answered.load(Ordering::Relaxed) => {
                error.with_outcome(Outcome::Done)
            }
            _ => error,
        }
    }

    /// What a line of the log begins with.
    pub(crate) fn cause(&self, request: usize) -> Cause {
        Cause {
            operation: self.name,
            request,
        }
    }

    /// A byte of the request at hand may leave from now on.
    pub(crate) fn sending(&self) {
        self.sent.store(true, Ordering::Relaxed);
    }

    /// None has left after all.
    pub(crate) fn not_sent(&self) {
        self.sent.store(false, Ordering::Relaxed);
    }

    /// Refuses to go on once the program has stopped it.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.is_stopped() { Err(canceled()) } else { Ok(()) }
    }

    /// Whether the program has stopped it.
    pub(crate) fn is_stopped(&self) -> bool {
        let turns = self.stop.turns.load(Ordering::SeqCst);
        is_stopped(turns) || turns != self.turns
    }

    fn out_of_time(&self) -> Error {
        let limit = self.limit().as_millis();
        Error::new(
            Kind::Timeout,
            format!("the requests that came before have used up {limit} ms, the time limit of the whole call"),
        )
    }
}

/// The failure of an operation that the program has stopped.
fn canceled() -> Error {
    Error::new(
        Kind::Canceled,
        "the program has stopped what is under way on the handle (xq_api_cancel)",
    )
}
