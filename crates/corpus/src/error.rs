use std::io;

use demarche_core::format::FormatError;
use demarche_core::printable;

use crate::Place;

/// A record that could not be read as a document; the records after it can.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct RecordError {
    /// Where it stands.
    pub place: Place,
    /// What is wrong with it.
    #[source]
    pub problem: Box<Problem>,
    /// Its bytes, unless it is over the limit or could not be read.
    pub record: Option<Box<[u8]>>,
}

impl RecordError {
    pub(crate) fn new(place: Place, problem: Problem, record: Option<Vec<u8>>) -> Self {
        Self { place, problem: Box::new(problem), record: record.map(Vec::into_boxed_slice) }
    }
}

/// What is wrong with a record, or with the file that it is in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// It is not UTF-8.
    #[error("not UTF-8 at byte {offset} of the file")]
    Utf8 {
        /// The first byte that is wrong, in the decompressed file.
        offset: u64,
    },
    /// It is not in the encoding that was named, declared or guessed.
    #[error("not {encoding}: some of its bytes stand for no character")]
    Encoding {
        /// The encoding.
        encoding: &'static str,
    },
    /// The file is not what its format says.
    #[error("not well-formed {format} at byte {offset} of the file: {}", printable(message))]
    Malformed {
        /// The format.
        format: &'static str,
        /// What is wrong.
        message: String,
        /// Where, in the decompressed file.
        offset: u64,
    },
    /// It is not a JSON object.
    #[error("not a JSON object: {message} at line {line}, column {column}")]
    Json {
        /// What the parser says.
        message: String,
        /// Line of the file, from 1.
        line: u64,
        /// Column in bytes, from 1.
        column: usize,
    },
    /// It has no text.
    #[error("no field `{}`{}", printable(field), present_hint(present))]
    Missing {
        /// The field that should hold the text.
        field: String,
        /// The first fields that are there.
        present: Vec<String>,
    },
    /// A field has a value that cannot be used.
    #[error("the field `{}` is {found}, where {expected} should stand", printable(field))]
    Type {
        /// The field.
        field: String,
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        found: &'static str,
    },
    /// A field holds lists and objects within each other to a depth that is not read.
    #[error("the field `{}` is nested more than 127 levels deep", printable(field))]
    TooDeep {
        /// The field.
        field: String,
    },
    /// A row of a table has more cells or fewer than there are columns.
    #[error("a row of {found} cells, where there are {expected} columns")]
    Columns {
        /// Its cells.
        found: usize,
        /// The columns.
        expected: usize,
    },
    /// It is an archive in an archive.
    #[error("an archive within an archive is not read: unpack the outer one first")]
    Nested,
    /// It is the account of a failure, and does not hold the record itself.
    #[error(
        "the failed record is not kept here as text: it is record {record} of `{}`, to be processed from there",
        printable(path)
    )]
    NotKept {
        /// The file that the record is in.
        path: String,
        /// Its number there.
        record: u64,
    },
    /// It is longer than a record may be.
    #[error("longer than the limit for one record, {limit} bytes (`max_record`)")]
    TooLong {
        /// The limit, in bytes.
        limit: u64,
    },
    /// Its layers are not what the document format says.
    #[error("not a document: {source}")]
    Document {
        /// What is wrong.
        source: FormatError,
    },
    /// The file cannot be read, or not to its end; what was read of it before is good.
    #[error("cannot read the file: {}", printable(&source.to_string()))]
    Read {
        /// Why.
        source: io::Error,
    },
}

impl Problem {
    /// A short name for machines.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Utf8 { .. } => "utf8",
            Self::Encoding { .. } => "encoding",
            Self::Malformed { .. } => "malformed",
            Self::Json { .. } => "json",
            Self::Missing { .. } => "missing",
            Self::Type { .. } => "type",
            Self::TooDeep { .. } => "too_deep",
            Self::Columns { .. } => "columns",
            Self::Nested => "nested",
            Self::NotKept { .. } => "not_kept",
            Self::TooLong { .. } => "too_long",
            Self::Document { .. } => "document",
            Self::Read { .. } => "io",
        }
    }
}

/// Characters of a field's name that a message shows.
const SHOWN_CHARACTERS: usize = 40;

fn present_hint(present: &[String]) -> String {
    // Names of fields come from the input: no terminal codes, and no length without end.
    let shown = |name: &String| printable(&name.chars().take(SHOWN_CHARACTERS).collect::<String>());
    if present.is_empty() {
        return "; the record has no fields".to_owned();
    }
    let names: Vec<_> = present.iter().map(shown).collect();
    format!("; the record has `{}`: name the one that holds the text", names.join("`, `"))
}
