//! The cases of `tests/cases/*.md`: text in, entities out.

#![allow(clippy::unwrap_used, reason = "what is built here is sound")]

use demarche_core::{Document, Entity, Stage};
use demarche_entity::Entities;
use demarche_syntax::Syntax;
use demarche_tokenize::Tokenize;
use serde_json::json;

#[test]
fn rules_alone() {
    let stages: [&dyn Stage; 2] = [&Tokenize::default(), &Entities::default()];
    check(&stages, include_str!("cases/persons.md"));
    check(&stages, include_str!("cases/states.md"));
    check(&stages, include_str!("cases/bodies-and-places.md"));
    check(&stages, include_str!("cases/numbers.md"));
    check(&stages, include_str!("cases/dates.md"));
}

#[test]
fn rules_and_recognizer() {
    let stages: [&dyn Stage; 3] = [&Tokenize::default(), &Syntax::default(), &Entities::default()];
    check(&stages, include_str!("cases/recognized.md"));
}

fn check(stages: &[&dyn Stage], cases: &str) {
    for case in cases.split("\n## ").skip(1) {
        let (name, rest) = case.split_once('\n').unwrap();
        let expected = rest.split("```\n").nth(1).unwrap().trim_end();
        let meta = json!({ "date": "2025-03-12" }).as_object().unwrap().clone();
        let mut doc = Document::new("", unmarked(expected)).with_meta(meta);
        for stage in stages {
            stage.process(&mut doc).unwrap();
        }
        assert_eq!(marked(&doc), expected, "{name}");
    }
}

/// The text without brackets and what is behind the first bar in them.
fn unmarked(marked: &str) -> String {
    let mut parts = marked.split('[');
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let (entity, rest) = part.split_once(']').unwrap();
        text += entity.split('|').next().unwrap();
        text += rest;
    }
    text
}

fn marked(doc: &Document<'_>) -> String {
    let (mut out, mut end) = (String::new(), 0);
    for Entity { span, label, name, norm, .. } in doc.entities() {
        let text = doc.slice(span);
        let name = name.filter(|&name| name != text).map(|name| format!("|{name}")).unwrap_or_default();
        let norm = norm.unwrap_or_default();
        let codes = if norm.is_empty() && name.is_empty() { String::new() } else { format!("|{norm}{name}") };
        out += &format!("{}[{text}|{label}{codes}]", &doc.text()[end..span.start as usize]);
        end = span.end as usize;
    }
    out + &doc.text()[end..]
}
