//! A TOML file as values that know where they stand.

use std::ops::Range;

use serde_json::{Map, Number, Value};
use toml_edit::{Array, Document, Item, TableLike, TomlError};

/// A value and where it stands in the file, in bytes.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) span: Range<usize>,
    pub(crate) value: Toml,
}

#[derive(Clone, Debug)]
pub(crate) enum Toml {
    Table(Vec<Entry>),
    List(Vec<Node>),
    /// A string, a number, a truth value; a date as its text.
    Plain(Value),
}

/// A key with its value, in the order of the file.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Range<usize>,
    pub(crate) node: Node,
}

/// Parses a whole file.
pub(crate) fn parse(text: &str) -> Result<Node, TomlError> {
    let document = Document::parse(text)?;
    Ok(table(document.as_table(), &(0..text.len())))
}

impl Node {
    /// The entries of a table; none of anything else.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Toml::Table(entries) => entries,
            _ => &[],
        }
    }

    /// Number of entries or items; 1 for a plain value.
    pub(crate) fn len(&self) -> usize {
        match &self.value {
            Toml::Table(entries) => entries.len(),
            Toml::List(items) => items.len(),
            Toml::Plain(_) => 1,
        }
    }

    /// The entry of a table by its key.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The string, if it is one.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.value {
            Toml::Plain(value) => value.as_str(),
            _ => None,
        }
    }

    /// The same without the places.
    pub(crate) fn to_json(&self) -> Value {
        match &self.value {
            Toml::Table(entries) => {
                let entry = |entry: &Entry| (entry.key.clone(), entry.node.to_json());
                Value::Object(entries.iter().map(entry).collect::<Map<_, _>>())
            }
            Toml::List(items) => items.iter().map(Self::to_json).collect(),
            Toml::Plain(value) => value.clone(),
        }
    }

    /// Whether it is of a type by its name in JSON Schema.
    pub(crate) fn is_of_type(&self, name: &str) -> bool {
        match (&self.value, name) {
            (Toml::Table(_), "object") | (Toml::List(_), "array") => true,
            (Toml::Plain(value), "string") => value.is_string(),
            (Toml::Plain(value), "boolean") => value.is_boolean(),
            (Toml::Plain(value), "number") => value.is_number(),
            (Toml::Plain(value), "integer") => value.is_i64() || value.is_u64(),
            _ => false,
        }
    }

    /// It, for a message: a plain value as it is, otherwise what it is.
    pub(crate) fn shown(&self) -> String {
        match &self.value {
            Toml::Plain(value) => format!("`{value}`"),
            Toml::Table(_) | Toml::List(_) => self.kind().to_owned(),
        }
    }

    /// What sort of value it is, in the words of TOML.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            Toml::Table(_) => "a table",
            Toml::List(_) => "a list",
            Toml::Plain(Value::String(_)) => "a string",
            Toml::Plain(Value::Null) => "infinity or not-a-number",
            Toml::Plain(Value::Bool(_)) => "true or false",
            Toml::Plain(Value::Number(number)) if number.is_f64() => "a number with a fraction",
            Toml::Plain(_) => "a whole number",
        }
    }
}

fn node(item: &Item, around: &Range<usize>) -> Node {
    let span = item.span().unwrap_or_else(|| around.clone());
    if let Some(tables) = item.as_array_of_tables() {
        let items =
            tables.iter().map(|item| table(item, &item.span().unwrap_or_else(|| span.clone()))).collect();
        return Node { span, value: Toml::List(items) };
    }
    if let Some(entries) = item.as_table_like() {
        return table(entries, &span);
    }
    let value = match item.as_array() {
        Some(items) => list(items, &span),
        None => Toml::Plain(plain(item)),
    };
    Node { span, value }
}

fn table(entries: &dyn TableLike, around: &Range<usize>) -> Node {
    let entry = |(key, item): (&str, &Item)| {
        let node = node(item, around);
        let key_span = entries.key(key).and_then(toml_edit::Key::span).unwrap_or_else(|| node.span.clone());
        Entry { key: key.to_owned(), key_span, node }
    };
    Node { span: around.clone(), value: Toml::Table(entries.iter().map(entry).collect()) }
}

fn list(items: &Array, around: &Range<usize>) -> Toml {
    Toml::List(items.iter().map(|value| node(&Item::Value(value.clone()), around)).collect())
}

fn plain(item: &Item) -> Value {
    if let Some(number) = item.as_integer() {
        return number.into();
    }
    if let Some(number) = item.as_float() {
        // JSON has neither; as null it is refused wherever something should stand.
        return Number::from_f64(number).map_or(Value::Null, Value::Number);
    }
    if let Some(truth) = item.as_bool() {
        return truth.into();
    }
    let date = || item.as_datetime().map(ToString::to_string).unwrap_or_default();
    item.as_str().map_or_else(date, str::to_owned).into()
}
