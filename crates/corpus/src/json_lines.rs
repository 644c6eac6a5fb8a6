use demarche_core::{Document, Offsets, format};

use crate::{Opening, Output, OutputError, Target};

/// Writes documents as JSON Lines in the document format.
#[derive(Debug)]
pub struct JsonLines {
    output: Output,
    offsets: Offsets,
    line: Vec<u8>,
}

/// A line's buffer is let go when it has grown past this, so that one long document does not hold its memory.
const KEPT_BUFFER: usize = 4 << 20;

impl JsonLines {
    /// Opens what is written to; `offsets` is the unit in which spans are counted.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn create(target: &Target, offsets: Offsets) -> Result<Self, OutputError> {
        Self::open(Opening::from(target), offsets)
    }

    /// The same, opened as it is told.
    ///
    /// # Errors
    /// If the file cannot be opened.
    pub fn open(opening: Opening, offsets: Offsets) -> Result<Self, OutputError> {
        Ok(Self { output: Output::open(opening)?, offsets, line: Vec::new() })
    }

    /// Adds a document.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&mut self, doc: &Document<'_>) -> Result<(), OutputError> {
        self.line.clear();
        format::write(doc, self.offsets, &mut self.line).map_err(|source| self.output.error(source))?;
        self.line.push(b'\n');
        let written = self.output.write(&self.line);
        if self.line.capacity() > KEPT_BUFFER {
            self.line = Vec::new();
        }
        written
    }

    /// Hands on what is held to whoever reads the standard output.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn flush(&mut self) -> Result<(), OutputError> {
        self.output.flush()
    }

    /// What is written to.
    pub const fn output(&mut self) -> &mut Output {
        &mut self.output
    }

    /// Completes the file.
    ///
    /// # Errors
    /// If what is left cannot be written, or the file not renamed.
    pub fn finish(self) -> Result<(), OutputError> {
        self.output.finish()
    }
}
