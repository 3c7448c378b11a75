//! The settings of a handle.

use core::ffi::c_char;

use xq_sealing::envelope::Version;

use super::argument::{bytes, optional_text};
use super::error::XqError;
use super::guard::call;
use super::status::XqStatus;
use crate::config::{Config, Roots, Service};
use crate::error::Error;
use crate::platform::prelude::*;

/// The settings that handles are made with. To be used by one thread at a time.
///
/// Every setter copies what it is given, checks it, and refuses what cannot be right, leaving the setting as it was:
/// XQ_CONFIGURATION with a message that names the setting, XQ_INVALID_ARGUMENT where `config` is NULL or text is not
/// UTF-8. NULL for a text puts the default back. None of them talks to the network.
#[derive(Debug)]
pub struct XqConfig(Config);

impl XqConfig {
    pub(super) fn settings(&self) -> &Config {
        &self.0
    }
}

/// The services of XQ, for xq_config_set_service_url().
#[allow(
    clippy::enum_variant_names,
    reason = "the names become XQ_SERVICE_DASHBOARD and so on in C, which has no namespaces"
)]
#[repr(i32)]
pub enum XqService {
    /// API keys, sign-in, key packets.
    XqServiceSubscription = 0,
    /// Stored keys.
    XqServiceValidation = 1,
    /// Groups, contacts, businesses, labels, devices and certificates.
    XqServiceDashboard = 2,
    /// Entropy.
    XqServiceQuantum = 3,
}

pub(super) fn service(number: i32) -> Result<Service, Error> {
    use XqService::*;
    match number {
        n if n == XqServiceSubscription as i32 => Ok(Service::Subscription),
        n if n == XqServiceValidation as i32 => Ok(Service::Validation),
        n if n == XqServiceDashboard as i32 => Ok(Service::Dashboard),
        n if n == XqServiceQuantum as i32 => Ok(Service::Quantum),
        n => Err(Error::invalid(format!(
            "service is {n}; expected XQ_SERVICE_SUBSCRIPTION, _VALIDATION, _DASHBOARD or _QUANTUM"
        ))),
    }
}

/// How a trusted range seals its replies, for xq_config_set_envelope().
#[allow(
    clippy::enum_variant_names,
    reason = "the names become XQ_ENVELOPE_GCM and so on in C, which has no namespaces"
)]
#[repr(i32)]
pub enum XqEnvelope {
    /// Version 1, AES-256-CBC under an MD5-derived key. Not authenticated.
    XqEnvelopeCbc = 1,
    /// Version 2, AES-256-CTR under a SHA-256-derived key. Not authenticated.
    XqEnvelopeCtr = 2,
    /// Version 3, AES-256-GCM under a PBKDF2-derived key: a reply that was changed on the way does not open.
    XqEnvelopeGcm = 3,
}

fn envelope(number: i32) -> Result<Version, Error> {
    use XqEnvelope::*;
    match number {
        n if n == XqEnvelopeCbc as i32 => Ok(Version::Cbc),
        n if n == XqEnvelopeCtr as i32 => Ok(Version::Ctr),
        n if n == XqEnvelopeGcm as i32 => Ok(Version::Gcm),
        n => Err(Error::invalid(format!(
            "envelope is {n}; expected XQ_ENVELOPE_CBC, _CTR or _GCM"
        ))),
    }
}

/// Who is trusted besides the program's own root certificates, for xq_config_set_roots().
#[allow(
    clippy::enum_variant_names,
    reason = "the names become XQ_ROOTS_SYSTEM and so on in C, which has no namespaces"
)]
#[repr(i32)]
pub enum XqRoots {
    /// Mozilla's, as they were when the library was built.
    XqRootsBuiltIn = 0,
    /// The operating system's, as they are when a handle is made.
    XqRootsSystem = 1,
    /// Nobody.
    XqRootsNone = 2,
}

fn roots(number: i32) -> Result<Roots, Error> {
    use XqRoots::*;
    match number {
        n if n == XqRootsBuiltIn as i32 => Ok(Roots::BuiltIn),
        n if n == XqRootsSystem as i32 => Ok(Roots::System),
        n if n == XqRootsNone as i32 => Ok(Roots::None),
        n => Err(Error::invalid(format!(
            "roots is {n}; expected XQ_ROOTS_BUILT_IN, _SYSTEM or _NONE"
        ))),
    }
}

/// Lets `change` at the settings behind `config`.
///
/// # Safety
///
/// `config` is NULL or a configuration that no other thread uses; `error` is NULL or may be written.
pub(super) unsafe fn change(
    config: *mut XqConfig,
    error: *mut *mut XqError,
    change: impl FnOnce(&mut Config) -> Result<(), Error>,
) -> XqStatus {
    // SAFETY: the caller's promises, passed on.
    unsafe {
        call(error, || match config.as_mut() {
            Some(config) => change(&mut config.0),
            None => Err(Error::invalid("config is NULL; expected one from xq_config_new")),
        })
    }
}

/// Lets `set` take the text at `value`, or `None` for NULL.
///
/// # Safety
///
/// As for [`change`]; `value` is NULL or a NUL-terminated string.
pub(super) unsafe fn set_text(
    config: *mut XqConfig,
    (name, value): (&str, *const c_char),
    error: *mut *mut XqError,
    set: fn(&mut Config, Option<&str>) -> Result<(), Error>,
) -> XqStatus {
    // SAFETY: the caller's promises, passed on.
    unsafe { change(config, error, |config| set(config, optional_text(name, value)?)) }
}

/// A configuration with every setting at its default. The environment is not read.
///
/// @return the configuration; to be freed with xq_config_free(). Never NULL. No network.
#[unsafe(no_mangle)]
pub extern "C" fn xq_config_new() -> *mut XqConfig {
    Box::into_raw(Box::new(XqConfig(Config::default())))
}

/// Frees a configuration and wipes the keys in it. Handles made with it keep their own copy.
///
/// @param config  the configuration, which is not to be used afterwards; NULL is fine.
///
/// Never fails. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_free(config: *mut XqConfig) {
    if !config.is_null() {
        // SAFETY: made by `xq_config_new` and freed once, as the header asks.
        drop(unsafe { Box::from_raw(config) });
    }
}

/// Sets the general API key, which goes with every request, but for those to the dashboard where that has a key of its
/// own. There is no default: a handle cannot be made without one.
///
/// @param config  the configuration.
/// @param key     the key, visible ASCII; NULL for none.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CONFIGURATION: the key is empty, longer than 8,192 bytes, or holds a blank, a line break or a
///         character beyond ASCII; XQ_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_set_api_key(
    config: *mut XqConfig,
    key: *const c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { set_text(config, ("key", key), error, Config::set_api_key) }
}

/// Sets the API key for the dashboard service. By default the general key serves there too.
///
/// @param config  the configuration.
/// @param key     the key, visible ASCII; NULL for the default.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CONFIGURATION: the key is empty, longer than 8,192 bytes, or holds a blank, a line break or a
///         character beyond ASCII; XQ_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_set_dashboard_api_key(
    config: *mut XqConfig,
    key: *const c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { set_text(config, ("key", key), error, Config::set_dashboard_api_key) }
}

/// Sets the locator key, which opens the replies that a trusted range gives to a device. There is no default.
///
/// @param config  the configuration.
/// @param key     the key, one line of UTF-8 text; NULL for none.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CONFIGURATION: the key is empty or holds a control character; XQ_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_set_locator_key(
    config: *mut XqConfig,
    key: *const c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { set_text(config, ("key", key), error, Config::set_locator_key) }
}

/// Sets how a trusted range is asked to seal its replies (xq_authorize_device()). The default is XQ_ENVELOPE_GCM. The
/// others are for older private deployments that know nothing else: they are not authenticated, so that whoever can
/// change a reply on its way can make it open to anything, a token of their own included. xq_authorize_device_cert()
/// uses XQ_ENVELOPE_GCM whatever is set here.
///
/// @param config    the configuration.
/// @param envelope  one of xq_envelope_t.
/// @param error     where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: config is NULL, or there is no such envelope.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_set_envelope(
    config: *mut XqConfig,
    envelope: i32,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        change(config, error, |config| {
            config.set_envelope_version(self::envelope(envelope)?);
            Ok(())
        })
    }
}

/// Sets where the services are: each at https://SERVICE.BASE, where SERVICE is subscription, validation, dashboard or
/// quantum. The default is "xqmsg.net/v2/".
///
/// @param config  the configuration.
/// @param base    host, port if need be, and path, without a scheme, such as "xq.example.com/v2/"; NULL for the
///                default.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CONFIGURATION: no address comes of it; XQ_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_set_base_uri(
    config: *mut XqConfig,
    base: *const c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { set_text(config, ("base", base), error, Config::set_base_uri) }
}

/// Sets the address of one service on its own, for private deployments and the emulator. By default it follows from
/// the base address.
///
/// @param config   the configuration.
/// @param service  one of xq_service_t.
/// @param url      the whole address, such as "https://subscription.xq.example.com/v2"; NULL for the default. http://
///                 is for this machine only (localhost and names under it, 127.x.x.x, [::1]), which xq_api_new()
///                 checks; see xq_config_set_allow_plain_http().
/// @param error    where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CONFIGURATION: the address does not parse, has neither http:// nor https:// in front, or holds a
///         user name, a query or a fragment; XQ_INVALID_ARGUMENT: also a service that there is not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_set_service_url(
    config: *mut XqConfig,
    service: i32,
    url: *const c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        change(config, error, |config| {
            config.set_service_url(self::service(service)?, optional_text("url", url)?)
        })
    }
}

/// Lets http:// addresses name other machines than this one. Everybody on the way can then read and change what is
/// sent, API keys, tokens and packet keys included. The default is 0.
///
/// @param config  the configuration.
/// @param allow   0 for no, anything else for yes.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: config is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_set_allow_plain_http(
    config: *mut XqConfig,
    allow: i32,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        change(config, error, |config| {
            config.set_allow_plain_http(allow != 0);
            Ok(())
        })
    }
}

/// Sets how long a call may take to get a connection: that long for the look-up of the name, where one is needed, and
/// that long for TCP and TLS together, whichever of the host's addresses answers. The default is 10,000 ms. The limit of
/// the whole call holds besides.
///
/// @param config        the configuration.
/// @param milliseconds  1 or more.
/// @param error         where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CONFIGURATION: it is 0; XQ_INVALID_ARGUMENT: config is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_set_connect_timeout_ms(
    config: *mut XqConfig,
    milliseconds: u32,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { change(config, error, |config| config.set_connect_timeout_ms(milliseconds)) }
}

/// Sets how long a call may take, from the first name look-up to the last byte of the last reply: all its requests
/// together. The default is 30,000 ms. For one call alone: xq_api_derive().
///
/// @param config        the configuration.
/// @param milliseconds  1 or more.
/// @param error         where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CONFIGURATION: it is 0; XQ_INVALID_ARGUMENT: config is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_set_timeout_ms(
    config: *mut XqConfig,
    milliseconds: u32,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { change(config, error, |config| config.set_timeout_ms(milliseconds)) }
}

/// Sets the largest reply that is accepted; a larger one fails with XQ_PROTOCOL. The default is 16,777,216 bytes (16,384 on
/// a board without an operating system), which
/// is room for the locator tokens of 80,000 keys.
///
/// @param config  the configuration.
/// @param bytes   1 or more, not counting the reply's head, which is limited to 16,384 bytes.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CONFIGURATION: it is 0; XQ_INVALID_ARGUMENT: config is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_set_max_reply_bytes(
    config: *mut XqConfig,
    bytes: usize,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { change(config, error, |config| config.set_max_reply_bytes(bytes)) }
}

/// Sets whose root certificates are trusted besides the program's own (xq_config_set_ca_file(),
/// xq_config_set_ca_memory()). The default is XQ_ROOTS_BUILT_IN. With XQ_ROOTS_SYSTEM, xq_api_new() reads those of the
/// operating system (some milliseconds), where the environment's SSL_CERT_FILE and SSL_CERT_DIR say if they are set; what
/// it cannot read or use of them is left out. A device that talks to one deployment, whose root it has, is best served
/// by XQ_ROOTS_NONE. Where settings come from the environment too, XQ_CA_FILE there adds a root;
/// xq_config_set_ca_file() with NULL, called after xq_config_read_environment(), takes it back.
///
/// @param config  the configuration.
/// @param roots   one of xq_roots_t.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: config is NULL, or there is no such choice. xq_api_new() is XQ_CONFIGURATION where
///         XQ_ROOTS_SYSTEM finds no certificate (the message says what could not be read), and where XQ_ROOTS_NONE meets
///         none of the program's own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_set_roots(config: *mut XqConfig, roots: i32, error: *mut *mut XqError) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        change(config, error, |config| {
            config.set_roots(self::roots(roots)?);
            Ok(())
        })
    }
}

/// Sets root certificates of the program's own that it has in memory, compiled in for example. They are trusted besides
/// those of xq_config_set_roots() and of xq_config_set_ca_file(): neither function replaces what the other has set.
/// Whether they parse is found by xq_api_new().
///
/// @param config  the configuration.
/// @param pem     PEM of one or more certificates, with any bytes between them; NULL for none.
/// @param length  how many bytes that are, at most 1 MiB; 0 where pem is NULL.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CONFIGURATION: there are no bytes, blanks only, or too many; XQ_INVALID_ARGUMENT: config is NULL, or
///         pem is NULL and length is not 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_set_ca_memory(
    config: *mut XqConfig,
    pem: *const u8,
    length: usize,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        change(config, error, |config| {
            let given = bytes("pem", pem, length)?;
            config.set_ca_memory((!pem.is_null()).then_some(given))
        })
    }
}

/// Sets an HTTP proxy, through which every connection to another machine is then made (CONNECT). By default there is
/// none, whatever the environment says.
///
/// @param config  the configuration.
/// @param url     http://, a user name and password if need be, host and port (80 where there is none), such as
///                "http://name:password@proxy.example.com:3128"; NULL for none.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CONFIGURATION: it does not parse (the message does not quote it); XQ_INVALID_ARGUMENT. A proxy
///         that does not accept the name and the password makes the calls of a handle fail with XQ_CONFIGURATION, and
///         so does one that asks for another sign-in than Basic (the message names the schemes that it offers, such as
///         Negotiate); one that opens no tunnel, with XQ_NETWORK.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_set_proxy(
    config: *mut XqConfig,
    url: *const c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { set_text(config, ("url", url), error, Config::set_proxy) }
}

/// Sets what follows "libxq/VERSION " in the user-agent header, so that the service can tell your program. The default
/// is nothing.
///
/// @param config  the configuration.
/// @param suffix  printable ASCII, such as "my-sensor/2.1"; NULL for none.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_CONFIGURATION: it is longer than 8,192 bytes, or holds a control character or a character beyond
///         ASCII; XQ_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_set_user_agent_suffix(
    config: *mut XqConfig,
    suffix: *const c_char,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe { set_text(config, ("suffix", suffix), error, Config::set_user_agent_suffix) }
}
