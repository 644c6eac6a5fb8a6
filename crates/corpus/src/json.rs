//! A JSON object as a document.

use std::borrow::Cow;
use std::fmt;

use demarche_core::{Document, Offsets, format};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::{Fields, Layers, Problem};

/// Reads an object that starts on this line of its file; the file's name and a number name a document that has no id.
///
/// A line of a failed-documents file is read as the record that it keeps, which is given too.
pub(crate) fn document(
    json: &str,
    (name, number): (&str, u64),
    line: u64,
    fields: &Fields,
    layers: Layers,
) -> Result<(Document<'static>, Option<String>), Problem> {
    let parsed = Object::parse(json, line)?;
    let unnamed = || format!("{name}:{number}");
    let Some(failed) = parsed.failed() else {
        return Ok((parsed.document(line, unnamed, fields, layers)?, None));
    };
    let Some(kept) = failed.record else {
        let Source { path, record } = failed.source;
        return Err(Problem::NotKept { path: path.into_owned(), record });
    };
    let kept = kept.into_owned();
    let unnamed = || failed.id.map_or_else(unnamed, Cow::into_owned);
    if begins_object(&kept) {
        let record = Object::parse(&kept, line)?;
        // What comes from a page or the like is kept under the names that are usual here.
        let usual = Fields::default();
        let fields = if record.get(&fields.text).is_none() { &usual } else { fields };
        let document = record.document(line, unnamed, fields, layers)?;
        Ok((document, Some(kept)))
    } else {
        Ok((Document::new(unnamed(), kept.clone()), Some(kept)))
    }
}

/// Whether the record that an account of a failure keeps is a JSON object and not the text itself.
pub(crate) fn begins_object(record: &str) -> bool {
    record.trim_start().starts_with('{')
}

/// The record that a line of a failed-documents file keeps, if it is such a line.
pub(crate) fn kept(json: &str) -> Option<String> {
    Some(Object::parse(json, 0).ok()?.failed()?.record?.into_owned())
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
    source: Source<'a>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    /// Absent where it is no text or too long.
    #[serde(borrow)]
    record: Option<Cow<'a, str>>,
}

/// The place of the record.
#[derive(Deserialize)]
struct Source<'a> {
    #[serde(borrow)]
    path: Cow<'a, str>,
    record: u64,
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

    /// The account of a failure, if this is a line of a failed-documents file.
    fn failed(&self) -> Option<FailedRecord<'a>> {
        let has = |key: &&str| self.get(key).is_some();
        let is_account = ["source", "stage", "code", "message"].iter().all(has)
            && ["record", "record_base64", "record_sha256"].iter().any(has);
        if is_account { serde_json::from_str(self.json).ok() } else { None }
    }

    /// The value of a field: the one of this name, otherwise the one to which the names between its dots lead.
    fn get(&self, path: &str) -> Option<&'a RawValue> {
        let named = self.entries.iter().rfind(|(name, _)| name == path);
        named.map(|(_, value)| *value).or_else(|| {
            let (name, rest) = path.split_once('.')?;
            let (_, value) = self.entries.iter().rfind(|(own, _)| own == name)?;
            within(value, rest)
        })
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
        let mut add = |name: &str, field: Value| {
            let clash = meta.get(name).is_some_and(|known| *known != field);
            meta.insert(if clash { format!("{name}_2") } else { name.to_owned() }, field);
        };
        for (name, path) in renamed {
            if let (true, Some(field)) = (path.contains('.'), self.get(path)) {
                add(name, any_value(field, path)?);
            }
        }
        for (key, field) in &self.entries {
            let is_layer = is_result && LAYER_KEYS.contains(&key.as_ref());
            if is_layer || taken.iter().any(|taken| *taken == key) {
                continue;
            }
            let name = renamed.iter().find(|(_, field)| field == key).map_or(key.as_ref(), |(name, _)| name);
            let mut field = any_value(field, key)?;
            let paths = taken.iter().map(|path| path.as_str()).chain(renamed.map(|(_, path)| path));
            let inner = paths.filter_map(|path| path.strip_prefix(key.as_ref())?.strip_prefix('.'));
            let n_removed = inner.filter(|path| remove(&mut field, path)).count();
            if n_removed > 0 && is_empty(&field) {
                continue;
            }
            add(name, field);
        }
        Ok(meta)
    }
}

/// The value to which the names between the dots lead; a number leads to an item of a list, from 0.
fn within<'a>(value: &'a RawValue, path: &str) -> Option<&'a RawValue> {
    let mut value = value;
    for name in path.split('.') {
        value = match kind(value) {
            "an object" => {
                let Entries(entries) = serde_json::from_str(value.get()).ok()?;
                entries.into_iter().rfind(|(own, _)| own == name)?.1
            }
            "a list" => {
                let items: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
                items.get(name.parse::<usize>().ok()?).copied()?
            }
            _ => return None,
        };
    }
    Some(value)
}

/// Takes out what has a place of its own in the document, so that `meta` does not hold it again; gives whether it was
/// there.
fn remove(value: &mut Value, path: &str) -> bool {
    let (outer, name) = path.rsplit_once('.').map_or(("", path), |(outer, name)| (outer, name));
    let outer = outer.split('.').filter(|name| !name.is_empty());
    let holder = outer.into_iter().try_fold(value, |value, name| match value {
        Value::Object(object) => object.get_mut(name),
        Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?),
        _ => None,
    });
    match holder {
        Some(Value::Object(object)) => object.shift_remove(name).is_some(),
        // An item stays, for the others would get its number.
        _ => false,
    }
}

fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Object(object) if object.is_empty())
}

/// Fields that a message names at most.
const SHOWN_FIELDS: usize = 20;
/// Characters of the parser's message at most.
const SHOWN_CHARACTERS: usize = 200;

/// The keys of the document format that hold layers.
pub(crate) const LAYER_KEYS: [&str; 7] =
    ["sentences", "tokens", "entities", "chains", "quotes", "sanctions", "layers"];

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
    Problem::Json { message, line: line + error.line().saturating_sub(1) as u64, column: error.column() }
}
