//! User groups.

use core::ffi::c_char;

use crate::dashboard::Rows;
use crate::dashboard::usergroup::{Usergroup, Which};
use crate::error::Error;
use crate::ffi::api::{XqApi, operation};
use crate::ffi::argument::{optional_text, optional_texts, text, texts};
use crate::ffi::error::XqError;
use crate::ffi::guard::{call, call_with};
use crate::ffi::rows::{self, Texts};
use crate::ffi::status::XqStatus;
use crate::platform::prelude::*;

/// A group: a recipient of keys (see Lists in libxq(3), the opening text), for all who are in it.
#[repr(C)]
pub struct XqUsergroup {
    /// Its number; -1 where the service does not tell.
    pub id: i64,
    /// Its name; NULL where the service does not tell.
    pub name: *const c_char,
    /// The id of the business that it belongs to; -1 where the service does not tell.
    pub business_id: i64,
    /// Who is in it: addresses, and the JSON of a member that the service describes in another way. NULL where the
    /// service does not tell, as in a list of all groups; an empty group has a list of none.
    pub members: *const *const c_char,
    /// How many members there are.
    pub member_count: usize,
}

/// Groups that came out of one call. They live, with their texts, until xq_usergroups_free() frees them all at once. Not
/// to be changed; any number of threads may read them.
#[repr(C)]
pub struct XqUsergroups {
    /// How many there are.
    pub count: usize,
    /// They themselves. Never NULL where count is not 0.
    pub rows: *const XqUsergroup,
    /// The service's reply as it came: JSON, with whatever else it told. Never NULL.
    pub reply: *const c_char,
}

fn into_c(groups: Rows<Usergroup>) -> *mut XqUsergroups {
    let mut texts = Texts::default();
    let mut row = |group: Usergroup| XqUsergroup {
        id: group.id.unwrap_or(-1),
        name: texts.keep(group.name),
        business_id: group.business.unwrap_or(-1),
        member_count: group.members.as_ref().map_or(0, Vec::len),
        members: texts.keep_list(group.members),
    };
    let rows = rows::collect(groups.rows.into_iter().map(&mut row));
    let view = XqUsergroups {
        count: rows.len(),
        rows: rows.as_ptr(),
        reply: texts.keep_secret(&groups.reply),
    };
    rows::into_c(view, rows, texts)
}

/// Frees groups with all their texts.
///
/// @param groups  the groups, which are not to be used afterwards; NULL is fine.
///
/// Never fails. No network. Any thread may free them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_usergroups_free(groups: *mut XqUsergroups) {
    // SAFETY: `into_c` made them, as the header asks.
    unsafe { rows::free::<XqUsergroups, XqUsergroup>(groups) }
}

/// Makes a group (POST usergroup). From then on its id makes a recipient of keys (see Lists in libxq(3), the opening text). Names need
/// not be unique: a second call makes a second group, and neither is found by its name any more. After a call of which no
/// reply arrived, look with xq_get_usergroup() before making it again.
///
/// @param api           the handle, with a dashboard token.
/// @param name          the group's name.
/// @param members       the addresses of those who are to be in it.
/// @param member_count  how many there are, 1 or more.
/// @param out           where to put the group, one row with its id, to be freed with xq_usergroups_free(); or NULL.
/// @param error         where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_UNAUTHORIZED: the dashboard token or key is not accepted, or the handle holds no such token;
///         XQ_INVALID_ARGUMENT: api, name or members is NULL, there is no member, name is empty or not one line, a
///         member is NULL or no address, a text is not UTF-8; XQ_PROTOCOL: also where the reply has no id: the group is
///         made all the same, and xq_error_reply() has the reply; XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS
///         as in their definition. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_create_usergroup(
    api: *mut XqApi,
    name: *const c_char,
    members: *const *const c_char,
    member_count: usize,
    out: *mut *mut XqUsergroups,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, into_c, || {
            let members = texts("members", members, member_count)?;
            operation(api, "xq_create_usergroup")?.create_usergroup(text("name", name)?, &members)
        })
    }
}

/// Tells of groups (GET usergroup): the one with an id, the one with a name, or all.
///
/// @param api    the handle, with a dashboard token.
/// @param id     the group's id; 0 to ask by name, or for all: an id that was never set is 0 too.
/// @param name   the group's name in exactly these letters, capitals included; NULL to ask by id, or, where that is 0,
///               for all.
/// @param out    where to put the groups, to be freed with xq_usergroups_free(); or NULL. One group comes with its
///               members; a list of all comes without.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_REJECTED: there is no group with this id (HTTP 404) or this name, or more than one has the name
///         (xq_error_http_status() is 0 in these two; the message has the ids); XQ_INVALID_ARGUMENT: api is NULL, id is
///         negative, both id and name are given, name is empty, not one line or not UTF-8; the others as
///         xq_create_usergroup(). Uses the network, by name twice.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_get_usergroup(
    api: *mut XqApi,
    id: i64,
    name: *const c_char,
    out: *mut *mut XqUsergroups,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, into_c, || {
            let which = match (id, optional_text("name", name)?) {
                (0, None) => Which::All,
                (0, Some(name)) => Which::Name(name),
                (id, None) => Which::Id(id),
                _ => {
                    return Err(Error::invalid(
                        "both id and name are given; expected one of them, or neither for all",
                    ));
                }
            };
            operation(api, "xq_get_usergroup")?.get_usergroup(which)
        })
    }
}

/// Changes a group's name, its members, or both (PATCH usergroup/ID).
///
/// @param api           the handle, with a dashboard token.
/// @param id            the group's id, 1 or more.
/// @param name          the new name; NULL to leave it.
/// @param members       the addresses of all who are to be in it, in place of those who were; NULL to leave them: an
///                      array of 0 members empties the group.
/// @param member_count  how many there are; 0 where members is NULL.
/// @param error         where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_REJECTED: also where there is no such group (HTTP 404); XQ_INVALID_ARGUMENT: api is NULL, id is
///         below 1, both name and members are NULL, or one is not as for xq_create_usergroup(); the others as
///         xq_create_usergroup(). Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_update_usergroup(
    api: *mut XqApi,
    id: i64,
    name: *const c_char,
    members: *const *const c_char,
    member_count: usize,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            let members = optional_texts("members", members, member_count)?;
            operation(api, "xq_update_usergroup")?.update_usergroup(
                id,
                optional_text("name", name)?,
                members.as_deref(),
            )
        })
    }
}

/// Adds members to a group: reads it (GET usergroup/ID), and writes it back (PATCH) with those who are not in it yet,
/// whatever the letters' case. Members that the service describes in another way than by an address stay as they are.
/// Two programs that change one group at the same time can undo each other's change: the service knows no other way.
///
/// @param api           the handle, with a dashboard token.
/// @param id            the group's id, 1 or more.
/// @param members       the addresses to add.
/// @param member_count  how many there are, 1 or more.
/// @param error         where to put the error of a failed call, or NULL.
/// @return XQ_OK, also where all are in it already; XQ_REJECTED: also where there is no such group (HTTP 404);
///         XQ_PROTOCOL: also where the reply does not tell who is in it: nothing is changed then; XQ_INVALID_ARGUMENT:
///         api or members is NULL, id is below 1, there is no member, or one is no address; the others as
///         xq_create_usergroup(). Uses the network, once or twice.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_add_usergroup_members(
    api: *mut XqApi,
    id: i64,
    members: *const *const c_char,
    member_count: usize,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            operation(api, "xq_add_usergroup_members")?
                .add_usergroup_members(id, &texts("members", members, member_count)?)
        })
    }
}

/// Takes members out of a group, in the way of xq_add_usergroup_members() and with the same warning.
///
/// @param api           the handle, with a dashboard token.
/// @param id            the group's id, 1 or more.
/// @param members       the addresses to take out, whatever the letters' case.
/// @param member_count  how many there are, 1 or more.
/// @param error         where to put the error of a failed call, or NULL.
/// @return XQ_OK, also where none is in it; the others as xq_add_usergroup_members(). Uses the network, once or twice.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_remove_usergroup_members(
    api: *mut XqApi,
    id: i64,
    members: *const *const c_char,
    member_count: usize,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call(error, || {
            operation(api, "xq_remove_usergroup_members")?
                .remove_usergroup_members(id, &texts("members", members, member_count)?)
        })
    }
}

/// Deletes a group (DELETE usergroup/ID). Keys that were stored for it are no longer for those who were in it.
///
/// @param api    the handle, with a dashboard token.
/// @param id     the group's id, 1 or more.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_REJECTED: also where there is no such group (HTTP 404); XQ_INVALID_ARGUMENT: api is NULL, id is
///         below 1; the others as xq_create_usergroup(). Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_delete_usergroup(api: *mut XqApi, id: i64, error: *mut *mut XqError) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call(error, || operation(api, "xq_delete_usergroup")?.delete_usergroup(id)) }
}
