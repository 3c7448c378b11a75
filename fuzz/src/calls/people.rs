//! User groups and contacts.

use std::ffi::c_char;
use std::ptr;

use super::structs::Sized;
use crate::c;
use crate::input::Input;
use crate::places::{Number, Places};
use crate::session::Session;

pub(super) fn create_usergroup(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (name, members) = (i.text(), i.list());
    s.service().given.recipients = members.get();
    // SAFETY: every pointer is as the header asks, as in all calls below.
    let status = unsafe {
        c::xq_create_usergroup(
            s.api(&p),
            name.pointer(),
            members.pointer(),
            members.count(),
            p.out(),
            p.error(),
        )
    };
    let outcome = p.after(status, false);
    s.check(&outcome, &[&name]);
    assert!(outcome.usergroups().is_none_or(|count| count == 1));
}

pub(super) fn get_usergroup(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (id, name) = (i.integer(), i.text());
    // SAFETY: as above.
    let status = unsafe { c::xq_get_usergroup(s.api(&p), id, name.pointer(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[&name]);
    let is_one = id != 0 || !name.pointer().is_null();
    assert!(outcome.usergroups().is_none_or(|count| !is_one || count == 1));
}

pub(super) fn update_usergroup(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let (id, name, members) = (i.integer(), i.text(), i.list());
    s.service().given.value = Some(id.to_string());
    // SAFETY: as above.
    let status = unsafe {
        c::xq_update_usergroup(
            s.api(&p),
            id,
            name.pointer(),
            members.pointer(),
            members.count(),
            p.error(),
        )
    };
    s.check(&p.without_out(status), &[&name]);
}

type ChangeMembers = unsafe extern "C" fn(*mut c::Api, i64, *const *const c_char, usize, *mut *mut c::Error) -> i32;

fn change_members(s: &mut Session, i: &mut Input, change: ChangeMembers) {
    let mut p = Places::<()>::new(i);
    let (id, members) = (i.integer(), i.list());
    s.service().given.value = Some(id.to_string());
    // SAFETY: as above.
    let status = unsafe { change(s.api(&p), id, members.pointer(), members.count(), p.error()) };
    s.check(&p.without_out(status), &[]);
}

pub(super) fn add_usergroup_members(s: &mut Session, i: &mut Input) {
    change_members(s, i, c::xq_add_usergroup_members);
}

pub(super) fn remove_usergroup_members(s: &mut Session, i: &mut Input) {
    change_members(s, i, c::xq_remove_usergroup_members);
}

type End = unsafe extern "C" fn(*mut c::Api, i64, *mut *mut c::Error) -> i32;

fn end(s: &mut Session, i: &mut Input, end: End) {
    let mut p = Places::<()>::new(i);
    let id = i.integer();
    s.service().given.value = Some(id.to_string());
    // SAFETY: as above.
    let status = unsafe { end(s.api(&p), id, p.error()) };
    s.check(&p.without_out(status), &[]);
}

pub(super) fn delete_usergroup(s: &mut Session, i: &mut Input) {
    end(s, i, c::xq_delete_usergroup);
}

pub(super) fn disable_contact(s: &mut Session, i: &mut Input) {
    end(s, i, c::xq_disable_contact);
}

pub(super) fn remove_contact(s: &mut Session, i: &mut Input) {
    end(s, i, c::xq_remove_contact);
}

pub(super) fn add_contact(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let texts = [i.text(), i.text(), i.text(), i.text()];
    let (numbers, mut id) = ([i.int32(), i.int32(), i.int32()], Number::new(i, i64::MIN));
    let contact = (i.byte() != 0).then(|| {
        Sized::new(i, |contact: &mut c::NewContact| {
            [contact.email, contact.first_name, contact.last_name, contact.title] =
                texts.each_ref().map(|t| t.pointer());
            [contact.role, contact.notifications, contact.overflow] = numbers;
        })
    });
    let pointer = contact.as_ref().map_or(ptr::null(), Sized::pointer);
    // SAFETY: as above.
    let status = unsafe { c::xq_add_contact(s.api(&p), pointer, id.pointer(), p.error()) };
    assert!(id.after(status).is_none_or(|id| id >= 1));
    let texts: Vec<_> = contact.iter().flat_map(|_| &texts).collect();
    s.check(&p.without_out(status), &texts);
}

pub(super) fn get_contacts(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (role, filter, limit, page) = (i.int32(), i.text(), i.integer(), i.integer());
    s.service().given.value = filter.get().map(str::to_owned);
    // SAFETY: as above.
    let status = unsafe { c::xq_get_contacts(s.api(&p), role, filter.pointer(), limit, page, p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[&filter]);
    outcome.contacts();
}
