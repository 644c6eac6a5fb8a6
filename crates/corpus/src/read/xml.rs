//! News in XML: NITF 3, and NewsML-G2 with its text as NITF, XHTML or plain text inside.

use std::ops::Range;

use encoding_rs::Encoding;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Map;

use super::{Records, Stream, document};
use crate::encoding::Decoded;
use crate::{Place, Problem, Record, RecordError};

/// The items of a file, which is read as a whole.
pub(crate) struct News {
    stream: Stream,
    ready: Option<Ready>,
    /// Whether it could not be read.
    failed: bool,
}

/// What has been read. An item becomes a document when its turn comes: there may be many.
struct Ready {
    place: Place,
    /// The encoding that it was converted from.
    from: Option<&'static str>,
    items: std::vec::IntoIter<Item>,
    number: u64,
    fault: Option<Fault>,
}

impl News {
    pub(crate) const fn new(stream: Stream) -> Self {
        Self { stream, ready: None, failed: false }
    }

    fn read(&mut self) -> Result<Ready, RecordError> {
        let (place, Decoded { text, from }) = self.stream.whole(declared)?;
        let (items, fault) = items(&text);
        Ok(Ready { place, from, items: items.into_iter(), number: 0, fault })
    }
}

impl Ready {
    /// Where the next item stands.
    fn place(&mut self, span: Range<u64>) -> Place {
        self.number += 1;
        Place {
            record: self.place.record - 1 + self.number,
            offset: self.place.offset + span.start,
            length: span.end - span.start,
            ..self.place.clone()
        }
    }

    /// The next item, or what is wrong after the last one; `name` is that of the file.
    fn next(&mut self, name: &str) -> Option<Result<Record, RecordError>> {
        if let Some(item) = self.items.next() {
            let place = self.place(item.span.clone());
            let number = self.number;
            let unnamed = || if number == 1 { name.to_owned() } else { format!("{name}:{number}") };
            let id = item.id.clone().unwrap_or_else(unnamed);
            return Some(Ok(item.record(place, id, self.from)));
        }
        let Fault { offset, message } = self.fault.take()?;
        let place = self.place(offset..offset);
        let problem = Problem::Malformed { format: "XML", message, offset: place.offset };
        Some(Err(RecordError::new(place, problem, None)))
    }
}

impl Records for News {
    fn next(&mut self) -> Option<Result<Record, RecordError>> {
        if self.ready.is_none() && !self.failed {
            match self.read() {
                Ok(ready) => self.ready = Some(ready),
                Err(error) => {
                    self.failed = true;
                    return Some(Err(error));
                }
            }
        }
        self.ready.as_mut()?.next(&self.stream.origin.name)
    }
}

/// The encoding that the first line says.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let end = memchr::memchr(b'>', bytes)?;
    let line = std::str::from_utf8(&bytes[..end]).ok()?;
    let (_, label) = line.strip_prefix("<?xml")?.split_once("encoding=")?;
    let quote = label.chars().next()?;
    Encoding::for_label(label.split(quote).nth(1)?.as_bytes())
}

/// Elements open at once.
const MAX_DEPTH: usize = 512;

/// An item of news.
#[derive(Debug, Default)]
struct Item {
    span: Range<u64>,
    id: Option<String>,
    title: Option<String>,
    /// Dates, the surest first: of the content or issue, of this version, of the first version.
    dates: [Option<String>; 3],
    language: Option<String>,
    text: String,
}

impl Item {
    fn record(self, place: Place, id: String, from: Option<&'static str>) -> Record {
        let mut meta = Map::new();
        let date = self.dates.into_iter().flatten().next();
        for (key, value) in [("date", date), ("title", self.title), ("language", self.language)] {
            if let Some(value) = value {
                meta.insert(key.to_owned(), value.into());
            }
        }
        Record::new(place, document(id, self.text, meta, from))
    }
}

/// Where a file stops being XML, or news.
struct Fault {
    offset: u64,
    message: String,
}

/// Elements that are paragraphs or hold some.
const BLOCKS: [&str; 17] = [
    "p",
    "hl2",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "td",
    "th",
    "blockquote",
    "pre",
    "block",
    "tr",
    "div",
    "br",
];
/// Elements of which the text is none of the article.
const PASSED_OVER: [&str; 5] = ["media", "figure", "script", "style", "note"];

/// All items, and what is wrong after them.
fn items(xml: &str) -> (Vec<Item>, Option<Fault>) {
    let mut reader = Reader::from_str(xml);
    let mut reading = Reading::default();
    loop {
        let start = reader.buffer_position();
        let event = reader.read_event();
        let fault = |offset: u64, message: String| Some(Fault { offset, message });
        match event {
            Err(error) => return (reading.items, fault(reader.error_position(), error.to_string())),
            Ok(Event::Eof) if reading.open.is_empty() && reading.seen => return (reading.items, None),
            Ok(Event::Eof) => {
                let message = if reading.seen { "it ends within an element" } else { "it has no element" };
                return (reading.items, fault(start, message.to_owned()));
            }
            Ok(Event::Start(tag)) => {
                if let Err(message) = reading.start(&tag, start) {
                    return (reading.items, fault(start, message));
                }
            }
            Ok(Event::Empty(tag)) => {
                if let Err(message) = reading.start(&tag, start) {
                    return (reading.items, fault(start, message));
                }
                reading.end(reader.buffer_position());
            }
            Ok(Event::End(_)) => reading.end(reader.buffer_position()),
            Ok(Event::Text(text)) => reading.text(&text.xml10_content()),
            Ok(Event::CData(text)) => reading.text(&text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => {
                let known = match reference.resolve_char_ref() {
                    Ok(Some(character)) => Some(character.to_string()),
                    Ok(None) => {
                        quick_xml::escape::resolve_html5_entity(&reference.xml10_content()).map(str::to_owned)
                    }
                    Err(_) => None,
                };
                // What an unknown name stands for is in a file that is not read.
                reading.text(known.as_deref().unwrap_or("\u{fffd}"));
            }
            Ok(_) => {}
        }
    }
}

/// What an open element is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Item,
    Body,
    Inline,
    Title,
    Date(usize),
    PassedOver,
    Block,
    Other,
}

#[derive(Debug, Default)]
struct Reading {
    items: Vec<Item>,
    item: Option<Item>,
    open: Vec<Part>,
    seen: bool,
    n_body: usize,
    n_passed_over: usize,
    /// Titles and dates that are open.
    n_words: usize,
    /// Documents in XML inside the item that are open, and whether the last of them is NITF, whose `body` holds more than
    /// its text.
    n_inline: usize,
    holds_nitf: bool,
    /// Text of the title or date that is open.
    words: String,
    paragraph: String,
}

impl Reading {
    fn start(&mut self, tag: &BytesStart<'_>, offset: u64) -> Result<(), String> {
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("elements within each other more than {MAX_DEPTH} deep"));
        }
        let name = tag.local_name();
        let name: &str = name.as_ref();
        if !std::mem::replace(&mut self.seen, true) && !matches!(name, "nitf" | "newsItem" | "newsMessage") {
            return Err(format!("neither NITF nor NewsML-G2: its first element is `{name}`"));
        }
        let attribute = |name: &str| {
            let found = tag.try_get_attribute(name).ok().flatten()?;
            let value = found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?;
            (!value.trim().is_empty()).then(|| value.trim().to_owned())
        };
        let part = match (&mut self.item, name) {
            (None, "nitf" | "newsItem") => {
                let (id, language) = (attribute("guid"), attribute("xml:lang"));
                self.item = Some(Item { span: offset..offset, id, language, ..Item::default() });
                Part::Item
            }
            (Some(item), "doc-id") => {
                item.id = item.id.take().or_else(|| attribute("id-string"));
                Part::Other
            }
            (Some(item), "date.issue") => {
                item.dates[0] = item.dates[0].take().or_else(|| attribute("norm").map(|date| iso(&date)));
                Part::Other
            }
            (Some(item), "language") => {
                item.language = item.language.take().or_else(|| attribute("tag"));
                Part::Other
            }
            (Some(item), "hl1" | "headline" | "title") if item.title.is_none() && self.n_body == 0 => {
                Part::Title
            }
            (Some(_), "nitf") => {
                self.holds_nitf = true;
                Part::Other
            }
            (Some(_), "contentCreated") => Part::Date(0),
            (Some(_), "versionCreated") => Part::Date(1),
            (Some(_), "firstCreated") => Part::Date(2),
            (Some(_), "inlineData" | "body.content") => Part::Body,
            (Some(_), "inlineXML") => Part::Inline,
            (Some(_), "body") if self.n_inline > 0 && !self.holds_nitf => Part::Body,
            (Some(_), name) if PASSED_OVER.contains(&name) => Part::PassedOver,
            (Some(_), name) if self.n_body > 0 && BLOCKS.contains(&name) => Part::Block,
            _ => Part::Other,
        };
        match part {
            Part::Body => self.n_body += 1,
            Part::PassedOver => self.n_passed_over += 1,
            Part::Title | Part::Date(_) => {
                self.words.clear();
                self.n_words += 1;
            }
            Part::Block => self.cut(),
            Part::Inline => {
                self.n_inline += 1;
                self.holds_nitf = false;
            }
            Part::Item | Part::Other => {}
        }
        self.open.push(part);
        Ok(())
    }

    fn end(&mut self, offset: u64) {
        let Some(part) = self.open.pop() else { return };
        match part {
            Part::Body => {
                self.cut();
                self.n_body -= 1;
            }
            Part::PassedOver => self.n_passed_over -= 1,
            Part::Block => self.cut(),
            Part::Title | Part::Date(_) => {
                self.n_words -= 1;
                let words = self.words.split_whitespace().collect::<Vec<_>>().join(" ");
                let words = (!words.is_empty()).then_some(words);
                if let Some(item) = &mut self.item {
                    match part {
                        Part::Date(sure) => item.dates[sure] = item.dates[sure].take().or(words),
                        _ => item.title = item.title.take().or(words),
                    }
                }
            }
            Part::Item => {
                if let Some(mut item) = self.item.take() {
                    item.span.end = offset;
                    self.items.push(item);
                }
            }
            Part::Inline => self.n_inline -= 1,
            Part::Other => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.n_passed_over > 0 {
            return;
        }
        if self.n_words > 0 {
            self.words.push_str(text);
        } else if self.n_body > 0 {
            self.paragraph.push_str(text);
        }
    }

    /// Ends the paragraph. An empty line ends one too: plain text has no other way to say it.
    fn cut(&mut self) {
        let Some(item) = &mut self.item else { return };
        for paragraph in self.paragraph.replace("\r\n", "\n").split("\n\n") {
            let mut words = paragraph.split_whitespace().peekable();
            if words.peek().is_some() && !item.text.is_empty() {
                item.text.push_str("\n\n");
            }
            while let Some(word) = words.next() {
                item.text.push_str(word);
                if words.peek().is_some() {
                    item.text.push(' ');
                }
            }
        }
        self.paragraph.clear();
    }
}

/// A date as ISO 8601 has it at length: NITF writes `20240621T120000Z`, the time of which is left out here.
fn iso(date: &str) -> String {
    match date.get(..8).filter(|day| day.bytes().all(|byte| byte.is_ascii_digit())) {
        Some(day) => format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]),
        None => date.to_owned(),
    }
}
