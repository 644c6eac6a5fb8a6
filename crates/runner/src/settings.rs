//! The tables of a pipeline file that are not stages. Their documentation is the users' documentation.

use std::path::PathBuf;

use demarche_core::{FilePath, Offsets};
use demarche_corpus::{Fields, Layers, MAX_RECORD, ReadOptions};
use schemars::JsonSchema;
use serde::Deserialize;

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

/// `[input]`: where the parts of a document stand in a JSON object.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct InputSettings {
    /// Field of the document's name, a string or a number; may be absent.
    pub id: String,
    /// Field of the text.
    pub text: String,
    /// Field of an object that becomes the document's `meta`; all other fields are added to it.
    pub meta: String,
    /// Field that becomes `meta.date`, which relative dates in the text are counted from.
    pub date: Option<String>,
    /// Field that becomes `meta.title`.
    pub title: Option<String>,
    /// Longest record, in bytes; longer ones fail and are never held in memory.
    #[schemars(range(min = 1, max = 4_000_000_000_u64))]
    pub max_record: u64,
}

impl Default for InputSettings {
    fn default() -> Self {
        let Fields { id, text, meta, date, title } = Fields::default();
        Self { id, text, meta, date, title, max_record: MAX_RECORD }
    }
}

impl InputSettings {
    /// The same for a reader of corpora, which reads documents to be annotated.
    pub fn read_options(&self) -> ReadOptions {
        let Self { id, text, meta, date, title, max_record } = self.clone();
        ReadOptions { fields: Fields { id, text, meta, date, title }, max_record, layers: Layers::Drop }
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
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            threads: None,
            document_seconds: 10.0,
            documents_per_thread: 16,
            isolate: Isolation::None,
            max_memory: 2 << 30,
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
