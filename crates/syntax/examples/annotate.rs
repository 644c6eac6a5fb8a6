//! Tags and parses documents: JSON Lines in, JSON Lines out, offsets in code points.
//!
//! ```sh
//! cargo run --release -p demarche-syntax --example annotate < articles.jsonl > parsed.jsonl
//! ```
//!
//! With `--given-tokens` the documents' own tokens and sentences are kept.

use std::io::{BufRead, Write};

use demarche_core::{Document, Offsets, Stage, format};
use demarche_syntax::Syntax;
use demarche_tokenize::Tokenize;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let given_tokens = std::env::args().any(|arg| arg == "--given-tokens");
    let (tokenize, syntax) = (Tokenize::default(), Syntax::default());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let read = format::read(&line?, Offsets::Char)?;
        let mut doc = Document::new(read.id(), read.text()).with_meta(read.meta().clone());
        if given_tokens {
            doc.set_tokens(read.tokens().to_vec());
            doc.set_sentences(read.sentences().to_vec());
        } else {
            tokenize.process(&mut doc)?;
        }
        syntax.process(&mut doc)?;
        format::write(&doc, Offsets::Char, &mut out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
