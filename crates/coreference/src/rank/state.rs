//! The chains as they grow, and what is known of each.

use super::candidate::Candidate;

/// Words of a chain's mentions that are kept for comparing.
const MAX_WORDS: usize = 12;

/// Chains of a document while they are made.
#[derive(Debug, Default)]
pub struct State {
    /// Of each candidate so far its chain.
    pub(crate) of: Vec<usize>,
    pub(crate) chains: Vec<Chain>,
}

/// What is known of a chain.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chain {
    pub(crate) size: u32,
    pub(crate) last: usize,
    pub(crate) kinds: u32,
    pub(crate) numbers: u8,
    pub(crate) genders: u8,
    pub(crate) sorts: u8,
    pub(crate) identity: u32,
    pub(crate) texts: Vec<u32>,
    pub(crate) lemmas: Vec<u32>,
}

impl State {
    /// The candidates of each chain; many have but one.
    pub fn groups(&self) -> Vec<Vec<usize>> {
        let mut groups = vec![Vec::new(); self.chains.len()];
        for (candidate, &chain) in self.of.iter().enumerate() {
            groups[chain].push(candidate);
        }
        groups
    }

    /// Puts the next candidate in the chain of `antecedent`, or in one of its own.
    pub fn add(&mut self, candidate: &Candidate, antecedent: Option<usize>) {
        let mention = self.of.len();
        let id = antecedent.map_or(self.chains.len(), |antecedent| self.of[antecedent]);
        if id == self.chains.len() {
            self.chains.push(Chain::default());
        }
        self.of.push(id);
        let chain = &mut self.chains[id];
        chain.size += 1;
        chain.last = mention;
        chain.kinds |= 1 << candidate.kind as u32;
        chain.numbers |= 1 << candidate.number as u8;
        chain.genders |= candidate.gender.map_or(0, |gender| 1 << gender as u8);
        chain.sorts |= 1 << candidate.sort as u8;
        if chain.identity == 0 {
            chain.identity = candidate.identity;
        }
        if !candidate.kind.is_pronoun() {
            for (words, word) in [(&mut chain.texts, candidate.text), (&mut chain.lemmas, candidate.lemma)] {
                if words.len() < MAX_WORDS && !words.contains(&word) {
                    words.push(word);
                }
            }
        }
    }

    pub(crate) fn chain_of(&self, candidate: usize) -> &Chain {
        &self.chains[self.of[candidate]]
    }
}
