//! Handles from handles, and stopping them.

use std::ptr;

use crate::c;
use crate::input::Input;
use crate::places::Places;
use crate::session::Session;

/// A handle from the one there is takes its place, and the first is freed: what they share lives on.
pub(super) fn api_derive(s: &mut Session, i: &mut Input) {
    let (mut p, timeout_ms) = (Places::new(i), i.int32().unsigned_abs().max(1_000));
    let is_unset = i.byte() & 1 == 0;
    let timeout_ms = if is_unset { 0 } else { timeout_ms };
    // SAFETY: NULL or a handle that is alive; the places are the caller's.
    let status = unsafe { c::xq_api_derive(s.api(&p), timeout_ms, p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[]);
    if !outcome.out.is_null() {
        s.replace_api(outcome.out);
    }
    assert_eq!(s.tokens_held(), s.held);
}

/// A stopped handle sends nothing, and one that goes on works.
pub(super) fn api_cancel(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    // SAFETY: as above.
    let status = unsafe { c::xq_api_cancel(s.api(&p), p.error()) };
    s.check(&p.without_out(status), &[]);
    if status == c::OK {
        let mut p = Places::new(i);
        p.is_null = false;
        // SAFETY: as above.
        let status = unsafe { c::xq_validate_api_key(s.api(&p), p.out(), p.error()) };
        assert_eq!(p.after(status, false).status, c::CANCELED);
    }
    let mut p = Places::<()>::new(i);
    p.is_null = false;
    // SAFETY: as above.
    let status = unsafe { c::xq_api_resume(s.api(&p), p.error()) };
    assert_eq!(p.without_out(status).status, c::OK);
    // SAFETY: NULL is refused.
    let refused = unsafe { c::xq_api_resume(ptr::null_mut(), ptr::null_mut()) };
    assert_eq!(refused, c::INVALID_ARGUMENT);
}
