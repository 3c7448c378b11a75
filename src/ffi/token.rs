//! The tokens that a handle holds.

use super::api::{XqApi, operation};
use super::error::XqError;
use super::guard::call;
use super::status::XqStatus;
use crate::error::Error;
use crate::platform::prelude::*;
use crate::token::Side;

/// Which token a call is about, or carries.
#[allow(
    clippy::enum_variant_names,
    reason = "the names become XQ_TOKEN_ACCESS and so on in C, which has no namespaces"
)]
#[repr(i32)]
pub enum XqToken {
    /// The dashboard token for the dashboard, the access token for the other services; none where the handle holds none.
    XqTokenDefault = 0,
    /// The access token, or the pre-authorization token before it.
    XqTokenAccess = 1,
    /// The dashboard token.
    XqTokenDashboard = 2,
    /// None.
    XqTokenNone = 3,
}

/// Tells when a token that the handle holds ends, from the token itself, so that a program can sign in again in time.
///
/// @param api      the handle.
/// @param token    XQ_TOKEN_ACCESS or XQ_TOKEN_DASHBOARD.
/// @param seconds  where to put the seconds since 1970 by the service's clock (xq_server_time()), or -1 where the token
///                 does not tell; written only on success. May not be NULL.
/// @param error    where to put the error of a failed call, or NULL.
/// @return XQ_OK, also where the token does not tell; XQ_UNAUTHORIZED: the handle holds no such token;
///         XQ_INVALID_ARGUMENT: api or seconds is NULL, token is neither of the two. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_token_expiration(
    api: *mut XqApi,
    token: i32,
    seconds: *mut i64,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header: `seconds` is NULL or may be written.
    unsafe {
        call(error, || {
            let api = operation(api, "xq_token_expiration")?;
            if seconds.is_null() {
                return Err(Error::invalid("seconds is NULL; expected a place for the number"));
            }
            const ACCESS: i32 = XqToken::XqTokenAccess as i32;
            const DASHBOARD: i32 = XqToken::XqTokenDashboard as i32;
            let side = match token {
                ACCESS => Side::Access,
                DASHBOARD => Side::Dashboard,
                other => {
                    return Err(Error::invalid(format!(
                        "token is {other}; expected XQ_TOKEN_ACCESS or XQ_TOKEN_DASHBOARD"
                    )));
                }
            };
            seconds.write(api.token_expiration(side)?.unwrap_or(-1));
            Ok(())
        })
    }
}
