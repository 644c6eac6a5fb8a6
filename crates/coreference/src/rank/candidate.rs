//! What may be a mention by the guidelines of `OntoNotes`: pronouns and noun phrases, whole, with their relative clauses.

use std::ops::Range;

use demarche_core::Upos;

use super::attribute::{gender, id, lower, number, paragraphs, sort, text};
use super::extent::{name_apart, phrase};
use crate::lexicon::{Gender, Lexicon};
use crate::reading::Reading;

/// Modifiers of a phrase that are kept; more tell nothing.
const MAX_MODIFIERS: usize = 8;

/// A phrase that may be a mention.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// First token.
    pub first: usize,
    /// One past the last token.
    pub end: usize,
    /// The head word.
    pub head: usize,
    /// What kind of phrase it is.
    pub kind: Kind,
    /// Whether it is a coordination, named by its first head.
    pub is_coordination: bool,
    pub(crate) entity: Option<usize>,
    pub(crate) sentence: u32,
    pub(crate) paragraph: u32,
    pub(crate) quotation: u32,
    pub(crate) number: Number,
    pub(crate) gender: Option<Gender>,
    pub(crate) sort: Sort,
    /// Hashes of the words without article, possessive mark and case; of the head's lemma.
    pub(crate) text: u32,
    pub(crate) lemma: u32,
    pub(crate) last_word: u32,
    pub(crate) modifiers: Vec<u32>,
    /// The code, or the name, of the entity that the head is in.
    pub(crate) identity: u32,
    pub(crate) relation: u32,
    pub(crate) governor: Option<usize>,
    pub(crate) is_subject: bool,
    pub(crate) is_apposition: bool,
    /// Index of the smallest candidate around it.
    pub(crate) outer: Option<usize>,
}

impl Candidate {
    /// The entity that it is named by.
    pub(crate) fn named_by(&self) -> Option<usize> {
        self.entity.filter(|_| self.kind == Kind::Name && !self.is_coordination)
    }
}

/// Kinds of phrases.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A pronoun of the first person singular.
    I,
    /// A pronoun of the first person plural.
    We,
    /// A pronoun of the second person.
    You,
    /// "He".
    He,
    /// "She".
    She,
    /// "It".
    It,
    /// "They".
    They,
    /// "This", "that" and the like, alone.
    Demonstrative,
    /// Any other pronoun: "everyone", "one".
    OtherPronoun,
    /// A name.
    Name,
    /// A noun phrase with "the".
    Definite,
    /// A noun phrase with "this", "that", "these", "those".
    Pointing,
    /// A noun phrase with a possessor.
    Owned,
    /// A noun phrase with "a" or another determiner.
    Indefinite,
    /// A noun phrase without determiner.
    Bare,
    /// Anything else: numbers, "here", "there".
    Other,
}

impl Kind {
    pub(crate) fn is_pronoun(self) -> bool {
        self <= Self::OtherPronoun
    }
}

#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    Unknown,
    Singular,
    Plural,
}

/// What is spoken of, as far as words tell.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Unknown,
    Person,
    Body,
    Place,
    Group,
    Time,
    Amount,
    Thing,
}

/// All candidates, by their first token, the longer first.
pub(crate) fn find(reading: &Reading<'_>, lexicon: &Lexicon) -> Vec<Candidate> {
    let paragraphs = paragraphs(reading);
    let mut candidates = Vec::with_capacity(reading.n_tokens() / 3);
    for head in 0..reading.n_tokens() {
        let Some(kind) = kind(reading, head) else { continue };
        let alone = phrase(reading, head, false);
        let mut add = |span: Range<usize>, is_coordination| {
            candidates.push(candidate(reading, lexicon, &paragraphs, head, span, kind, is_coordination));
        };
        if reading.tree.children_by(head, &["conj"]).next().is_some() {
            let whole = phrase(reading, head, true);
            if whole != alone {
                add(whole, true);
            }
        }
        if let Some(name) = name_apart(reading, head, &alone) {
            add(name, false);
        }
        add(alone, false);
    }
    candidates.sort_by_key(|candidate| (candidate.first, std::cmp::Reverse(candidate.end), candidate.head));
    candidates.dedup_by_key(|candidate| (candidate.first, candidate.end));
    nest(&mut candidates);
    candidates
}

/// Sets the `outer` of each, in one walk over the sorted candidates.
fn nest(candidates: &mut [Candidate]) {
    let mut open: Vec<usize> = Vec::new();
    for i in 0..candidates.len() {
        let (first, end) = (candidates[i].first, candidates[i].end);
        while open.last().is_some_and(|&outer| candidates[outer].end <= first) {
            open.pop();
        }
        // Phrases that cross are the parser's mistakes: look a few further up.
        candidates[i].outer = open.iter().rev().take(4).copied().find(|&outer| candidates[outer].end >= end);
        open.push(i);
    }
}

fn kind(reading: &Reading<'_>, head: usize) -> Option<Kind> {
    let tree = &reading.tree;
    let relation = tree.relation(head);
    if matches!(relation, "flat" | "fixed" | "goeswith" | "reparandum") {
        return None;
    }
    let is_argument =
        matches!(relation, "nsubj" | "obj" | "obl" | "nmod" | "conj" | "iobj" | "root" | "appos");
    let xpos = tree.xpos(head);
    match tree.upos(head) {
        Upos::Pron => match xpos {
            "WP" | "WDT" | "WP$" | "EX" => None,
            _ => Some(pronoun(reading.word(head))),
        },
        Upos::Noun if relation == "compound" => None,
        Upos::Noun | Upos::X | Upos::Sym => Some(nominal(reading, head)),
        Upos::Propn => Some(Kind::Name),
        Upos::Num if relation != "nummod" => Some(Kind::Other),
        Upos::Adj if is_argument && relation != "conj" && relation != "root" => Some(nominal(reading, head)),
        Upos::Det if is_argument => Some(match pronoun(reading.word(head)) {
            Kind::OtherPronoun => Kind::Other,
            kind => kind,
        }),
        Upos::Adv if matches!(tree.lemma(head), "here" | "there") => Some(Kind::Other),
        _ => None,
    }
}

fn pronoun(word: &str) -> Kind {
    const KINDS: [(Kind, &[&str]); 8] = [
        (Kind::I, &["i", "me", "my", "mine", "myself"]),
        (Kind::We, &["we", "us", "our", "ours", "ourselves", "'s", "’s"]),
        (Kind::You, &["you", "your", "yours", "yourself", "yourselves", "ye", "ya"]),
        (Kind::He, &["he", "him", "his", "himself"]),
        (Kind::She, &["she", "her", "hers", "herself"]),
        (Kind::It, &["it", "its", "itself"]),
        (Kind::They, &["they", "them", "their", "theirs", "themselves", "'em", "em"]),
        (Kind::Demonstrative, &["this", "that", "these", "those"]),
    ];
    let is_one = |words: &&[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
    KINDS.iter().find(|(_, words)| is_one(words)).map_or(Kind::OtherPronoun, |&(kind, _)| kind)
}

fn nominal(reading: &Reading<'_>, head: usize) -> Kind {
    let mut found = Kind::Bare;
    for child in reading.tree.children(head).take_while(|&child| child < head) {
        match reading.tree.relation(child) {
            "det" => {
                let word = reading.word(child);
                found = if word.eq_ignore_ascii_case("the") {
                    Kind::Definite
                } else if pronoun(word) == Kind::Demonstrative {
                    Kind::Pointing
                } else {
                    Kind::Indefinite
                };
            }
            "nmod" if reading.tree.deprel(child) == "nmod:poss" => return Kind::Owned,
            _ => {}
        }
    }
    found
}

fn candidate(
    reading: &Reading<'_>,
    lexicon: &Lexicon,
    paragraphs: &[u32],
    head: usize,
    span: Range<usize>,
    kind: Kind,
    is_coordination: bool,
) -> Candidate {
    let tree = &reading.tree;
    let entity = reading.entity_at(head);
    let row = entity.map(|entity| reading.entities[entity]);
    let label = row.map_or("", |row| row.label);
    let number = number(reading, head, kind, is_coordination, label);
    let governor = tree.head(head);
    let is_modifier = |&token: &usize| {
        token != head
            && matches!(reading.upos(token), Upos::Noun | Upos::Propn | Upos::Adj | Upos::Num)
            && !is_coordination
    };
    let modifiers = (span.start..span.end).filter(is_modifier).take(MAX_MODIFIERS);
    let is_flat = |token: &usize| matches!(tree.relation(*token), "flat");
    let last =
        if kind == Kind::Name { tree.children(head).rev().find(is_flat).unwrap_or(head) } else { head };
    Candidate {
        first: span.start,
        end: span.end,
        head,
        kind,
        is_coordination,
        entity,
        sentence: reading.sentence_of(head),
        paragraph: paragraphs[head],
        quotation: reading.quotation_of(head),
        number,
        gender: gender(reading, lexicon, head, kind, label, &span),
        sort: sort(lexicon, tree.lemma(head), kind, label),
        text: text(reading, &span, head),
        lemma: id(tree.lemma(head)),
        last_word: lower(reading.word(last)),
        modifiers: modifiers.map(|token| lower(reading.word(token))).collect(),
        identity: row
            .filter(|row| matches!(row.label, "PERSON" | "ORG" | "GPE" | "LOC" | "FAC" | "NORP" | "EVENT"))
            .map_or(0, |row| id(row.norm.or(row.name).unwrap_or_else(|| reading.doc.slice(row.span)))),
        relation: id(tree.deprel(head)),
        governor,
        is_subject: matches!(tree.relation(head), "nsubj" | "csubj"),
        is_apposition: tree.relation(head) == "appos",
        outer: None,
    }
}
