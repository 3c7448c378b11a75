//! Files: from file to file, whatever their size, in constant memory.

use std::path::{Path, PathBuf};

use xq_sealing::{Form, Key, LOCATOR_AT, Opener, ROOM, Sealer, Target, harmless};
use zeroize::Zeroizing;

use super::message::fetch_key;
use super::options::{Plan, SealOptions};
use super::source::{CHUNK, Source};
use crate::api::Api;
use crate::check;
use crate::error::{Error, Kind, printable};
use crate::new_file::NewFile;
use crate::platform;
use crate::secret::Secret;
use crate::subscription::key_management::PacketType;

/// What came out of a file.
#[derive(Debug)]
pub struct OpenedFile {
    /// The name in it: somebody else's word, perhaps a whole path. `None` where there is none, or none that is text.
    pub name: Option<Secret>,
    /// Where it is now.
    pub path: String,
}

/// The file `input` sealed for `recipients` as the file `output`: a key is made, and stored once the file is sealed.
///
/// # Errors
///
/// [`Kind::File`]: a file cannot be read or written, or `output` is there already. [`Kind::Canceled`]. Else those of
/// [`super::message::encrypt_auto`].
pub fn encrypt_file(
    api: Option<&Api>,
    input: &str,
    output: &str,
    recipients: &[&str],
    options: &SealOptions,
) -> Result<(), Error> {
    let mut packet = options.packet;
    packet.packet_type = packet.packet_type.or(Some(PacketType::Name("file")));
    let options = &SealOptions { packet, ..*options };
    let plan = Plan::of(api, recipients, options)?;
    let locator = plan.locator().ok_or_else(|| {
        Error::invalid(
            "a file's key is given without its locator token; expected that too, or recipients to store it for",
        )
    })?;
    check::not_empty("input's path", input)?;
    check::not_empty("output's path", output)?;
    let mut source = Source::open(input, options.progress, api.map(|api| &*api.operation))?;
    let name = match options.name {
        Some(name) => name,
        None => last_component(input),
    };
    let longest = source.size.max(name.len() as u64);
    let algorithm = plan.algorithm(options, longest)?;
    let mut target = NewFile::create(Path::new(output), options.overwrite, Some(source.origin()))?;
    let key = plan.key(algorithm, longest)?;
    let mut sealer = Sealer::new(
        &Key::parse(key.as_str())?,
        Target::File { locator, name },
        options.repeat_pad,
        &mut platform::random,
    )?;
    let mut sealed = vec![0; CHUNK];
    while let Some(mut chunk) = source.next()? {
        while !chunk.is_empty() {
            let progress = sealer.update(chunk, &mut sealed)?;
            target.write(&sealed[..progress.made])?;
            chunk = &chunk[progress.taken..];
        }
    }
    let last = sealer.finish(&mut sealed)?;
    target.write(&sealed[..last])?;
    target.flush()?;
    match plan.store(&key, recipients, &options.packet)? {
        None => target.finish(),
        Some(locator) => {
            let named = target.overwrite(LOCATOR_AT as u64, locator.as_str().as_bytes());
            named
                .and_then(|()| target.finish())
                .map_err(|e| plan.take_back(&locator, e))
        }
    }
}

/// The sealed file `input` opened as `output`, or under its own name where that is a folder.
///
/// # Errors
///
/// [`Kind::File`]: a file cannot be read or written, or is there already. [`Kind::InvalidArgument`]: it is no sealed file.
/// [`Kind::Crypto`]: it does not open. [`Kind::Canceled`]. Those of [`Api::get_packet`].
pub fn decrypt_file(api: Option<&Api>, input: &str, output: &str, options: &SealOptions) -> Result<OpenedFile, Error> {
    let refused = |e: xq_sealing::Error| Error::from(e).in_words(|why| format!("{}: {why}", printable(input)));
    check::not_empty("input's path", input)?;
    check::not_empty("output's path", output)?;
    let mut source = Source::open(input, options.progress, api.map(|api| &*api.operation))?;
    // Where it goes is known without its name, unless it goes into a folder: before a key is fetched that may be given once.
    let create = |path: &Path, source: &Source| NewFile::create(path, options.overwrite, Some(source.origin()));
    let known = Path::new(output);
    let known = match known.is_dir() {
        true => None,
        false => Some(create(known, &source)?),
    };
    let front = source.next()?.unwrap_or_default();
    xq_sealing::locator(front).map_err(refused)?;
    let key = match options.key {
        Some(key) => Secret::from(key),
        None => fetch_key(api, front, options.locator)?,
    };
    let mut opener = Opener::new(Form::File);
    opener.set_key(Key::parse(key.as_str())?)?;
    let mut text = Zeroizing::new(vec![0; CHUNK + ROOM]);
    let mut made = opener.update(front, &mut text).map_err(refused)?.made;
    if !opener.is_past_front() {
        opener.finish(&mut text).map_err(refused)?;
    }
    let name = opener.name().and_then(|name| std::str::from_utf8(name).ok());
    let name = name.filter(|name| !name.contains('\0')).map(Secret::from);
    let mut target = match known {
        Some(target) => target,
        None => create(&place(output, name.as_ref())?, &source)?,
    };
    target.write(&text[..made])?;
    while let Some(chunk) = source.next()? {
        made = opener.update(chunk, &mut text).map_err(refused)?.made;
        target.write(&text[..made])?;
    }
    let last = opener.finish(&mut text).map_err(refused)?;
    target.write(&text[..last])?;
    let path = target.path().to_string_lossy().into_owned();
    target.finish()?;
    Ok(OpenedFile { name, path })
}

/// Where an opened file goes in a folder: under its own name made harmless.
fn place(folder: &str, name: Option<&Secret>) -> Result<PathBuf, Error> {
    match name {
        Some(name) => Ok(Path::new(folder).join(harmless(name.as_str()))),
        None => Err(Error::new(
            Kind::File,
            "the file has no name in it, or none that is UTF-8 text; expected the path of a file for the output, not a folder",
        )),
    }
}

fn last_component(path: &str) -> &str {
    let name = Path::new(path).file_name().and_then(|name| name.to_str());
    name.unwrap_or_default()
}
