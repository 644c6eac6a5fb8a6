//! Files as streams of decompressed bytes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use liblzma::stream::{CONCATENATED, Stream};

use crate::source::{Compression, Format, STDIN, SourceFile};

/// Bytes asked of a file at once.
const BUFFER: usize = 64 * 1024;
/// Largest window of a Zstandard frame: 2^27 bytes, the most that its own command uses without being told.
const ZSTD_WINDOW_LOG: u32 = 27;
/// Most memory of an xz decoder: what `xz -9` needs is 65 MiB, and a hostile header can ask for 4 GiB.
const XZ_MEMORY: u64 = 128 << 20;
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

pub(crate) type Input = Box<dyn BufRead + Send>;

/// A file, open past its byte order mark.
pub(crate) struct Opened {
    pub(crate) input: Input,
    pub(crate) format: Format,
    /// Bytes passed over: the byte order mark.
    pub(crate) offset: u64,
    pub(crate) utf16: bool,
}

/// Opens a file; bytes read from disk are added to `read`.
pub(crate) fn open(file: &SourceFile, read: &Arc<AtomicU64>) -> io::Result<Opened> {
    let raw: Box<dyn Read + Send> = if &*file.path == Path::new(STDIN) {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(&file.path)?)
    };
    let mut raw = BufReader::with_capacity(BUFFER, Counted { input: raw, read: Arc::clone(read) });
    let mut input: Input = match compression(raw.fill_buf()?) {
        Compression::None => Box::new(raw),
        Compression::Gzip => {
            Box::new(BufReader::with_capacity(BUFFER, flate2::bufread::MultiGzDecoder::new(raw)))
        }
        Compression::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(raw)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG)?;
            Box::new(BufReader::with_capacity(BUFFER, decoder))
        }
        Compression::Xz => {
            let stream = Stream::new_stream_decoder(XZ_MEMORY, CONCATENATED)?;
            let decoder = liblzma::bufread::XzDecoder::new_stream(raw, stream);
            Box::new(BufReader::with_capacity(BUFFER, decoder))
        }
    };
    let start = input.fill_buf()?;
    let utf16 = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
    let offset = if start.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let format = file.format.unwrap_or_else(|| format(&start[offset..]));
    input.consume(offset);
    Ok(Opened { input, format, offset: offset as u64, utf16 })
}

/// By its first bytes, whatever its name is: none of them can start a text.
fn compression(start: &[u8]) -> Compression {
    match start {
        [0x1f, 0x8b, ..] => Compression::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Compression::Zstd,
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Compression::Xz,
        _ => Compression::None,
    }
}

/// By its first byte: a JSON object, or a text.
fn format(start: &[u8]) -> Format {
    match start.trim_ascii_start() {
        [b'{', ..] => Format::JsonLines,
        _ => Format::Text,
    }
}

struct Counted {
    input: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buffer)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}
