//! Who users and recipients are: addresses of people, of groups (`id@group.local`), of aliases (`name@alias.local`), and
//! telephone numbers.

use std::fmt::Write;

/// What a group's address ends with, and another spelling of it.
const GROUP: &str = "@group.local";
const SHORT_GROUP: &str = "@_";
/// What an alias's address ends with; before it there may be a whole address.
const ALIAS: &str = "@alias.local";
/// The recipient that stands for everybody who is signed in.
pub(crate) const PUBLIC: &str = "xq.public";
/// What the address of a device with a certificate ends with.
const CERTIFIED: &str = ".certificate.local";
/// What addresses end with that no mail reaches.
const NOBODYS: [&str; 5] = [GROUP, SHORT_GROUP, ALIAS, ".trusted.local", CERTIFIED];

/// Whether this has the form of an address: something before and after one `@`, and nothing that breaks a line.
pub(crate) fn is_address(text: &str) -> bool {
    let parts = text
        .split_once('@')
        .filter(|(name, host)| !name.is_empty() && !host.is_empty());
    is_whole(text) && parts.is_some_and(|(_, host)| !host.contains('@'))
}

/// Whether this can be the name of an alias.
pub(crate) fn is_name(text: &str) -> bool {
    is_whole(text) && !text.is_empty()
}

fn is_whole(text: &str) -> bool {
    !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Whether this can be a user: an address, that of an alias with whatever name, or a telephone number.
pub(crate) fn is_user(text: &str) -> bool {
    let named = |name: &str| is_name(name) || phone(name).is_some();
    is_address(text) || phone(text).is_some() || before(text, ALIAS).is_some_and(named)
}

/// Whether somebody can sign in with mail sent there: an address that is no group, alias or device.
pub(crate) fn is_mailbox(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    is_address(text) && !NOBODYS.iter().any(|ending| lower.ends_with(ending))
}

/// Whether somebody can sign in with a PIN sent there: by mail, or to a telephone.
pub(crate) fn is_person(text: &str) -> bool {
    is_mailbox(text) || phone(text).is_some()
}

/// Whether this is the address of a device with a certificate.
pub(crate) fn is_certified(address: &str) -> bool {
    address.to_ascii_lowercase().ends_with(CERTIFIED)
}

/// Whether both are the same user or recipient.
pub(crate) fn same(one: &str, other: &str) -> bool {
    identity(one) == identity(other)
}

/// One text for each user and recipient, however they are written. As with most mail, the case of letters does not matter.
pub(crate) fn identity(text: &str) -> String {
    let one = if let Some(id) = group_id(text) {
        format!("{id}{GROUP}")
    } else if let Some(name) = before(text, ALIAS) {
        // Its blanks may be encoded already.
        let number = phone(&name.replace("%20", " "));
        format!("{}{ALIAS}", number.unwrap_or_else(|| encoded(name, "@,")))
    } else {
        phone(text).unwrap_or_else(|| text.to_owned())
    };
    one.to_ascii_lowercase()
}

/// `+` and the digits of a telephone number; none where it is no such number. Ten digits alone are a North American one.
fn phone(text: &str) -> Option<String> {
    // No other white space: what is printed stays on its line.
    let text = text.trim_matches(' ');
    let (plus, rest) = text.strip_prefix('+').map_or((false, text), |rest| (true, rest));
    if !rest.chars().all(|c| c.is_ascii_digit() || " -.()".contains(c)) {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    match (plus, digits.len()) {
        (false, 10) => Some(format!("+1{digits}")),
        (true, 7..=15) | (false, 11..=15) => Some(format!("+{digits}")),
        _ => None,
    }
}

/// The address of a name that is no mailbox: `name@host.local`. What an address cannot hold is percent-encoded.
pub(crate) fn local(name: &str, host: &str) -> String {
    format!("{}@{}.local", encoded(name, "@,%"), encoded(host, "@,%"))
}

/// The address of an alias, told by its name or by its address, where what is encoded already stays.
pub(crate) fn alias(told: &str) -> String {
    match before(told, ALIAS) {
        Some(name) => format!("{}{ALIAS}", encoded(name, "@,")),
        None => local(told, "alias"),
    }
}

/// The text with white space, control characters and these percent-encoded.
fn encoded(text: &str, these: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() || these.contains(c) {
            let mut bytes = [0; 4];
            // Writing to a string cannot fail.
            let _ = c
                .encode_utf8(&mut bytes)
                .bytes()
                .try_for_each(|byte| write!(encoded, "%{byte:02X}"));
        } else {
            encoded.push(c);
        }
    }
    encoded
}

/// The id in a group's address.
pub(crate) fn group_id(address: &str) -> Option<&str> {
    [GROUP, SHORT_GROUP].iter().find_map(|ending| before(address, ending))
}

/// What stands before this ending, in letters of either case.
fn before<'a>(address: &'a str, ending: &str) -> Option<&'a str> {
    let (name, host) = address.split_at_checked(address.len().checked_sub(ending.len())?)?;
    host.eq_ignore_ascii_case(ending).then_some(name)
}
