//! The settings of a handle: checked one by one when they are set, together when the handle is made.

use core::time::Duration;

use percent_encoding::percent_decode_str;
use xq_sealing::envelope::Version;

use crate::address::{Address, is_loopback};
use crate::content::content;
use crate::error::Error;
use crate::exchange::{Limits, Performer};
use crate::platform;
use crate::platform::prelude::*;
use crate::secret::{Secret, SecretBytes};

/// The four services of XQ, each at an address of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// API keys, sign-in, key packets.
    Subscription,
    /// Stored keys.
    Validation,
    /// Devices and certificates.
    Dashboard,
    /// Entropy.
    Quantum,
}

impl Service {
    pub(crate) const ALL: [Service; 4] = [
        Service::Subscription,
        Service::Validation,
        Service::Dashboard,
        Service::Quantum,
    ];

    /// The name in `https://{name}.xqmsg.net/v2`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Service::Subscription => "subscription",
            Service::Validation => "validation",
            Service::Dashboard => "dashboard",
            Service::Quantum => "quantum",
        }
    }

    #[cfg(feature = "std")]
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Service::Subscription => "XQ_SUBSCRIPTION_URL",
            Service::Validation => "XQ_VALIDATION_URL",
            Service::Dashboard => "XQ_DASHBOARD_URL",
            Service::Quantum => "XQ_QUANTUM_URL",
        }
    }
}

/// Who is trusted besides the root certificates that the program gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roots {
    /// Mozilla's, as they were when the library was built.
    BuiltIn,
    /// The operating system's, as they are when a handle is made.
    System,
    /// Nobody.
    None,
}

/// Where the public XQ services are: `https://{service}.` goes before it.
pub const DEFAULT_BASE_URI: &str = "xqmsg.net/v2/";
/// Time for the look-up of a name, and again for TCP and TLS together, unless set otherwise.
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Time for a whole call unless set otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);
/// The largest reply accepted unless set otherwise, in bytes.
pub const DEFAULT_MAX_REPLY_BYTES: usize = platform::LARGEST_REPLY;

/// Every setting of a handle. `Debug` redacts the keys.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) api_key: Option<Secret>,
    pub(crate) dashboard_api_key: Option<Secret>,
    pub(crate) locator_key: Option<Secret>,
    pub(crate) envelope_version: Version,
    base_uri: String,
    service_urls: [Option<String>; 4],
    allow_plain_http: bool,
    pub(crate) limits: Limits,
    pub(crate) roots: Roots,
    /// PEM of the program's own root certificates; what stands around them may be in any encoding.
    pub(crate) ca_file: Option<SecretBytes>,
    /// The same from memory. Both count.
    pub(crate) ca_memory: Option<SecretBytes>,
    pub(crate) proxy: Option<Proxy>,
    user_agent_suffix: Option<String>,
    /// Performs exchanges in place of the library's own sockets.
    pub(crate) performer: Option<Performer>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            api_key: None,
            dashboard_api_key: None,
            locator_key: None,
            envelope_version: Version::Gcm,
            base_uri: DEFAULT_BASE_URI.to_owned(),
            service_urls: [const { None }; 4],
            allow_plain_http: false,
            limits: Limits {
                connect_timeout: DEFAULT_CONNECT_TIMEOUT,
                timeout: DEFAULT_TIMEOUT,
                max_reply_bytes: DEFAULT_MAX_REPLY_BYTES,
            },
            roots: Roots::BuiltIn,
            ca_file: None,
            ca_memory: None,
            proxy: None,
            user_agent_suffix: None,
            performer: None,
        }
    }
}

/// Each setter takes `None` for the default and refuses with [`Kind::Configuration`](crate::Kind) a value that
/// cannot be right, leaving the setting as it was.
impl Config {
    /// The general API key, sent with every request.
    pub fn set_api_key(&mut self, key: Option<&str>) -> Result<(), Error> {
        self.api_key = header_secret("the API key", key)?;
        Ok(())
    }

    /// The API key for the dashboard, where it is another than the general one.
    pub fn set_dashboard_api_key(&mut self, key: Option<&str>) -> Result<(), Error> {
        self.dashboard_api_key = header_secret("the dashboard API key", key)?;
        Ok(())
    }

    /// The key that opens the replies of a trusted range.
    pub fn set_locator_key(&mut self, key: Option<&str>) -> Result<(), Error> {
        if let Some(key) = key
            && (key.is_empty() || key.contains(char::is_control))
        {
            return Err(Error::configuration(
                "the locator key is empty or holds a line break or another control character; expected one line of text",
            ));
        }
        self.locator_key = key.map(Secret::from);
        Ok(())
    }

    /// How a trusted range seals its replies. [`Version::Gcm`] alone is authenticated.
    pub fn set_envelope_version(&mut self, version: Version) {
        self.envelope_version = version;
    }

    /// What follows `https://{service}.`, such as `xqmsg.net/v2/`.
    pub fn set_base_uri(&mut self, base: Option<&str>) -> Result<(), Error> {
        let base = base.unwrap_or(DEFAULT_BASE_URI);
        let is_host = base.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !is_host || check_address("", &format!("https://subscription.{base}")).is_err() {
            return Err(Error::configuration(format!(
                "the base address does not parse; expected a host and a path without a scheme, such as {DEFAULT_BASE_URI}"
            )));
        }
        self.base_uri = base.to_owned();
        Ok(())
    }

    /// One service's whole address, such as `https://subscription.xq.example.com/v2`.
    pub fn set_service_url(&mut self, service: Service, url: Option<&str>) -> Result<(), Error> {
        let what = format!("the address of the {} service", service.name());
        let checked = url.map(|url| {
            let scheme = check_address(&what, url)?.scheme;
            // Small letters, which whoever looks at it expects.
            Ok::<_, Error>(scheme.to_ascii_lowercase() + &url[scheme.len()..])
        });
        self.service_urls[service as usize] = checked.transpose()?;
        Ok(())
    }

    /// Whether `http://` may go to hosts other than this machine, where every secret can be read on the way.
    pub fn set_allow_plain_http(&mut self, allow: bool) {
        self.allow_plain_http = allow;
    }

    /// Milliseconds for the look-up of a name, and again for TCP and TLS together.
    pub fn set_connect_timeout_ms(&mut self, milliseconds: u32) -> Result<(), Error> {
        self.limits.connect_timeout = time_limit("the connect time limit", milliseconds)?;
        Ok(())
    }

    /// Milliseconds for a whole call, with all its requests.
    pub fn set_timeout_ms(&mut self, milliseconds: u32) -> Result<(), Error> {
        self.limits.timeout = time_limit("the time limit", milliseconds)?;
        Ok(())
    }

    /// The largest reply accepted, in bytes.
    pub fn set_max_reply_bytes(&mut self, bytes: usize) -> Result<(), Error> {
        if bytes == 0 {
            return Err(Error::configuration("the largest reply is 0 bytes; expected 1 or more"));
        }
        self.limits.max_reply_bytes = bytes;
        Ok(())
    }

    /// Who is trusted besides the root certificates of [`Config::set_ca_file`] and [`Config::set_ca_memory`].
    pub fn set_roots(&mut self, roots: Roots) {
        self.roots = roots;
    }

    /// PEM of root certificates to trust besides those of [`Config::set_roots`] and of [`Config::set_ca_file`].
    pub fn set_ca_memory(&mut self, pem: Option<&[u8]>) -> Result<(), Error> {
        let taken = pem.map(content).transpose().map_err(|why| {
            Error::configuration(format!(
                "the PEM of root certificates {why}; expected BEGIN CERTIFICATE lines"
            ))
        })?;
        self.ca_memory = taken;
        Ok(())
    }

    /// Whether something is set that says whom to trust.
    pub(crate) fn has_roots(&self) -> bool {
        self.roots != Roots::BuiltIn || self.ca_file.is_some() || self.ca_memory.is_some()
    }

    /// The HTTP proxy that calls to other machines go through, such as `http://proxy.example.com:3128`.
    pub fn set_proxy(&mut self, url: Option<&str>) -> Result<(), Error> {
        self.proxy = url.map(Proxy::parse).transpose()?;
        Ok(())
    }

    /// Text to follow `libxq/VERSION` in the `user-agent` header.
    pub fn set_user_agent_suffix(&mut self, suffix: Option<&str>) -> Result<(), Error> {
        let fits =
            |text: &str| text.len() <= MAX_HEADER_VALUE && text.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
        if suffix.is_some_and(|text| !fits(text)) {
            return Err(Error::configuration(format!(
                "the user agent suffix holds a line break or a character beyond ASCII, or is longer than \
                 {MAX_HEADER_VALUE} bytes; expected printable ASCII"
            )));
        }
        self.user_agent_suffix = suffix.map(str::to_owned);
        Ok(())
    }

    /// The program's own way to perform an exchange; `None` for the library's own sockets.
    pub(crate) fn set_performer(&mut self, performer: Option<Performer>) {
        self.performer = performer;
    }

    /// The `user-agent` of every request.
    pub(crate) fn user_agent(&self) -> String {
        let mut text = concat!("libxq/", env!("CARGO_PKG_VERSION")).to_owned();
        if let Some(suffix) = &self.user_agent_suffix {
            text.push(' ');
            text.push_str(suffix);
        }
        text
    }

    /// The address that the paths of `service` are added to, without a slash at its end.
    ///
    /// # Errors
    ///
    /// [`Kind::Configuration`](crate::Kind) where it is plain HTTP to another machine and that was not allowed.
    pub(crate) fn service_url(&self, service: Service) -> Result<String, Error> {
        let url = match &self.service_urls[service as usize] {
            Some(url) => url.clone(),
            None => format!("https://{}.{}", service.name(), self.base_uri),
        };
        let Address { scheme, host, .. } = Address::parse(&url).ok_or_else(|| {
            Error::configuration(format!("the address of the {} service does not parse", service.name()))
        })?;
        if scheme == "http" && !self.allow_plain_http && !is_loopback(host) {
            return Err(Error::configuration(format!(
                "the address of the {} service is plain HTTP to {host}, where keys and tokens can be read on the way; \
                 expected https://, or permission from xq_config_set_allow_plain_http",
                service.name()
            )));
        }
        Ok(url.trim_end_matches('/').to_owned())
    }
}

/// A proxy that tunnels connections (CONNECT).
#[cfg_attr(
    not(feature = "sockets"),
    allow(dead_code, reason = "without sockets it is checked and refused, never used")
)]
#[derive(Clone, Debug)]
pub(crate) struct Proxy {
    pub host: String,
    pub port: u16,
    /// `name:password`, where there is one.
    pub credentials: Option<Secret>,
}

impl Proxy {
    fn parse(url: &str) -> Result<Self, Error> {
        // The address is not quoted: it may hold a password.
        let wrong = || {
            Error::configuration(
                "the proxy address does not parse; expected http://, a name and a password if need be, a host and a \
                 port, such as http://proxy.example.com:3128",
            )
        };
        let rest = url.strip_prefix("http://").ok_or_else(wrong)?;
        let (credentials, address) = match rest.split_once('@') {
            Some((credentials, address)) => (Some(credentials), address),
            None => (None, rest),
        };
        let address = format!("http://{address}");
        let address = check_address("the proxy address", &address).map_err(|_| wrong())?;
        if !matches!(address.path, "" | "/") {
            return Err(wrong());
        }
        let credentials = match credentials {
            None => None,
            Some(text) if text.is_empty() || text.starts_with(':') => return Err(wrong()),
            Some(text) => {
                let decoded = percent_decode_str(text).decode_utf8().map_err(|_| wrong())?;
                // A name without a password has an empty one (RFC 7617).
                let colon = if text.contains(':') { "" } else { ":" };
                Some(Secret::from([&*decoded, colon].concat()))
            }
        };
        Ok(Proxy {
            host: address.host.to_owned(),
            port: address.port_or(80).ok_or_else(wrong)?,
            credentials,
        })
    }
}

/// `url` taken apart, where it can be the address of a service.
fn check_address<'a>(what: &str, url: &'a str) -> Result<Address<'a>, Error> {
    let wrong = |why: &str| {
        Error::configuration(format!(
            "{what} {why}; expected https://, a host and a path, such as https://xq.example.com/v2"
        ))
    };
    // In letters of either case (RFC 3986).
    let is_http = |scheme: &str| ["http", "https"].iter().any(|one| scheme.eq_ignore_ascii_case(one));
    if !url.split_once("://").is_some_and(|(scheme, _)| is_http(scheme)) {
        return Err(wrong("has no http:// or https:// in front"));
    }
    let address = Address::parse(url).ok_or_else(|| wrong("does not parse"))?;
    if address.has_user {
        return Err(wrong("holds a user name"));
    }
    if !address.names_host() {
        return Err(wrong("names no host"));
    }
    if address.port_or(0).is_none() {
        return Err(wrong("has a port that is not between 1 and 65535"));
    }
    if address.has_query {
        return Err(wrong("holds a query or a fragment"));
    }
    if address.path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err(wrong("has a path with . or .."));
    }
    Ok(address)
}

/// The longest key or token, in bytes: what servers commonly take in one header.
pub(crate) const MAX_HEADER_VALUE: usize = 8 * 1024;

/// Whether `text` may travel in a header: anything but visible ASCII could end the header and begin another.
pub(crate) fn header_value(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_HEADER_VALUE && text.bytes().all(|b| b.is_ascii_graphic())
}

fn header_secret(what: &str, value: Option<&str>) -> Result<Option<Secret>, Error> {
    match value {
        Some(text) if !header_value(text) => Err(Error::configuration(format!(
            "{what} is empty, longer than {MAX_HEADER_VALUE} bytes, or holds a blank, a line break or a character beyond \
             ASCII; expected visible ASCII only"
        ))),
        _ => Ok(value.map(Secret::from)),
    }
}

fn time_limit(what: &str, milliseconds: u32) -> Result<Duration, Error> {
    if milliseconds == 0 {
        return Err(Error::configuration(format!("{what} is 0 ms; expected 1 or more")));
    }
    Ok(Duration::from_millis(milliseconds.into()))
}
