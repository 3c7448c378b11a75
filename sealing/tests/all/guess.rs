//! Messages under `.A`, which do not tell their version.

use crate::common::in_pieces;
use proptest::prelude::*;
use xq_sealing::envelope::{self, Version};
use xq_sealing::{Error, Form, Key, message};

fn counting(bytes: &mut [u8]) -> Result<(), Error> {
    bytes.iter_mut().zip(1..).for_each(|(byte, number)| *byte = number);
    Ok(())
}

fn sealed(version: Version, text: &[u8]) -> Vec<u8> {
    envelope::seal(version, "password", text, &mut counting).expect("it seals")
}

fn opened(sealed: &[u8]) -> Vec<u8> {
    message::open(&Key::parse(".Apassword").expect("a key"), sealed).expect("it opens")
}

/// What is decided on has 64 bytes.
#[test]
fn both_versions_open_around_what_decides() {
    for length in [0, 1, 15, 16, 17, 47, 48, 49, 62, 63, 64, 65, 66, 79, 80, 81, 1000] {
        let text = "x".repeat(length);
        for version in [Version::Cbc, Version::Ctr] {
            assert_eq!(
                opened(&sealed(version, text.as_bytes())),
                text.as_bytes(),
                "{version:?} of {length}"
            );
        }
    }
}

#[test]
fn a_character_may_be_cut_where_it_is_decided() {
    for before in 58..=66 {
        for character in ["ä", "€", "🔑"] {
            let text = format!("{}{character}{}", "x".repeat(before), "y".repeat(40));
            for version in [Version::Cbc, Version::Ctr] {
                assert_eq!(
                    opened(&sealed(version, text.as_bytes())),
                    text.as_bytes(),
                    "{character} at {before}"
                );
            }
        }
    }
}

/// The rule knows version 1 by its text: what is none there is taken for version 2.
#[test]
fn what_is_no_text_is_of_version_2() {
    for at in [0, 47, 48, 63] {
        for length in [64, 65, 200] {
            let mut binary = vec![b'x'; length];
            binary[at] = 0xff;
            assert_eq!(opened(&sealed(Version::Ctr, &binary)), binary);
            let one = sealed(Version::Cbc, &binary);
            let as_two = envelope::open(Version::Ctr, "password", &one);
            assert_eq!(Ok(opened(&one)), as_two, "{length} bytes with no text at {at}");
        }
    }
    // Beyond, nothing is looked at: the text is given out by then.
    let mut late = vec![b'x'; 200];
    late[64] = 0xff;
    assert_eq!(opened(&sealed(Version::Cbc, &late)), late);
}

#[test]
fn a_cut_message_of_version_1_is_refused_where_its_version_is_known() {
    let one = sealed(Version::Cbc, &[b'x'; 200]);
    let open = |end: usize| message::open(&Key::parse(".Apassword").expect("a key"), &one[..end]);
    assert!(open(one.len()).is_ok());
    assert!(open(one.len() - 1).is_err() && open(one.len() - 16).is_err());
}

proptest! {
    #[test]
    fn pieces_make_no_difference(text in "\\PC{0,90}", binary in any::<Vec<u8>>(), size in 1..100_usize) {
        for (version, text) in [(Version::Cbc, text.as_bytes()), (Version::Ctr, text.as_bytes()), (Version::Ctr, &binary[..])] {
            let (opened, _) = in_pieces(Form::Message, ".Apassword", &sealed(version, text), size).expect("it opens");
            prop_assert_eq!(opened, text, "{:?}", version);
        }
    }
}
