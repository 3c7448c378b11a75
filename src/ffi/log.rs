//! Telling a program of each request.

use alloc::ffi::CString;
use alloc::sync::Arc;
use core::ffi::{c_char, c_void};

use super::api::{XqApi, handle};
use super::error::XqError;
use super::guard::call;
use super::status::XqStatus;
use crate::log::{Level, Logger};

/// How much a line of the log matters.
#[allow(
    clippy::enum_variant_names,
    reason = "the names become XQ_LOG_ERROR and so on in C, which has no namespaces"
)]
#[repr(i32)]
pub enum XqLogLevel {
    /// There was no reply, or one with a status that makes no sense.
    XqLogError = 1,
    /// The service refused the request, or failed.
    XqLogWarning = 2,
    /// The service says that it worked. Whether what it gave makes sense shows only in the status of the call.
    XqLogInfo = 3,
}

/// Takes one line of the log. It is called on the thread of the operation, on several at once where several operate on
/// the handle, with no lock held: it may call libxq, but not free this handle. It may not throw or jump out, and its thread is not canceled in it (pthread_cancel).
///
/// @param context  as given to xq_set_logger(); NULL where that was.
/// @param level    one of xq_log_level_t; a later version may have more.
/// @param message  one line without a line break, such as "#1 xq_validate_api_key: GET subscription/apikey: HTTP 200 in
///                 12 ms" or "#2 xq_get_packet: GET validation/key: failed in 9 ms: " and what xq_error_message() then
///                 says: the number of the request on this handle, and the function that made it. It lives until the
///                 function returns.
pub type XqLogger = Option<unsafe extern "C" fn(context: *mut c_void, level: i32, message: *const c_char)>;

/// The function and its context, as the program vouches for them.
struct Program {
    function: unsafe extern "C" fn(*mut c_void, i32, *const c_char),
    context: *mut c_void,
}

// SAFETY: the header asks for a function that may be called on any thread and on several at once with this context.
unsafe impl Send for Program {}
// SAFETY: as above.
unsafe impl Sync for Program {}

impl Program {
    fn tell(&self, level: Level, message: &str) {
        let level = match level {
            Level::Error => XqLogLevel::XqLogError,
            Level::Warning => XqLogLevel::XqLogWarning,
            Level::Info => XqLogLevel::XqLogInfo,
        };
        let message = CString::new(message.replace('\0', " ")).unwrap_or_default();
        // SAFETY: the program vouches for function and context; the message lives until it returns.
        unsafe { (self.function)(self.context, level as i32, message.as_ptr()) }
    }
}

/// Has each request of a handle told to a function: method, service and path, HTTP status or failure, and duration.
/// Never a key, a token, a PIN, a locator token or a body. Unset, which is the default, nothing is told to anybody.
///
/// @param api      the handle.
/// @param logger   the function; NULL for none.
/// @param context  handed to every call of the function; the program keeps it alive until the logger is set anew and
///                 the calls that were under way then have returned, or until xq_api_free(). May be NULL.
/// @param error    where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: api is NULL. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_set_logger(
    api: *mut XqApi,
    logger: XqLogger,
    context: *mut c_void,
    error: *mut *mut XqError,
) -> XqStatus {
    let logger = logger.map(|function| {
        let program = Program { function, context };
        Logger(Arc::new(move |level: Level, message: &str| {
            program.tell(level, message)
        }))
    });
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            handle(api)?.set_logger(logger);
            Ok(())
        })
    }
}
