//! Messages, sealed and opened in one piece.

use super::structs::SealOptions;
use crate::c;
use crate::input::{Input, Text};
use crate::places::Places;
use crate::session::Session;

pub(super) fn encrypt_message(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    p.is_null = false;
    let (key, locator, data, options) = (i.text(), i.text(), i.data(), SealOptions::new(i));
    // SAFETY: every pointer is as the header asks, as in all calls below.
    let status = unsafe {
        c::xq_encrypt_message(
            key.pointer(),
            locator.pointer(),
            data.pointer(),
            data.length(),
            options.pointer(),
            p.out(),
            p.error(),
        )
    };
    let outcome = p.after(status, false);
    s.check(&outcome, &[&[&key, &locator], options.texts().as_slice()].concat());
    if let Some(sealed) = outcome.bytes() {
        assert_eq!(
            opened(&key, &sealed).as_deref(),
            Some(data.get()),
            "what was sealed opens"
        );
    }
}

pub(super) fn decrypt_message(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    p.is_null = false;
    let (key, sealed) = (i.text(), i.data());
    // SAFETY: as above.
    let status = unsafe { c::xq_decrypt_message(key.pointer(), sealed.pointer(), sealed.length(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[&key]);
    outcome.bytes();
}

pub(super) fn encrypt_auto(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (data, recipients, options) = (i.data(), i.list(), SealOptions::new(i));
    s.service().given.recipients = recipients.get();
    let api = s.api(&p);
    p.is_null = false;
    // SAFETY: as above.
    let status = unsafe {
        c::xq_encrypt_auto(
            api,
            data.pointer(),
            data.length(),
            recipients.pointer(),
            recipients.count(),
            options.pointer(),
            p.out(),
            p.error(),
        )
    };
    let outcome = p.after(status, false);
    s.check(&outcome, &options.texts());
    outcome.bytes();
}

pub(super) fn decrypt_auto(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (sealed, options) = (i.data(), SealOptions::new(i));
    let api = s.api(&p);
    p.is_null = false;
    // SAFETY: as above.
    let status = unsafe {
        c::xq_decrypt_auto(
            api,
            sealed.pointer(),
            sealed.length(),
            options.pointer(),
            p.out(),
            p.error(),
        )
    };
    let outcome = p.after(status, false);
    s.check(&outcome, &options.texts());
    outcome.bytes();
}

pub(super) fn sealed_locator(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    p.is_null = false;
    let sealed = i.data();
    // SAFETY: as above.
    let status = unsafe { c::xq_sealed_locator(sealed.pointer(), sealed.length(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[]);
    outcome.text();
}

/// What is sealed, opened.
fn opened(key: &Text, sealed: &[u8]) -> Option<Vec<u8>> {
    let mut p = Places::new(&mut Input::new(&[]));
    // SAFETY: as above.
    let status = unsafe { c::xq_decrypt_message(key.pointer(), sealed.as_ptr(), sealed.len(), p.out(), p.error()) };
    p.after(status, false).bytes()
}
