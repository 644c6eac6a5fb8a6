//! Standard output: data and nothing else. Files that are written at once.

use std::io::{self, Write};

use demarche::corpus::{Output, OutputError, Target};

use crate::{Exit, Told};

/// Prints a text, colors and all: [`crate::view::Paint`] has decided about them.
///
/// A reader who has seen enough and closes the pipe ends the command, and that is no failure.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Told(Exit::Success).into()),
        written => Ok(written?),
    }
}

/// Writes a whole file, which is there under its name once it is complete.
pub(crate) fn write(target: &Target, bytes: &[u8]) -> Result<(), OutputError> {
    let mut file = Output::create(target)?;
    file.write(bytes)?;
    file.finish()
}
