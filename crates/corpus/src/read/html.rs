//! Web pages: one a file.

use encoding_rs::Encoding;
use serde_json::Map;

use super::page::Page;
use super::{Records, Stream, document};
use crate::encoding::Decoded;
use crate::{Record, RecordError};

/// The whole stream as one page.
pub(crate) struct Html {
    stream: Stream,
    done: bool,
}

impl Html {
    pub(crate) const fn new(stream: Stream) -> Self {
        Self { stream, done: false }
    }

    fn read(&mut self) -> Result<Record, RecordError> {
        let (place, Decoded { text, from }) = self.stream.whole(declared)?;
        let page = Page::of(&text);
        let mut meta = Map::new();
        page.describe(&mut meta);
        let name = self.stream.origin.name.clone();
        Ok(Record::new(place, document(name, page.text, meta, from)))
    }
}

impl Records for Html {
    fn next(&mut self) -> Option<Result<Record, RecordError>> {
        if std::mem::replace(&mut self.done, true) { None } else { Some(self.read()) }
    }
}

/// Bytes at the start of a page in which it says its encoding, as the HTML standard has it.
const PRESCAN: usize = 1024;

/// The encoding that a page says it is in: what stands after `charset=`.
pub(crate) fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes[..bytes.len().min(PRESCAN)].to_ascii_lowercase();
    let at = memchr::memmem::find(&start, b"charset=")? + b"charset=".len();
    let label = start[at..].trim_ascii_start();
    let label = label.strip_prefix(b"\"").or_else(|| label.strip_prefix(b"'")).unwrap_or(label);
    let ends = |byte: &u8| matches!(byte, b'"' | b'\'' | b';' | b'>' | b'/') || byte.is_ascii_whitespace();
    Encoding::for_label(&label[..label.iter().position(ends).unwrap_or(label.len())])
}
