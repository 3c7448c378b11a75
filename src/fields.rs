//! Fields of a JSON object, in whatever form the service writes them.

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::platform::prelude::*;

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

/// [`whole_number`] for a field that must be one.
pub(crate) fn must_be_whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let number = number(Some(<&RawValue>::deserialize(deserializer)?)).map_err(D::Error::custom)?;
    number.ok_or_else(|| D::Error::custom("no whole number"))
}

/// A value; what holds others, which take memory of their own, is taken for null.
fn scalar(raw: Option<&RawValue>) -> serde_json::Result<Value> {
    match raw.map(RawValue::get) {
        Some(json) if !json.starts_with(['{', '[']) => serde_json::from_str(json),
        _ => Ok(Value::Null),
    }
}

/// A whole number in whatever form: also as text, and as JavaScript may write one, such as `1.7e12`. Beyond 2^53 that may
/// have been another one.
fn whole_number(value: &Value) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let number = number.as_f64()?;
            (number.abs() <= EXACT && number as i64 as f64 == number).then_some(number as i64)
        }),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
