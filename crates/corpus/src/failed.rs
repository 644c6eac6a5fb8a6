use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::encode::{base64, hex};
use crate::{Output, OutputError, Place, RecordError, Target};

/// Longest record that an account of a failure holds itself, in bytes; of a longer one it has the hash.
pub const KEPT_BYTES: usize = 64 * 1024;

/// The account of a record that is not in the output: enough to find it, to understand it, and to try again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// Where the record stands.
    pub source: Place,
    /// The document's id, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The stage that failed; `read` where the record is no document.
    pub stage: String,
    /// The plugin that the stage comes from, if it is one's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plugin: Option<String>,
    /// What happened, for machines: `utf8`, `json`, `time`, `panic`, `crash`, …
    pub code: String,
    /// What happened, for people.
    pub message: String,
    /// The record.
    #[serde(flatten)]
    pub record: Kept,
}

/// What an account of a failure has of the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum Kept {
    /// The record, which is UTF-8.
    #[serde(rename = "record")]
    Text(String),
    /// The record's bytes in base64.
    #[serde(rename = "record_base64")]
    Base64(String),
    /// SHA-256 of a record over [`KEPT_BYTES`], in hexadecimal.
    #[serde(rename = "record_sha256")]
    Hash(String),
    /// Nothing: the record was over the limit or could not be read.
    #[serde(rename = "record")]
    None(()),
}

impl Kept {
    fn of(record: &[u8]) -> Self {
        if record.len() > KEPT_BYTES {
            return Self::Hash(hex(&Sha256::digest(record)));
        }
        match std::str::from_utf8(record) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Base64(base64(record)),
        }
    }
}

impl Failed {
    /// The account of a record that failed in a stage.
    pub fn new(
        source: Place,
        id: &str,
        stage: &str,
        code: &str,
        message: String,
        record: Option<&[u8]>,
    ) -> Self {
        Self {
            source,
            id: (!id.is_empty()).then(|| id.to_owned()),
            stage: stage.to_owned(),
            plugin: None,
            code: code.to_owned(),
            message,
            record: record.map_or(Kept::None(()), Kept::of),
        }
    }
}

impl Failed {
    fn to_json(&self) -> String {
        serde_json::to_string(self).expect("an account is plain text and numbers")
    }
}

impl From<RecordError> for Failed {
    fn from(error: RecordError) -> Self {
        let RecordError { place, problem, record } = error;
        Self::new(place, "", "read", problem.code(), problem.to_string(), record.as_deref())
    }
}

/// The failed-documents file: JSON Lines, one [`Failed`] a line. It is made when the first document fails.
#[derive(Debug)]
pub struct FailedDocuments {
    target: Target,
    output: Option<Output>,
}

impl FailedDocuments {
    /// A file that is made when there is something to write.
    pub const fn new(target: Target) -> Self {
        Self { target, output: None }
    }

    /// Adds an account.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&mut self, failed: &Failed) -> Result<(), OutputError> {
        let output = match &mut self.output {
            Some(output) => output,
            none => none.insert(Output::create(&self.target)?),
        };
        let mut line = failed.to_json();
        line.push('\n');
        output.write(line.as_bytes())
    }

    /// Completes the file, if there is one.
    ///
    /// # Errors
    /// If what is left cannot be written, or the file not renamed.
    pub fn finish(self) -> Result<(), OutputError> {
        self.output.map_or(Ok(()), Output::finish)
    }
}
