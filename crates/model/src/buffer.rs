//! Memory that is used again.

/// `len` numbers of the buffer, whatever they were. It is never made shorter, for what is put back again would have to be
/// cleared.
pub fn sized(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    if buffer.len() < len {
        buffer.resize(len, 0.0);
    }
    &mut buffer[..len]
}
