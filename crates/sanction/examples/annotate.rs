//! Annotates JSON Lines from standard input: texts in, documents with every layer up to the sanction events out.
//!
//! `cargo run --release -p demarche-sanction --example annotate < texts.jsonl > annotated.jsonl`

use std::error::Error;
use std::io::{BufRead, BufWriter, Write, stdin, stdout};

use demarche_core::{Document, Offsets, Pipeline, Registry, format};

const STAGES: [&str; 6] = ["tokenize", "syntax", "entity", "coreference", "quote", "sanction"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut registry = Registry::default();
    demarche_tokenize::register(&mut registry)?;
    demarche_syntax::register(&mut registry)?;
    demarche_entity::register(&mut registry)?;
    demarche_coreference::register(&mut registry)?;
    demarche_quote::register(&mut registry)?;
    demarche_sanction::register(&mut registry)?;
    let mut pipeline = Pipeline::new();
    for name in STAGES {
        let kind = registry.get(name).ok_or("a stage is missing")?;
        pipeline.push(kind, kind.build(&serde_json::json!({}))?);
    }
    let mut out = BufWriter::new(stdout().lock());
    for line in stdin().lock().lines() {
        let read = format::read(&line?, Offsets::Char)?;
        // Layers that the input may have are left behind: everything comes from the text.
        let mut doc = Document::new(read.id(), read.text()).with_meta(read.meta().clone());
        pipeline.process(&mut doc)?;
        format::write(&doc, Offsets::Char, &mut out)?;
        writeln!(out)?;
    }
    Ok(())
}
