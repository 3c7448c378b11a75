//! Contacts.

use core::ffi::c_char;

use crate::dashboard::Rows;
use crate::dashboard::contact_management::{Contact, ContactFilter, NewContact};
use crate::error::Error;
use crate::ffi::api::{XqApi, operation};
use crate::ffi::argument::{optional_text, sized, text};
use crate::ffi::error::XqError;
use crate::ffi::guard::{call, call_with};
use crate::ffi::rows::{self, Texts};
use crate::ffi::status::XqStatus;
use crate::platform::prelude::*;

/// A contact: a person or a device of a business.
#[repr(C)]
pub struct XqContact {
    /// Its number; -1 where the service does not tell.
    pub id: i64,
    /// The address; NULL where the service does not tell.
    pub email: *const c_char,
    /// The first name; NULL where the service does not tell.
    pub first_name: *const c_char,
    /// The last name; NULL where the service does not tell.
    pub last_name: *const c_char,
    /// The title; NULL where the service does not tell.
    pub title: *const c_char,
    /// 1 Admin, 2 User, 3 Vendor, 4 Customer, 5 Super User, 6 Device; -1 where the service does not tell.
    pub role: i64,
    /// The state, as the service names or numbers it; NULL where the service does not tell.
    pub status: *const c_char,
    /// The id of the business that it belongs to; -1 where the service does not tell.
    pub business_id: i64,
}

/// Contacts that came out of one call. They live, with their texts, until xq_contacts_free() frees them all at once. Not
/// to be changed; any number of threads may read them.
#[repr(C)]
pub struct XqContacts {
    /// How many there are.
    pub count: usize,
    /// They themselves. Never NULL where count is not 0.
    pub rows: *const XqContact,
    /// The service's reply as it came: JSON, with whatever else it told. Never NULL.
    pub reply: *const c_char,
}

/// Somebody who is to be a contact. To be set with XQ_NEW_CONTACT_INIT or xq_new_contact_init() first; the email address
/// has no default. A program keeps working with a newer library, whose struct may have grown: that is what size is for.
/// A size that the library does not know is XQ_INVALID_ARGUMENT.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct XqNewContact {
    /// The size of the struct, as XQ_NEW_CONTACT_INIT sets it.
    pub size: usize,
    /// The email address; not NULL.
    pub email: *const c_char,
    /// The first name; NULL for "".
    pub first_name: *const c_char,
    /// The last name; NULL for "".
    pub last_name: *const c_char,
    /// The title; NULL for "".
    pub title: *const c_char,
    /// 1 Admin, 2 User (the default), 3 Vendor, 4 Customer, 5 Super User, 6 Device.
    pub role: i32,
    /// 0 none (the default), 2 tutorials, 3 both tutorials and usage reports; 1 alone is refused here.
    pub notifications: i32,
    /// What it means is not published: 0 for false, 1 for true; leave it at -1, the default, to send nothing.
    pub overflow: i32,
}

impl XqNewContact {
    const DEFAULT: Self = XqNewContact {
        size: size_of::<XqNewContact>(),
        email: core::ptr::null(),
        first_name: core::ptr::null(),
        last_name: core::ptr::null(),
        title: core::ptr::null(),
        role: 2,
        notifications: 0,
        overflow: -1,
    };
}

/// Sets a contact to XQ_NEW_CONTACT_INIT, for languages that cannot use a macro.
///
/// @param contact  the contact.
/// @param size     the size of the struct as the caller knows it, sizeof(xq_new_contact_t): no more is written, should
///                 the library be newer.
///
/// Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_new_contact_init(contact: *mut XqNewContact, size: usize) {
    // SAFETY: the caller keeps to the header.
    unsafe { crate::ffi::argument::initialize(contact, size, XqNewContact::DEFAULT) }
}

fn into_c(contacts: Rows<Contact>) -> *mut XqContacts {
    let mut texts = Texts::default();
    let mut row = |contact: Contact| XqContact {
        id: contact.id.unwrap_or(-1),
        email: texts.keep(contact.email),
        first_name: texts.keep(contact.first_name),
        last_name: texts.keep(contact.last_name),
        title: texts.keep(contact.title),
        role: contact.role.unwrap_or(-1),
        status: texts.keep(contact.status),
        business_id: contact.business.unwrap_or(-1),
    };
    let rows = rows::collect(contacts.rows.into_iter().map(&mut row));
    let view = XqContacts {
        count: rows.len(),
        rows: rows.as_ptr(),
        reply: texts.keep_secret(&contacts.reply),
    };
    rows::into_c(view, rows, texts)
}

/// Frees contacts with all their texts.
///
/// @param contacts  the contacts, which are not to be used afterwards; NULL is fine.
///
/// Never fails. No network. Any thread may free them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_contacts_free(contacts: *mut XqContacts) {
    // SAFETY: `into_c` made them, as the header asks.
    unsafe { rows::free::<XqContacts, XqContact>(contacts) }
}

/// Adds a contact to the business (POST contact).
///
/// @param api      the handle, with a dashboard token.
/// @param contact  the contact.
/// @param id       where to put the number that it gets; or NULL. Written only on success.
/// @param error    where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_REJECTED: also where there is such a contact already (HTTP 409); XQ_UNAUTHORIZED: the dashboard
///         token or key is not accepted, or the handle holds no such token; XQ_INVALID_ARGUMENT: api, contact or
///         contact->email is NULL, it is no address, role, notifications or overflow is out of range, a text is not
///         UTF-8; XQ_PROTOCOL: also where the reply has no id: the contact is added all the same, and xq_error_reply()
///         has the reply; XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_add_contact(
    api: *mut XqApi,
    contact: *const XqNewContact,
    id: *mut i64,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header: each pointer is NULL or what it says.
    unsafe {
        call(error, || {
            let api = operation(api, "xq_add_contact")?;
            if contact.is_null() {
                return Err(Error::invalid("contact is NULL; expected an xq_new_contact_t"));
            }
            let given = sized("contact", "XQ_NEW_CONTACT_INIT", contact)?;
            let overflow = match given.overflow {
                -1 => None,
                0 | 1 => Some(given.overflow == 1),
                other => {
                    return Err(Error::invalid(format!(
                        "contact.overflow is {other}; expected 0, 1 or -1"
                    )));
                }
            };
            let number = api.add_contact(&NewContact {
                email: text("contact.email", given.email)?,
                first_name: optional_text("contact.first_name", given.first_name)?.unwrap_or_default(),
                last_name: optional_text("contact.last_name", given.last_name)?.unwrap_or_default(),
                title: optional_text("contact.title", given.title)?.unwrap_or_default(),
                role: given.role,
                notifications: given.notifications,
                overflow,
            })?;
            if !id.is_null() {
                id.write(number);
            }
            Ok(())
        })
    }
}

/// Tells of the business's contacts (GET contact/all), devices among them.
///
/// @param api     the handle, with a dashboard token.
/// @param role    1 Admin, 2 User, 3 Vendor, 4 Customer, 5 Super User, 6 Device; 0 for all.
/// @param filter  a text that a contact is to match, such as an address; NULL for all.
/// @param limit   how many to tell of at the most; 0 for the service's own limit.
/// @param page    which page of that many, from 0 on.
/// @param out     where to put the contacts, to be freed with xq_contacts_free(); or NULL.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK, also where there are none; XQ_INVALID_ARGUMENT: api is NULL, role is out of range, limit or page is
///         negative, filter is empty, not one line or not UTF-8; XQ_PROTOCOL: also where the reply is no list of
///         contacts; XQ_REJECTED: as in its definition; the others as xq_add_contact(). Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_get_contacts(
    api: *mut XqApi,
    role: i32,
    filter: *const c_char,
    limit: i64,
    page: i64,
    out: *mut *mut XqContacts,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, into_c, || {
            operation(api, "xq_get_contacts")?.get_contacts(&ContactFilter {
                role,
                filter: optional_text("filter", filter)?,
                limit,
                page,
            })
        })
    }
}

/// Disables a contact (DELETE contact/ID): it stays in the list, and may not use the business any more.
///
/// @param api    the handle, with a dashboard token.
/// @param id     the contact's id, 1 or more.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_REJECTED: also where there is no such contact (HTTP 404); XQ_INVALID_ARGUMENT: api is NULL, id is
///         below 1; XQ_PROTOCOL: as in its definition; the others as xq_add_contact(). Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_disable_contact(api: *mut XqApi, id: i64, error: *mut *mut XqError) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call(error, || operation(api, "xq_disable_contact")?.disable_contact(id)) }
}

/// Removes a contact for good (DELETE contact/ID?delete=true).
///
/// @param api    the handle, with a dashboard token.
/// @param id     the contact's id, 1 or more.
/// @param error  where to put the error of a failed call, or NULL.
/// @return as xq_disable_contact(). Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_remove_contact(api: *mut XqApi, id: i64, error: *mut *mut XqError) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call(error, || operation(api, "xq_remove_contact")?.remove_contact(id)) }
}
