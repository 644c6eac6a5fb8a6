//! A second look at a quotation as a whole, once its parts are known: is it one?

use demarche_core::Span;

use super::attribute::Found;
use super::rows::{Rows, both};
use super::sight::Sight;
use super::word::bucket;
use crate::draft;
use crate::reading::Reading;

/// Steps of a probability's log-odds that are told apart.
const STEPS: f32 = 2.0;

/// How a quotation lies among the others that were found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    /// Its cue is inside the content of a likelier one.
    is_inside: bool,
    /// Its content shares words with the content of a likelier one.
    overlaps: bool,
    /// Another one's cue is inside its content.
    holds: bool,
    /// How many likely ones the document has for its length: 0 for few.
    density: u8,
    /// How many likely ones its sentence has beside it.
    beside: u8,
}

/// How each one lies among the others. In time linear in their number, but for texts that nest without end.
pub(crate) fn positions(reading: &Reading<'_>, found: &[Found]) -> Vec<Position> {
    let expected: f32 = found.iter().map(|one| one.cue).sum();
    // Steps of a factor of the square root of two, around the mean of PolNeAR.
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^24 words")]
    let share = expected * MEAN_WORDS / reading.len().max(1) as f32;
    #[expect(clippy::cast_sign_loss, reason = "it is clamped")]
    let density = (share.max(1e-3).log2() * 2.0 + 5.0).round().clamp(0.0, 10.0) as u8;
    let mut positions = vec![Position { density, ..Position::default() }; found.len()];
    for (at, position) in positions.iter_mut().enumerate() {
        let sentence = reading.sentence_number(found[at].draft.anchor);
        let is_beside = |other: &&Found| reading.sentence_number(other.draft.anchor) == sentence;
        let earlier = found[..at].iter().rev().take_while(is_beside).take(MAX_NEAR);
        let later = found[at + 1..].iter().take_while(is_beside).take(MAX_NEAR);
        let likely = earlier.chain(later).filter(|other| other.cue > 0.5).count();
        position.beside = likely.min(3) as u8;
    }
    let hull = |one: &Found| {
        let first = one.draft.content.first().map_or(0, |piece| piece.start);
        first..one.draft.content.last().map_or(0, |piece| piece.end)
    };
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&at| hull(&found[at]).start);
    for (at, &one) in order.iter().enumerate() {
        let end = hull(&found[one]).end;
        let near = order[at + 1..].iter().take_while(|&&other| hull(&found[other]).start < end);
        for &other in near.take(MAX_NEAR) {
            for (one, other) in [(one, other), (other, one)] {
                let (one_of, other_of) = (&found[one].draft, &found[other].draft);
                let has = |piece: &Span| other_of.content.iter().any(|content| content.overlaps(*piece));
                let is_likelier = found[other].cue > found[one].cue;
                positions[one].is_inside |= is_likelier && one_of.cue.iter().any(has);
                positions[one].overlaps |= is_likelier && one_of.content.iter().any(has);
                positions[other].holds |= one_of.cue.iter().any(has);
            }
        }
    }
    positions
}

/// Words a quotation in PolNeAR train.
const MEAN_WORDS: f32 = 37.0;
/// Quotations that start within another one and are compared with it, at most.
const MAX_NEAR: usize = 16;

/// The features of a quotation.
pub(crate) fn features(sight: &Sight<'_, '_>, found: &Found, position: Position, rows: &mut Rows) {
    let reading = sight.reading;
    let draft = &found.draft;
    let cue = draft.anchor;
    let (lemma, xpos, class) = (sight.lemma(cue), sight.xpos(cue), sight.class(cue));
    let odds = step(found.cue / (1.0 - found.cue).max(1e-6));
    let parts = step(found.parts.max(1e-6));
    rows.add(1, odds, 0);
    rows.add(2, odds, both(class, xpos));
    rows.add(3, parts, odds);
    rows.add(4, parts, class);
    rows.add(5, lemma, odds);
    rows.add(6, lemma, 0);
    let place =
        u64::from(position.is_inside) + 2 * u64::from(position.overlaps) + 4 * u64::from(position.holds);
    rows.add(7, place, odds);
    rows.add(8, place, lemma);
    rows.add(9, place, class);
    let density = u64::from(position.density);
    rows.add(50, density, odds);
    rows.add(51, density, both(class, xpos));
    rows.add(52, density, lemma);
    rows.add(53, u64::from(position.beside), odds);
    rows.add(54, u64::from(position.beside), both(class, xpos));
    rows.add(55, u64::from(position.beside), lemma);
    let sentence = reading.sentence(cue);
    let opens = u64::from(sentence.start == 0) + 2 * u64::from(!reading.is_stop(sentence.end - 1));
    rows.add(56, opens, odds);
    rows.add(57, opens, class);
    let content = Content::of(sight, &draft.content, cue);
    let kind = draft::kind(reading, &draft.content) as u64;
    let shape = both(kind, both(content.side, u64::from(content.has_verb)));
    rows.add(10, shape, odds);
    rows.add(11, shape, lemma);
    rows.add(12, shape, both(class, xpos));
    rows.add(13, content.length, both(kind, xpos));
    rows.add(14, content.length, both(class, kind));
    rows.add(15, content.length, lemma);
    rows.add(16, content.first, lemma);
    rows.add(17, content.first, class);
    rows.add(18, content.first, both(kind, xpos));
    rows.add(19, content.first_xpos, both(lemma, kind));
    rows.add(20, content.first_xpos, both(class, xpos));
    rows.add(21, content.last_xpos, kind);
    let source = draft.source.as_ref().map_or(0, |source| 1 + sight.kind(source.head));
    let name = draft.source.as_ref().map_or(0, |source| sight.lemma(source.head));
    rows.add(30, source, odds);
    rows.add(31, source, lemma);
    rows.add(32, source, both(class, xpos));
    rows.add(33, source, shape);
    rows.add(34, name, class);
    rows.add(35, name, lemma);
    rows.add(36, name, 0);
    let cue_length = draft.cue.iter().map(|&span| reading.doc.tokens_in(span).len()).sum::<usize>();
    rows.add(37, bucket(cue_length), both(class, xpos));
    rows.add(38, bucket(cue_length), lemma);
    let ruled = ruled(sight, draft.anchor, &draft.content);
    rows.add(40, ruled, odds);
    rows.add(41, ruled, class);
    rows.add(42, ruled, lemma);
    rows.add(43, ruled, shape);
    rows.add(44, ruled, source);
    rows.add(45, u64::from(reading.level(cue).is_some()), odds);
}

/// The logarithm of a positive number in steps.
fn step(number: f32) -> u64 {
    #[expect(clippy::cast_possible_truncation, reason = "a logarithm")]
    let step = (number.ln() * STEPS).round().clamp(-12.0, 12.0) as i64;
    step.cast_unsigned()
}

/// What a content looks like.
struct Content {
    /// Before the cue, behind it or around it.
    side: u64,
    length: u64,
    has_verb: bool,
    first: u64,
    first_xpos: u64,
    last_xpos: u64,
}

impl Content {
    fn of(sight: &Sight<'_, '_>, content: &[Span], cue: usize) -> Self {
        let reading = sight.reading;
        let tokens = |piece: &Span| reading.doc.tokens_in(*piece);
        let first = content.first().map_or(cue, |piece| tokens(piece).start);
        let last = content.last().map_or(cue, |piece| tokens(piece).end.saturating_sub(1));
        let length: usize = content.iter().map(|piece| tokens(piece).len()).sum();
        let has_verb = content.iter().flat_map(tokens).take(MAX_LENGTH).any(|token| reading.is_finite(token));
        Self {
            side: u64::from(first < cue) + 2 * u64::from(last > cue),
            length: bucket(length),
            has_verb,
            first: sight.word(first),
            first_xpos: sight.xpos(first),
            last_xpos: sight.xpos(last),
        }
    }
}

/// Tokens of a content to look through for a verb.
const MAX_LENGTH: usize = 100;

/// What the rules say of it: nothing, the same cue with other content, or nearly the same content.
fn ruled(sight: &Sight<'_, '_>, anchor: usize, content: &[Span]) -> u64 {
    let Some(draft) = sight.draft(anchor) else {
        return u64::from(sight.is_said(anchor));
    };
    let shared: u32 = content
        .iter()
        .flat_map(|one| draft.content.iter().map(move |other| (one, other)))
        .map(|(one, other)| one.end.min(other.end).saturating_sub(one.start.max(other.start)))
        .sum();
    let length = |pieces: &[Span]| pieces.iter().map(|piece| piece.len()).sum::<u32>();
    let is_same = shared * 2 > length(content) && shared * 2 > length(&draft.content);
    2 + u64::from(is_same) + 2 * u64::from(sight.is_said(anchor))
}
