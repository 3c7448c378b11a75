//! Fields of a JSON object, in whatever form the service writes them.

use serde_json::Value;
use serde_json::value::RawValue;

use crate::platform::prelude::*;
use crate::reply::whole_number;

/// A number; anything else is taken for left out.
///
/// # Errors
///
/// It is no JSON value after all: half of a character, or a number beyond any size.
pub(crate) fn number(raw: Option<&RawValue>) -> serde_json::Result<Option<i64>> {
    Ok(whole_number(&scalar(raw)?))
}

/// A text, or a number as text; anything else, and what C cannot hold, is taken for left out.
///
/// # Errors
///
/// As for [`number`].
pub(crate) fn text(raw: Option<&RawValue>) -> serde_json::Result<Option<String>> {
    Ok(match scalar(raw)? {
        Value::String(text) if !text.contains('\0') => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// A value; what holds others, which take memory of their own, is taken for null.
fn scalar(raw: Option<&RawValue>) -> serde_json::Result<Value> {
    match raw.map(RawValue::get) {
        Some(json) if !json.starts_with(['{', '[']) => serde_json::from_str(json),
        _ => Ok(Value::Null),
    }
}
