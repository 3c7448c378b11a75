//! Taking secrets out of somebody else's words, which may repeat what they were sent.

use std::cmp::Reverse;

use crate::error::MAX_WORDS;
use crate::exchange::encoded;

/// Its beginning gives a secret away, in characters.
const BEGINNING: usize = 16;
/// The most characters that JSON or an address makes of one.
const LONGEST_FORM: usize = 12;
/// What is shorter, in characters, is a part of any words, and no secret.
const SHORTEST: usize = 4;

/// `words` with `[redacted]` in place of each secret, in whatever form. Where no more than the beginning of one is there,
/// the words end.
pub(crate) fn replaced<'a>(words: &str, secrets: impl Iterator<Item = &'a str>) -> String {
    let mut forms: Vec<String> = secrets.filter(|secret| is_secret(secret)).flat_map(forms).collect();
    // The longest first: a short one may be a part of it.
    forms.sort_by_key(|form| Reverse(form.len()));
    let mut words = words.to_owned();
    for form in &forms {
        if words.contains(form) {
            words = words.replace(form, "[redacted]");
        }
    }
    for form in &forms {
        if let Some(at) = words.find(&beginning(form)) {
            words.truncate(at);
            words.push_str("[redacted]");
        }
    }
    words
}

/// Whether what is shown of `words` repeats one of `secrets`, or its beginning, in whatever form.
pub(crate) fn repeats(words: &str, secrets: &[&str]) -> bool {
    let shown = match words.char_indices().nth(MAX_WORDS + BEGINNING * LONGEST_FORM) {
        Some((end, _)) => &words[..end],
        None => words,
    };
    secrets.iter().any(|secret| {
        let secret = beginning(secret.trim());
        is_secret(&secret) && forms(&secret).iter().any(|form| shown.contains(form))
    })
}

/// `secret` as it is, as an address has it, and as JSON writes it: also with `/` and what is not ASCII escaped.
fn forms(secret: &str) -> [String; 6] {
    let json = serde_json::to_string(secret).unwrap_or_default();
    let json = json
        .strip_prefix('"')
        .and_then(|json| json.strip_suffix('"'))
        .unwrap_or(secret);
    let ascii = in_ascii(json);
    [
        secret.to_owned(),
        encoded(secret).to_string(),
        json.to_owned(),
        json.replace('/', "\\/"),
        ascii.replace('/', "\\/"),
        ascii,
    ]
}

/// JSON's text with `\u` and four digits for each half of UTF-16 that is not ASCII.
fn in_ascii(json: &str) -> String {
    let mut ascii = String::new();
    for c in json.chars() {
        if c.is_ascii() {
            ascii.push(c);
        } else {
            let mut halves = [0; 2];
            ascii.extend(c.encode_utf16(&mut halves).iter().map(|half| format!("\\u{half:04x}")));
        }
    }
    ascii
}

fn is_secret(text: &str) -> bool {
    text.chars().nth(SHORTEST - 1).is_some()
}

fn beginning(text: &str) -> String {
    text.chars().take(BEGINNING).collect()
}
