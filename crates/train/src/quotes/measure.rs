//! Figures of the stage on annotated documents.

use anyhow::Context;
use demarche_core::{Document, Layer, Offsets, Stage, format};
use demarche_evaluate::{self as evaluate, Documents, ScoredLayer, score};
use demarche_quote::Quotes;

use super::read::Annotated;

/// The figures of documents as a table.
pub(super) fn measure(documents: &[Annotated], stage: &Quotes) -> anyhow::Result<String> {
    let (mut gold, mut predicted) = (Documents::default(), Documents::default());
    for (at, document) in documents.iter().enumerate() {
        let mut doc = document.doc.clone();
        stage.process(&mut doc)?;
        doc.ensure(&Layer::Quotes);
        add(&mut gold, &document.gold, at)?;
        add(&mut predicted, &doc, at)?;
    }
    Ok(score(ScoredLayer::Quotes, &gold, &predicted, &evaluate::Options::default())?.to_string())
}

fn add(documents: &mut Documents, doc: &Document<'_>, at: usize) -> anyhow::Result<()> {
    let mut json = Vec::new();
    format::write(doc, Offsets::Char, &mut json)?;
    let json = String::from_utf8(json).context("the document format is UTF-8")?;
    documents.add(evaluate::Document::parse(&json, Offsets::Char, format!("document {}", at + 1))?)?;
    Ok(())
}
