//! From two sets of documents to the figures of a layer.

use std::fmt;

use serde::Serialize;

use crate::document::Pair;
use crate::{Documents, Error, LabelGroups, Scores, chains, entities, quotes, sanctions, syntax, words};

/// What is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ScoredLayer {
    /// Spans of the tokens.
    Tokens,
    /// Spans of the sentences.
    Sentences,
    /// Word classes and lemmas of the tokens.
    Tags,
    /// Heads and relations of the tokens.
    Syntax,
    /// Named entities.
    Entities,
    /// Coreference chains.
    Chains,
    /// Quotations.
    Quotes,
    /// Sanction events.
    Sanctions,
}

/// A list of a document that layers are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Sentences,
    Tokens,
    Entities,
    Chains,
    Quotes,
    Sanctions,
}

impl Key {
    pub(crate) const ALL: [Self; 6] =
        [Self::Sentences, Self::Tokens, Self::Entities, Self::Chains, Self::Quotes, Self::Sanctions];
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sentences => "sentences",
            Self::Tokens => "tokens",
            Self::Entities => "entities",
            Self::Chains => "chains",
            Self::Quotes => "quotes",
            Self::Sanctions => "sanctions",
        })
    }
}

impl ScoredLayer {
    /// All of them, in the order of a pipeline.
    pub const ALL: [Self; 8] = [
        Self::Tokens,
        Self::Sentences,
        Self::Tags,
        Self::Syntax,
        Self::Entities,
        Self::Chains,
        Self::Quotes,
        Self::Sanctions,
    ];

    /// Its name in tables and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tokens => "tokens",
            Self::Sentences => "sentences",
            Self::Tags => "tags",
            Self::Syntax => "syntax",
            Self::Entities => "entities",
            Self::Chains => "chains",
            Self::Quotes => "quotes",
            Self::Sanctions => "sanctions",
        }
    }

    const fn key(self) -> Key {
        match self {
            Self::Tokens | Self::Tags | Self::Syntax => Key::Tokens,
            Self::Sentences => Key::Sentences,
            Self::Entities => Key::Entities,
            Self::Chains => Key::Chains,
            Self::Quotes => Key::Quotes,
            Self::Sanctions => Key::Sanctions,
        }
    }

    /// Whether any of the documents has it. Tags and syntax are there if a token has a tag or a relation.
    ///
    /// # Errors
    /// If the tokens are malformed.
    pub fn is_in(self, documents: &Documents) -> Result<bool, Error> {
        for document in documents.iter().filter(|document| document.has(self.key())) {
            let found = match self {
                Self::Tags => words::has_tags(document)?,
                Self::Syntax => syntax::has_relations(document)?,
                _ => true,
            };
            if found {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// How layers are scored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Entities: labels are renamed to their group on both sides, and those in no group left out.
    pub labels: Option<LabelGroups>,
    /// Chains: whether those of one mention count.
    pub keep_singletons: bool,
}

/// The figures of a layer, and of which documents they are.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// What was scored.
    pub layer: ScoredLayer,
    /// Which documents were.
    pub documents: Accounts,
    /// The figures.
    pub scores: Scores,
}

/// What became of the documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Accounts {
    /// Gold documents.
    pub gold: usize,
    /// Predicted documents.
    pub predicted: usize,
    /// Gold documents that were scored: those with the layer.
    pub scored: usize,
    /// Of these, how many have no prediction: all of theirs is missed.
    pub missing: usize,
    /// Of these, how many are predicted for another text: all of theirs is missed.
    pub text_differs: usize,
    /// Of these, how many are predicted without the layer, which counts as empty.
    pub layer_absent: usize,
    /// Gold documents without the layer, left out: nobody annotated them.
    pub gold_without_layer: usize,
    /// Predicted documents that gold does not have, passed over.
    pub not_in_gold: usize,
}

/// Scores a layer of predicted documents against gold ones of the same names.
///
/// # Errors
/// The first thing that is wrong in the layer of a document that is scored.
pub fn score(
    layer: ScoredLayer,
    gold: &Documents,
    predicted: &Documents,
    options: &Options,
) -> Result<Evaluation, Error> {
    let key = layer.key();
    let not_in_gold = predicted.iter().filter(|document| gold.get(document.id()).is_none()).count();
    let mut documents =
        Accounts { gold: gold.len(), predicted: predicted.len(), not_in_gold, ..Accounts::default() };
    let mut pairs = Vec::new();
    for document in gold {
        if !document.has(key) {
            documents.gold_without_layer += 1;
            continue;
        }
        documents.scored += 1;
        let other = predicted.get(document.id());
        let same = other.filter(|other| other.text() == document.text());
        match (other, same) {
            (None, _) => documents.missing += 1,
            (Some(_), None) => documents.text_differs += 1,
            (_, Some(other)) => documents.layer_absent += usize::from(!other.has(key)),
        }
        pairs.push((document, same));
    }
    // One at a time: a text by code points takes four times its length.
    let pairs = pairs.into_iter().map(|(gold, predicted)| Pair::new(gold, predicted));
    let scores = match layer {
        ScoredLayer::Tokens => words::score_tokens(pairs),
        ScoredLayer::Sentences => words::score_sentences(pairs),
        ScoredLayer::Tags => words::score_tags(pairs),
        ScoredLayer::Syntax => syntax::score(pairs),
        ScoredLayer::Entities => entities::score(pairs, options.labels.as_ref()),
        ScoredLayer::Chains => chains::score(pairs, options.keep_singletons),
        ScoredLayer::Quotes => quotes::score(pairs),
        ScoredLayer::Sanctions => sanctions::score(pairs),
    }?;
    Ok(Evaluation { layer, documents, scores })
}
