//! Keys made of entropy.

use super::structs::{Options, Rows};
use crate::c;
use crate::input::Input;
use crate::places::{Outcome, Places};
use crate::session::Session;

/// As many keys as take no time to make.
const MANY: i64 = 64;

pub(super) fn get_entropy(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let bits = i.integer() as usize;
    s.service().given.value = Some(bits.to_string());
    // SAFETY: every pointer is as the header asks, as in all calls below.
    let status = unsafe { c::xq_get_entropy(s.api(&p), bits, p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[]);
    assert!(outcome.text().is_none_or(|digits| 4 * digits.len() >= bits));
}

pub(super) fn generate_key(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (algorithm, bits) = (i.int32(), i.integer() as usize);
    let api = s.api(&p);
    // Without a handle, the key is made of the system's entropy.
    p.is_null = false;
    // SAFETY: as above.
    let status = unsafe { c::xq_generate_key(api, algorithm, bits, p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[]);
    outcome.text();
}

pub(super) fn generate_multiple_keys_and_store_packets(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let mut q = Places::beside(i);
    let (count, algorithm, bits) = (i.integer(), i.int32(), i.integer() as usize);
    // More is refused, or takes long: -1 is refused for its size.
    let count = if count > MANY { -1 } else { count } as usize;
    let (recipients, options) = (i.list(), Options::new(i));
    s.service().given.recipients = recipients.get();
    // SAFETY: as above.
    let status = unsafe {
        c::xq_generate_multiple_keys_and_store_packets(
            s.api(&p),
            count,
            algorithm,
            bits,
            recipients.pointer(),
            recipients.count(),
            options.pointer(),
            p.out(),
            q.out(),
            p.error(),
        )
    };
    let (keys, locators) = (p.after(status, false), q.after(status, false));
    s.check(&keys, &options.texts());
    check_pair(keys, locators, count);
}

pub(super) fn generate_multiple_keys_and_store_packets_database(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let mut q = Places::beside(i);
    let (algorithm, bits, rows) = (i.int32(), i.integer() as usize, Rows::read(i));
    s.service().given.recipients = rows.recipients();
    // SAFETY: as above.
    let status = unsafe {
        c::xq_generate_multiple_keys_and_store_packets_database(
            s.api(&p),
            rows.pointer(),
            rows.count(),
            algorithm,
            bits,
            p.out(),
            q.out(),
            p.error(),
        )
    };
    let (keys, locators) = (p.after(status, false), q.after(status, false));
    s.check(&keys, &[]);
    check_pair(keys, locators, rows.count());
}

/// There are as many keys as locator tokens, or neither.
fn check_pair(keys: Outcome<c::List>, locators: Outcome<c::List>, count: usize) {
    assert!(keys.status != c::OK || keys.asked && locators.asked);
    let (keys, locators) = (keys.texts(), locators.texts());
    assert_eq!(keys.is_some(), locators.is_some());
    for texts in keys.into_iter().chain(locators) {
        assert_eq!(texts.len(), count);
        assert!(texts.iter().all(Option::is_some));
    }
}
