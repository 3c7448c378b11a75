//! What other XQ programs sealed opens, in one piece and in pieces; what is broken does not.

use crate::common::{Vector, broken, files, in_pieces, messages};
use xq_sealing::{Error, Form, Key, message};

#[test]
fn messages_of_other_programs_open() {
    let rows = messages();
    assert_eq!(rows.len(), 78);
    for row in rows {
        let key = Key::parse(&row.key).expect("the key is one");
        assert_eq!(message::open(&key, &row.sealed), Ok(row.text.clone()), "{}", row.what);
        for size in [1, 7, 64, 100_000] {
            let (text, _) = in_pieces(Form::Message, &row.key, &row.sealed, size).expect("it opens in pieces");
            assert_eq!(text, row.text, "{} in pieces of {size}", row.what);
        }
    }
}

#[test]
fn files_of_other_programs_open() {
    let rows = files();
    assert_eq!(rows.len(), 45);
    for row in rows {
        for size in [1, 7, 64, 100_000] {
            let (content, name) = in_pieces(Form::File, &row.key, &row.sealed, size).expect("it opens");
            assert_eq!(content, row.text, "{} in pieces of {size}", row.what);
            assert_eq!(name, row.name, "{}", row.what);
        }
    }
}

/// Java's files are an envelope of version 1 behind a big-endian front, without a name.
#[test]
fn files_of_java_open() {
    let envelopes: Vec<Vector> = messages().into_iter().filter(|row| row.algorithm == "AES").collect();
    assert_eq!(envelopes.len(), 7);
    for row in envelopes {
        let file = [&43_u32.to_be_bytes()[..], &[b'a'; 43], &row.sealed].concat();
        for size in [1, 100_000] {
            let (content, name) = in_pieces(Form::File, &row.key, &file, size).expect("it opens");
            assert_eq!(
                (content, name),
                (row.text.clone(), None),
                "{} in pieces of {size}",
                row.what
            );
        }
    }
}

#[test]
fn what_is_broken_is_refused() {
    let rows = broken();
    assert_eq!(rows.len(), 39);
    for (form, row) in rows {
        let refused = open(form, &row).expect_err(&row.what);
        assert!(
            matches!(refused, Error::Foreign(_) | Error::Crypto(_)),
            "{}: {refused}",
            row.what
        );
        assert!(!refused.to_string().contains(&row.key), "{}", row.what);
    }
}

/// Where the algorithm has a tag or a padding, no cut goes unnoticed, and nowhere does one in front of the body.
#[test]
fn every_cut_is_refused() {
    let whole = |row: &&Vector| matches!(&*row.algorithm, "GCM") && row.sealed.len() < 400;
    for (form, rows) in [(Form::Message, messages()), (Form::File, files())] {
        for row in rows.iter().filter(whole) {
            for end in 0..row.sealed.len() {
                let cut = Vector {
                    sealed: row.sealed[..end].to_vec(),
                    ..row.clone()
                };
                assert!(open(form, &cut).is_err(), "{} cut at {end}", row.what);
            }
        }
    }
}

#[test]
fn a_file_that_is_cut_in_front_of_its_body_is_refused() {
    for row in files().iter().filter(|row| row.name.is_some()) {
        let length = u32::from_le_bytes(row.sealed[47..51].try_into().expect("four bytes")) as usize;
        for end in 0..51 + length {
            let cut = Vector {
                sealed: row.sealed[..end].to_vec(),
                ..row.clone()
            };
            assert!(open(Form::File, &cut).is_err(), "{} cut at {end}", row.what);
        }
    }
}

fn open(form: Form, row: &Vector) -> Result<Vec<u8>, Error> {
    match form {
        Form::Message => message::open(&Key::parse(&row.key)?, &row.sealed),
        Form::File => in_pieces(form, &row.key, &row.sealed, 1000).map(|(content, _)| content),
    }
}
