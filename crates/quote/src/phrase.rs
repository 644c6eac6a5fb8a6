//! How far a noun phrase reaches, read from its words: trees lose prepositional phrases most of all.

use std::ops::Range;

use demarche_core::Upos;

use crate::reading::Reading;

/// Tokens of a phrase at most.
const WINDOW: usize = 60;
/// What starts a clause of time or reason that is not part of a phrase.
const CLAUSE: [&str; 11] =
    ["when", "after", "because", "as", "while", "since", "before", "although", "though", "until", "amid"];

/// Where the phrase that starts at a token ends, with all its prepositional phrases and relative clauses: at the next
/// comma, another verb, a clause of time or reason, or a day.
pub(crate) fn end(reading: &Reading<'_>, start: usize, limit: usize) -> usize {
    if start >= limit {
        return limit;
    }
    let level = reading.level(start);
    let mut is_relative = false;
    for token in start..limit.min(start + WINDOW) {
        if reading.level(token) != level && reading.quoted_below(token, level).is_some() {
            continue;
        }
        let word = reading.word(token);
        if word == "," && is_list(reading, token, limit) {
            continue;
        }
        let is_mark = matches!(word, "," | "." | ";" | ":" | "?" | "!" | ")" | "(" | "–" | "—" | "--");
        let verb_follows = || {
            token + 1 < limit && (reading.is_finite(token + 1) || reading.tree.upos(token + 1) == Upos::Verb)
        };
        let is_other = reading.tree.upos(token) == Upos::Cconj && verb_follows() && !is_relative;
        is_relative |= ["who", "which", "that", "whose", "if", "unless"]
            .iter()
            .any(|one| word.eq_ignore_ascii_case(one));
        let is_clause = token > start && CLAUSE.iter().any(|one| word.eq_ignore_ascii_case(one));
        let is_verb = reading.is_finite(token) && !is_relative;
        if reading.level(token) != level
            || is_mark
            || is_other
            || is_clause
            || is_verb
            || is_day(reading, token)
        {
            return token;
        }
    }
    limit.min(start + WINDOW)
}

/// Whether a comma is one of a list of nouns: "bread, butter and jam".
fn is_list(reading: &Reading<'_>, comma: usize, limit: usize) -> bool {
    let is_nominal = |token: usize| {
        matches!(reading.tree.upos(token), Upos::Noun | Upos::Propn | Upos::Adj | Upos::Num | Upos::Det)
    };
    let end = limit.min(comma + 2 + LIST);
    let stop = (comma + 1..end).find(|&token| !is_nominal(token));
    stop.is_some_and(|stop| {
        stop > comma + 1
            && matches!(reading.word(stop), "and" | "or")
            && !reading.is_finite((stop + 1).min(limit - 1))
    })
}

/// Words of a member of a list at most.
const LIST: usize = 5;

/// Whether a phrase of time starts here: "on Friday".
pub(crate) fn is_day(reading: &Reading<'_>, token: usize) -> bool {
    const DAYS: [&str; 8] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today"];
    let is_day = |token: usize| DAYS.iter().any(|day| reading.is_word(token, day));
    let next = (token + 1).min(reading.len() - 1);
    (reading.is_word(token, "on") && (is_day(next) || is_day((next + 1).min(reading.len() - 1))))
        || is_day(token)
}

/// First token after the dateline that opens a paragraph: "GENEVA, May 3 (Agency) - ".
pub(crate) fn after_dateline(reading: &Reading<'_>, tokens: Range<usize>) -> usize {
    let Range { start, end } = tokens;
    if start >= end || reading.paragraph_start(start) != start {
        return start;
    }
    let limit = end.min(start + DATELINE);
    let dash = (start + 1..limit).find(|&token| matches!(reading.word(token), "-" | "–" | "—" | "―" | "--"));
    let Some(dash) = dash.filter(|&dash| dash + 1 < end) else { return start };
    let is_place = reading.word(start).starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let is_spaced = reading.token(dash).start > reading.token(dash - 1).end;
    let has_verb = (start..dash).any(|token| reading.is_finite(token));
    if is_place && is_spaced && !has_verb { dash + 1 } else { start }
}

/// Tokens of a dateline at most.
const DATELINE: usize = 16;
