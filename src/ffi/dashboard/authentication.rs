//! Signing in to the dashboard.

use core::ffi::c_char;

use crate::dashboard::authentication::Proof;
use crate::error::Error;
use crate::ffi::api::{XqApi, operation};
use crate::ffi::argument::{optional_text, text};
use crate::ffi::error::XqError;
use crate::ffi::guard::{call, call_text};
use crate::ffi::status::XqStatus;

/// Registers somebody with the dashboard (POST signup). Needs no token, and gives none.
///
/// @param api                 the handle.
/// @param email               the email address.
/// @param password            the password to log in with later; NULL for none: login links do without.
/// @param opt_in              not 0: the person wants to be sent news.
/// @param already_registered  where to put 1 if the address was registered before, and nothing has changed, or else 0;
///                            or NULL. Written only on success.
/// @param error               where to put the error of a failed call, or NULL.
/// @return XQ_OK, also where the address is registered already (HTTP 409); XQ_UNAUTHORIZED: the dashboard's API key is
///         not accepted; XQ_INVALID_ARGUMENT: api or email is NULL, email is no address, password is empty, a text is
///         not UTF-8; XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. Uses
///         the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_dashboard_signup(
    api: *mut XqApi,
    email: *const c_char,
    password: *const c_char,
    opt_in: i32,
    already_registered: *mut i32,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header: each pointer is NULL or what it says.
    unsafe {
        call(error, || {
            let password = optional_text("password", password)?;
            let already = operation(api, "xq_dashboard_signup")?.dashboard_signup(
                text("email", email)?,
                password,
                opt_in != 0,
            )?;
            if !already_registered.is_null() {
                already_registered.write(already.into());
            }
            Ok(())
        })
    }
}

/// Has a login link mailed (POST login/link), for xq_dashboard_login(). Needs no token, and gives none.
///
/// @param api    the handle.
/// @param email  the email address, which is registered with the dashboard.
/// @param host   where the link shall lead, as the service takes it; NULL for the service's own page.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_REJECTED: also where the address is not registered; XQ_INVALID_ARGUMENT: api or email is NULL,
///         email is no address, host is empty or not one line, a text is not UTF-8; the others as
///         xq_dashboard_signup(). Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_send_login_link(
    api: *mut XqApi,
    email: *const c_char,
    host: *const c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            operation(api, "xq_send_login_link")?.send_login_link(text("email", email)?, optional_text("host", host)?)
        })
    }
}

/// Logs in to the dashboard (POST login): with a password, with the code of a login link, or with the whole link as it
/// was mailed. The handle then holds a pre-authorization token as its dashboard token, which is good for
/// xq_login_verify() alone; its access token stays as it is.
///
/// @param api        the handle.
/// @param email      the email address, for a login with a password; not looked at, and may be NULL, for one with a code.
/// @param password   the password; NULL to log in with code.
/// @param code       the code of a login link, or the whole link "https://...?access_token=...", which is not sent: the
///                   token is taken from it; NULL to log in with password.
/// @param workspace  the workspace to log in to; NULL for the service's default, and beside a whole link.
/// @param out        where to put the pre-authorization token, to be freed with xq_string_free(); or NULL.
/// @param error      where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_UNAUTHORIZED: the password, the code or the API key is not accepted; XQ_REJECTED: also where the
///         address is not registered; XQ_INVALID_ARGUMENT: api is NULL, both or neither of password and code are given,
///         email is missing or no address, a text is empty or not UTF-8, code or workspace is not one line, the link has
///         no token or workspace is given beside it; XQ_SERVER, XQ_TIMEOUT,
///         XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. On failure the handle keeps what it held. Uses the
///         network, but for a whole link.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_dashboard_login(
    api: *mut XqApi,
    email: *const c_char,
    password: *const c_char,
    code: *const c_char,
    workspace: *const c_char,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_text(out, error, || {
            let api = operation(api, "xq_dashboard_login")?;
            let proof = match (optional_text("password", password)?, optional_text("code", code)?) {
                (Some(password), None) => Proof::Password {
                    email: text("email", email)?,
                    password,
                },
                (None, Some(code)) => Proof::Code(code),
                (Some(_), Some(_)) => {
                    return Err(Error::invalid("both password and code are given; expected one of them"));
                }
                (None, None) => return Err(Error::invalid("password and code are both NULL; expected one of them")),
            };
            api.dashboard_login(proof, optional_text("workspace", workspace)?)
        })
    }
}

/// Exchanges the pre-authorization token of xq_dashboard_login() for the dashboard token (GET login/verify), which the
/// handle then holds in its place.
///
/// @param api    the handle.
/// @param out    where to put the dashboard token, to be freed with xq_string_free(); or NULL.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_UNAUTHORIZED: the token is not accepted, or the handle holds no dashboard token;
///         XQ_INVALID_ARGUMENT: api is NULL; XQ_PROTOCOL: also where the reply is no token; XQ_REJECTED, XQ_SERVER,
///         XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition. On failure the handle keeps what it held. Uses the
///         network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_login_verify(api: *mut XqApi, out: *mut *mut c_char, error: *mut *mut XqError) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call_text(out, error, || operation(api, "xq_login_verify")?.login_verify()) }
}

/// Asks whether the dashboard token that the handle holds is good (GET session). In spite of the published name it is
/// not about the access token, which xq_get_subscriber() tries.
///
/// @param api    the handle.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK: it is; XQ_UNAUTHORIZED: it is not, or the handle holds none; XQ_INVALID_ARGUMENT: api is NULL;
///         XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_validate_access_token(api: *mut XqApi, error: *mut *mut XqError) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            operation(api, "xq_validate_access_token")?.validate_access_token()
        })
    }
}

/// Gets a dashboard token for the access token (GET login/verify?request=sub); the handle then holds both. The way back is
/// xq_exchange_for_subscription_token(). A person can have one at once; an alias or a device only once it is announced
/// (xq_announce_device()).
///
/// @param api       the handle, which is signed in.
/// @param business  the id of the business to work in, a number from 1 on as text; NULL for the service's choice.
///                  xq_get_businesses() tells which there are, and xq_switch_business() goes from one to another.
/// @param out       where to put the dashboard token, to be freed with xq_string_free(); or NULL.
/// @param error     where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_UNAUTHORIZED: the access token is not accepted, or the handle holds none; XQ_INVALID_ARGUMENT: api
///         is NULL, business is no number or below 1; XQ_REJECTED: also where there is no such business (HTTP 404), or the
///         alias or device is not announced (HTTP 403); XQ_PROTOCOL: also where the reply is no token; the
///         others as xq_login_verify(). On failure the handle keeps what it held. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_exchange_for_dashboard_token(
    api: *mut XqApi,
    business: *const c_char,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_text(out, error, || {
            operation(api, "xq_exchange_for_dashboard_token")?
                .exchange_for_dashboard_token(optional_text("business", business)?)
        })
    }
}
