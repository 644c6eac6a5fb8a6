//! Going on with a corpus after a record that was read before.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::encode::hex;
use crate::{Corpus, Format, Place, ReadOptions, Reader, SourceFile, place};

/// Bytes before a position that must be what they were.
const SAMPLED_BYTES: u64 = 64 * 1024;

/// A record of a corpus, to go on after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The file, by its number in the corpus, from 0; the record may be in a later one, in none before.
    pub file: usize,
    /// The file as the record's [`Place`] names it.
    pub path: String,
    /// As in [`Place`].
    pub record: u64,
    /// As in [`Place`].
    pub offset: u64,
    /// As in [`Place`].
    pub length: u64,
    /// SHA-256 of the 64 KiB of the file that end where the record does, in hexadecimal; of a compressed file, those at
    /// the same place in it. Absent if it cannot be read a second time.
    pub before_sha256: Option<String>,
}

/// Why a corpus cannot be gone on with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResumeError {
    /// The file is another one, or other than it was.
    #[error("`{}` is not what it was before record {record}", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// Number of the record.
        record: u64,
    },
    /// The record is not there any more.
    #[error("the record {path}:{record} is not there any more")]
    Missing {
        /// The file, as its place named it.
        path: String,
        /// Number of the record.
        record: u64,
    },
    /// The file cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Position {
    /// The position of a record, whose file is not before the file with the number `from`.
    pub fn of(place: &Place, corpus: &Corpus, from: usize) -> Self {
        let files = corpus.files();
        // The reader's places share the paths of the corpus, so that a file that is named twice is found twice.
        let found = files.iter().skip(from).position(|file| Arc::ptr_eq(&file.path, &place.path));
        let file = found.map_or(from, |found| from + found);
        let before_sha256 = files.get(file).and_then(|file| sample(&file.path, end(place)).ok());
        let path = place.path.to_string_lossy().into_owned();
        let &Place { record, offset, length, .. } = place;
        Self { file, path, record, offset, length, before_sha256 }
    }

    /// Whether the record at this place of the corpus is the one.
    pub fn is_of(&self, place: &Place, corpus: &Corpus) -> bool {
        // Of a file that is named twice each has a path of its own, though they say the same.
        let is_file = |file: &SourceFile| Arc::ptr_eq(&file.path, &place.path);
        (self.record, self.offset, self.length) == (place.record, place.offset, place.length)
            && corpus.files().get(self.file).is_some_and(is_file)
    }
}

impl Corpus {
    /// Reads the records after a position; none of those before it is given again.
    ///
    /// Lines of a file that is not compressed are not read a second time, all others are.
    ///
    /// # Errors
    /// If the corpus is not what it was.
    pub fn read_after(&self, options: ReadOptions, position: &Position) -> Result<Reader, ResumeError> {
        let missing = || ResumeError::Missing { path: position.path.clone(), record: position.record };
        let (before, files) = self.files().split_at_checked(position.file).ok_or_else(missing)?;
        let first = files.first().ok_or_else(missing)?;
        let path = || first.path.to_path_buf();
        if let Some(then) = &position.before_sha256 {
            let now = sample(&first.path, position.offset + position.length)
                .map_err(|source| ResumeError::Read { path: path(), source })?;
            if now != *then {
                return Err(ResumeError::Changed { path: path(), record: position.record });
            }
        }
        let is_encoded = options.encoding.is_some();
        let mut reader = Reader::new(files.to_vec(), options);
        reader.pass_over(before.iter().map(|file| file.size).sum());
        let line = if is_encoded { Ok(None) } else { line_at(first, position) };
        if let Some(raw) = line.map_err(|source| ResumeError::Read { path: path(), source })? {
            reader.start_at(raw, position);
        }
        for record in reader.by_ref() {
            if position.is_of(place(&record), self) {
                return Ok(reader);
            }
        }
        Err(missing())
    }
}

/// First byte after a record.
const fn end(place: &Place) -> u64 {
    place.offset + place.length
}

/// Hash of what stands in a file before a place.
fn sample(path: &Path, end: u64) -> io::Result<String> {
    let known = std::fs::metadata(path)?;
    if !known.is_file() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let end = end.min(known.len());
    let start = end.saturating_sub(SAMPLED_BYTES);
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(end - start).read_to_end(&mut bytes)?;
    Ok(hex(&Sha256::digest(&bytes)))
}

/// The file, open where the record of the position begins, if that is a line that can be found without reading what is
/// before it: of a file that begins with a JSON object, and so is neither compressed nor an archive nor in UTF-16.
fn line_at(file: &SourceFile, position: &Position) -> io::Result<Option<File>> {
    let is_line = file.format == Some(Format::JsonLines) && position.record > 0;
    if !is_line || file.path.to_string_lossy() != position.path || !std::fs::metadata(&file.path)?.is_file() {
        return Ok(None);
    }
    let mut raw = File::open(&file.path)?;
    let mut start = Vec::new();
    raw.by_ref().take(16).read_to_end(&mut start)?;
    let start = start.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&start);
    if !start.trim_ascii_start().starts_with(b"{") {
        return Ok(None);
    }
    raw.seek(SeekFrom::Start(position.offset))?;
    Ok(Some(raw))
}
