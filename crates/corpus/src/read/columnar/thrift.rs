//! Just enough of Thrift's compact protocol to know the sizes that a Parquet file states, without making room for any.
//!
//! The protocol: <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>.

use std::io::{self, BufRead, Read, Seek, Take};

/// Types of fields.
pub(super) const TRUE: u8 = 1;
pub(super) const FALSE: u8 = 2;
const I32: u8 = 5;
pub(super) const LIST: u8 = 9;
pub(super) const STRUCT: u8 = 12;

/// Checks that a field is of the type that it has to be of: the library for Parquet reads it as that whatever it is.
pub(super) fn expect(kind: u8, expected: u8) -> io::Result<()> {
    if kind == expected { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
}

/// Structures within each other that are passed over; those of Parquet are nested four deep.
const DEPTH: u8 = 16;

/// A stretch of bytes that is read forward.
pub(super) struct Thrift<R> {
    input: R,
    left: u64,
}

impl<R: BufRead + Seek> Thrift<R> {
    /// Reads at most `left` bytes.
    pub(super) fn new(input: R, left: u64) -> Self {
        Self { input, left }
    }

    /// Bytes that are still to come.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// Passes over bytes.
    pub(super) fn pass(&mut self, n: u64) -> io::Result<()> {
        self.left = self.left.checked_sub(n).ok_or(io::ErrorKind::UnexpectedEof)?;
        self.input.seek_relative(i64::try_from(n).map_err(|_| io::ErrorKind::UnexpectedEof)?)
    }

    /// The next bytes, all of which are to be read.
    pub(super) fn take(&mut self, n: u64) -> io::Result<Take<&mut R>> {
        self.left = self.left.checked_sub(n).ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok(self.input.by_ref().take(n))
    }

    /// Reads a structure: `each` takes the fields that it wants and says so, the others are passed over.
    /// Each may be there once, in the order of their numbers, as all writers have them.
    pub(super) fn fields(
        &mut self,
        mut each: impl FnMut(&mut Self, i16, u8) -> io::Result<bool>,
    ) -> io::Result<()> {
        let mut id: i16 = 0;
        while let Some((next, kind)) = self.field(id)? {
            if next <= id {
                return Err(io::ErrorKind::InvalidData.into());
            }
            id = next;
            if !each(self, id, kind)? {
                self.skip(kind, DEPTH)?;
            }
        }
        Ok(())
    }

    /// The number in a field of this type, which has to be that of numbers of 32 bits.
    pub(super) fn number_of(&mut self, kind: u8) -> io::Result<i32> {
        expect(kind, I32)?;
        i32::try_from(self.number()?).map_err(|_| io::ErrorKind::InvalidData.into())
    }

    fn number(&mut self) -> io::Result<i64> {
        let zigzag = self.varint()?;
        Ok((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed())
    }

    /// The start of a list: its length, each of whose items takes a byte at least, and their type.
    pub(super) fn list(&mut self) -> io::Result<(u64, u8)> {
        let head = self.byte()?;
        let length = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
        if length > self.left { Err(io::ErrorKind::InvalidData.into()) } else { Ok((length, head & 15)) }
    }

    fn field(&mut self, before: i16) -> io::Result<Option<(i16, u8)>> {
        let head = self.byte()?;
        if head == 0 {
            return Ok(None);
        }
        let id = match head >> 4 {
            0 => i16::try_from(self.number()?).map_err(|_| io::ErrorKind::InvalidData)?,
            step => before.wrapping_add(i16::from(step)),
        };
        Ok(Some((id, head & 15)))
    }

    fn skip(&mut self, kind: u8, depth: u8) -> io::Result<()> {
        let Some(depth) = depth.checked_sub(1) else { return Err(io::ErrorKind::InvalidData.into()) };
        match kind {
            1 | 2 => Ok(()),
            3 => self.pass(1),
            4..=6 => self.varint().map(drop),
            7 => self.pass(8),
            8 => {
                let length = self.varint()?;
                self.pass(length)
            }
            9 | 10 => {
                let (length, kind) = self.list()?;
                (0..length).try_for_each(|_| self.skip_item(kind, depth))
            }
            11 => {
                let length = self.varint()?;
                if length == 0 {
                    return Ok(());
                }
                let kinds = self.byte()?;
                (0..length).try_for_each(|_| {
                    self.skip_item(kinds >> 4, depth)?;
                    self.skip_item(kinds & 15, depth)
                })
            }
            STRUCT => {
                let mut id = 0;
                while let Some((next, kind)) = self.field(id)? {
                    id = next;
                    self.skip(kind, depth)?;
                }
                Ok(())
            }
            13 => self.pass(16),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// An item of a list, where true and false take a byte.
    fn skip_item(&mut self, kind: u8, depth: u8) -> io::Result<()> {
        if matches!(kind, 1 | 2) { self.pass(1) } else { self.skip(kind, depth) }
    }

    fn byte(&mut self) -> io::Result<u8> {
        self.left = self.left.checked_sub(1).ok_or(io::ErrorKind::UnexpectedEof)?;
        let mut byte = [0];
        self.input.read_exact(&mut byte)?;
        Ok(byte[0])
    }

    fn varint(&mut self) -> io::Result<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(io::ErrorKind::InvalidData.into())
    }
}
