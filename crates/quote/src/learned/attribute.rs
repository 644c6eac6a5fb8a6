//! The quotations that the model finds: its cues, and the content and source around each.

use std::ops::Range;

use demarche_core::Span;

use super::labeling::Likely;
use super::model::{Model, Scratch};
use super::part::Part;
use super::sight::Sight;
use super::whole;
use super::window::Window;
use super::word;
use crate::draft::{Draft, Origin};
use crate::reading::Reading;
use crate::source::Source;

/// A quotation with how sure the model is of it.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) draft: Draft,
    /// Quoted sentences after reported speech: what is said there is a quotation of its own, without a cue.
    pub(crate) after: Option<Draft>,
    /// That the cue is one.
    pub(crate) cue: f32,
    /// That content and source are these, given that it is.
    pub(crate) parts: f32,
}

/// The likelihood of a cue from which on it is looked at more closely.
const MIN_CUE: f32 = 0.08;

/// The quotations of a document, each with how likely it is one, from 0 to 1.
pub(crate) fn attribute(sight: &Sight<'_, '_>, model: &Model) -> Vec<(Found, f32)> {
    let found = candidates(sight, model);
    let mut rows = Scratch::default().whole;
    let positions = whole::positions(sight.reading, &found);
    let rated = found.into_iter().zip(positions).map(|(found, position)| {
        let whole = model.whole(sight, &found, position, &mut rows);
        (found, whole)
    });
    rated.collect()
}

/// What may be quotations: those whose cue is likely enough.
pub(crate) fn candidates(sight: &Sight<'_, '_>, model: &Model) -> Vec<Found> {
    let mut scratch = Scratch::default();
    let mut likely = Likely::default();
    let mut found = Vec::new();
    for token in 0..sight.reading.len() {
        if !word::is_candidate(sight, token) {
            continue;
        }
        let cue = model.cue(sight, token, &mut scratch.cue);
        if cue < MIN_CUE {
            continue;
        }
        let window = Window::around(sight.reading, token);
        let scores = model.parts(sight, &window, &mut scratch);
        let mut parts = scores.best();
        scores.likely(&mut likely);
        #[expect(clippy::cast_possible_truncation, reason = "a probability")]
        let sure = (f64::from(scores.of(&parts)) - likely.log_sum).exp() as f32;
        let after = part_after(sight.reading, &window, &mut parts);
        let draft = draft(sight.reading, &window, &parts, &likely);
        if draft.content.is_empty() {
            continue;
        }
        let after = after.first().map(|first| Draft {
            cue: Vec::new(),
            anchor: sight.reading.doc.tokens_in(*first).start,
            content: after.clone(),
            ..draft.clone()
        });
        found.push(Found { draft, after, cue, parts: sure });
    }
    found
}

/// The draft of a sequence of parts, without content for none.
fn draft(reading: &Reading<'_>, window: &Window, parts: &[Part], likely: &Likely) -> Draft {
    let tokens =
        |run: &Range<usize>| window.units[run.start].tokens.start..window.units[run.end - 1].tokens.end;
    let spans =
        |part: Part| -> Vec<Span> { runs(parts, part).iter().map(|run| reading.span(tokens(run))).collect() };
    let weight =
        |run: &Range<usize>| -> f32 { run.clone().map(|at| likely.units[at][Part::Source as usize]).sum() };
    let sources = runs(parts, Part::Source);
    let source = sources.into_iter().max_by(|one, other| weight(one).total_cmp(&weight(other)));
    let source = source.map(|run| reading.trim(tokens(&run))).filter(|tokens| !tokens.is_empty());
    let source =
        source.map(|tokens| Source { head: reading.head_of(&tokens).unwrap_or(tokens.start), tokens });
    let anchor = window.units[window.anchor].tokens.start;
    let content = spans(Part::Content);
    let content = if has_words(reading, &content) { content } else { Vec::new() };
    Draft {
        content,
        cue: spans(Part::Cue),
        source,
        anchor,
        level: reading.level(anchor),
        origin: Origin::default(),
    }
}

/// Parts quoted sentences that follow reported speech from it.
fn part_after(reading: &Reading<'_>, window: &Window, parts: &mut [Part]) -> Vec<Span> {
    let is_content = |at: &usize| parts[*at] == Part::Content;
    let mut own = (0..parts.len()).filter(is_content).map(|at| &window.units[at]);
    let is_reported =
        own.any(|unit| unit.beyond == 0 && !unit.is_quoted && !reading.is_punctuation(unit.tokens.start));
    let after: Vec<usize> =
        (0..parts.len()).filter(is_content).filter(|&at| window.units[at].beyond > 0).collect();
    if !is_reported {
        return Vec::new();
    }
    for &at in &after {
        parts[at] = Part::Other;
    }
    after.into_iter().map(|at| reading.span(window.units[at].tokens.clone())).collect()
}

/// The stretches of units that play a part.
fn runs(parts: &[Part], wanted: Part) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, _) in parts.iter().enumerate().filter(|(_, part)| **part == wanted) {
        match runs.last_mut().filter(|run| run.end == at) {
            Some(run) => run.end = at + 1,
            None => runs.push(at..at + 1),
        }
    }
    runs
}

fn has_words(reading: &Reading<'_>, content: &[Span]) -> bool {
    content.iter().any(|&piece| reading.doc.slice(piece).contains(char::is_alphanumeric))
}
