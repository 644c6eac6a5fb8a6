use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use demarche_core::{Document, Offsets};

use crate::lines::{Cursor, next_line, rest};
use crate::open::{Opened, open};
use crate::{Failed, Format, Place, Problem, RecordError, SourceFile, json};

/// Longest record that is read unless told otherwise, in bytes: 16 MiB.
pub const MAX_RECORD: u64 = 16 << 20;

/// Longest record that can be read at all, in bytes: what a document can hold.
const LONGEST: u64 = u32::MAX as u64 - 1;

/// How records are read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Where the parts of a document stand in a JSON object.
    pub fields: Fields,
    /// Longest record, in bytes, below 4 GiB; longer ones are errors and are never held in memory.
    pub max_record: u64,
    /// What becomes of the layers of a document that this program wrote.
    pub layers: Layers,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { fields: Fields::default(), max_record: MAX_RECORD, layers: Layers::default() }
    }
}

/// Names of the fields of a JSON object. What else it has goes to the document's `meta`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// The document's name, a string or a number; may be absent.
    pub id: String,
    /// The text.
    pub text: String,
    /// An object that becomes the document's `meta`.
    pub meta: String,
    /// The field that becomes `meta.date`.
    pub date: Option<String>,
    /// The field that becomes `meta.title`.
    pub title: Option<String>,
}

impl Default for Fields {
    fn default() -> Self {
        let [id, text, meta] = ["id", "text", "meta"].map(str::to_owned);
        Self { id, text, meta, date: None, title: None }
    }
}

/// What becomes of the layers of a document that this program wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layers {
    /// Passed over: the document is read as its text, to be annotated anew.
    #[default]
    Drop,
    /// Read, with offsets in this unit.
    Keep(Offsets),
}

/// A document and where it comes from.
#[derive(Clone, Debug)]
pub struct Record {
    /// Where it stands.
    pub place: Place,
    /// The document.
    pub document: Document<'static>,
    /// The line that it was read from; `None` where the record is the text itself.
    line: Option<String>,
}

impl Record {
    /// A document that comes from no file.
    pub fn new(place: Place, document: Document<'static>) -> Self {
        Self { place, document, line: None }
    }

    /// The line that it was read from; `None` where the record is the text itself, or comes from no file.
    pub fn line(&self) -> Option<&str> {
        self.line.as_deref()
    }

    /// The account of a document that could not be processed.
    pub fn failed(self, stage: &str, code: &str, message: String) -> Failed {
        let record = self.line.as_deref().unwrap_or(self.document.text()).as_bytes();
        Failed::new(self.place, self.document.id(), stage, code, message, Some(record))
    }

    /// Bytes that it holds in memory, about.
    pub fn size(&self) -> usize {
        self.document.text().len() + self.line.as_ref().map_or(0, String::len)
    }
}

/// Reads the records of files one after the other, in order, none of them past the limit in memory.
///
/// Each record is a value of its own: a document, or what is wrong with it. A file that cannot be read, or not to
/// its end, is one error, and the next file follows.
#[derive(Debug)]
pub struct Reader {
    files: std::vec::IntoIter<SourceFile>,
    options: ReadOptions,
    current: Option<Current>,
    progress: Progress,
}

/// How far a [`Reader`] has come, to be looked at from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    /// Bytes read from disk, as [`Corpus::size`](crate::Corpus::size) counts them.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct Current {
    file: SourceFile,
    opened: Opened,
    cursor: Cursor,
    buffer: Vec<u8>,
}

impl Reader {
    pub(crate) fn new(files: Vec<SourceFile>, mut options: ReadOptions) -> Self {
        options.max_record = options.max_record.min(LONGEST);
        Self { files: files.into_iter(), options, current: None, progress: Progress::default() }
    }

    /// How far it has come; the value lives on while records are read elsewhere.
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }
}

impl Iterator for Reader {
    type Item = Result<Record, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some(current) = &mut self.current else {
                let file = self.files.next()?;
                match Current::open(file, &self.progress) {
                    Ok(current) => self.current = Some(current),
                    Err(error) => return Some(Err(error)),
                }
                continue;
            };
            let record = match current.opened.format {
                Format::Text => Some(current.text(&self.options)),
                Format::JsonLines => current.line(&self.options),
            };
            // A text is the whole of its file, and nothing can be read after an error of the file itself.
            let broken =
                matches!(&record, Some(Err(error)) if matches!(*error.problem, Problem::Read { .. }));
            if record.is_none() || broken || current.opened.format == Format::Text {
                self.current = None;
            }
            if record.is_some() {
                return record;
            }
        }
    }
}

impl Current {
    fn open(file: SourceFile, progress: &Progress) -> Result<Self, RecordError> {
        match open(&file, &progress.0) {
            Ok(opened) => {
                let cursor = Cursor { number: 0, offset: opened.offset };
                Ok(Self { file, opened, cursor, buffer: Vec::new() })
            }
            Err(source) => {
                let place = Place { path: file.path, record: 0, offset: 0, length: 0 };
                Err(RecordError::new(place, Problem::Read { source }, None))
            }
        }
    }

    /// The whole file as one document.
    fn text(&mut self, options: &ReadOptions) -> Result<Record, RecordError> {
        let mut place =
            Place { path: self.file.path.clone(), record: 1, offset: self.opened.offset, length: 0 };
        match rest(&mut self.opened.input, options.max_record, &mut self.buffer) {
            Ok(length) => place.length = length,
            Err(source) => return Err(RecordError::new(place, Problem::Read { source }, None)),
        }
        if place.length > options.max_record {
            return Err(RecordError::new(place, Problem::TooLong { limit: options.max_record }, None));
        }
        let text = self.utf8(&place)?;
        Ok(Record { place, document: Document::new(self.file.name.clone(), text), line: None })
    }

    /// The next line that is not blank as a document.
    fn line(&mut self, options: &ReadOptions) -> Option<Result<Record, RecordError>> {
        loop {
            let at = self.cursor;
            let path = self.file.path.clone();
            let limit = options.max_record;
            let line = match next_line(&mut self.opened.input, &mut self.cursor, limit, &mut self.buffer) {
                Ok(line) => line?,
                Err(source) => {
                    let place = Place { path, record: at.number + 1, offset: at.offset, length: 0 };
                    return Some(Err(RecordError::new(place, Problem::Read { source }, None)));
                }
            };
            let place = Place { path, record: line.number, offset: line.offset, length: line.length };
            if line.too_long {
                return Some(Err(RecordError::new(place, Problem::TooLong { limit }, None)));
            }
            if !self.buffer.trim_ascii().is_empty() {
                return Some(self.object(place, options));
            }
        }
    }

    fn object(&mut self, place: Place, options: &ReadOptions) -> Result<Record, RecordError> {
        let line = self.utf8(&place)?;
        let at = (self.file.name.as_str(), place.record);
        match json::document(&line, at, &options.fields, options.layers) {
            Ok(document) => Ok(Record { place, document, line: Some(line) }),
            Err(problem) => Err(RecordError::new(place, problem, Some(line.into_bytes()))),
        }
    }

    /// Takes what is in the buffer as text.
    fn utf8(&mut self, place: &Place) -> Result<String, RecordError> {
        String::from_utf8(std::mem::take(&mut self.buffer)).map_err(|error| {
            let offset = place.offset + error.utf8_error().valid_up_to() as u64;
            let problem = Problem::Utf8 { offset, utf16: self.opened.utf16 };
            RecordError::new(place.clone(), problem, Some(error.into_bytes()))
        })
    }
}

impl std::fmt::Debug for Current {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Current").field("file", &self.file).finish_non_exhaustive()
    }
}
