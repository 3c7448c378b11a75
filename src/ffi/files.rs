//! What comes from a file or from the environment, where there are such.

use core::ffi::c_char;

use super::api::{XqApi, operation};
use super::argument::{optional_text, text};
use super::config::{XqConfig, change, set_text};
use super::devices::call_authorized;
use super::error::XqError;
use super::guard::call_text;
use super::status::XqStatus;
use crate::config::Config;
use crate::file;
use crate::subscription::devices::{Certificate, DEFAULT_DEVICE};

/// Takes settings over from the environment, as other XQ programs name them. A variable that is unset or empty changes
/// nothing. This is the only function that takes anything from the environment; no other thread may change it meanwhile.
///
/// - XQ_API_KEY: the general API key, which every handle must have (xq_config_set_api_key())
/// - XQ_DASHBOARD_API_KEY: the API key for the dashboard, where that is not the general one
///   (xq_config_set_dashboard_api_key())
/// - XQ_LOCATOR_KEY: what opens the replies of a trusted range (xq_config_set_locator_key())
/// - XQ_BASE_URI: the services are at https://SERVICE.BASE; xqmsg.net/v2/ by default (xq_config_set_base_uri())
/// - XQ_SUBSCRIPTION_URL, XQ_VALIDATION_URL, XQ_DASHBOARD_URL, XQ_QUANTUM_URL: one service's address on its own
///   (xq_config_set_service_url())
/// - XQ_CA_FILE: a PEM file of extra root certificates (xq_config_set_ca_file())
///
/// @param config  the configuration.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CONFIGURATION or XQ_FILE: a value cannot be right, and the message names the variable (nothing has
///         been taken over then); XQ_INVALID_ARGUMENT: config is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_read_environment(config: *mut XqConfig, error: *mut *mut XqError) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { change(config, error, Config::read_environment) }
}

/// Sets root certificates of the program's own, for private deployments and the emulator. They are trusted besides those
/// of xq_config_set_roots() and of xq_config_set_ca_memory(). The file is read now; whether its certificates parse is
/// found by xq_api_new().
///
/// @param config  the configuration.
/// @param path    a PEM file of one or more certificates, at most 1 MiB, with any bytes between them, such as comments in
///                Latin-1; NULL for none.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_FILE: it cannot be read, is a directory, a pipe or a device, empty or blank, or too large;
///         XQ_CONFIGURATION: the path is empty; XQ_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_set_ca_file(
    config: *mut XqConfig,
    path: *const c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { set_text(config, ("path", path), error, Config::set_ca_file) }
}

/// Signs in as the device that holds a certificate (GET time, POST authorize/certificate/ID), from its three files. The
/// handle then holds the access token. The request and the reply are sealed with the transport key (AES-256-GCM); the
/// token in the reply is encrypted to the private key.
///
/// @param api               the handle.
/// @param certificate_id    the certificate's id, 1 or more.
/// @param certificate_path  the file client.crt.
/// @param transport_path    the file transport.key.
/// @param private_path      the file client.key: an RSA key of 2048 to 4096 bits in PKCS#1 or PKCS#8, not encrypted: in
///                          PEM, in base64 of DER, or in DER itself (the bytes). The other two files are text. Each
///                          has at most 1 MiB; in text, a byte-order mark, Windows line ends and blanks around it do
///                          no harm.
/// @param device            the device's name, 1 to 48 characters (not bytes); NULL for "Device".
/// @param announce          0 does not announce the device to the dashboard; anything else does (POST
///                          trusted/announce).
/// @param out               where to put the access token, to be freed with xq_string_free(); or NULL.
/// @param error             where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_FILE: a file is missing, unreadable, a directory, a pipe or a device, empty or blank, too large
///         or, but for the private key, not text (the message names which of the three, its path and the reason);
///         XQ_CRYPTO: the private key cannot be used (where it is an EC, Ed25519 or DSA key, or encrypted, the message
///         says so) or is not the one of the certificate, or the transport key does not open the reply; XQ_REJECTED:
///         the service refused: the id is unknown, the certificate is disabled or not the one of this id, or the
///         request does not open with the transport key that belongs to it; XQ_UNAUTHORIZED: the API key is not valid;
///         XQ_INVALID_ARGUMENT: any pointer other than device, out and error is NULL, a path is empty, a text is not
///         UTF-8, the id is below 1, the name is not as above; XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL
///         as in their definition. Uses the network, two or three times. Before that, the files are read and the
///         private key is parsed; whether it belongs to the certificate shows only in the end.
///
/// Where only the announcement failed, it is as for xq_authorize_device(): *out is the token all the same.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_authorize_device_cert(
    api: *mut XqApi,
    certificate_id: i64,
    certificate_path: *const c_char,
    transport_path: *const c_char,
    private_path: *const c_char,
    device: *const c_char,
    announce: i32,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_authorized(out, error, || {
            let api = operation(api, "xq_authorize_device_cert")?;
            let device = optional_text("device", device)?.unwrap_or(DEFAULT_DEVICE);
            let certificate = Certificate::load(
                text("certificate_path", certificate_path)?,
                text("transport_path", transport_path)?,
                text("private_path", private_path)?,
            )?;
            api.authorize_device_cert(certificate_id, &certificate, device, announce != 0)
        })
    }
}

/// Reads a text file, such as a key or a certificate in PEM (not in DER, which is no text).
///
/// @param path   the file's path.
/// @param out    where to put its text as it stands, without a byte-order mark but with the line break at its end, to
///               be freed with xq_string_free(), which wipes it; or NULL. The certificate functions take such a text;
///               an API key or a token is to be cut at its line break first: text[strcspn(text, "\r\n")] = 0.
/// @param error  where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_FILE: it is missing, unreadable, a directory, a pipe or a device, empty or blank, larger than 1
///         MiB, or not UTF-8 text (the message names the path and the reason, never the content); XQ_INVALID_ARGUMENT:
///         path is NULL, empty or not UTF-8. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_load_file_content(
    path: *const c_char,
    out: *mut *mut c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { call_text(out, error, || file::load(text("path", path)?)) }
}
