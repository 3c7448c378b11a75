//! What firmware gives a library that is built without an operating system: random bytes and a clock.

use core::ffi::c_void;

use super::error::XqError;
use super::guard::call;
use super::machine;
use super::status::XqStatus;

/// Fills bytes with what is fit for keys: from a hardware generator, or one that is seeded from it. Never a constant.
/// It is called in the middle of a call, and may not call libxq.
///
/// @param context  as given to xq_board_set_random(); NULL where that was.
/// @param bytes    where to put them.
/// @param length   how many.
/// @return 0 where all of them are random; anything else fails the call with XQ_CRYPTO.
pub type XqBoardRandom = Option<unsafe extern "C" fn(context: *mut c_void, bytes: *mut u8, length: usize) -> i32>;

/// Tells the time since some moment, such as the start of the board. It is called in the middle of a call, and may not call
/// libxq.
///
/// @param context  as given to xq_board_set_clock(); NULL where that was.
/// @return milliseconds, never fewer than the last time: a counter of 32 bits, which begins anew after 49 days, is to be
///         counted on. Where there are fewer all the same, that time does not count towards the limit.
pub type XqBoardClock = Option<unsafe extern "C" fn(context: *mut c_void) -> u64>;

/// Sets where random bytes come from, on a board without an operating system. Until it is called, what needs them (keys,
/// sealing, envelopes) is XQ_CRYPTO, and nothing stands in for them.
///
/// @param random   the function; NULL for none.
/// @param context  handed to every call of the function; the program keeps it alive until another is set. May be NULL.
/// @param error    where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CONFIGURATION: the library is built for an operating system, which gives them (xq_features()). No
///         network. No call of the library may be under way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_board_set_random(
    random: XqBoardRandom,
    context: *mut c_void,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call(error, || machine::set_random(random, context)) }
}

/// Sets the clock of a board without an operating system: with one, the log tells how long requests took, and the time
/// limit is that of all requests of a call together. Without one each request has the whole limit.
///
/// @param clock    the function; NULL for none.
/// @param context  handed to every call of the function; the program keeps it alive until another is set. May be NULL.
/// @param error    where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CONFIGURATION: the library is built for an operating system, which has one. No network. No call of
///         the library may be under way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_board_set_clock(
    clock: XqBoardClock,
    context: *mut c_void,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call(error, || machine::set_clock(clock, context)) }
}
