//! Devices that sign in, and what they have for it.

use crate::c;
use crate::input::Input;
use crate::places::{Number, Places};
use crate::session::Session;

pub(super) fn authorize_device(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (device, business, roaming) = (i.text(), i.text(), i.int32());
    s.service().given.value = business.get().map(str::to_owned);
    // SAFETY: every pointer is as the header asks, as in all calls below.
    let status = unsafe {
        c::xq_authorize_device(
            s.api(&p),
            device.pointer(),
            business.pointer(),
            roaming,
            p.out(),
            p.error(),
        )
    };
    s.check_token(p.after(status, true), &[&device, &business]);
}

pub(super) fn authorize_device_cert(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (id, device, announce) = (i.integer(), i.text(), i.int32());
    let (certificate, transport, private) = (i.text(), i.text(), i.text());
    // SAFETY: as above.
    let status = unsafe {
        c::xq_authorize_device_cert(
            s.api(&p),
            id,
            certificate.pointer(),
            transport.pointer(),
            private.pointer(),
            device.pointer(),
            announce,
            p.out(),
            p.error(),
        )
    };
    s.check_token(p.after(status, true), &[&device, &certificate, &transport, &private]);
}

pub(super) fn authorize_device_cert_memory(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (id, device, announce) = (i.integer(), i.text(), i.int32());
    let (certificate, transport, private) = (i.text(), i.text(), i.text());
    let key = transport.get().unwrap_or_default();
    s.service().transport_key = key.strip_prefix('\u{feff}').unwrap_or(key).trim().to_owned();
    // SAFETY: as above.
    let status = unsafe {
        c::xq_authorize_device_cert_memory(
            s.api(&p),
            id,
            certificate.pointer(),
            transport.pointer(),
            private.pointer(),
            device.pointer(),
            announce,
            p.out(),
            p.error(),
        )
    };
    s.check_token(p.after(status, true), &[&device, &certificate, &transport, &private]);
}

pub(super) fn announce_device(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let device = i.text();
    // SAFETY: as above.
    let status = unsafe { c::xq_announce_device(s.api(&p), device.pointer(), p.error()) };
    s.check(&p.without_out(status), &[&device]);
}

pub(super) fn load_file_content(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    p.is_null = false;
    let path = i.text();
    // SAFETY: as above.
    let status = unsafe { c::xq_load_file_content(path.pointer(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[&path]);
    outcome.text();
}

pub(super) fn server_time(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let mut seconds = Number::new(i, i64::MIN);
    // SAFETY: as above.
    let status = unsafe { c::xq_server_time(s.api(&p), seconds.pointer(), p.error()) };
    seconds.after(status);
    s.check(&p.without_out(status), &[]);
}
