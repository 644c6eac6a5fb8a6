use std::sync::Arc;

use demarche_core::{Document, Offsets, format};
use demarche_corpus::{Failed, FailedDocuments, Output, OutputError, Place, Record, Target};

use crate::{Journal, Report};

/// Makes the bytes of a document that are written: on the threads that process documents, for it is a part of the work too.
pub type Render = Arc<dyn Fn(&Document<'_>) -> Vec<u8> + Send + Sync>;

/// A document as a line in the document format; `offsets` is the unit in which spans are counted.
pub fn json_lines(offsets: Offsets) -> Render {
    Arc::new(move |doc| {
        let mut line = format::to_vec(doc, offsets);
        line.push(b'\n');
        line
    })
}

/// Takes what comes of a run, in the order of the input.
pub trait Sink {
    /// How a document becomes bytes.
    fn render(&self) -> Render;

    /// Takes an annotated document, and what was rendered of it.
    ///
    /// # Errors
    /// If it cannot be written; the run ends.
    fn document(&mut self, record: &Record, rendered: &[u8]) -> Result<(), OutputError>;

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

    /// All records up to the one at `place` were handed over, and are what `report` counts: a place to go on from, if one is
    /// due. `report.n_in` counts records in hand too.
    ///
    /// # Errors
    /// If what was written cannot be seen onto the disk; the run ends.
    fn mark(&mut self, _place: &Place, _report: &Report) -> Result<(), OutputError> {
        Ok(())
    }

    /// The same, where nothing follows: the run ends before its input does.
    ///
    /// # Errors
    /// If what was written cannot be seen onto the disk.
    fn stop(&mut self, _place: &Place, _report: &Report) -> Result<(), OutputError> {
        Ok(())
    }
}

/// Documents, one after the other, to one place.
pub trait Documents {
    /// How a document becomes bytes.
    fn render(&self) -> Render;

    /// Adds a document, rendered.
    ///
    /// # Errors
    /// If it cannot be written.
    fn write(&mut self, rendered: &[u8]) -> Result<(), OutputError>;

    /// Hands on what is held to whoever reads.
    ///
    /// # Errors
    /// If it cannot be written.
    fn flush(&mut self) -> Result<(), OutputError>;

    /// What is written to, if it is one [`Output`] that can be gone on with after a [`mark`](Output::mark).
    fn output(&mut self) -> Option<&mut Output> {
        None
    }

    /// Completes the output.
    ///
    /// # Errors
    /// If it cannot be completed.
    fn finish(self: Box<Self>) -> Result<(), OutputError>;
}

/// Documents in one file, as they are rendered.
pub struct Rendered {
    output: Output,
    render: Render,
}

impl Rendered {
    /// Documents to an open output.
    pub const fn new(output: Output, render: Render) -> Self {
        Self { output, render }
    }
}

impl Documents for Rendered {
    fn render(&self) -> Render {
        Arc::clone(&self.render)
    }

    fn write(&mut self, rendered: &[u8]) -> Result<(), OutputError> {
        self.output.write(rendered)
    }

    fn flush(&mut self) -> Result<(), OutputError> {
        self.output.flush()
    }

    fn output(&mut self) -> Option<&mut Output> {
        Some(&mut self.output)
    }

    fn finish(self: Box<Self>) -> Result<(), OutputError> {
        self.output.finish()
    }
}

/// Documents to one place, accounts of failures to another, and a journal of how far both are.
pub struct Files {
    documents: Box<dyn Documents>,
    failed: FailedDocuments,
    journal: Option<Journal>,
}

impl Files {
    /// Documents as they are written by `documents`; the failed-documents file is made when the first document fails.
    pub fn new(documents: impl Documents + 'static, failed: Target) -> Self {
        Self { documents: Box::new(documents), failed: FailedDocuments::new(failed), journal: None }
    }

    /// The same with documents as JSON Lines.
    ///
    /// # Errors
    /// If the output cannot be made.
    pub fn create(documents: &Target, offsets: Offsets, failed: Target) -> Result<Self, OutputError> {
        Ok(Self::new(Rendered::new(Output::create(documents)?, json_lines(offsets)), failed))
    }

    /// The same with files that are open already, and with a journal, which was begun before they were opened.
    pub fn with(documents: Box<dyn Documents>, failed: FailedDocuments, journal: Option<Journal>) -> Self {
        Self { documents, failed, journal }
    }

    /// Completes both files; `report` is the account of all that they hold.
    ///
    /// # Errors
    /// If one of them cannot be completed.
    pub fn finish(mut self, report: &Report) -> Result<(), OutputError> {
        if let (Some(journal), Some(output)) = (&mut self.journal, self.documents.output()) {
            let lengths = (output.complete()?, self.failed.complete()?);
            if let (Some(_), Some(failed)) = lengths {
                journal.complete(failed, report)?;
            }
        }
        // The failures first: output under its final name means that its failures are there too.
        self.failed.finish()?;
        self.documents.finish()?;
        self.journal.map_or(Ok(()), Journal::finish)
    }

    /// Sees both files onto the disk and writes that down, if they can be gone on with from here.
    fn checkpoint(&mut self, place: &Place, report: &Report, is_last: bool) -> Result<(), OutputError> {
        let (Some(journal), Some(output)) = (&mut self.journal, self.documents.output()) else {
            return Ok(());
        };
        let (Some(written), Some(failed)) = (output.mark(), self.failed.mark()) else { return Ok(()) };
        if !is_last && !journal.is_due(written) {
            return Ok(());
        }
        output.sync()?;
        self.failed.sync()?;
        let accounts = Report { n_in: report.n_out + report.n_failed, ..report.clone() };
        journal.checkpoint(place, (written, failed), &accounts)
    }
}

impl Sink for Files {
    fn render(&self) -> Render {
        self.documents.render()
    }

    fn document(&mut self, _: &Record, rendered: &[u8]) -> Result<(), OutputError> {
        self.documents.write(rendered)
    }

    fn failed(&mut self, failed: &Failed) -> Result<(), OutputError> {
        self.failed.write(failed)
    }

    fn flush(&mut self) -> Result<(), OutputError> {
        self.documents.flush()
    }

    fn mark(&mut self, place: &Place, report: &Report) -> Result<(), OutputError> {
        self.checkpoint(place, report, false)
    }

    fn stop(&mut self, place: &Place, report: &Report) -> Result<(), OutputError> {
        self.checkpoint(place, report, true)
    }
}
