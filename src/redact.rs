//! Taking secrets out of somebody else's words, which may repeat what they were sent.

use core::cmp::Reverse;

use crate::error::MAX_WORDS;
use crate::exchange::encoded;
use crate::platform::prelude::*;

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
        words = without(&words, form);
    }
    for form in &forms {
        if let Some(at) = words.to_ascii_lowercase().find(&beginning(form)) {
            words.truncate(at);
            words.push_str("[redacted]");
        }
    }
    words
}

/// `words` with `[redacted]` in place of `form`.
fn without(words: &str, form: &str) -> String {
    let lower = words.to_ascii_lowercase();
    let mut rest = 0;
    let mut result = String::with_capacity(words.len());
    for (at, _) in lower.match_indices(form) {
        result.push_str(&words[rest..at]);
        result.push_str("[redacted]");
        rest = at + form.len();
    }
    result.push_str(&words[rest..]);
    result
}

/// Whether what is shown of `words` repeats one of `secrets`, or its beginning, in whatever form.
pub(crate) fn repeats(words: &str, secrets: &[&str]) -> bool {
    let shown = match words.char_indices().nth(MAX_WORDS + BEGINNING * LONGEST_FORM) {
        Some((end, _)) => &words[..end],
        None => words,
    };
    let shown = shown.to_ascii_lowercase();
    secrets.iter().any(|secret| {
        let secret = beginning(secret.trim());
        is_secret(&secret) && forms(&secret).iter().any(|form| shown.contains(form))
    })
}

/// `secret` as it is, as an address has it, as HTML, and as JSON writes it: also with `/` and what is not ASCII escaped. All
/// in small letters, since escapes come in both.
fn forms(secret: &str) -> [String; 7] {
    let json = serde_json::to_string(secret).unwrap_or_default();
    let json = json
        .strip_prefix('"')
        .and_then(|json| json.strip_suffix('"'))
        .unwrap_or(secret);
    let ascii = in_ascii(json);
    [
        secret.to_owned(),
        encoded(secret).to_string(),
        in_html(secret),
        json.to_owned(),
        json.replace('/', "\\/"),
        ascii.replace('/', "\\/"),
        ascii,
    ]
    .map(|form| form.to_ascii_lowercase())
}

fn in_html(text: &str) -> String {
    let escapes = [
        ('&', "&amp;"),
        ('<', "&lt;"),
        ('>', "&gt;"),
        ('"', "&quot;"),
        ('\'', "&#39;"),
    ];
    escapes
        .iter()
        .fold(text.to_owned(), |text, (c, escape)| text.replace(*c, escape))
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
