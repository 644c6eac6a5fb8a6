//! Documents, rendered one by one, to one file or to parts: as they are, or as rows.

use std::io;

use crate::parts::Parts;
use crate::{Mark, Opening, Output, OutputError, Parting, Target};

/// A format whose files are more than their documents one after the other.
pub trait Rows: Send {
    /// Adds a document, as JSON in the document format; gives the bytes of the file that are ready, often none.
    ///
    /// # Errors
    /// If it cannot be a row of the table.
    fn add(&mut self, document: &[u8]) -> io::Result<Vec<u8>>;

    /// Bytes that are held back, about.
    fn held(&self) -> u64;

    /// The last bytes of the file. What is added afterwards is of a new one.
    ///
    /// # Errors
    /// If the rows cannot be written.
    fn finish(&mut self) -> io::Result<Vec<u8>>;
}

/// Where results go, and in what form.
pub struct Results {
    to: To,
    rows: Option<Box<dyn Rows>>,
}

enum To {
    File(Output),
    Parts(Parts),
}

impl Results {
    /// Results as they are rendered, to one place.
    ///
    /// # Errors
    /// As [`Output::create`].
    pub fn create(target: &Target) -> Result<Self, OutputError> {
        Self::open(Opening::from(target))
    }

    /// The same, opened as it is told.
    ///
    /// # Errors
    /// As [`Output::open`].
    pub fn open(opening: Opening) -> Result<Self, OutputError> {
        Ok(Self { to: To::File(Output::open(opening)?), rows: None })
    }

    /// Results as they are rendered, in parts: the target is a folder. The whole parts up to a mark are kept, if one is
    /// given; `opening.kept` is of no use.
    ///
    /// # Errors
    /// If the folder is there already or cannot be made, another run is writing it, or what is to be kept of it is not there.
    pub fn parted(opening: Opening, parting: Parting, kept: Option<Mark>) -> Result<Self, OutputError> {
        Ok(Self { to: To::Parts(Parts::open(opening, parting, kept)?), rows: None })
    }

    /// The same results as rows: what is written is to be JSON in the document format.
    pub fn as_rows(self, rows: Box<dyn Rows>) -> Self {
        Self { rows: Some(rows), ..self }
    }

    /// Adds a document.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&mut self, rendered: &[u8]) -> Result<(), OutputError> {
        let output = self.to.output()?;
        let mut held = 0;
        match &mut self.rows {
            None => output.write(rendered)?,
            Some(rows) => {
                let bytes = rows.add(rendered).map_err(|source| output.error(source))?;
                output.write(&bytes)?;
                held = rows.held();
            }
        }
        let length = output.length() + held;
        match &self.to {
            To::Parts(parts) if parts.is_full(length) => self.end_part(),
            _ => Ok(()),
        }
    }

    /// Hands on what is held to whoever reads the standard output.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn flush(&mut self) -> Result<(), OutputError> {
        match &mut self.to {
            To::File(output) => output.flush(),
            To::Parts(_) => Ok(()),
        }
    }

    /// How far it is, if it can be gone on with from here: parts after a whole one, one file as [`Output::mark`] says, but
    /// never as rows.
    pub fn mark(&self) -> Option<Mark> {
        match &self.to {
            To::File(_) if self.rows.is_some() => None,
            To::File(output) => output.mark().map(|bytes| Mark { bytes, parts: 0 }),
            To::Parts(parts) => parts.mark(),
        }
    }

    /// Sees what was written up to a mark onto the disk.
    ///
    /// # Errors
    /// If the system does not take it.
    pub fn sync(&mut self) -> Result<(), OutputError> {
        match &mut self.to {
            To::File(output) => output.sync(),
            // Each was, before it got its name.
            To::Parts(_) => Ok(()),
        }
    }

    /// Writes what is left and sees it onto the disk; whether that is a file or folder, which is to get its name.
    ///
    /// # Errors
    /// If the system does not take it.
    pub fn complete(&mut self) -> Result<bool, OutputError> {
        match &mut self.to {
            To::File(_) => {
                self.end_rows()?;
                self.rows = None;
            }
            // Where there are no documents there is a part all the same, which has the columns.
            To::Parts(parts) if parts.mark().is_none_or(|whole| whole.parts == 0) => self.end_part()?,
            To::Parts(_) => {}
        }
        match &mut self.to {
            To::File(output) => Ok(output.complete()?.is_some()),
            To::Parts(_) => Ok(true),
        }
    }

    /// Writes what is left, sees it onto the disk and gives the file or folder its name.
    ///
    /// # Errors
    /// If a step of that fails; it then keeps the name `NAME.part`.
    pub fn finish(mut self) -> Result<(), OutputError> {
        self.complete()?;
        match self.to {
            To::File(output) => output.finish(),
            To::Parts(parts) => parts.finish(),
        }
    }

    fn end_part(&mut self) -> Result<(), OutputError> {
        self.end_rows()?;
        match &mut self.to {
            To::Parts(parts) => parts.end_part(),
            To::File(_) => Ok(()),
        }
    }

    fn end_rows(&mut self) -> Result<(), OutputError> {
        let output = self.to.output()?;
        let Some(rows) = &mut self.rows else { return Ok(()) };
        let bytes = rows.finish().map_err(|source| output.error(source))?;
        output.write(&bytes)
    }
}

impl To {
    fn output(&mut self) -> Result<&mut Output, OutputError> {
        match self {
            Self::File(output) => Ok(output),
            Self::Parts(parts) => parts.output(),
        }
    }
}

impl std::fmt::Debug for Results {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("Results");
        match &self.to {
            To::File(output) => debug.field("to", output),
            To::Parts(parts) => debug.field("whole", &parts.mark()),
        };
        debug.field("are_rows", &self.rows.is_some()).finish()
    }
}
