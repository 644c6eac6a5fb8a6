//! Many files in one. Their names are names of documents, and never paths of this machine.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::{Origin, Records, records, tar, zip};
use crate::open::{Budget, Input, decompressed, head};
use crate::{Format, Problem, ReadOptions, Record, RecordError};

/// The files of an archive, one after the other.
pub(crate) trait Members: Send {
    /// The next file; an error of its own leaves the files after it, any other ends the archive.
    fn next(&mut self) -> io::Result<Option<Member>>;
}

/// A file of an archive.
pub(crate) struct Member {
    /// Its name, as the archive has it.
    pub(crate) name: Vec<u8>,
    pub(crate) input: io::Result<Input>,
}

/// The records of all files of an archive whose names say how they are to be read.
pub(crate) struct Archive<M> {
    members: M,
    origin: Origin,
    format: Option<Format>,
    budget: Budget,
    options: Arc<ReadOptions>,
    current: Option<Box<dyn Records>>,
    /// Number of the last record.
    last: u64,
    done: bool,
}

impl<M: Members> Archive<M> {
    /// `format` goes before what names say.
    pub(crate) fn new(
        members: M,
        origin: Origin,
        format: Option<Format>,
        budget: Budget,
        options: &Arc<ReadOptions>,
    ) -> Self {
        let format = format.filter(|format| *format != Format::Archive);
        let options = Arc::clone(options);
        Self { members, origin, format, budget, options, current: None, last: 0, done: false }
    }

    /// The records of a file, if it is one that is read.
    fn open(&self, member: Member) -> Option<Result<Box<dyn Records>, RecordError>> {
        let name = String::from_utf8_lossy(&member.name).into_owned();
        let name = name.strip_prefix("./").unwrap_or(&name);
        if name.is_empty() || name.ends_with('/') || is_hidden(name) {
            return None;
        }
        let format = Format::of(Path::new(name));
        let format = if format == Some(Format::Archive) { format } else { self.format.or(format) }?;
        let mut origin = self.origin.clone();
        origin.name = format!("{}/{name}", self.origin.name);
        origin.member = Some(name.into());
        origin.before = self.last;
        let opened = member.input.and_then(|input| decompressed(input, &self.budget)).and_then(head);
        Some(match opened {
            Err(source) => Err(origin.broken(1, 0, source)),
            Ok((start, _)) if format == Format::Archive || zip::is_zip(&start) || tar::is_tar(&start) => {
                let place = origin.place(1, 0, 0);
                Err(RecordError::new(place, Problem::Nested, None))
            }
            Ok((start, input)) => {
                records(&start, input, origin, Some(format), &self.options, self.budget.clone())
            }
        })
    }
}

impl<M> Archive<M> {
    /// With a number of its own: what is wrong with a file as a whole has none in that file.
    fn numbered(&mut self, mut record: Result<Record, RecordError>) -> Result<Record, RecordError> {
        let place = record.as_mut().map_or_else(|error| &mut error.place, |record| &mut record.place);
        place.record = place.record.max(self.last + 1);
        self.last = place.record;
        record
    }
}

impl<M: Members> Records for Archive<M> {
    fn next(&mut self) -> Option<Result<Record, RecordError>> {
        loop {
            if let Some(current) = &mut self.current {
                if let Some(record) = current.next() {
                    return Some(self.numbered(record));
                }
                self.current = None;
            }
            if self.done {
                return None;
            }
            match self.members.next() {
                Ok(None) => self.done = true,
                Ok(Some(member)) => match self.open(member) {
                    None => {}
                    Some(Ok(records)) => self.current = Some(records),
                    Some(Err(error)) => return Some(self.numbered(Err(error))),
                },
                Err(source) => {
                    self.done = true;
                    return Some(self.numbered(Err(self.origin.broken(0, 0, source))));
                }
            }
        }
    }
}

/// As in a folder: a name of which a part begins with a dot. What the Finder adds to archives is hidden too.
fn is_hidden(name: &str) -> bool {
    let hidden = |part: &str| part.starts_with('.') && part != "." && part != "..";
    name.split('/').any(|part| hidden(part) || part == "__MACOSX")
}
