//! `include/xq.h`, in Rust: its functions and numbers.

use std::ffi::{c_char, c_void};

mod structs;

pub use structs::*;

/// `XQ_OK`.
pub const OK: i32 = 0;
/// `XQ_INVALID_ARGUMENT`.
pub const INVALID_ARGUMENT: i32 = 1;
/// `XQ_CONFIGURATION`.
pub const CONFIGURATION: i32 = 2;
/// `XQ_NETWORK`.
pub const NETWORK: i32 = 7;
/// `XQ_INTERNAL`: a defect.
pub const INTERNAL: i32 = 12;
/// `XQ_CANCELED`.
pub const CANCELED: i32 = 13;

/// `xq_transport_t`.
pub type Transport = unsafe extern "C" fn(*mut c_void, *const HttpRequest, *mut HttpReply) -> i32;

/// `xq_logger_t`.
pub type Logger = unsafe extern "C" fn(*mut c_void, i32, *const c_char);
/// `xq_progress_t`.
pub type Progress = unsafe extern "C" fn(*mut c_void, u64, u64) -> i32;

type Text = *const c_char;
type Texts = *const *const c_char;
type Out<T> = *mut *mut T;
/// A function that gives a text.
pub(crate) type GetText = unsafe extern "C" fn(*mut Api, Out<c_char>, Out<Error>) -> i32;
/// A function that sets a text in a configuration.
pub(crate) type SetText = unsafe extern "C" fn(*mut Config, Text, Out<Error>) -> i32;

unsafe extern "C" {
    pub(crate) fn xq_board_set_random(
        random: Option<unsafe extern "C" fn(*mut c_void, *mut u8, usize) -> i32>,
        context: *mut c_void,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_board_set_clock(
        clock: Option<unsafe extern "C" fn(*mut c_void) -> u64>,
        context: *mut c_void,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_version() -> Text;
    pub(crate) fn xq_version_number() -> u32;
    pub(crate) fn xq_features() -> u32;
    pub(crate) fn xq_status_name(status: i32) -> Text;
    pub(crate) fn xq_status_meaning(status: i32) -> Text;
    pub(crate) fn xq_string_free(string: *mut c_char);
    pub(crate) fn xq_list_free(list: *mut List);
    pub(crate) fn xq_error_status(error: *const Error) -> i32;
    pub(crate) fn xq_error_message(error: *const Error) -> Text;
    pub(crate) fn xq_error_http_status(error: *const Error) -> i32;
    pub(crate) fn xq_error_can_retry(error: *const Error) -> i32;
    pub(crate) fn xq_error_retry_after(error: *const Error) -> i64;
    pub(crate) fn xq_error_outcome(error: *const Error) -> i32;
    pub(crate) fn xq_error_request(error: *const Error) -> u64;
    pub(crate) fn xq_error_operation(error: *const Error) -> Text;
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
    pub(crate) fn xq_config_set_roots(config: *mut Config, roots: i32, error: Out<Error>) -> i32;
    pub(crate) fn xq_config_set_ca_memory(config: *mut Config, pem: *const u8, length: usize, error: Out<Error>)
    -> i32;
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
    pub(crate) fn xq_http_reply_is_canceled(reply: *const HttpReply) -> i32;
    pub(crate) fn xq_http_reply_set_not_sent(reply: *mut HttpReply);
    pub(crate) fn xq_http_reply_set_message(reply: *mut HttpReply, message: Text);

    pub(crate) fn xq_api_new(config: *const Config, out: Out<Api>, error: Out<Error>) -> i32;
    pub(crate) fn xq_api_free(api: *mut Api);
    pub(crate) fn xq_api_derive(api: *mut Api, timeout_ms: u32, out: Out<Api>, error: Out<Error>) -> i32;
    pub(crate) fn xq_api_cancel(api: *mut Api, error: Out<Error>) -> i32;
    pub(crate) fn xq_api_resume(api: *mut Api, error: Out<Error>) -> i32;
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

    pub(crate) fn xq_bytes_free(bytes: *mut Bytes);
    pub(crate) fn xq_set_logger(api: *mut Api, logger: Option<Logger>, context: *mut c_void, error: Out<Error>) -> i32;
    pub(crate) fn xq_exchange_for_subscription_token(api: *mut Api, out: Out<c_char>, error: Out<Error>) -> i32;
    pub(crate) fn xq_server_time(api: *mut Api, seconds: *mut i64, error: Out<Error>) -> i32;
    pub(crate) fn xq_subscriber_free(subscriber: *mut Subscriber);
    pub(crate) fn xq_deauthorize(api: *mut Api, error: Out<Error>) -> i32;
    pub(crate) fn xq_get_subscriber(api: *mut Api, out: Out<Subscriber>, error: Out<Error>) -> i32;
    pub(crate) fn xq_delete_subscriber(api: *mut Api, error: Out<Error>) -> i32;
    pub(crate) fn xq_get_settings(
        api: *mut Api,
        newsletter: *mut i32,
        notifications: *mut i32,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_update_settings(api: *mut Api, newsletter: i32, notifications: i32, error: Out<Error>) -> i32;
    pub(crate) fn xq_authorize_delegate(api: *mut Api, out: Out<c_char>, error: Out<Error>) -> i32;
    pub(crate) fn xq_combine_authorizations(
        api: *mut Api,
        tokens: Texts,
        token_count: usize,
        out: Out<c_char>,
        merged: *mut i64,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_get_entropy(api: *mut Api, bits: usize, out: Out<c_char>, error: Out<Error>) -> i32;
    pub(crate) fn xq_seal_options_init(options: *mut SealOptions, size: usize);
    pub(crate) fn xq_generate_key(
        api: *mut Api,
        algorithm: i32,
        bits: usize,
        out: Out<c_char>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_generate_multiple_keys_and_store_packets(
        api: *mut Api,
        count: usize,
        algorithm: i32,
        bits: usize,
        recipients: Texts,
        recipient_count: usize,
        options: *const PacketOptions,
        keys: Out<List>,
        locators: Out<List>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_generate_multiple_keys_and_store_packets_database(
        api: *mut Api,
        rows: *const PacketRow,
        row_count: usize,
        algorithm: i32,
        bits: usize,
        keys: Out<List>,
        locators: Out<List>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_encrypt_message(
        key: Text,
        locator: Text,
        data: *const u8,
        length: usize,
        options: *const SealOptions,
        out: Out<Bytes>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_decrypt_message(
        key: Text,
        sealed: *const u8,
        length: usize,
        out: Out<Bytes>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_encrypt_auto(
        api: *mut Api,
        data: *const u8,
        length: usize,
        recipients: Texts,
        recipient_count: usize,
        options: *const SealOptions,
        out: Out<Bytes>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_decrypt_auto(
        api: *mut Api,
        sealed: *const u8,
        length: usize,
        options: *const SealOptions,
        out: Out<Bytes>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_sealed_locator(sealed: *const u8, length: usize, out: Out<c_char>, error: Out<Error>) -> i32;
    pub(crate) fn xq_encrypt_file(
        api: *mut Api,
        input: Text,
        output: Text,
        recipients: Texts,
        recipient_count: usize,
        options: *const SealOptions,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_decrypt_file(
        api: *mut Api,
        input: Text,
        output: Text,
        options: *const SealOptions,
        name: Out<c_char>,
        path: Out<c_char>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_sealer_new(key: Text, options: *const SealOptions, out: Out<Sealer>, error: Out<Error>) -> i32;
    pub(crate) fn xq_sealer_update(
        sealer: *mut Sealer,
        data: *const u8,
        length: usize,
        taken: *mut usize,
        output: *mut u8,
        output_size: usize,
        made: *mut usize,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_sealer_finish(
        sealer: *mut Sealer,
        output: *mut u8,
        output_size: usize,
        made: *mut usize,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_sealer_free(sealer: *mut Sealer);
    pub(crate) fn xq_opener_new(form: i32, key: Text, out: Out<Opener>, error: Out<Error>) -> i32;
    pub(crate) fn xq_opener_update(
        opener: *mut Opener,
        sealed: *const u8,
        length: usize,
        taken: *mut usize,
        output: *mut u8,
        output_size: usize,
        made: *mut usize,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_opener_wants_key(opener: *const Opener) -> i32;
    pub(crate) fn xq_opener_locator(opener: *const Opener) -> Text;
    pub(crate) fn xq_opener_name(opener: *const Opener) -> Text;
    pub(crate) fn xq_opener_set_key(opener: *mut Opener, key: Text, error: Out<Error>) -> i32;
    pub(crate) fn xq_opener_finish(
        opener: *mut Opener,
        output: *mut u8,
        output_size: usize,
        made: *mut usize,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_opener_free(opener: *mut Opener);
    pub(crate) fn xq_dashboard_signup(
        api: *mut Api,
        email: Text,
        password: Text,
        opt_in: i32,
        already_registered: *mut i32,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_send_login_link(api: *mut Api, email: Text, host: Text, error: Out<Error>) -> i32;
    pub(crate) fn xq_dashboard_login(
        api: *mut Api,
        email: Text,
        password: Text,
        code: Text,
        workspace: Text,
        out: Out<c_char>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_login_verify(api: *mut Api, out: Out<c_char>, error: Out<Error>) -> i32;
    pub(crate) fn xq_validate_access_token(api: *mut Api, error: Out<Error>) -> i32;
    pub(crate) fn xq_exchange_for_dashboard_token(
        api: *mut Api,
        business: Text,
        out: Out<c_char>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_usergroups_free(groups: *mut Usergroups);
    pub(crate) fn xq_create_usergroup(
        api: *mut Api,
        name: Text,
        members: Texts,
        member_count: usize,
        out: Out<Usergroups>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_get_usergroup(api: *mut Api, id: i64, name: Text, out: Out<Usergroups>, error: Out<Error>) -> i32;
    pub(crate) fn xq_update_usergroup(
        api: *mut Api,
        id: i64,
        name: Text,
        members: Texts,
        member_count: usize,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_add_usergroup_members(
        api: *mut Api,
        id: i64,
        members: Texts,
        member_count: usize,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_remove_usergroup_members(
        api: *mut Api,
        id: i64,
        members: Texts,
        member_count: usize,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_delete_usergroup(api: *mut Api, id: i64, error: Out<Error>) -> i32;
    pub(crate) fn xq_new_contact_init(contact: *mut NewContact, size: usize);
    pub(crate) fn xq_contacts_free(contacts: *mut Contacts);
    pub(crate) fn xq_add_contact(api: *mut Api, contact: *const NewContact, id: *mut i64, error: Out<Error>) -> i32;
    pub(crate) fn xq_get_contacts(
        api: *mut Api,
        role: i32,
        filter: Text,
        limit: i64,
        page: i64,
        out: Out<Contacts>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_disable_contact(api: *mut Api, id: i64, error: Out<Error>) -> i32;
    pub(crate) fn xq_remove_contact(api: *mut Api, id: i64, error: Out<Error>) -> i32;
    pub(crate) fn xq_communication_free(communication: *mut Communication);
    pub(crate) fn xq_get_communication_by_locator_token(
        api: *mut Api,
        locator_token: Text,
        out: Out<Communication>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_add_labels_to_locator_token(
        api: *mut Api,
        locator_token: Text,
        labels: Texts,
        label_count: usize,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_businesses_free(businesses: *mut Businesses);
    pub(crate) fn xq_get_businesses(api: *mut Api, out: Out<Businesses>, error: Out<Error>) -> i32;
    pub(crate) fn xq_get_business_info(api: *mut Api, out: Out<Businesses>, error: Out<Error>) -> i32;
    pub(crate) fn xq_switch_business(api: *mut Api, id: i64, out: Out<c_char>, error: Out<Error>) -> i32;
    pub(crate) fn xq_device_certificate_free(certificate: *mut DeviceCertificate);
    pub(crate) fn xq_generate_device_certificate(
        api: *mut Api,
        tag: Text,
        folder: Text,
        out: Out<DeviceCertificate>,
        error: Out<Error>,
    ) -> i32;
    pub(crate) fn xq_token_expiration(api: *mut Api, token: i32, seconds: *mut i64, error: Out<Error>) -> i32;
    pub(crate) fn xq_request_init(request: *mut Request, size: usize);
    pub(crate) fn xq_request(
        api: *mut Api,
        request: *const Request,
        http_status: *mut i32,
        out: Out<c_char>,
        error: Out<Error>,
    ) -> i32;
}
