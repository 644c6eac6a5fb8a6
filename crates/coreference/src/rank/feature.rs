//! What the ranker knows of a candidate, and of a candidate and what may be its antecedent.
//!
//! After Durrett & Klein (2013), "Easy Victories and Uphill Battles in Coreference Resolution", for the surface, and
//! Clark & Manning (2016), "Deep Reinforcement Learning for Mention-Ranking Coreference Models", for distances and kinds.
//! The trainer calls the same functions, so that training and use cannot differ.

use demarche_core::Upos;

use super::attribute::{id, lower};
use super::candidate::{Candidate, Kind};
use super::scene::{Antecedent, SAME_LEMMA, SAME_TEXT, Scene};
use super::state::State;
use crate::lexicon::Gender;

/// In which part of the network a candidate's features stand.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The mention whose antecedent is looked for.
    Mention = 1,
    /// What may be its antecedent.
    Antecedent = 2,
    /// The mention as one that starts a chain, or none at all.
    New = 3,
}

/// The key of a feature: its template and two values.
fn key(template: u32, a: u32, b: u32) -> u64 {
    let mixed = (u64::from(a) << 32 | u64::from(b)) ^ u64::from(template).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let product = u128::from(mixed ^ 0xa076_1d64_78bd_642f) * 0xe703_7ed1_a0b4_28db_u128;
    (product as u64) ^ ((product >> 64) as u64)
}

/// Numbers in classes that grow: 0, 1, 2, 3, 4, 5–7, 8–15, 16–31, …
fn bucket(n: usize) -> u32 {
    match n {
        0..=4 => n as u32,
        5..=7 => 5,
        8..=10 => 6,
        11..=15 => 7,
        16..=31 => 8,
        32..=63 => 9,
        _ => 10,
    }
}

impl Scene<'_> {
    /// The features of one candidate.
    pub fn unary(&self, i: usize, role: Role, out: &mut Vec<u64>) {
        let this = &self.candidates[i];
        let reading = &self.reading;
        let tree = &reading.tree;
        let kind = this.kind as u32;
        let mut add = |template: u32, a: u32, b: u32| out.push(key(template << 2 | role as u32, a, b));
        add(1, kind, u32::from(this.is_coordination));
        add(2, this.lemma, 0);
        add(3, kind, id(tree.xpos(this.head)));
        add(4, this.relation, kind);
        let governor = this.governor.map_or(0, |above| id(tree.lemma(above)));
        add(5, governor, 0);
        add(6, governor, this.relation);
        add(7, this.number as u32 * 8 + this.sort as u32, kind);
        add(8, this.gender.map_or(0, |gender| 1 + gender as u32), kind);
        add(9, id(reading.label_at(this.head)), 0);
        add(10, bucket(this.end - this.first), kind);
        add(11, lower(reading.word(this.first)), 0);
        add(12, reading.before(this.first).map_or(0, |before| lower(reading.word(before))), 0);
        add(13, reading.after(this.end - 1).map_or(0, |after| lower(reading.word(after))), 0);
        let [n_text, n_lemma] = self.counts[i];
        if this.kind.is_pronoun() {
            add(24, lower(reading.word(this.head)), this.relation);
        } else {
            add(14, bucket(n_text as usize), kind);
            add(15, bucket(n_lemma as usize), kind);
            let seen = u32::from(self.previous_same(i, SAME_TEXT).is_some())
                | u32::from(self.previous_same(i, SAME_LEMMA).is_some()) << 1;
            add(16, seen, kind);
            let again = u32::from(n_text > 1) | u32::from(n_lemma > 1) << 1;
            add(26, seen * 4 + again, kind);
            add(22, suffix(tree.lemma(this.head)), 0);
            add(25, self.extent(this), kind);
            add(27, bucket(this.modifiers.len()), kind);
        }
        add(17, bucket(this.sentence as usize), kind);
        let outer = this.outer.map_or(99, |outer| self.candidates[outer].kind as u32);
        add(18, outer, this.relation);
        add(19, outer, kind);
        let above = this.governor.map_or(0, |above| id(tree.relation(above)));
        add(20, above, this.relation);
        add(21, u32::from(this.quotation > 0), kind);
        add(23, this.governor.map_or(99, |above| tree.upos(above) as u32), kind);
    }

    /// What a phrase holds beside its head: a relative clause, a prepositional phrase, adjectives, an apposition.
    fn extent(&self, this: &Candidate) -> u32 {
        let mut found = 0;
        for child in self.reading.tree.children(this.head) {
            found |= match self.reading.tree.relation(child) {
                "acl" => 1,
                "nmod" => 2,
                "amod" => 4,
                "appos" => 8,
                "compound" => 16,
                "nummod" => 32,
                _ => 0,
            };
        }
        let span = self.reading.upos(this.end - 1) == Upos::Punct;
        found | u32::from(span) << 6
    }

    /// The features of a candidate and what may be its antecedent.
    pub fn pair(&self, mention: usize, antecedent: Antecedent, state: &State, out: &mut Vec<u64>) {
        let Antecedent { candidate: antecedent, rank } = antecedent;
        let (m, a) = (&self.candidates[mention], &self.candidates[antecedent]);
        let reading = &self.reading;
        let (km, ka) = (m.kind as u32, a.kind as u32);
        let kinds = km * 16 + ka;
        let mut add = |template: u32, a: u32, b: u32| out.push(key(template << 2, a, b));
        let sentences = (m.sentence - a.sentence) as usize;
        let pronouns = (m.kind.is_pronoun(), a.kind.is_pronoun());
        add(31, kinds, u32::from(m.is_coordination) * 2 + u32::from(a.is_coordination));
        let chain = state.chain_of(antecedent);
        match pronouns {
            (false, false) => {
                let same = u32::from(m.text == a.text)
                    | u32::from(m.lemma == a.lemma) << 1
                    | u32::from(m.last_word == a.last_word) << 2
                    | u32::from(m.is_coordination == a.is_coordination) << 3;
                add(32, same, kinds);
                let fresh = m
                    .modifiers
                    .iter()
                    .filter(|word| !a.modifiers.contains(word) && **word != a.lemma)
                    .count();
                let lost = a
                    .modifiers
                    .iter()
                    .filter(|word| !m.modifiers.contains(word) && **word != m.lemma)
                    .count();
                add(33, same, (fresh.min(3) * 4 + lost.min(3)) as u32);
                add(34, bucket(sentences) * 16 + same, kinds);
                let within = u32::from(a.modifiers.contains(&m.lemma))
                    | u32::from(m.modifiers.contains(&a.lemma)) << 1;
                add(35, within, same);
                if m.lemma == a.lemma {
                    add(37, m.lemma, same);
                } else {
                    add(36, m.lemma, a.lemma);
                }
                let in_chain = u32::from(chain.texts.contains(&m.text))
                    | u32::from(chain.lemmas.contains(&m.lemma)) << 1;
                add(38, in_chain, kinds);
            }
            (true, true) => {
                add(39, lower(reading.word(m.head)), lower(reading.word(a.head)));
                add(40, kinds, bucket(sentences));
            }
            (true, false) => {
                add(41, km, a.lemma);
                add(42, km, id(reading.label_at(a.head)));
            }
            (false, true) => add(43, ka, m.lemma),
        }
        if m.identity != 0 || a.identity != 0 {
            let same = match (m.identity, a.identity) {
                (0, _) => 0,
                (_, 0) => 1,
                (m, a) if m == a => 2,
                _ => 3,
            };
            add(44, same * 8 + m.sort as u32, a.sort as u32);
            let in_chain = match (m.identity, chain.identity) {
                (0, _) | (_, 0) => 0,
                (m, chain) if m == chain => 1,
                _ => 2,
            };
            add(45, in_chain, kinds);
        }
        add(46, m.number as u32 * 4 + a.number as u32, kinds);
        let gender = |gender: Option<Gender>| gender.map_or(0, |gender| 1 + gender as u32);
        add(47, gender(m.gender) * 4 + gender(a.gender), km);
        add(48, m.sort as u32 * 8 + a.sort as u32, km);
        add(49, bucket(sentences), kinds);
        add(50, bucket(mention - antecedent), km);
        add(51, bucket(rank as usize), km * 4 + u32::from(a.is_subject) * 2 + u32::from(sentences == 0));
        add(52, bucket((m.paragraph - a.paragraph) as usize), kinds);
        add(53, m.relation, a.relation);
        add(54, u32::from(a.is_subject) * 2 + u32::from(m.is_subject), km * 16 + sentences.min(3) as u32);
        add(55, self.quoting(mention, antecedent, state), kinds);
        add(56, self.clause(m, a), km * 2 + u32::from(pronouns.1));
        let is_last = chain.last == antecedent;
        add(57, bucket(chain.size as usize) * 2 + u32::from(is_last), km);
        add(58, bucket(mention - chain.last), km);
        add(59, u32::from(chain.genders) * 4 + gender(m.gender), km);
        add(60, u32::from(chain.numbers) * 4 + m.number as u32, km);
        add(61, u32::from(chain.sorts) * 8 + m.sort as u32, km);
        add(62, chain.kinds & !0xf, km);
        add(63, chain.kinds & 0x3ff, km);
        if !pronouns.1 {
            add(64, bucket(self.counts[antecedent][1] as usize), kinds);
        }
        if pronouns.0 && sentences == 0 {
            add(65, lower(reading.word(m.head)), self.clause(m, a) * 32 + u32::from(a.is_subject));
        }
    }

    /// How the two stand in their clauses.
    fn clause(&self, m: &Candidate, a: &Candidate) -> u32 {
        if m.sentence != a.sentence {
            return 0;
        }
        let tree = &self.reading.tree;
        if a.end > m.first {
            return 1;
        }
        if m.governor == a.governor {
            return 2 + u32::from(a.is_subject);
        }
        if m.governor == Some(a.head) {
            return 4;
        }
        if a.governor == Some(m.head) {
            return 5;
        }
        // "Lind sold her house": the governor's governor is that of the subject.
        let above = m.governor.and_then(|governor| tree.head(governor));
        if above.is_some() && above == a.governor {
            return 6 + u32::from(a.is_subject);
        }
        let above_a = a.governor.and_then(|governor| tree.head(governor));
        if above_a.is_some() && above_a == m.governor {
            return 8;
        }
        // A comma or "and" between neighbors.
        if a.end + 1 == m.first {
            return 9;
        }
        10
    }

    /// Who speaks: the two inside or outside quotation marks, and whether one says what the other is in.
    fn quoting(&self, mention: usize, antecedent: usize, state: &State) -> u32 {
        let (m, a) = (&self.candidates[mention], &self.candidates[antecedent]);
        let chain = |candidate: Option<usize>| {
            candidate.map(|candidate| state.of.get(candidate).copied().unwrap_or(usize::MAX - candidate))
        };
        match (m.quotation, a.quotation) {
            (0, 0) => 0,
            (0, _) => 1,
            (q, 0) => match self.speakers[q as usize] {
                None => 2,
                Some(speaker) if speaker == antecedent => 3,
                speaker if chain(speaker) == chain(Some(antecedent)) => 4,
                Some(_) => 5,
            },
            (q, p) if q == p => 6,
            (_, _) => {
                let (here, there) = (self.speaker(mention), self.speaker(antecedent));
                match (here, there) {
                    (Some(_), Some(_)) if chain(here) == chain(there) => 7,
                    (Some(_), Some(_)) => 8,
                    _ => 9,
                }
            }
        }
    }

    /// Whether number and gender let the two be one.
    pub(crate) fn agrees(m: &Candidate, a: &Candidate) -> bool {
        use super::candidate::Number;
        let number = m.number == a.number || m.number == Number::Unknown || a.number == Number::Unknown;
        let gender = m.gender == a.gender || m.gender.is_none() || a.gender.is_none();
        let person = match m.kind {
            Kind::I | Kind::You | Kind::We => a.kind == m.kind || !a.kind.is_pronoun(),
            _ => !matches!(a.kind, Kind::I | Kind::You | Kind::We),
        };
        number && gender && person
    }
}

fn suffix(word: &str) -> u32 {
    let start = word.char_indices().rev().nth(2).map_or(0, |(at, _)| at);
    id(&word[start..])
}
