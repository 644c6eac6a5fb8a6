use std::borrow::Cow;
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use demarche_core::{Document, Offsets};
use serde_json::json;

use crate::json::begins_object;
use crate::lines::Cursor;
use crate::read::{self, Records};
use crate::{EncodingName, Failed, Place, Position, RecordError, SourceFile};

/// Longest record that is read unless told otherwise, in bytes: 16 MiB.
pub const MAX_RECORD: u64 = 16 << 20;

/// Longest record that can be read at all, in bytes: what a document can hold.
const LONGEST: u64 = u32::MAX as u64 - 1;

/// How records are read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Where the parts of a document stand in a JSON object, or in which columns of a table.
    pub fields: Fields,
    /// Longest record, in bytes, below 4 GiB; longer ones are errors and are never held in memory.
    pub max_record: u64,
    /// Most bytes that may come out of one file, decompressed; past that it is an error. `u64::MAX` for no limit.
    pub max_input: u64,
    /// The encoding of texts, tables and pages; `None` to tell by their bytes.
    pub encoding: Option<EncodingName>,
    /// Names of the columns of tables that have no row with them.
    pub columns: Vec<String>,
    /// What parts the columns of CSV; `None` to tell by the first line.
    pub delimiter: Option<u8>,
    /// The field of a JSON file that holds the list of records, its names parted by dots.
    pub records: Option<String>,
    /// What becomes of the layers of a document that this program wrote.
    pub layers: Layers,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            fields: Fields::default(),
            max_record: MAX_RECORD,
            max_input: u64::MAX,
            encoding: None,
            columns: Vec::new(),
            delimiter: None,
            records: None,
            layers: Layers::default(),
        }
    }
}

/// Names of the fields of a JSON object, or of the columns of a table. What else it has goes to the document's `meta`.
///
/// A name with dots leads to a field within a field: `body.text`, `items.0.title`.
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

/// Where a record stands, good or not.
pub fn place(record: &Result<Record, RecordError>) -> &Place {
    record.as_ref().map_or_else(|error| &error.place, |record| &record.place)
}

impl Record {
    /// A document that comes from no file, or whose record is the text itself.
    pub fn new(place: Place, document: Document<'static>) -> Self {
        Self { place, document, line: None }
    }

    pub(crate) fn with_line(place: Place, document: Document<'static>, line: String) -> Self {
        Self { place, document, line: Some(line) }
    }

    /// The line that it was read from; `None` where the record is the text itself, or comes from no file.
    pub fn line(&self) -> Option<&str> {
        self.line.as_deref()
    }

    /// The account of a document that could not be processed.
    pub fn failed(self, stage: &str, code: &str, message: String) -> Failed {
        let doc = &self.document;
        let record = match &self.line {
            Some(line) => Cow::Borrowed(line.as_str()),
            None if doc.meta().is_empty() && !begins_object(doc.text()) => Cow::Borrowed(doc.text()),
            // What a page or an archive said of the text is part of the record; and a text that would be read as an
            // object is kept in one.
            None => Cow::Owned(json!({"id": doc.id(), "text": doc.text(), "meta": doc.meta()}).to_string()),
        };
        Failed::new(self.place, doc.id(), stage, code, message, Some(record.as_bytes()))
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
pub struct Reader {
    files: std::vec::IntoIter<SourceFile>,
    options: Arc<ReadOptions>,
    current: Option<Box<dyn Records>>,
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

impl Reader {
    pub(crate) fn new(files: Vec<SourceFile>, mut options: ReadOptions) -> Self {
        options.max_record = options.max_record.min(LONGEST);
        let options = Arc::new(options);
        Self { files: files.into_iter(), options, current: None, progress: Progress::default() }
    }

    /// Counts bytes as read that are not read again.
    pub(crate) fn pass_over(&self, bytes: u64) {
        self.progress.0.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Begins with a line of the first file, which is open where the line starts.
    pub(crate) fn start_at(&mut self, raw: File, line: &Position) {
        if let Some(file) = self.files.next() {
            self.pass_over(line.offset);
            let at = Cursor { number: line.record - 1, offset: line.offset };
            self.current = Some(read::lines_from(file, raw, at, &self.progress.0, &self.options));
        }
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
                match read::open(self.files.next()?, &self.progress.0, &self.options) {
                    Ok(records) => self.current = Some(records),
                    Err(error) => return Some(Err(error)),
                }
                continue;
            };
            let record = current.next();
            if record.is_some() {
                return record;
            }
            self.current = None;
        }
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("files", &self.files).finish_non_exhaustive()
    }
}
