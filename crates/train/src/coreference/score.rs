//! The figures by which coreference is judged, as `demarche evaluate` has them.

use demarche_core::{Offsets, Span};
use demarche_evaluate::{Document, Documents, Options, Score, ScoredLayer, score};
use serde_json::json;

use super::gold::Gold;

/// MUC, B³ and CEAF-e over exact mentions, and their mean, of the chains found in each document.
pub(super) fn figures(gold: &[Gold], found: &[Vec<Vec<Span>>]) -> anyhow::Result<String> {
    let documents = |chains: &mut dyn Iterator<Item = &Vec<Vec<Span>>>| -> anyhow::Result<Documents> {
        let mut documents = Documents::default();
        for (i, (gold, chains)) in gold.iter().zip(chains).enumerate() {
            documents.add(document(&i.to_string(), gold.doc.text(), chains)?)?;
        }
        Ok(documents)
    };
    let wanted = documents(&mut gold.iter().map(|gold| &gold.chains))?;
    let found = documents(&mut found.iter())?;
    let evaluation = score(ScoredLayer::Chains, &wanted, &found, &Options::default())?;
    let percent = |name: &str| {
        let figure = match evaluation.scores.get(&["exact", name]) {
            Some(Score::Prf(figure)) => figure.f1,
            Some(Score::Mean(figure)) => *figure,
            _ => None,
        };
        format!("{:.2}", 100.0 * figure.unwrap_or(0.0))
    };
    let [conll, muc, b3, ceafe, mentions] = ["conll", "muc", "b3", "ceafe", "mentions"].map(percent);
    Ok(format!("CoNLL {conll}, MUC {muc}, B³ {b3}, CEAF-e {ceafe}, mentions {mentions}"))
}

fn document(id: &str, text: &str, chains: &[Vec<Span>]) -> anyhow::Result<Document> {
    let chains: Vec<_> = chains
        .iter()
        .map(|chain| {
            let mentions: Vec<_> = chain.iter().map(|span| [span.start, span.end]).collect();
            json!({ "mentions": mentions })
        })
        .collect();
    let json = json!({ "id": id, "text": text, "chains": chains }).to_string();
    Ok(Document::parse(&json, Offsets::Byte, id)?)
}
