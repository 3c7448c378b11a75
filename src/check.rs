//! Checks of arguments that more than one operation makes.

use crate::error::Error;

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
