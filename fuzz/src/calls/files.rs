//! Files, sealed and opened.

use super::structs::SealOptions;
use crate::c;
use crate::input::Input;
use crate::places::Places;
use crate::session::Session;

pub(super) fn encrypt_file(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let (content, name, recipients) = (i.bytes(), i.text(), i.list());
    let options = SealOptions::new(i);
    let (input, output) = (s.scratch.file("plain", content), s.scratch.path(&name));
    s.service().given.recipients = recipients.get();
    let api = s.api(&p);
    p.is_null = false;
    // SAFETY: every pointer is as the header asks, as in all calls below.
    let status = unsafe {
        c::xq_encrypt_file(
            api,
            input.pointer(),
            output.pointer(),
            recipients.pointer(),
            recipients.count(),
            options.pointer(),
            p.error(),
        )
    };
    s.check(
        &p.without_out(status),
        &[&[&output], options.texts().as_slice()].concat(),
    );
}

pub(super) fn decrypt_file(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let mut q = Places::beside(i);
    let (content, output, options) = (i.bytes(), i.text(), SealOptions::new(i));
    let (input, output) = (s.scratch.file("sealed", content), s.scratch.path(&output));
    let api = s.api(&p);
    p.is_null = false;
    // SAFETY: as above.
    let status = unsafe {
        c::xq_decrypt_file(
            api,
            input.pointer(),
            output.pointer(),
            options.pointer(),
            p.out(),
            q.out(),
            p.error(),
        )
    };
    let (name, path) = (p.after(status, false), q.after(status, false));
    s.check(&name, &[&[&output], options.texts().as_slice()].concat());
    let asked = path.asked;
    name.text();
    let path = path.text();
    assert_eq!(path.is_some(), asked && status == c::OK);
    if let (Some(path), Some(output)) = (path, output.get()) {
        assert!(path.starts_with(output), "{path:?} is not in {output:?}");
    }
}
