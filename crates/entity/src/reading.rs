//! A document as the recognizer reads it, for the trainer.

use std::ops::Range;

use demarche_core::{Document, Span};
use demarche_model::cluster::Clusters;

use crate::feature::{self, Features};
use crate::scan::Scan;
use crate::word::Words;
use crate::{Entities, recall};

/// The words of a document with what the recognizer sees of them.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Where the words stand: tokens, cut once more at hyphens and signs.
    pub words: Vec<Span>,
    /// Ranges of words, one a sentence.
    pub sentences: Vec<Range<usize>>,
    /// One row a word.
    pub features: Vec<Features>,
    /// What the rules find: words, label.
    pub rules: Vec<(Range<usize>, String)>,
}

impl Reading {
    /// Reads a document that has its tokens, sentences and word classes.
    pub fn of(stage: &Entities, clusters: &Clusters, doc: &Document<'_>) -> Self {
        let words = Words::of(doc, &stage.lists.vocabulary);
        let scan = Scan::new(&words, &stage.lists);
        let mut mentions = scan.mentions(None);
        recall::complete(&scan, &mut mentions);
        let mut reading = Self::default();
        feature::extract(&scan, &mentions, clusters, &mut reading.features);
        reading.words = words.list.iter().map(|word| word.span).collect();
        reading.sentences = words.sentences();
        let rule = |mention: &crate::mention::Mention<'_>| {
            (mention.first..mention.end, stage.lists.labels.name(mention.label).to_owned())
        };
        reading.rules = mentions.iter().map(rule).collect();
        reading
    }
}
