//! Key packets: a key and the people who may have it.

use core::ffi::c_char;
use core::ptr;

use super::api::{XqApi, operation};
use super::argument::{initialize, optional_text, optional_texts, sized, text, texts};
use super::error::XqError;
use super::guard::{call_text, call_with};
use super::list::{self, XqList};
use super::status::XqStatus;
use crate::error::Error;
use crate::platform::prelude::*;
use crate::subscription::key_management::{Metadata, PacketOptions, PacketRow, PacketType};

/// For type_number: the default of the call. Written in `cbindgen.toml` too, with the parentheses that a macro wants.
/// cbindgen:ignore
const XQ_TYPE_DEFAULT: i32 = -1;

/// What may be said of packets besides their keys and recipients. To be set with XQ_PACKET_OPTIONS_INIT or
/// xq_packet_options_init() first; fields are then changed as need be. A program keeps working with a newer library,
/// whose struct may have grown: that is what size is for. A size that the library does not know, as that of a newer
/// header, is XQ_INVALID_ARGUMENT.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct XqPacketOptions {
    /// The size of the struct, as XQ_PACKET_OPTIONS_INIT sets it.
    pub size: usize,
    /// What the packet is for, by name: "msg", "file", "email", "chat", "form", "database", "unknown"; NULL to use
    /// type_number.
    pub r#type: *const c_char,
    /// What the packet is for, by number, 0 or more; XQ_TYPE_DEFAULT for the default of the call. Not used where type is
    /// not NULL.
    pub type_number: i32,
    /// Hours until the key expires, 1 or more; 24 by default.
    pub expires_hours: i64,
    /// What the packet is about; NULL for nothing.
    pub subject: *const c_char,
    /// Labels, for xq_create_and_store_packet() and what seals alone; NULL for none: an array of 0 labels is sent as such.
    pub labels: *const *const c_char,
    /// How many labels there are.
    pub label_count: usize,
    /// Metadata, any text, for calls that store many keys alone; NULL for none.
    pub meta: *const c_char,
}

/// One row for xq_create_and_store_packets_batch(). To be set with XQ_PACKET_ROW_INIT or xq_packet_row_init() first;
/// key and recipients have no default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct XqPacketRow {
    /// The size of the struct, as XQ_PACKET_ROW_INIT sets it.
    pub size: usize,
    /// The key, not empty.
    pub key: *const c_char,
    /// Who may have the key: a list of people, groups and aliases (see Lists in libxq(3), the opening text).
    pub recipients: *const *const c_char,
    /// How many recipients there are, 1 or more.
    pub recipient_count: usize,
    /// What the packet is for, by name; NULL to use type_number.
    pub r#type: *const c_char,
    /// What the packet is for, by number, 0 or more; XQ_TYPE_DEFAULT for "database". Not used where type is not NULL.
    pub type_number: i32,
    /// How many units until the key expires, 1 or more; 1 by default.
    pub expires: i64,
    /// The unit of expires, such as "days"; the service says which there are. NULL for "days".
    pub unit: *const c_char,
    /// The row's title; NULL for none. Not used where meta is not NULL.
    pub title: *const c_char,
    /// The row's labels; NULL for none: an array of 0 labels is sent as such. Not used where meta is not NULL.
    pub labels: *const *const c_char,
    /// How many labels there are.
    pub label_count: usize,
    /// The row's metadata as the text of a JSON object, sent as it is but for blanks around it; NULL to send title and
    /// labels.
    pub meta: *const c_char,
}

/// Options as the library uses them: with the lists that they borrow beside them.
pub(super) struct Options<'a> {
    options: PacketOptions<'a>,
    labels: Option<Vec<&'a str>>,
}

impl<'a> Options<'a> {
    /// # Safety
    ///
    /// `pointer` is NULL or points to options that keep to the header.
    pub(super) unsafe fn read(name: &str, pointer: *const XqPacketOptions) -> Result<Self, Error> {
        let field = |field: &str| format!("{name}.{field}");
        if pointer.is_null() {
            return Ok(Options {
                options: PacketOptions::default(),
                labels: None,
            });
        }
        // SAFETY: not NULL, so it keeps to the header, as this function asks of its caller.
        unsafe {
            let given = sized(name, "XQ_PACKET_OPTIONS_INIT", pointer)?;
            let options = PacketOptions {
                packet_type: packet_type(&field("type"), given.r#type, given.type_number)?,
                expires_hours: given.expires_hours,
                subject: optional_text(&field("subject"), given.subject)?,
                labels: None,
                meta: optional_text(&field("meta"), given.meta)?,
            };
            let labels = optional_texts(&field("labels"), given.labels, given.label_count)?;
            Ok(Options { options, labels })
        }
    }

    pub(super) fn get(&self) -> PacketOptions<'_> {
        PacketOptions {
            labels: self.labels.as_deref(),
            ..self.options
        }
    }
}

/// Whether rows have keys, or get them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    Given,
    Made,
}

/// A row as the library uses it: with the lists that it borrows beside it.
pub(super) struct Row<'a> {
    row: PacketRow<'a>,
    recipients: Vec<&'a str>,
    labels: Option<Vec<&'a str>>,
}

impl<'a> Row<'a> {
    /// # Safety
    ///
    /// `pointer` points to a row that keeps to the header.
    unsafe fn read(index: usize, pointer: *const XqPacketRow, keys: Keys) -> Result<Self, Error> {
        let name = |field: &str| format!("rows[{index}].{field}");
        // SAFETY: it keeps to the header, as this function asks of its caller.
        unsafe {
            let given = sized(&format!("rows[{index}]"), "XQ_PACKET_ROW_INIT", pointer)?;
            let labels = optional_texts(&name("labels"), given.labels, given.label_count)?;
            let metadata = match optional_text(&name("meta"), given.meta)? {
                Some(json) => Metadata::Json(json),
                None => Metadata::Fields {
                    title: optional_text(&name("title"), given.title)?,
                    labels: None,
                },
            };
            let row = PacketRow {
                key: match keys {
                    Keys::Given => text(&name("key"), given.key)?,
                    Keys::Made => "",
                },
                recipients: &[],
                packet_type: packet_type(&name("type"), given.r#type, given.type_number)?,
                expires: given.expires,
                unit: optional_text(&name("unit"), given.unit)?.unwrap_or("days"),
                metadata,
            };
            let recipients = texts(&name("recipients"), given.recipients, given.recipient_count)?;
            Ok(Row {
                row,
                recipients,
                labels,
            })
        }
    }

    pub(super) fn get(&self) -> PacketRow<'_> {
        let metadata = match self.row.metadata {
            Metadata::Fields { title, .. } => Metadata::Fields {
                title,
                labels: self.labels.as_deref(),
            },
            json => json,
        };
        PacketRow {
            recipients: &self.recipients,
            metadata,
            ..self.row
        }
    }
}

/// # Safety
///
/// `pointer` is NULL or points to `count` rows that keep to the header.
pub(super) unsafe fn rows_of<'a>(pointer: *const XqPacketRow, count: usize, keys: Keys) -> Result<Vec<Row<'a>>, Error> {
    if pointer.is_null() {
        return Err(Error::invalid("rows is NULL; expected one or more rows"));
    }
    if count > isize::MAX as usize / size_of::<XqPacketRow>() {
        return Err(Error::invalid(format!(
            "row_count is {count}, more than memory can hold"
        )));
    }
    // SAFETY: not NULL, so `count` rows, as this function asks of its caller. Once the struct has grown, the step is what
    // the size of the first says.
    let rows = (0..count).map(|index| unsafe { Row::read(index, pointer.add(index), keys) });
    rows.collect()
}

/// # Safety
///
/// `name` is NULL or a NUL-terminated string.
unsafe fn packet_type<'a>(field: &str, name: *const c_char, number: i32) -> Result<Option<PacketType<'a>>, Error> {
    // SAFETY: the promise is passed on.
    Ok(match unsafe { optional_text(field, name) }? {
        Some(name) => Some(PacketType::Name(name)),
        None if number == XQ_TYPE_DEFAULT => None,
        None => Some(PacketType::Number(number)),
    })
}

/// Sets options to XQ_PACKET_OPTIONS_INIT, for languages that cannot use a macro.
///
/// @param options  the options.
/// @param size     the size of the struct as the caller knows it, sizeof(xq_packet_options_t): no more is written,
///                 should the library be newer.
///
/// Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_packet_options_init(options: *mut XqPacketOptions, size: usize) {
    let fresh = XqPacketOptions {
        size,
        r#type: ptr::null(),
        type_number: XQ_TYPE_DEFAULT,
        expires_hours: 24,
        subject: ptr::null(),
        labels: ptr::null(),
        label_count: 0,
        meta: ptr::null(),
    };
    // SAFETY: the caller keeps to the header.
    unsafe { initialize(options, size, fresh) }
}

/// Sets a row to XQ_PACKET_ROW_INIT, for languages that cannot use a macro.
///
/// @param row   the row.
/// @param size  the size of the struct as the caller knows it, sizeof(xq_packet_row_t): no more is written, should the
///              library be newer.
///
/// Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_packet_row_init(row: *mut XqPacketRow, size: usize) {
    let fresh = XqPacketRow {
        size,
        key: ptr::null(),
        recipients: ptr::null(),
        recipient_count: 0,
        r#type: ptr::null(),
        type_number: XQ_TYPE_DEFAULT,
        expires: 1,
        unit: ptr::null(),
        title: ptr::null(),
        labels: ptr::null(),
        label_count: 0,
        meta: ptr::null(),
    };
    // SAFETY: the caller keeps to the header.
    unsafe { initialize(row, size, fresh) }
}

/// Makes an encrypted packet of a key (POST packet). It is not stored yet: xq_add_packet() does that, from here or from
/// another program. The handle's token says who the owner is.
///
/// @param api              the handle.
/// @param key              the key: text, not empty, sent as it is; a key that is bytes is encoded by the caller, as
///                         base64 for example. By a convention of XQ programs its first two characters may name the
///                         algorithm it is for: ".B" OTP, ".1" GCM, ".2" CTR.
/// @param recipients       who may have the key: people, groups and aliases (see Lists in libxq(3), the opening text).
/// @param recipient_count  how many recipients there are, 1 or more.
/// @param options          type, expiry and subject; NULL for type 3, 24 hours and no subject.
/// @param out              where to put the packet, to be freed with xq_string_free(); or NULL.
/// @param error            where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: api, key or recipients is NULL, the key, a recipient or the list of them is
///         empty, a text is not UTF-8, the expiry is below 1, the type is empty or negative, labels or meta are given,
///         options.size is not as XQ_PACKET_OPTIONS_INIT sets it; XQ_UNAUTHORIZED: the token is not accepted, or the
///         handle holds none; XQ_REJECTED: the service refused, for example over a quota, or because it knows no such
///         type or cannot read a recipient's address; XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in
///         their definition. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_create_packet(
    api: *mut XqApi,
    key: *const c_char,
    recipients: *const *const c_char,
    recipient_count: usize,
    options: *const XqPacketOptions,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_text(out, error, || {
            let recipients = texts("recipients", recipients, recipient_count)?;
            operation(api, "xq_create_packet")?.create_packet(
                text("key", key)?,
                &recipients,
                &Options::read("options", options)?.get(),
            )
        })
    }
}

/// Makes and stores a packet of a key (POST packet/add). The locator token that comes out stands for the key:
/// recipients give it to xq_get_packet().
///
/// @param api              the handle.
/// @param key              the key: text, not empty, sent as it is.
/// @param recipients       who may have the key: people, groups and aliases (see Lists in libxq(3), the opening text).
/// @param recipient_count  how many recipients there are, 1 or more.
/// @param options          type, expiry, subject and labels; NULL for "msg", 24 hours, no subject and no labels.
/// @param out              where to put the locator token, usually 43 characters, to be freed with xq_string_free(); or
///                         NULL.
/// @param error            where to put the error of a failed call, or NULL.
/// @return as xq_create_packet(), but that labels may be given too; XQ_PROTOCOL also where the reply is no locator
///         token. The key has been stored then, as the service says: xq_error_reply() has the reply's text, if it is text. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_create_and_store_packet(
    api: *mut XqApi,
    key: *const c_char,
    recipients: *const *const c_char,
    recipient_count: usize,
    options: *const XqPacketOptions,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_text(out, error, || {
            let recipients = texts("recipients", recipients, recipient_count)?;
            operation(api, "xq_create_and_store_packet")?.create_and_store_packet(
                text("key", key)?,
                &recipients,
                &Options::read("options", options)?.get(),
            )
        })
    }
}

/// Makes and stores a packet for each of many keys, in one request (POST packet/add).
///
/// @param api              the handle.
/// @param keys             the keys: texts, none of them empty, sent as they are. The same key may stand there twice.
/// @param key_count        how many keys there are, 1 or more; 10,000 is fine. The reply repeats each key beside its
///                         locator token: keys whose reply would be larger than xq_config_set_max_reply_bytes() allows
///                         are refused before anything is sent.
/// @param recipients       who may have the keys: people, groups and aliases (see Lists in libxq(3), the opening text).
/// @param recipient_count  how many recipients there are, 1 or more.
/// @param options          type, expiry, subject and meta; NULL for type 5, 24 hours, no subject and no meta.
/// @param out              where to put the locator tokens, in the keys' order and none of them NULL, to be freed with
///                         xq_list_free(); or NULL.
/// @param error            where to put the error of a failed call, or NULL.
/// @return as xq_create_packet(), but that meta may be given; XQ_INVALID_ARGUMENT also where the reply would be too
///         large; XQ_PROTOCOL also where the reply does not have one token for each key in the keys' order. The keys
///         may have been stored then: xq_error_reply() has the reply's text. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_create_and_store_packets(
    api: *mut XqApi,
    keys: *const *const c_char,
    key_count: usize,
    recipients: *const *const c_char,
    recipient_count: usize,
    options: *const XqPacketOptions,
    out: *mut *mut XqList,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, list::into_c, || {
            let keys = texts("keys", keys, key_count)?;
            let recipients = texts("recipients", recipients, recipient_count)?;
            operation(api, "xq_create_and_store_packets")?.create_and_store_packets(
                &keys,
                &recipients,
                &Options::read("options", options)?.get(),
            )
        })
    }
}

/// Makes and stores a packet for each of many rows, which have recipients, expiry and metadata of their own, in one
/// request (POST packet/batch).
///
/// @param api        the handle.
/// @param rows       the rows.
/// @param row_count  how many rows there are, 1 or more.
/// @param out        where to put the locator tokens, in the rows' order and none of them NULL, to be freed with
///                   xq_list_free(); or NULL.
/// @param error      where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: api or rows is NULL, there is no row, or one of them has no key, no recipient,
///         an empty one, an expiry below 1, an empty unit, a text that is not UTF-8 or metadata that is not a JSON
///         object (the message names the row, counted from 0), or the reply would be too large; XQ_PROTOCOL also where
///         the reply does not have one token for each row in the rows' order, and xq_error_reply() then has the
///         reply's text; the others as xq_create_packet(). Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_create_and_store_packets_batch(
    api: *mut XqApi,
    rows: *const XqPacketRow,
    row_count: usize,
    out: *mut *mut XqList,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, list::into_c, || {
            let rows = rows_of(rows, row_count, Keys::Given)?;
            let rows: Vec<PacketRow> = rows.iter().map(Row::get).collect();
            operation(api, "xq_create_and_store_packets_batch")?.create_and_store_packets_batch(&rows)
        })
    }
}
