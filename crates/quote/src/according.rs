//! "According to X", "in X's words": a source named by a phrase, whose sentence is what it says.

use std::ops::Range;

use crate::direct::Direct;
use crate::draft::{self, Draft, Origin};
use crate::indirect;
use crate::phrase;
use crate::reading::Reading;
use crate::source::{self, Source};

/// Tokens of a source phrase at most.
const MAX_SOURCE: usize = 30;

/// Adds the sentences that are attributed by a phrase.
pub(crate) fn attribute(reading: &Reading<'_>, direct: &mut Direct) {
    for at in 0..reading.len().saturating_sub(1) {
        if !reading.is_word(at, "according") || !reading.is_word(at + 1, "to") {
            continue;
        }
        let Some(source) = source_after(reading, at) else { continue };
        let phrase = at..source.tokens.end;
        let level = reading.level(at);
        let pieces = around(reading, &phrase).into_iter();
        let mut content: Vec<_> = pieces.filter_map(|tokens| draft::piece(reading, tokens, level)).collect();
        content.retain(|piece| !indirect::is_taken(reading, direct, *piece));
        if content.is_empty() {
            continue;
        }
        for &piece in &content {
            indirect::take(reading, direct, piece);
        }
        let cue = vec![reading.span(at..at + 2)];
        direct.drafts.push(Draft {
            content,
            cue,
            source: Some(source),
            anchor: at,
            level,
            origin: Origin::RULES,
        });
    }
}

/// Documents and customs that say nothing: "according to plan".
const NO_SPEAKER: [&str; 8] = ["result", "rule", "law", "plan", "schedule", "tradition", "term", "custom"];

/// The phrase after "according to": up to a comma or the end of the sentence; where another word follows, as the tree
/// has it.
fn source_after(reading: &Reading<'_>, at: usize) -> Option<Source> {
    let tree = &reading.tree;
    let start = at + 2;
    let sentence = reading.level_sentence(at);
    if start >= sentence.end {
        return None;
    }
    let end = phrase::end(reading, start, sentence.end);
    let is_closed = end >= sentence.end || reading.is_punctuation(end);
    let named = || {
        let head = tree.head(at).filter(|&head| head >= start && source::is_nominal(reading, head));
        let head = head.or_else(|| tree.children_by(at, &["obl"]).find(|&child| child >= start))?;
        source::of_head(reading, head, at).map(|source| {
            let tokens = source.tokens.start.max(start)..source.tokens.end;
            Source { tokens, ..source }
        })
    };
    let source = if is_closed { None } else { named() };
    let source = source.or_else(|| source::flat(reading, start..end))?;
    let is_speaker = source.tokens.contains(&source.head)
        && source.tokens.len() <= MAX_SOURCE
        && !NO_SPEAKER.contains(&tree.lemma(source.head));
    is_speaker.then(|| source::with_apposition(reading, source, &sentence))
}

/// The clause around the phrase.
fn around(reading: &Reading<'_>, phrase: &Range<usize>) -> Vec<Range<usize>> {
    let sentence = reading.level_sentence(phrase.start);
    let level = reading.level(phrase.start);
    let is_cut = |token: usize| reading.word(token) == ";" && reading.level(token) == level;
    let start = (sentence.start..phrase.start)
        .rev()
        .find(|&token| is_cut(token))
        .map_or(sentence.start, |cut| cut + 1);
    let end = (phrase.end..sentence.end).find(|&token| is_cut(token)).unwrap_or(sentence.end);
    let before = reading.trim(start..phrase.start);
    let after = reading.trim(phrase.end..end);
    let has_verb = |tokens: &Range<usize>| tokens.clone().any(|token| reading.is_finite(token));
    match (has_verb(&before), has_verb(&after)) {
        // At the end, or with a participle or a remark after it: only what is before.
        (true, _) => vec![before],
        (false, true) => [before, after].into_iter().filter(|piece| !piece.is_empty()).collect(),
        (false, false) => Vec::new(),
    }
}
