//! What a cue reports: the complements of its verb that the lexicon says are content.

use std::ops::Range;

use demarche_core::Upos;

use crate::clause;
use crate::cue::Cue;
use crate::lexicon::Frame;
use crate::reading::Reading;

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
pub(crate) fn of(reading: &Reading<'_>, cues: &[Cue<'_>], cue: &Cue<'_>) -> Vec<Said> {
    let mut other = cue.entry.frames.iter().filter_map(|frame| complement(reading, cue, frame));
    if let Some(said) = other.next() {
        return vec![said];
    }
    if let Some(aside) = &cue.aside {
        return vec![Said { pieces: aside.pieces.clone(), preposition: None }];
    }
    if cue.entry.has(&Frame::Clause) { clause::after(reading, cues, cue) } else { Vec::new() }
}

fn complement(reading: &Reading<'_>, cue: &Cue<'_>, frame: &Frame) -> Option<Said> {
    if cue.is_passive {
        return None;
    }
    match frame {
        Frame::Clause => None,
        Frame::To | Frame::TellTo => {
            infinitive(reading, cue.verb).map(|to| Said::one(reading.tree.reach(to)))
        }
        Frame::WhomTo => {
            let to = infinitive(reading, cue.verb)?;
            let start = object(reading, cue.verb).map(|object| reading.tree.reach(object).start);
            let own = reading.tree.reach(to);
            Some(Said::one(start.map_or(own.start, |start| start.min(own.start))..own.end))
        }
        Frame::Ing => gerund(reading, cue.verb).map(|ing| Said::one(reading.tree.reach(ing))),
        Frame::Noun => {
            let object = object(reading, cue.verb).filter(|&object| is_contentful(reading, object))?;
            Some(Said::one(reading.tree.reach(object)))
        }
        Frame::Quoted => with_marks(reading, cue, object(reading, cue.verb)?),
        Frame::Predicate => predicate(reading, cue),
        Frame::As => with_as(reading, cue),
        Frame::Of(preposition) => {
            let noun = oblique(reading, cue.verb, preposition)?;
            prepositional(reading, noun, cue)
        }
        Frame::OfQuoted(preposition) => {
            let noun = oblique(reading, cue.verb, preposition)?;
            has_marks(reading, cue.verb, reading.tree.reach(noun)).then_some(())?;
            prepositional(reading, noun, cue)
        }
        Frame::WhomOf(preposition) => whom_of(reading, cue, preposition),
        Frame::OfTo(preposition) => {
            let noun = oblique(reading, cue.verb, preposition)?;
            let to = infinitive(reading, cue.verb).or_else(|| infinitive(reading, noun))?;
            let mut said = prepositional(reading, noun, cue)?;
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

fn prepositional(reading: &Reading<'_>, noun: usize, cue: &Cue<'_>) -> Option<Said> {
    let preposition = reading.tree.children_by(noun, &["case", "mark"]).next()?;
    let tokens = preposition + 1..reading.tree.reach(noun).end;
    let is_next = preposition == cue.words.end;
    (!tokens.is_empty()).then(|| Said { pieces: vec![tokens], preposition: is_next.then_some(preposition) })
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

fn with_marks(reading: &Reading<'_>, cue: &Cue<'_>, object: usize) -> Option<Said> {
    let tokens = reading.tree.reach(object);
    if object < cue.verb {
        return None;
    }
    has_marks(reading, cue.verb, tokens.clone()).then(|| Said::one(tokens))
}

/// "called the plan a disaster".
fn predicate(reading: &Reading<'_>, cue: &Cue<'_>) -> Option<Said> {
    let tree = &reading.tree;
    let mut parts =
        tree.children_by(cue.verb, &["obj", "iobj", "xcomp", "ccomp"]).filter(|&child| child > cue.verb);
    let first = parts.next();
    let second = parts.next_back().filter(|&second| tree.upos(second) != Upos::Propn);
    if first
        .is_some_and(|first| reading.word(first).ends_with("self") || reading.word(first).ends_with("selves"))
    {
        return None;
    }
    let quoted_end = quoted_predicate(reading, cue);
    match (first, second) {
        (Some(first), Some(second)) if tree.children_by(second, &["mark"]).next().is_none() => {
            let end = tree.reach(second).end;
            Some(Said::one(tree.reach(first).start..quoted_end.map_or(end, |quoted| end.max(quoted))))
        }
        // The object stands before, as a relative pronoun; or the tree has object and predicate as one phrase.
        (Some(first), _) => {
            let reach = tree.reach(first);
            let end = quoted_end?;
            Some(Said::one(reach.start..reach.end.max(end)))
        }
        (None, _) => quoted_end.map(|end| Said::one(cue.words.end..end)),
    }
}

/// Words between a verb and the quoted words that are its predicate.
const PREDICATE_WINDOW: usize = 16;

/// End of the quoted words that follow the verb in its clause.
fn quoted_predicate(reading: &Reading<'_>, cue: &Cue<'_>) -> Option<usize> {
    let level = reading.level(cue.verb);
    let end = reading.sentence(cue.verb).end.min(cue.verb + PREDICATE_WINDOW);
    for token in cue.words.end..end {
        if let Some(quoted) = reading.quoted_below(token, level) {
            return Some(reading.quoted_tokens(quoted).end);
        }
        if reading.is_finite(token) || (reading.is_punctuation(token) && token > cue.words.end) {
            return None;
        }
    }
    None
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
    let end = tree.reach(phrase).end;
    match object.filter(|&object| object > cue.verb) {
        Some(object) => Some(Said::one(tree.reach(object).start..end)),
        None => {
            let preposition = case(reading, phrase, "as")?;
            let is_next = preposition == cue.words.end;
            Some(Said { pieces: vec![preposition + 1..end], preposition: is_next.then_some(preposition) })
        }
    }
}

/// "accused him of lying".
fn whom_of(reading: &Reading<'_>, cue: &Cue<'_>, preposition: &str) -> Option<Said> {
    let tree = &reading.tree;
    let object = object(reading, cue.verb).filter(|&object| object > cue.verb)?;
    let start = tree.reach(object).start;
    let end = reading.sentence(cue.verb).end;
    let phrase = oblique(reading, cue.verb, preposition).or_else(|| {
        let mut below = tree.children_by(object, &["nmod", "acl", "obl"]);
        below.find(|&child| case(reading, child, preposition).is_some())
    })?;
    Some(Said::one(start..tree.reach(phrase).end.max(tree.reach(object).end).min(end)))
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
