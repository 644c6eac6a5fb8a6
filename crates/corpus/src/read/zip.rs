//! Zip: a directory at the end of the file says where the others are.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rawzip::{CompressionMethod, RECOMMENDED_BUFFER_SIZE, ZipArchive, ZipArchiveEntryWayfinder};

use super::archive::{Member, Members};
use crate::open::{Budget, Input, Limited};
use crate::source::STDIN;

/// Bytes of a file asked for at once.
const BUFFER: usize = 16 * 1024;

/// Whether a file starts as the first file of an archive does, or an empty archive.
pub(crate) fn is_zip(start: &[u8]) -> bool {
    start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06")
}

/// A zip archive, its directory in memory.
pub(crate) struct Zip {
    archive: ZipArchive<rawzip::FileReader>,
    /// The same file, to read from.
    file: Arc<File>,
    entries: std::vec::IntoIter<Entry>,
    /// What is wrong with the directory, to be told after the files before that place.
    broken: Option<io::Error>,
    budget: Budget,
    read: Arc<AtomicU64>,
}

struct Entry {
    name: Vec<u8>,
    method: CompressionMethod,
    encrypted: bool,
    crc: u32,
    size: u64,
    place: ZipArchiveEntryWayfinder,
}

impl Zip {
    pub(crate) fn open(path: &Path, budget: &Budget, read: &Arc<AtomicU64>) -> io::Result<Self> {
        if path == Path::new(STDIN) {
            let message = "a zip archive has its directory at its end, and is read from a file only";
            return Err(io::Error::new(io::ErrorKind::Unsupported, message));
        }
        let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
        let archive =
            ZipArchive::from_file(File::open(path)?, &mut buffer).map_err(|error| io_error(&error))?;
        let mut entries = Vec::new();
        let mut found = archive.entries(&mut buffer);
        let broken = loop {
            match found.next_entry() {
                Ok(None) => break None,
                Err(error) => break Some(io_error(&error)),
                Ok(Some(entry)) if entry.is_dir() => {}
                Ok(Some(entry)) => entries.push(Entry {
                    name: entry.file_path().as_bytes().to_vec(),
                    method: entry.compression_method(),
                    encrypted: entry.flags().is_encrypted(),
                    crc: entry.crc32(),
                    size: entry.uncompressed_size_hint(),
                    place: entry.wayfinder(),
                }),
            }
        };
        let (budget, read) = (budget.clone(), Arc::clone(read));
        let file = Arc::new(File::open(path)?);
        Ok(Self { archive, file, entries: entries.into_iter(), broken, budget, read })
    }

    fn input(&self, entry: &Entry) -> io::Result<Input> {
        let unsupported = |message| Err(io::Error::new(io::ErrorKind::Unsupported, message));
        if entry.encrypted {
            return unsupported("it is encrypted");
        }
        let (start, end) =
            self.archive.get_entry(entry.place).map_err(|error| io_error(&error))?.compressed_data_range();
        let range = Range { file: Arc::clone(&self.file), start, end, read: Arc::clone(&self.read) };
        let raw = BufReader::with_capacity(BUFFER, range);
        let input: Box<dyn Read + Send> = match entry.method {
            CompressionMethod::STORE => Box::new(raw),
            CompressionMethod::DEFLATE => Box::new(flate2::bufread::DeflateDecoder::new(raw)),
            _ => return unsupported("it is compressed in a way that is not read: zip it again with deflate"),
        };
        let checked = Checked {
            input: Limited::new(input, &self.budget),
            crc: flate2::Crc::new(),
            expected: (entry.crc, entry.size),
            size: 0,
        };
        Ok(Box::new(BufReader::with_capacity(BUFFER, checked)))
    }
}

impl Members for Zip {
    fn next(&mut self) -> io::Result<Option<Member>> {
        match self.entries.next() {
            Some(entry) => Ok(Some(Member { input: self.input(&entry), name: entry.name })),
            None => self.broken.take().map_or(Ok(None), Err),
        }
    }
}

fn io_error(error: &rawzip::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("damaged archive: {error}"))
}

/// A stretch of a file that others read from too.
struct Range {
    file: Arc<File>,
    start: u64,
    end: u64,
    read: Arc<AtomicU64>,
}

impl Read for Range {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.end.saturating_sub(self.start);
        let wanted = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let mut file = &*self.file;
        file.seek(SeekFrom::Start(self.start))?;
        let n = file.read(&mut buffer[..wanted])?;
        if n == 0 && wanted > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.start += n as u64;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// A file of an archive that has to be as long as the directory says, and to have its checksum.
struct Checked<R> {
    input: R,
    crc: flate2::Crc,
    expected: (u32, u64),
    size: u64,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buffer)?;
        self.crc.update(&buffer[..n]);
        self.size += n as u64;
        if n == 0 && !buffer.is_empty() && (self.crc.sum(), self.size) != self.expected {
            let message = "damaged archive: the checksum of the file does not fit";
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        Ok(n)
    }
}
