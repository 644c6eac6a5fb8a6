//! What is known of a candidate: number, gender, sort, and numbers that stand for its words.

use std::ops::Range;

use demarche_core::Upos;
use demarche_model::feature_hash;

use super::candidate::{Kind, Number, Sort};
use super::extent::is_possessive;
use crate::lexicon::{Gender, Lexicon};
use crate::reading::Reading;

pub(super) fn number(
    reading: &Reading<'_>,
    head: usize,
    kind: Kind,
    is_coordination: bool,
    label: &str,
) -> Number {
    if is_coordination {
        return Number::Plural;
    }
    match kind {
        Kind::I | Kind::He | Kind::She | Kind::It => Number::Singular,
        Kind::We | Kind::They => Number::Plural,
        Kind::You => Number::Unknown,
        Kind::Demonstrative => match reading.tree.lemma(head) {
            "this" | "that" => Number::Singular,
            _ => Number::Plural,
        },
        _ => match reading.tree.xpos(head) {
            "NNS" | "NNPS" => Number::Plural,
            "NNP" if label == "ORG" || label == "NORP" => Number::Unknown,
            "NN" | "NNP" => Number::Singular,
            _ => Number::Unknown,
        },
    }
}

pub(super) fn gender(
    reading: &Reading<'_>,
    lexicon: &Lexicon,
    head: usize,
    kind: Kind,
    label: &str,
    span: &Range<usize>,
) -> Option<Gender> {
    match kind {
        Kind::He => Some(Gender::Masculine),
        Kind::She => Some(Gender::Feminine),
        _ if kind.is_pronoun() => None,
        Kind::Name => {
            let entity = reading.entity_at(head).filter(|_| label == "PERSON");
            let names =
                entity.map_or(head..head + 1, |entity| reading.doc.tokens_in(reading.entities[entity].span));
            // The document's fullest name tells more than "Lind".
            let full = entity
                .and_then(|entity| reading.entities[entity].name)
                .and_then(|name| name.split(' ').next());
            let mut title = span.start..names.start.max(span.start);
            title
                .find_map(|token| lexicon.gender_of_role(reading.word(token)))
                .or_else(|| full.and_then(|name| lexicon.gender_of_name(name)))
                .or_else(|| lexicon.gender_of_name(reading.word(names.start)))
        }
        _ => lexicon.gender_of_role(reading.tree.lemma(head)),
    }
}

pub(super) fn sort(lexicon: &Lexicon, lemma: &str, kind: Kind, label: &str) -> Sort {
    match (kind, label) {
        (Kind::I | Kind::We | Kind::You | Kind::He | Kind::She, _) | (_, "PERSON") => Sort::Person,
        (Kind::It, _) => Sort::Thing,
        _ if kind.is_pronoun() => Sort::Unknown,
        (_, "ORG") => Sort::Body,
        (_, "GPE" | "LOC" | "FAC") => Sort::Place,
        (_, "NORP") => Sort::Group,
        (_, "DATE" | "TIME") => Sort::Time,
        (_, "MONEY" | "PERCENT" | "QUANTITY" | "CARDINAL" | "ORDINAL") => Sort::Amount,
        (_, "") if lexicon.is_role(lemma) => Sort::Person,
        (_, "") if lexicon.is_body(lemma) || lexicon.is_government(lemma) => Sort::Body,
        (_, "") if lexicon.is_state(lemma) => Sort::Place,
        (_, "") => Sort::Unknown,
        _ => Sort::Thing,
    }
}

/// Hash of the phrase's words in lower case, without article and possessive mark.
pub(super) fn text(reading: &Reading<'_>, span: &Range<usize>, head: usize) -> u32 {
    let mut hash = 0;
    for token in span.clone() {
        let is_article = token < head && reading.upos(token) == Upos::Det;
        let is_mark = token > head && is_possessive(reading, token);
        if !is_article && !is_mark {
            hash = mix(hash, lower(reading.word(token)));
        }
    }
    hash
}

/// Of each token its paragraph: sentences that a line break parts.
pub(super) fn paragraphs(reading: &Reading<'_>) -> Vec<u32> {
    let tokens = reading.doc.tokens();
    let mut paragraph = 0;
    let mut of = Vec::with_capacity(tokens.len());
    for (i, token) in tokens.iter().enumerate() {
        if i > 0 && reading.doc.text()[tokens[i - 1].end as usize..token.start as usize].contains('\n') {
            paragraph += 1;
        }
        of.push(paragraph);
    }
    of
}

/// A number that stands for a string; 0 for the empty one.
pub(crate) fn id(text: &str) -> u32 {
    if text.is_empty() { 0 } else { feature_hash(0, text.as_bytes()) as u32 | 1 }
}

/// The same for the word in lower case (of ASCII letters).
pub(crate) fn lower(word: &str) -> u32 {
    let mut buffer = [0_u8; 32];
    let Some(key) = buffer.get_mut(..word.len()) else { return id(word) };
    key.copy_from_slice(word.as_bytes());
    key.make_ascii_lowercase();
    feature_hash(0, key) as u32 | 1
}

/// Two numbers as one.
pub(crate) fn mix(a: u32, b: u32) -> u32 {
    (a.rotate_left(5) ^ b).wrapping_mul(0x9e37_79b1)
}
