//! What a cue reports: the complements of its verb that the lexicon says are content.

use std::ops::Range;

use demarche_core::Upos;

use crate::clause;
use crate::cue::Cue;
use crate::lexicon::{Frame, Lexicon};
use crate::phrase;
use crate::reading::Reading;
use crate::source;

/// What a cue reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// Its tokens; two ranges where the cue stands in between.
    pub(crate) pieces: Vec<Range<usize>>,
    /// A preposition that is part of the cue: "called *for*".
    pub(crate) preposition: Option<usize>,
}

impl Said {
    pub(crate) fn one(tokens: Range<usize>) -> Self {
        Self { pieces: vec![tokens], preposition: None }
    }
}

/// What the cue reports, one item for each clause that is coordinated with its own "that".
pub(crate) fn of(reading: &Reading<'_>, lexicon: &Lexicon, cues: &[Cue<'_>], cue: &Cue<'_>) -> Vec<Said> {
    let mut other = cue.entry.frames.iter().filter_map(|frame| complement(reading, cue, frame));
    if let Some(said) = other.next() {
        return vec![said];
    }
    if let Some(aside) = &cue.aside {
        return vec![Said { pieces: aside.pieces.clone(), preposition: None }];
    }
    if cue.entry.has(&Frame::Clause) { clause::after(reading, lexicon, cues, cue) } else { Vec::new() }
}

fn complement(reading: &Reading<'_>, cue: &Cue<'_>, frame: &Frame) -> Option<Said> {
    if cue.is_passive {
        return None;
    }
    match frame {
        Frame::Clause => None,
        Frame::To => {
            // What somebody means to do is a plan; it is a quotation if it is in their words.
            let tokens = reading.tree.reach(infinitive(reading, cue.verb)?);
            (cue.with_plans || has_marks(reading, cue.verb, tokens.clone())).then(|| Said::one(tokens))
        }
        Frame::TellTo => infinitive(reading, cue.verb).map(|to| Said::one(reading.tree.reach(to))),
        Frame::WhomTo => {
            let to = infinitive(reading, cue.verb)?;
            let own = reading.tree.reach(to);
            let start = match object(reading, cue.verb).filter(|&object| object > cue.verb) {
                Some(object) => reading.tree.reach(object).start.min(own.start),
                None if own.start > cue.words.end => cue.words.end,
                None => own.start.min(to_before(reading, cue, to)?),
            };
            Some(Said::one(start..own.end))
        }
        Frame::Ing => {
            let next = reading.tree.xpos(cue.words.end.min(reading.len() - 1)) == "VBG";
            let start =
                if next { cue.words.end } else { reading.tree.reach(gerund(reading, cue.verb)?).start };
            Some(Said::one(noun_phrase(reading, cue, start)))
        }
        Frame::Noun => {
            let object = object(reading, cue.verb).filter(|&object| is_contentful(reading, object))?;
            Some(Said::one(noun_phrase(reading, cue, reading.tree.reach(object).start)))
        }
        Frame::Quoted => {
            let end = quoted_after(reading, cue)?;
            Some(Said::one(cue.words.end..end))
        }
        Frame::Predicate => predicate(reading, cue),
        Frame::As => with_as(reading, cue),
        Frame::Of(preposition) => prepositional(reading, cue, preposition),
        Frame::OfQuoted(preposition) => {
            let said = prepositional(reading, cue, preposition)?;
            has_marks(reading, cue.verb, said.pieces[0].clone()).then_some(said)
        }
        Frame::WhomOf(preposition) => whom_of(reading, cue, preposition),
        Frame::OfTo(preposition) => {
            let noun = oblique(reading, cue.verb, preposition)?;
            let to = infinitive(reading, cue.verb).or_else(|| infinitive(reading, noun))?;
            let mut said = prepositional(reading, cue, preposition)?;
            said.pieces[0].end = said.pieces[0].end.max(reading.tree.reach(to).end);
            Some(said)
        }
        Frame::NounClause => noun_clause(reading, cue),
    }
}

fn object(reading: &Reading<'_>, verb: usize) -> Option<usize> {
    reading.tree.children_by(verb, &["obj"]).next()
}

/// A clause headed by an infinitive with "to".
fn infinitive(reading: &Reading<'_>, above: usize) -> Option<usize> {
    let tree = &reading.tree;
    let has_to = |&child: &usize| tree.children_by(child, &["mark"]).any(|mark| reading.is_word(mark, "to"));
    tree.children_by(above, &["xcomp", "ccomp", "advcl", "acl"]).filter(|&child| child > above).find(has_to)
}

fn gerund(reading: &Reading<'_>, verb: usize) -> Option<usize> {
    let tree = &reading.tree;
    let is_bare =
        |&child: &usize| child > verb && tree.children_by(child, &["mark", "nsubj"]).next().is_none();
    let is_ing = |&child: &usize| {
        tree.xpos(child) == "VBG"
            || tree.children_by(child, &["aux", "cop"]).any(|aux| tree.xpos(aux) == "VBG")
    };
    tree.children_by(verb, &["xcomp", "ccomp", "obj"]).filter(is_bare).find(is_ing)
}

/// The noun in a phrase with this preposition.
fn oblique(reading: &Reading<'_>, verb: usize, preposition: &str) -> Option<usize> {
    let tree = &reading.tree;
    let mut nouns = tree.children_by(verb, &["obl", "advcl", "nmod"]).filter(|&child| child > verb);
    nouns.find(|&child| case(reading, child, preposition).is_some())
}

fn case(reading: &Reading<'_>, noun: usize, preposition: &str) -> Option<usize> {
    reading.tree.children_by(noun, &["case", "mark"]).find(|&case| reading.is_word(case, preposition))
}

/// The phrase with this preposition that belongs to the verb: right after it, or as the tree has it.
fn prepositional(reading: &Reading<'_>, cue: &Cue<'_>, preposition: &str) -> Option<Said> {
    let next = cue.words.end;
    if next + 1 >= reading.len() {
        return None;
    }
    let is_next = reading.is_word(next, preposition);
    let at =
        if is_next { next } else { case(reading, oblique(reading, cue.verb, preposition)?, preposition)? };
    let tokens = noun_phrase(reading, cue, at + 1);
    (!tokens.is_empty()).then(|| Said { pieces: vec![tokens], preposition: is_next.then_some(at) })
}

/// The noun phrase from a token on, in the sentence of the cue.
fn noun_phrase(reading: &Reading<'_>, cue: &Cue<'_>, start: usize) -> Range<usize> {
    start..phrase::end(reading, start, reading.level_sentence(cue.verb).end).max(start)
}

/// Where the object starts before the infinitive, if there is one between the verb and it.
fn to_before(reading: &Reading<'_>, cue: &Cue<'_>, infinitive: usize) -> Option<usize> {
    let first = cue.words.end;
    let mark = reading.tree.children_by(infinitive, &["mark"]).next()?;
    (first..mark).any(|token| source::is_nominal(reading, token)).then_some(first)
}

/// A noun phrase that can be what is said: not a person, a place or a pronoun.
fn is_contentful(reading: &Reading<'_>, object: usize) -> bool {
    reading.tree.upos(object) == Upos::Noun
        && reading.entity_of(object).is_none_or(|entity| {
            !matches!(
                reading.doc.entity(entity).label,
                "PERSON" | "GPE" | "ORG" | "MONEY" | "DATE" | "CARDINAL"
            )
        })
}

/// Whether quotation marks open within the tokens, on the level of the verb.
fn has_marks(reading: &Reading<'_>, verb: usize, mut tokens: Range<usize>) -> bool {
    let level = reading.level(verb);
    tokens.any(|token| reading.quoted_below(token, level).is_some())
}

/// "called the plan a disaster".
fn predicate(reading: &Reading<'_>, cue: &Cue<'_>) -> Option<Said> {
    let tree = &reading.tree;
    if let Some(end) = quoted_after(reading, cue) {
        return Some(Said::one(cue.words.end..end));
    }
    let mut parts =
        tree.children_by(cue.verb, &["obj", "iobj", "xcomp", "ccomp"]).filter(|&child| child > cue.verb);
    let first = parts.next().filter(|&first| !is_reflexive(reading, first))?;
    let is_predicate = |&second: &usize| {
        matches!(tree.upos(second), Upos::Noun | Upos::Adj)
            && tree.children_by(second, &["mark"]).next().is_none()
    };
    let second = parts.next_back().filter(is_predicate)?;
    Some(Said::one(tree.reach(first).start..tree.reach(second).end))
}

fn is_reflexive(reading: &Reading<'_>, token: usize) -> bool {
    let word = reading.word(token);
    word.ends_with("self") || word.ends_with("selves")
}

/// Words between a verb and quoted words that belong to its object.
const QUOTED_WINDOW: usize = 16;

/// End of the quoted words in the phrase that follows the verb: "called the plan “a disaster”".
fn quoted_after(reading: &Reading<'_>, cue: &Cue<'_>) -> Option<usize> {
    let level = reading.level(cue.verb);
    let end = reading.sentence(cue.verb).end.min(cue.verb + QUOTED_WINDOW);
    for token in cue.words.end..end {
        if let Some(quoted) = reading.quoted_below(token, level) {
            return Some(joined(reading, reading.quoted_tokens(quoted).end, level));
        }
        let is_other = reading.tree.upos(token) == Upos::Verb && token > cue.words.end
            || reading.is_word(token, "that")
            || reading.is_word(token, "to");
        if reading.is_finite(token) || is_other || reading.is_punctuation(token) {
            return None;
        }
    }
    None
}

/// End of quoted words with those that are coordinated: “a” and “b”.
fn joined(reading: &Reading<'_>, mut end: usize, level: Option<usize>) -> usize {
    while end + 1 < reading.len() && matches!(reading.word(end), "and" | "or" | ",") {
        let next =
            end + 1 + usize::from(reading.word(end) == "," && matches!(reading.word(end + 1), "and" | "or"));
        match (next < reading.len()).then(|| reading.quoted_below(next, level)).flatten() {
            Some(quoted) => end = reading.quoted_tokens(quoted).end,
            None => break,
        }
    }
    end
}

/// "dismissed the report as nonsense".
fn with_as(reading: &Reading<'_>, cue: &Cue<'_>) -> Option<Said> {
    let tree = &reading.tree;
    let below = |above: usize| {
        let mut phrases = tree.children_by(above, &["obl", "advcl", "xcomp", "nmod", "acl"]);
        phrases.find(|&child| child > cue.verb && case(reading, child, "as").is_some())
    };
    let object = object(reading, cue.verb);
    let phrase = below(cue.verb).or_else(|| below(object?))?;
    let end = quoted_after(reading, cue).unwrap_or(0).max(tree.reach(phrase).end);
    if let Some(object) = object.filter(|&object| object > cue.verb) {
        return Some(Said::one(tree.reach(object).start..end));
    }
    let preposition = case(reading, phrase, "as")?;
    let is_next = preposition == cue.words.end;
    Some(Said { preposition: is_next.then_some(preposition), ..Said::one(preposition + 1..end) })
}

/// "accused him of lying".
fn whom_of(reading: &Reading<'_>, cue: &Cue<'_>, preposition: &str) -> Option<Said> {
    let start = cue.words.end;
    let sentence = reading.level_sentence(cue.verb);
    let whole = noun_phrase(reading, cue, start);
    let at = whole.clone().skip(1).find(|&token| reading.is_word(token, preposition))?;
    let is_plain = (start..at).all(|token| reading.tree.upos(token) != Upos::Verb);
    let end = whole.end.max(phrase::end(reading, at + 1, sentence.end));
    is_plain.then(|| Said::one(start..end))
}

/// "conveyed the hope that it would end": the clause; a bare noun is part of the cue.
fn noun_clause(reading: &Reading<'_>, cue: &Cue<'_>) -> Option<Said> {
    let tree = &reading.tree;
    let object = object(reading, cue.verb).filter(|&object| object > cue.verb)?;
    let that = |&child: &usize| {
        child > object && tree.children_by(child, &["mark"]).any(|mark| reading.is_word(mark, "that"))
    };
    let mut clauses =
        tree.children_by(object, &["acl", "ccomp"]).chain(tree.children_by(cue.verb, &["ccomp"]));
    let clause = clauses.find(that)?;
    let is_bare = object == cue.words.end;
    let start = clause::after_that(reading, tree.reach(clause));
    Some(Said { pieces: vec![start], preposition: is_bare.then_some(object) })
}
