//! A connection's buffers, which keep nothing of what went through them: requests and replies hold keys.

use ureq::unversioned::transport::Buffers;
use zeroize::{Zeroize, Zeroizing};

/// Largest head of a reply, in bytes.
pub(super) const MAX_HEAD_BYTES: usize = 16 * 1024;
/// A connection's buffers, in bytes: room for a whole head and more, so that one too large is seen to be that; and for
/// the longest line of a request after what is sent together.
pub(super) const INPUT_BYTES: usize = MAX_HEAD_BYTES + 4 * 1024;
const OUTPUT_BYTES: usize = SENT_TOGETHER + 16 * 1024;
/// A request up to this size leaves in one write, in bytes.
pub(super) const SENT_TOGETHER: usize = 8 * 1024;

/// What is still to be sent goes on where the last part ended, so that a request's head and body leave together.
#[derive(Default)]
pub(super) struct WipedBuffers {
    input: Zeroizing<Vec<u8>>,
    /// `input[taken..filled]` is what has come and is not consumed.
    taken: usize,
    filled: usize,
    progress: bool,
    output: Zeroizing<Vec<u8>>,
    /// `output[..pending]` is still to be sent.
    pending: usize,
}

impl WipedBuffers {
    pub(super) fn add_pending(&mut self, amount: usize) {
        self.pending += amount;
    }

    pub(super) fn pending(&self) -> &[u8] {
        &self.output[..self.pending]
    }

    /// What was pending has been sent.
    pub(super) fn clear_pending(&mut self) {
        self.output[..self.pending].zeroize();
        self.pending = 0;
    }

    fn make_room(&mut self) {
        if self.input.is_empty() {
            self.input.resize(INPUT_BYTES, 0);
        }
        if self.taken > 0 {
            self.input.copy_within(self.taken..self.filled, 0);
            let moved = self.filled - self.taken;
            self.input[moved..self.filled].zeroize();
            (self.taken, self.filled) = (0, moved);
        }
    }
}

impl Buffers for WipedBuffers {
    fn output(&mut self) -> &mut [u8] {
        if self.output.is_empty() {
            self.output.resize(OUTPUT_BYTES, 0);
        }
        &mut self.output[self.pending..]
    }

    fn input(&self) -> &[u8] {
        &self.input[self.taken..self.filled]
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        self.make_room();
        &mut self.input[self.filled..]
    }

    fn input_appended(&mut self, amount: usize) {
        self.filled += amount;
    }

    fn input_consume(&mut self, amount: usize) {
        self.progress = amount > 0;
        self.input[self.taken..self.taken + amount].zeroize();
        self.taken += amount;
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        self.make_room();
        self.output();
        (&mut self.input[self.filled..], &mut self.output[self.pending..])
    }

    fn can_use_input(&self) -> bool {
        self.taken < self.filled && self.progress
    }
}
