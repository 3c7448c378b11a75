//! Signing in.

use crate::c;
use crate::input::Input;
use crate::places::Places;
use crate::session::Session;

pub(super) fn validate_api_key(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    // SAFETY: every pointer is as the header asks, as in all calls below.
    let status = unsafe { c::xq_validate_api_key(s.api(&p), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[]);
    outcome.text();
}

pub(super) fn authorize_user(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (user, first, last) = (i.text(), i.text(), i.text());
    let (newsletter, notifications) = (i.int32(), i.int32());
    // SAFETY: as above.
    let status = unsafe {
        c::xq_authorize_user(
            s.api(&p),
            user.pointer(),
            first.pointer(),
            last.pointer(),
            newsletter,
            notifications,
            p.out(),
            p.error(),
        )
    };
    s.check_token(p.after(status, false), &[&user, &first, &last]);
}

pub(super) fn code_validate(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let pin = i.text();
    s.service().given.value = pin.get().map(str::to_owned);
    // SAFETY: as above.
    let status = unsafe { c::xq_code_validate(s.api(&p), pin.pointer(), p.error()) };
    s.check(&p.without_out(status), &[&pin]);
}

pub(super) fn exchange_key(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (business, selector) = (i.text(), i.int32());
    s.service().given.value = business.get().map(str::to_owned);
    // SAFETY: as above.
    let status = unsafe { c::xq_exchange_key(s.api(&p), business.pointer(), selector, p.out(), p.error()) };
    s.check_token(p.after(status, false), &[&business]);
}

pub(super) fn authorize_alias(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (alias, first, last) = (i.text(), i.text(), i.text());
    // SAFETY: as above.
    let status = unsafe {
        c::xq_authorize_alias(
            s.api(&p),
            alias.pointer(),
            first.pointer(),
            last.pointer(),
            p.out(),
            p.error(),
        )
    };
    s.check_token(p.after(status, false), &[&alias, &first, &last]);
}

pub(super) fn exchange_for_subscription_token(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    // SAFETY: as above.
    let status = unsafe { c::xq_exchange_for_subscription_token(s.api(&p), p.out(), p.error()) };
    s.check_token(p.after(status, false), &[]);
}
