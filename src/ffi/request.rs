//! Any other call.

use core::ffi::c_char;
use core::ptr;

use super::api::{XqApi, operation};
use super::argument::{initialize, optional_text, sized, texts};
use super::config::service;
use super::error::XqError;
use super::guard::call_with;
use super::status::XqStatus;
use super::string;
use super::token::XqToken;
use crate::error::Error;
use crate::platform::prelude::*;
use crate::request::{AnyRequest, Under};
use crate::token::Side;

/// A request for xq_request(). To be set with XQ_REQUEST_INIT or xq_request_init() first; fields are then changed as need
/// be. A program keeps working with a newer library, whose struct may have grown: that is what size is for. A size that
/// the library does not know is XQ_INVALID_ARGUMENT.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct XqRequest {
    /// The size of the struct, as XQ_REQUEST_INIT sets it.
    pub size: usize,
    /// "GET", "POST", "PATCH", "PUT" or "DELETE", in capitals; NULL for "GET".
    pub method: *const c_char,
    /// One of xq_service_t.
    pub service: i32,
    /// The path below the service's address, such as "contact/all": not encoded, since each segment between slashes is
    /// encoded by the library. One slash in front does no harm. NULL, "" or "/" for the address itself.
    pub path: *const c_char,
    /// The names of the query, not encoded and not empty; NULL for no query.
    pub query_names: *const *const c_char,
    /// The values of the query, as many as names, not encoded; NULL for no query.
    pub query_values: *const *const c_char,
    /// How many names there are, and how many values.
    pub query_count: usize,
    /// The body, which is sent as it is, as application/json; NULL for none. GET and DELETE have none.
    pub body: *const c_char,
    /// Whose token goes along, one of xq_token_t.
    pub token: i32,
}

impl XqRequest {
    const DEFAULT: Self = XqRequest {
        size: size_of::<XqRequest>(),
        method: ptr::null(),
        service: 0,
        path: ptr::null(),
        query_names: ptr::null(),
        query_values: ptr::null(),
        query_count: 0,
        body: ptr::null(),
        token: XqToken::XqTokenDefault as i32,
    };
}

/// Sets a request to XQ_REQUEST_INIT, for languages that cannot use a macro.
///
/// @param request  the request.
/// @param size     the size of the struct as the caller knows it, sizeof(xq_request_t): no more is written, should the
///                 library be newer.
///
/// Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_request_init(request: *mut XqRequest, size: usize) {
    // SAFETY: the caller keeps to the header.
    unsafe { initialize(request, size, XqRequest::DEFAULT) }
}

/// Makes any other call of the services, one that has no function here: under the handle's API key and token, with its
/// limits, its errors and its log, which tells the first segment of the path. An error's message leaves the service's
/// words out where they repeat a segment of the path that is no number, a value of the query, or a text of the body.
/// Unlike every other function, it gives a page in HTML as it came, since the text itself is what is asked for: whether
/// that is the service's, and not of a network that asks for a sign-in, is for the program to see.
///
/// @param api          the handle.
/// @param request      the request.
/// @param http_status  where to put the HTTP status of the reply, 200, 201, 202 or 204; or NULL. Written only on success.
/// @param out          where to put the reply's text as it came, "" where it has none, to be freed with
///                     xq_string_free(); or NULL.
/// @param error        where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: api or request is NULL, method is none of the five, a body is given with GET
///         or DELETE, service or token is no such number, the path has, but for a slash in front, a segment that is
///         empty, "." or "..", or holds '?', '#', '\' or a control character, a name of the query is empty, a text is
///         NULL in a list or not UTF-8; XQ_UNAUTHORIZED: the API key or the token is not accepted, or the handle does
///         not hold the token that request->token names; XQ_PROTOCOL: also where the reply is not UTF-8 text, or of
///         another status of success, whose text xq_error_reply() then has; XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT,
///         XQ_NETWORK, XQ_TLS as in their definition. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_request(
    api: *mut XqApi,
    request: *const XqRequest,
    http_status: *mut i32,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header: each pointer is NULL or what it says.
    unsafe {
        call_with(
            out,
            error,
            |text| string::into_c(&text),
            || {
                let api = operation(api, "xq_request")?;
                if request.is_null() {
                    return Err(Error::invalid("request is NULL; expected an xq_request_t"));
                }
                let given = sized("request", "XQ_REQUEST_INIT", request)?;
                let names = texts("request.query_names", given.query_names, given.query_count)?;
                let values = texts("request.query_values", given.query_values, given.query_count)?;
                let query: Vec<(&str, &str)> = names.into_iter().zip(values).collect();
                let (status, text) = api.request(&AnyRequest {
                    method: optional_text("request.method", given.method)?.unwrap_or("GET"),
                    service: service(given.service)?,
                    path: optional_text("request.path", given.path)?.unwrap_or_default(),
                    query: &query,
                    body: optional_text("request.body", given.body)?,
                    under: under(given.token)?,
                })?;
                if !http_status.is_null() {
                    http_status.write(status.into());
                }
                Ok(text)
            },
        )
    }
}

/// An integer from outside: it may be no token.
fn under(token: i32) -> Result<Under, Error> {
    const DEFAULT: i32 = XqToken::XqTokenDefault as i32;
    const ACCESS: i32 = XqToken::XqTokenAccess as i32;
    const DASHBOARD: i32 = XqToken::XqTokenDashboard as i32;
    const NONE: i32 = XqToken::XqTokenNone as i32;
    match token {
        DEFAULT => Ok(Under::Service),
        ACCESS => Ok(Under::Token(Side::Access)),
        DASHBOARD => Ok(Under::Token(Side::Dashboard)),
        NONE => Ok(Under::Nobody),
        other => Err(Error::invalid(format!(
            "request.token is {other}; expected XQ_TOKEN_DEFAULT, _ACCESS, _DASHBOARD or _NONE"
        ))),
    }
}
