use std::sync::Arc;

use demarche_core::{Document, Offsets, format};
use demarche_corpus::{Failed, FailedDocuments, OutputError, Place, Record, Results, Target};

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

/// Documents to one place, accounts of failures to another, and a journal of how far both are.
pub struct Files {
    results: Results,
    render: Render,
    failed: FailedDocuments,
    journal: Option<Journal>,
}

impl Files {
    /// Documents as JSON Lines; the failed-documents file is made when the first document fails.
    ///
    /// # Errors
    /// If the output cannot be made.
    pub fn create(documents: &Target, offsets: Offsets, failed: Target) -> Result<Self, OutputError> {
        let results = Results::create(documents)?;
        Ok(Self::with(results, json_lines(offsets), FailedDocuments::new(failed), None))
    }

    /// Documents as `render` makes them, to files that are open already, and with a journal, if there is one, which was begun
    /// before they were opened.
    pub const fn with(
        results: Results,
        render: Render,
        failed: FailedDocuments,
        journal: Option<Journal>,
    ) -> Self {
        Self { results, render, failed, journal }
    }

    /// Completes both files; `report` is the account of all that they hold.
    ///
    /// # Errors
    /// If one of them cannot be completed.
    pub fn finish(mut self, report: &Report) -> Result<(), OutputError> {
        if let Some(journal) = &mut self.journal {
            let complete = (self.results.complete()?, self.failed.complete()?);
            if let (true, Some(failed)) = complete {
                journal.complete(failed, report)?;
            }
        }
        // The failures first: output under its final name means that its failures are there too.
        self.failed.finish()?;
        self.results.finish()?;
        self.journal.map_or(Ok(()), Journal::finish)
    }

    /// Sees both files onto the disk and writes that down, if they can be gone on with from here.
    fn checkpoint(&mut self, place: &Place, report: &Report, is_last: bool) -> Result<(), OutputError> {
        let Some(journal) = &mut self.journal else { return Ok(()) };
        let (Some(written), Some(failed)) = (self.results.mark(), self.failed.mark()) else { return Ok(()) };
        if !is_last && !journal.is_due(written) {
            return Ok(());
        }
        self.results.sync()?;
        self.failed.sync()?;
        let accounts = Report { n_in: report.n_out + report.n_failed, ..report.clone() };
        journal.checkpoint(place, (written, failed), &accounts)
    }
}

impl Sink for Files {
    fn render(&self) -> Render {
        Arc::clone(&self.render)
    }

    fn document(&mut self, _: &Record, rendered: &[u8]) -> Result<(), OutputError> {
        self.results.write(rendered)
    }

    fn failed(&mut self, failed: &Failed) -> Result<(), OutputError> {
        self.failed.write(failed)
    }

    fn flush(&mut self) -> Result<(), OutputError> {
        self.results.flush()
    }

    fn mark(&mut self, place: &Place, report: &Report) -> Result<(), OutputError> {
        self.checkpoint(place, report, false)
    }

    fn stop(&mut self, place: &Place, report: &Report) -> Result<(), OutputError> {
        self.checkpoint(place, report, true)
    }
}
