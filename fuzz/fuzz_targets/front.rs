//! What stands in front of a body, and the name in a file: somebody else's bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xq_sealing::{LOCATOR_AT, LOCATOR_BYTES, checked_locator, harmless, locator};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(found) = locator(bytes) {
        assert_eq!(found.as_bytes(), &bytes[LOCATOR_AT..LOCATOR_AT + LOCATOR_BYTES]);
        assert_eq!(checked_locator(found), Ok(found));
        assert!(
            found
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"?#%&\"\\".contains(&byte))
        );
    }
    let Ok(name) = std::str::from_utf8(bytes) else { return };
    let safe = harmless(name);
    assert!((1..=255).contains(&safe.len()));
    assert!(!safe.contains(['/', '\\', ':', '\0']) && !safe.contains(char::is_control));
    assert!(!safe.starts_with(['.', '-', ' ']) && !safe.ends_with(['.', ' ']));
    assert_eq!(harmless(&safe), safe);
});
