//! The handle and the tokens it holds.

use alloc::sync::Arc;
use core::ffi::c_char;
use core::ptr;
use core::time::Duration;

use super::argument::optional_text;
use super::config::XqConfig;
use super::error::XqError;
use super::guard::{begun, call, call_with};
use super::machine::{Uncancelable, forks};
use super::status::XqStatus;
use super::string;
use crate::api::{Api, Handle};
use crate::error::Error;
use crate::platform::prelude::*;
use crate::secret::Secret;

/// A client of the XQ services: keys, tokens and kept connections. It may be used from several threads at once; two
/// handles share nothing, unless xq_api_derive() made the one from the other. It is freed once, when no call on it is
/// under way.
#[derive(Debug)]
pub struct XqApi {
    handle: Arc<Handle>,
    /// The process that it was made in, by the forks before it.
    forks: u32,
}

#[cfg(feature = "std")]
const _: () = {
    // The header lets several threads share a handle.
    const fn shared<T: Send + Sync>() {}
    shared::<XqApi>();
};

impl XqApi {
    fn into_c(handle: Handle) -> *mut XqApi {
        Box::into_raw(Box::new(XqApi {
            handle: Arc::new(handle),
            forks: forks(),
        }))
    }
}

/// The client behind a handle.
///
/// Refuses to work in another process than the one that made the handle: after a fork, its connections are the parent's too,
/// and its locks may be held by threads that are not there.
///
/// # Safety
///
/// `api` is NULL or a handle that is not freed before `'a` ends.
pub(super) unsafe fn handle<'a>(api: *mut XqApi) -> Result<&'a Arc<Handle>, Error> {
    // SAFETY: NULL or alive, as this function asks of its caller; a handle is only ever shared.
    let api = unsafe { api.as_ref() };
    let api = api.ok_or_else(|| Error::invalid("api is NULL; expected a handle from xq_api_new"))?;
    if api.forks != forks() {
        return Err(Error::invalid(
            "the handle was made in another process, before a fork; expected one made by xq_api_new in this one",
        ));
    }
    Ok(&api.handle)
}

/// An operation that begins on a handle, for the function `name`.
///
/// # Safety
///
/// As for [`handle`].
pub(super) unsafe fn operation(api: *mut XqApi, name: &'static str) -> Result<Api, Error> {
    // SAFETY: the promise is passed on.
    let api = unsafe { handle(api) }?.begin(name);
    begun(&api.operation);
    Ok(api)
}

/// Makes a handle with a copy of these settings, holding no token. Talks to nobody: the first call connects. No other
/// thread may change the environment meanwhile: the HTTP client inside looks at the proxy variables, which are not
/// used.
///
/// @param config  the settings, which may be freed or changed afterwards.
/// @param out     where to put the handle, to be freed with xq_api_free(); NULL on failure. May not be NULL.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CONFIGURATION: there is no API key, an address is plain HTTP to another machine, root
///         certificates do not parse, the system has none under XQ_ROOTS_SYSTEM, the program none of its own under
///         XQ_ROOTS_NONE, a proxy, root certificates or a choice of them are set beside a transport of the program's
///         own, or the library is built without sockets and no transport is set; XQ_INVALID_ARGUMENT: config or out is
///         NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_api_new(
    config: *const XqConfig,
    out: *mut *mut XqApi,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, XqApi::into_c, || {
            if out.is_null() {
                return Err(Error::invalid("out is NULL; expected a place for the handle"));
            }
            let config = config
                .as_ref()
                .ok_or_else(|| Error::invalid("config is NULL; expected one from xq_config_new"))?;
            Handle::new(config.settings())
        })
    }
}

/// Makes a handle from a handle: it shares the tokens, the connections and the settings of the first, and has a time
/// limit, a logger (xq_set_logger(): none at first), a count of requests (xq_error_request()) and a way to stop
/// (xq_api_cancel()) of its own: one that is made from a stopped handle is not stopped. It costs a
/// microsecond, so that a server can have one for each request that it serves. Signing in or out on either is seen on
/// both. The two are freed each by itself, in either order; what they share lives as long as one of them.
///
/// @param api         the handle, which may be one that was made in this way itself.
/// @param timeout_ms  how long each call on the new handle may take, in milliseconds, as in
///                    xq_config_set_timeout_ms(); 0 for as long as on the first.
/// @param out         where to put the handle, to be freed with xq_api_free(); NULL on failure. May not be NULL.
/// @param error       where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: api or out is NULL. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_api_derive(
    api: *mut XqApi,
    timeout_ms: u32,
    out: *mut *mut XqApi,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, XqApi::into_c, || {
            if out.is_null() {
                return Err(Error::invalid("out is NULL; expected a place for the handle"));
            }
            let timeout = (timeout_ms != 0).then(|| Duration::from_millis(timeout_ms.into()));
            Ok(handle(api)?.derive(timeout))
        })
    }
}

/// Stops what is under way on a handle: every call on it ends within 100 milliseconds with XQ_CANCELED, whatever it waits
/// for (a name, a connection, TLS, the sending, the reply, a transport function of the program's that asks
/// xq_http_reply_is_canceled()), and so does sealing and opening a file; one whose reply is there already may still
/// succeed. Calls that begin later end in the same way before they send anything, until xq_api_resume(). It
/// reaches this handle alone: those that were made from it, or that it was made from, go on. A program that stops all of
/// them keeps a list, under a lock that it also holds while it takes one off to free it: this function may not run while
/// the handle is freed, nor after. The connections that were in use are closed, those that are
/// idle are kept. xq_error_outcome() tells whether a call's request had left.
///
/// @param api    the handle.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK, also where nothing is under way; XQ_INVALID_ARGUMENT: api is NULL. Sends nothing and does not wait.
///         From any thread, but not from a signal handler.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_api_cancel(api: *mut XqApi, error: *mut *mut XqError) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            handle(api)?.cancel();
            Ok(())
        })
    }
}

/// Makes a handle usable again after xq_api_cancel(). Calls that were under way then end all the same.
///
/// @param api    the handle.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK, also where it was not stopped; XQ_INVALID_ARGUMENT: api is NULL. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_api_resume(api: *mut XqApi, error: *mut *mut XqError) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            handle(api)?.resume();
            Ok(())
        })
    }
}

/// Closes a handle's connections, wipes its keys and tokens, and frees it; where xq_api_derive() made another from it,
/// or it from another, these live as long as that.
///
/// @param api  the handle, on which no call is under way and which is not to be used afterwards; NULL is fine.
///
/// Never fails. Sends no request.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_api_free(api: *mut XqApi) {
    // A pending cancellation would strike where a connection is closed.
    let _uncancelable = Uncancelable::begin();
    if !api.is_null() {
        // SAFETY: made by `xq_api_new` and freed once while no call uses it, as the header asks.
        drop(unsafe { Box::from_raw(api) });
    }
}

/// Gives the token that requests carry, so that a program can keep it between runs: after xq_authorize_user() the
/// pre-authorization token; after xq_exchange_key(), an alias's or a device's sign-in, the access token.
///
/// @param api    the handle.
/// @param out    where to put the token, to be freed with xq_string_free(); NULL where the handle holds none.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK, also where there is no token; XQ_INVALID_ARGUMENT: api is NULL. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_get_access_token(
    api: *mut XqApi,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call_with(out, error, string_or_null, || Ok(handle(api)?.access_token())) }
}

/// Takes a token kept from an earlier run, in place of the one held. It is not checked with the service.
///
/// @param api    the handle.
/// @param token  the token, visible ASCII; NULL forgets the one held.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: api is NULL, or the token is empty, longer than 8,192 bytes, or holds a blank, a
///         line break or a character beyond ASCII; the handle then keeps the one that it held. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_set_access_token(
    api: *mut XqApi,
    token: *const c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call(error, || handle(api)?.set_access_token(optional_text("token", token)?)) }
}

/// Gives the dashboard token that the handle holds, so that a program can keep it between runs: that of
/// xq_exchange_for_dashboard_token(), xq_login_verify() or xq_switch_business(), the pre-authorization token after
/// xq_dashboard_login(), or the one that was set with xq_set_dashboard_token().
///
/// @param api    the handle.
/// @param out    where to put the token, to be freed with xq_string_free(); NULL where the handle holds none.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK, also where there is no token; XQ_INVALID_ARGUMENT: api is NULL. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_get_dashboard_token(
    api: *mut XqApi,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call_with(out, error, string_or_null, || Ok(handle(api)?.dashboard_token())) }
}

/// Takes a dashboard token kept from an earlier run, in place of the one held. Calls of the dashboard carry it from then
/// on. It is not checked with the service: xq_validate_access_token() does that.
///
/// @param api    the handle.
/// @param token  the token, visible ASCII; NULL forgets the one held.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: api is NULL, or the token is empty, longer than 8,192 bytes, or holds a blank, a
///         line break or a character beyond ASCII; the handle then keeps the one that it held. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_set_dashboard_token(
    api: *mut XqApi,
    token: *const c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            handle(api)?.set_dashboard_token(optional_text("token", token)?)
        })
    }
}

/// Forgets and wipes both tokens. The service is not told: they remain valid there.
///
/// @param api    the handle.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: api is NULL. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_forget_tokens(api: *mut XqApi, error: *mut *mut XqError) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            handle(api)?.forget_tokens();
            Ok(())
        })
    }
}

fn string_or_null(text: Option<Secret>) -> *mut c_char {
    text.map_or(ptr::null_mut(), |text| string::into_c(&text))
}
