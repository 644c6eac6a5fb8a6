//! Texts: one a file, or one a line.

use serde_json::Map;

use super::{Records, Stream, decode, document};
use crate::encoding::{Decoded, Decoder};
use crate::lines::{Cursor, next_line};
use crate::{Problem, Record, RecordError};

/// The whole stream as one document.
pub(crate) struct Text {
    stream: Stream,
    done: bool,
}

impl Text {
    pub(crate) const fn new(stream: Stream) -> Self {
        Self { stream, done: false }
    }

    fn read(&mut self) -> Result<Record, RecordError> {
        let (place, Decoded { text, from }) = self.stream.whole(|_| None)?;
        let name = self.stream.origin.name.clone();
        Ok(Record::new(place, document(name, text, Map::new(), from)))
    }
}

impl Records for Text {
    fn next(&mut self) -> Option<Result<Record, RecordError>> {
        if std::mem::replace(&mut self.done, true) { None } else { Some(self.read()) }
    }
}

/// Each line that is not blank as a document.
pub(crate) struct Lines {
    lines: LineStream,
    decoder: Decoder,
}

impl Lines {
    pub(crate) fn new(stream: Stream) -> Self {
        Self { decoder: stream.decoder(), lines: LineStream::new(stream, 0) }
    }
}

impl Records for Lines {
    fn next(&mut self) -> Option<Result<Record, RecordError>> {
        let (line, bytes) = match self.lines.next()? {
            Ok(line) => line,
            Err(error) => return Some(Err(error)),
        };
        let stream = &self.lines.stream;
        let place = stream.origin.place(line.number, line.offset, line.length);
        let decoded = match decode(&mut self.decoder, bytes, None, &place) {
            Ok(decoded) => decoded,
            Err(error) => return Some(Err(error)),
        };
        let id = format!("{}:{}", stream.origin.name, line.number);
        let document = document(id, decoded.text, Map::new(), stream.from.or(decoded.from));
        Some(Ok(Record::new(place, document)))
    }
}

/// The lines of a stream that are not blank.
pub(crate) struct LineStream {
    pub(crate) stream: Stream,
    cursor: Cursor,
    done: bool,
}

impl LineStream {
    /// The lines of a stream that starts after `before` of them.
    pub(crate) const fn new(stream: Stream, before: u64) -> Self {
        let cursor = Cursor { number: before, offset: stream.offset };
        Self { stream, cursor, done: false }
    }

    pub(crate) fn next(&mut self) -> Option<Result<(crate::lines::Line, Vec<u8>), RecordError>> {
        let limit = self.stream.options.max_record;
        let mut buffer = Vec::new();
        while !self.done {
            let at = self.cursor;
            let line = match next_line(&mut self.stream.input, &mut self.cursor, limit, &mut buffer) {
                Ok(line) => line?,
                Err(source) => {
                    self.done = true;
                    return Some(Err(self.stream.origin.broken(at.number + 1, at.offset, source)));
                }
            };
            if line.too_long {
                let place = self.stream.origin.place(line.number, line.offset, line.length);
                return Some(Err(RecordError::new(place, Problem::TooLong { limit }, None)));
            }
            if !buffer.trim_ascii().is_empty() {
                return Some(Ok((line, buffer)));
            }
        }
        None
    }
}
