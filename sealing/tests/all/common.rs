//! The vectors, and opening in pieces.

use serde_json::Value;
use xq_sealing::{Error, Form, Key, Opener, ROOM};

/// A row of the vectors.
#[derive(Clone)]
pub struct Vector {
    pub what: String,
    pub algorithm: String,
    pub key: String,
    pub sealed: Vec<u8>,
    pub text: Vec<u8>,
    pub name: Option<Vec<u8>>,
}

pub fn messages() -> Vec<Vector> {
    rows(&sealed()["messages"])
}

pub fn files() -> Vec<Vector> {
    rows(&sealed()["files"])
}

pub fn broken() -> Vec<(Form, Vector)> {
    let rows: Vec<Value> = serde_json::from_str(include_str!("../../../tests/vectors/broken_sealed.json")).unwrap();
    let form = |row: &Value| {
        if row["kind"] == "file" {
            Form::File
        } else {
            Form::Message
        }
    };
    rows.iter().map(|row| (form(row), vector(row))).collect()
}

fn sealed() -> Value {
    serde_json::from_str(include_str!("../../../tests/vectors/sealed.json")).expect("the vectors parse")
}

fn rows(value: &Value) -> Vec<Vector> {
    value.as_array().expect("a list").iter().map(vector).collect()
}

fn vector(row: &Value) -> Vector {
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let content = if row["text_hex"].is_string() {
        "text_hex"
    } else {
        "content_hex"
    };
    Vector {
        what: format!(
            "{} {} {} {}",
            text("made_by"),
            text("form"),
            text("algorithm"),
            text("what")
        ),
        algorithm: text("algorithm"),
        key: text("key"),
        sealed: bytes(&text("sealed_hex")),
        text: bytes(&text(content)),
        name: row["file_name"].as_str().map(|name| name.as_bytes().to_vec()),
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal digits");
    (0..hex.len()).step_by(2).map(digit).collect()
}

/// [`in_pieces_and_room`] with the least output.
pub fn in_pieces(form: Form, key: &str, sealed: &[u8], size: usize) -> Result<(Vec<u8>, Option<Vec<u8>>), Error> {
    in_pieces_and_room(form, key, sealed, size, ROOM)
}

/// Opens as a program does that gets `size` bytes at a time, with a key only once it is asked for, and an output of `room`.
pub fn in_pieces_and_room(
    form: Form,
    key: &str,
    sealed: &[u8],
    size: usize,
    room: usize,
) -> Result<(Vec<u8>, Option<Vec<u8>>), Error> {
    let mut opener = Opener::new(form);
    let mut key = Some(Key::parse(key)?);
    let mut text = Vec::new();
    let mut output = vec![0; room];
    for piece in sealed.chunks(size) {
        let mut piece = piece;
        while !piece.is_empty() {
            let progress = opener.update(piece, &mut output)?;
            assert!(progress.taken > 0, "each call does something");
            text.extend_from_slice(&output[..progress.made]);
            piece = &piece[progress.taken..];
            if opener.wants_key() {
                opener.set_key(key.take().expect("it asks once"))?;
            }
        }
    }
    if let Some(key) = key.take() {
        opener.set_key(key)?;
    }
    let last = opener.finish(&mut output)?;
    text.extend_from_slice(&output[..last]);
    let name = opener.name().map(<[u8]>::to_vec);
    Ok((text, name))
}
