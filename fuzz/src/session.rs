//! A configuration, a handle and the service at its other end, with what must stay as it is from call to call.

use std::ffi::{CStr, c_char, c_void};
use std::ptr;

use xq::envelope::Version;

use crate::c;
use crate::input::{Input, Text};
use crate::places::{Outcome, Places};
use crate::scratch::Scratch;
use crate::service::{Given, Replies, Service, logger, transport};

const NAMES: [&str; 4] = ["subscription", "validation", "dashboard", "quantum"];

/// What a handle is first made with, and what must show in no error.
pub const SECRETS: [&CStr; 5] = [
    c"general-key-of-the-program",
    c"dashboard-key-of-the-program",
    c"locator-key-of-the-program",
    c"token-that-is-held",
    c"dashboard-token-of-one-signed-in",
];

/// A configuration and a handle made with it.
pub struct Session {
    pub(crate) config: *mut c::Config,
    pub(crate) api: *mut c::Api,
    service: *mut Service,
    pub(crate) settings: Settings,
    /// The tokens that the handle holds.
    pub(crate) held: Tokens,
    pub(crate) scratch: Scratch,
    /// What the last call said; empty where it succeeded, or nobody asked.
    pub last_message: String,
}

/// The tokens of a handle.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tokens {
    pub(crate) access: Option<String>,
    pub(crate) dashboard: Option<String>,
}

/// What a handle made now would get.
pub(crate) struct Settings {
    pub(crate) base: String,
    pub(crate) urls: [Option<String>; 4],
    pub(crate) locator_key: String,
    pub(crate) version: Version,
    pub(crate) has_transport: bool,
}

impl Session {
    /// A handle with keys and a token, whose requests get these replies.
    pub fn new(replies: Replies) -> Self {
        let service = Service {
            addresses: [const { String::new() }; 4],
            locator_key: String::new(),
            version: Version::Gcm,
            transport_key: String::new(),
            given: Given::default(),
            replies,
            has_spoken: false,
            secrets: Vec::new(),
        };
        let mut session = Session {
            // SAFETY: asks for nothing.
            config: unsafe { c::xq_config_new() },
            api: ptr::null_mut(),
            service: Box::into_raw(Box::new(service)),
            settings: Settings {
                base: "xqmsg.net/v2/".to_owned(),
                urls: [const { None }; 4],
                locator_key: text(SECRETS[2]),
                version: Version::Gcm,
                has_transport: true,
            },
            held: Tokens::default(),
            scratch: Scratch::default(),
            last_message: String::new(),
        };
        let none = ptr::null_mut();
        // SAFETY: the configuration is alive, and each text a C string.
        unsafe {
            c::xq_config_set_api_key(session.config, SECRETS[0].as_ptr(), none);
            c::xq_config_set_dashboard_api_key(session.config, SECRETS[1].as_ptr(), none);
            c::xq_config_set_locator_key(session.config, SECRETS[2].as_ptr(), none);
        }
        session.set_transport(true, none);
        session.open(Places::new(&mut Input::new(&[])));
        assert!(!session.api.is_null());
        // SAFETY: the handle is alive, and each text a C string.
        unsafe {
            c::xq_set_access_token(session.api, SECRETS[3].as_ptr(), none);
            c::xq_set_dashboard_token(session.api, SECRETS[4].as_ptr(), none);
        }
        session.held = session.tokens_held();
        session
    }

    /// From now on, none of [`SECRETS`] and none of `more` may stand in a message or in the log, which is kept.
    pub fn guard(&mut self, more: &[&str]) {
        let secrets = SECRETS.iter().map(|secret| text(secret));
        let more = more.iter().map(|secret| (*secret).to_owned());
        self.service().secrets = secrets.chain(more).collect();
        let status = self.set_logger(self.api, true, ptr::null_mut());
        assert_eq!(status, c::OK);
    }

    pub(crate) fn set_logger(&self, api: *mut c::Api, is_set: bool, error: *mut *mut c::Error) -> i32 {
        let function = is_set.then_some(logger as c::Logger);
        // SAFETY: NULL or alive; the service lives longer than any handle.
        unsafe { c::xq_set_logger(api, function, self.service.cast::<c_void>(), error) }
    }

    pub(crate) fn set_transport(&mut self, is_set: bool, error: *mut *mut c::Error) -> i32 {
        self.settings.has_transport = is_set;
        let function = is_set.then_some(transport as c::Transport);
        // SAFETY: the service lives as long as the session, which is longer than any handle.
        unsafe { c::xq_config_set_transport(self.config, function, self.service.cast::<c_void>(), error) }
    }

    /// Puts a handle made with the settings of now in place of the one there is, unless it would open sockets.
    pub(crate) fn open(&mut self, mut places: Places<c::Api>) {
        let config = if places.is_null { ptr::null_mut() } else { self.config };
        // SAFETY: NULL or alive; the places are the caller's.
        let status = unsafe { c::xq_api_new(config, places.out(), places.error()) };
        let outcome = places.after(status, false);
        if outcome.out.is_null() {
            return;
        }
        let unused = if self.settings.has_transport {
            std::mem::replace(&mut self.api, outcome.out)
        } else {
            outcome.out
        };
        // SAFETY: NULL, or a handle that is freed once.
        unsafe { c::xq_api_free(unused) };
        if self.settings.has_transport {
            self.held = Tokens::default();
            let (addresses, settings) = (self.settings.addresses(), &self.settings);
            let (locator_key, version) = (settings.locator_key.clone(), settings.version);
            let service = self.service();
            service.addresses = addresses;
            service.locator_key = locator_key;
            service.version = version;
        }
    }

    /// Puts a handle in the place of the one there is, which is freed.
    pub(crate) fn replace_api(&mut self, api: *mut c::Api) {
        let before = std::mem::replace(&mut self.api, api);
        // SAFETY: a handle that is freed once.
        unsafe { c::xq_api_free(before) };
    }

    /// The service, between calls.
    pub(crate) fn service(&mut self) -> &mut Service {
        // SAFETY: alive until the session is dropped, and used by nobody else but during a call.
        unsafe { &mut *self.service }
    }

    pub(crate) fn api<T>(&self, places: &Places<T>) -> *mut c::Api {
        if places.is_null { ptr::null_mut() } else { self.api }
    }

    pub(crate) fn config<T>(&self, places: &Places<T>) -> *mut c::Config {
        if places.is_null { ptr::null_mut() } else { self.config }
    }

    /// What must hold after every call with these texts.
    pub(crate) fn check<T>(&mut self, outcome: &Outcome<T>, texts: &[&Text]) {
        let broken = texts.iter().any(|text| text.is_broken());
        assert!(
            !broken || outcome.status == c::INVALID_ARGUMENT,
            "not UTF-8, but {}",
            outcome.status
        );
        self.last_message.clone_from(&outcome.message);
        self.service().given = Given::default();
        self.service().check_words(&outcome.message);
        self.service().has_spoken = false;
    }

    /// The same for a call that gives a token, which the handle then holds; otherwise it keeps the one it held.
    pub(crate) fn check_token(&mut self, outcome: Outcome<c_char>, texts: &[&Text]) {
        self.check_one_token(outcome, texts, |tokens| &mut tokens.access);
    }

    /// The same for one that gives a dashboard token.
    pub(crate) fn check_dashboard_token(&mut self, outcome: Outcome<c_char>, texts: &[&Text]) {
        self.check_one_token(outcome, texts, |tokens| &mut tokens.dashboard);
    }

    fn check_one_token(
        &mut self,
        outcome: Outcome<c_char>,
        texts: &[&Text],
        side: fn(&mut Tokens) -> &mut Option<String>,
    ) {
        self.check(&outcome, texts);
        let (status, asked) = (outcome.status, outcome.asked);
        let given = outcome.text();
        let (mut now, before) = (self.tokens_held(), self.held.clone());
        self.held = now.clone();
        let mut expected = before;
        match given {
            Some(token) => *side(&mut expected) = Some(token),
            None if asked => assert_ne!(status, c::OK),
            None => {
                assert!(status != c::OK || side(&mut now).is_some());
                // A device may be authorized and not announced, which only its result tells.
                side(&mut expected).clone_from(side(&mut now));
            }
        }
        assert_eq!(now, expected);
    }

    /// The tokens that the handle says it holds.
    pub(crate) fn tokens_held(&self) -> Tokens {
        Tokens {
            access: self.token_from(c::xq_get_access_token),
            dashboard: self.token_from(c::xq_get_dashboard_token),
        }
    }

    fn token_from(&self, get: c::GetText) -> Option<String> {
        let mut places: Places<c_char> = Places::new(&mut Input::new(&[]));
        // SAFETY: the handle is alive, the places are local.
        let status = unsafe { get(self.api, places.out(), places.error()) };
        places.after(status, false).text()
    }
}

impl Settings {
    fn addresses(&self) -> [String; 4] {
        let mut addresses = NAMES.map(|name| format!("https://{name}.{}", self.base));
        for (address, url) in addresses.iter_mut().zip(&self.urls) {
            *address = url.as_ref().unwrap_or(address).trim_end_matches('/').to_owned();
        }
        addresses
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: each was made by this session and is freed once, the service after the handle.
        unsafe {
            c::xq_api_free(self.api);
            c::xq_config_free(self.config);
            drop(Box::from_raw(self.service));
        }
    }
}

fn text(secret: &CStr) -> String {
    secret.to_str().expect("UTF-8").to_owned()
}
