//! Files as streams of decompressed bytes.

use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use liblzma::stream::{CONCATENATED, Stream};

use crate::encoding::Transcoded;
use crate::source::{Compression, Format, STDIN};

/// Bytes asked of a file at once.
const BUFFER: usize = 64 * 1024;
/// Largest window of a Zstandard frame: 2^27 bytes, the most that its own command uses without being told.
const ZSTD_WINDOW_LOG: u32 = 27;
/// Most memory of an xz decoder: what `xz -9` needs is 65 MiB, and a hostile header can ask for 4 GiB.
const XZ_MEMORY: u64 = 128 << 20;
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// Bytes of a stream that are looked at before it is read: a header of tar.
const HEAD: usize = 512;

pub(crate) type Input = Box<dyn BufRead + Send>;

/// Bytes that may still come out of a file, shared by all streams that come out of it.
#[derive(Clone)]
pub(crate) struct Budget {
    left: Arc<AtomicU64>,
    limit: u64,
}

impl Budget {
    pub(crate) fn new(limit: u64) -> Self {
        Self { left: Arc::new(AtomicU64::new(limit)), limit }
    }

    /// Takes bytes that have come out.
    ///
    /// # Errors
    /// If they are more than may: `FileTooLarge`, and nothing more of the file is read.
    pub(crate) fn take(&self, n: u64) -> io::Result<()> {
        let left = self.left.load(Ordering::Relaxed);
        let Some(left) = left.checked_sub(n) else {
            let message = format!("more than the limit for one file, {} bytes (`max_input`)", self.limit);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        };
        self.left.store(left, Ordering::Relaxed);
        Ok(())
    }
}

/// The bytes of a file as they are on disk, `size` of them at least; those read are added to `read`.
pub(crate) fn raw(path: &Path, size: u64, read: &Arc<AtomicU64>) -> io::Result<Input> {
    if path == Path::new(STDIN) {
        return Ok(counted(io::stdin(), None, size, read));
    }
    Ok(of_file(File::open(path)?, size, read))
}

/// The bytes of a file from where it is open, `size` of them at least; those read are added to `read`.
pub(crate) fn of_file(file: File, size: u64, read: &Arc<AtomicU64>) -> Input {
    let state = State::of(&file).zip(file.try_clone().ok());
    counted(file, state, size, read)
}

fn counted(
    input: impl Read + Send + 'static,
    state: Option<(State, File)>,
    left: u64,
    read: &Arc<AtomicU64>,
) -> Input {
    Box::new(BufReader::with_capacity(BUFFER, Counted { input, state, left, read: Arc::clone(read) }))
}

/// The bytes that are compressed in a stream, by its first bytes whatever its name is: none of them can start a text.
pub(crate) fn decompressed(mut raw: Input, budget: &Budget) -> io::Result<Input> {
    let compression = match raw.fill_buf()? {
        [0x1f, 0x8b, ..] => Compression::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Compression::Zstd,
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Compression::Xz,
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] => Compression::Bzip2,
        _ => Compression::None,
    };
    let input: Box<dyn Read + Send> = match compression {
        Compression::None => return Ok(raw),
        Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(raw)),
        Compression::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(raw)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG)?;
            Box::new(decoder)
        }
        Compression::Xz => {
            let stream = Stream::new_stream_decoder(XZ_MEMORY, CONCATENATED)?;
            Box::new(liblzma::bufread::XzDecoder::new_stream(raw, stream))
        }
        Compression::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(raw)),
    };
    Ok(Box::new(BufReader::with_capacity(BUFFER, Limited::new(input, budget))))
}

/// Looks at the first bytes of a stream; fewer than asked for where it is shorter.
pub(crate) fn head(mut input: Input) -> io::Result<(Vec<u8>, Input)> {
    // Most of the time they are there already; a pipe is not waited for longer than it takes to know.
    let known = input.fill_buf()?;
    if known.len() >= HEAD || !may_be_archive(known) {
        return Ok((known[..known.len().min(HEAD)].to_vec(), input));
    }
    let mut head = Vec::with_capacity(HEAD);
    input.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    let input = Box::new(Cursor::new(head.clone()).chain(input));
    Ok((head, input))
}

/// Whether more of it decides: a header of tar has zero bytes soon, after the name.
fn may_be_archive(start: &[u8]) -> bool {
    !matches!(start.trim_ascii_start(), [b'{' | b'[' | b'<', ..])
}

/// A stream past its byte order mark, as UTF-8 where it was UTF-16 or an encoding of that kind was named.
pub(crate) struct Decoded {
    pub(crate) input: Input,
    /// Bytes passed over: the byte order mark.
    pub(crate) offset: u64,
    /// The encoding that it was converted from.
    pub(crate) from: Option<&'static str>,
    /// The encoding that it is in now, where that is said: by its mark, or named.
    pub(crate) encoding: Option<&'static Encoding>,
}

pub(crate) fn past_mark(
    mut input: Input,
    start: &[u8],
    named: Option<&'static Encoding>,
) -> io::Result<Decoded> {
    if let [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] = start {
        let message = "it is UTF-32, which is not read: convert it to UTF-8";
        return Err(io::Error::new(io::ErrorKind::Unsupported, message));
    }
    let (mark, encoding) = match start {
        [0xff, 0xfe, ..] => (2, Some(UTF_16LE)),
        [0xfe, 0xff, ..] => (2, Some(UTF_16BE)),
        _ if start.starts_with(BYTE_ORDER_MARK) => (BYTE_ORDER_MARK.len(), None),
        _ => (0, named.filter(|named| !named.is_ascii_compatible())),
    };
    // A part of a mark that is not yet in the buffer is there after the first look.
    let mut passed = 0;
    while passed < mark {
        let n = input.fill_buf()?.len().min(mark - passed);
        input.consume(n);
        passed += n;
    }
    let Some(encoding) = encoding else {
        let encoding = if mark > 0 { Some(UTF_8) } else { named };
        return Ok(Decoded { input, offset: mark as u64, from: None, encoding });
    };
    Ok(Decoded {
        input: Box::new(Transcoded::new(input, encoding, mark as u64)),
        offset: 0,
        from: Some(encoding.name()),
        encoding: Some(UTF_8),
    })
}

/// The format of a stream that has no name, by its first bytes.
pub(crate) fn format(start: &[u8]) -> Format {
    let start = start.strip_prefix(BYTE_ORDER_MARK).unwrap_or(start).trim_ascii_start();
    let is = |name: &[u8]| start.len() >= name.len() && start[..name.len()].eq_ignore_ascii_case(name);
    match start {
        // A brace alone on its line is the start of an object over many lines.
        [b'{', b'\r' | b'\n', ..] => Format::Json,
        [b'{', ..] => Format::JsonLines,
        [b'[', rest @ ..] if matches!(rest.trim_ascii_start(), [b'{' | b']', ..]) => Format::Json,
        _ if is(b"<!doctype html") || is(b"<html") => Format::Html,
        _ if is(b"<?xml") || is(b"<nitf") || is(b"<newsItem") || is(b"<newsMessage") => Format::Xml,
        _ if start.starts_with(b"WARC/") => Format::Warc,
        _ => Format::Text,
    }
}

/// What tells a file that was written over from one that was not. One that has grown was added to, which many are while they
/// are read, and that is no harm.
struct State {
    length: u64,
    modified: SystemTime,
}

impl State {
    /// `None` where a system does not tell, and of what is no file.
    fn of(file: &File) -> Option<Self> {
        let known = file.metadata().ok().filter(Metadata::is_file)?;
        Some(Self { length: known.len(), modified: known.modified().ok()? })
    }
}

struct Counted<R> {
    input: R,
    /// The file, and what it was when it was opened, until that has been looked at.
    state: Option<(State, File)>,
    /// Bytes that were there when the corpus was found, and that are still to come.
    left: u64,
    read: Arc<AtomicU64>,
}

impl<R> Counted<R> {
    /// What is wrong with a file that has come to its end, told once: what was cut off at the end of a record, or written
    /// over by others, would be missed by nobody.
    fn check(&mut self) -> io::Result<()> {
        let missing = std::mem::take(&mut self.left);
        if missing > 0 {
            let message = format!("it was cut off while it was read: {missing} bytes are missing");
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
        }
        let Some((was, file)) = self.state.take() else { return Ok(()) };
        match State::of(&file) {
            Some(is) if is.length == was.length && is.modified != was.modified => {
                let message =
                    "it was written over while it was read: what was read of it may be of two versions";
                Err(io::Error::new(io::ErrorKind::InvalidData, message))
            }
            _ => Ok(()),
        }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buffer)?;
        if n == 0 && !buffer.is_empty() {
            self.check()?;
        }
        self.left = self.left.saturating_sub(n as u64);
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// A stream that ends with an error where more comes out of it than is allowed.
pub(crate) struct Limited<R> {
    input: R,
    budget: Budget,
}

impl<R> Limited<R> {
    pub(crate) fn new(input: R, budget: &Budget) -> Self {
        Self { input, budget: budget.clone() }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buffer)?;
        self.budget.take(n as u64)?;
        Ok(n)
    }
}
