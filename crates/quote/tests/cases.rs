//! The cases of `tests/cases/*.md`: text in, quotations out, over the whole pipeline; `attribution.md` as the stage is by
//! default, the others by rules alone.

#![allow(clippy::unwrap_used, reason = "what is built here is sound")]

use demarche_core::{Document, Span};
use serde_json::{Value, json};

mod common;

#[test]
fn attribution() {
    let typed = |quote: &demarche_core::Quote<'_>, line: String| format!("{} | {line}", quote.quote_type);
    check_all(include_str!("cases/attribution.md"), &json!({}), typed);
}

#[test]
fn direct() {
    check_rules(include_str!("cases/direct.md"));
}

#[test]
fn indirect() {
    check_rules(include_str!("cases/indirect.md"));
}

#[test]
fn mixed() {
    check_rules(include_str!("cases/mixed.md"));
}

#[test]
fn speaker() {
    check_rules(include_str!("cases/speaker.md"));
}

fn check_rules(cases: &str) {
    check_all(cases, &json!({ "method": "rules" }), |_, line| line);
}

/// A line a quotation: kind | content | cue | source | speaker, as `with` completes it.
fn check_all(cases: &str, options: &Value, with: impl Fn(&demarche_core::Quote<'_>, String) -> String) {
    let pipeline = common::pipeline_with(options);
    let mut wrong = String::new();
    for case in cases.split("\n## ").skip(1) {
        let (name, rest) = case.split_once('\n').unwrap();
        let block = rest.split("```\n").nth(1).unwrap();
        let (text, expected) = block.split_once("\n---\n").unwrap();
        let mut doc = Document::new("", text);
        pipeline.process(&mut doc).unwrap();
        let found =
            doc.quotes().map(|quote| with(&quote, shown(&doc, &quote))).collect::<Vec<_>>().join("\n");
        if found != expected.trim_end() {
            wrong += &format!("\n{name}\nexpected:\n{expected}found:\n{found}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A quotation in a line.
fn shown(doc: &Document<'_>, quote: &demarche_core::Quote<'_>) -> String {
    let text = |spans: &[Span]| spans.iter().map(|&span| doc.slice(span)).collect::<Vec<_>>().join(" … ");
    let speaker = quote.speaker.map_or("–", |speaker| speaker.name);
    format!(
        "{} | {} | {} | {} | {speaker}",
        quote.kind,
        text(quote.content),
        text(quote.cue),
        text(quote.source)
    )
}
