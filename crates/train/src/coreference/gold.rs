//! What is learned from: documents with chains, annotated by the stages before.

use std::path::Path;

use anyhow::Context;
use demarche_core::format;
use demarche_core::{Document, Offsets, Pipeline, Registry, Span};
use demarche_coreference::Lexicon;
use demarche_coreference::rank::Scene;
use hashbrown::HashMap;

/// A document, annotated up to its entities, with the chains that it should get.
#[derive(Debug)]
pub(super) struct Gold {
    /// The document.
    pub(super) doc: Document<'static>,
    /// Spans of the mentions, chain by chain.
    pub(super) chains: Vec<Vec<Span>>,
    /// Spans of their heads, where the file has them.
    heads: Vec<Vec<Span>>,
}

/// Reads documents in demarche's format and annotates their texts anew.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<Gold>> {
    let pipeline = pipeline()?;
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut documents = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let place = || format!("{}:{}", path.display(), number + 1);
        let known = format::read(line, Offsets::Char).with_context(place)?;
        let chains: Vec<Vec<Span>> = known.chains().map(|chain| chain.mentions.to_vec()).collect();
        let heads = heads(line, known.text()).with_context(place)?;
        let mut doc =
            Document::new(known.id().to_owned(), known.text().to_owned()).with_meta(known.meta().clone());
        pipeline.process(&mut doc).with_context(place)?;
        documents.push(Gold { doc, chains, heads });
    }
    Ok(documents)
}

/// The key `heads` of the chains, which is beside the format.
fn heads(line: &str, text: &str) -> anyhow::Result<Vec<Vec<Span>>> {
    let value: serde_json::Value = serde_json::from_str(line)?;
    let map = demarche_core::OffsetMap::new(text, Offsets::Char);
    let place =
        |value: &serde_json::Value| value.as_u64().and_then(|at| map.to_byte(u32::try_from(at).ok()?));
    let span = |value: &serde_json::Value| Some(Span::new(place(&value[0])?, place(&value[1])?));
    let chains = value["chains"].as_array().into_iter().flatten();
    Ok(chains
        .map(|chain| chain["heads"].as_array().into_iter().flatten().filter_map(span).collect())
        .collect())
}

fn pipeline() -> anyhow::Result<Pipeline> {
    let mut registry = Registry::default();
    demarche_tokenize::register(&mut registry)?;
    demarche_syntax::register(&mut registry)?;
    demarche_entity::register(&mut registry)?;
    let mut pipeline = Pipeline::new();
    for kind in registry.kinds() {
        pipeline.push(kind, kind.build(&serde_json::json!({}))?);
    }
    Ok(pipeline)
}

impl Gold {
    /// Of each candidate the chain it belongs to: by its span, and else by its head word, if nothing has the span.
    pub(super) fn labels(&self, scene: &Scene<'_>) -> Vec<Option<usize>> {
        let mut by_span = HashMap::new();
        let mut by_head = HashMap::new();
        for i in 0..scene.candidates().len() {
            by_span.entry(scene.span(i)).or_insert(i);
            let head = self.doc.tokens()[scene.candidates()[i].head].start;
            // Of the phrases with one head the one without its conjuncts.
            if !scene.candidates()[i].is_coordination {
                by_head.insert(head, i);
            }
        }
        let mut labels = vec![None; scene.candidates().len()];
        let mut rest = Vec::new();
        for (chain, mentions) in self.chains.iter().enumerate() {
            for (at, span) in mentions.iter().enumerate() {
                match by_span.get(span) {
                    Some(&candidate) => labels[candidate] = Some(chain),
                    None => rest.extend(self.heads[chain].get(at).map(|head| (head.start, chain))),
                }
            }
        }
        for (head, chain) in rest {
            if let Some(&candidate) = by_head.get(&head) {
                labels[candidate].get_or_insert(chain);
            }
        }
        labels
    }

    /// The lexicon is the stage's.
    pub(super) fn scene(&self, lexicon: &Lexicon) -> Scene<'_> {
        Scene::of(&self.doc, lexicon).expect("the pipeline makes trees")
    }
}
