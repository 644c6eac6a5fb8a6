//! Cues that stand aside from what they report: "…, Kim said"; "…, said Kim"; "…, Kim said, …".
//!
//! Read from commas and word classes, for this is where trees fail most: whether the report hangs on the cue or the cue
//! on the report is not even agreed on between treebanks.

use std::ops::Range;

use demarche_core::Upos;

use crate::clause;
use crate::phrase;
use crate::reading::Reading;
use crate::source::{self, Source};

/// A cue that stands aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Aside {
    /// The cue's own clause, without the commas around it.
    pub(crate) own: Range<usize>,
    pub(crate) source: Source,
    /// What it reports, in one or two pieces; none where that is all in quotation marks.
    pub(crate) pieces: Vec<Range<usize>>,
    /// What follows after a semicolon, which goes on with the report.
    pub(crate) rest: Option<Range<usize>>,
}

/// Tokens that an aside is looked for in, on each side of its verb.
const WINDOW: usize = 80;
/// What starts a clause that belongs to the cue and not to the report.
const OF_CUE: [&str; 12] =
    ["when", "as", "after", "before", "while", "who", "which", "whose", "where", "during", "since", "until"];
/// What starts a clause that goes on with a report after the cue.
const OF_REPORT: [&str; 13] = [
    "because", "but", "and", "although", "though", "if", "unless", "so", "however", "or", "yet", "only",
    "even",
];
/// What starts a clause that is not yet the main one.
const SUBORDINATE: [&str; 12] = [
    "when", "as", "after", "before", "while", "asked", "since", "although", "though", "once", "until",
    "despite",
];

/// The aside that a verb is in; `words` are the verb's own.
pub(crate) fn of(reading: &Reading<'_>, verb: usize, words: &Range<usize>) -> Option<Aside> {
    let segment = segment(reading, verb);
    let is_own = |&token: &usize| matches!(reading.tree.upos(token), Upos::Aux | Upos::Adv | Upos::Part);
    let before_verb = (segment.start..words.start).rev().find(|token| !is_own(token))?;
    let has_comma = is_separator(reading, before_verb, verb);
    let inverted = has_comma && !clause::has_addressee(reading, verb);
    let (start, source) = if let Some(source) =
        inverted.then(|| after_verb(reading, words.end, &segment)).flatten()
    {
        (before_verb + 1, source)
    } else {
        let source = before_verb_phrase(reading, before_verb + usize::from(!has_comma), &segment, false)?;
        // "The port, Kim said, will open": what is before belongs to the verb after, not to the source.
        let next = (words.end + 1).min(reading.len() - 1);
        let goes_on = words.end < segment.end && reading.word(words.end) == "," && reading.is_finite(next);
        let source = if goes_on { source } else { source::with_apposition(reading, source, &segment) };
        (source.tokens.start, source)
    };
    let is_inverted = source.tokens.start >= words.end;
    let after = if is_inverted { source.tokens.end } else { words.end };
    reports_back(reading, after, &segment).then_some(())?;
    let own_end = own_end(reading, start, words.end.max(source.tokens.end), &segment);
    let before = reading.trim(after_conjunction(reading, segment.start..start));
    let after = reading.trim(own_end..segment.end);
    let mut pieces = Vec::with_capacity(2);
    if is_report(reading, &before, !after.is_empty()) {
        // Of two clauses, the cue interrupts the second: "A is big, and B, she said, is small".
        let cut = if after.is_empty() { before.start } else { last_clause(reading, &before) };
        pieces.push(cut..before.end);
    }
    if !after.is_empty() {
        pieces.push(after);
    }
    let is_beside_quoted = is_quoted(reading, start.checked_sub(1), verb)
        || start.checked_sub(2).is_some_and(|before| is_quoted(reading, Some(before), verb))
        || (own_end..(own_end + 2).min(reading.len())).any(|token| is_quoted(reading, Some(token), verb));
    if pieces.is_empty() && !is_beside_quoted {
        return None;
    }
    let rest = rest(reading, verb, &segment);
    Some(Aside { own: start..own_end, source, pieces, rest })
}

/// The tokens around a verb on its level of quotation marks, between semicolons.
fn segment(reading: &Reading<'_>, verb: usize) -> Range<usize> {
    let sentence = reading.level_sentence(verb);
    let level = reading.level(verb);
    let is_cut = |&token: &usize| reading.level(token) == level && reading.word(token) == ";";
    let floor = sentence.start.max(verb.saturating_sub(WINDOW));
    let opening = || phrase::after_dateline(reading, sentence.clone());
    let start = (floor..verb).rev().find(is_cut).map_or_else(opening, |cut| cut + 1).min(verb);
    let ceiling = sentence.end.min(verb + WINDOW);
    let end = (verb..ceiling).find(is_cut).unwrap_or(sentence.end);
    start..end
}

/// A comma, a dash or quoted words.
fn is_separator(reading: &Reading<'_>, token: usize, verb: usize) -> bool {
    matches!(reading.word(token), "," | "–" | "—" | "-" | "--") || is_quoted(reading, Some(token), verb)
}

fn is_quoted(reading: &Reading<'_>, token: Option<usize>, verb: usize) -> bool {
    token.is_some_and(|token| reading.quoted_below(token, reading.level(verb)).is_some())
}

/// "said Kim, the minister": who stands after the verb.
fn after_verb(reading: &Reading<'_>, start: usize, segment: &Range<usize>) -> Option<Source> {
    // "said on Tuesday the minister".
    let start = if phrase::is_day(reading, start.min(reading.len() - 1)) { start + 2 } else { start };
    if start >= segment.end {
        return None;
    }
    let end = source::phrase_end(reading, start, segment.end);
    let source = source::flat(reading, start..end)?;
    let tree = &reading.tree;
    let names = source.tokens.clone().any(|token| {
        matches!(tree.upos(token), Upos::Propn | Upos::Det | Upos::Pron | Upos::Num)
            || tree.xpos(token) == "NNS"
    });
    (source.tokens.start == start && names).then(|| source::with_apposition(reading, source, segment))
}

/// Who stands before a verb that the tree gives no subject: "In Rome, Kim, the minister, said".
pub(crate) fn subject(reading: &Reading<'_>, verb: usize, words: &Range<usize>) -> Option<Source> {
    let segment = segment(reading, verb);
    let is_own = |&token: &usize| matches!(reading.tree.upos(token), Upos::Aux | Upos::Adv | Upos::Part);
    let before_verb = (segment.start..words.start).rev().find(|token| !is_own(token))?;
    let has_comma = is_separator(reading, before_verb, verb);
    let end = before_verb + usize::from(!has_comma);
    before_verb_phrase(reading, end, &segment, true)
        .map(|source| source::with_apposition(reading, source, &segment))
}

/// "Kim said": who stands before the verb, without appositions; `opens` if that may start its sentence.
fn before_verb_phrase(
    reading: &Reading<'_>,
    end: usize,
    segment: &Range<usize>,
    opens: bool,
) -> Option<Source> {
    if end <= segment.start {
        return None;
    }
    let floor = segment.start.max(end.saturating_sub(WINDOW));
    let level = reading.level(end - 1);
    let mut end = end;
    loop {
        let is_cut = |&token: &usize| {
            matches!(reading.word(token), "," | "–" | "—" | "--") || reading.level(token) != level
        };
        let cut = (floor..end).rev().find(is_cut);
        let mut part = match cut {
            Some(cut) => cut + 1..end,
            None if opens => floor..end,
            None => return None,
        };
        // "an account that Kim rejected": the subject starts after the relative pronoun.
        let relative =
            |&token: &usize| ["that", "which", "what"].iter().any(|word| reading.is_word(token, word));
        if let Some(relative) =
            part.clone().rev().find(relative).filter(|&at| at + 1 < part.end && at > part.start)
        {
            part.start = relative + 1;
        }
        let first = part.clone().next()?;
        if ["who", "which", "whose"].iter().any(|word| reading.is_word(first, word)) {
            end = cut?;
            if end <= floor {
                return None;
            }
            continue;
        }
        let is_phrase = part.clone().all(|token| !reading.is_finite(token) && reading.word(token) != ":")
            && !matches!(reading.tree.upos(first), Upos::Cconj | Upos::Sconj | Upos::Adp);
        let source = source::flat(reading, part).filter(|_| is_phrase)?;
        return Some(source);
    }
}

/// Whether nothing is reported after the verb: no clause but one that belongs to the cue.
pub(crate) fn reports_back(reading: &Reading<'_>, after: usize, segment: &Range<usize>) -> bool {
    for token in after..segment.end.min(after + WINDOW) {
        let word = reading.word(token);
        let next = Some(token + 1).filter(|&next| next < segment.end);
        let introduces = word == ":" && is_quoted(reading, next, after - 1);
        if word == "," || introduces || OF_CUE.iter().any(|of_cue| word.eq_ignore_ascii_case(of_cue)) {
            return true;
        }
        let opens = word == ":" || word.eq_ignore_ascii_case("that") || reading.is_finite(token);
        if opens || is_quoted(reading, Some(token), after - 1) {
            return false;
        }
    }
    true
}

/// Where the cue's clause ends: with the segment, or where the report goes on.
fn own_end(reading: &Reading<'_>, start: usize, from: usize, segment: &Range<usize>) -> usize {
    let has_verb = |mut tokens: Range<usize>| tokens.any(|token| reading.is_finite(token));
    // Nothing that can stand alone: "The rest, she said, is …", "There was, he said, …".
    let before = reading.trim(segment.start..start);
    let is_open =
        !has_verb(before.clone()) || before.clone().next_back().is_some_and(|last| reading.is_finite(last));
    let level = reading.level(start);
    for comma in from..segment.end.saturating_sub(1) {
        if !matches!(reading.word(comma), "," | "–" | "—") || reading.level(comma) != level {
            continue;
        }
        let next = comma + 1;
        let of_cue = OF_CUE.iter().any(|word| reading.is_word(next, word));
        if of_cue || matches!(reading.tree.xpos(next), "VBG" | "VBN") {
            if !is_open {
                return segment.end;
            }
            continue;
        }
        let goes_on = OF_REPORT.iter().any(|word| reading.is_word(next, word));
        if goes_on
            || reading.is_finite(next)
            || (is_open && (has_verb(next..segment.end) || has_verb(before.clone())))
        {
            return comma;
        }
        if is_quoted(reading, Some(next), start) {
            return comma;
        }
    }
    segment.end
}

/// Whether words before a cue are a report: a clause, or the start of one that goes on after the cue.
fn is_report(reading: &Reading<'_>, before: &Range<usize>, goes_on: bool) -> bool {
    let mut verbs = before.clone().filter(|&token| reading.is_finite(token));
    if before.is_empty() || (verbs.next().is_none() && !goes_on) {
        return false;
    }
    if ["which", "who", "that"].iter().any(|word| reading.is_word(before.end - 1, word)) {
        return false;
    }
    let is_subordinate = SUBORDINATE.iter().any(|word| reading.is_word(before.start, word));
    let is_clause_only = || {
        let level = reading.level(before.start);
        let comma = before.clone().find(|&token| reading.word(token) == "," && reading.level(token) == level);
        comma.is_none_or(|comma| (comma..before.end).all(|token| !reading.is_finite(token)))
    };
    !is_subordinate || goes_on || !is_clause_only()
}

/// Without "But" and "And" at the start of the sentence.
fn after_conjunction(reading: &Reading<'_>, tokens: Range<usize>) -> Range<usize> {
    let is_conjunction = tokens.len() > 1 && reading.tree.upos(tokens.start) == Upos::Cconj;
    tokens.start + usize::from(is_conjunction)..tokens.end
}

/// Start of the last clause that is coordinated after a comma.
fn last_clause(reading: &Reading<'_>, tokens: &Range<usize>) -> usize {
    let level = reading.level(tokens.start);
    let is_cut = |&token: &usize| {
        reading.word(token) == ","
            && reading.level(token) == level
            && token + 2 < tokens.end
            && reading.tree.upos(token + 1) == Upos::Cconj
            && (tokens.start..token).any(|token| reading.is_finite(token))
    };
    tokens.clone().rev().find(is_cut).map_or(tokens.start, |cut| cut + 2)
}

/// A clause after the semicolon that ends the segment.
fn rest(reading: &Reading<'_>, verb: usize, segment: &Range<usize>) -> Option<Range<usize>> {
    let end = reading.level_sentence(verb).end;
    let rest = reading.trim(segment.end..end);
    rest.clone().any(|token| reading.is_finite(token)).then_some(rest)
}
