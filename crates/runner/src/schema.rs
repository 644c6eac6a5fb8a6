//! Values of a pipeline file against the JSON Schema of what they should be, built-in stages and plugins alike.
//!
//! The part of JSON Schema that options need: types, properties, items, references within the schema, `enum`, `const`,
//! `anyOf`, `oneOf`, `minimum`, `maximum`, `minLength`, `minItems`, `required`. What a schema says beyond that is left to the
//! stage itself, which reads its options afterwards.

use std::path::Path;

use serde_json::{Map, Value};

use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;
use crate::toml::{Entry, Node, Toml};

/// References followed one after the other; a schema that goes in a circle ends here.
const MAX_REFERENCES: usize = 32;

/// A schema, with the whole that its references are looked up in.
#[derive(Clone, Copy)]
pub(crate) struct Schema<'s> {
    root: &'s Value,
    schema: &'s Value,
}

impl<'s> Schema<'s> {
    pub(crate) fn new(root: &'s Value) -> Self {
        Self { root, schema: root }
    }

    /// Adds what is wrong with `node` to `errors`. `what` names it in messages: "stage `quote`", "`[run]`".
    pub(crate) fn check(self, node: &Node, what: &str, errors: &mut Vec<Diagnostic>) {
        self.check_at(node, &Context { what, key: None }, errors);
    }

    /// The value with paths resolved against `base`. Each path that was found is added to `paths`, with its place.
    pub(crate) fn resolve(
        self,
        node: &Node,
        base: &Path,
        paths: &mut Vec<(std::ops::Range<usize>, std::path::PathBuf)>,
    ) -> Value {
        match &node.value {
            Toml::Table(entries) => {
                let entry = |entry: &Entry| {
                    let value = match self.property(&entry.key) {
                        Some(schema) => schema.resolve(&entry.node, base, paths),
                        None => entry.node.to_json(),
                    };
                    (entry.key.clone(), value)
                };
                Value::Object(entries.iter().map(entry).collect::<Map<_, _>>())
            }
            Toml::List(items) => match self.branches().find_map(|schema| schema.get("items")) {
                Some(schema) => items.iter().map(|item| schema.resolve(item, base, paths)).collect(),
                None => node.to_json(),
            },
            Toml::Plain(value) => match value.as_str() {
                Some(path) if self.branches().any(Self::is_path) => {
                    let path = base.join(path);
                    paths.push((node.span.clone(), path.clone()));
                    path.to_string_lossy().into()
                }
                _ => value.clone(),
            },
        }
    }

    fn at(self, schema: &'s Value) -> Self {
        Self { schema, ..self }.followed()
    }

    /// The schema that a reference stands for.
    fn followed(mut self) -> Self {
        for _ in 0..MAX_REFERENCES {
            let target =
                self.schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#'));
            match target.and_then(|path| self.root.pointer(path)) {
                Some(schema) => self.schema = schema,
                None => break,
            }
        }
        self
    }

    fn get(self, key: &str) -> Option<Self> {
        self.schema.get(key).map(|schema| self.at(schema))
    }

    fn list(self, key: &str) -> impl Iterator<Item = &'s Value> {
        self.schema.get(key).and_then(Value::as_array).into_iter().flatten()
    }

    /// The schema itself and its alternatives.
    fn branches(self) -> impl Iterator<Item = Self> {
        let this = self.followed();
        let alternatives = this.list("anyOf").chain(this.list("oneOf"));
        std::iter::once(this).chain(alternatives.map(move |schema| this.at(schema)))
    }

    fn property(self, key: &str) -> Option<Self> {
        self.branches().find_map(|schema| schema.get("properties")?.get(key))
    }

    fn is_path(self) -> bool {
        self.schema.get("format").and_then(Value::as_str) == Some("path")
    }

    fn check_at(self, node: &Node, context: &Context<'_>, errors: &mut Vec<Diagnostic>) {
        let this = self.followed();
        let choices = this.choices();
        if !choices.is_empty() {
            this.check_choice(node, &choices, context, errors);
            return;
        }
        let alternatives: Vec<_> = this.branches().skip(1).collect();
        if !alternatives.is_empty() {
            this.check_alternatives(node, &alternatives, context, errors);
            return;
        }
        let types: Vec<_> = this.types().collect();
        if !types.is_empty() && !types.iter().any(|name| is_of_type(node, name)) {
            errors.push(context.wrong_type(node, &types));
            return;
        }
        match &node.value {
            Toml::Table(entries) => this.check_table(node, entries, context, errors),
            Toml::List(items) => {
                this.check_length("minItems", items.len(), "items", node, context, errors);
                if let Some(schema) = this.get("items") {
                    items.iter().for_each(|item| schema.check_at(item, context, errors));
                }
            }
            Toml::Plain(Value::String(text)) => {
                this.check_length("minLength", text.chars().count(), "characters", node, context, errors);
            }
            Toml::Plain(value) => this.check_range(node, value.as_f64(), context, errors),
        }
    }

    /// The names of types that it allows, `null` aside, which TOML does not have.
    fn types(self) -> impl Iterator<Item = &'s str> {
        let one = self.schema.get("type").and_then(Value::as_str);
        one.into_iter().chain(self.list("type").filter_map(Value::as_str)).filter(|name| *name != "null")
    }

    /// The only values that it allows, if it lists them: as `enum`, or as `const` one by one.
    fn choices(self) -> Vec<&'s Value> {
        let is_null = |value: &&Value| value.is_null();
        let listed: Vec<_> = self.list("enum").filter(|value| !is_null(value)).collect();
        if !listed.is_empty() {
            return listed;
        }
        let constant = self.schema.get("const").into_iter().collect();
        let alternatives =
            self.branches().skip(1).filter(|schema| schema.schema.get("type") != Some(&"null".into()));
        let nested: Vec<_> = alternatives.map(Self::choices).collect();
        if nested.is_empty() {
            return constant;
        }
        if nested.iter().any(Vec::is_empty) { Vec::new() } else { nested.concat() }
    }

    fn check_choice(
        self,
        node: &Node,
        choices: &[&Value],
        context: &Context<'_>,
        errors: &mut Vec<Diagnostic>,
    ) {
        let value = node.to_json();
        if choices.contains(&&value) {
            return;
        }
        let names: Vec<_> = choices.iter().map(|choice| choice.to_string()).collect();
        let title = format!("{} cannot be {}", context.name(), shown(node));
        let error = Diagnostic::new(title, node.span.clone(), "not one of the values it takes");
        let plain = choices.iter().filter_map(|choice| choice.as_str());
        let near =
            node.as_str().and_then(|word| nearest(word, plain)).map(|near| Value::from(near).to_string());
        errors.push(error.help(format!("write one of {}", names.join(", "))).instead(near));
    }

    /// Right if one alternative takes it; otherwise the errors of the one that comes nearest.
    fn check_alternatives(
        self,
        node: &Node,
        alternatives: &[Self],
        context: &Context<'_>,
        errors: &mut Vec<Diagnostic>,
    ) {
        let mut best: Option<(bool, Vec<Diagnostic>)> = None;
        let mut types = Vec::new();
        for schema in alternatives {
            let mut found = Vec::new();
            schema.check_at(node, context, &mut found);
            if found.is_empty() {
                return;
            }
            types.extend(schema.types());
            let fits = schema.types().any(|name| is_of_type(node, name));
            if best
                .as_ref()
                .is_none_or(|(fitted, errors)| (fits, errors.len()) > (*fitted, found.len()) && fits)
            {
                best = Some((fits, found));
            }
        }
        match best {
            Some((true, found)) => errors.extend(found),
            _ => errors.push(context.wrong_type(node, &types)),
        }
    }

    fn check_table(
        self,
        node: &Node,
        entries: &[Entry],
        context: &Context<'_>,
        errors: &mut Vec<Diagnostic>,
    ) {
        let properties = self.schema.get("properties").and_then(Value::as_object);
        for entry in entries {
            let inner = Context { what: context.what, key: Some(&entry.key) };
            match self.property(&entry.key) {
                Some(schema) => schema.check_at(&entry.node, &inner, errors),
                None => match self.schema.get("additionalProperties") {
                    Some(Value::Bool(false)) => {
                        let known = properties.into_iter().flat_map(Map::keys).map(String::as_str);
                        errors.push(unknown_key(entry, context.what, known));
                    }
                    Some(schema @ Value::Object(_)) => self.at(schema).check_at(&entry.node, &inner, errors),
                    _ => {}
                },
            }
        }
        for key in self.list("required").filter_map(Value::as_str) {
            if !entries.iter().any(|entry| entry.key == key) {
                let title = format!("{} needs the key `{key}`", context.name());
                let error = Diagnostic::new(title, node.span.clone(), format!("`{key}` is missing here"));
                errors.push(error.help(format!("add `{key} = …`{}", self.described(key))));
            }
        }
    }

    /// What the schema says of a property, for a help line.
    fn described(self, key: &str) -> String {
        let schema = self.property(key);
        let description = schema.and_then(|schema| schema.schema.get("description")).and_then(Value::as_str);
        description.map_or_else(String::new, |text| format!(": {}", first_line(text)))
    }

    fn check_range(
        self,
        node: &Node,
        number: Option<f64>,
        context: &Context<'_>,
        errors: &mut Vec<Diagnostic>,
    ) {
        let limit = |key: &str| self.schema.get(key).and_then(|limit| Some((limit.as_f64()?, limit)));
        let Some(number) = number else { return };
        let broken = [
            ("minimum", "at least", &(|limit| number < limit) as &dyn Fn(f64) -> bool),
            ("maximum", "at most", &|limit| number > limit),
            ("exclusiveMinimum", "more than", &|limit| number <= limit),
            ("exclusiveMaximum", "less than", &|limit| number >= limit),
        ];
        for (key, words, is_broken) in broken {
            if let Some((_, shown)) = limit(key).filter(|(limit, _)| is_broken(*limit)) {
                let title = format!("{} must be {words} {shown}", context.name());
                errors.push(Diagnostic::new(
                    title,
                    node.span.clone(),
                    format!("write a number that is {words} {shown}"),
                ));
            }
        }
    }

    fn check_length(
        self,
        key: &str,
        n: usize,
        unit: &str,
        node: &Node,
        context: &Context<'_>,
        errors: &mut Vec<Diagnostic>,
    ) {
        let least = self.schema.get(key).and_then(Value::as_u64).unwrap_or(0);
        if (n as u64) < least {
            let title = format!("{} must have at least {least} {unit}", context.name());
            errors.push(Diagnostic::new(title, node.span.clone(), format!("has {n}")));
        }
    }
}

/// An error for a key that is not there to be set.
pub(crate) fn unknown_key<'k>(entry: &Entry, what: &str, known: impl Iterator<Item = &'k str>) -> Diagnostic {
    let known: Vec<_> = known.collect();
    let error =
        Diagnostic::new(format!("{what} has no key `{}`", entry.key), entry.key_span.clone(), "unknown key");
    let error = error.instead(nearest(&entry.key, known.iter().copied()));
    match known.as_slice() {
        [] => error.help("it takes no options"),
        _ => error.help(format!("its keys are `{}`", known.join("`, `"))),
    }
}

/// What is being checked, for messages.
struct Context<'c> {
    what: &'c str,
    key: Option<&'c str>,
}

impl Context<'_> {
    fn name(&self) -> String {
        match self.key {
            Some(key) => format!("`{key}` of {}", self.what),
            None => self.what.to_owned(),
        }
    }

    fn wrong_type(&self, node: &Node, types: &[&str]) -> Diagnostic {
        let expected = types.iter().map(|name| in_words(name)).collect::<Vec<_>>().join(" or ");
        let title = format!("{} must be {expected}, not {}", self.name(), node.kind());
        let error = Diagnostic::new(title, node.span.clone(), format!("write {expected}"));
        match types {
            ["array"] if matches!(node.value, Toml::Plain(_)) => {
                error.instead(Some(format!("[{}]", node.to_json())))
            }
            ["integer" | "number" | "boolean"] => error.instead(node.as_str().filter(|text| is_bare(text))),
            _ => error,
        }
    }
}

/// Whether a string is a number or a truth value in quotation marks.
fn is_bare(text: &str) -> bool {
    matches!(text, "true" | "false") || text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn is_of_type(node: &Node, name: &str) -> bool {
    match (&node.value, name) {
        (Toml::Table(_), "object") | (Toml::List(_), "array") => true,
        (Toml::Plain(value), _) => match name {
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "number" => value.is_number(),
            "integer" => value.is_i64() || value.is_u64(),
            _ => false,
        },
        _ => false,
    }
}

fn in_words(name: &str) -> &str {
    match name {
        "string" => "a string",
        "boolean" => "true or false",
        "number" => "a number",
        "integer" => "a whole number",
        "array" => "a list",
        "object" => "a table",
        other => other,
    }
}

fn shown(node: &Node) -> String {
    match &node.value {
        Toml::Plain(value) => format!("`{value}`"),
        _ => node.kind().to_owned(),
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
