//! Addresses: of people, of groups (`id@group.local`), of aliases (`name@alias.local`).

/// What a group's address ends with.
const GROUP: &str = "@group.local";

/// Whether mail could be sent there: something before and after one `@`, and nothing that breaks a line.
pub(crate) fn is_address(text: &str) -> bool {
    let whole = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    let parts = text
        .split_once('@')
        .filter(|(name, host)| !name.is_empty() && !host.is_empty());
    whole && parts.is_some_and(|(_, host)| !host.contains('@'))
}

/// Whether both are the same mailbox; as with most mail, the case of letters does not matter.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// The id in a group's address.
pub(crate) fn group_id(address: &str) -> Option<&str> {
    let (id, host) = address.split_at_checked(address.len().checked_sub(GROUP.len())?)?;
    host.eq_ignore_ascii_case(GROUP).then_some(id)
}
