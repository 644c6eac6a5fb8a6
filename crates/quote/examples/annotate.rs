//! Reads documents from standard input, one JSON object a line, and writes them with the layers up to quotations.
//!
//! Layers of the input are left out, for they are made anew. With `--beliefs`, what people think and plan counts too.

use std::io::{BufRead, Write};

use demarche_core::{Document, Offsets, Pipeline, Registry, format};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let beliefs = std::env::args().any(|argument| argument == "--beliefs");
    let mut registry = Registry::default();
    demarche_tokenize::register(&mut registry)?;
    demarche_syntax::register(&mut registry)?;
    demarche_entity::register(&mut registry)?;
    demarche_coreference::register(&mut registry)?;
    demarche_quote::register(&mut registry)?;
    let mut pipeline = Pipeline::new();
    for kind in registry.kinds() {
        let options = if kind.name == "quote" { json!({ "beliefs": beliefs }) } else { json!({}) };
        pipeline.push(kind, kind.build(&options)?);
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let record: Value = serde_json::from_str(&line?)?;
        let text = |key: &str| record[key].as_str().unwrap_or_default().to_owned();
        let meta = record["meta"].as_object().cloned().unwrap_or_default();
        let mut doc = Document::new(text("id"), text("text")).with_meta(meta);
        pipeline.process(&mut doc)?;
        format::write(&doc, Offsets::Char, &mut out)?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}
