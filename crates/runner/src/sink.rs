use demarche_core::{Document, Offsets};
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

/// Writes documents, one after the other, to one place.
pub trait Documents {
    /// Adds a document.
    ///
    /// # Errors
    /// If it cannot be written.
    fn write(&mut self, doc: &Document<'_>) -> Result<(), OutputError>;

    /// Hands on what is held to whoever reads.
    ///
    /// # Errors
    /// If it cannot be written.
    fn flush(&mut self) -> Result<(), OutputError>;

    /// Completes the output.
    ///
    /// # Errors
    /// If it cannot be completed.
    fn finish(self: Box<Self>) -> Result<(), OutputError>;
}

impl Documents for JsonLines {
    fn write(&mut self, doc: &Document<'_>) -> Result<(), OutputError> {
        self.write(doc)
    }

    fn flush(&mut self) -> Result<(), OutputError> {
        self.flush()
    }

    fn finish(self: Box<Self>) -> Result<(), OutputError> {
        JsonLines::finish(*self)
    }
}

/// Documents to one place, accounts of failures to another.
pub struct Files {
    documents: Box<dyn Documents>,
    failed: FailedDocuments,
}

impl Files {
    /// Documents as they are written by `documents`; the failed-documents file is made when the first document fails.
    pub fn new(documents: impl Documents + 'static, failed: Target) -> Self {
        Self { documents: Box::new(documents), failed: FailedDocuments::new(failed) }
    }

    /// The same with documents as JSON Lines.
    ///
    /// # Errors
    /// If the output cannot be made.
    pub fn create(documents: &Target, offsets: Offsets, failed: Target) -> Result<Self, OutputError> {
        Ok(Self::new(JsonLines::create(documents, offsets)?, failed))
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
