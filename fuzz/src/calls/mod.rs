//! Every function of the C ABI, called with what the input says.

mod account;
mod config;
mod dashboard;
mod devices;
mod files;
mod handles;
mod keys;
mod messages;
mod packets;
mod people;
mod request;
mod sign_in;
mod streams;
mod structs;
mod tokens;

use crate::input::Input;
use crate::session::Session;

/// A call: its name without `xq_`, and what makes it.
pub type Call = (&'static str, fn(&mut Session, &mut Input));

/// The operations, whose requests reach the service.
pub const OPERATIONS: &[Call] = &[
    ("validate_api_key", sign_in::validate_api_key),
    ("authorize_user", sign_in::authorize_user),
    ("code_validate", sign_in::code_validate),
    ("exchange_key", sign_in::exchange_key),
    ("authorize_alias", sign_in::authorize_alias),
    ("authorize_device", devices::authorize_device),
    ("authorize_device_cert_memory", devices::authorize_device_cert_memory),
    ("announce_device", devices::announce_device),
    ("create_packet", packets::create_packet),
    ("create_and_store_packet", packets::create_and_store_packet),
    ("create_and_store_packets", packets::create_and_store_packets),
    (
        "create_and_store_packets_batch",
        packets::create_and_store_packets_batch,
    ),
    ("add_packet", packets::add_packet),
    ("get_packet", packets::get_packet),
    ("get_packets", packets::get_packets),
    ("revoke_packet", packets::revoke_packet),
    ("grant_users", packets::grant_users),
    ("revoke_users", packets::revoke_users),
    ("packet_expiration", packets::packet_expiration),
    ("deauthorize", account::deauthorize),
    ("get_subscriber", account::get_subscriber),
    ("delete_subscriber", account::delete_subscriber),
    ("get_settings", account::get_settings),
    ("update_settings", account::update_settings),
    ("authorize_delegate", account::authorize_delegate),
    ("combine_authorizations", account::combine_authorizations),
    (
        "exchange_for_subscription_token",
        sign_in::exchange_for_subscription_token,
    ),
    ("server_time", devices::server_time),
    ("get_entropy", keys::get_entropy),
    ("generate_key", keys::generate_key),
    (
        "generate_multiple_keys_and_store_packets",
        keys::generate_multiple_keys_and_store_packets,
    ),
    (
        "generate_multiple_keys_and_store_packets_database",
        keys::generate_multiple_keys_and_store_packets_database,
    ),
    ("encrypt_auto", messages::encrypt_auto),
    ("decrypt_auto", messages::decrypt_auto),
    ("encrypt_file", files::encrypt_file),
    ("decrypt_file", files::decrypt_file),
    ("dashboard_signup", dashboard::dashboard_signup),
    ("send_login_link", dashboard::send_login_link),
    ("dashboard_login", dashboard::dashboard_login),
    ("login_verify", dashboard::login_verify),
    ("validate_access_token", dashboard::validate_access_token),
    ("exchange_for_dashboard_token", dashboard::exchange_for_dashboard_token),
    ("get_businesses", dashboard::get_businesses),
    ("get_business_info", dashboard::get_business_info),
    ("switch_business", dashboard::switch_business),
    (
        "get_communication_by_locator_token",
        dashboard::get_communication_by_locator_token,
    ),
    ("add_labels_to_locator_token", dashboard::add_labels_to_locator_token),
    ("generate_device_certificate", dashboard::generate_device_certificate),
    ("create_usergroup", people::create_usergroup),
    ("get_usergroup", people::get_usergroup),
    ("update_usergroup", people::update_usergroup),
    ("add_usergroup_members", people::add_usergroup_members),
    ("remove_usergroup_members", people::remove_usergroup_members),
    ("delete_usergroup", people::delete_usergroup),
    ("add_contact", people::add_contact),
    ("get_contacts", people::get_contacts),
    ("disable_contact", people::disable_contact),
    ("remove_contact", people::remove_contact),
    ("request", request::request),
];

/// Those that seal and open without the service.
pub const SEALING: &[Call] = &[
    ("encrypt_message", messages::encrypt_message),
    ("decrypt_message", messages::decrypt_message),
    ("sealed_locator", messages::sealed_locator),
    ("sealer", streams::sealer),
    ("opener", streams::opener),
];

/// All others.
pub const OTHERS: &[Call] = &[
    ("config_set_api_key", config::config_set_api_key),
    ("config_set_dashboard_api_key", config::config_set_dashboard_api_key),
    ("config_set_locator_key", config::config_set_locator_key),
    ("config_set_envelope", config::config_set_envelope),
    ("config_set_base_uri", config::config_set_base_uri),
    ("config_set_service_url", config::config_set_service_url),
    ("config_set_numbers", config::config_set_numbers),
    ("config_set_ca_file", config::config_set_ca_file),
    ("config_set_roots", config::config_set_roots),
    ("config_set_proxy", config::config_set_proxy),
    ("config_set_user_agent_suffix", config::config_set_user_agent_suffix),
    ("config_set_transport", config::config_set_transport),
    ("config_read_environment", config::config_read_environment),
    ("api_new", config::api_new),
    ("api_derive", handles::api_derive),
    ("api_cancel", handles::api_cancel),
    ("set_access_token", tokens::set_access_token),
    ("set_dashboard_token", tokens::set_dashboard_token),
    ("get_dashboard_token", tokens::get_dashboard_token),
    ("forget_tokens", tokens::forget_tokens),
    ("authorize_device_cert", devices::authorize_device_cert),
    ("load_file_content", devices::load_file_content),
    ("statuses", config::statuses),
    ("token_expiration", tokens::token_expiration),
    ("set_logger", config::set_logger),
];

/// Every call.
pub fn all() -> impl Iterator<Item = &'static Call> {
    OPERATIONS.iter().chain(SEALING).chain(OTHERS)
}

/// The call that a byte stands for.
pub fn call(number: u8) -> fn(&mut Session, &mut Input) {
    let number = usize::from(number) % all().count();
    all().nth(number).expect("it is within them").1
}

/// The byte that stands for a call.
pub fn number(name: &str) -> u8 {
    let found = all().position(|call| call.0 == name);
    u8::try_from(found.expect("there is such a call")).expect("there are few")
}
