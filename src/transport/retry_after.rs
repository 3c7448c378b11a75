//! When a service asks to come back.

use http::{HeaderMap, HeaderName, header};
use httpdate::parse_http_date;

/// The seconds of `Retry-After`; `None` where there is none, or one that makes no sense.
///
/// A date counts against the reply's own `Date`, so that no clock of this machine has to be right; what has passed by then
/// is 0.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<u32> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok();
    let value = text(header::RETRY_AFTER)?;
    if let Ok(seconds) = value.parse() {
        return Some(seconds);
    }
    let then = parse_http_date(value).ok()?;
    let now = parse_http_date(text(header::DATE)?).ok()?;
    let seconds = then.duration_since(now).map_or(0, |left| left.as_secs());
    u32::try_from(seconds).ok()
}
