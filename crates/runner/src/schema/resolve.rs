use std::ops::Range;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Schema;
use crate::toml::{Entry, Node, Toml};

/// A path that a value names, resolved, and where it stands in the file.
#[derive(Debug)]
pub(crate) struct FoundPath {
    pub(crate) span: Range<usize>,
    pub(crate) path: PathBuf,
}

/// The value as JSON, paths (`"format": "path"` in the schema) resolved against `base` and added to `paths`.
pub(crate) fn resolve(schema: Schema<'_>, node: &Node, base: &Path, paths: &mut Vec<FoundPath>) -> Value {
    match &node.value {
        Toml::Table(entries) => {
            let entry = |entry: &Entry| {
                let value = match schema.property(&entry.key) {
                    Some(schema) => resolve(schema, &entry.node, base, paths),
                    None => entry.node.to_json(),
                };
                (entry.key.clone(), value)
            };
            Value::Object(entries.iter().map(entry).collect())
        }
        Toml::List(items) => match schema.items() {
            Some(schema) => items.iter().map(|item| resolve(schema, item, base, paths)).collect(),
            None => node.to_json(),
        },
        Toml::Plain(value) => {
            let is_path = schema.branches().any(|schema| schema.text("format") == Some("path"));
            match value.as_str().filter(|_| is_path) {
                Some(path) => {
                    let path = base.join(path);
                    paths.push(FoundPath { span: node.span.clone(), path: path.clone() });
                    path.to_string_lossy().into()
                }
                None => value.clone(),
            }
        }
    }
}
