//! A document's candidates with what links them: who is quoted, what was said before in the same words.

use demarche_core::{Document, Span};
use hashbrown::HashMap;

use super::candidate::{self, Candidate, Kind};
use crate::lexicon::Lexicon;
use crate::reading::Reading;

/// What stands for "none" among indices of candidates.
const NONE: u32 = u32::MAX;

/// Candidates back that are always looked at, for pronouns and for noun phrases.
const NEAR_PRONOUN: usize = 40;
const NEAR_NOMINAL: usize = 20;
/// Earlier candidates with the same words, head or name that are looked at, however far back.
const SAME: usize = 4;

/// A document as the ranker sees it.
#[derive(Debug)]
pub struct Scene<'d> {
    pub(crate) reading: Reading<'d>,
    pub(crate) candidates: Vec<Candidate>,
    /// Of each quotation (from 1) the candidate that says it.
    pub(crate) speakers: Vec<Option<usize>>,
    /// Of each candidate the one before it with the same words, head, name's last word, name, kind of pronoun.
    same: Vec<[u32; N_SAME]>,
    /// Of each candidate, how often its words and its head occur.
    pub(crate) counts: Vec<[u32; 2]>,
}

const N_SAME: usize = 5;
pub(crate) const SAME_TEXT: usize = 0;
pub(crate) const SAME_LEMMA: usize = 1;

/// What may be the antecedent of a candidate.
#[derive(Clone, Copy, Debug)]
pub struct Antecedent {
    /// Which candidate it is.
    pub candidate: usize,
    /// How many nearer ones agree with the candidate in number and gender.
    pub rank: u32,
}

impl<'d> Scene<'d> {
    /// The candidates of a document; `None` where it has no trees.
    pub fn of(doc: &'d Document<'_>, lexicon: &Lexicon) -> Option<Self> {
        Reading::of(doc).map(|reading| Self::new(reading, lexicon))
    }

    pub(crate) fn new(reading: Reading<'d>, lexicon: &Lexicon) -> Self {
        let candidates = candidate::find(&reading, lexicon);
        let speakers = speakers(&reading, lexicon, &candidates);
        let (same, counts) = index(&candidates);
        Self { reading, candidates, speakers, same, counts }
    }

    /// The candidates.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// The span of a candidate.
    pub fn span(&self, candidate: usize) -> Span {
        let Candidate { first, end, .. } = self.candidates[candidate];
        self.reading.span(first, end)
    }

    pub(crate) fn previous_same(&self, candidate: usize, what: usize) -> Option<usize> {
        Some(self.same[candidate][what]).filter(|&other| other != NONE).map(|other| other as usize)
    }

    /// What may be the antecedent of a candidate, the nearest first.
    pub fn antecedents(&self, mention: usize, out: &mut Vec<Antecedent>) {
        out.clear();
        let this = &self.candidates[mention];
        let near = if this.kind.is_pronoun() { NEAR_PRONOUN } else { NEAR_NOMINAL };
        let from = mention.saturating_sub(near);
        let mut list: Vec<usize> =
            (from..mention).rev().filter(|&other| self.may_corefer(other, mention)).collect();
        let n_near = list.len();
        for what in 0..N_SAME {
            let mut other = mention;
            for _ in 0..SAME {
                let Some(before) = self.previous_same(other, what) else { break };
                other = before;
                if other < from && !list[n_near..].contains(&other) && self.may_corefer(other, mention) {
                    list.push(other);
                }
            }
        }
        list[n_near..].sort_unstable_by(|a, b| b.cmp(a));
        let mut rank = 0;
        for candidate in list {
            out.push(Antecedent { candidate, rank });
            rank += u32::from(Self::agrees(this, &self.candidates[candidate]));
        }
    }

    /// A phrase and one within it are not the same, but for a pronoun in what follows the head: "the man who lost his hat".
    fn may_corefer(&self, before: usize, mention: usize) -> bool {
        let (before, mention) = (&self.candidates[before], &self.candidates[mention]);
        before.end <= mention.first
            || mention.kind.is_pronoun() && mention.first > before.head && !before.is_coordination
    }

    /// Who speaks the quotation that the candidate is in.
    pub(crate) fn speaker(&self, candidate: usize) -> Option<usize> {
        self.speakers[self.candidates[candidate].quotation as usize]
    }
}

fn index(candidates: &[Candidate]) -> (Vec<[u32; N_SAME]>, Vec<[u32; 2]>) {
    let mut last: HashMap<(usize, u32), (u32, u32)> = HashMap::with_capacity(3 * candidates.len());
    let mut same = Vec::with_capacity(candidates.len());
    let mut keys = Vec::with_capacity(candidates.len());
    for (i, candidate) in candidates.iter().enumerate() {
        let is_pronoun = candidate.kind.is_pronoun();
        let key: [Option<u32>; N_SAME] = [
            (!is_pronoun).then_some(candidate.text),
            (!is_pronoun && !candidate.is_coordination).then_some(candidate.lemma),
            (candidate.kind == Kind::Name && !candidate.is_coordination).then_some(candidate.last_word),
            (candidate.identity != 0 && !candidate.is_coordination).then_some(candidate.identity),
            is_pronoun.then_some(candidate.kind as u32),
        ];
        same.push(std::array::from_fn(|what| {
            let Some(key) = key[what] else { return NONE };
            let entry = last.entry((what, key)).or_insert((NONE, 0));
            entry.1 += 1;
            std::mem::replace(&mut entry.0, i as u32)
        }));
        keys.push(key);
    }
    let count = |what: usize, key: Option<u32>| key.map_or(0, |key| last[&(what, key)].1);
    let counts = keys.iter().map(|key| [count(0, key[0]), count(1, key[1])]).collect();
    (same, counts)
}

/// The subject beside each quotation, in its first or last sentence; a quotation without one goes on from that before
/// it in the paragraph.
fn speakers(reading: &Reading<'_>, lexicon: &Lexicon, candidates: &[Candidate]) -> Vec<Option<usize>> {
    let n_quotations =
        (0..reading.n_tokens()).map(|token| reading.quotation_of(token)).max().unwrap_or(0) as usize;
    let mut speakers = vec![None; n_quotations + 1];
    // First and last sentence, and paragraph, of each quotation.
    let mut place: Vec<Option<(u32, u32)>> = vec![None; n_quotations + 1];
    for token in 0..reading.n_tokens() {
        let sentence = reading.sentence_of(token);
        let place = &mut place[reading.quotation_of(token) as usize];
        *place = Some((place.map_or(sentence, |(first, _)| first), sentence));
    }
    let mut subjects: HashMap<u32, usize> = HashMap::new();
    for (i, candidate) in candidates.iter().enumerate() {
        if candidate.quotation == 0
            && candidate.is_subject
            && !candidate.is_coordination
            && candidate.governor.is_some_and(|verb| lexicon.is_speech(reading.tree.lemma(verb)))
        {
            subjects.entry(candidate.sentence).or_insert(i);
        }
    }
    for quotation in 1..=n_quotations {
        let Some((first, last)) = place[quotation] else { continue };
        speakers[quotation] = subjects.get(&last).or_else(|| subjects.get(&first)).copied();
        if speakers[quotation].is_none() && quotation > 1 {
            let is_next = place[quotation - 1].is_some_and(|(_, end)| first - end <= 1);
            speakers[quotation] = speakers[quotation - 1].filter(|_| is_next);
        }
    }
    speakers
}
