//! The cases of `tests/cases/*.md`: text in, quotations out, over the whole pipeline.

#![allow(clippy::unwrap_used, reason = "what is built here is sound")]

use demarche_core::{Document, Span};

mod common;

#[test]
fn direct() {
    check_all(include_str!("cases/direct.md"));
}

#[test]
fn indirect() {
    check_all(include_str!("cases/indirect.md"));
}

#[test]
fn mixed() {
    check_all(include_str!("cases/mixed.md"));
}

#[test]
fn speaker() {
    check_all(include_str!("cases/speaker.md"));
}

fn check_all(cases: &str) {
    let pipeline = common::pipeline();
    let mut wrong = String::new();
    for case in cases.split("\n## ").skip(1) {
        let (name, rest) = case.split_once('\n').unwrap();
        let block = rest.split("```\n").nth(1).unwrap();
        let (text, expected) = block.split_once("\n---\n").unwrap();
        let mut doc = Document::new("", text);
        pipeline.process(&mut doc).unwrap();
        let found = shown(&doc);
        if found != expected.trim_end() {
            wrong += &format!("\n{name}\nexpected:\n{expected}found:\n{found}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The quotations, a line each: kind | content | cue | source | speaker.
fn shown(doc: &Document<'_>) -> String {
    let text = |spans: &[Span]| spans.iter().map(|&span| doc.slice(span)).collect::<Vec<_>>().join(" … ");
    let line = |quote: demarche_core::Quote<'_>| {
        let speaker = quote.speaker.map_or("–", |speaker| speaker.name);
        format!(
            "{} | {} | {} | {} | {speaker}",
            quote.kind,
            text(quote.content),
            text(quote.cue),
            text(quote.source)
        )
    };
    doc.quotes().map(line).collect::<Vec<_>>().join("\n")
}
