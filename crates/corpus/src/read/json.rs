//! JSON objects: one a line, in a list, or one after the other.

use super::text::LineStream;
use super::{Records, Stream};
use crate::json;
use crate::read::values::{Next, Splitter};
use crate::{Place, Problem, Record, RecordError};

/// Each line that is not blank as an object.
pub(crate) struct Lines(LineStream);

impl Lines {
    pub(crate) const fn new(stream: Stream) -> Self {
        Self(LineStream::new(stream, 0))
    }

    /// The same for a stream that starts after so many lines.
    pub(crate) const fn from(stream: Stream, before: u64) -> Self {
        Self(LineStream::new(stream, before))
    }
}

impl Records for Lines {
    fn next(&mut self) -> Option<Result<Record, RecordError>> {
        let (line, bytes) = match self.0.next()? {
            Ok(line) => line,
            Err(error) => return Some(Err(error)),
        };
        let place = self.0.stream.origin.place(line.number, line.offset, line.length);
        Some(object(&self.0.stream, place, bytes, line.number, line.number))
    }
}

/// Each item of a list, or each value at the top, as an object.
pub(crate) struct Values {
    stream: Stream,
    splitter: Splitter,
    done: bool,
}

impl Values {
    pub(crate) fn new(stream: Stream) -> Self {
        let splitter = Splitter::new(stream.offset, stream.options.records.as_deref());
        Self { stream, splitter, done: false }
    }
}

impl Records for Values {
    fn next(&mut self) -> Option<Result<Record, RecordError>> {
        if self.done {
            return None;
        }
        let limit = self.stream.options.max_record;
        let mut buffer = Vec::new();
        let number = self.splitter.number() + 1;
        let at = self.splitter.offset();
        match self.splitter.next(&mut self.stream.input, limit, &mut buffer) {
            Ok(Next::End) => None,
            Ok(Next::Value { offset, length, line }) => {
                let place = self.stream.origin.place(number, offset, length);
                if length > limit {
                    return Some(Err(RecordError::new(place, Problem::TooLong { limit }, None)));
                }
                Some(object(&self.stream, place, buffer, number, line))
            }
            Ok(Next::Broken { offset, message }) => {
                self.done = true;
                let place = self.stream.origin.place(number, offset, 0);
                let problem = Problem::Malformed { format: "JSON", message: message.to_owned(), offset };
                Some(Err(RecordError::new(place, problem, None)))
            }
            Err(source) => {
                self.done = true;
                Some(Err(self.stream.origin.broken(number, at, source)))
            }
        }
    }
}

/// JSON is UTF-8 by its standard; nothing is guessed.
fn object(
    stream: &Stream,
    place: Place,
    bytes: Vec<u8>,
    number: u64,
    line: u64,
) -> Result<Record, RecordError> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = place.offset + error.utf8_error().valid_up_to() as u64;
        RecordError::new(place.clone(), Problem::Utf8 { offset }, Some(error.into_bytes()))
    })?;
    let options = &stream.options;
    let unnamed = (stream.origin.name.as_str(), number);
    match json::document(&text, unnamed, line, &options.fields, options.layers) {
        // What fails a second time is kept as it was the first time.
        Ok((document, kept)) => Ok(Record::with_line(place, document, kept.unwrap_or(text))),
        Err(problem) => {
            let record = json::kept(&text).unwrap_or(text);
            Err(RecordError::new(place, problem, Some(record.into_bytes())))
        }
    }
}
