//! What somebody does by what is quoted: states, thinks, intends, asks or orders it. The types are those that PARC and
//! PolNeAR tell apart (Pareti 2015: assertions, beliefs, facts, eventualities), the last one parted by who is to act.

use demarche_core::{QuoteType, Upos};

use crate::draft::Draft;
use crate::lexicon::{Class, Lexicon};
use crate::reading::Reading;

/// The type of a quotation: by its words if they ask, otherwise by its cue, otherwise by the form of what is said.
pub(crate) fn of(reading: &Reading<'_>, lexicon: &Lexicon, draft: &Draft) -> QuoteType {
    let tree = &reading.tree;
    let content = || draft.content.iter().flat_map(|&piece| reading.doc.tokens_in(piece));
    let Some(first) = content().find(|&token| !reading.is_punctuation(token)) else {
        return QuoteType::Statement;
    };
    let last = draft.content.last().map_or("", |&piece| reading.doc.slice(piece));
    let after = draft.content.last().map_or("", |piece| &reading.doc.text()[piece.end as usize..]);
    if last.trim_end_matches(['"', '”', '’', '\'', '»']).ends_with('?') || after.starts_with('?') {
        return QuoteType::Question;
    }
    let cues = || draft.cue.iter().flat_map(|&cue| reading.doc.tokens_in(cue));
    let is_infinitive = reading.is_word(first, "to");
    let is_whether = ["whether", "if"].iter().any(|word| reading.is_word(first, word));
    // "asked whether" asks, "asked them to" orders.
    let by_cue = cues().rev().find_map(|token| lexicon.type_of(tree.lemma(token)));
    if let Some(by_cue) = by_cue {
        let asks_to = by_cue == QuoteType::Question && !is_whether && holds_infinitive(reading, draft);
        let is_called = by_cue == QuoteType::Order && is_name(reading, lexicon, draft, first);
        return match (asks_to, is_called) {
            (true, _) => QuoteType::Order,
            (_, true) => QuoteType::Belief,
            _ => by_cue,
        };
    }
    let class = cues().find_map(|token| {
        lexicon.entries_of(reading.word(token), tree.lemma(token)).first().map(|entry| entry.class)
    });
    match class {
        Some(Class::Demand) => QuoteType::Order,
        Some(Class::Belief | Class::Judgment) => QuoteType::Belief,
        Some(_) => QuoteType::Statement,
        None if draft.cue.is_empty() => QuoteType::Statement,
        None if is_infinitive => QuoteType::Intention,
        None if content().any(|token| reading.is_finite(token) || reading.level(token) != draft.level) => {
            QuoteType::Statement
        }
        None => QuoteType::Belief,
    }
}

/// "asked *the envoy to leave*".
fn holds_infinitive(reading: &Reading<'_>, draft: &Draft) -> bool {
    let Some(&piece) = draft.content.first() else { return false };
    let mut tokens = reading.doc.tokens_in(piece).take(NEAR);
    let has_finite = reading.doc.tokens_in(piece).take(NEAR).any(|token| reading.is_finite(token));
    !has_finite && tokens.any(|token| reading.is_word(token, "to") && reading.tree.upos(token) == Upos::Part)
}

/// Words of a content in which an infinitive stands that is ordered.
const NEAR: usize = 12;

/// "called it *a lie*" judges, "called *for calm*" orders: a verb of judgment before what it is about.
fn is_name(reading: &Reading<'_>, lexicon: &Lexicon, draft: &Draft, first: usize) -> bool {
    let anchor = draft.anchor;
    let entries = lexicon.entries_of(reading.word(anchor), reading.tree.lemma(anchor));
    let is_judgment = entries.iter().any(|entry| entry.class == Class::Judgment);
    let follows = |word: &str| {
        (anchor + 1..first.max(anchor + 1)).any(|token| reading.is_word(token, word))
            || reading.is_word(first, word)
    };
    is_judgment && !follows("for") && !follows("on")
}
