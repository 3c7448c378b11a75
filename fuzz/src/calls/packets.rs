//! Key packets, made and looked after.

use std::ffi::c_char;

use super::structs::{Options, Rows};
use crate::c;
use crate::input::Input;
use crate::places::{Number, Places};
use crate::service::Given;
use crate::session::Session;

type MakePacket = unsafe extern "C" fn(
    *mut c::Api,
    *const c_char,
    *const *const c_char,
    usize,
    *const c::PacketOptions,
    *mut *mut c_char,
    *mut *mut c::Error,
) -> i32;

pub(super) fn make_packet(s: &mut Session, i: &mut Input, make: MakePacket) {
    let mut p = Places::new(i);
    let (key, recipients, options) = (i.text(), i.list(), Options::new(i));
    s.service().given = Given {
        texts: key.get().map(|key| vec![key.to_owned()]),
        recipients: recipients.get(),
        ..Given::default()
    };
    // SAFETY: every pointer is as the header asks, as in all calls below.
    let status = unsafe {
        make(
            s.api(&p),
            key.pointer(),
            recipients.pointer(),
            recipients.count(),
            options.pointer(),
            p.out(),
            p.error(),
        )
    };
    let outcome = p.after(status, false);
    s.check(&outcome, &[&[&key], options.texts().as_slice()].concat());
    outcome.text();
}

pub(super) fn create_packet(s: &mut Session, i: &mut Input) {
    make_packet(s, i, c::xq_create_packet);
}

pub(super) fn create_and_store_packet(s: &mut Session, i: &mut Input) {
    make_packet(s, i, c::xq_create_and_store_packet);
}

pub(super) fn create_and_store_packets(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (keys, recipients, options) = (i.list(), i.list(), Options::new(i));
    s.service().given = Given {
        texts: keys.get(),
        recipients: recipients.get(),
        ..Given::default()
    };
    // SAFETY: as above.
    let status = unsafe {
        c::xq_create_and_store_packets(
            s.api(&p),
            keys.pointer(),
            keys.count(),
            recipients.pointer(),
            recipients.count(),
            options.pointer(),
            p.out(),
            p.error(),
        )
    };
    let outcome = p.after(status, false);
    s.check(&outcome, &options.texts());
    if let Some(texts) = outcome.texts() {
        assert_eq!(texts.len(), keys.count());
        assert!(texts.iter().all(Option::is_some));
    }
}

pub(super) fn create_and_store_packets_batch(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let rows = Rows::read(i);
    s.service().given = Given {
        texts: rows.keys(),
        recipients: rows.recipients(),
        ..Given::default()
    };
    // SAFETY: as above.
    let status =
        unsafe { c::xq_create_and_store_packets_batch(s.api(&p), rows.pointer(), rows.count(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[]);
    if let Some(texts) = outcome.texts() {
        assert_eq!(texts.len(), rows.count());
        assert!(texts.iter().all(Option::is_some));
    }
}

pub(super) fn add_packet(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let packet = i.text();
    s.service().given.texts = packet.get().map(|packet| vec![packet.to_owned()]);
    // SAFETY: as above.
    let status = unsafe { c::xq_add_packet(s.api(&p), packet.pointer(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[&packet]);
    outcome.text();
}

pub(super) fn get_packet(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let locator = i.text();
    s.service().given.value = locator.get().map(str::to_owned);
    // SAFETY: as above.
    let status = unsafe { c::xq_get_packet(s.api(&p), locator.pointer(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[&locator]);
    let asked = outcome.asked;
    assert_eq!(
        outcome.text().is_some_and(|key| !key.is_empty()),
        asked && status == c::OK
    );
}

pub(super) fn get_packets(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let locators = i.list();
    s.service().given.texts = locators.get();
    // SAFETY: as above.
    let status = unsafe { c::xq_get_packets(s.api(&p), locators.pointer(), locators.count(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[]);
    if let Some(texts) = outcome.texts() {
        assert_eq!(texts.len(), locators.count());
    }
}

pub(super) fn revoke_packet(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let locator = i.text();
    s.service().given.value = locator.get().map(str::to_owned);
    // SAFETY: as above.
    let status = unsafe { c::xq_revoke_packet(s.api(&p), locator.pointer(), p.error()) };
    s.check(&p.without_out(status), &[&locator]);
}

type ChangeUsers =
    unsafe extern "C" fn(*mut c::Api, *const c_char, *const *const c_char, usize, *mut *mut c::Error) -> i32;

pub(super) fn change_users(s: &mut Session, i: &mut Input, change: ChangeUsers) {
    let mut p = Places::<()>::new(i);
    let (locator, recipients) = (i.text(), i.list());
    s.service().given = Given {
        value: locator.get().map(str::to_owned),
        recipients: recipients.get(),
        ..Given::default()
    };
    // SAFETY: as above.
    let status = unsafe {
        change(
            s.api(&p),
            locator.pointer(),
            recipients.pointer(),
            recipients.count(),
            p.error(),
        )
    };
    s.check(&p.without_out(status), &[&locator]);
}

pub(super) fn grant_users(s: &mut Session, i: &mut Input) {
    change_users(s, i, c::xq_grant_users);
}

pub(super) fn revoke_users(s: &mut Session, i: &mut Input) {
    change_users(s, i, c::xq_revoke_users);
}

pub(super) fn packet_expiration(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let (locator, mut seconds) = (i.text(), Number::new(i, i64::MIN));
    s.service().given.value = locator.get().map(str::to_owned);
    // SAFETY: as above.
    let status = unsafe { c::xq_packet_expiration(s.api(&p), locator.pointer(), seconds.pointer(), p.error()) };
    seconds.after(status);
    s.check(&p.without_out(status), &[&locator]);
}
