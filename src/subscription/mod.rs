//! What XQ's subscription service offers: one method of [`Api`](crate::Api) per operation, in files named as in the
//! published API reference.

pub mod account;
mod authentication;
#[cfg(feature = "std")]
mod certificate_files;
pub mod devices;
pub mod key_management;
mod user_management;
