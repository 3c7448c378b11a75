//! Businesses.

use core::ffi::c_char;

use crate::dashboard::Rows;
use crate::dashboard::businesses::Business;
use crate::ffi::api::{XqApi, operation};
use crate::ffi::error::XqError;
use crate::ffi::guard::{call_text, call_with};
use crate::ffi::rows::{self, Texts};
use crate::ffi::status::XqStatus;

/// A business.
#[repr(C)]
pub struct XqBusiness {
    /// Its number; -1 where the service does not tell.
    pub id: i64,
    /// Its name; NULL where the service does not tell.
    pub name: *const c_char,
}

/// Businesses that came out of one call. They live, with their texts, until xq_businesses_free() frees them all at once.
/// Not to be changed; any number of threads may read them.
#[repr(C)]
pub struct XqBusinesses {
    /// How many there are.
    pub count: usize,
    /// They themselves. Never NULL where count is not 0.
    pub rows: *const XqBusiness,
    /// The service's reply as it came: JSON, with whatever else it told. Never NULL.
    pub reply: *const c_char,
}

fn into_c(businesses: Rows<Business>) -> *mut XqBusinesses {
    let mut texts = Texts::default();
    let mut row = |business: Business| XqBusiness {
        id: business.id.unwrap_or(-1),
        name: texts.keep(business.name),
    };
    let rows = rows::collect(businesses.rows.into_iter().map(&mut row));
    let view = XqBusinesses {
        count: rows.len(),
        rows: rows.as_ptr(),
        reply: texts.keep_secret(&businesses.reply),
    };
    rows::into_c(view, rows, texts)
}

/// Frees businesses with all their texts.
///
/// @param businesses  the businesses, which are not to be used afterwards; NULL is fine.
///
/// Never fails. No network. Any thread may free them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_businesses_free(businesses: *mut XqBusinesses) {
    // SAFETY: `into_c` made them, as the header asks.
    unsafe { rows::free::<XqBusinesses, XqBusiness>(businesses) }
}

/// Tells which businesses the one who is signed in to the dashboard may work in (GET businesses).
///
/// @param api    the handle, with a dashboard token.
/// @param out    where to put the businesses, to be freed with xq_businesses_free(); or NULL.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_UNAUTHORIZED: the dashboard token or key is not accepted, or the handle holds no such token;
///         XQ_INVALID_ARGUMENT: api is NULL; XQ_PROTOCOL: also where the reply is no list of businesses; XQ_REJECTED,
///         XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_get_businesses(
    api: *mut XqApi,
    out: *mut *mut XqBusinesses,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, into_c, || {
            operation(api, "xq_get_businesses")?.get_businesses()
        })
    }
}

/// Tells which business the dashboard token is for (GET business).
///
/// @param api    the handle, with a dashboard token.
/// @param out    where to put the business, one row, to be freed with xq_businesses_free(); or NULL.
/// @param error  where to put the error of a failed call, or NULL.
/// @return as xq_get_businesses(). Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_get_business_info(
    api: *mut XqApi,
    out: *mut *mut XqBusinesses,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, into_c, || {
            operation(api, "xq_get_business_info")?.get_business_info()
        })
    }
}

/// Gets a dashboard token for another business (GET business/ID/auth), which the handle then holds in place of the one
/// that it held: groups and contacts are those of that business from then on.
///
/// @param api    the handle, with a dashboard token.
/// @param id     the business's id, 1 or more.
/// @param out    where to put the token, to be freed with xq_string_free(); or NULL.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_REJECTED: also where there is no such business (HTTP 404); XQ_INVALID_ARGUMENT: api is NULL, id is
///         below 1; XQ_PROTOCOL: also where the reply is no token; the others as xq_get_businesses(). On failure the
///         handle keeps what it held. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_switch_business(
    api: *mut XqApi,
    id: i64,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call_text(out, error, || operation(api, "xq_switch_business")?.switch_business(id)) }
}
