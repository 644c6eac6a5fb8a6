//! Figures of a stage on annotated documents.

use anyhow::Context;
use demarche_core::{Document, Offsets, Stage, format};
use demarche_evaluate::{self as evaluate, Documents, ScoredLayer, score};
use demarche_sanction::Sanctions;

use super::read::Annotated;

/// The figures of documents, each judged by its stage, as a table.
pub(super) fn measure<'a>(
    judged: impl Iterator<Item = (&'a Annotated, &'a Sanctions)>,
) -> anyhow::Result<String> {
    let (mut gold, mut predicted) = (Documents::default(), Documents::default());
    let (mut n_empty, mut n_silent) = (0, 0);
    for (at, (document, stage)) in judged.enumerate() {
        let mut doc = document.doc.clone();
        stage.process(&mut doc)?;
        doc.ensure(&demarche_core::Layer::Sanctions);
        n_empty += usize::from(document.gold.sanctions().len() == 0);
        n_silent += usize::from(document.gold.sanctions().len() == 0 && doc.sanctions().len() == 0);
        add(&mut gold, &document.gold, at)?;
        add(&mut predicted, &doc, at)?;
    }
    let scores = score(ScoredLayer::Sanctions, &gold, &predicted, &evaluate::Options::default())?;
    Ok(format!("{scores}\nno event in {n_silent} of {n_empty} documents that have none\n"))
}

fn add(documents: &mut Documents, doc: &Document<'_>, at: usize) -> anyhow::Result<()> {
    let mut json = Vec::new();
    format::write(doc, Offsets::Char, &mut json)?;
    let json = String::from_utf8(json).context("the document format is UTF-8")?;
    documents.add(evaluate::Document::parse(&json, Offsets::Char, format!("document {}", at + 1))?)?;
    Ok(())
}
