//! A document as the features see it: each word with its classes, and with what fills the places around it.

use std::cell::OnceCell;

use demarche_core::Upos;
use demarche_model::cluster::Clusters;

use super::rows::word_hash;
use crate::lexicon::{Class, Pos, Things};
use crate::told::Told;
use crate::view::View;

/// A document with what the features ask for again and again.
pub(crate) struct Sight<'v> {
    pub(crate) view: &'v View<'v>,
    pub(crate) told: Told,
    lemmas: Vec<u64>,
    /// Codes of all tokens, one after the other, and where each token's end.
    codes: Vec<u16>,
    ends: Vec<u32>,
    /// Words that can hardly mean anything but a sanction.
    strong: Vec<bool>,
    clusters: &'v Clusters,
    /// The clusters of each token, coarse to fine: looked up when the first is asked for, most texts tell of no sanctions.
    alike: OnceCell<Vec<[u64; 3]>>,
}

/// A place around a word: which one it is, and the token that heads what fills it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filler {
    pub(crate) place: Place,
    pub(crate) token: usize,
}

/// The places around a verb or noun where its parties stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Subject,
    Object,
    Agent,
    Possessor,
    Modifier,
    Addressee,
    /// Behind a preposition, by its index in [`PREPOSITIONS`].
    Behind(u8),
}

/// Prepositions behind which parties stand.
pub(crate) const PREPOSITIONS: [&str; 14] = [
    "on", "against", "of", "from", "to", "for", "with", "in", "upon", "by", "toward", "towards", "at",
    "between",
];

impl Place {
    pub(crate) const fn code(self) -> u64 {
        match self {
            Self::Subject => 1,
            Self::Object => 2,
            Self::Agent => 3,
            Self::Possessor => 4,
            Self::Modifier => 5,
            Self::Addressee => 6,
            Self::Behind(preposition) => 10 + preposition as u64,
        }
    }
}

impl<'v> Sight<'v> {
    pub(crate) fn of(view: &'v View<'v>, clusters: &'v Clusters) -> Self {
        let mut sight = Self {
            view,
            told: Told::of(view),
            lemmas: (0..view.len()).map(|token| word_hash(&view.tree.lemma(token).to_lowercase())).collect(),
            codes: Vec::new(),
            ends: Vec::with_capacity(view.len()),
            strong: Vec::with_capacity(view.len()),
            clusters,
            alike: OnceCell::new(),
        };
        for token in 0..view.len() {
            let entry = view.entry(token);
            let pos = view.pos(token);
            for sense in &entry.senses {
                let other = if Some(sense.pos) == pos { 0 } else { OTHER_POS };
                let code = 1 + sense.class as u16 + other;
                sight.codes.push(code);
            }
            sight.codes.extend(entry.things.iter().map(|bit| THING + bit));
            sight.codes.extend(entry.measures.iter().map(|measure| MEASURE + measure as u16));
            sight.codes.extend(
                (0..64).filter(|family| entry.families >> family & 1 == 1).map(|family| FAMILY + family),
            );
            let start = sight.ends.last().map_or(0, |&end| end as usize);
            sight.codes[start..].sort_unstable();
            let mut kept = start;
            for at in start..sight.codes.len() {
                if at == start || sight.codes[at] != sight.codes[at - 1] {
                    sight.codes[kept] = sight.codes[at];
                    kept += 1;
                }
            }
            sight.codes.truncate(kept);
            sight.ends.push(sight.codes.len() as u32);
            let strong = entry.senses.iter().any(|sense| match sense.class {
                Class::Sanction | Class::Measure => sense.pos == Pos::Noun,
                Class::Penalty => sense.hits.meets(Things::STRONG) && pos == Some(Pos::Verb),
                _ => false,
            });
            sight.strong.push(strong);
        }
        sight
    }

    /// The hash of the token's lemma.
    pub(crate) fn lemma(&self, token: usize) -> u64 {
        self.lemmas[token]
    }

    /// The clusters of the token's lemma, coarse to fine.
    pub(super) fn alike(&self, token: usize) -> [u64; 3] {
        let all = || {
            let ids = |token| self.clusters.get(&self.view.tree.lemma(token).to_lowercase());
            let alike = |token| ids(token).map_or([UNKNOWN; 3], |[a, b, c, _]| [a, b, c].map(u64::from));
            (0..self.view.len()).map(alike).collect()
        };
        self.alike.get_or_init(all)[token]
    }

    /// What the lexicon knows of the token, as codes.
    pub(crate) fn codes(&self, token: usize) -> impl Iterator<Item = u64> + Clone + '_ {
        let start = token.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.codes[start..self.ends[token] as usize].iter().map(|&code| u64::from(code))
    }

    /// Subjects other than sanctions that the words around a token are about, with how many of them (one or more).
    pub(crate) fn topics(&self, token: usize) -> impl Iterator<Item = u64> + use<> {
        let vicinity = self.view.vicinity(token);
        let near = vicinity.start.max(token.saturating_sub(NEAR))..vicinity.end.min(token + NEAR);
        let mut counts = [0_u8; TOPICS.end as usize - TOPICS.start as usize];
        for other in near.filter(|&other| other != token) {
            for code in self.codes(other).filter(|&code| TOPICS.contains(&(code as u16))) {
                counts[code as usize - TOPICS.start as usize] += 1;
            }
        }
        counts
            .into_iter()
            .enumerate()
            .filter(|(_, count)| *count > 0)
            .map(|(at, count)| at as u64 * 2 + u64::from(count > 1))
    }

    /// Whether the word can hardly mean anything but a sanction.
    pub(crate) fn is_strong(&self, token: usize) -> bool {
        self.strong[token]
    }

    /// What kind of party the token stands for, if any.
    pub(crate) fn kind(&self, token: usize) -> u64 {
        let view = self.view;
        if let Some(entity) = view.entity(token) {
            return match (view.doc.entity(entity).label, view.norm(entity)) {
                ("PERSON", _) => 1,
                ("ORG", Some(norm)) if norm.len() == STATE_CODE => 2,
                ("ORG", Some(_)) => 3,
                ("ORG", None) => 4,
                ("GPE" | "NORP" | "LOC", Some(norm)) if norm.len() == STATE_CODE => 5,
                ("GPE" | "NORP" | "LOC", Some(_)) => 6,
                ("GPE" | "NORP" | "LOC", None) => 7,
                ("LAW", _) => 8,
                ("DATE" | "TIME", _) => 9,
                ("MONEY" | "PERCENT" | "QUANTITY" | "CARDINAL" | "ORDINAL", _) => 10,
                _ => 11,
            };
        }
        if view.tree.upos(token) == Upos::Pron {
            return match view.tree.xpos(token) {
                "PRP" => 12,
                "PRP$" => 13,
                "WDT" | "WP" => 14,
                _ => 15,
            };
        }
        for (things, kind) in [
            (Things::ORGAN, 20),
            (Things::COUNTRY.and(Things::BODY), 21),
            (Things::VEHICLE, 22),
            (Things::PARTY, 23),
            (Things::LIST, 24),
            (Things::ASSET, 25),
            (Things::RELATION, 26),
            (Things::BORDER, 27),
            (Things::AID, 28),
            (Things::TRADE.and(Things::GOODS), 29),
        ] {
            if view.is(token, things) {
                return kind;
            }
        }
        if self.is_strong(token) { 30 } else { 31 + view.tree.upos(token) as u64 }
    }

    /// What fills the places around a word.
    pub(crate) fn fillers(&self, token: usize) -> Vec<Filler> {
        let view = self.view;
        let mut fillers = Vec::new();
        let mut fill = |place: Place, filler: Option<usize>| {
            if let Some(filler) = filler.filter(|&filler| filler != token) {
                fillers.push(Filler { place, token: filler });
            }
        };
        if view.pos(token) == Some(Pos::Noun) {
            fill(Place::Possessor, view.possessor(token));
            for child in view.tree.children_by(token, &["compound", "amod"]) {
                if view.entity(child).is_some() {
                    fill(Place::Modifier, Some(child));
                }
            }
        } else {
            fill(Place::Subject, view.subject(token).filter(|_| !view.is_passive(token)));
            fill(Place::Object, view.object(token));
            fill(Place::Addressee, view.controlled(token));
        }
        fill(Place::Agent, view.agent(token));
        for (at, preposition) in PREPOSITIONS.iter().enumerate() {
            fill(Place::Behind(at as u8), view.behind(token, &[preposition]));
        }
        fillers
    }
}

/// The cluster of a word that is in none.
const UNKNOWN: u64 = u64::MAX;
/// Letters of a state's code; bodies have shorter or longer ones.
const STATE_CODE: usize = 3;
/// Codes of senses of another part of speech than the token's.
const OTHER_POS: u16 = 50;
/// Codes of things.
const THING: u16 = 100;
/// Codes of measures.
const MEASURE: u16 = 200;
/// Codes of families.
const FAMILY: u16 = 300;
/// Codes of the families that tell what else a sentence is about: sport, crime, local matters, health, war, tariffs.
const TOPICS: std::ops::Range<u16> = FAMILY + 33..FAMILY + 39;
/// Words around a token that tell what it is about.
const NEAR: usize = 15;
