//! Figures of a stage on annotated documents.

use demarche_core::Stage;
use demarche_evaluate::{self as evaluate, Documents, ScoredLayer, score};
use demarche_sanction::Sanctions;

use super::read::Annotated;
use crate::stages::add;

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
