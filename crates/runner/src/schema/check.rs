use serde_json::{Map, Value};

use super::Schema;
use super::message::{Subject, unknown_key};
use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;
use crate::toml::{Entry, Node, Toml};

/// What is wrong with a value. `what` names it in messages: "stage `quote`", "`[run]`".
pub(crate) fn check(schema: Schema<'_>, node: &Node, what: &str) -> Vec<Diagnostic> {
    value(schema, node, Subject { what, key: None })
}

fn value(schema: Schema<'_>, node: &Node, subject: Subject<'_>) -> Vec<Diagnostic> {
    let schema = schema.followed();
    let choices = schema.choices();
    if !choices.is_empty() {
        return choice(&choices, node, subject);
    }
    let alternatives: Vec<_> = schema.alternatives().filter(|schema| !schema.is_null()).collect();
    if !alternatives.is_empty() {
        return one_of(&alternatives, node, subject);
    }
    let types: Vec<_> = schema.types().collect();
    if !types.is_empty() && !types.iter().any(|name| node.is_of_type(name)) {
        return vec![subject.wrong_type(node, &types)];
    }
    match &node.value {
        Toml::Table(entries) => table(schema, node, entries, subject),
        Toml::List(items) => {
            let too_short = length(schema, "minItems", items.len(), "items", node, subject);
            let schema = schema.items();
            let items = items.iter().filter_map(|item| schema.map(|schema| value(schema, item, subject)));
            too_short.into_iter().chain(items.flatten()).collect()
        }
        Toml::Plain(Value::String(text)) => {
            let n = text.chars().count();
            length(schema, "minLength", n, "characters", node, subject).into_iter().collect()
        }
        Toml::Plain(number) => number.as_f64().map_or_else(Vec::new, |n| range(schema, n, node, subject)),
    }
}

fn choice(choices: &[&Value], node: &Node, subject: Subject<'_>) -> Vec<Diagnostic> {
    if choices.contains(&&node.to_json()) {
        return Vec::new();
    }
    let names: Vec<_> = choices.iter().map(ToString::to_string).collect();
    let words = choices.iter().filter_map(|choice| choice.as_str());
    let near = node.as_str().and_then(|word| nearest(word, words)).map(|near| Value::from(near).to_string());
    let title = format!("{subject} cannot be {}", node.shown());
    let error = Diagnostic::new(title, node.span.clone(), "not one of the values it takes");
    vec![error.help(format!("write one of {}", names.join(", "))).instead(near)]
}

/// Right if one alternative takes it; otherwise what is wrong by the one of its type that it comes nearest to.
fn one_of(alternatives: &[Schema<'_>], node: &Node, subject: Subject<'_>) -> Vec<Diagnostic> {
    let mut nearest: Option<Vec<Diagnostic>> = None;
    for &schema in alternatives {
        let errors = value(schema, node, subject);
        if errors.is_empty() {
            return errors;
        }
        let is_of_its_type = schema.types().any(|name| node.is_of_type(name));
        if is_of_its_type && nearest.as_ref().is_none_or(|nearest| errors.len() < nearest.len()) {
            nearest = Some(errors);
        }
    }
    let types: Vec<_> = alternatives.iter().flat_map(|schema| schema.types()).collect();
    nearest.unwrap_or_else(|| vec![subject.wrong_type(node, &types)])
}

fn table(schema: Schema<'_>, node: &Node, entries: &[Entry], subject: Subject<'_>) -> Vec<Diagnostic> {
    let properties = schema.keyword("properties").and_then(Value::as_object);
    let mut errors = Vec::new();
    for entry in entries {
        let inner = Subject { key: Some(&entry.key), ..subject };
        match (schema.property(&entry.key), schema.keyword("additionalProperties")) {
            (Some(schema), _) => errors.extend(value(schema, &entry.node, inner)),
            (None, Some(Value::Bool(false))) => {
                let known = properties.into_iter().flat_map(Map::keys).map(String::as_str);
                errors.push(unknown_key(entry, subject.what, known));
            }
            (None, Some(other)) => errors.extend(value(schema.of_part(other), &entry.node, inner)),
            (None, None) => {}
        }
    }
    let missing = schema.list("required").filter_map(Value::as_str);
    for key in missing.filter(|key| entries.iter().all(|entry| entry.key != *key)) {
        let description = schema.property(key).and_then(|schema| schema.text("description"));
        let description = description.and_then(|text| text.lines().next()).unwrap_or_default();
        let label = format!("`{key}` is missing here");
        let error = Diagnostic::new(format!("{subject} needs the key `{key}`"), node.span.clone(), label);
        errors.push(error.help(format!("add `{key} = …`: {description}")));
    }
    errors
}

fn range(schema: Schema<'_>, number: f64, node: &Node, subject: Subject<'_>) -> Vec<Diagnostic> {
    let is_broken = |keyword: &str, limit: f64| match keyword {
        "minimum" => number < limit,
        "maximum" => number > limit,
        "exclusiveMinimum" => number <= limit,
        _ => number >= limit,
    };
    let limits = [
        ("minimum", "at least"),
        ("maximum", "at most"),
        ("exclusiveMinimum", "more than"),
        ("exclusiveMaximum", "less than"),
    ];
    let error = |(keyword, words)| {
        let limit = schema.keyword(keyword)?;
        let shown = limit.as_i64().map_or_else(|| limit.to_string(), |whole| whole.to_string());
        let title = format!("{subject} must be {words} {shown}");
        is_broken(keyword, limit.as_f64()?).then(|| Diagnostic::new(title, node.span.clone(), "out of range"))
    };
    limits.into_iter().filter_map(error).collect()
}

fn length(
    schema: Schema<'_>,
    keyword: &str,
    n: usize,
    unit: &str,
    node: &Node,
    subject: Subject<'_>,
) -> Option<Diagnostic> {
    let least = schema.keyword(keyword).and_then(Value::as_u64).filter(|&least| (n as u64) < least)?;
    Some(Diagnostic::new(
        format!("{subject} must have at least {least} {unit}"),
        node.span.clone(),
        "too short",
    ))
}
