//! Standard output: data and nothing else.

use std::io::{self, Write};

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
