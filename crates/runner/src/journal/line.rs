//! Lines of a journal, each with a checksum before it.

use serde::Serialize;
use serde_json::Value;

/// Hexadecimal digits of the checksum.
const DIGITS: usize = 8;

/// A value as a line: the CRC-32 of its JSON, a space, the JSON, a line break.
pub(super) fn line(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).expect("lines of a journal are plain text and numbers");
    format!("{:0DIGITS$x} {json}\n", crc32fast::hash(json.as_bytes()))
}

/// What a journal holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lines {
    /// The whole lines.
    pub(super) values: Vec<Value>,
    /// Bytes of them; what follows is a line that was being written.
    pub(super) length: u64,
}

/// Reads the lines of a journal; the last one may be torn. `Err` is the number, from 1, of a line that is damaged though others
/// follow it.
pub(super) fn lines(journal: &[u8]) -> Result<Lines, usize> {
    let mut lines = Lines { values: Vec::new(), length: 0 };
    let mut parts = journal.split_inclusive(|&byte| byte == b'\n');
    for (number, part) in (1..).zip(parts.by_ref()) {
        let Some(value) = value(part) else {
            // A line is on the disk before the next one is begun, so no whole one can follow a torn one.
            return if parts.any(|later| self::value(later).is_some()) { Err(number) } else { Ok(lines) };
        };
        lines.values.push(value);
        lines.length += part.len() as u64;
    }
    Ok(lines)
}

fn value(line: &[u8]) -> Option<Value> {
    let (checksum, json) = line.strip_suffix(b"\n")?.split_at_checked(DIGITS + 1)?;
    let checksum = std::str::from_utf8(checksum).ok()?.strip_suffix(' ')?;
    let is_whole = u32::from_str_radix(checksum, 16).ok()? == crc32fast::hash(json);
    if is_whole { serde_json::from_slice(json).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{Lines, line, lines};

    #[test]
    fn a_torn_last_line_is_no_line() {
        let whole = line(&"a") + &line(&"b");
        for torn in 0..whole.len() {
            let read = lines(&whole.as_bytes()[..torn]).unwrap();
            assert_eq!((read.values.len(), read.length), if torn < 13 { (0, 0) } else { (1, 13) });
        }
        assert_eq!(
            lines(whole.as_bytes()),
            Ok(Lines { values: vec!["a".into(), "b".into()], length: whole.len() as u64 })
        );
    }

    /// Each bit of a journal of three lines, flipped: what is read is whole, and only the end can be missing.
    #[test]
    fn a_damaged_line_is_found() {
        let whole = ["a", "b", "c"].map(|value| line(&value)).concat();
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut damaged = whole.clone().into_bytes();
                damaged[at] ^= 1 << bit;
                match lines(&damaged) {
                    Err(number) => assert_eq!(number, at / 13 + 1),
                    Ok(read) => {
                        let is_prefix = ["a", "b", "c"][..read.values.len()] == read.values[..];
                        assert!(is_prefix && read.values.len() >= at / 13, "{at}.{bit}: {read:?}");
                    }
                }
            }
        }
    }
}
