//! Addresses: of people, of groups (`id@group.local`), of aliases (`name@alias.local`).

use std::fmt::Write;

/// What a group's address ends with, and another spelling of it.
const GROUP: &str = "@group.local";
const SHORT_GROUP: &str = "@_";
/// What the address of a device with a certificate ends with.
const CERTIFIED: &str = ".certificate.local";
/// What addresses end with that no mail reaches.
const NOBODYS: [&str; 5] = [GROUP, SHORT_GROUP, "@alias.local", ".trusted.local", CERTIFIED];

/// Whether this has the form of an address: something before and after one `@`, and nothing that breaks a line.
pub(crate) fn is_address(text: &str) -> bool {
    let whole = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    let parts = text
        .split_once('@')
        .filter(|(name, host)| !name.is_empty() && !host.is_empty());
    whole && parts.is_some_and(|(_, host)| !host.contains('@'))
}

/// Whether somebody can sign in with mail sent there: an address that is no group, alias or device.
pub(crate) fn is_mailbox(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    is_address(text) && !NOBODYS.iter().any(|ending| lower.ends_with(ending))
}

/// Whether this is the address of a device with a certificate.
pub(crate) fn is_certified(address: &str) -> bool {
    address.to_ascii_lowercase().ends_with(CERTIFIED)
}

/// Whether both are the same mailbox; as with most mail, the case of letters does not matter.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// The address of a name that is no mailbox: `name@host.local`. What an address cannot hold is percent-encoded.
pub(crate) fn local(name: &str, host: &str) -> String {
    format!("{}@{}.local", encoded(name), encoded(host))
}

fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() || "@,%".contains(c) {
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
    [GROUP, SHORT_GROUP].iter().find_map(|ending| {
        let (id, host) = address.split_at_checked(address.len().checked_sub(ending.len())?)?;
        host.eq_ignore_ascii_case(ending).then_some(id)
    })
}
