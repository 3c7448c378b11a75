//! What an operation waits in, made known to whoever may stop it.

use std::fmt;
use std::sync::Arc;

use crate::operation::{Interrupt, Operation, Stop};

/// Something that is interrupted if its operation is stopped, for as long as this lives.
pub(super) struct Watched {
    stop: Arc<Stop>,
    what: Arc<dyn Interrupt>,
}

impl Watched {
    pub(super) fn new(operation: &Operation, what: Arc<dyn Interrupt>) -> Self {
        operation.stop.waiting().push(Arc::clone(&what));
        // It may have been stopped before anybody knew of it.
        if operation.is_stopped() {
            what.interrupt();
        }
        Watched {
            stop: Arc::clone(&operation.stop),
            what,
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let mut waiting = self.stop.waiting();
        if let Some(at) = waiting.iter().position(|one| Arc::ptr_eq(one, &self.what)) {
            waiting.swap_remove(at);
        }
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watched")
    }
}
