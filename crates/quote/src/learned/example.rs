//! What there is to learn from an annotated document.

use demarche_core::{Document, Quote, Span};

use super::attribute::{self, Found};
use super::model::{Model, Scratch};
use super::part::{Part, Scene};
use super::sight::Sight;
use super::whole;
use super::window::{Unit, Window};
use super::word;
use crate::draft::touch;

/// A word that may be a cue, or what was found that may be a quotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YesNoExample {
    /// Rows of the table [`Task::Cue`](super::Task::Cue) or [`Task::Whole`](super::Task::Whole).
    pub rows: Vec<u32>,
    /// Whether it is one.
    pub is_one: bool,
}

/// A cue with the units around it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartsExample {
    /// Rows of the table [`Task::Unit`](super::Task::Unit), for each unit.
    pub units: Vec<Vec<u32>>,
    /// Rows of the table [`Task::Boundary`](super::Task::Boundary), for the place before each unit; none for the first.
    pub boundaries: Vec<Vec<u32>>,
    /// The unit that is the cue.
    pub anchor: usize,
    /// The part of each unit.
    pub parts: Vec<Part>,
}

/// The examples of a document.
#[derive(Clone, Debug, Default)]
pub struct Examples {
    /// Words that may be cues.
    pub cues: Vec<YesNoExample>,
    /// Cues with their surroundings.
    pub parts: Vec<PartsExample>,
    /// Cues of gold that are no candidates, and contents that lie outside of the window: what cannot be learned.
    pub lost: (usize, usize),
}

/// The examples of a document, whose quotations are those of `gold`.
pub(crate) fn examples(sight: &Sight<'_, '_>, gold: &Document<'_>) -> Examples {
    let quotes: Vec<Quote<'_>> = gold.quotes().collect();
    let anchors: Vec<Option<usize>> = quotes.iter().map(|quote| anchor(sight, quote.cue)).collect();
    let mut examples = Examples::default();
    let mut scratch = Scratch::default();
    let mut sorted: Vec<usize> = anchors.iter().flatten().copied().collect();
    sorted.sort_unstable();
    for token in (0..sight.reading.len()).filter(|&token| word::is_candidate(sight, token)) {
        scratch.cue.clear();
        word::features(sight, token, &mut scratch.cue);
        let is_one = sorted.binary_search(&token).is_ok();
        examples.cues.push(YesNoExample { rows: scratch.cue.as_slice().to_vec(), is_one });
    }
    for (quote, anchor) in quotes.iter().zip(anchors) {
        let Some(anchor) = anchor.filter(|&anchor| word::is_candidate(sight, anchor)) else {
            examples.lost.0 += 1;
            continue;
        };
        let window = Window::around(sight.reading, anchor);
        let parts = parts(sight, &window, quote);
        if !parts.contains(&Part::Content) {
            examples.lost.1 += 1;
            continue;
        }
        let scene = Scene::of(sight, &window);
        let mut example = PartsExample { anchor: window.anchor, parts, ..PartsExample::default() };
        for unit in 0..window.units.len() {
            scratch.units.clear();
            scene.unit_features(unit, &mut scratch.units);
            example.units.push(scratch.units.as_slice().to_vec());
            scratch.boundaries.clear();
            if unit > 0 {
                scene.boundary_features(unit, &mut scratch.boundaries);
            }
            example.boundaries.push(scratch.boundaries.as_slice().to_vec());
        }
        examples.parts.push(example);
    }
    examples
}

/// What a model finds in a document, which it should not have learned from, each with whether gold has a quotation with
/// this cue and some of this content.
pub(crate) fn whole_examples(sight: &Sight<'_, '_>, model: &Model, gold: &Document<'_>) -> Vec<YesNoExample> {
    let found = attribute::candidates(sight, model);
    let mut rows = Scratch::default().whole;
    let positions = whole::positions(sight.reading, &found);
    let example = |(found, position): (&Found, whole::Position)| {
        rows.clear();
        whole::features(sight, found, position, &mut rows);
        let is_one = gold
            .quotes()
            .any(|quote| touch(quote.cue, &found.draft.cue) && touch(quote.content, &found.draft.content));
        YesNoExample { rows: rows.as_slice().to_vec(), is_one }
    };
    found.iter().zip(positions).map(example).collect()
}

/// The token of a cue that the others hang on, not a mark where there is a word.
fn anchor(sight: &Sight<'_, '_>, cue: &[Span]) -> Option<usize> {
    let reading = sight.reading;
    let tokens = reading.doc.tokens_in(*cue.first()?);
    let first_word = || tokens.clone().find(|&token| !reading.is_punctuation(token));
    reading.head_of(&tokens).or_else(first_word).or_else(|| tokens.clone().next())
}

/// The part of each unit: that of most of its characters.
fn parts(sight: &Sight<'_, '_>, window: &Window, quote: &Quote<'_>) -> Vec<Part> {
    let doc = sight.reading.doc;
    let shared = |spans: &[Span], span: Span| -> u32 {
        spans.iter().map(|piece| piece.end.min(span.end).saturating_sub(piece.start.max(span.start))).sum()
    };
    let part = |unit: &Unit| {
        let span = doc.tokens()[unit.tokens.start].cover(doc.tokens()[unit.tokens.end - 1]);
        let is = |spans: &[Span]| shared(spans, span) * 2 > span.len();
        if is(quote.content) {
            Part::Content
        } else if is(quote.source) {
            Part::Source
        } else if is(quote.cue) {
            Part::Cue
        } else {
            Part::Other
        }
    };
    let mut parts: Vec<Part> = window.units.iter().map(part).collect();
    parts[window.anchor] = Part::Cue;
    // Cue words away from the anchor are out of reach.
    for range in [(0..window.anchor).rev().collect::<Vec<_>>(), (window.anchor + 1..parts.len()).collect()] {
        let mut is_joined = true;
        for at in range {
            is_joined &= parts[at] == Part::Cue;
            if parts[at] == Part::Cue && !is_joined {
                parts[at] = Part::Other;
            }
        }
    }
    parts
}
