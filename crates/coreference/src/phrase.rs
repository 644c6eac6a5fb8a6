//! How far a noun phrase reaches.
//!
//! Mostly by what stands beside the head, for parsers are least sure of titles and appositions; prepositional
//! phrases are the parser's.

use demarche_core::Upos;

use crate::lexicon::Lexicon;
use crate::reading::Reading;

/// Words before a head; longer phrases are the tagger's mistakes.
const MAX_BEFORE: usize = 12;
/// Words of an apposition after a name.
const MAX_APPOSITION: usize = 16;

/// First token of the phrase whose head (or name) starts at `start`: its modifiers, titles, possessor, article.
pub(crate) fn first_token(reading: &Reading<'_>, start: usize) -> usize {
    let mut first = start;
    while start - first < MAX_BEFORE {
        let Some(before) = reading.before(first) else { break };
        let label = reading.label_at(before);
        if matches!(label, "DATE" | "TIME" | "PERSON" | "PERCENT" | "MONEY")
            && !is_possessive_mark(reading, first)
        {
            break;
        }
        match reading.upos_in_phrase(before) {
            Upos::Noun | Upos::Propn | Upos::Adj | Upos::Num => first = before,
            Upos::Part | Upos::Aux if is_possessive_mark(reading, before) => first = before,
            // Participles and adverbs before the noun: "the newly elected mayor".
            Upos::Verb | Upos::Adv if is_modifier(reading, before, start) => first = before,
            Upos::Punct if reading.word(before) == "-" => first = before,
            Upos::Det => {
                // "all the ministers": one article is enough, but a possessor may stand before what looks like one.
                return before;
            }
            Upos::Pron if reading.tree.xpos(before) == "PRP$" => return before,
            _ => break,
        }
    }
    // A phrase starts with none of its joints.
    while first < start
        && (is_possessive_mark(reading, first) || reading.upos_in_phrase(first) == Upos::Punct)
    {
        first += 1;
    }
    first
}

pub(crate) fn is_possessive_mark(reading: &Reading<'_>, token: usize) -> bool {
    matches!(reading.word(token), "'s" | "’s" | "'" | "’")
        && (reading.upos(token) != Upos::Aux
            || reading.before(token).is_some_and(|name| reading.entity_at(name).is_some()))
}

fn is_modifier(reading: &Reading<'_>, token: usize, head: usize) -> bool {
    matches!(reading.tree.relation(token), "amod" | "advmod" | "compound")
        && reading.tree.head(token).is_some_and(|above| above > token && above <= head + 1)
}

/// One past the "of …" phrase right after the head, if there is one.
pub(crate) fn end_of_complement(reading: &Reading<'_>, head: usize) -> usize {
    let end = head + 1;
    if reading.after(head).is_none_or(|after| reading.word(after) != "of") {
        return end;
    }
    let complement =
        reading.tree.children_by(head, &["nmod"]).find(|&child| reading.tree.reach(child).start == end);
    let Some(complement) = complement else { return end };
    let reach = reading.tree.reach(complement);
    // Not into what a comma sets apart: "of Poland, which …".
    let comma = reach
        .clone()
        .find(|&token| matches!(reading.word(token), "," | ";" | ":" | "–" | "—" | "(" | "\"" | "“" | "”"));
    comma.unwrap_or(reach.end).max(complement + 1)
}

/// One past the apposition after a person's name that ends before `end`: ", the trade minister", ", 28, a nurse in Oslo".
pub(crate) fn end_of_apposition(reading: &Reading<'_>, lexicon: &Lexicon, end: usize) -> usize {
    let comma =
        |at: usize| at < reading.n_tokens() && reading.word(at) == "," && reading.before(at).is_some();
    if !comma(end) {
        return end;
    }
    let has_age =
        reading.after(end).is_some_and(|age| reading.upos_in_phrase(age) == Upos::Num && comma(age + 1));
    let start = if has_age { end + 3 } else { end + 1 };
    let mut head = None;
    let mut token = start;
    while reading.before(token).is_some_and(|_| token - start < MAX_APPOSITION) {
        match reading.upos_in_phrase(token) {
            Upos::Adp if token > start => head = head.or(Some(token - 1)),
            _ if is_in_noun_phrase(reading, token) => {}
            _ => break,
        }
        token += 1;
        if token >= reading.n_tokens() {
            break;
        }
    }
    if token == start || token - start >= MAX_APPOSITION {
        return end;
    }
    let is_apart = token >= reading.n_tokens()
        || reading.before(token).is_none()
        || reading.upos_in_phrase(token) == Upos::Punct
        || reading.word(token) == "who";
    let head = head.unwrap_or(token - 1);
    if is_apart && lexicon.is_role(reading.word(head)) { token } else { end }
}

fn is_in_noun_phrase(reading: &Reading<'_>, token: usize) -> bool {
    match reading.upos_in_phrase(token) {
        Upos::Noun | Upos::Propn | Upos::Det | Upos::Adj | Upos::Num | Upos::Cconj => true,
        Upos::Pron => reading.tree.xpos(token) == "PRP$",
        Upos::Punct => reading.word(token) == "-",
        _ => is_possessive_mark(reading, token),
    }
}

/// One past "of the Institute for Peace in Oslo" after a person's name.
pub(crate) fn end_of_affiliation(reading: &Reading<'_>, end: usize) -> usize {
    let entity_end = |at: usize| {
        let start = if reading.after(at).is_some_and(|next| reading.upos_in_phrase(next) == Upos::Det) {
            at + 2
        } else {
            at + 1
        };
        let is_next = start < reading.n_tokens() && reading.before(start).is_some();
        let entity = is_next.then(|| reading.entity_at(start)).flatten()?;
        Some(reading.doc.tokens_in(reading.entities[entity].span).end)
    };
    let is = |at: usize, word: &str| {
        at < reading.n_tokens() && reading.before(at).is_some() && reading.word(at) == word
    };
    let Some(affiliation) = is(end, "of").then(|| entity_end(end)).flatten() else { return end };
    let place = is(affiliation, "in").then(|| entity_end(affiliation)).flatten();
    place.unwrap_or(affiliation)
}
