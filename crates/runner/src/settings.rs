//! The tables of a pipeline file that are not stages. Their documentation is the users' documentation.

use std::path::PathBuf;

use demarche_core::{FilePath, Offsets};
use demarche_corpus::{EncodingName, Fields, Format, Layers, MAX_RECORD, ReadOptions};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Isolation;

/// What a pipeline file says about input, output and the run.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// `[input]`
    pub input: InputSettings,
    /// `[output]`
    pub output: OutputSettings,
    /// `[run]`
    pub run: RunSettings,
}

/// `[pipeline]`: what the pipeline is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Heading {
    /// Its name; the file's name unless it says otherwise.
    pub(crate) name: Option<String>,
    /// One line that says what it is for.
    pub(crate) description: Option<String>,
}

/// `[[plugin]]`: a library that adds stages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PluginTable {
    /// The library, relative to the pipeline file; without an extension, the system's own is meant.
    pub(crate) path: FilePath,
    /// SHA-256 that the file must have, in hexadecimal digits.
    pub(crate) sha256: Option<String>,
    /// What stands before the names of its stages, with a dot.
    pub(crate) prefix: Option<String>,
    /// Load a file that other users can change all the same.
    #[serde(default)]
    pub(crate) allow_writable: bool,
}

/// `[input]`: what stands in the files, and where the parts of a document are.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct InputSettings {
    /// Format of all files, whatever their names say.
    pub format: Option<InputFormat>,
    /// Encoding of texts, tables and pages, such as `windows-1252`; told by their bytes where it is not said.
    #[schemars(with = "Option<String>")]
    pub encoding: Option<EncodingName>,
    /// Field or column of the document's name, a string or a number; may be absent.
    pub id: String,
    /// Field or column of the text.
    pub text: String,
    /// Field of an object that becomes the document's `meta`; all other fields are added to it.
    pub meta: String,
    /// Field or column that becomes `meta.date`, which relative dates in the text are counted from.
    pub date: Option<String>,
    /// Field or column that becomes `meta.title`.
    pub title: Option<String>,
    /// Field of a JSON file that holds the list of documents; the file itself is the list where it is not said.
    pub records: Option<String>,
    /// Names of the columns of a table; its first row has them where they are not said.
    pub columns: Vec<String>,
    /// Character between the columns of CSV; told by the first line where it is not said.
    #[schemars(length(min = 1, max = 1))]
    pub delimiter: Option<AsciiChar>,
    /// Longest record, in bytes; longer ones fail and are never held in memory.
    #[schemars(range(min = 1, max = 4_000_000_000_u64))]
    pub max_record: u64,
    /// Most bytes that may come out of a compressed file or an archive; no limit where it is not said.
    #[schemars(range(min = 1))]
    pub max_input: Option<u64>,
    /// What becomes of documents that say nearly the same as one before, such as copies of a wire story. Takes some 2 kB
    /// of memory a document.
    pub duplicates: Duplicates,
}

impl Default for InputSettings {
    fn default() -> Self {
        let Fields { id, text, meta, date, title } = Fields::default();
        Self {
            format: None,
            encoding: None,
            id,
            text,
            meta,
            date,
            title,
            records: None,
            columns: Vec::new(),
            delimiter: None,
            max_record: MAX_RECORD,
            max_input: None,
            duplicates: Duplicates::Keep,
        }
    }
}

/// A setting that cannot be what it was to be.
#[derive(Debug, thiserror::Error)]
#[error("`{key}={value}`: {source}")]
pub struct SettingError {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
    /// What is wrong.
    pub source: serde_json::Error,
}

impl InputSettings {
    /// The same for a reader of corpora, which reads documents to be annotated.
    pub fn read_options(&self) -> ReadOptions {
        let Self { id, text, meta, date, title, .. } = self.clone();
        ReadOptions {
            fields: Fields { id, text, meta, date, title },
            max_record: self.max_record,
            max_input: self.max_input.unwrap_or(u64::MAX),
            encoding: self.encoding,
            columns: self.columns.clone(),
            delimiter: self.delimiter.map(|AsciiChar(character)| character),
            records: self.records.clone(),
            layers: Layers::Drop,
        }
    }

    /// Sets a key as the command line has it: a number as its digits, a list with commas between its items.
    ///
    /// # Errors
    /// If there is no such key, or the value is not of its kind.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), SettingError> {
        let given = match key {
            "columns" => value.split(',').collect(),
            _ => value.parse::<u64>().map_or_else(|_| Value::from(value), Value::from),
        };
        let set = || {
            let mut all = serde_json::to_value(&*self)?;
            all[key] = given;
            Self::deserialize(all)
        };
        let error = |source| SettingError { key: key.to_owned(), value: value.to_owned(), source };
        *self = set().map_err(error)?;
        Ok(())
    }
}

/// A character of ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(try_from = "char", into = "char")]
#[schemars(with = "char")]
pub struct AsciiChar(u8);

/// A character that is more than a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no character of ASCII")]
pub struct NotAscii(pub char);

impl TryFrom<char> for AsciiChar {
    type Error = NotAscii;

    fn try_from(character: char) -> Result<Self, NotAscii> {
        let byte = u8::try_from(character).ok().filter(u8::is_ascii);
        byte.map(Self).ok_or(NotAscii(character))
    }
}

impl From<AsciiChar> for char {
    fn from(AsciiChar(byte): AsciiChar) -> Self {
        Self::from(byte)
    }
}

/// What becomes of documents that say nearly the same as one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Duplicates {
    /// Nothing.
    #[default]
    Keep,
    /// Their `meta` names the first one, as `near_duplicate_of`.
    Mark,
    /// They are left out, and counted.
    Skip,
}

/// How the records of files stand in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum InputFormat {
    /// One document a file, which is its text.
    Text,
    /// One document a line, which is its text.
    Lines,
    /// One document a line, a JSON object.
    Jsonl,
    /// JSON objects in a list, or one after the other.
    Json,
    /// One document a row, the columns named by the first one.
    Csv,
    /// The same with tabs.
    Tsv,
    /// A web page a file.
    Html,
    /// News as NITF or NewsML-G2.
    Xml,
    /// A crawl.
    Warc,
    /// One document a row of a Parquet file.
    Parquet,
    /// One document a row of an Arrow IPC file.
    Arrow,
}

impl From<InputFormat> for Format {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::Text => Self::Text,
            InputFormat::Lines => Self::Lines,
            InputFormat::Jsonl => Self::JsonLines,
            InputFormat::Json => Self::Json,
            InputFormat::Csv => Self::Csv,
            InputFormat::Tsv => Self::Tsv,
            InputFormat::Html => Self::Html,
            InputFormat::Xml => Self::Xml,
            InputFormat::Warc => Self::Warc,
            InputFormat::Parquet => Self::Parquet,
            InputFormat::Arrow => Self::Arrow,
        }
    }
}

/// `[output]`: how results are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct OutputSettings {
    /// Unit in which spans are counted.
    pub offsets: OffsetUnit,
}

/// The unit in which spans are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OffsetUnit {
    /// Unicode code points, as Python and R count.
    #[default]
    Char,
    /// Bytes of UTF-8, as Rust and Go count.
    Byte,
    /// UTF-16 code units, as JavaScript and Java count.
    Utf16,
}

impl From<OffsetUnit> for Offsets {
    fn from(unit: OffsetUnit) -> Self {
        match unit {
            OffsetUnit::Char => Self::Char,
            OffsetUnit::Byte => Self::Byte,
            OffsetUnit::Utf16 => Self::Utf16,
        }
    }
}

/// `[run]`: how the work is done. None of it changes a result, a time limit that is met apart.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct RunSettings {
    /// Number of threads; as many as there are cores where it is not said.
    #[schemars(range(min = 1, max = 1024))]
    pub threads: Option<usize>,
    /// Time for one document, in seconds; it fails when that is up.
    #[schemars(range(min = 0.001, max = 86400.0))]
    pub document_seconds: f64,
    /// Documents in memory at once, for each thread.
    #[schemars(range(min = 1, max = 10_000))]
    pub documents_per_thread: usize,
    /// Where documents are processed.
    pub isolate: Isolation,
    /// Memory of a worker process, in bytes of its address space; with `isolate = "process"`.
    #[schemars(range(min = 1_000_000, max = 1_000_000_000_000_000_u64))]
    pub max_memory: u64,
    /// Refuse plugins without a pin (`sha256`).
    pub require_pins: bool,
    /// Time after which what was done is put on the disk for good, in seconds: so much is done again after an interruption.
    #[schemars(range(min = 0.0, max = 86400.0))]
    pub checkpoint_seconds: f64,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            threads: None,
            document_seconds: 10.0,
            documents_per_thread: 16,
            checkpoint_seconds: 2.0,
            isolate: Isolation::None,
            max_memory: 2 << 30,
            require_pins: false,
        }
    }
}

impl PluginTable {
    pub(crate) fn spec(self) -> demarche_plugin::PluginSpec {
        let Self { path, sha256, prefix, allow_writable } = self;
        let path: PathBuf = path.as_path().to_owned();
        demarche_plugin::PluginSpec { path, sha256, prefix, allow_writable }
    }
}
