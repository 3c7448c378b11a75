//! Every function of the C ABI, called with what the input says.

use std::ffi::c_char;
use std::mem::offset_of;
use std::{env, ptr, slice};

use xq::envelope::Version;

use crate::c;
use crate::input::{Input, List, Text};
use crate::places::{Places, owned};
use crate::service::Given;
use crate::session::Session;

/// A call: its name without `xq_`, and what makes it.
pub type Call = (&'static str, fn(&mut Session, &mut Input));

/// The operations, whose requests reach the service.
pub const OPERATIONS: &[Call] = &[
    ("validate_api_key", validate_api_key),
    ("authorize_user", authorize_user),
    ("code_validate", code_validate),
    ("exchange_key", exchange_key),
    ("authorize_alias", authorize_alias),
    ("authorize_device", authorize_device),
    ("authorize_device_cert_memory", authorize_device_cert_memory),
    ("announce_device", announce_device),
    ("create_packet", create_packet),
    ("create_and_store_packet", create_and_store_packet),
    ("create_and_store_packets", create_and_store_packets),
    ("create_and_store_packets_batch", create_and_store_packets_batch),
    ("add_packet", add_packet),
    ("get_packet", get_packet),
    ("get_packets", get_packets),
    ("revoke_packet", revoke_packet),
    ("grant_users", grant_users),
    ("revoke_users", revoke_users),
    ("packet_expiration", packet_expiration),
];

/// All others.
pub const OTHERS: &[Call] = &[
    ("config_set_api_key", config_set_api_key),
    ("config_set_dashboard_api_key", config_set_dashboard_api_key),
    ("config_set_locator_key", config_set_locator_key),
    ("config_set_envelope", config_set_envelope),
    ("config_set_base_uri", config_set_base_uri),
    ("config_set_service_url", config_set_service_url),
    ("config_set_numbers", config_set_numbers),
    ("config_set_ca_file", config_set_ca_file),
    ("config_set_proxy", config_set_proxy),
    ("config_set_user_agent_suffix", config_set_user_agent_suffix),
    ("config_set_transport", config_set_transport),
    ("config_read_environment", config_read_environment),
    ("api_new", api_new),
    ("set_access_token", set_access_token),
    ("set_dashboard_token", set_dashboard_token),
    ("get_dashboard_token", get_dashboard_token),
    ("forget_tokens", forget_tokens),
    ("authorize_device_cert", authorize_device_cert),
    ("load_file_content", load_file_content),
    ("statuses", statuses),
];

/// The call that a byte stands for.
pub fn call(number: u8) -> fn(&mut Session, &mut Input) {
    let number = usize::from(number) % (OPERATIONS.len() + OTHERS.len());
    OPERATIONS
        .iter()
        .chain(OTHERS)
        .nth(number)
        .expect("it is within them")
        .1
}

/// The byte that stands for a call.
pub fn number(name: &str) -> u8 {
    let found = OPERATIONS.iter().chain(OTHERS).position(|call| call.0 == name);
    u8::try_from(found.expect("there is such a call")).expect("there are few")
}

fn validate_api_key(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    // SAFETY: every pointer is as the header asks, as in all calls below.
    let status = unsafe { c::xq_validate_api_key(s.api(&p), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[]);
    outcome.text();
}

fn authorize_user(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (user, first, last) = (i.text(), i.text(), i.text());
    let (newsletter, notifications) = (i.int32(), i.int32());
    // SAFETY: as above.
    let status = unsafe {
        c::xq_authorize_user(
            s.api(&p),
            user.pointer(),
            first.pointer(),
            last.pointer(),
            newsletter,
            notifications,
            p.out(),
            p.error(),
        )
    };
    s.check_token(p.after(status, false), &[&user, &first, &last]);
}

fn code_validate(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let pin = i.text();
    s.service().given.value = pin.get().map(str::to_owned);
    // SAFETY: as above.
    let status = unsafe { c::xq_code_validate(s.api(&p), pin.pointer(), p.error()) };
    s.check(&p.without_out(status), &[&pin]);
}

fn exchange_key(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (business, selector) = (i.text(), i.int32());
    s.service().given.value = business.get().map(str::to_owned);
    // SAFETY: as above.
    let status = unsafe { c::xq_exchange_key(s.api(&p), business.pointer(), selector, p.out(), p.error()) };
    s.check_token(p.after(status, false), &[&business]);
}

fn authorize_alias(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (alias, first, last) = (i.text(), i.text(), i.text());
    // SAFETY: as above.
    let status = unsafe {
        c::xq_authorize_alias(
            s.api(&p),
            alias.pointer(),
            first.pointer(),
            last.pointer(),
            p.out(),
            p.error(),
        )
    };
    s.check_token(p.after(status, false), &[&alias, &first, &last]);
}

fn authorize_device(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (device, business, roaming) = (i.text(), i.text(), i.int32());
    s.service().given.value = business.get().map(str::to_owned);
    // SAFETY: as above.
    let status = unsafe {
        c::xq_authorize_device(
            s.api(&p),
            device.pointer(),
            business.pointer(),
            roaming,
            p.out(),
            p.error(),
        )
    };
    s.check_token(p.after(status, true), &[&device, &business]);
}

fn authorize_device_cert(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (id, device, announce) = (i.integer(), i.text(), i.int32());
    let (certificate, transport, private) = (i.text(), i.text(), i.text());
    // SAFETY: as above.
    let status = unsafe {
        c::xq_authorize_device_cert(
            s.api(&p),
            id,
            certificate.pointer(),
            transport.pointer(),
            private.pointer(),
            device.pointer(),
            announce,
            p.out(),
            p.error(),
        )
    };
    s.check_token(p.after(status, true), &[&device, &certificate, &transport, &private]);
}

fn authorize_device_cert_memory(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (id, device, announce) = (i.integer(), i.text(), i.int32());
    let (certificate, transport, private) = (i.text(), i.text(), i.text());
    let key = transport.get().unwrap_or_default();
    s.service().transport_key = key.strip_prefix('\u{feff}').unwrap_or(key).trim().to_owned();
    // SAFETY: as above.
    let status = unsafe {
        c::xq_authorize_device_cert_memory(
            s.api(&p),
            id,
            certificate.pointer(),
            transport.pointer(),
            private.pointer(),
            device.pointer(),
            announce,
            p.out(),
            p.error(),
        )
    };
    s.check_token(p.after(status, true), &[&device, &certificate, &transport, &private]);
}

fn announce_device(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let device = i.text();
    // SAFETY: as above.
    let status = unsafe { c::xq_announce_device(s.api(&p), device.pointer(), p.error()) };
    s.check(&p.without_out(status), &[&device]);
}

/// A struct that begins with its size: of that many bytes, or of as many as there are of it, wherever it is aligned.
struct Sized {
    block: Box<[u8]>,
    offset: usize,
}

impl Sized {
    /// `T` is a C struct whose first field is its size.
    fn new<T>(i: &mut Input, fill: impl FnOnce(&mut T)) -> Self
    where
        T: Default,
    {
        let (shape, offset) = (i.byte(), usize::from(i.byte() & 7));
        let mut full = T::default();
        fill(&mut full);
        let size = if shape == 0 {
            size_of::<T>()
        } else {
            i.integer() as usize
        };
        // SAFETY: a C struct of integers and pointers without gaps but those that `write_bytes` filled.
        let bytes = unsafe { slice::from_raw_parts((&raw const full).cast::<u8>(), size_of::<T>()) };
        let there = size.clamp(size_of::<usize>(), size_of::<T>());
        let mut block = vec![0; offset + there];
        block[offset..].copy_from_slice(&bytes[..there]);
        block[offset..offset + size_of::<usize>()].copy_from_slice(&size.to_ne_bytes());
        Sized {
            block: block.into_boxed_slice(),
            offset,
        }
    }

    fn pointer<T>(&self) -> *const T {
        self.block[self.offset..].as_ptr().cast()
    }
}

impl Default for c::PacketOptions {
    fn default() -> Self {
        let mut fresh = std::mem::MaybeUninit::zeroed();
        // SAFETY: zeroes are valid for integers and pointers, and there is room for the struct.
        unsafe {
            c::xq_packet_options_init(fresh.as_mut_ptr(), size_of::<c::PacketOptions>());
            fresh.assume_init()
        }
    }
}

impl Default for c::PacketRow {
    fn default() -> Self {
        let mut fresh = std::mem::MaybeUninit::zeroed();
        // SAFETY: as above.
        unsafe {
            c::xq_packet_row_init(fresh.as_mut_ptr(), size_of::<c::PacketRow>());
            fresh.assume_init()
        }
    }
}

/// Options and what they point to.
struct Options {
    options: Option<Sized>,
    texts: [Text; 3],
    _labels: List,
}

impl Options {
    fn new(i: &mut Input) -> Self {
        let texts = [i.text(), i.text(), i.text()];
        let labels = i.list();
        let given = i.byte();
        let options = (given != 0).then(|| {
            let (type_number, expires_hours) = (i.int32(), i.integer());
            Sized::new(i, |options: &mut c::PacketOptions| {
                options.kind = texts[0].pointer();
                options.type_number = type_number;
                options.expires_hours = expires_hours;
                options.subject = texts[1].pointer();
                options.meta = texts[2].pointer();
                options.labels = labels.pointer();
                options.label_count = labels.count();
            })
        });
        Options {
            options,
            texts,
            _labels: labels,
        }
    }

    fn pointer(&self) -> *const c::PacketOptions {
        self.options.as_ref().map_or(ptr::null(), Sized::pointer)
    }

    /// The texts that the call reads.
    fn texts(&self) -> Vec<&Text> {
        self.options.iter().flat_map(|_| &self.texts).collect()
    }
}

type MakePacket = unsafe extern "C" fn(
    *mut c::Api,
    *const c_char,
    *const *const c_char,
    usize,
    *const c::PacketOptions,
    *mut *mut c_char,
    *mut *mut c::Error,
) -> i32;

fn make_packet(s: &mut Session, i: &mut Input, make: MakePacket) {
    let mut p = Places::new(i);
    let (key, recipients, options) = (i.text(), i.list(), Options::new(i));
    s.service().given = Given {
        texts: key.get().map(|key| vec![key.to_owned()]),
        recipients: recipients.get(),
        value: None,
    };
    // SAFETY: as above.
    let status = unsafe {
        make(
            s.api(&p),
            key.pointer(),
            recipients.pointer(),
            recipients.count(),
            options.pointer(),
            p.out(),
            p.error(),
        )
    };
    let outcome = p.after(status, false);
    s.check(&outcome, &[&[&key], options.texts().as_slice()].concat());
    outcome.text();
}

fn create_packet(s: &mut Session, i: &mut Input) {
    make_packet(s, i, c::xq_create_packet);
}

fn create_and_store_packet(s: &mut Session, i: &mut Input) {
    make_packet(s, i, c::xq_create_and_store_packet);
}

fn create_and_store_packets(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let (keys, recipients, options) = (i.list(), i.list(), Options::new(i));
    s.service().given = Given {
        texts: keys.get(),
        recipients: recipients.get(),
        value: None,
    };
    // SAFETY: as above.
    let status = unsafe {
        c::xq_create_and_store_packets(
            s.api(&p),
            keys.pointer(),
            keys.count(),
            recipients.pointer(),
            recipients.count(),
            options.pointer(),
            p.out(),
            p.error(),
        )
    };
    let outcome = p.after(status, false);
    s.check(&outcome, &options.texts());
    if let Some(texts) = outcome.texts() {
        assert_eq!(texts.len(), keys.count());
        assert!(texts.iter().all(Option::is_some));
    }
}

/// A row's texts and lists, which it points to.
struct Row {
    key: Text,
    recipients: List,
    texts: [Text; 4],
    labels: List,
    numbers: (i32, i64),
}

impl Row {
    fn read(i: &mut Input) -> Self {
        Row {
            key: i.text(),
            recipients: i.list(),
            texts: [i.text(), i.text(), i.text(), i.text()],
            labels: i.list(),
            numbers: (i.int32(), i.integer()),
        }
    }

    fn fill(&self, row: &mut c::PacketRow) {
        row.key = self.key.pointer();
        row.recipients = self.recipients.pointer();
        row.recipient_count = self.recipients.count();
        row.kind = self.texts[0].pointer();
        (row.type_number, row.expires) = self.numbers;
        row.unit = self.texts[1].pointer();
        row.title = self.texts[2].pointer();
        row.meta = self.texts[3].pointer();
        row.labels = self.labels.pointer();
        row.label_count = self.labels.count();
    }
}

fn create_and_store_packets_batch(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let count = i.byte();
    let rows: Vec<Row> = (0..count % 8).map(|_| Row::read(i)).collect();
    s.service().given = Given {
        texts: rows.iter().map(|row| row.key.get().map(str::to_owned)).collect(),
        recipients: rows
            .iter()
            .map(|row| row.recipients.get())
            .collect::<Option<Vec<_>>>()
            .map(|all| all.concat()),
        value: None,
    };
    let mut structs: Vec<c::PacketRow> = rows.iter().map(|_| c::PacketRow::default()).collect();
    for (row, place) in rows.iter().zip(&mut structs) {
        row.fill(place);
        if i.byte() != 0 {
            place.size = i.integer() as usize;
        }
    }
    let structs = structs.into_boxed_slice();
    let pointer = if count == 255 { ptr::null() } else { structs.as_ptr() };
    // SAFETY: as above.
    let status = unsafe { c::xq_create_and_store_packets_batch(s.api(&p), pointer, rows.len(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[]);
    if let Some(texts) = outcome.texts() {
        assert_eq!(texts.len(), rows.len());
        assert!(texts.iter().all(Option::is_some));
    }
}

fn add_packet(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let packet = i.text();
    s.service().given.texts = packet.get().map(|packet| vec![packet.to_owned()]);
    // SAFETY: as above.
    let status = unsafe { c::xq_add_packet(s.api(&p), packet.pointer(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[&packet]);
    outcome.text();
}

fn get_packet(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let locator = i.text();
    s.service().given.value = locator.get().map(str::to_owned);
    // SAFETY: as above.
    let status = unsafe { c::xq_get_packet(s.api(&p), locator.pointer(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[&locator]);
    let asked = outcome.asked;
    assert_eq!(
        outcome.text().is_some_and(|key| !key.is_empty()),
        asked && status == c::OK
    );
}

fn get_packets(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    let locators = i.list();
    s.service().given.texts = locators.get();
    // SAFETY: as above.
    let status = unsafe { c::xq_get_packets(s.api(&p), locators.pointer(), locators.count(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[]);
    if let Some(texts) = outcome.texts() {
        assert_eq!(texts.len(), locators.count());
    }
}

fn revoke_packet(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let locator = i.text();
    s.service().given.value = locator.get().map(str::to_owned);
    // SAFETY: as above.
    let status = unsafe { c::xq_revoke_packet(s.api(&p), locator.pointer(), p.error()) };
    s.check(&p.without_out(status), &[&locator]);
}

type ChangeUsers =
    unsafe extern "C" fn(*mut c::Api, *const c_char, *const *const c_char, usize, *mut *mut c::Error) -> i32;

fn change_users(s: &mut Session, i: &mut Input, change: ChangeUsers) {
    let mut p = Places::<()>::new(i);
    let (locator, recipients) = (i.text(), i.list());
    s.service().given = Given {
        value: locator.get().map(str::to_owned),
        recipients: recipients.get(),
        texts: None,
    };
    // SAFETY: as above.
    let status = unsafe {
        change(
            s.api(&p),
            locator.pointer(),
            recipients.pointer(),
            recipients.count(),
            p.error(),
        )
    };
    s.check(&p.without_out(status), &[&locator]);
}

fn grant_users(s: &mut Session, i: &mut Input) {
    change_users(s, i, c::xq_grant_users);
}

fn revoke_users(s: &mut Session, i: &mut Input) {
    change_users(s, i, c::xq_revoke_users);
}

fn packet_expiration(s: &mut Session, i: &mut Input) {
    const UNTOUCHED: i64 = i64::MIN + 7;
    let mut p = Places::<()>::new(i);
    let (locator, wants) = (i.text(), i.byte());
    let mut seconds = UNTOUCHED;
    let place = if wants == 0 { &raw mut seconds } else { ptr::null_mut() };
    s.service().given.value = locator.get().map(str::to_owned);
    // SAFETY: as above.
    let status = unsafe { c::xq_packet_expiration(s.api(&p), locator.pointer(), place, p.error()) };
    assert!(status == c::OK || seconds == UNTOUCHED);
    s.check(&p.without_out(status), &[&locator]);
}

/// Sets a text, and says whether it was taken and what it is.
fn set_text(s: &mut Session, i: &mut Input, set: c::SetText) -> Option<Option<String>> {
    let mut p = Places::<()>::new(i);
    let value = i.text();
    // SAFETY: as above.
    let status = unsafe { set(s.config(&p), value.pointer(), p.error()) };
    s.check(&p.without_out(status), &[&value]);
    (status == c::OK).then(|| value.get().map(str::to_owned))
}

fn config_set_api_key(s: &mut Session, i: &mut Input) {
    set_text(s, i, c::xq_config_set_api_key);
}

fn config_set_dashboard_api_key(s: &mut Session, i: &mut Input) {
    set_text(s, i, c::xq_config_set_dashboard_api_key);
}

fn config_set_locator_key(s: &mut Session, i: &mut Input) {
    if let Some(key) = set_text(s, i, c::xq_config_set_locator_key) {
        s.settings.locator_key = key.unwrap_or_default();
    }
}

fn config_set_envelope(s: &mut Session, i: &mut Input) {
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

fn config_set_base_uri(s: &mut Session, i: &mut Input) {
    if let Some(base) = set_text(s, i, c::xq_config_set_base_uri) {
        s.settings.base = base.unwrap_or_else(|| "xqmsg.net/v2/".to_owned());
    }
}

fn config_set_service_url(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    let (service, url) = (i.int32(), i.text());
    // SAFETY: as above.
    let status = unsafe { c::xq_config_set_service_url(s.config(&p), service, url.pointer(), p.error()) };
    s.check(&p.without_out(status), &[&url]);
    if status == c::OK {
        s.settings.urls[usize::try_from(service).expect("it was taken")] = url.get().map(str::to_owned);
    }
}

fn config_set_numbers(s: &mut Session, i: &mut Input) {
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

fn config_set_ca_file(s: &mut Session, i: &mut Input) {
    set_text(s, i, c::xq_config_set_ca_file);
}

fn config_set_proxy(s: &mut Session, i: &mut Input) {
    set_text(s, i, c::xq_config_set_proxy);
}

fn config_set_user_agent_suffix(s: &mut Session, i: &mut Input) {
    set_text(s, i, c::xq_config_set_user_agent_suffix);
}

fn config_set_transport(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    p.is_null = false;
    let is_set = i.byte() != 0;
    let status = s.set_transport(is_set, p.error());
    assert_eq!(status, c::OK);
    s.check(&p.without_out(status), &[]);
}

/// Into a configuration of its own, since a variable stands for several settings.
fn config_read_environment(s: &mut Session, i: &mut Input) {
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

fn api_new(s: &mut Session, i: &mut Input) {
    let places = Places::new(i);
    s.open(places);
}

type SetToken = unsafe extern "C" fn(*mut c::Api, *const c_char, *mut *mut c::Error) -> i32;

/// Sets a token, and says whether it was taken and what it is.
fn set_token(s: &mut Session, i: &mut Input, set: SetToken) -> Option<Option<String>> {
    let mut p = Places::<()>::new(i);
    let token = i.text();
    // SAFETY: as above.
    let status = unsafe { set(s.api(&p), token.pointer(), p.error()) };
    s.check(&p.without_out(status), &[&token]);
    (status == c::OK).then(|| token.get().map(str::to_owned))
}

fn set_access_token(s: &mut Session, i: &mut Input) {
    if let Some(token) = set_token(s, i, c::xq_set_access_token) {
        s.held = token;
    }
    assert_eq!(s.token_held(), s.held);
}

fn set_dashboard_token(s: &mut Session, i: &mut Input) {
    set_token(s, i, c::xq_set_dashboard_token);
    assert_eq!(s.token_held(), s.held);
}

fn get_dashboard_token(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    // SAFETY: as above.
    let status = unsafe { c::xq_get_dashboard_token(s.api(&p), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[]);
    outcome.text();
}

fn forget_tokens(s: &mut Session, i: &mut Input) {
    let mut p = Places::<()>::new(i);
    // SAFETY: as above.
    let status = unsafe { c::xq_forget_tokens(s.api(&p), p.error()) };
    s.check(&p.without_out(status), &[]);
    if status == c::OK {
        s.held = None;
    }
    assert_eq!(s.token_held(), s.held);
}

fn load_file_content(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    p.is_null = false;
    let path = i.text();
    // SAFETY: as above.
    let status = unsafe { c::xq_load_file_content(path.pointer(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[&path]);
    outcome.text();
}

fn statuses(_: &mut Session, i: &mut Input) {
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
}

// A struct that grows must grow at its end.
const _: () = assert!(offset_of!(c::PacketOptions, size) == 0 && offset_of!(c::PacketRow, size) == 0);
