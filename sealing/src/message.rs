//! A message in one piece.

use alloc::vec::Vec;
use core::mem;

use zeroize::Zeroizing;

use crate::Random;
use crate::error::Error;
use crate::frame;
use crate::key::{Algorithm, Key, Kind};
use crate::opener::{Form, Opener};
use crate::output::ROOM;
use crate::sealer::{Sealer, Target};

/// `text` sealed under `key`, with `locator` in front where there is one. `repeat`: a pad that is shorter is used again.
///
/// # Errors
///
/// As for [`Sealer::new`] and [`Sealer::update`].
pub fn seal(key: &Key, locator: Option<&str>, text: &[u8], repeat: bool, random: Random) -> Result<Vec<u8>, Error> {
    if key.algorithm()? == Algorithm::Otp && !repeat {
        key.covers(text.len() as u64)?;
    }
    let target = locator.map_or(Target::Bare, Target::Framed);
    let mut sealer = Sealer::new(key, target, repeat, random)?;
    let mut sealed = alloc::vec![0; sealer.left_to_write() + text.len()];
    let progress = sealer.update(text, &mut sealed)?;
    let last = sealer.finish(&mut sealed[progress.made..])?;
    debug_assert_eq!((progress.taken, progress.made + last), (text.len(), sealed.len()));
    Ok(sealed)
}

/// The text of a message, framed or bare, and whole or not at all.
///
/// # Errors
///
/// [`Error::Foreign`]: it is no message. [`Error::Crypto`]: it does not open.
pub fn open(key: &Key, sealed: &[u8]) -> Result<Vec<u8>, Error> {
    let is_framed = frame::locator(sealed).is_ok();
    let opened = open_as(Opener::new(Form::Message), key, sealed);
    match opened {
        // A frame under .2 whose tag is not that of GCM is CTR.
        Err(Error::Crypto(_)) if is_framed && key.kind == Some(Kind::Modern(Algorithm::Ctr)) => {
            open_as(Opener::new(Form::Message).with_framed_ctr(), key, sealed)
        }
        opened => opened,
    }
}

fn open_as(mut opener: Opener, key: &Key, sealed: &[u8]) -> Result<Vec<u8>, Error> {
    opener.set_key(key.clone())?;
    let mut text = Zeroizing::new(alloc::vec![0; sealed.len() + 2 * ROOM]);
    let progress = opener.update(sealed, &mut text)?;
    debug_assert_eq!(progress.taken, sealed.len());
    let last = opener.finish(&mut text[progress.made..])?;
    text.truncate(progress.made + last);
    Ok(mem::take(&mut text))
}
