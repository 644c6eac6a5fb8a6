use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::encode::{base64, hex};
use std::sync::Arc;

use crate::output::part;
use crate::{FileSystem, Opening, Output, OutputError, Place, RecordError, Storage, Target};

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
    storage: Arc<dyn Storage>,
    target: Target,
    output: Option<Output>,
}

impl FailedDocuments {
    /// A file that is made when there is something to write.
    pub fn new(target: Target) -> Self {
        Self::kept_in(Arc::new(FileSystem), target)
    }

    /// The same, kept elsewhere.
    pub const fn kept_in(storage: Arc<dyn Storage>, target: Target) -> Self {
        Self { storage, target, output: None }
    }

    /// Goes on after so many bytes of the file's `.part`. If that is none, what may be there is of no use and goes.
    ///
    /// # Errors
    /// If the file cannot be opened or is shorter, or not be taken away.
    pub fn resume(&mut self, length: u64) -> Result<(), OutputError> {
        if length > 0 {
            self.output = Some(Output::open(Opening { kept: Some(length), ..self.opening() })?);
            return Ok(());
        }
        let Some(path) = self.target.file().map(part) else { return Ok(()) };
        let gone = || match self.storage.length(&path)? {
            Some(_) => self.storage.remove(&path),
            None => Ok(()),
        };
        gone().map_err(|source| OutputError { path: path.clone(), source })
    }

    /// Adds an account.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&mut self, failed: &Failed) -> Result<(), OutputError> {
        if self.output.is_none() {
            self.output = Some(Output::open(self.opening())?);
        }
        let mut line = failed.to_json();
        line.push('\n');
        self.output.as_mut().map_or(Ok(()), |output| output.write(line.as_bytes()))
    }

    /// Bytes of the file after the last account; 0 if there is none, `None` if it cannot be gone on with.
    pub fn mark(&self) -> Option<u64> {
        self.output.as_ref().map_or(Some(0), Output::mark)
    }

    /// Sees what was written onto the disk.
    ///
    /// # Errors
    /// If the system does not take it.
    pub fn sync(&mut self) -> Result<(), OutputError> {
        self.output.as_mut().map_or(Ok(()), Output::sync)
    }

    /// Writes what is left and sees it onto the disk; gives the bytes of the file, 0 if there is none.
    ///
    /// # Errors
    /// If the system does not take it.
    pub fn complete(&mut self) -> Result<Option<u64>, OutputError> {
        self.output.as_mut().map_or(Ok(Some(0)), Output::complete)
    }

    /// Completes the file, if there is one.
    ///
    /// # Errors
    /// If what is left cannot be written, or the file not renamed.
    pub fn finish(self) -> Result<(), OutputError> {
        self.output.map_or(Ok(()), Output::finish)
    }

    /// Failures are few: each is a member of its own where the file is compressed, so that it can be cut after any.
    fn opening(&self) -> Opening {
        Opening { storage: Arc::clone(&self.storage), member_bytes: 0, ..Opening::from(&self.target) }
    }
}
