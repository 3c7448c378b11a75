//! Checks of arguments that more than one operation makes.

use crate::error::{Error, printable};
use crate::platform::prelude::*;
use crate::secret::Secret;

/// `text` is something.
pub(crate) fn not_empty(name: &str, text: &str) -> Result<(), Error> {
    if text.is_empty() {
        return Err(Error::invalid(format!("the {name} is empty")));
    }
    Ok(())
}

/// `text` is one line, as it is typed: a line break left by `fgets` is a mistake that the service could only call wrong.
pub(crate) fn one_line(name: &str, text: &str) -> Result<(), Error> {
    not_empty(name, text)?;
    if text.contains(char::is_control) || text != text.trim() {
        return Err(Error::invalid(format!(
            "the {name} holds a line break or another control character, or begins or ends with a blank"
        )));
    }
    Ok(())
}

/// `text` has the form of an address: something, `@`, something. The service knows which of them there are.
pub(crate) fn address(name: &str, text: &str) -> Result<(), Error> {
    one_line(name, text)?;
    let is_one = text
        .rsplit_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
    if !is_one || text.contains([' ', ',']) {
        return Err(Error::invalid(format!(
            "the {name} '{}' is no address; expected one such as jane@example.com",
            printable(text)
        )));
    }
    Ok(())
}

/// Each text is an address, and there is at least one.
pub(crate) fn addresses(name: &str, texts: &[&str]) -> Result<(), Error> {
    all_not_empty(name, texts)?;
    let numbered = |(index, text): (usize, &&str)| address(&format!("{name} at index {index}"), text);
    texts.iter().enumerate().try_for_each(numbered)
}

/// The service's numbers of things begin with 1.
pub(crate) fn id(name: &str, id: i64) -> Result<(), Error> {
    if id < 1 {
        return Err(Error::invalid(format!("the {name}'s id is {id}; expected 1 or more")));
    }
    Ok(())
}

/// There is at least one text, and each is something.
pub(crate) fn all_not_empty(name: &str, texts: &[&str]) -> Result<(), Error> {
    if texts.is_empty() {
        return Err(Error::invalid(format!("there is no {name}; expected one or more")));
    }
    match texts.iter().position(|text| text.is_empty()) {
        Some(index) => Err(Error::invalid(format!("the {name} at index {index} is empty"))),
        None => Ok(()),
    }
}

/// A key lives for some time.
pub(crate) fn expiry(amount: i64) -> Result<(), Error> {
    if amount <= 0 {
        return Err(Error::invalid(format!("the expiry is {amount}; expected 1 or more")));
    }
    Ok(())
}

/// `text` can be a segment of a path: `.` and `..` mean something else there, however they are encoded.
pub(crate) fn path_segment(name: &str, text: &str) -> Result<(), Error> {
    not_empty(name, text)?;
    if matches!(text, "." | "..") {
        return Err(Error::invalid(format!("the {name} is '{text}', which cannot be one")));
    }
    Ok(())
}

/// 0 none, 1 usage reports, 2 tutorials, 3 both.
pub(crate) fn notifications(number: i32) -> Result<(), Error> {
    if !(0..=3).contains(&number) {
        return Err(Error::invalid(format!(
            "notifications is {number}; expected 0 (none), 1 (usage reports), 2 (tutorials) or 3 (both)"
        )));
    }
    Ok(())
}

/// A device's name has 1 to 48 characters.
pub(crate) fn device_name(name: &str) -> Result<(), Error> {
    let characters = name.chars().count();
    if !(1..=48).contains(&characters) {
        return Err(Error::invalid(format!(
            "the device's name has {characters} characters; expected 1 to 48"
        )));
    }
    Ok(())
}

/// What a file says, without the byte-order mark and the blanks around it that editors leave.
pub(crate) fn file_text<'a>(name: &str, text: &'a Secret) -> Result<&'a str, Error> {
    let text = text.as_str();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    not_empty(name, text)?;
    Ok(text)
}

/// The same of a file that may be no text, and whose blanks may be a part of it.
pub(crate) fn file_bytes<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a [u8], Error> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(Error::invalid(format!("the {name} is empty")));
    }
    Ok(bytes)
}
