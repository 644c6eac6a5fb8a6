//! Documents as they are scored: a name, a text, and layers that are read when they are needed.

use std::borrow::Cow;

use demarche_core::Offsets;
use hashbrown::HashMap;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::At;
use crate::text::{Span, Text, ToChars};
use crate::{Error, Key};

/// A document with its layers as they stand in a file.
///
/// A layer is looked at when it is scored and not before: what is wrong with another one does no harm.
#[derive(Clone, Debug)]
pub struct Document {
    place: String,
    id: String,
    text: String,
    offsets: Offsets,
    layers: [Option<Box<RawValue>>; Key::ALL.len()],
}

#[derive(Deserialize)]
struct Wire<'a> {
    id: Value,
    #[serde(borrow)]
    text: Cow<'a, str>,
    sentences: Option<Box<RawValue>>,
    tokens: Option<Box<RawValue>>,
    entities: Option<Box<RawValue>>,
    chains: Option<Box<RawValue>>,
    quotes: Option<Box<RawValue>>,
    sanctions: Option<Box<RawValue>>,
}

impl Document {
    /// Reads a document of the document format, one JSON object. `offsets` is the unit that its spans are counted in;
    /// `place` names it in messages. Keys that are not scored are passed over; a layer that is `null` is absent.
    ///
    /// # Errors
    /// If it is not JSON, has no `text` that is a string, or no `id` that is a string or a number.
    pub fn parse(json: &str, offsets: Offsets, place: impl Into<String>) -> Result<Self, Error> {
        let place = place.into();
        let wire: Wire<'_> = match serde_json::from_str(json) {
            Ok(wire) => wire,
            Err(source) => return Err(Error::Document { place, source }),
        };
        let found = match wire.id {
            Value::String(id) => Ok(id),
            Value::Number(id) => Ok(id.to_string()),
            Value::Null => Err("null"),
            Value::Bool(_) => Err("true or false"),
            Value::Array(_) => Err("a list"),
            Value::Object(_) => Err("an object"),
        };
        let id = match found {
            Ok(id) => id,
            Err(found) => return Err(Error::Id { place, found }),
        };
        let layers = [wire.sentences, wire.tokens, wire.entities, wire.chains, wire.quotes, wire.sanctions];
        Ok(Self { place, id, text: wire.text.into_owned(), offsets, layers })
    }

    /// Its name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn offsets(&self) -> Offsets {
        self.offsets
    }

    /// Whether it has this list, be it empty.
    pub(crate) fn has(&self, key: Key) -> bool {
        self.layers[key as usize].is_some()
    }

    /// The items of a list; none if it is absent.
    pub(crate) fn items<'d, T: Deserialize<'d>>(&'d self, key: Key) -> Result<Vec<T>, Error> {
        let Some(raw) = &self.layers[key as usize] else { return Ok(Vec::new()) };
        let mut json = serde_json::Deserializer::from_str(raw.get());
        serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = error.path().to_string();
            let path = if path == "." { String::new() } else { path };
            Error::Layer { at: self.at().into(), field: format!("{key}{path}"), source: error.into_inner() }
        })
    }

    pub(crate) fn at(&self) -> At {
        At { place: self.place.clone(), id: self.id.clone() }
    }
}

/// Documents by their names, in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    documents: Vec<Document>,
    by_id: HashMap<String, usize>,
}

impl Documents {
    /// Adds a document.
    ///
    /// # Errors
    /// If another one has its name.
    pub fn add(&mut self, document: Document) -> Result<(), Error> {
        if let Some(first) = self.get(document.id()) {
            let first = first.place.clone();
            return Err(Error::Twice { place: document.place, first, id: document.id });
        }
        self.by_id.insert(document.id.clone(), self.documents.len());
        self.documents.push(document);
        Ok(())
    }

    /// The document of this name.
    pub fn get(&self, id: &str) -> Option<&Document> {
        self.by_id.get(id).map(|&at| &self.documents[at])
    }

    /// All documents, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Document> {
        self.documents.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }
}

impl<'d> IntoIterator for &'d Documents {
    type Item = &'d Document;
    type IntoIter = std::slice::Iter<'d, Document>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A gold document and what was predicted for it, over the text of both.
pub(crate) struct Pair<'d> {
    pub(crate) text: Text<'d>,
    pub(crate) gold: Side<'d>,
    pub(crate) predicted: Side<'d>,
}

impl<'d> Pair<'d> {
    pub(crate) fn new(gold: &'d Document, predicted: Option<&'d Document>) -> Self {
        let text = Text::new(&gold.text);
        let side = |document: Option<&'d Document>| Side {
            document,
            to_chars: text.offsets(document.map_or(Offsets::Char, |document| document.offsets)),
        };
        Self { gold: side(Some(gold)), predicted: side(predicted), text }
    }
}

/// One side of a pair: a document, or nothing where it is missing.
pub(crate) struct Side<'d> {
    document: Option<&'d Document>,
    to_chars: ToChars<'d>,
}

/// A span as it stands in a file.
pub(crate) type WireSpan = [u64; 2];

impl<'d> Side<'d> {
    /// The items of a list; none if it or the document is absent.
    pub(crate) fn items<T: Deserialize<'d>>(&self, key: Key) -> Result<Vec<T>, Error> {
        self.document.map_or_else(|| Ok(Vec::new()), |document| document.items(key))
    }

    /// A span of an item in code points.
    pub(crate) fn span(&self, span: WireSpan, key: Key, item: usize, field: &str) -> Result<Span, Error> {
        self.to_chars.span(span).ok_or_else(|| self.outside(span, key, item, field))
    }

    /// Spans of an item.
    pub(crate) fn spans(
        &self,
        spans: &[WireSpan],
        key: Key,
        item: usize,
        field: &str,
    ) -> Result<Vec<Span>, Error> {
        spans.iter().map(|&span| self.span(span, key, item, field)).collect()
    }

    fn outside(&self, span: WireSpan, key: Key, item: usize, field: &str) -> Error {
        let document = self.document.expect("an item has a document");
        let text = Text::new(&document.text);
        let fits = [Offsets::Char, Offsets::Byte, Offsets::Utf16]
            .into_iter()
            .find(|&unit| unit != document.offsets && text.offsets(unit).span(span).is_some());
        let length = match document.offsets {
            Offsets::Char => text.len() as usize,
            Offsets::Byte => document.text.len(),
            Offsets::Utf16 => document.text.encode_utf16().count(),
        };
        Error::Span {
            at: document.at().into(),
            field: format!("{key}[{item}]{}{field}", if field.is_empty() { "" } else { "." }),
            span,
            length: length as u64,
            unit: document.offsets,
            fits,
        }
    }

    /// What a message calls the document.
    pub(crate) fn at(&self) -> At {
        self.document.expect("an item has a document").at()
    }
}
