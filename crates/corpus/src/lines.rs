//! Lines of a stream, none of which is held in memory past a limit.

use std::io::{self, BufRead, Read};

/// Where a line stands; its bytes are in the buffer that was lent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// From 1.
    pub(crate) number: u64,
    /// Its first byte.
    pub(crate) offset: u64,
    /// Bytes without the line break.
    pub(crate) length: u64,
    /// Whether it is over the limit, so that the buffer does not hold it.
    pub(crate) too_long: bool,
}

/// Where the next line starts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cursor {
    pub(crate) number: u64,
    pub(crate) offset: u64,
}

/// Reads the next line into `buffer`, without its line break; `None` at the end.
pub(crate) fn next_line(
    input: &mut dyn BufRead,
    cursor: &mut Cursor,
    limit: u64,
    buffer: &mut Vec<u8>,
) -> io::Result<Option<Line>> {
    buffer.clear();
    let mut length = 0;
    let mut ended = false;
    while !ended {
        let available = match input.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() {
            if length == 0 {
                return Ok(None);
            }
            break;
        }
        let end = memchr::memchr(b'\n', available);
        let part = &available[..end.unwrap_or(available.len())];
        length += part.len() as u64;
        // One byte over the limit may be the `\r` of a line break.
        if length <= limit + 1 {
            buffer.extend_from_slice(part);
        }
        ended = end.is_some();
        let used = part.len() + usize::from(ended);
        input.consume(used);
    }
    let offset = cursor.offset;
    cursor.number += 1;
    cursor.offset += length + u64::from(ended);
    if ended && buffer.len() as u64 == length && buffer.last() == Some(&b'\r') {
        buffer.pop();
        length -= 1;
    }
    let too_long = length > limit;
    if too_long {
        *buffer = Vec::new();
    }
    Ok(Some(Line { number: cursor.number, offset, length, too_long }))
}

/// Reads all that is left into `buffer`; over the limit it is passed over instead. Gives its length in bytes.
pub(crate) fn rest(input: &mut dyn BufRead, limit: u64, buffer: &mut Vec<u8>) -> io::Result<u64> {
    buffer.clear();
    input.take(limit + 1).read_to_end(buffer)?;
    if buffer.len() as u64 <= limit {
        return Ok(buffer.len() as u64);
    }
    let held = std::mem::take(buffer).len() as u64;
    Ok(held + io::copy(input, &mut io::sink())?)
}
