//! A text in any pieces is sealed and opened as in one, and no input breaks anything.

use crate::common::{files, in_pieces, in_pieces_and_room};
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use proptest::prelude::*;
use xq_sealing::{Error, Form, Key, Opener, ROOM, Sealer, Target, harmless, locator, message};

const LOCATOR: &str = "RtESv0TwIjI3UbDMn3VRI5yjBzreuJccaZ0n0P_61-Z";
const PASSWORD: &str = "39fae84faf10333eed628515cffc8b07";

/// Bytes that are the same each time: what is made of them can be compared.
fn counting(bytes: &mut [u8]) -> Result<(), Error> {
    bytes.iter_mut().zip(1..).for_each(|(byte, number)| *byte = number);
    Ok(())
}

fn key(prefix: &str) -> Key {
    Key::parse(&format!("{prefix}{PASSWORD}")).expect("it is a key")
}

/// Seals as a program does that has `size` bytes at a time, and an output of `room`.
fn sealed_in_pieces(key: &Key, target: Target, text: &[u8], size: usize, room: usize) -> Vec<u8> {
    let mut sealer = Sealer::new(key, target, true, &mut counting).expect("it begins");
    let (mut sealed, mut output) = (Vec::new(), vec![0; room]);
    for mut piece in text.chunks(size) {
        while !piece.is_empty() {
            let progress = sealer.update(piece, &mut output).expect("it seals");
            assert!(progress.taken + progress.made > 0, "each call does something");
            sealed.extend_from_slice(&output[..progress.made]);
            piece = &piece[progress.taken..];
        }
    }
    let mut last = vec![0; sealer.left_to_write()];
    let length = sealer.finish(&mut last).expect("it ends");
    assert_eq!(length, last.len());
    sealed.extend(last);
    sealed
}

fn targets() -> impl Strategy<Value = (&'static str, Target<'static>)> {
    let file = |name| Target::File { locator: LOCATOR, name };
    prop_oneof![
        Just((".1", Target::Bare)),
        Just((".1", Target::Framed(LOCATOR))),
        Just((".1", file("größe.txt"))),
        Just((".2", Target::Bare)),
        Just((".2", file("a"))),
        Just((".B", Target::Bare)),
        Just((".B", Target::Framed(LOCATOR))),
        Just((".B", file("a name that is longer than the key that is to hide it"))),
    ]
}

/// Outputs, of which those around the least one are the hardest.
fn rooms(least: usize) -> impl Strategy<Value = usize> {
    prop_oneof![least..least + 40, least..9000_usize]
}

fn texts() -> impl Strategy<Value = Vec<u8>> {
    let border = prop_oneof![
        Just(0_usize),
        1..40_usize,
        ROOM - 20..ROOM + 20,
        4090..4100_usize,
        8180..8200_usize,
        16_380..16_390_usize
    ];
    border.prop_flat_map(|length| prop::collection::vec(any::<u8>(), length))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pieces_make_no_difference(
        (prefix, target) in targets(), text in texts(), size in rooms(1), room in rooms(1), back in rooms(1), out in rooms(ROOM)
    ) {
        let key = key(prefix);
        let whole = sealed_in_pieces(&key, target, &text, usize::MAX, 64 * 1024);
        prop_assert_eq!(&sealed_in_pieces(&key, target, &text, size, room), &whole);
        let form = if matches!(target, Target::File { .. }) { Form::File } else { Form::Message };
        let key = format!("{prefix}{PASSWORD}");
        let (opened, name) = in_pieces_and_room(form, &key, &whole, back, out).expect("it opens");
        prop_assert_eq!(opened, text);
        if let Target::File { name: sealed, .. } = target {
            prop_assert_eq!(name.as_deref(), Some(sealed.as_bytes()));
        }
    }

    /// The other implementation makes the same of the same salt and nonce.
    #[test]
    fn gcm_is_gcm(text in texts()) {
        let sealed = message::seal(&key(".1"), None, &text, false, &mut counting).expect("it seals");
        let (salt, nonce) = (&sealed[8..24], &sealed[24..36]);
        let mut derived = [0; 32];
        pbkdf2::pbkdf2_hmac::<sha2::Sha256>(PASSWORD.as_bytes(), salt, 1024, &mut derived);
        let other = Aes256Gcm::new(&derived.into()).encrypt(&Nonce::try_from(nonce).expect("12 bytes"), &*text);
        prop_assert_eq!(&sealed[36..], &other.expect("it seals")[..]);
    }

    #[test]
    fn a_changed_bit_is_noticed(text in prop::collection::vec(any::<u8>(), 0..100), at in any::<prop::sample::Index>(), bit in 0..8) {
        for target in [Target::Bare, Target::Framed(LOCATOR), Target::File { locator: LOCATOR, name: "name" }] {
            let mut sealed = sealed_in_pieces(&key(".1"), target, &text, 1000, 1000);
            let at = at.index(sealed.len());
            let form = if matches!(target, Target::File { .. }) { Form::File } else { Form::Message };
            // The locator token and the scheme byte are not authenticated: the service's answer and the key's prefix are.
            let name_end = if form == Form::File { 51 + 8 + 16 + 12 + 4 + 16 } else { 47 };
            let is_bare = matches!(target, Target::Bare);
            if !is_bare && ((4..47).contains(&at) || at == name_end) {
                continue;
            }
            sealed[at] ^= 1u8 << bit;
            let opened = in_pieces(form, &format!(".1{PASSWORD}"), &sealed, 64);
            prop_assert!(matches!(opened, Err(Error::Crypto(_) | Error::Foreign(_))), "{} {:?}", at, opened);
        }
    }

    #[test]
    fn anything_may_come_in(text in ".{0,8}", prefix in "[.][123579ABXZ]", front in 0..4_u32, bytes in any::<Vec<u8>>(), size in 1..64_usize) {
        let mut sealed = match front {
            0 => vec![],
            1 => [&44_u32.to_le_bytes()[..], LOCATOR.as_bytes()].concat(),
            2 => [&51_u32.to_le_bytes()[..], LOCATOR.as_bytes(), &3_u32.to_le_bytes()].concat(),
            _ => b"Salted__".to_vec(),
        };
        sealed.extend(&bytes);
        for key in [format!("{prefix}{text}"), text] {
            for form in [Form::Message, Form::File] {
                let _ = in_pieces(form, &key, &sealed, size);
            }
            if let Ok(key) = Key::parse(&key) {
                let _ = message::open(&key, &sealed);
            }
        }
        let _ = locator(&sealed);
    }

    #[test]
    fn a_harmless_name_is_harmless(name in any::<String>()) {
        let safe = harmless(&name);
        prop_assert!((1..=255).contains(&safe.len()), "{}", safe.len());
        prop_assert!(!safe.contains(['/', '\\', ':', '\0']) && !safe.contains(char::is_control), "{safe:?}");
        prop_assert!(!safe.starts_with(['.', '-', ' ']) && !safe.ends_with(['.', ' ']), "{safe:?}");
        prop_assert_eq!(harmless(&safe), safe);
    }
}

/// One on each side of each limit.
#[test]
fn limits_are_where_they_are_said_to_be() {
    let pad = |length: usize| Key::parse(&format!(".B{}", "p".repeat(length))).expect("a key");
    let seal = |key: &Key, text: &[u8], repeat| message::seal(key, None, text, repeat, &mut counting).is_ok();
    assert!(seal(&pad(5), b"12345", false) && !seal(&pad(4), b"12345", false) && seal(&pad(4), b"12345", true));

    let named =
        |key: &Key, name: &str| Sealer::new(key, Target::File { locator: LOCATOR, name }, false, &mut counting).is_ok();
    assert!(named(&pad(4), "name") && !named(&pad(3), "name"));
    let file = Target::File {
        locator: LOCATOR,
        name: "name",
    };
    assert!(Sealer::new(&pad(3), file, true, &mut counting).is_ok());
    // The content begins at the pad's first byte again.
    let content = |text: &[u8]| {
        let mut sealer = Sealer::new(&pad(4), file, false, &mut counting).expect("it begins");
        sealer.update(text, &mut [0; 2 * ROOM]).is_ok()
    };
    assert!(content(b"1234") && !content(b"12345"));
    // Sealed, a name has 52 bytes more under GCM.
    assert!(named(&key(".1"), &"n".repeat(2000 - 52)) && !named(&key(".1"), &"n".repeat(2001 - 52)));
    assert!(!named(&key(".1"), ""));

    let framed = |locator: &str| Sealer::new(&key(".1"), Target::Framed(locator), false, &mut counting).is_ok();
    assert!(framed(LOCATOR) && !framed(&LOCATOR[1..]) && !framed(&format!("{LOCATOR}A")) && !framed(&"ä".repeat(43)));
    let sealed = message::seal(&key(".1"), Some(LOCATOR), b"", false, &mut counting).expect("it seals");
    assert_eq!(locator(&sealed[..47]), Ok(LOCATOR));
    assert!(locator(&sealed[..46]).is_err());

    let mut opener = Opener::new(Form::Message);
    assert!(opener.update(&sealed, &mut [0; 127]).is_err());
    assert!(opener.update(&sealed, &mut [0; 128]).is_ok());

    // The name's length is refused as soon as it is there.
    let front = |name_bytes: u32| [&44_u32.to_le_bytes(), LOCATOR.as_bytes(), &name_bytes.to_le_bytes()].concat();
    let begun = |name_bytes| Opener::new(Form::File).update(&front(name_bytes), &mut [0; ROOM]);
    assert!(begun(2000).is_ok() && matches!(begun(2001), Err(Error::Crypto(_))));
    assert!(matches!(begun(u32::MAX), Err(Error::Crypto(_))));
}

#[test]
fn the_longest_name_opens() {
    let name = "n".repeat(2000 - 52);
    let file = Target::File {
        locator: LOCATOR,
        name: &name,
    };
    let sealed = sealed_in_pieces(&key(".1"), file, b"text", 100, 100);
    for size in [1, 100, 10_000] {
        let (text, opened) = in_pieces(Form::File, &format!(".1{PASSWORD}"), &sealed, size).expect("it opens");
        assert_eq!((&text[..], opened.as_deref()), (&b"text"[..], Some(name.as_bytes())));
    }
}

#[test]
fn what_has_failed_at_its_end_does_not_go_on() {
    let sealed = message::seal(&key(".1"), None, b"text", false, &mut counting).expect("it seals");
    let mut output = [0; ROOM];
    let mut opener = Opener::new(Form::Message);
    opener.set_key(key(".1")).expect("it has none");
    opener.update(&sealed[..3], &mut output).expect("it begins");
    assert!(matches!(opener.finish(&mut output), Err(Error::Foreign(_))));
    assert!(matches!(
        opener.update(&sealed[3..], &mut output),
        Err(Error::Argument(_))
    ));

    // The name is opened as soon as there is a key.
    let file = Target::File {
        locator: LOCATOR,
        name: "name",
    };
    let sealed = sealed_in_pieces(&key(".1"), file, b"text", 100, 100);
    let mut opener = Opener::new(Form::File);
    opener.update(&sealed, &mut output).expect("it takes the front");
    assert!(matches!(opener.finish(&mut output), Err(Error::Argument(_))));
    opener
        .set_key(Key::parse(".1another").expect("a key"))
        .expect("it has none");
    assert!(matches!(opener.finish(&mut output), Err(Error::Crypto(_))));
    assert!(matches!(opener.finish(&mut output), Err(Error::Argument(_))));

    let mut opener = Opener::new(Form::File);
    opener.update(&sealed[..50], &mut output).expect("it begins");
    assert!(matches!(opener.finish(&mut output), Err(Error::Crypto(_))));
    assert!(matches!(
        opener.update(&sealed[50..], &mut output),
        Err(Error::Argument(_))
    ));
}

#[test]
fn a_pad_runs_out_without_harm() {
    let key = Key::parse(".B12345").expect("a key");
    let mut sealer = Sealer::new(&key, Target::Bare, false, &mut counting).expect("it begins");
    let mut output = [0; ROOM];
    assert_eq!(sealer.update(b"123", &mut output).expect("it seals").taken, 3);
    assert!(sealer.update(b"456", &mut output).is_err());
    assert_eq!(sealer.update(b"45", &mut output).expect("nothing was lost").taken, 2);
}

#[test]
fn frames_never_get_ctr_and_open_all_the_same() {
    assert!(message::seal(&key(".2"), Some(LOCATOR), b"text", false, &mut counting).is_err());
    // As another program might have made it.
    let bare = message::seal(&key(".2"), None, b"text", false, &mut counting).expect("it seals");
    let framed = [&44_u32.to_le_bytes()[..], LOCATOR.as_bytes(), &[2], &bare].concat();
    assert_eq!(message::open(&key(".2"), &framed).as_deref(), Ok(&b"text"[..]));
    assert!(in_pieces(Form::Message, &format!(".2{PASSWORD}"), &framed, 10).is_err());
}

#[test]
fn calls_in_a_wrong_order_lose_nothing() {
    let sealed = message::seal(&key(".1"), Some(LOCATOR), b"text", false, &mut counting).expect("it seals");
    let mut opener = Opener::new(Form::Message);
    let mut output = [0; 2 * ROOM];
    assert_eq!(opener.update(&sealed, &mut output).expect("the front").taken, 48);
    assert!(opener.wants_key() && opener.locator() == Some(LOCATOR));
    assert!(matches!(
        opener.update(&sealed[48..], &mut output),
        Err(Error::Argument(_))
    ));
    assert!(matches!(opener.finish(&mut output), Err(Error::Argument(_))));
    opener.set_key(key(".1")).expect("it is wanted");
    assert!(matches!(opener.set_key(key(".1")), Err(Error::Argument(_))));
    let progress = opener.update(&sealed[48..], &mut output).expect("it opens");
    assert_eq!(
        (progress.taken, &output[..progress.made]),
        (sealed.len() - 48, &b"text"[..])
    );
    assert_eq!(opener.finish(&mut output), Ok(0));
    assert!(matches!(opener.finish(&mut output), Err(Error::Argument(_))));
    assert!(matches!(opener.update(b"more", &mut output), Err(Error::Argument(_))));

    let mut sealer = Sealer::new(&key(".1"), Target::Bare, false, &mut counting).expect("it begins");
    assert!(matches!(sealer.finish(&mut []), Err(Error::Argument(_))));
    assert!(sealer.finish(&mut output).is_ok());
    assert!(matches!(sealer.update(b"more", &mut output), Err(Error::Argument(_))));
    assert!(matches!(sealer.finish(&mut output), Err(Error::Argument(_))));
}

#[test]
fn no_random_bytes_no_message() {
    let refused = message::seal(&key(".1"), None, b"text", false, &mut |_| Err(Error::NoRandom));
    assert_eq!(refused, Err(Error::NoRandom));
}

#[test]
fn of_two_flaws_the_first_is_told_however_the_file_is_cut_into_pieces() {
    // Base64 of "Salted__": where a body of JavaScript's begins, and no other.
    const START: &[u8] = b"U2FsdGVkX1";
    let mut tried = 0;
    for row in files().into_iter().filter(|row| row.key.starts_with(".A")) {
        let Some(body) = row.sealed.windows(START.len()).rposition(|part| part == START) else {
            continue;
        };
        let mut sealed = row.sealed;
        sealed[body] = b'V';
        sealed[body + 40] = 1;
        let whole = in_pieces(Form::File, &row.key, &sealed, usize::MAX).expect_err("it is broken");
        for size in [1, 2, 7, 11, 64] {
            let pieces = in_pieces(Form::File, &row.key, &sealed, size).expect_err("it is broken");
            assert_eq!(pieces, whole, "{}, in pieces of {size}", row.what);
        }
        tried += 1;
    }
    assert!(tried > 0);
}
