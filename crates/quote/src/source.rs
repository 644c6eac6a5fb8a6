//! The phrase that names who says it.

use std::ops::Range;

use demarche_core::Upos;

use crate::phrase;
use crate::reading::Reading;

/// The phrase that names who says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// Its head word.
    pub(crate) head: usize,
    /// Its tokens.
    pub(crate) tokens: Range<usize>,
}

/// Steps up the tree to look for a subject that a verb shares with another one.
const MAX_STEPS: usize = 6;

/// The subject of a verb, its own or one that it shares: with a verb it is coordinated with, with the verb whose
/// participle or infinitive it is, or the noun whose relative clause it heads.
pub(crate) fn of_verb(reading: &Reading<'_>, verb: usize) -> Option<Source> {
    let tree = &reading.tree;
    let mut at = verb;
    for _ in 0..MAX_STEPS {
        if let Some(subject) = own_subject(reading, at) {
            let head = antecedent(reading, subject).unwrap_or(subject);
            return of_head(reading, head, at);
        }
        let above = tree.head(at)?;
        match tree.relation(at) {
            "conj" | "xcomp" | "advcl" | "parataxis" | "ccomp" | "dep" if is_verb(reading, above) => {
                at = above;
            }
            // A statement saying that …; if somebody issued it, that is who says it.
            "acl" => {
                let verb_above = tree.head(above).filter(|&verb| {
                    tree.relation(above) == "obj"
                        && is_verb(reading, verb)
                        && own_subject(reading, verb).is_some()
                });
                match verb_above {
                    Some(verb) => at = verb,
                    None => return of_head(reading, above, at),
                }
            }
            _ => return None,
        }
    }
    None
}

/// The subject that is a child of the verb and stands on the same level of quotation marks.
pub(crate) fn own_subject(reading: &Reading<'_>, verb: usize) -> Option<usize> {
    let tree = &reading.tree;
    let level = reading.level(verb);
    tree.children_by(verb, &["nsubj"]).find(|&subject| reading.level(subject) == level)
}

fn is_verb(reading: &Reading<'_>, token: usize) -> bool {
    matches!(reading.tree.upos(token), Upos::Verb | Upos::Aux)
        || reading.tree.children_by(token, &["cop"]).next().is_some()
}

/// The noun that a relative pronoun stands for.
pub(crate) fn antecedent(reading: &Reading<'_>, pronoun: usize) -> Option<usize> {
    let tree = &reading.tree;
    if !["who", "which", "that"].iter().any(|word| reading.is_word(pronoun, word)) {
        return None;
    }
    let verb = tree.head(pronoun)?;
    let relative = std::iter::once(verb).chain(tree.ancestors(verb).take(MAX_STEPS));
    let top = relative.into_iter().find(|&token| tree.relation(token) == "acl")?;
    tree.head(top)
}

/// The phrase of a head word beside its verb: with titles and appositions, without relative clauses.
pub(crate) fn of_head(reading: &Reading<'_>, head: usize, verb: usize) -> Option<Source> {
    let tree = &reading.tree;
    let reach = tree.reach(head);
    let level = reading.level(head);
    let mut start = reach.start.max(reading.sentence(head).start);
    let mut end = reach.end;
    if verb < head && verb >= start {
        start = verb + 1;
    } else if verb > head && verb < end {
        end = verb;
    }
    // Nothing of another level of quotation marks, and nothing after a relative clause.
    while start < head && (reading.level(start) != level || reading.is_punctuation(start)) {
        start += 1;
    }
    for child in tree.children(head).filter(|&child| child > head) {
        let is_clause = matches!(tree.deprel(child), "acl:relcl" | "parataxis");
        if is_clause || tree.deprel(child) == "conj" && is_verb(reading, child) {
            end = end.min(tree.reach(child).start);
        }
    }
    for token in head + 1..end {
        let closes_in = ["who", "whose", "which"].iter().any(|word| reading.is_word(token, word));
        if closes_in || (reading.level(token) != level && reading.quoted_below(token, level).is_none()) {
            end = token;
            break;
        }
    }
    let tokens = tidy(reading, head, start..end.max(head + 1), verb);
    tokens
        .contains(&head)
        .then(|| with_apposition(reading, Source { head, tokens }, &reading.level_sentence(head)))
}

/// Without a phrase of place before it and of time after it; with the whole of the name that it ends in.
fn tidy(reading: &Reading<'_>, head: usize, tokens: Range<usize>, verb: usize) -> Range<usize> {
    let Range { mut start, mut end } = reading.trim(tokens);
    if start >= end {
        return start..end;
    }
    let upos = |token: usize| reading.tree.upos(token);
    if matches!(upos(start), Upos::Adp | Upos::Sconj | Upos::Adv | Upos::Cconj) && start < head {
        let comma = (start..head).rev().find(|&token| reading.word(token) == ",");
        start = comma.map_or(start, |comma| comma + 1);
        while start < head && matches!(upos(start), Upos::Adp | Upos::Sconj | Upos::Cconj) {
            start += 1;
        }
    }
    let name = |token: usize| reading.entity_of(token);
    while start > 0 && name(start - 1).is_some() && name(start - 1) == name(start) {
        start -= 1;
    }
    if let Some(day) = (head + 1..end).find(|&token| phrase::is_day(reading, token)) {
        end = day;
    }
    let limit = if verb > head { verb } else { reading.level_sentence(head).end };
    while end < limit && reading.level(end) == reading.level(head) {
        let is_same_name =
            reading.entity_of(end).is_some() && reading.entity_of(end) == reading.entity_of(end - 1);
        let is_name = upos(end) == Upos::Propn && upos(end - 1) != Upos::Punct && end == end.min(limit);
        if !is_same_name && !is_name {
            break;
        }
        end += 1;
    }
    reading.trim(start..end)
}

/// The noun phrase that a range of tokens without a verb is; its head is the last noun before the first preposition
/// or comma. For clauses whose tree does not say what the subject is.
pub(crate) fn flat(reading: &Reading<'_>, tokens: Range<usize>) -> Option<Source> {
    let mut tokens = reading.trim(tokens);
    if let Some(day) = tokens.clone().skip(1).find(|&token| phrase::is_day(reading, token)) {
        tokens = reading.trim(tokens.start..day);
    }
    let stops = |&token: &usize| {
        reading.is_punctuation(token) && !matches!(reading.word(token), "-" | "." | "’" | "'")
            || matches!(reading.tree.upos(token), Upos::Adp)
    };
    let first = tokens.clone().take_while(|token| !stops(token));
    let head = first.filter(|&token| is_nominal(reading, token)).last()?;
    Some(Source { head, tokens })
}

/// Where a noun phrase that starts at a token ends: before a comma, a verb, or a phrase of time, place or manner that
/// belongs to a verb of saying before it.
pub(crate) fn phrase_end(reading: &Reading<'_>, start: usize, end: usize) -> usize {
    let level = reading.level(start);
    let indefinite = ["a", "an", "his", "her", "their", "its"];
    (start..end)
        .find(|&token| {
            let is_word = |words: &[&str]| words.iter().any(|word| reading.is_word(token, word));
            let next_is_indefinite =
                token + 1 < end && indefinite.iter().any(|word| reading.is_word(token + 1, word));
            reading.level(token) != level
                || matches!(reading.word(token), "," | "." | ";" | ":" | "(" | "–" | "—" | "?" | "!")
                || reading.is_finite(token)
                || is_word(&[
                    "on", "during", "after", "before", "when", "as", "while", "who", "which", "because",
                    "via",
                ])
                || (is_word(&["in", "at", "to", "by"]) && next_is_indefinite)
                || (matches!(reading.tree.xpos(token), "VBG") && token > start)
        })
        .unwrap_or(end)
}

/// The source with a name or a description beside it that is set off by commas: "Kim, the minister", "the minister,
/// Kim".
pub(crate) fn with_apposition(reading: &Reading<'_>, source: Source, segment: &Range<usize>) -> Source {
    let Source { head, mut tokens } = source;
    let is_comma = |token: usize| reading.word(token) == "," && reading.level(token) == reading.level(head);
    if tokens.end + 1 < segment.end && is_comma(tokens.end) {
        let next = tokens.end + 1..phrase_end(reading, tokens.end + 1, segment.end);
        if complements(reading, &tokens, &next) {
            tokens.end = next.end;
        }
    }
    if tokens.start > segment.start + 1 && is_comma(tokens.start - 1) {
        let end = tokens.start - 1;
        let floor = segment.start.max(end.saturating_sub(APPOSITION));
        let cut =
            (floor..end).rev().find(|&token| is_comma(token) || reading.level(token) != reading.level(head));
        let start = cut.map_or(segment.start, |cut| cut + 1);
        if complements(reading, &(start..end), &tokens) {
            tokens.start = start;
        }
    }
    Source { head, tokens }
}

/// Tokens of an apposition at most.
const APPOSITION: usize = 16;

/// Whether of two phrases one is a name and the other says who that is.
fn complements(reading: &Reading<'_>, first: &Range<usize>, second: &Range<usize>) -> bool {
    let is_phrase = |tokens: &Range<usize>| {
        !tokens.is_empty()
            && tokens.clone().all(|token| !reading.is_finite(token))
            && !matches!(
                reading.tree.upos(tokens.start),
                Upos::Adp | Upos::Cconj | Upos::Sconj | Upos::Adv | Upos::Verb
            )
    };
    let is_name = |tokens: &Range<usize>| {
        tokens.clone().all(|token| {
            matches!(reading.tree.upos(token), Upos::Propn | Upos::Punct | Upos::Adp | Upos::Part | Upos::X)
                || reading.entity_of(token).is_some_and(|entity| reading.doc.entity(entity).label == "PERSON")
        }) && reading.tree.upos(tokens.start) != Upos::Adp
    };
    let describes = |tokens: &Range<usize>| {
        tokens.clone().any(|token| reading.tree.upos(token) == Upos::Noun) && !is_name(tokens)
    };
    is_phrase(first)
        && is_phrase(second)
        && (is_name(first) && describes(second) || describes(first) && ends_in_name(reading, second))
}

fn ends_in_name(reading: &Reading<'_>, tokens: &Range<usize>) -> bool {
    let person = |token: usize| {
        reading.entity_of(token).is_some_and(|entity| reading.doc.entity(entity).label == "PERSON")
    };
    reading.tree.upos(tokens.end - 1) == Upos::Propn && tokens.clone().any(person)
}

/// A noun, a name or a pronoun.
pub(crate) fn is_nominal(reading: &Reading<'_>, token: usize) -> bool {
    matches!(reading.tree.upos(token), Upos::Noun | Upos::Propn | Upos::Pron)
}
