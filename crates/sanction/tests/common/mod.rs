//! The whole pipeline from raw text, and events written the way a person reads them.

#![allow(dead_code, clippy::unwrap_used, reason = "shared by tests that each use a part of it")]

use std::fmt::Write;
use std::sync::LazyLock;

use demarche_core::{Argument, Document, Measure, Pipeline, Registry, Sanction, Span};

pub(crate) const STAGES: [&str; 6] = ["tokenize", "syntax", "entity", "coreference", "quote", "sanction"];

/// All the stages, in a registry.
pub(crate) fn registry() -> Registry {
    let mut registry = Registry::default();
    demarche_tokenize::register(&mut registry).unwrap();
    demarche_syntax::register(&mut registry).unwrap();
    demarche_entity::register(&mut registry).unwrap();
    demarche_coreference::register(&mut registry).unwrap();
    demarche_quote::register(&mut registry).unwrap();
    demarche_sanction::register(&mut registry).unwrap();
    registry
}

/// A pipeline of the stages that this stage reads from, and this one with these options.
pub(crate) fn pipeline(options: &serde_json::Value) -> Pipeline {
    let registry = registry();
    let mut pipeline = Pipeline::new();
    for name in STAGES {
        let kind = registry.get(name).unwrap();
        let none = serde_json::json!({});
        let options = if name == "sanction" { options } else { &none };
        pipeline.push(kind, kind.build(options).unwrap());
    }
    pipeline
}

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| pipeline(&serde_json::json!({})));

/// The text with every layer.
pub(crate) fn annotate(text: &str) -> Document<'_> {
    let mut doc = Document::new("", text);
    PIPELINE.process(&mut doc).unwrap();
    doc
}

/// The events of a document, one a line.
pub(crate) fn events(doc: &Document<'_>) -> Vec<String> {
    doc.sanctions().map(|event| line(doc, &event)).collect()
}

/// `trigger: action factuality (measures) SENDER > TARGET; actor X; act "…"; because "…"; date "…"`.
fn line(doc: &Document<'_>, event: &Sanction<'_>) -> String {
    let mut line = format!("{}: {} {}", doc.slice(event.trigger), event.action, event.factuality);
    let measures: Vec<_> = event.measures.iter().map(Measure::name).collect();
    if !measures.is_empty() {
        write!(line, " ({})", measures.join(", ")).unwrap();
    }
    let parties = |arguments: &[Argument<'_>]| {
        let name = |argument: &Argument<'_>| {
            argument.norm.map_or_else(|| format!("“{}”", doc.slice(argument.span)), str::to_owned)
        };
        arguments.iter().map(name).collect::<Vec<_>>().join(" + ")
    };
    let shown =
        |arguments: &[Argument<'_>]| if arguments.is_empty() { "?".to_owned() } else { parties(arguments) };
    write!(line, " {} > {}", shown(&event.sender), shown(&event.target)).unwrap();
    if !event.actor.is_empty() {
        write!(line, "; actor {}", parties(&event.actor)).unwrap();
    }
    let spans = [("act", event.instrument), ("because", event.reason), ("date", event.date)];
    for (name, span) in spans.into_iter().filter_map(|(name, span)| span.map(|span: Span| (name, span))) {
        write!(line, "; {name} “{}”", doc.slice(span)).unwrap();
    }
    line
}
