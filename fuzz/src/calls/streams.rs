//! Sealing and opening chunk by chunk.

use crate::c;
use crate::calls::structs::SealOptions;
use crate::input::{Data, Input};
use crate::places::{Places, owned};
use crate::session::Session;

/// One step of a stream: what goes in, and the places for what comes out.
struct Step {
    data: Data,
    output: Box<[u8]>,
    taken: usize,
    made: usize,
}

impl Step {
    fn read(i: &mut Input) -> Self {
        let data = i.data();
        let room = match i.byte() {
            255 => data.get().len() + 2304,
            254 => data.get().len() + 128,
            few => few.into(),
        };
        Step {
            data,
            output: vec![0; room].into_boxed_slice(),
            taken: usize::MAX,
            made: usize::MAX,
        }
    }

    /// No more was taken than given, and no more made than there is room for; nothing after a failure.
    fn check(&self, status: i32) {
        assert!(self.taken <= self.data.get().len() && self.made <= self.output.len());
        assert!(status == c::OK || (self.taken, self.made) == (0, 0));
    }
}

type Update<T> =
    unsafe extern "C" fn(*mut T, *const u8, usize, *mut usize, *mut u8, usize, *mut usize, *mut *mut c::Error) -> i32;

fn update<T>(s: &mut Session, i: &mut Input, stream: *mut T, update: Update<T>) {
    let mut p = Places::<()>::new(i);
    p.is_null = stream.is_null();
    let mut step = Step::read(i);
    // SAFETY: every pointer is as the header asks, as in all calls below.
    let status = unsafe {
        update(
            stream,
            step.data.pointer(),
            step.data.length(),
            &raw mut step.taken,
            step.output.as_mut_ptr(),
            step.output.len(),
            &raw mut step.made,
            p.error(),
        )
    };
    step.check(status);
    s.check(&p.without_out(status), &[]);
}

type Finish<T> = unsafe extern "C" fn(*mut T, *mut u8, usize, *mut usize, *mut *mut c::Error) -> i32;

fn finish<T>(s: &mut Session, i: &mut Input, stream: *mut T, finish: Finish<T>) {
    let mut p = Places::<()>::new(i);
    p.is_null = stream.is_null();
    let mut step = Step::read(i);
    step.taken = 0;
    let output = step.output.as_mut_ptr();
    // SAFETY: as above.
    let status = unsafe { finish(stream, output, step.output.len(), &raw mut step.made, p.error()) };
    step.check(status);
    s.check(&p.without_out(status), &[]);
}

pub(super) fn sealer(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    p.is_null = false;
    let (key, options) = (i.text(), SealOptions::new(i));
    // SAFETY: as above.
    let status = unsafe { c::xq_sealer_new(key.pointer(), options.pointer(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[&[&key], options.texts().as_slice()].concat());
    for _ in 0..i.byte() % 8 {
        match i.byte() {
            255 => finish(s, i, outcome.out, c::xq_sealer_finish),
            _ => update(s, i, outcome.out, c::xq_sealer_update),
        }
    }
    // SAFETY: NULL, or a sealer that is freed once.
    unsafe { c::xq_sealer_free(outcome.out) };
}

pub(super) fn opener(s: &mut Session, i: &mut Input) {
    let mut p = Places::new(i);
    p.is_null = false;
    let (form, key) = (i.int32(), i.text());
    // SAFETY: as above.
    let status = unsafe { c::xq_opener_new(form, key.pointer(), p.out(), p.error()) };
    let outcome = p.after(status, false);
    s.check(&outcome, &[&key]);
    for _ in 0..i.byte() % 8 {
        match i.byte() {
            255 => finish(s, i, outcome.out, c::xq_opener_finish),
            254 => set_key(s, i, outcome.out),
            _ => update(s, i, outcome.out, c::xq_opener_update),
        }
        look_at(outcome.out);
    }
    // SAFETY: NULL, or an opener that is freed once.
    unsafe { c::xq_opener_free(outcome.out) };
}

fn set_key(s: &mut Session, i: &mut Input, opener: *mut c::Opener) {
    let mut p = Places::<()>::new(i);
    p.is_null = opener.is_null();
    let key = i.text();
    // SAFETY: as above.
    let status = unsafe { c::xq_opener_set_key(opener, key.pointer(), p.error()) };
    s.check(&p.without_out(status), &[&key]);
}

/// What an opener tells of itself at any time; nothing where it is NULL.
fn look_at(opener: *mut c::Opener) {
    // SAFETY: NULL or alive.
    unsafe {
        let wants_key = c::xq_opener_wants_key(opener);
        let texts = [owned(c::xq_opener_locator(opener)), owned(c::xq_opener_name(opener))];
        assert!(matches!(wants_key, 0 | 1));
        assert!(!opener.is_null() || (wants_key, texts) == (0, [None, None]));
    }
}
