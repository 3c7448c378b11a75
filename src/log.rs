//! What a program may be told of each request: never a key, a token or a PIN.

use alloc::sync::Arc;
use core::fmt;
use core::time::Duration;

use crate::error::{Cause, Error, Kind};
use crate::platform::prelude::*;
use crate::reply::Reply;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// There was no reply, or one with a status that makes no sense.
    Error,
    /// The service refused, or failed.
    Warning,
    /// The service says that it worked.
    Info,
}

type Tell = dyn Fn(Level, &str) + Send + Sync;

/// Where lines go.
#[derive(Clone)]
pub(crate) struct Logger(pub Arc<Tell>);

impl Logger {
    /// Tells of one request: whose and what it was, how long it took, and what came of it.
    pub(crate) fn tell(&self, cause: Cause, what: &str, took: Duration, result: Result<&Reply, &Error>) {
        let took = took.as_millis();
        let Cause { operation, request } = cause;
        match result {
            Ok(reply) => (self.0)(
                Level::Info,
                &format!("#{request} {operation}: {what}: HTTP {} in {took} ms", reply.status()),
            ),
            Err(error) => {
                let refused = matches!(error.kind(), Kind::Unauthorized | Kind::Rejected | Kind::Server);
                let level = if refused { Level::Warning } else { Level::Error };
                (self.0)(
                    level,
                    &format!("#{request} {operation}: {what}: failed in {took} ms: {error}"),
                );
            }
        }
    }
}

impl fmt::Debug for Logger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Logger")
    }
}
