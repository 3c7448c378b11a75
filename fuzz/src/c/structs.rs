//! The structs of `include/xq.h`.

use std::ffi::{c_char, c_void};

use super::Progress;

/// `xq_api_t`.
#[repr(C)]
pub struct Api([u8; 0]);
/// `xq_config_t`.
#[repr(C)]
pub struct Config([u8; 0]);
/// `xq_error_t`.
#[repr(C)]
pub struct Error([u8; 0]);
/// `xq_http_reply_t`.
#[repr(C)]
pub struct HttpReply([u8; 0]);
/// `xq_sealer_t`.
#[repr(C)]
pub struct Sealer([u8; 0]);
/// `xq_opener_t`.
#[repr(C)]
pub struct Opener([u8; 0]);

/// `xq_list_t`.
#[repr(C)]
pub struct List {
    pub(crate) count: usize,
    pub(crate) items: *const *const c_char,
    pub(crate) reply: *const c_char,
}

/// `xq_http_request_t`.
#[repr(C)]
pub struct HttpRequest {
    pub(crate) size: usize,
    pub(crate) method: *const c_char,
    pub(crate) url: *const c_char,
    pub(crate) header_names: *const *const c_char,
    pub(crate) header_values: *const *const c_char,
    pub(crate) header_count: usize,
    pub(crate) body: *const u8,
    pub(crate) body_length: usize,
    pub(crate) timeout_ms: u32,
    pub(crate) max_reply_bytes: usize,
}

/// `xq_packet_options_t`.
#[repr(C)]
pub struct PacketOptions {
    pub(crate) size: usize,
    pub(crate) kind: *const c_char,
    pub(crate) type_number: i32,
    pub(crate) expires_hours: i64,
    pub(crate) subject: *const c_char,
    pub(crate) labels: *const *const c_char,
    pub(crate) label_count: usize,
    pub(crate) meta: *const c_char,
}

/// `xq_packet_row_t`.
#[repr(C)]
pub struct PacketRow {
    pub(crate) size: usize,
    pub(crate) key: *const c_char,
    pub(crate) recipients: *const *const c_char,
    pub(crate) recipient_count: usize,
    pub(crate) kind: *const c_char,
    pub(crate) type_number: i32,
    pub(crate) expires: i64,
    pub(crate) unit: *const c_char,
    pub(crate) title: *const c_char,
    pub(crate) labels: *const *const c_char,
    pub(crate) label_count: usize,
    pub(crate) meta: *const c_char,
}

/// `xq_bytes_t`.
#[repr(C)]
pub struct Bytes {
    pub(crate) length: usize,
    pub(crate) data: *const u8,
}

/// `xq_seal_options_t`.
#[repr(C)]
pub struct SealOptions {
    pub(crate) size: usize,
    pub(crate) algorithm: i32,
    pub(crate) repeat_pad: i32,
    pub(crate) overwrite: i32,
    pub(crate) key: *const c_char,
    pub(crate) locator: *const c_char,
    pub(crate) name: *const c_char,
    pub(crate) packet: *const PacketOptions,
    pub(crate) progress: Option<Progress>,
    pub(crate) progress_context: *mut c_void,
}

/// `xq_new_contact_t`.
#[repr(C)]
pub struct NewContact {
    pub(crate) size: usize,
    pub(crate) email: *const c_char,
    pub(crate) first_name: *const c_char,
    pub(crate) last_name: *const c_char,
    pub(crate) title: *const c_char,
    pub(crate) role: i32,
    pub(crate) notifications: i32,
    pub(crate) overflow: i32,
}

/// `xq_request_t`.
#[repr(C)]
pub struct Request {
    pub(crate) size: usize,
    pub(crate) method: *const c_char,
    pub(crate) service: i32,
    pub(crate) path: *const c_char,
    pub(crate) query_names: *const *const c_char,
    pub(crate) query_values: *const *const c_char,
    pub(crate) query_count: usize,
    pub(crate) body: *const c_char,
    pub(crate) token: i32,
}

/// `xq_subscriber_t`.
#[repr(C)]
pub struct Subscriber {
    pub(crate) id: i64,
    pub(crate) user: *const c_char,
    pub(crate) first_name: *const c_char,
    pub(crate) last_name: *const c_char,
    pub(crate) subscription: *const c_char,
    pub(crate) starts_ms: i64,
    pub(crate) ends_ms: i64,
    pub(crate) reply: *const c_char,
}

/// `xq_usergroups_t`, `xq_contacts_t` or `xq_businesses_t`.
#[repr(C)]
pub struct Rows<T> {
    pub(crate) count: usize,
    pub(crate) rows: *const T,
    pub(crate) reply: *const c_char,
}

pub(crate) type Usergroups = Rows<Usergroup>;
pub(crate) type Contacts = Rows<Contact>;
pub(crate) type Businesses = Rows<Business>;

/// `xq_usergroup_t`.
#[repr(C)]
pub struct Usergroup {
    pub(crate) id: i64,
    pub(crate) name: *const c_char,
    pub(crate) business_id: i64,
    pub(crate) members: *const *const c_char,
    pub(crate) member_count: usize,
}

/// `xq_contact_t`.
#[repr(C)]
pub struct Contact {
    pub(crate) id: i64,
    pub(crate) email: *const c_char,
    pub(crate) first_name: *const c_char,
    pub(crate) last_name: *const c_char,
    pub(crate) title: *const c_char,
    pub(crate) role: i64,
    pub(crate) status: *const c_char,
    pub(crate) business_id: i64,
}

/// `xq_business_t`.
#[repr(C)]
pub struct Business {
    pub(crate) id: i64,
    pub(crate) name: *const c_char,
}

/// `xq_communication_t`.
#[repr(C)]
pub struct Communication {
    pub(crate) id: i64,
    pub(crate) locator_token: *const c_char,
    pub(crate) labels: *const *const c_char,
    pub(crate) label_count: usize,
    pub(crate) reply: *const c_char,
}

/// `xq_device_certificate_t`.
#[repr(C)]
pub struct DeviceCertificate {
    pub(crate) id: i64,
    pub(crate) certificate: *const c_char,
    pub(crate) transport_key: *const c_char,
    pub(crate) private_key: *const c_char,
}
