use demarche_core::Offsets;
use demarche_corpus::{Failed, FailedDocuments, JsonLines, OutputError, Record, Target};

/// Takes what comes of a run, in the order of the input.
pub trait Sink {
    /// Takes an annotated document.
    ///
    /// # Errors
    /// If it cannot be written; the run ends.
    fn document(&mut self, record: &Record) -> Result<(), OutputError>;

    /// Takes the account of a record that failed.
    ///
    /// # Errors
    /// If it cannot be written; the run ends.
    fn failed(&mut self, failed: &Failed) -> Result<(), OutputError>;

    /// Hands on what is held: called before waiting for the next result.
    ///
    /// # Errors
    /// If it cannot be written; the run ends.
    fn flush(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// Documents as JSON Lines to one place, accounts of failures to another.
#[derive(Debug)]
pub struct Files {
    documents: JsonLines,
    failed: FailedDocuments,
}

impl Files {
    /// Opens the output; the failed-documents file is made when the first document fails.
    ///
    /// # Errors
    /// If the output cannot be made.
    pub fn create(documents: &Target, offsets: Offsets, failed: Target) -> Result<Self, OutputError> {
        let documents = JsonLines::create(documents, offsets)?;
        Ok(Self { documents, failed: FailedDocuments::new(failed) })
    }

    /// Completes both files.
    ///
    /// # Errors
    /// If one of them cannot be completed.
    pub fn finish(self) -> Result<(), OutputError> {
        // The failures first: output under its final name means that its failures are there too.
        self.failed.finish()?;
        self.documents.finish()
    }
}

impl Sink for Files {
    fn document(&mut self, record: &Record) -> Result<(), OutputError> {
        self.documents.write(&record.document)
    }

    fn failed(&mut self, failed: &Failed) -> Result<(), OutputError> {
        self.failed.write(failed)
    }

    fn flush(&mut self) -> Result<(), OutputError> {
        self.documents.flush()
    }
}
