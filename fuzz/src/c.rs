//! `include/xq.h`, as far as the targets call it.

use std::ffi::{c_char, c_void};

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

/// `XQ_OK`.
pub const OK: i32 = 0;
/// `XQ_INVALID_ARGUMENT`.
pub const INVALID_ARGUMENT: i32 = 1;
/// `XQ_NETWORK`.
pub const NETWORK: i32 = 7;
/// `XQ_INTERNAL`: a defect.
pub const INTERNAL: i32 = 12;

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

/// `xq_transport_t`.
pub type Transport = unsafe extern "C" fn(*mut c_void, *const HttpRequest, *mut HttpReply) -> i32;

type Text = *const c_char;
type Texts = *const *const c_char;
type Out<T> = *mut *mut T;
/// A function that sets a text in a configuration.
pub(crate) type SetText = unsafe extern "C" fn(*mut Config, Text, Out<Error>) -> i32;

unsafe extern "C" {
    pub(crate) fn xq_version() -> Text;
    pub(crate) fn xq_status_name(status: i32) -> Text;
    pub(crate) fn xq_status_meaning(status: i32) -> Text;
    pub(crate) fn xq_string_free(string: *mut c_char);
    pub(crate) fn xq_list_free(list: *mut List);
    pub(crate) fn xq_error_status(error: *const Error) -> i32;
    pub(crate) fn xq_error_message(error: *const Error) -> Text;
    pub(crate) fn xq_error_http_status(error: *const Error) -> i32;
    pub(crate) fn xq_error_can_retry(error: *const Error) -> i32;
    pub(crate) fn xq_error_retry_after(error: *const Error) -> i64;
    pub(crate) fn xq_error_reply(error: *const Error) -> Text;
    pub(crate) fn xq_error_free(error: *mut Error);

    pub(crate) fn xq_config_new() -> *mut Config;
    pub(crate) fn xq_config_free(config: *mut Config);
    pub(crate) fn xq_config_read_environment(config: *mut Config, error: Out<Error>) -> i32;
    pub(crate) fn xq_config_set_api_key(config: *mut Config, key: Text, error: Out<Error>) -> i32;
    pub(crate) fn xq_config_set_dashboard_api_key(config: *mut Config, key: Text, error: Out<Error>) -> i32;
    pub(crate) fn xq_config_set_locator_key(config: *mut Config, key: Text, error: Out<Error>) -> i32;
    pub(crate) fn xq_config_set_envelope(config: *mut Config, envelope: i32, error: Out<Error>) -> i32;
    pub(crate) fn xq_config_set_base_uri(config: *mut Config, base: Text, error: Out<Error>) -> i32;
    pub(crate) fn xq_config_set_service_url(config: *mut Config, service: i32, url: Text, error: Out<Error>) -> i32;
    pub(crate) fn xq_config_set_allow_plain_http(config: *mut Config, allow: i32, error: Out<Error>) -> i32;
    pub(crate) fn xq_config_set_connect_timeout_ms(config: *mut Config, limit: u32, error: Out<Error>) -> i32;
    pub(crate) fn xq_config_set_timeout_ms(config: *mut Config, limit: u32, error: Out<Error>) -> i32;
    pub(crate) fn xq_config_set_max_reply_bytes(config: *mut Config, bytes: usize, error: Out<Error>) -> i32;
    pub(crate) fn xq_config_set_ca_file(config: *mut Config, path: Text, error: Out<Error>) -> i32;
    pub(crate) fn xq_config_set_proxy(config: *mut Config, url: Text, error: Out<Error>) -> i32;
    pub(crate) fn xq_config_set_user_agent_suffix(config: *mut Config, suffix: Text, error: Out<Error>) -> i32;
    pub(crate) fn xq_config_set_transport(
        config: *mut Config,
        transport: Option<Transport>,
        context: *mut c_void,
        error: Out<Error>,
    ) -> i32;

    pub(crate) fn xq_http_reply_set_status(reply: *mut HttpReply, status: i32);
    pub(crate) fn xq_http_reply_add_body(reply: *mut HttpReply, bytes: *const c_void, length: usize) -> i32;
    pub(crate) fn xq_http_reply_set_retry_after(reply: *mut HttpReply, seconds: u32);
    pub(crate) fn xq_http_reply_set_content_type(reply: *mut HttpReply, content_type: Text);
    pub(crate) fn xq_http_reply_set_message(reply: *mut HttpReply, message: Text);

    pub(crate) fn xq_api_new(config: *const Config, out: Out<Api>, error: Out<Error>) -> i32;
    pub(crate) fn xq_api_free(api: *mut Api);
    pub(crate) fn xq_get_access_token(api: *mut Api, out: Out<c_char>, error: Out<Error>) -> i32;
    pub(crate) fn xq_set_access_token(api: *mut Api, token: Text, error: Out<Error>) -> i32;
    pub(crate) fn xq_get_dashboard_token(api: *mut Api, out: Out<c_char>, error: Out<Error>) -> i32;
    pub(crate) fn xq_set_dashboard_token(api: *mut Api, token: Text, error: Out<Error>) -> i32;
    pub(crate) fn xq_forget_tokens(api: *mut Api, error: Out<Error>) -> i32;

    pub(crate) fn xq_validate_api_key(api: *mut Api, out: Out<c_char>, error: Out<Error>) -> i32;
    pub(crate) fn xq_authorize_user(
        api: *mut Api,
        user: Text,
        first_name: Text,
        last_name: Text,
        newsletter: i32,
        notifications: i32,
        out: Out<c_char>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_code_validate(api: *mut Api, pin: Text, error: Out<Error>) -> i32;
    pub(crate) fn xq_exchange_key(
        api: *mut Api,
        business: Text,
        selector: i32,
        out: Out<c_char>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_authorize_alias(
        api: *mut Api,
        alias: Text,
        first_name: Text,
        last_name: Text,
        out: Out<c_char>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_authorize_device(
        api: *mut Api,
        device: Text,
        business: Text,
        roaming: i32,
        out: Out<c_char>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_authorize_device_cert(
        api: *mut Api,
        certificate_id: i64,
        certificate_path: Text,
        transport_path: Text,
        private_path: Text,
        device: Text,
        announce: i32,
        out: Out<c_char>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_authorize_device_cert_memory(
        api: *mut Api,
        certificate_id: i64,
        certificate: Text,
        transport_key: Text,
        private_key: Text,
        device: Text,
        announce: i32,
        out: Out<c_char>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_announce_device(api: *mut Api, device: Text, error: Out<Error>) -> i32;
    pub(crate) fn xq_load_file_content(path: Text, out: Out<c_char>, error: Out<Error>) -> i32;

    pub(crate) fn xq_packet_options_init(options: *mut PacketOptions, size: usize);
    pub(crate) fn xq_packet_row_init(row: *mut PacketRow, size: usize);
    pub(crate) fn xq_create_packet(
        api: *mut Api,
        key: Text,
        recipients: Texts,
        recipient_count: usize,
        options: *const PacketOptions,
        out: Out<c_char>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_create_and_store_packet(
        api: *mut Api,
        key: Text,
        recipients: Texts,
        recipient_count: usize,
        options: *const PacketOptions,
        out: Out<c_char>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_create_and_store_packets(
        api: *mut Api,
        keys: Texts,
        key_count: usize,
        recipients: Texts,
        recipient_count: usize,
        options: *const PacketOptions,
        out: Out<List>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_create_and_store_packets_batch(
        api: *mut Api,
        rows: *const PacketRow,
        row_count: usize,
        out: Out<List>,
        error: Out<Error>,
    ) -> i32;

    pub(crate) fn xq_add_packet(api: *mut Api, packet: Text, out: Out<c_char>, error: Out<Error>) -> i32;
    pub(crate) fn xq_get_packet(api: *mut Api, locator: Text, out: Out<c_char>, error: Out<Error>) -> i32;
    pub(crate) fn xq_get_packets(
        api: *mut Api,
        locators: Texts,
        locator_count: usize,
        out: Out<List>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_revoke_packet(api: *mut Api, locator: Text, error: Out<Error>) -> i32;
    pub(crate) fn xq_grant_users(
        api: *mut Api,
        locator: Text,
        recipients: Texts,
        recipient_count: usize,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_revoke_users(
        api: *mut Api,
        locator: Text,
        recipients: Texts,
        recipient_count: usize,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_packet_expiration(api: *mut Api, locator: Text, seconds: *mut i64, error: Out<Error>) -> i32;
}
