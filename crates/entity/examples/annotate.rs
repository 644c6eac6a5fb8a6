//! Finds entities in documents: JSON Lines in, JSON Lines out, offsets in code points.
//!
//! ```sh
//! cargo run --release -p demarche-entity --example annotate < articles.jsonl > entities.jsonl
//! ```

use std::io::{BufRead, Write};

use demarche_core::{Document, Layer, Offsets, Stage, format};
use demarche_entity::Entities;
use demarche_tokenize::Tokenize;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (tokenize, entities) = (Tokenize::default(), Entities::default());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let read = format::read(&line?, Offsets::Char)?;
        // What was tagged before, as by the example of `demarche-syntax`, keeps its tokens and word classes.
        let mut doc = if read.has(&Layer::Tokens) {
            read
        } else {
            let mut doc = Document::new(read.id(), read.text()).with_meta(read.meta().clone());
            tokenize.process(&mut doc)?;
            doc
        };
        entities.process(&mut doc)?;
        format::write(&doc, Offsets::Char, &mut out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
