//! The tokens that a handle holds.

use std::ffi::c_char;

use crate::c;
use crate::input::Input;
use crate::places::{Number, Places};
use crate::session::{Session, Tokens};

type SetToken = unsafe extern "C" fn(*mut c::Api, *const c_char, *mut *mut c::Error) -> i32;

/// Sets a token, and says whether it was taken and what it is.
pub(super) fn set_token(s: &mut Session, i: &mut Input, set: SetToken) -> Option<Option<String>> {
    let mut p = Places::<()>::new(i);
    let token = i.text();
    // SAFETY: every pointer is as the header asks, as in all calls below.
    let status = unsafe { set(s.api(&p), token.pointer(), p.error()) };
    s.check(&p.without_out(status), &[&token]);
    (status == c::OK).then(|| token.get().map(str::to_owned))
}

pub(super) fn set_access_token(s: &mut Session, i: &mut Input) {
    if let Some(token) = set_token(s, i, c::xq_set_access_token) {
        s.held.access = token;
    }
    assert_eq!(s.tokens_held(), s.held);
}

pub(super) fn set_dashboard_token(s: &mut Session, i: &mut Input) {
    if let Some(token) = set_token(s, i, c::xq_set_dashboard_token) {
        s.held.dashboard = token;
    }
    assert_eq!(s.tokens_held(), s.held);
}

pub(super) fn get_dashboard_token(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    // SAFETY: as above.
    let status = unsafe { c::xq_get_dashboard_token(s.api(&p), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[]);
    outcome.text();
}

pub(super) fn forget_tokens(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    // SAFETY: as above.
    let status = unsafe { c::xq_forget_tokens(s.api(&p), p.error()) };
    s.check(&p.without_out(status), &[]);
    if status == c::OK {
        s.held = Tokens::default();
    }
    assert_eq!(s.tokens_held(), s.held);
}

pub(super) fn token_expiration(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let (token, mut seconds) = (i.int32(), Number::new(i, i64::MIN));
    // SAFETY: as above.
    let status = unsafe { c::xq_token_expiration(s.api(&p), token, seconds.pointer(), p.error()) };
    assert!(seconds.after(status).is_none_or(|seconds| seconds >= -1));
    s.check(&p.without_out(status), &[]);
}
