//! Adds tokens and sentences to documents: `annotate < texts.jsonl > annotated.jsonl`.

use std::io::{BufWriter, Write};

use demarche_core::{Document, Offsets, Stage, format};
use demarche_tokenize::Tokenize;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let tokenize = Tokenize::default();
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lines() {
        let read = format::read(&line?, Offsets::Char)?;
        let mut doc = Document::new(read.id().to_owned(), read.text().to_owned());
        tokenize.process(&mut doc)?;
        format::write(&doc, Offsets::Char, &mut out)?;
        writeln!(out)?;
    }
    Ok(())
}
