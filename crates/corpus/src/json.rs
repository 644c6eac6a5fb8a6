//! A JSON object as a document.

use std::borrow::Cow;
use std::fmt;

use demarche_core::{Document, Offsets, format};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::{Fields, Layers, Problem};

/// Reads one line of a file; the file's name and the line name a document that has no id.
///
/// A line of a failed-documents file is read as the record that it keeps.
pub(crate) fn document(
    json: &str,
    (name, line): (&str, u64),
    fields: &Fields,
    layers: Layers,
) -> Result<Document<'static>, Problem> {
    let parsed = Object::parse(json, line)?;
    let unnamed = || format!("{name}:{line}");
    let Some(failed) = parsed.failed() else { return parsed.document(line, unnamed, fields, layers) };
    let unnamed = || failed.id.map_or_else(unnamed, Cow::into_owned);
    if failed.record.trim_start().starts_with('{') {
        Object::parse(&failed.record, line)?.document(line, unnamed, fields, layers)
    } else {
        Ok(Document::new(unnamed(), failed.record.into_owned()))
    }
}

/// A JSON object: itself, and its keys and values in their order. Of values with the same key the last one counts.
struct Object<'a> {
    json: &'a str,
    entries: Vec<(Cow<'a, str>, &'a RawValue)>,
}

/// What an account of a failure keeps of the record.
#[derive(Deserialize)]
struct FailedRecord<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    record: Cow<'a, str>,
}

impl<'a> Object<'a> {
    fn parse(json: &'a str, line: u64) -> Result<Self, Problem> {
        let Entries(entries) = serde_json::from_str(json).map_err(|error| syntax(&error, line))?;
        Ok(Self { json, entries })
    }

    fn document(
        &self,
        line: u64,
        unnamed: impl FnOnce() -> String,
        fields: &Fields,
        layers: Layers,
    ) -> Result<Document<'static>, Problem> {
        let is_result = self.is_result();
        if let Layers::Keep(offsets) = layers
            && is_result
        {
            return self.result(line, offsets);
        }
        let text = self.get(&fields.text).ok_or_else(|| Problem::Missing {
            field: fields.text.clone(),
            present: self.entries.iter().take(SHOWN_FIELDS).map(|(key, _)| key.to_string()).collect(),
        })?;
        let text: String = value(text, &fields.text, "a string")?;
        let id = match self.get(&fields.id).map(|id| (id, kind(id))) {
            None | Some((_, "null")) => unnamed(),
            Some((number, "a number")) => number.get().to_owned(),
            Some((id, _)) => value(id, &fields.id, "a string or a number")?,
        };
        Ok(Document::new(id, text).with_meta(self.meta(fields, is_result)?))
    }

    /// A line that this program wrote, with its layers.
    fn result(&self, line: u64, offsets: Offsets) -> Result<Document<'static>, Problem> {
        format::read(self.json, offsets).map_err(|error| match error {
            format::FormatError::Json { source } => syntax(&source, line),
            source => Problem::Document { source },
        })
    }

    /// The record of a failed-documents file, if this is a line of one and it keeps its record.
    fn failed(&self) -> Option<FailedRecord<'a>> {
        let is_account = ["source", "stage", "code", "message"].iter().all(|key| self.get(key).is_some());
        if is_account { serde_json::from_str(self.json).ok() } else { None }
    }

    fn get(&self, key: &str) -> Option<&RawValue> {
        self.entries.iter().rfind(|(name, _)| name == key).map(|(_, value)| *value)
    }

    /// Whether it is a line of the document format with layers, not a record that happens to have a field of a
    /// layer's name: its tokens are a list of objects with a `span`, as in no other format that we know, or the items
    /// of another layer have what such items must have.
    fn is_result(&self) -> bool {
        #[derive(Deserialize)]
        struct Token {
            #[serde(rename = "span")]
            _span: [u32; 2],
        }
        let is_layer = |(key, field): (&str, &str)| {
            let items = self.get(key).map(|items| serde_json::from_str::<Vec<Entries<'_>>>(items.get()));
            let has_field = |item: &Entries<'_>| item.0.iter().any(|(name, _)| name == field);
            items.is_some_and(|items| {
                items.is_ok_and(|items| !items.is_empty() && items.iter().all(has_field))
            })
        };
        self.get("tokens").is_some_and(|tokens| serde_json::from_str::<Vec<Token>>(tokens.get()).is_ok())
            || [("entities", "span"), ("quotes", "content"), ("sanctions", "trigger")]
                .into_iter()
                .any(is_layer)
    }

    /// All that is neither id nor text nor, in a result, a layer. What the `meta` object says goes before what
    /// stands beside it, which in a clash is kept as `KEY_2`.
    fn meta(&self, fields: &Fields, is_result: bool) -> Result<Map<String, Value>, Problem> {
        let mut meta = match self.get(&fields.meta).map(|meta| any_value(meta, &fields.meta)) {
            Some(Ok(Value::Object(meta))) => meta,
            Some(Ok(other)) => Map::from_iter([(fields.meta.clone(), other)]),
            Some(Err(problem)) => return Err(problem),
            None => Map::new(),
        };
        let renamed = [("date", &fields.date), ("title", &fields.title)];
        let renamed = renamed.map(|(name, field)| (name, field.as_deref().unwrap_or(name)));
        let taken = [&fields.id, &fields.text, &fields.meta];
        for (key, field) in &self.entries {
            let is_layer = is_result && LAYER_KEYS.contains(&key.as_ref());
            if is_layer || taken.iter().any(|taken| *taken == key) {
                continue;
            }
            let name = renamed.iter().find(|(_, field)| field == key).map_or(key.as_ref(), |(name, _)| name);
            let field = any_value(field, key)?;
            let clash = meta.get(name).is_some_and(|known| *known != field);
            meta.insert(if clash { format!("{name}_2") } else { name.to_owned() }, field);
        }
        Ok(meta)
    }
}

/// Fields that a message names at most.
const SHOWN_FIELDS: usize = 20;
/// Characters of the parser's message at most.
const SHOWN_CHARACTERS: usize = 200;

/// The keys of the document format that hold layers.
const LAYER_KEYS: [&str; 7] = ["sentences", "tokens", "entities", "chains", "quotes", "sanctions", "layers"];

/// The keys and values of an object, the values unread.
struct Entries<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfObject;
        impl<'de> Visitor<'de> for OfObject {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some((Key(key), value)) = map.next_entry()? {
                    entries.push((key, value));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(OfObject)
    }
}

/// A key: borrowed unless it has escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// The value of a field as what it should be.
fn value<'a, T: Deserialize<'a>>(
    raw: &'a RawValue,
    field: &str,
    expected: &'static str,
) -> Result<T, Problem> {
    serde_json::from_str(raw.get()).map_err(|_| {
        // A string that is no string has an escape of half a character.
        let found = match kind(raw) {
            "a string" => LONE_SURROGATE,
            other => other,
        };
        Problem::Type { field: field.to_owned(), expected, found }
    })
}

/// The value of a field as it is.
fn any_value(raw: &RawValue, field: &str) -> Result<Value, Problem> {
    let field = || field.to_owned();
    // It is JSON by its syntax, so that there are two things left to be wrong with it.
    serde_json::from_str(raw.get()).map_err(|error| match error.to_string() {
        error if error.starts_with("recursion limit") => Problem::TooDeep { field: field() },
        _ => Problem::Type { field: field(), expected: "Unicode", found: LONE_SURROGATE },
    })
}

/// Half a character, as an escape: `"\ud800"`.
const LONE_SURROGATE: &str = "a string with a lone surrogate";

/// What sort of value it is.
fn kind(raw: &RawValue) -> &'static str {
    match raw.get().as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}

fn syntax(error: &serde_json::Error, line: u64) -> Problem {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    // It may quote a value of any length.
    let message = message.chars().take(SHOWN_CHARACTERS).collect();
    Problem::Json { message, line, column: error.column() }
}
