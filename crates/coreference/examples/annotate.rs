//! Adds everything up to chains to documents: `annotate < texts.jsonl > annotated.jsonl`.

use std::io::{BufWriter, Write};

use demarche_core::{Document, Offsets, Pipeline, Registry, format};
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut registry = Registry::default();
    demarche_tokenize::register(&mut registry)?;
    demarche_syntax::register(&mut registry)?;
    demarche_entity::register(&mut registry)?;
    demarche_coreference::register(&mut registry)?;
    let mut pipeline = Pipeline::new();
    for kind in registry.kinds() {
        pipeline.push(kind, kind.build(&json!({}))?);
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lines() {
        let read = format::read(&line?, Offsets::Char)?;
        let mut doc =
            Document::new(read.id().to_owned(), read.text().to_owned()).with_meta(read.meta().clone());
        pipeline.process(&mut doc)?;
        format::write(&doc, Offsets::Char, &mut out)?;
        writeln!(out)?;
    }
    Ok(())
}
