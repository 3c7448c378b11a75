//! The configuration, handles made with it, and what is asked of the library itself.

use std::{env, ptr};

use xq::envelope::Version;

use crate::c;
use crate::input::Input;
use crate::places::{Places, owned};
use crate::session::Session;

/// Sets a text, and says whether it was taken and what it is.
pub(super) fn set_text(s: &mut Session, i: &mut Input, set: c::SetText) -> Option<Option<String>> {
    let mut p = Places::<()>::new(i);
    let value = i.text();
    // SAFETY: every pointer is as the header asks, as in all calls below.
    let status = unsafe { set(s.config(&p), value.pointer(), p.error()) };
    s.check(&p.without_out(status), &[&value]);
    (status == c::OK).then(|| value.get().map(str::to_owned))
}

pub(super) fn config_set_api_key(s: &mut Session, i: &mut Input) {
    set_text(s, i, c::xq_config_set_api_key);
}

pub(super) fn config_set_dashboard_api_key(s: &mut Session, i: &mut Input) {
    set_text(s, i, c::xq_config_set_dashboard_api_key);
}

pub(super) fn config_set_locator_key(s: &mut Session, i: &mut Input) {
    if let Some(key) = set_text(s, i, c::xq_config_set_locator_key) {
        s.settings.locator_key = key.unwrap_or_default();
    }
}

pub(super) fn config_set_envelope(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let envelope = i.int32();
    // SAFETY: as above.
    let status = unsafe { c::xq_config_set_envelope(s.config(&p), envelope, p.error()) };
    s.check(&p.without_out(status), &[]);
    if status == c::OK {
        s.settings.version = match envelope {
            1 => Version::Cbc,
            2 => Version::Ctr,
            3 => Version::Gcm,
            other => panic!("envelope {other} was taken"),
        };
    }
}

pub(super) fn config_set_base_uri(s: &mut Session, i: &mut Input) {
    if let Some(base) = set_text(s, i, c::xq_config_set_base_uri) {
        s.settings.base = base.unwrap_or_else(|| "xqmsg.net/v2/".to_owned());
    }
}

pub(super) fn config_set_service_url(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let (service, url) = (i.int32(), i.text());
    // SAFETY: as above.
    let status = unsafe { c::xq_config_set_service_url(s.config(&p), service, url.pointer(), p.error()) };
    s.check(&p.without_out(status), &[&url]);
    if status == c::OK {
        s.settings.urls[usize::try_from(service).expect("it was taken")] = url.get().map(str::to_owned);
    }
}

pub(super) fn config_set_numbers(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let (which, number) = (i.byte(), i.integer());
    let (config, error) = (s.config(&p), p.error());
    // SAFETY: as above.
    let status = unsafe {
        match which % 4 {
            0 => c::xq_config_set_allow_plain_http(config, number as i32, error),
            1 => c::xq_config_set_connect_timeout_ms(config, number as u32, error),
            2 => c::xq_config_set_timeout_ms(config, number as u32, error),
            _ => c::xq_config_set_max_reply_bytes(config, number as usize, error),
        }
    };
    s.check(&p.without_out(status), &[]);
}

pub(super) fn config_set_ca_file(s: &mut Session, i: &mut Input) {
    set_text(s, i, c::xq_config_set_ca_file);
}

/// Set, and taken back: a handle with a transport of the program's own takes neither.
pub(super) fn config_set_roots(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let roots = i.int32();
    // SAFETY: as above.
    let status = unsafe { c::xq_config_set_roots(s.config(&p), roots, p.error()) };
    s.check(&p.without_out(status), &[]);
    assert!(status != c::OK || (0..=2).contains(&roots));
    let mut p = Places::<()>::new(i);
    let pem = i.bytes();
    // SAFETY: the bytes live as long as the call.
    let status = unsafe { c::xq_config_set_ca_memory(s.config(&p), pem.as_ptr(), pem.len(), p.error()) };
    s.check(&p.without_out(status), &[]);
    let (config, none) = (s.config(&Places::<()>::beside(i)), ptr::null_mut());
    // SAFETY: as above; NULL takes what was set back.
    unsafe {
        assert_eq!(c::xq_config_set_roots(config, 0, none), c::OK);
        assert_eq!(c::xq_config_set_ca_memory(config, ptr::null(), 0, none), c::OK);
    }
}

pub(super) fn config_set_proxy(s: &mut Session, i: &mut Input) {
    set_text(s, i, c::xq_config_set_proxy);
}

pub(super) fn config_set_user_agent_suffix(s: &mut Session, i: &mut Input) {
    set_text(s, i, c::xq_config_set_user_agent_suffix);
}

pub(super) fn config_set_transport(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    p.is_null = false;
    let is_set = i.byte() != 0;
    let status = s.set_transport(is_set, p.error());
    assert_eq!(status, c::OK);
    s.check(&p.without_out(status), &[]);
}

/// Into a configuration of its own, since a variable stands for several settings.
pub(super) fn config_read_environment(s: &mut Session, i: &mut Input) {
    const VARIABLES: [&str; 6] = [
        "XQ_API_KEY",
        "XQ_DASHBOARD_API_KEY",
        "XQ_LOCATOR_KEY",
        "XQ_BASE_URI",
        "XQ_DASHBOARD_URL",
        "XQ_CA_FILE",
    ];
    use std::os::unix::ffi::OsStrExt;
    let mut p = Places::<()>::new(i);
    let name = VARIABLES[usize::from(i.byte()) % VARIABLES.len()];
    let value = i.bytes().split(|b| *b == 0).next().unwrap_or_default();
    // SAFETY: this program has one thread; the configuration is freed once.
    unsafe {
        env::set_var(name, std::ffi::OsStr::from_bytes(value));
        let config = c::xq_config_new();
        let status = c::xq_config_read_environment(if p.is_null { ptr::null_mut() } else { config }, p.error());
        c::xq_config_free(config);
        env::remove_var(name);
        s.check(&p.without_out(status), &[]);
    }
}

pub(super) fn api_new(s: &mut Session, i: &mut Input) {
    let places = Places::new(i);
    s.open(places);
}

pub(super) fn set_logger(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let is_set = i.byte() == 0;
    let status = s.set_logger(s.api(&p), is_set, p.error());
    s.check(&p.without_out(status), &[]);
}

pub(super) fn statuses(_: &mut Session, i: &mut Input) {
    let status = i.int32();
    // SAFETY: each gives a static text.
    let texts = unsafe {
        [
            owned(c::xq_version()),
            owned(c::xq_status_name(status)),
            owned(c::xq_status_meaning(status)),
        ]
    };
    assert!(texts.iter().all(Option::is_some));
    // SAFETY: no function is given to a library that wants none.
    unsafe {
        let none = ptr::null_mut();
        assert_eq!(c::xq_board_set_random(None, ptr::null_mut(), none), c::CONFIGURATION);
        assert_eq!(c::xq_board_set_clock(None, ptr::null_mut(), none), c::CONFIGURATION);
    }
    // SAFETY: they read nothing.
    let (number, features) = unsafe { (c::xq_version_number(), c::xq_features()) };
    // Sockets, TLS, files.
    assert!(number > 0 && matches!(features, 4 | 7));
}
