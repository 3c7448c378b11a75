//! The statuses of the C ABI.

use core::ffi::{CStr, c_char};

use crate::error::Kind;

/// How a call went. Every function that can fail returns one; the values never change.
#[allow(
    clippy::enum_variant_names,
    reason = "the names become XQ_OK and so on in C, which has no namespaces"
)]
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XqStatus {
    /// It worked.
    XqOk = 0,
    /// An argument cannot be right (NULL, empty, not UTF-8, out of range). Nothing was sent.
    XqInvalidArgument = 1,
    /// A setting is missing or cannot be right, a proxy's name and password among them, and a proxy that has no Basic.
    XqConfiguration = 2,
    /// The service does not accept the API key, the token or the PIN (HTTP 401), or the call needs a token and the handle
    /// holds none (then nothing was sent, and xq_error_http_status() is 0).
    XqUnauthorized = 3,
    /// The service refused the request (any other HTTP 4xx); the message repeats its words, unless they hold a secret, or
    /// the reply is too large or does not tell its length.
    XqRejected = 4,
    /// The service failed (HTTP 5xx); the message repeats its words in the same way.
    XqServer = 5,
    /// A time limit passed. The request may have been carried out: xq_error_outcome() tells.
    XqTimeout = 6,
    /// There was no connection to the service, or it broke. In the latter case the request may have been carried out:
    /// xq_error_outcome() tells.
    XqNetwork = 7,
    /// The service's TLS certificate is not trusted, or there is no TLS.
    XqTls = 8,
    /// The reply makes no sense: it is no HTTP, a redirect, of a status or a form that the call does not have, a page in
    /// HTML (as a network gives that asks for a sign-in first, a proxy, or a wrong address; xq_request() alone takes one),
    /// without an end that could be told from its being cut short, or larger than the configuration allows.
    XqProtocol = 9,
    /// Something did not decrypt, or a key cannot be used.
    XqCrypto = 10,
    /// A file cannot be read or written, or is not one that the call takes.
    XqFile = 11,
    /// A defect in libxq. The handle remains usable. (Where libxq is built for boards, a defect ends the process instead.)
    XqInternal = 12,
    /// The program stopped the work, which leaves no file behind: by xq_api_cancel(), or by its function progress in
    /// xq_seal_options_t. xq_error_outcome() tells whether the request may have been carried out.
    XqCanceled = 13,
}

use XqStatus::*;

impl XqStatus {
    const ALL: [XqStatus; 14] = [
        XqOk,
        XqInvalidArgument,
        XqConfiguration,
        XqUnauthorized,
        XqRejected,
        XqServer,
        XqTimeout,
        XqNetwork,
        XqTls,
        XqProtocol,
        XqCrypto,
        XqFile,
        XqInternal,
        XqCanceled,
    ];

    fn describe(self) -> (&'static CStr, &'static CStr) {
        match self {
            XqOk => (c"XQ_OK", c"it worked"),
            XqInvalidArgument => (c"XQ_INVALID_ARGUMENT", c"an argument cannot be right"),
            XqConfiguration => (c"XQ_CONFIGURATION", c"a setting is missing or cannot be right"),
            XqUnauthorized => (
                c"XQ_UNAUTHORIZED",
                c"the API key, the token or the PIN is not accepted, or there is no token",
            ),
            XqRejected => (c"XQ_REJECTED", c"the service refused the request"),
            XqServer => (c"XQ_SERVER", c"the service failed"),
            XqTimeout => (c"XQ_TIMEOUT", c"a time limit passed"),
            XqNetwork => (c"XQ_NETWORK", c"there was no connection to the service, or it broke"),
            XqTls => (
                c"XQ_TLS",
                c"the service's certificate is not trusted, or there is no TLS",
            ),
            XqProtocol => (c"XQ_PROTOCOL", c"the reply makes no sense, or is too large"),
            XqCrypto => (c"XQ_CRYPTO", c"something did not decrypt, or a key cannot be used"),
            XqFile => (c"XQ_FILE", c"a file cannot be read or written"),
            XqInternal => (c"XQ_INTERNAL", c"a defect in libxq"),
            XqCanceled => (c"XQ_CANCELED", c"the program stopped the work"),
        }
    }
}

impl From<Kind> for XqStatus {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::InvalidArgument => XqInvalidArgument,
            Kind::Configuration => XqConfiguration,
            Kind::Unauthorized => XqUnauthorized,
            Kind::Rejected => XqRejected,
            Kind::Server => XqServer,
            Kind::Timeout => XqTimeout,
            Kind::Network => XqNetwork,
            Kind::Tls => XqTls,
            Kind::Protocol => XqProtocol,
            Kind::Crypto => XqCrypto,
            Kind::File => XqFile,
            Kind::Internal => XqInternal,
            Kind::Canceled => XqCanceled,
        }
    }
}

/// An integer from outside: it may be none of the statuses.
fn described(status: i32) -> (&'static CStr, &'static CStr) {
    XqStatus::ALL.into_iter().find(|known| *known as i32 == status).map_or(
        (c"unknown", c"not a status of this version of libxq"),
        XqStatus::describe,
    )
}

/// The version of the library that is loaded, such as "0.1.0".
///
/// @return a static string; not to be freed. Never fails. No network.
#[unsafe(no_mangle)]
pub extern "C" fn xq_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// The same as a number, to compare with XQ_VERSION_NUMBER, that of the header: 1002003 is version 1.2.3. A library whose
/// number is smaller than the header's may lack functions and fields; another soname does not load at all.
///
/// @return the number. Never fails. No network.
#[unsafe(no_mangle)]
pub extern "C" fn xq_version_number() -> u32 {
    const NUMBER: u32 = number(env!("CARGO_PKG_VERSION_MAJOR")) * 1_000_000
        + number(env!("CARGO_PKG_VERSION_MINOR")) * 1_000
        + number(env!("CARGO_PKG_VERSION_PATCH"));
    NUMBER
}

/// A part of the version, which cargo gives as text.
const fn number(digits: &str) -> u32 {
    match u32::from_str_radix(digits, 10) {
        Ok(number) => number,
        Err(_) => panic!("cargo takes numbers alone"),
    }
}

/// HTTP over sockets of the library's own; where it is not built in, xq_api_new() wants xq_config_set_transport().
pub const XQ_FEATURE_SOCKETS: u32 = 1;

/// TLS of the library's own.
pub const XQ_FEATURE_TLS: u32 = 2;

/// Files: what reads and writes them, such as xq_encrypt_file().
pub const XQ_FEATURE_FILES: u32 = 4;

/// What is built into the library that is loaded.
///
/// @return the bits of XQ_FEATURE_SOCKETS, XQ_FEATURE_TLS and XQ_FEATURE_FILES, and of what a later version has besides; 0
///         for one that is built for a board without an operating system. Never fails. No network.
#[unsafe(no_mangle)]
pub extern "C" fn xq_features() -> u32 {
    let sockets = XQ_FEATURE_SOCKETS | XQ_FEATURE_TLS;
    let is_in = |part, is_built| if is_built { part } else { 0 };
    is_in(sockets, cfg!(feature = "sockets")) | is_in(XQ_FEATURE_FILES, cfg!(feature = "std"))
}

/// The name of a status, such as "XQ_TIMEOUT".
///
/// @param status  any integer; one that is no status gives "unknown".
/// @return a static string; not to be freed. Never fails. No network.
#[unsafe(no_mangle)]
pub extern "C" fn xq_status_name(status: i32) -> *const c_char {
    described(status).0.as_ptr()
}

/// What a status means, in one line, such as "a time limit passed".
///
/// @param status  any integer; one that is no status says so.
/// @return a static string; not to be freed. Never fails. No network.
#[unsafe(no_mangle)]
pub extern "C" fn xq_status_meaning(status: i32) -> *const c_char {
    described(status).1.as_ptr()
}
