//! Values of a pipeline file against the JSON Schema of what they should be, built-in stages and plugins alike.
//!
//! The part of JSON Schema that options need: `type`, `properties`, `additionalProperties`, `required`, `items`, references
//! within the schema, `enum`, `const`, `anyOf`, `oneOf`, limits of numbers and lengths. What a schema says beyond that is
//! left to the stage itself, which reads its options afterwards.

mod check;
mod message;
mod resolve;

use serde_json::Value;

pub(crate) use check::check;
pub(crate) use message::unknown_key;
pub(crate) use resolve::{FoundPath, resolve};

/// References and alternatives followed without going into the value: a schema that goes in a circle ends here.
const MAX_DEPTH: usize = 8;

/// A schema, with the whole that its references are looked up in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schema<'s> {
    root: &'s Value,
    here: &'s Value,
    depth: usize,
}

impl<'s> Schema<'s> {
    pub(crate) fn new(root: &'s Value) -> Self {
        Self { root, here: root, depth: 0 }
    }

    fn keyword(self, name: &str) -> Option<&'s Value> {
        self.here.get(name)
    }

    fn text(self, name: &str) -> Option<&'s str> {
        self.keyword(name).and_then(Value::as_str)
    }

    fn list(self, name: &str) -> impl Iterator<Item = &'s Value> {
        self.keyword(name).and_then(Value::as_array).into_iter().flatten()
    }

    /// The schema of a part of the value.
    fn of_part(self, schema: &'s Value) -> Self {
        Self { here: schema, depth: 0, ..self }
    }

    /// The schema that a reference stands for.
    fn followed(mut self) -> Self {
        while let Some(path) = self.text("$ref").and_then(|path| path.strip_prefix('#')) {
            match self.root.pointer(path).filter(|_| self.depth < MAX_DEPTH) {
                Some(schema) => self = Self { here: schema, depth: self.depth + 1, ..self },
                None => break,
            }
        }
        self
    }

    /// The schemas one of which has to fit.
    fn alternatives(self) -> impl Iterator<Item = Self> {
        let this = self.followed();
        let schemas = this.list("anyOf").chain(this.list("oneOf"));
        let depth = this.depth + 1;
        schemas.filter(move |_| depth < MAX_DEPTH).map(move |here| Self { here, depth, ..this }.followed())
    }

    /// The schema itself and its alternatives.
    fn branches(self) -> impl Iterator<Item = Self> {
        std::iter::once(self.followed()).chain(self.alternatives())
    }

    fn property(self, key: &str) -> Option<Self> {
        self.branches().find_map(|schema| Some(schema.of_part(schema.keyword("properties")?.get(key)?)))
    }

    fn items(self) -> Option<Self> {
        self.branches().find_map(|schema| Some(schema.of_part(schema.keyword("items")?)))
    }

    /// The names of types that it allows, `null` aside, which TOML does not have.
    fn types(self) -> impl Iterator<Item = &'s str> {
        let named = self.text("type").into_iter().chain(self.list("type").filter_map(Value::as_str));
        named.filter(|name| *name != "null")
    }

    fn is_null(self) -> bool {
        self.text("type") == Some("null") || self.keyword("const").is_some_and(Value::is_null)
    }

    /// The only values that it allows, if it lists them: as `enum`, as `const`, or as alternatives of these.
    fn choices(self) -> Vec<&'s Value> {
        let this = self.followed();
        let listed: Vec<_> =
            this.list("enum").chain(this.keyword("const")).filter(|value| !value.is_null()).collect();
        if !listed.is_empty() {
            return listed;
        }
        let nested: Vec<_> =
            this.alternatives().filter(|schema| !schema.is_null()).map(Self::choices).collect();
        if nested.iter().any(Vec::is_empty) { Vec::new() } else { nested.concat() }
    }
}
