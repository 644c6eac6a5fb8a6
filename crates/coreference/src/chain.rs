//! Mentions and the chains they are put in.

use demarche_core::{Span, Upos};
use hashbrown::HashMap;

use crate::lexicon::{Gender, Lexicon};
use crate::mention::{Class, Kind, Mention};
use crate::reading::Reading;
use crate::stage::{Found, Reason};

/// Words that describe a person or body; more add nothing.
const MAX_WORDS: usize = 32;

/// The mentions of a document and the chains made of them so far.
pub(crate) struct Chains<'r, 'd> {
    pub(crate) reading: &'r Reading<'d>,
    pub(crate) mentions: Vec<Mention>,
    /// Of each mention: its chain, and the sieve that put it there.
    of: Vec<Option<(usize, &'static str)>>,
    /// The sieve at work.
    pub(crate) sieve: &'static str,
    pub(crate) known: Vec<Chain<'d>>,
    /// How many mentions back an antecedent is looked for.
    pub(crate) window: usize,
    states: HashMap<&'d str, usize>,
    /// Mentions that are inside another one of the same chain: "the government of Ghana".
    inner: Vec<bool>,
}

/// What is known of a person, body, state or place.
pub(crate) struct Chain<'d> {
    pub(crate) class: Class,
    pub(crate) name: Option<&'d str>,
    pub(crate) label: Option<&'d str>,
    pub(crate) norm: Option<&'d str>,
    pub(crate) gender: Option<Gender>,
    /// Tokens that describe it: titles, roles and their modifiers, words of a body's name.
    pub(crate) words: Vec<usize>,
}

impl<'r, 'd> Chains<'r, 'd> {
    pub(crate) fn new(reading: &'r Reading<'d>, mentions: Vec<Mention>, window: usize) -> Self {
        let of = vec![None; mentions.len()];
        let inner = vec![false; mentions.len()];
        Self { reading, mentions, of, sieve: "", inner, known: Vec::new(), window, states: HashMap::new() }
    }

    /// The chain of a mention.
    pub(crate) fn of(&self, mention: usize) -> Option<usize> {
        self.of[mention].map(|(chain, _)| chain)
    }

    pub(crate) fn put(&mut self, mention: usize, chain: usize) {
        self.of[mention] = Some((chain, self.sieve));
    }

    /// A new chain that starts with the mention.
    pub(crate) fn start(&mut self, mention: usize) -> usize {
        let class = self.mentions[mention].class;
        let chain = self.add(class);
        self.put(mention, chain);
        chain
    }

    /// A new chain without mentions.
    pub(crate) fn add(&mut self, class: Class) -> usize {
        self.known.push(Chain {
            class,
            name: None,
            label: None,
            norm: None,
            gender: None,
            words: Vec::new(),
        });
        self.known.len() - 1
    }

    /// The chain of a state by its code.
    pub(crate) fn state(&mut self, norm: &'d str) -> usize {
        if let Some(&chain) = self.states.get(norm) {
            return chain;
        }
        let chain = self.add(Class::State);
        self.known[chain].norm = Some(norm);
        self.known[chain].label = Some("GPE");
        self.states.insert(norm, chain);
        chain
    }

    /// Marks the names within the mention that are of the same chain as it: they are no mentions beside it.
    pub(crate) fn absorb(&mut self, mention: usize) {
        let Mention { first, end, .. } = self.mentions[mention];
        // Mentions are sorted by their heads.
        let from = self.mentions.partition_point(|other| other.head < first);
        for other in from..self.mentions.len() {
            let Mention { head, first: start, end: stop, .. } = self.mentions[other];
            if head >= end {
                break;
            }
            self.inner[other] |=
                other != mention && self.of(other) == self.of(mention) && first <= start && stop <= end;
        }
    }

    /// The chain of a state by its code, if there is one.
    pub(crate) fn known_state(&self, norm: &str) -> Option<usize> {
        self.states.get(norm).copied()
    }

    /// Notes what the mention's words say of its chain.
    pub(crate) fn describe(&mut self, mention: usize, lexicon: &Lexicon) {
        let (Some(chain), Mention { first, end, .. }) = (self.of(mention), self.mentions[mention]) else {
            return;
        };
        let chain = &mut self.known[chain];
        for token in first..end {
            let is_content = matches!(self.reading.upos(token), Upos::Noun | Upos::Propn | Upos::Adj);
            if !is_content || chain.words.len() >= MAX_WORDS || self.reading.label_at(token) == "PERSON" {
                continue;
            }
            chain.words.push(token);
            if chain.class == Class::Person && chain.gender.is_none() {
                chain.gender = lexicon.gender_of_role(self.reading.word(token));
            }
        }
    }

    /// The entity's code that goes with a phrase: of a state, demonym or body beside its head.
    pub(crate) fn norm_within(&self, mention: usize) -> Option<&'d str> {
        let Mention { head, first, end, .. } = self.mentions[mention];
        let entities =
            (first..end).filter(|&token| token != head).filter_map(|token| self.reading.entity_at(token));
        entities
            .map(|entity| self.reading.entities[entity])
            .find(|row| matches!(row.label, "GPE" | "NORP") && row.norm.is_some())
            .and_then(|row| row.norm)
    }

    /// The chains of at least two mentions, in the order of their first ones. `more` gives mentions of a chain that are
    /// not among these.
    pub(crate) fn found(&self, more: impl Fn(usize) -> Vec<(Span, Reason)>) -> Vec<Found> {
        let mut mentions: Vec<Vec<usize>> = vec![Vec::new(); self.known.len()];
        for mention in 0..self.mentions.len() {
            if let Some(chain) = self.of(mention) {
                mentions[chain].push(mention);
            }
        }
        let rows = self.known.iter().zip(&mentions).enumerate();
        let mut found: Vec<Found> =
            rows.filter_map(|(id, (chain, list))| self.row(chain, list, more(id))).collect();
        found.sort_by_key(|row| row.mentions[0].0);
        found
    }

    fn row(&self, chain: &Chain<'d>, list: &[usize], more: Vec<(Span, Reason)>) -> Option<Found> {
        let mut mentions = more;
        for &mention in list.iter().filter(|&&mention| !self.inner[mention]) {
            let (_, sieve) = self.of[mention]?;
            mentions.push((self.span(mention), Reason::Sieve(sieve)));
        }
        // What the ranker adds within a mention of the sieves is a part of its title or apposition.
        mentions.sort_unstable_by_key(|&(span, reason)| {
            (span.start, std::cmp::Reverse(span.end), matches!(reason, Reason::Ranker(_)))
        });
        let mut covered = 0;
        mentions.retain(|&(span, reason)| match reason {
            Reason::Sieve(_) => {
                covered = covered.max(span.end);
                true
            }
            Reason::Ranker(_) => span.end > covered,
        });
        mentions.sort_unstable_by_key(|&(span, _)| span);
        mentions.dedup_by_key(|&mut (span, _)| span);
        if mentions.len() < 2 {
            return None;
        }
        let entities = list.iter().filter_map(|&mention| match self.mentions[mention].kind {
            Kind::Name(entity) => Some(entity),
            _ => None,
        });
        let name = chain.name.unwrap_or_else(|| self.reading.doc.slice(mentions[0].0));
        Some(Found {
            name: Some(name.split_whitespace().collect::<Vec<_>>().join(" ")),
            label: chain.label.map(str::to_owned),
            norm: chain.norm.map(str::to_owned),
            mentions,
            entities: entities.collect(),
        })
    }

    fn span(&self, mention: usize) -> Span {
        let Mention { first, end, .. } = self.mentions[mention];
        self.reading.span(first, end)
    }
}
