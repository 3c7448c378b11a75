//! Messages and files of any bytes, under any key and in any pieces: they open or are refused, and in pieces as in one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xq_fuzz::input::Input;
use xq_sealing::{Error, Form, Key, Opener, ROOM, message};

fuzz_target!(|bytes: &[u8]| {
    let mut input = Input::new(bytes);
    let form = if input.byte().is_multiple_of(2) {
        Form::Message
    } else {
        Form::File
    };
    let size = usize::from(input.byte()) + 1;
    let Ok(key) = std::str::from_utf8(input.bytes()) else {
        return;
    };
    let sealed = input.rest();
    let Ok(key) = Key::parse(key) else { return };
    let whole = opened(form, &key, sealed, usize::MAX, sealed.len() + 2 * ROOM);
    let pieces = opened(form, &key, sealed, size, ROOM + size);
    assert_eq!(pieces, whole);
    if let Ok((text, _)) = &whole {
        assert!(text.len() <= sealed.len());
    }
    if form == Form::Message {
        // In one piece, a frame under .2 may be CTR too.
        match (message::open(&key, sealed), whole) {
            (Ok(text), Ok((whole, _))) => assert_eq!(text, whole),
            (Ok(_), Err(refused)) => assert!(matches!(refused, Error::Crypto(_))),
            (Err(Error::Crypto(_)), whole) => assert!(matches!(whole, Err(Error::Crypto(_)))),
            (Err(one), whole) => assert_eq!(Err(one), whole.map(drop)),
        }
    }
});

type Opened = (Vec<u8>, Option<Vec<u8>>);

/// What comes out in pieces of `size` with an output of `room`.
fn opened(form: Form, key: &Key, sealed: &[u8], size: usize, room: usize) -> Result<Opened, Error> {
    let mut opener = Opener::new(form);
    opener.set_key(key.clone())?;
    let (mut text, mut output) = (Vec::new(), vec![0; room]);
    for mut piece in sealed.chunks(size) {
        while !piece.is_empty() {
            let progress = opener.update(piece, &mut output)?;
            assert!(progress.taken > 0, "each call takes something in");
            text.extend_from_slice(&output[..progress.made]);
            piece = &piece[progress.taken..];
        }
    }
    let last = opener.finish(&mut output)?;
    text.extend_from_slice(&output[..last]);
    Ok((text, opener.name().map(<[u8]>::to_vec)))
}
