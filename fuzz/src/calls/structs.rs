//! The structs that calls are given, with what they point to.

use std::ffi::c_void;
use std::mem::offset_of;
use std::process::abort;
use std::{ptr, slice};

use crate::c;
use crate::input::{Input, List, Text};

/// A struct that begins with its size: of that many bytes, or of as many as there are of it, wherever it is aligned.
pub(super) struct Sized {
    block: Box<[u8]>,
    offset: usize,
}

impl Sized {
    /// `T` is a C struct whose first field is its size.
    pub(super) fn new<T>(i: &mut Input, fill: impl FnOnce(&mut T)) -> Self
    where
        T: Default,
    {
        let (shape, offset) = (i.byte(), usize::from(i.byte() & 7));
        let mut full = T::default();
        fill(&mut full);
        let size = if shape == 0 {
            size_of::<T>()
        } else {
            i.integer() as usize
        };
        // SAFETY: a C struct of integers and pointers without gaps but those that `write_bytes` filled.
        let bytes = unsafe { slice::from_raw_parts((&raw const full).cast::<u8>(), size_of::<T>()) };
        let there = size.clamp(size_of::<usize>(), size_of::<T>());
        let mut block = vec![0; offset + there];
        block[offset..].copy_from_slice(&bytes[..there]);
        block[offset..offset + size_of::<usize>()].copy_from_slice(&size.to_ne_bytes());
        Sized {
            block: block.into_boxed_slice(),
            offset,
        }
    }

    pub(super) fn pointer<T>(&self) -> *const T {
        self.block[self.offset..].as_ptr().cast()
    }
}

/// A struct as its own function sets it.
fn fresh<T>(init: unsafe extern "C" fn(*mut T, usize)) -> T {
    let mut place = std::mem::MaybeUninit::zeroed();
    // SAFETY: zeroes are valid for integers, pointers and functions that may be NULL, and there is room for the struct.
    unsafe {
        init(place.as_mut_ptr(), size_of::<T>());
        place.assume_init()
    }
}

impl Default for c::PacketOptions {
    fn default() -> Self {
        fresh(c::xq_packet_options_init)
    }
}

impl Default for c::PacketRow {
    fn default() -> Self {
        fresh(c::xq_packet_row_init)
    }
}

impl Default for c::SealOptions {
    fn default() -> Self {
        fresh(c::xq_seal_options_init)
    }
}

impl Default for c::NewContact {
    fn default() -> Self {
        fresh(c::xq_new_contact_init)
    }
}

impl Default for c::Request {
    fn default() -> Self {
        fresh(c::xq_request_init)
    }
}

/// Options and what they point to.
pub(super) struct Options {
    options: Option<Sized>,
    texts: [Text; 3],
    _labels: List,
}

impl Options {
    pub(super) fn new(i: &mut Input) -> Self {
        let texts = [i.text(), i.text(), i.text()];
        let labels = i.list();
        let given = i.byte();
        let options = (given != 0).then(|| {
            let (type_number, expires_hours) = (i.int32(), i.integer());
            Sized::new(i, |options: &mut c::PacketOptions| {
                options.kind = texts[0].pointer();
                options.type_number = type_number;
                options.expires_hours = expires_hours;
                options.subject = texts[1].pointer();
                options.meta = texts[2].pointer();
                options.labels = labels.pointer();
                options.label_count = labels.count();
            })
        });
        Options {
            options,
            texts,
            _labels: labels,
        }
    }

    pub(super) fn pointer(&self) -> *const c::PacketOptions {
        self.options.as_ref().map_or(ptr::null(), Sized::pointer)
    }

    /// The texts that the call reads.
    pub(super) fn texts(&self) -> Vec<&Text> {
        self.options.iter().flat_map(|_| &self.texts).collect()
    }
}

/// A row's texts and lists, which it points to.
struct Row {
    key: Text,
    recipients: List,
    texts: [Text; 4],
    labels: List,
    numbers: (i32, i64),
}

impl Row {
    pub(super) fn read(i: &mut Input) -> Self {
        Row {
            key: i.text(),
            recipients: i.list(),
            texts: [i.text(), i.text(), i.text(), i.text()],
            labels: i.list(),
            numbers: (i.int32(), i.integer()),
        }
    }

    pub(super) fn fill(&self, row: &mut c::PacketRow) {
        row.key = self.key.pointer();
        row.recipients = self.recipients.pointer();
        row.recipient_count = self.recipients.count();
        row.kind = self.texts[0].pointer();
        (row.type_number, row.expires) = self.numbers;
        row.unit = self.texts[1].pointer();
        row.title = self.texts[2].pointer();
        row.meta = self.texts[3].pointer();
        row.labels = self.labels.pointer();
        row.label_count = self.labels.count();
    }
}

/// Rows, and the structs that point into them.
pub(super) struct Rows {
    rows: Vec<Row>,
    structs: Option<Box<[c::PacketRow]>>,
}

impl Rows {
    pub(super) fn read(i: &mut Input) -> Self {
        let count = i.byte();
        let rows: Vec<Row> = (0..count % 8).map(|_| Row::read(i)).collect();
        let mut structs: Vec<c::PacketRow> = rows.iter().map(|_| c::PacketRow::default()).collect();
        for (row, place) in rows.iter().zip(&mut structs) {
            row.fill(place);
            if i.byte() != 0 {
                place.size = i.integer() as usize;
            }
        }
        let structs = (count != 255).then(|| structs.into_boxed_slice());
        Rows { rows, structs }
    }

    pub(super) fn pointer(&self) -> *const c::PacketRow {
        self.structs.as_ref().map_or(ptr::null(), |structs| structs.as_ptr())
    }

    pub(super) fn count(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn keys(&self) -> Option<Vec<String>> {
        self.rows.iter().map(|row| row.key.get().map(str::to_owned)).collect()
    }

    /// Those of all rows, one after another.
    pub(super) fn recipients(&self) -> Option<Vec<String>> {
        let all: Option<Vec<_>> = self.rows.iter().map(|row| row.recipients.get()).collect();
        Some(all?.concat())
    }
}

/// The options of sealing and what they point to.
pub(super) struct SealOptions {
    options: Option<Sized>,
    texts: [Text; 3],
    packet: Options,
    _left: Box<u8>,
}

/// `xq_progress_t`; `context` is how often work may go on.
unsafe extern "C" fn progress(context: *mut c_void, done: u64, total: u64) -> i32 {
    // SAFETY: the options have a byte there, and live longer than the call.
    let left = unsafe { &mut *context.cast::<u8>() };
    if done > total {
        eprintln!("{done} bytes of {total} are done");
        abort();
    }
    match left {
        0 => 1,
        255 => 0,
        more => {
            *more -= 1;
            0
        }
    }
}

impl SealOptions {
    pub(super) fn new(i: &mut Input) -> Self {
        let texts = [i.text(), i.text(), i.text()];
        let packet = Options::new(i);
        let mut left = Box::new(0);
        let options = (i.byte() != 0).then(|| {
            let (algorithm, flags) = (i.int32(), i.byte());
            *left = i.byte();
            let context = &raw mut *left;
            Sized::new(i, |options: &mut c::SealOptions| {
                options.algorithm = algorithm;
                options.repeat_pad = i32::from(flags & 1);
                options.overwrite = i32::from(flags & 2);
                options.key = texts[0].pointer();
                options.locator = texts[1].pointer();
                options.name = texts[2].pointer();
                options.packet = packet.pointer();
                options.progress = (flags & 4 != 0).then_some(progress as c::Progress);
                options.progress_context = context.cast();
            })
        });
        SealOptions {
            options,
            texts,
            packet,
            _left: left,
        }
    }

    pub(super) fn pointer(&self) -> *const c::SealOptions {
        self.options.as_ref().map_or(ptr::null(), Sized::pointer)
    }

    /// The texts that the call reads.
    pub(super) fn texts(&self) -> Vec<&Text> {
        let own = self.options.iter().flat_map(|_| &self.texts);
        let of_packet = self.options.iter().flat_map(|_| self.packet.texts());
        own.chain(of_packet).collect()
    }
}

// A struct that grows must grow at its end.
const _: () = assert!(offset_of!(c::PacketOptions, size) == 0 && offset_of!(c::PacketRow, size) == 0);
const _: () = assert!(offset_of!(c::SealOptions, size) == 0 && offset_of!(c::Request, size) == 0);
const _: () = assert!(offset_of!(c::NewContact, size) == 0);
