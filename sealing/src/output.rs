//! Where what comes out goes.

/// The least room, in bytes, that an output must have: what is held back from one call may come out in the next.
pub const ROOM: usize = 128;

/// How far one call came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the input that were taken in.
    pub taken: usize,
    /// Bytes of the output that were written.
    pub made: usize,
}

/// A slice that is filled from its beginning.
pub(crate) struct Output<'a> {
    bytes: &'a mut [u8],
    pub(crate) made: usize,
}

impl<'a> Output<'a> {
    pub(crate) fn new(bytes: &'a mut [u8]) -> Self {
        Output { bytes, made: 0 }
    }

    /// Bytes that still fit.
    pub(crate) fn room(&self) -> usize {
        self.bytes.len() - self.made
    }

    /// The next `length` bytes, to be written. At most [`Output::room`] are there.
    pub(crate) fn next(&mut self, length: usize) -> &mut [u8] {
        let begin = self.made;
        self.made += length;
        &mut self.bytes[begin..self.made]
    }

    /// Writes `bytes`, which fit.
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        self.next(bytes.len()).copy_from_slice(bytes);
    }
}
