//! Figures of the stage on annotated documents.

use demarche_core::{Layer, Stage};
use demarche_evaluate::{self as evaluate, Documents, ScoredLayer, score};
use demarche_quote::Quotes;

use super::read::Annotated;
use crate::stages::add;

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
