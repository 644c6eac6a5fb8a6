//! Bytes of any encoding as text.
//!
//! The rule: UTF-8 where it is UTF-8; otherwise what the page or its server declares; otherwise what `chardetng`
//! guesses, which is windows-1252 for most of Western text. An encoding that the user names goes before all that. A byte
//! order mark is told before this, where the stream is opened.

use std::io::{self, BufRead, Read};
use std::str::FromStr;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, UTF_8};
use serde::{Deserialize, Serialize};

use crate::Problem;

/// An encoding by one of the names that the web has for it: `utf-8`, `windows-1252`, `latin1`, `utf-16le`, `shift_jis`, …
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct EncodingName(pub(crate) &'static Encoding);

/// No encoding has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no encoding: write one as the web knows it, such as utf-8, windows-1252, iso-8859-2 or utf-16le"
)]
pub struct UnknownEncoding(pub String);

impl FromStr for EncodingName {
    type Err = UnknownEncoding;

    fn from_str(name: &str) -> Result<Self, UnknownEncoding> {
        let encoding = Encoding::for_label_no_replacement(name.as_bytes());
        encoding.map(Self).ok_or_else(|| UnknownEncoding(name.to_owned()))
    }
}

impl TryFrom<String> for EncodingName {
    type Error = UnknownEncoding;

    fn try_from(name: String) -> Result<Self, UnknownEncoding> {
        name.parse()
    }
}

impl From<EncodingName> for String {
    fn from(EncodingName(encoding): EncodingName) -> Self {
        encoding.name().to_owned()
    }
}

/// Decodes the records of one stream, whose guess gets better with each record that is not UTF-8.
pub(crate) struct Decoder {
    named: Option<&'static Encoding>,
    detector: Option<Box<EncodingDetector>>,
}

/// A text, and the encoding that it was converted from.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) from: Option<&'static str>,
}

/// Bytes that could not be decoded, and why; `offset` is counted from their start.
pub(crate) struct NotText {
    pub(crate) bytes: Vec<u8>,
    pub(crate) reason: Reason,
}

pub(crate) enum Reason {
    Utf8 { offset: u64 },
    Encoding { encoding: &'static str },
}

impl Reason {
    /// The same for bytes that start so far into the file.
    pub(crate) fn at(self, start: u64) -> Problem {
        match self {
            Self::Utf8 { offset } => Problem::Utf8 { offset: start + offset },
            Self::Encoding { encoding } => Problem::Encoding { encoding },
        }
    }
}

impl Decoder {
    /// With the encoding that was named for all of the input, if any.
    pub(crate) const fn new(named: Option<&'static Encoding>) -> Self {
        Self { named, detector: None }
    }

    /// Decodes a record; `declared` is what stands in the record about itself.
    pub(crate) fn decode(
        &mut self,
        bytes: Vec<u8>,
        declared: Option<&'static Encoding>,
    ) -> Result<Decoded, NotText> {
        // What is not ASCII-compatible has been converted where the stream was opened.
        let named = self.named.filter(|named| named.is_ascii_compatible() && *named != UTF_8);
        let (offset, bytes) = match (named, String::from_utf8(bytes)) {
            (None, Ok(text)) => return Ok(Decoded { text, from: None }),
            (Some(named), Ok(text)) => return convert(text.into_bytes(), named),
            (Some(named), Err(error)) => return convert(error.into_bytes(), named),
            (None, Err(error)) => (error.utf8_error().valid_up_to() as u64, error.into_bytes()),
        };
        // No text of an encoding that is left has a zero byte: it is no text.
        if self.named == Some(UTF_8) || memchr::memchr(0, &bytes).is_some() {
            return Err(NotText { bytes, reason: Reason::Utf8 { offset } });
        }
        let encoding = match declared.filter(|declared| declared.is_ascii_compatible() && *declared != UTF_8)
        {
            Some(declared) => declared,
            None => self.guess(&bytes),
        };
        convert(bytes, encoding)
    }

    fn guess(&mut self, bytes: &[u8]) -> &'static Encoding {
        let detector =
            self.detector.get_or_insert_with(|| Box::new(EncodingDetector::new(Iso2022JpDetection::Deny)));
        detector.feed(bytes, false);
        detector.guess(None, Utf8Detection::Deny)
    }
}

fn convert(bytes: Vec<u8>, encoding: &'static Encoding) -> Result<Decoded, NotText> {
    let decoded = encoding.decode_without_bom_handling_and_without_replacement(&bytes);
    match decoded.map(std::borrow::Cow::into_owned) {
        Some(text) => {
            let from = (text.as_bytes() != bytes).then(|| encoding.name());
            Ok(Decoded { text, from })
        }
        None => Err(NotText { bytes, reason: Reason::Encoding { encoding: encoding.name() } }),
    }
}

/// A stream of an encoding whose line breaks and quotation marks are not those of ASCII, as UTF-8.
pub(crate) struct Transcoded<R> {
    input: R,
    decoder: encoding_rs::Decoder,
    encoding: &'static Encoding,
    /// Converted text that has not been handed on.
    ready: Vec<u8>,
    taken: usize,
    /// Bytes that have been converted.
    offset: u64,
    ended: bool,
    /// What ends it, to be told after the text before it.
    broken: Option<String>,
}

/// Bytes converted at once.
const CHUNK: usize = 16 * 1024;

impl<R: BufRead> Transcoded<R> {
    /// `offset` is the place in the file at which it starts.
    pub(crate) fn new(input: R, encoding: &'static Encoding, offset: u64) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Self { input, decoder, encoding, ready: Vec::new(), taken: 0, offset, ended: false, broken: None }
    }

    fn refill(&mut self) -> io::Result<()> {
        while self.taken == self.ready.len() && !self.ended {
            let available = self.input.fill_buf()?;
            let available = &available[..available.len().min(CHUNK)];
            let last = available.is_empty();
            // Three bytes of UTF-8 for each unit, and some for what the decoder holds.
            self.ready.resize(available.len() * 3 + 16, 0);
            self.taken = 0;
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(available, &mut self.ready, last);
            self.ready.truncate(written);
            self.input.consume(read);
            self.offset += read as u64;
            self.ended = last;
            if let DecoderResult::Malformed(..) = result {
                self.ended = true;
                self.broken =
                    Some(format!("not {} before byte {} of the file", self.encoding.name(), self.offset));
            }
        }
        match self.broken.take_if(|_| self.taken == self.ready.len()) {
            Some(message) => Err(io::Error::new(io::ErrorKind::InvalidData, message)),
            None => Ok(()),
        }
    }
}

impl<R: BufRead> Read for Transcoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let n = available.len().min(buffer.len());
        buffer[..n].copy_from_slice(&available[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Transcoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.refill()?;
        Ok(&self.ready[self.taken..])
    }

    fn consume(&mut self, n: usize) {
        self.taken += n;
    }
}
