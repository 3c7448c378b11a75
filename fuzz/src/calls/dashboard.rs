//! Signing in to the dashboard, and its businesses, communications and certificates.

use crate::c;
use crate::input::Input;
use crate::places::{Number, Places};
use crate::session::Session;

pub(super) fn dashboard_signup(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let (email, password, opt_in) = (i.text(), i.text(), i.int32());
    let mut is_registered = Number::new(i, i32::MIN);
    // SAFETY: every pointer is as the header asks, as in all calls below.
    let status = unsafe {
        c::xq_dashboard_signup(
            s.api(&p),
            email.pointer(),
            password.pointer(),
            opt_in,
            is_registered.pointer(),
            p.error(),
        )
    };
    assert!(is_registered.after(status).is_none_or(|number| matches!(number, 0 | 1)));
    s.check(&p.without_out(status), &[&email, &password]);
}

pub(super) fn send_login_link(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let (email, host) = (i.text(), i.text());
    // SAFETY: as above.
    let status = unsafe { c::xq_send_login_link(s.api(&p), email.pointer(), host.pointer(), p.error()) };
    s.check(&p.without_out(status), &[&email, &host]);
}

pub(super) fn dashboard_login(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (email, password, code, workspace) = (i.text(), i.text(), i.text(), i.text());
    // SAFETY: as above.
    let status = unsafe {
        c::xq_dashboard_login(
            s.api(&p),
            email.pointer(),
            password.pointer(),
            code.pointer(),
            workspace.pointer(),
            p.out(),
            p.error(),
        )
    };
    // Beside a code, the address is not looked at.
    let mut texts = vec![&password, &code, &workspace];
    if !password.pointer().is_null() {
        texts.push(&email);
    }
    s.check_dashboard_token(p.after(status, false), &texts);
}

pub(super) fn login_verify(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    // SAFETY: as above.
    let status = unsafe { c::xq_login_verify(s.api(&p), p.out(), p.error()) };
    s.check_dashboard_token(p.after(status, false), &[]);
}

pub(super) fn validate_access_token(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    // SAFETY: as above.
    let status = unsafe { c::xq_validate_access_token(s.api(&p), p.error()) };
    s.check(&p.without_out(status), &[]);
}

pub(super) fn exchange_for_dashboard_token(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let business = i.text();
    s.service().given.value = business.get().map(str::to_owned);
    // SAFETY: as above.
    let status = unsafe { c::xq_exchange_for_dashboard_token(s.api(&p), business.pointer(), p.out(), p.error()) };
    s.check_dashboard_token(p.after(status, false), &[&business]);
}

type GetBusinesses = unsafe extern "C" fn(*mut c::Api, *mut *mut c::Businesses, *mut *mut c::Error) -> i32;

fn businesses(s: &mut Session, i: &mut Input, get: GetBusinesses) -> Option<usize> {
    let mut p = Places::new(i);
    // SAFETY: as above.
    let status = unsafe { get(s.api(&p), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[]);
    outcome.businesses()
}

pub(super) fn get_businesses(s: &mut Session, i: &mut Input) {
    businesses(s, i, c::xq_get_businesses);
}

pub(super) fn get_business_info(s: &mut Session, i: &mut Input) {
    assert!(businesses(s, i, c::xq_get_business_info).is_none_or(|count| count == 1));
}

pub(super) fn switch_business(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let id = i.integer();
    s.service().given.value = Some(id.to_string());
    // SAFETY: as above.
    let status = unsafe { c::xq_switch_business(s.api(&p), id, p.out(), p.error()) };
    s.check_dashboard_token(p.after(status, false), &[]);
}

pub(super) fn get_communication_by_locator_token(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let locator = i.text();
    s.service().given.value = locator.get().map(str::to_owned);
    // SAFETY: as above.
    let status = unsafe { c::xq_get_communication_by_locator_token(s.api(&p), locator.pointer(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[&locator]);
    outcome.communication();
}

pub(super) fn add_labels_to_locator_token(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let (locator, labels) = (i.text(), i.list());
    s.service().given.value = locator.get().map(str::to_owned);
    s.service().given.texts = labels.get();
    // SAFETY: as above.
    let status = unsafe {
        c::xq_add_labels_to_locator_token(
            s.api(&p),
            locator.pointer(),
            labels.pointer(),
            labels.count(),
            p.error(),
        )
    };
    s.check(&p.without_out(status), &[&locator]);
}

pub(super) fn generate_device_certificate(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (tag, folder) = (i.text(), i.text());
    let folder = s.scratch.path(&folder);
    // SAFETY: as above.
    let status =
        unsafe { c::xq_generate_device_certificate(s.api(&p), tag.pointer(), folder.pointer(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    assert!(status != c::OK || outcome.asked);
    s.check(&outcome, &[&tag, &folder]);
    outcome.certificate();
}
