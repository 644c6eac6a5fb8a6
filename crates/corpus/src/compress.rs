//! Compression in members: a file can be cut after each, and what follows is read as if nothing had been there.

use std::io::{self, BufWriter, Write};

use bzip2::write::BzEncoder;
use flate2::write::GzEncoder;
use liblzma::write::XzEncoder;

use crate::{Compression, StoredFile};

/// Bytes handed to the system at once.
const BUFFER: usize = 256 * 1024;
/// A fiftieth larger than what the `gzip` command makes, in less than half the time.
const GZIP_LEVEL: u32 = 5;
/// What the `xz` command uses unless told otherwise.
const XZ_LEVEL: u32 = 6;

/// A file that counts what it was given.
pub(crate) struct Counted {
    file: BufWriter<Box<dyn StoredFile>>,
    length: u64,
}

/// Writes records, compressed in members of about the same number of bytes. Where a member ends depends on the records
/// alone, so that the same records make the same file however often the work was interrupted.
pub(crate) struct Compressor {
    compression: Compression,
    member_bytes: u64,
    /// Bytes in the member so far, before compression.
    in_member: u64,
    state: State,
}

enum State {
    /// After a member, or not compressed at all.
    Between(Counted),
    Gzip(GzEncoder<Counted>),
    Zstd(zstd::stream::write::Encoder<'static, Counted>),
    Xz(XzEncoder<Counted>),
    Bzip2(BzEncoder<Counted>),
    /// Ending a member failed.
    Broken,
}

impl Counted {
    /// A file of so many bytes, to be written after them.
    pub(crate) fn new(file: Box<dyn StoredFile>, length: u64) -> Self {
        Self { file: BufWriter::with_capacity(BUFFER, file), length }
    }
}

impl Compressor {
    pub(crate) const fn new(file: Counted, compression: Compression, member_bytes: u64) -> Self {
        Self { compression, member_bytes, in_member: 0, state: State::Between(file) }
    }

    /// Writes a whole record.
    pub(crate) fn write(&mut self, record: &[u8]) -> io::Result<()> {
        self.begin_member()?;
        match &mut self.state {
            State::Between(out) => return out.write_all(record),
            State::Gzip(out) => out.write_all(record)?,
            State::Zstd(out) => out.write_all(record)?,
            State::Xz(out) => out.write_all(record)?,
            State::Bzip2(out) => out.write_all(record)?,
            State::Broken => return Err(broken()),
        }
        self.in_member += record.len() as u64;
        if self.in_member >= self.member_bytes { self.end_member() } else { Ok(()) }
    }

    /// Bytes of the file if it can be cut here.
    pub(crate) const fn mark(&self) -> Option<u64> {
        match &self.state {
            State::Between(out) => Some(out.length),
            _ => None,
        }
    }

    /// Bytes of the file so far, without those that the compression holds back.
    pub(crate) fn length(&self) -> u64 {
        match &self.state {
            State::Between(out) => out.length,
            State::Gzip(out) => out.get_ref().length,
            State::Zstd(out) => out.get_ref().length,
            State::Xz(out) => out.get_ref().length,
            State::Bzip2(out) => out.get_ref().length,
            State::Broken => 0,
        }
    }

    /// Ends the last member; a compressed file has one at least.
    pub(crate) fn complete(&mut self) -> io::Result<u64> {
        if self.mark() == Some(0) {
            self.begin_member()?;
        }
        self.end_member()?;
        self.mark().ok_or_else(broken)
    }

    /// Hands to the system what is held of whole blocks.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.file()?.flush()
    }

    /// The same, and sees it onto the disk.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        let file = self.file()?;
        file.flush()?;
        file.get_mut().sync()
    }

    fn file(&mut self) -> io::Result<&mut BufWriter<Box<dyn StoredFile>>> {
        match &mut self.state {
            State::Between(out) => Ok(&mut out.file),
            State::Gzip(out) => Ok(&mut out.get_mut().file),
            State::Zstd(out) => Ok(&mut out.get_mut().file),
            State::Xz(out) => Ok(&mut out.get_mut().file),
            State::Bzip2(out) => Ok(&mut out.get_mut().file),
            State::Broken => Err(broken()),
        }
    }

    fn begin_member(&mut self) -> io::Result<()> {
        if self.compression == Compression::None || self.mark().is_none() {
            return Ok(());
        }
        let State::Between(out) = std::mem::replace(&mut self.state, State::Broken) else { return Ok(()) };
        self.in_member = 0;
        self.state = match self.compression {
            Compression::None => State::Between(out),
            Compression::Gzip => State::Gzip(GzEncoder::new(out, flate2::Compression::new(GZIP_LEVEL))),
            Compression::Zstd => {
                let level = zstd::DEFAULT_COMPRESSION_LEVEL;
                State::Zstd(zstd::stream::write::Encoder::new(out, level)?)
            }
            Compression::Xz => State::Xz(XzEncoder::new(out, XZ_LEVEL)),
            Compression::Bzip2 => State::Bzip2(BzEncoder::new(out, bzip2::Compression::best())),
        };
        Ok(())
    }

    fn end_member(&mut self) -> io::Result<()> {
        self.state = match std::mem::replace(&mut self.state, State::Broken) {
            State::Gzip(out) => State::Between(out.finish()?),
            State::Zstd(out) => State::Between(out.finish()?),
            State::Xz(out) => State::Between(out.finish()?),
            State::Bzip2(out) => State::Between(out.finish()?),
            between => between,
        };
        Ok(())
    }
}

fn broken() -> io::Error {
    io::Error::other("it could not be written before")
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.length += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
