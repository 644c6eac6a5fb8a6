//! Tar: headers of 512 bytes, each before the bytes of its file.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::{Arc, Mutex, MutexGuard};

use tar::{Header, PaxExtensions};

use super::archive::{Member, Members};
use crate::open::Input;

const BLOCK: usize = 512;
/// Longest name or list of attributes that stands before a header.
const LONGEST_EXTENSION: u64 = 1 << 20;
/// Bytes of a file asked for at once.
const BUFFER: usize = 16 * 1024;

/// Whether a stream starts with a header: its checksum fits, and it is one of the kinds that say `ustar`.
pub(crate) fn is_tar(start: &[u8]) -> bool {
    start.len() >= BLOCK && &start[257..262] == b"ustar" && checks(Header::from_byte_slice(&start[..BLOCK]))
}

/// Whether a stream that is named a tar archive is one: of the kind before `ustar`, or empty.
pub(crate) fn is_old_tar(start: &[u8]) -> bool {
    start.len() >= BLOCK
        && (start.iter().all(|&byte| byte == 0) || checks(Header::from_byte_slice(&start[..BLOCK])))
}

/// A tar archive, read in one go.
pub(crate) struct Tar(Arc<Mutex<Shared>>);

/// The stream, which the file that is read and the archive hold both, one at a time.
struct Shared {
    input: Input,
    /// Bytes that are left of the current file.
    left: u64,
    /// Bytes after it, up to the next header.
    padding: u64,
}

impl Tar {
    pub(crate) fn new(input: Input) -> Self {
        Self(Arc::new(Mutex::new(Shared { input, left: 0, padding: 0 })))
    }
}

impl Members for Tar {
    fn next(&mut self) -> io::Result<Option<Member>> {
        let (mut name, mut size) = (None, None);
        loop {
            let mut shared = lock(&self.0);
            let Some(header) = shared.header()? else { return Ok(None) };
            let kind = header.entry_type();
            // The size of attributes is their own, not that which they say of the file.
            let is_extension = kind.is_gnu_longname()
                || kind.is_gnu_longlink()
                || kind.is_pax_local_extensions()
                || kind.is_pax_global_extensions();
            let length = match size {
                Some(size) if !is_extension => size,
                _ => header.entry_size()?,
            };
            shared.left = length;
            shared.padding = (BLOCK as u64 - length % BLOCK as u64) % BLOCK as u64;
            if kind.is_gnu_longname() {
                let mut long = shared.extension()?;
                long.truncate(memchr::memchr(0, &long).unwrap_or(long.len()));
                name = Some(long);
            } else if kind.is_pax_local_extensions() {
                let extensions = shared.extension()?;
                for extension in PaxExtensions::new(&extensions) {
                    let extension = extension?;
                    match extension.key_bytes() {
                        b"path" => name = Some(extension.value_bytes().to_vec()),
                        b"size" => size = extension.value().ok().and_then(|size| size.parse().ok()),
                        _ => {}
                    }
                }
            } else if !is_extension {
                let own = header.path_bytes().into_owned();
                let name = name.take().unwrap_or(own);
                size = None;
                // Links, folders and devices are no texts; of a sparse file the bytes are not where they seem to be.
                if !kind.is_file() && !kind.is_contiguous() {
                    continue;
                }
                drop(shared);
                let part = Part(Arc::clone(&self.0));
                return Ok(Some(Member {
                    name,
                    input: Ok(Box::new(BufReader::with_capacity(BUFFER, part))),
                }));
            }
        }
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    // A panic while it was held can only have been one of a reader, whose file is passed over.
    shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Shared {
    /// The next header; `None` at the end, which is an empty block.
    fn header(&mut self) -> io::Result<Option<Header>> {
        self.pass_over()?;
        let mut header = Header::new_old();
        let block = header.as_mut_bytes();
        if self.input.fill_buf()?.is_empty() {
            // Cut off between two files, it would look whole.
            let message = "the archive ends without the empty block at its end: it may be cut off";
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
        }
        self.input.read_exact(block)?;
        if block.iter().all(|&byte| byte == 0) {
            // To its end, so that a damaged stream is noticed: its checksum stands there.
            io::copy(&mut self.input, &mut io::sink())?;
            return Ok(None);
        }
        if checks(&header) {
            Ok(Some(header))
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidData, "a header of the archive is damaged"))
        }
    }

    fn pass_over(&mut self) -> io::Result<()> {
        // A header may state any size; that much is not there, which is then said.
        let rest = std::mem::take(&mut self.left).saturating_add(std::mem::take(&mut self.padding));
        let passed = io::copy(&mut self.input.by_ref().take(rest), &mut io::sink())?;
        if passed == rest { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    fn extension(&mut self) -> io::Result<Vec<u8>> {
        if self.left > LONGEST_EXTENSION {
            let message = "a name in the archive is longer than a megabyte";
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let mut bytes = Vec::new();
        let length = std::mem::take(&mut self.left);
        self.input.by_ref().take(length).read_to_end(&mut bytes)?;
        if bytes.len() as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

/// Whether the sum of its bytes is the one that it states, its own field counted as blanks.
fn checks(header: &Header) -> bool {
    let bytes = header.as_bytes();
    let sum = |from: usize, to: usize| bytes[from..to].iter().map(|&byte| u32::from(byte)).sum::<u32>();
    header.cksum().is_ok_and(|stated| stated == sum(0, 148) + 8 * u32::from(b' ') + sum(156, BLOCK))
}

/// The bytes of the current file.
struct Part(Arc<Mutex<Shared>>);

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut shared = lock(&self.0);
        let wanted = buffer.len().min(usize::try_from(shared.left).unwrap_or(usize::MAX));
        if wanted == 0 {
            return Ok(0);
        }
        let n = shared.input.read(&mut buffer[..wanted])?;
        if n == 0 {
            shared.left = 0;
            shared.padding = 0;
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        shared.left -= n as u64;
        Ok(n)
    }
}
