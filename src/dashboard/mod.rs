//! The dashboard: what an administrator's program does, under a token and a key of its own.

pub mod authentication;
pub mod businesses;
pub mod communications;
pub mod contact_management;
#[cfg(feature = "std")]
mod device_files;
#[cfg(not(feature = "std"))]
#[path = "no_files.rs"]
mod device_files;
pub mod devices;
pub mod usergroup;

use serde_json::value::RawValue;

use crate::error::Error;
use crate::fields::number;
use crate::platform::prelude::*;
use crate::reply::Reply;
use crate::secret::Secret;

/// What a reply told, row by row, and the reply itself: JSON, with whatever else the service told.
#[derive(Debug)]
pub struct Rows<T> {
    /// In the service's order.
    pub rows: Vec<T>,
    /// As it came.
    pub reply: Secret,
}

impl<T> Rows<T> {
    /// What was read from `reply`.
    pub(super) fn of(rows: serde_json::Result<Vec<T>>, reply: &Reply) -> Result<Self, Error> {
        Ok(Rows {
            rows: rows
                .map_err(|_| reply.nonsense("has a field that is half of a character, or a number beyond any size"))?,
            reply: Secret::from(reply.raw()?),
        })
    }
}

/// The number that the service has given to something new.
///
/// # Errors
///
/// [`Kind::Protocol`](crate::Kind): there is none. The error has the reply: it is made all the same.
pub(super) fn new_id(raw: Option<&RawValue>, reply: &Reply) -> Result<i64, Error> {
    match number(raw) {
        Ok(Some(id)) if id >= 1 => Ok(id),
        _ => Err(reply.keep_in(reply.nonsense("has no id, a number from 1 on"))),
    }
}
