//! What is learned from: the label sets, batches, and copies of sentences in another case.

use std::collections::BTreeMap;
use std::ops::Range;

use demarche_core::Upos;
use demarche_model::{Feature, Random};
use demarche_syntax::feature::{self, Seen, Word};

use crate::conllu::Token;

/// The labels and features of a treebank, in an order that depends on nothing but it.
#[derive(Debug)]
pub(super) struct Inventory {
    /// UPOS tags.
    pub(super) upos: Vec<Upos>,
    /// XPOS tags.
    pub(super) xpos: Vec<String>,
    /// Relations.
    pub(super) deprel: Vec<String>,
    /// For each XPOS tag the UPOS tags that occur with it, a bit each.
    pub(super) pairs: Vec<u32>,
    /// Hashes of the features that occur at least twice, the most frequent first.
    pub(super) features: Vec<u64>,
}

/// Features that occur less often share the row of the unknown.
const RARE: u32 = 2;

impl Inventory {
    /// That of the sentences.
    pub(super) fn of(sentences: &[Vec<Token>]) -> Self {
        let tokens = || sentences.iter().flatten();
        let names = |name: fn(&Token) -> &str| -> Vec<String> {
            sorted(tokens().map(name)).map(str::to_owned).collect()
        };
        let mut counts: BTreeMap<u64, u32> = BTreeMap::new();
        let mut features = Vec::new();
        for sentence in sentences {
            for word in feature::look(words(sentence)) {
                features_of(&word, &mut features);
                for feature in &features {
                    *counts.entry(feature.hash).or_default() += 1;
                }
            }
        }
        let mut features: Vec<_> = counts.into_iter().filter(|&(_, count)| count >= RARE).collect();
        features.sort_by_key(|&(hash, count)| (std::cmp::Reverse(count), hash));
        let upos: Vec<Upos> = sorted(tokens().map(|token| token.upos)).collect();
        let xpos = names(|token| &token.xpos);
        let pairs = xpos.iter().map(|xpos| {
            let with = |upos: &Upos| tokens().any(|token| token.upos == *upos && token.xpos == *xpos);
            upos.iter().enumerate().filter(|(_, upos)| with(upos)).fold(0, |bits, (i, _)| bits | 1 << i)
        });
        Self {
            pairs: pairs.collect(),
            upos,
            xpos,
            deprel: names(|token| &token.deprel),
            features: features.into_iter().map(|(hash, _)| hash).collect(),
        }
    }

    /// Index of an XPOS tag.
    pub(super) fn xpos_index(&self, name: &str) -> Option<usize> {
        self.xpos.binary_search_by(|known| known.as_str().cmp(name)).ok()
    }

    /// Index of a relation.
    pub(super) fn deprel_index(&self, name: &str) -> Option<usize> {
        self.deprel.binary_search_by(|known| known.as_str().cmp(name)).ok()
    }
}

fn sorted<T: Ord>(items: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
    items.collect::<std::collections::BTreeSet<_>>().into_iter()
}

/// All features of a word.
pub(super) fn features_of(word: &Seen<'_>, features: &mut Vec<Feature>) {
    features.clear();
    word.form_features(features);
    word.stand_features(features);
}

/// A sentence's words as the stage sees them.
pub(super) fn words(sentence: &[Token]) -> impl ExactSizeIterator<Item = Word<'_>> + Clone {
    sentence.iter().enumerate().map(|(i, token)| Word {
        form: &token.form,
        space_before: i == 0 || sentence[i - 1].space_after,
        space_after: token.space_after,
    })
}

/// Stretches of sentences of about `n_words` words.
pub(super) fn batches(sentences: &[Vec<Token>], n_words: usize) -> Vec<Range<usize>> {
    let mut batches = Vec::new();
    let (mut start, mut words) = (0, 0);
    for (i, sentence) in sentences.iter().enumerate() {
        words += sentence.len();
        if words >= n_words || i + 1 == sentences.len() {
            batches.push(start..i + 1);
            (start, words) = (i + 1, 0);
        }
    }
    batches
}

/// Puts the sentence now and then (by `share`) in capitals, as a headline, or in small letters, so that such text is
/// not strange to the model.
pub(super) fn recase(sentence: &mut [Token], share: f32, random: &mut Random) {
    let chance = random.unit();
    let recase: fn(&str) -> String = match chance / share {
        ..0.4 => |form| form.to_uppercase(),
        ..0.8 => |form| {
            let mut letters = form.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
        },
        ..1.0 => |form| form.to_lowercase(),
        _ => return,
    };
    for token in sentence {
        token.form = recase(&token.form);
    }
}
