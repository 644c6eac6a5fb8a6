//! A quotation as it is being put together.

use std::ops::Range;

use demarche_core::{QuoteKind, Span};
use serde_json::{Value, json};

use crate::phrase;
use crate::reading::Reading;
use crate::source::Source;

/// A quotation before its speaker is known.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// What is said, in text order.
    pub(crate) content: Vec<Span>,
    pub(crate) cue: Vec<Span>,
    pub(crate) source: Option<Source>,
    /// Token by which it is known where the quotation stands: the cue, otherwise the first of the content.
    pub(crate) anchor: usize,
    /// Quoted stretch that the cue is in.
    pub(crate) level: Option<usize>,
    pub(crate) origin: Origin,
}

/// What found a quotation.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Origin {
    /// How sure the model is of it, if it finds it.
    pub(crate) model: Option<f32>,
    /// Whether the rules find it.
    pub(crate) rules: bool,
}

impl Origin {
    /// Of a quotation that only the rules find.
    pub(crate) const RULES: Self = Self { model: None, rules: true };

    /// What the layer of evidence says.
    pub(crate) fn value(self) -> Value {
        match (self.model, self.rules) {
            (Some(sure), rules) => {
                let sure = (f64::from(sure) * 1000.0).round() / 1000.0;
                json!({ "by": if rules { "both" } else { "model" }, "confidence": sure })
            }
            (None, _) => json!({ "by": "rules" }),
        }
    }
}

/// The text of a piece of content that a cue on `level` reports: without punctuation at its ends, but with the whole
/// of each quoted stretch that it starts or ends in. `None` if nothing is left.
pub(crate) fn piece(reading: &Reading<'_>, tokens: Range<usize>, level: Option<usize>) -> Option<Span> {
    let mut tokens = tokens;
    if let Some(level) = level {
        let inside = reading.quoted_tokens(level);
        tokens = tokens.start.max(inside.start)..tokens.end.min(inside.end);
    }
    if tokens.is_empty() {
        return None;
    }
    let trimmed = reading.trim(phrase::after_dateline(reading, tokens.clone())..tokens.end);
    if trimmed.is_empty() {
        return None;
    }
    let mut span = reading.span(trimmed.clone());
    for edge in [trimmed.start, trimmed.end - 1] {
        if let Some(quoted) = reading.quoted_below(edge, level) {
            span = span.cover(reading.quoted[quoted].span);
        }
    }
    Some(span)
}

/// Whether the letters of the content are in quotation marks of its own.
pub(crate) fn kind(reading: &Reading<'_>, content: &[Span]) -> QuoteKind {
    let (mut inside, mut outside) = (false, false);
    for &piece in content {
        let first = reading.quoted.partition_point(|quoted| quoted.span.start < piece.start);
        let mut at = piece.start;
        for quoted in reading.quoted[first..].iter().take_while(|quoted| quoted.span.end <= piece.end) {
            if quoted.span.start >= at {
                outside |= has_letters(reading, Span::new(at, quoted.span.start));
                inside = true;
                at = quoted.span.end;
            }
        }
        outside |= at < piece.end && has_letters(reading, Span::new(at, piece.end));
    }
    match (inside, outside) {
        (true, false) => QuoteKind::Direct,
        (true, true) => QuoteKind::Mixed,
        (false, _) => QuoteKind::Indirect,
    }
}

fn has_letters(reading: &Reading<'_>, span: Span) -> bool {
    reading.doc.slice(span).contains(char::is_alphanumeric)
}

/// Whether any span of the first ones shares text with one of the others.
pub(crate) fn touch(one: &[Span], other: &[Span]) -> bool {
    one.iter().any(|one| other.iter().any(|other| one.overlaps(*other)))
}
