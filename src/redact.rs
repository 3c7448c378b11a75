//! Taking secrets out of somebody else's words, which may repeat what they were sent.

use std::borrow::Cow;
use std::cmp::Reverse;

use crate::error::MAX_WORDS;
use crate::exchange::encoded;

/// Its beginning gives a secret away, in characters.
const BEGINNING: usize = 16;
/// The most characters that JSON or an address makes of one.
const LONGEST_FORM: usize = 12;
/// What is shorter, in characters, is a part of any words, and no secret.
const SHORTEST: usize = 4;

/// `words` with `[redacted]` in place of each secret, as it is or as an address has it. Where no more than the beginning of
/// one is there, the words end.
pub(crate) fn replaced<'a>(words: &str, secrets: impl Iterator<Item = &'a str>) -> String {
    let mut forms: Vec<Cow<str>> = secrets
        .flat_map(|secret| [Cow::Borrowed(secret), encoded(secret).into()])
        .filter(|form| is_secret(form))
        .collect();
    // The longest first: a short one may be a part of it.
    forms.sort_by_key(|form| Reverse(form.len()));
    let mut words = words.to_owned();
    for form in &forms {
        if words.contains(&**form) {
            words = words.replace(&**form, "[redacted]");
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

/// Whether what is shown of `words` repeats one of `secrets`, or its beginning: as it is, or as JSON or an address has it.
pub(crate) fn repeats(words: &str, secrets: &[&str]) -> bool {
    let shown = match words.char_indices().nth(MAX_WORDS + BEGINNING * LONGEST_FORM) {
        Some((end, _)) => &words[..end],
        None => words,
    };
    secrets.iter().any(|secret| {
        let secret = beginning(secret.trim());
        let as_json = serde_json::to_string(&*secret).unwrap_or_default();
        is_secret(&secret)
            && [&secret, as_json.trim_matches('"'), &Cow::from(encoded(&secret))]
                .into_iter()
                .any(|form| shown.contains(form))
    })
}

fn is_secret(text: &str) -> bool {
    text.chars().nth(SHORTEST - 1).is_some()
}

fn beginning(text: &str) -> String {
    text.chars().take(BEGINNING).collect()
}
