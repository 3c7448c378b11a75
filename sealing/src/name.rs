//! The name in a file is somebody else's word.

use alloc::string::String;

/// What file systems take, in bytes.
const MAX_BYTES: usize = 255;
const NONE: &str = "unnamed";
/// Devices to Windows, whatever stands behind a dot.
const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The last component of `name`, as it may stand in a folder of any system.
pub fn harmless(name: &str) -> String {
    let last = name
        .rsplit(['/', '\\'])
        .find(|part| !part.is_empty())
        .unwrap_or_default();
    let mut safe: String = last.chars().map(|c| if is_harmful(c) { '_' } else { c }).collect();
    // Hidden files, options of commands, and what Windows cuts off.
    if safe.starts_with(['.', '-', '~', ' ']) {
        safe.replace_range(..1, "_");
    }
    if is_reserved(&safe) {
        safe.insert(0, '_');
    }
    shorten(&mut safe);
    while safe.ends_with(['.', ' ']) {
        safe.pop();
    }
    if safe.trim_matches('_').is_empty() {
        NONE.into()
    } else {
        safe
    }
}

/// Controls, what Windows does not take, and what makes a name look like another.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}')
}

/// Keeps the extension, which tells what it is.
fn shorten(name: &mut String) {
    if name.len() <= MAX_BYTES {
        return;
    }
    let extension = match name.rfind('.') {
        Some(at) if name.len() - at <= 16 => String::from(&name[at..]),
        _ => String::new(),
    };
    let cut = MAX_BYTES - extension.len();
    let end = (0..=cut)
        .rev()
        .find(|end| name.is_char_boundary(*end))
        .unwrap_or_default();
    name.truncate(end);
    name.push_str(&extension);
}

fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let is_port = |stem: &str| {
        let (kind, number) = stem.split_at_checked(3).unwrap_or_default();
        (kind.eq_ignore_ascii_case("com") || kind.eq_ignore_ascii_case("lpt"))
            && matches!(
                number,
                "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
            )
    };
    RESERVED.iter().any(|reserved| stem.eq_ignore_ascii_case(reserved)) || is_port(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_harmless() {
        let expected = [
            ("report.pdf", "report.pdf"),
            ("/home/me/secret/report.pdf", "report.pdf"),
            ("C:\\Users\\me\\report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("a/", "a"),
            ("..", NONE),
            (".", NONE),
            ("", NONE),
            ("///", NONE),
            (".bashrc", "_bashrc"),
            ("-rf", "_rf"),
            ("a\nb\0c", "a_b_c"),
            ("a:b?.txt", "a_b_.txt"),
            ("a. .", "a"),
            ("nul", "_nul"),
            ("NUL.tar.gz", "_NUL.tar.gz"),
            ("com1.txt", "_com1.txt"),
            ("lpt³", "_lpt³"),
            ("com10", "com10"),
            ("gpj.\u{202e}exe", "gpj._exe"),
            ("größe.txt", "größe.txt"),
        ];
        for (name, safe) in expected {
            assert_eq!(harmless(name), safe, "{name:?}");
        }
    }

    #[test]
    fn long_names_keep_their_extension() {
        let long = alloc::format!("{}.pdf", "ä".repeat(300));
        let safe = harmless(&long);
        assert!(safe.len() <= MAX_BYTES && safe.ends_with("ä.pdf"), "{safe}");
        for long in ["x".repeat(300), alloc::format!("con.{}", "x".repeat(300))] {
            let safe = harmless(&long);
            assert_eq!((safe.len(), harmless(&safe)), (MAX_BYTES, safe));
        }
    }
}
