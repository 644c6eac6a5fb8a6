//! The formats: each a stream of bytes as a stream of records.

mod archive;
#[cfg(feature = "parquet")]
mod columnar;
mod csv;
mod html;
mod json;
mod markup;
mod page;
mod tar;
mod text;
mod values;
mod warc;
mod xml;
mod zip;

use std::fs::File;
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use archive::Archive;
use demarche_core::Document;
use encoding_rs::Encoding;
use serde_json::{Map, Value};

use crate::encoding::{Decoded, Decoder};
use crate::lines::{Cursor, rest};
use crate::open::{Budget, Input, decompressed, format, head, of_file, past_mark, raw};
use crate::{EncodingName, Format, Layers, Place, Problem, ReadOptions, Record, RecordError, SourceFile};

/// The records of one stream, one after the other.
pub(crate) trait Records: Send {
    /// The next record, or what is wrong with it; `None` at the end, or where nothing more can be read.
    fn next(&mut self) -> Option<Result<Record, RecordError>>;
}

/// A stream of decompressed bytes past its byte order mark, and what its records are called.
pub(crate) struct Stream {
    pub(crate) input: Input,
    /// Bytes passed over before it.
    pub(crate) offset: u64,
    /// The encoding that it was converted from.
    pub(crate) from: Option<&'static str>,
    /// The encoding that it is in, where that is said.
    pub(crate) encoding: Option<&'static Encoding>,
    pub(crate) origin: Origin,
    pub(crate) options: Arc<ReadOptions>,
    /// Bytes that may still come out of the file.
    pub(crate) budget: Budget,
}

/// Where a stream comes from.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) path: Arc<Path>,
    pub(crate) member: Option<Arc<str>>,
    /// What documents without an id are named after.
    pub(crate) name: String,
    /// Records before it in the same file.
    pub(crate) before: u64,
}

impl Origin {
    pub(crate) fn place(&self, record: u64, offset: u64, length: u64) -> Place {
        let record = self.before + record;
        Place { path: Arc::clone(&self.path), member: self.member.clone(), record, offset, length }
    }

    fn unsupported(&self, message: &str) -> RecordError {
        self.broken(0, 0, std::io::Error::new(std::io::ErrorKind::Unsupported, message))
    }

    /// An error of the stream itself, after which nothing of it is read.
    pub(crate) fn broken(&self, record: u64, offset: u64, source: std::io::Error) -> RecordError {
        RecordError::new(self.place(record, offset, 0), Problem::Read { source }, None)
    }
}

/// The records of a file: of the files in it where it is an archive.
pub(crate) fn open(
    file: SourceFile,
    read: &Arc<AtomicU64>,
    options: &Arc<ReadOptions>,
) -> Result<Box<dyn Records>, RecordError> {
    let SourceFile { path, name, format, size } = file;
    let origin = Origin { path, member: None, name, before: 0 };
    let budget = Budget::new(options.max_input);
    let broken = |source| origin.broken(0, 0, source);
    let mut raw = raw(&origin.path, size, read).map_err(broken)?;
    if zip::is_zip(raw.fill_buf().map_err(broken)?) {
        let members = zip::Zip::open(&origin.path, &budget, read).map_err(broken)?;
        return Ok(Box::new(Archive::new(members, origin, format, budget, options)));
    }
    if let Some(found) = columnar_format(raw.fill_buf().map_err(broken)?, format) {
        return columnar(&origin, found, budget, read, options);
    }
    let (start, input) = decompressed(raw, &budget).and_then(head).map_err(broken)?;
    let named_archive = format == Some(Format::Archive);
    if tar::is_tar(&start) || (named_archive && tar::is_old_tar(&start)) {
        return Ok(Box::new(Archive::new(tar::Tar::new(input), origin, format, budget, options)));
    }
    if named_archive {
        let message = "neither zip nor tar".to_owned();
        let problem = Problem::Malformed { format: "archive", message, offset: 0 };
        return Err(RecordError::new(origin.place(0, 0, 0), problem, None));
    }
    records(&start, input, origin, format, options, budget)
}

/// The lines of a file of JSON Lines, as UTF-8 and not compressed, from where it is open.
pub(crate) fn lines_from(
    file: SourceFile,
    raw: File,
    at: Cursor,
    read: &Arc<AtomicU64>,
    options: &Arc<ReadOptions>,
) -> Box<dyn Records> {
    let SourceFile { path, name, size, .. } = file;
    let origin = Origin { path, member: None, name, before: 0 };
    let input = of_file(raw, size.saturating_sub(at.offset), read);
    let (offset, options, budget) = (at.offset, Arc::clone(options), Budget::new(options.max_input));
    let stream = Stream { input, offset, from: None, encoding: None, origin, options, budget };
    Box::new(json::Lines::from(stream, at.number))
}

/// The format of a table that is stored by columns, by its first bytes unless it is known to be something else: they
/// are letters, and a text may start so.
fn columnar_format(start: &[u8], known: Option<Format>) -> Option<Format> {
    if !matches!(known, None | Some(Format::Parquet | Format::Arrow)) {
        return None;
    }
    match start {
        [b'P', b'A', b'R', b'1', ..] => Some(Format::Parquet),
        [b'A', b'R', b'R', b'O', b'W', b'1', 0, 0, ..] => Some(Format::Arrow),
        _ => None,
    }
}

#[cfg(feature = "parquet")]
use columnar::open as columnar;

/// Such a table, where this program was built without what reads them.
#[cfg(not(feature = "parquet"))]
fn columnar(
    origin: &Origin,
    _: Format,
    _: Budget,
    _: &Arc<AtomicU64>,
    _: &Arc<ReadOptions>,
) -> Result<Box<dyn Records>, RecordError> {
    Err(origin.unsupported("this program was built without Parquet and Arrow"))
}

/// The records of a decompressed stream that is no archive; the format by its first bytes where it is not known.
fn records(
    start: &[u8],
    input: Input,
    origin: Origin,
    known: Option<Format>,
    options: &Arc<ReadOptions>,
    budget: Budget,
) -> Result<Box<dyn Records>, RecordError> {
    let columnar = columnar_format(start, known);
    let format = columnar.or(known).unwrap_or_else(|| format(start));
    if matches!(format, Format::Parquet | Format::Arrow) {
        // What was not told by its first bytes is none, or stands in an archive.
        return Err(origin.unsupported(match columnar {
            Some(_) => {
                "a Parquet or Arrow file that is compressed or in an archive is not read: unpack it first"
            }
            None => "it does not start as a Parquet or Arrow IPC file does",
        }));
    }
    let decoded = past_mark(input, start, named(options)).map_err(|source| origin.broken(0, 0, source))?;
    let crate::open::Decoded { input, offset, from, encoding } = decoded;
    let stream = Stream { input, offset, from, encoding, origin, options: Arc::clone(options), budget };
    Ok(match format {
        // The last three have been opened before this.
        Format::Text | Format::Archive | Format::Parquet | Format::Arrow => Box::new(text::Text::new(stream)),
        Format::Lines => Box::new(text::Lines::new(stream)),
        Format::JsonLines => Box::new(json::Lines::new(stream)),
        Format::Json => Box::new(json::Values::new(stream)),
        Format::Csv => Box::new(csv::Rows::new(stream, None)),
        Format::Html => Box::new(html::Html::new(stream)),
        Format::Xml => Box::new(xml::News::new(stream)),
        Format::Warc => Box::new(warc::Crawl::new(stream)),
        Format::Tsv => Box::new(csv::Rows::new(stream, Some(b'\t'))),
    })
}

impl Stream {
    /// All that is left of it as one record: its text, and where it stands. `declared` finds what its bytes say of their encoding.
    pub(crate) fn whole(
        &mut self,
        declared: impl FnOnce(&[u8]) -> Option<&'static Encoding>,
    ) -> Result<(Place, Decoded), RecordError> {
        let limit = self.options.max_record;
        let place = self.origin.place(1, self.offset, 0);
        let mut bytes = Vec::new();
        let place = match rest(&mut self.input, limit, &mut bytes) {
            Ok(length) if length <= limit => Place { length, ..place },
            Ok(length) => {
                return Err(RecordError::new(Place { length, ..place }, Problem::TooLong { limit }, None));
            }
            Err(source) => return Err(RecordError::new(place, Problem::Read { source }, None)),
        };
        let declared = declared(&bytes);
        let Decoded { text, from } = decode(&mut self.decoder(), bytes, declared, &place)?;
        Ok((place, Decoded { text, from: self.from.or(from) }))
    }

    pub(crate) fn decoder(&self) -> Decoder {
        Decoder::new(self.encoding)
    }
}

fn named(options: &ReadOptions) -> Option<&'static Encoding> {
    options.encoding.map(|EncodingName(encoding)| encoding)
}

/// Decodes a record.
pub(crate) fn decode(
    decoder: &mut Decoder,
    bytes: Vec<u8>,
    declared: Option<&'static Encoding>,
    place: &Place,
) -> Result<Decoded, RecordError> {
    decoder
        .decode(bytes, declared)
        .map_err(|error| RecordError::new(place.clone(), error.reason.at(place.offset), Some(error.bytes)))
}

/// The document of a row of a table, which is read as the JSON object of its cells.
fn row(
    origin: &Origin,
    options: &ReadOptions,
    place: Place,
    number: u64,
    line: String,
) -> Result<Record, RecordError> {
    match crate::json::document(&line, (&origin.name, number), number, &options.fields, Layers::Drop) {
        Ok((document, _)) => Ok(Record::with_line(place, document, line)),
        Err(problem) => Err(RecordError::new(place, problem, Some(line.into_bytes()))),
    }
}

/// A document with what is known of it.
pub(crate) fn document(
    id: String,
    text: String,
    mut meta: Map<String, Value>,
    from: Option<&'static str>,
) -> Document<'static> {
    if let Some(from) = from {
        meta.insert(ENCODING.to_owned(), from.into());
    }
    Document::new(id, text).with_meta(meta)
}

/// Key of the encoding that a text was converted from.
pub(crate) const ENCODING: &str = "encoding";
