//! Random bytes fit for keys, from the operating system.

/// Fills `bytes`.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), xq_sealing::Error> {
    getrandom::fill(bytes).map_err(|_| xq_sealing::Error::NoRandom)
}
