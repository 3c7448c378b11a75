//! The account of the one who is signed in.

use crate::c;
use crate::input::Input;
use crate::places::{Number, Places};
use crate::session::Session;

type EndToken = unsafe extern "C" fn(*mut c::Api, *mut *mut c::Error) -> i32;

/// Ends the access token, which the handle then forgets.
fn end_token(s: &mut Session, i: &mut Input, end: EndToken) {
    let mut p = Places::<()>::new(i);
    // SAFETY: every pointer is as the header asks, as in all calls below.
    let status = unsafe { end(s.api(&p), p.error()) };
    s.check(&p.without_out(status), &[]);
    if status == c::OK {
        s.held.access = None;
    }
    assert_eq!(s.tokens_held(), s.held);
}

pub(super) fn deauthorize(s: &mut Session, i: &mut Input) {
    end_token(s, i, c::xq_deauthorize);
}

pub(super) fn delete_subscriber(s: &mut Session, i: &mut Input) {
    end_token(s, i, c::xq_delete_subscriber);
}

pub(super) fn get_subscriber(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    // SAFETY: as above.
    let status = unsafe { c::xq_get_subscriber(s.api(&p), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[]);
    outcome.subscriber();
}

pub(super) fn get_settings(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let mut newsletter = Number::new(i, i32::MIN);
    // Any number may stand in a reply, but this one is not of its size.
    let mut notifications = Number::new(i, i32::MIN);
    // SAFETY: as above.
    let status = unsafe { c::xq_get_settings(s.api(&p), newsletter.pointer(), notifications.pointer(), p.error()) };
    assert!(newsletter.after(status).is_none_or(|number| matches!(number, -1..=1)));
    notifications.after(status);
    s.check(&p.without_out(status), &[]);
}

pub(super) fn update_settings(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let (newsletter, notifications) = (i.int32(), i.int32());
    // SAFETY: as above.
    let status = unsafe { c::xq_update_settings(s.api(&p), newsletter, notifications, p.error()) };
    s.check(&p.without_out(status), &[]);
}

pub(super) fn authorize_delegate(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    // SAFETY: as above.
    let status = unsafe { c::xq_authorize_delegate(s.api(&p), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[]);
    outcome.text();
    assert_eq!(s.tokens_held(), s.held);
}

pub(super) fn combine_authorizations(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (tokens, mut merged) = (i.list(), Number::new(i, i64::MIN));
    s.service().given.texts = tokens.get();
    // SAFETY: as above.
    let status = unsafe {
        c::xq_combine_authorizations(
            s.api(&p),
            tokens.pointer(),
            tokens.count(),
            p.out(),
            merged.pointer(),
            p.error(),
        )
    };
    let outcome = p.after(status, false);
    s.check(&outcome, &[]);
    merged.after(status);
    outcome.text();
    assert_eq!(s.tokens_held(), s.held);
}
