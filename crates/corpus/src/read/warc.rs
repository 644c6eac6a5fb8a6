//! WARC 1.0 and 1.1 (ISO 28500): the pages and texts of a crawl.
//!
//! Read are responses with status 200 that are HTML or plain text, and the plain texts of `conversion` and `resource`
//! records; what else a crawl keeps (requests, images, other answers) is passed over.

use std::io::{self, BufRead, Read};

use encoding_rs::Encoding;
use serde_json::Map;

use super::html::declared;
use super::page::Page;
use super::{Records, Stream, decode, document};
use crate::encoding::Decoder;
use crate::lines::rest;
use crate::open::{Budget, Limited};
use crate::{Problem, Record, RecordError};

/// The pages and texts of a crawl.
pub(crate) struct Crawl {
    stream: Stream,
    decoder: Decoder,
    offset: u64,
    number: u64,
    done: bool,
}

/// Longest header of a record, and of an answer in it.
const LONGEST_HEADER: u64 = 64 * 1024;

/// Lines `name: value`, the names in small letters.
type Fields = Vec<(String, String)>;

/// What a record is.
struct Head {
    fields: Fields,
    length: u64,
}

impl Crawl {
    pub(crate) fn new(stream: Stream) -> Self {
        Self { decoder: stream.decoder(), offset: stream.offset, stream, number: 0, done: false }
    }

    /// The header of the next record; `None` at the end.
    fn head(&mut self) -> Result<Option<Head>, Fault> {
        // Two empty lines part the records.
        let mut line = Vec::new();
        while line.is_empty() {
            if self.stream.input.fill_buf()?.is_empty() {
                return Ok(None);
            }
            line = self.line()?;
        }
        if !line.starts_with(b"WARC/") {
            return Err(Fault::Format("no record starts here: it should say `WARC/1.0`"));
        }
        let start = self.offset;
        let mut fields = Fields::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            if self.offset - start > LONGEST_HEADER {
                return Err(Fault::Format("a header without end"));
            }
            add_field(&mut fields, &line);
        }
        let length = field(&fields, "content-length").and_then(|length| length.parse().ok());
        match length {
            Some(length) => Ok(Some(Head { fields, length })),
            None => Err(Fault::Format("a record without its length")),
        }
    }

    /// A line of a header, without its end.
    fn line(&mut self) -> Result<Vec<u8>, Fault> {
        let mut line = Vec::new();
        let n = self.stream.input.by_ref().take(LONGEST_HEADER).read_until(b'\n', &mut line)?;
        if line.pop() != Some(b'\n') {
            return Err(Fault::Format("it ends within a header"));
        }
        self.offset += n as u64;
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(line)
    }

    fn read(&mut self) -> Result<Option<Result<Record, RecordError>>, Fault> {
        loop {
            let Some(head) = self.head()? else { return Ok(None) };
            self.number += 1;
            let place = self.stream.origin.place(self.number, self.offset, head.length);
            let limit = self.stream.options.max_record;
            let mut block = self.stream.input.by_ref().take(head.length);
            let wanted = is_text(&head.fields) && may_be_text(&head.fields, block.fill_buf()?);
            let mut bytes = Vec::new();
            let length = rest(&mut block, if wanted { limit } else { 0 }, &mut bytes)?;
            self.offset += length;
            if length < head.length {
                return Err(Fault::Format("it ends within a record"));
            }
            if !wanted {
                continue;
            }
            if length > limit {
                return Ok(Some(Err(RecordError::new(place, Problem::TooLong { limit }, None))));
            }
            let payload = match Payload::of(&head.fields, bytes, limit, &self.stream.budget) {
                Ok(Some(payload)) => payload,
                Ok(None) => continue,
                Err(Problem::Read { source }) if source.kind() == io::ErrorKind::FileTooLarge => {
                    return Err(Fault::Read(source));
                }
                Err(problem) => return Ok(Some(Err(RecordError::new(place, problem, None)))),
            };
            let declared = payload.charset.or_else(|| payload.is_html.then(|| declared(&payload.bytes))?);
            let decoded = match decode(&mut self.decoder, payload.bytes, declared, &place) {
                Ok(decoded) => decoded,
                Err(error) => return Ok(Some(Err(error))),
            };
            let mut meta = Map::new();
            let uri = field(&head.fields, "warc-target-uri").map(|uri| uri.trim_matches(['<', '>']));
            for (key, value) in [("url", uri), ("crawled", field(&head.fields, "warc-date"))] {
                if let Some(value) = value {
                    meta.insert(key.to_owned(), value.into());
                }
            }
            let text = if payload.is_html {
                let page = Page::of(&decoded.text);
                page.describe(&mut meta);
                page.text
            } else {
                decoded.text
            };
            let id =
                uri.map_or_else(|| format!("{}:{}", self.stream.origin.name, self.number), str::to_owned);
            return Ok(Some(Ok(Record::new(place, document(id, text, meta, decoded.from)))));
        }
    }
}

impl Records for Crawl {
    fn next(&mut self) -> Option<Result<Record, RecordError>> {
        if self.done {
            return None;
        }
        match self.read() {
            Ok(record) => record,
            Err(fault) => {
                self.done = true;
                let (number, offset) = (self.number + 1, self.offset);
                Some(Err(match fault {
                    Fault::Read(source) => self.stream.origin.broken(number, offset, source),
                    Fault::Format(message) => {
                        let message = message.to_owned();
                        let problem = Problem::Malformed { format: "WARC", message, offset };
                        RecordError::new(self.stream.origin.place(number, offset, 0), problem, None)
                    }
                }))
            }
        }
    }
}

/// What puts an end to a file.
enum Fault {
    Read(io::Error),
    Format(&'static str),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

/// Whether a record may hold a page or a text.
fn is_text(fields: &Fields) -> bool {
    let kind = field(fields, "content-type").unwrap_or_default();
    match field(fields, "warc-type") {
        Some("response") => kind.starts_with("application/http"),
        Some("conversion" | "resource") => is_html(kind) || kind.starts_with("text/plain"),
        _ => false,
    }
}

/// Whether a record may hold a page or a text, by what is there of its start: a film is not read to be thrown away.
fn may_be_text(fields: &Fields, start: &[u8]) -> bool {
    let is_answer = field(fields, "content-type").is_some_and(|kind| kind.starts_with("application/http"));
    !is_answer || answer(start).is_none_or(|(answer, _)| answer.is_text())
}

/// The header of an answer of a server.
struct Answer {
    is_success: bool,
    fields: Fields,
}

impl Answer {
    fn is_text(&self) -> bool {
        let kind = field(&self.fields, "content-type").unwrap_or_default();
        self.is_success && (is_html(kind) || kind.starts_with("text/plain"))
    }
}

/// The header of an answer, and where what it carries starts.
fn answer(block: &[u8]) -> Option<(Answer, usize)> {
    let end = memchr::memmem::find(block, b"\r\n\r\n").map(|at| (at, at + 4));
    let (end, start) = end.or_else(|| memchr::memmem::find(block, b"\n\n").map(|at| (at, at + 2)))?;
    let mut lines = block[..end].split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_end);
    let status = lines.next().unwrap_or_default();
    let is_success = status.split(|&byte| byte == b' ').nth(1) == Some(b"200");
    let mut fields = Fields::new();
    lines.for_each(|line| add_field(&mut fields, line));
    Some((Answer { is_success, fields }, start))
}

/// The page or text itself.
struct Payload {
    bytes: Vec<u8>,
    is_html: bool,
    charset: Option<&'static Encoding>,
}

impl Payload {
    /// Of a record; `None` where it is neither a page nor a text.
    fn of(fields: &Fields, block: Vec<u8>, limit: u64, budget: &Budget) -> Result<Option<Self>, Problem> {
        let kind = field(fields, "content-type").unwrap_or_default();
        if !kind.starts_with("application/http") {
            return Ok(Some(Self { bytes: block, is_html: is_html(kind), charset: charset(kind) }));
        }
        let Some((answer, start)) = answer(&block) else { return Ok(None) };
        if !answer.is_text() {
            return Ok(None);
        }
        let answer = answer.fields;
        let kind = field(&answer, "content-type").unwrap_or_default();
        let mut bytes = block[start..].to_vec();
        if field(&answer, "transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
            bytes = unchunked(bytes);
        }
        let bytes = match field(&answer, "content-encoding").unwrap_or("identity") {
            "identity" => bytes,
            "gzip" | "x-gzip" => {
                inflated(flate2::bufread::MultiGzDecoder::new(bytes.as_slice()), limit, budget)?
            }
            "deflate" => inflated(flate2::bufread::ZlibDecoder::new(bytes.as_slice()), limit, budget)?,
            // Some crawlers keep the header and decode the answer.
            _ if std::str::from_utf8(&bytes).is_ok() => bytes,
            other => {
                let message = format!("it is compressed as {other}, which is not read");
                return Err(Problem::Read { source: io::Error::new(io::ErrorKind::Unsupported, message) });
            }
        };
        Ok(Some(Self { bytes, is_html: is_html(kind), charset: charset(kind) }))
    }
}

/// Decompressed, within the limit for a record and that for the file.
fn inflated(decoder: impl Read, limit: u64, budget: &Budget) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    Limited::new(decoder, budget)
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|source| Problem::Read { source })?;
    if bytes.len() as u64 > limit { Err(Problem::TooLong { limit }) } else { Ok(bytes) }
}

/// The chunks of an answer put together (RFC 9112, section 7.1); as it is where it has none.
fn unchunked(bytes: Vec<u8>) -> Vec<u8> {
    let mut whole = Vec::with_capacity(bytes.len());
    let mut rest = bytes.as_slice();
    loop {
        let size = memchr::memchr(b'\n', rest).and_then(|end| {
            let line = std::str::from_utf8(rest[..end].trim_ascii()).ok()?;
            let size = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
            Some((size, end + 1))
        });
        match size {
            Some((0, _)) => return whole,
            Some((size, start)) if size <= rest.len() - start => {
                whole.extend_from_slice(&rest[start..start + size]);
                rest = &rest[start + size..];
                rest = rest.strip_prefix(b"\r\n").unwrap_or(rest);
            }
            _ if whole.is_empty() => return bytes,
            // A chunk that the crawl has cut off: what is there of it.
            Some((_, start)) => {
                whole.extend_from_slice(&rest[start..]);
                return whole;
            }
            None => return whole,
        }
    }
}

fn is_html(kind: &str) -> bool {
    kind.starts_with("text/html") || kind.starts_with("application/xhtml+xml")
}

fn charset(kind: &str) -> Option<&'static Encoding> {
    let (_, label) = kind.split_once("charset=")?;
    Encoding::for_label(label.split(';').next()?.trim().trim_matches('"').as_bytes())
}

fn add_field(fields: &mut Fields, line: &[u8]) {
    let line = String::from_utf8_lossy(line);
    if let Some((name, value)) = line.split_once(':') {
        fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
    }
}

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}
