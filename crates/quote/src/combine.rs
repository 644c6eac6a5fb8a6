//! Which of what the model and the rules find is kept.
//!
//! The model has learned a wide notion of attribution, with opinions, plans and votes; the rules know the project's own,
//! which is about speech. What both find needs less confidence; what only the model finds needs the more, the less it
//! looks like somebody's speech.

use demarche_core::{NONE, Span};

use crate::draft::{Draft, Origin, touch};
use crate::learned::Found;
use crate::reading::Reading;
use crate::source::{self, Source};

/// The quotations that are kept, from those of the model, each with how sure it is of them, and those of the rules.
pub(crate) fn combine(
    reading: &Reading<'_>,
    mut found: Vec<(Found, f32)>,
    ruled: Vec<Draft>,
    min_confidence: f32,
    nested: bool,
) -> Vec<Draft> {
    found.sort_by(|one, other| other.1.total_cmp(&one.1));
    let mut ruled_cues = Owners::of(reading);
    ruled.iter().enumerate().for_each(|(at, draft)| ruled_cues.give(&draft.cue, at));
    let mut cues = Owners::of(reading);
    let mut kept: Vec<Draft> = Vec::new();
    for (found, sure) in found {
        let is_same = |&at: &usize| touch(&ruled[at].content, &found.draft.content);
        let agreeing = ruled_cues.at(&found.draft.cue).find(is_same).map(|at| &ruled[at]);
        let is_sure = sure >= threshold(reading, &found.draft, agreeing.is_some(), min_confidence);
        // Of several readings of one cue the surest.
        if !is_sure || cues.at(&found.draft.cue).next().is_some() {
            continue;
        }
        cues.give(&found.draft.cue, kept.len());
        let origin = Origin { model: Some(sure), rules: agreeing.is_some() };
        let source = found.draft.source.or_else(|| agreeing?.source.clone());
        let source = source.or_else(|| shared_source(reading, found.draft.anchor));
        kept.extend(found.after.map(|after| Draft { source: source.clone(), origin, ..after }));
        kept.push(Draft { source, origin, ..found.draft });
    }
    add_ruled(reading, &mut kept, ruled, nested);
    kept
}

/// Adds what only the rules find: beside the others, and, if wanted, the words of a person inside what somebody else
/// reports: "the ministry said that *Lind had warned of delays*".
fn add_ruled(reading: &Reading<'_>, kept: &mut Vec<Draft>, ruled: Vec<Draft>, nested: bool) {
    let (mut contents, mut cues) = (Owners::of(reading), Owners::of(reading));
    for (at, draft) in kept.iter().enumerate() {
        contents.give(&draft.content, at);
        cues.give(&draft.cue, at);
    }
    let mut first = kept.iter().map(|draft| draft.anchor).min().unwrap_or(usize::MAX);
    let mut added = Vec::new();
    for draft in ruled {
        let is_free = |owners: &Owners<'_>, spans: &[Span]| owners.at(spans).next().is_none();
        let is_apart = is_free(&contents, &draft.content)
            && is_free(&contents, &draft.cue)
            && is_free(&cues, &draft.content);
        let is_kept = if is_apart {
            // A line without a source is a headline or a slogan, if nobody has spoken before.
            draft.source.is_some() || !draft.cue.is_empty() || draft.anchor < first
        } else {
            let relays = |at: usize| holds(&kept[at], &draft) && !is_named(reading, &kept[at]);
            nested
                && is_named(reading, &draft)
                && is_free(&cues, &draft.cue)
                && contents.at(&draft.content).any(relays)
        };
        if is_kept {
            first = first.min(draft.anchor);
            added.push(draft);
        }
    }
    kept.append(&mut added);
}

/// For each token, which of several things it belongs to.
struct Owners<'r> {
    reading: &'r Reading<'r>,
    owners: Vec<u32>,
}

impl<'r> Owners<'r> {
    fn of(reading: &'r Reading<'r>) -> Self {
        Self { reading, owners: vec![NONE; reading.len()] }
    }

    /// Gives the tokens to an owner, where they have none.
    fn give(&mut self, spans: &[Span], owner: usize) {
        for token in spans.iter().flat_map(|&span| self.reading.doc.tokens_in(span)) {
            if self.owners[token] == NONE {
                self.owners[token] = owner as u32;
            }
        }
    }

    /// The owners of the tokens; one that has several comes several times.
    fn at(&self, spans: &[Span]) -> impl Iterator<Item = usize> {
        let tokens = spans.iter().flat_map(|&span| self.reading.doc.tokens_in(span));
        tokens.map(|token| self.owners[token]).filter(|&owner| owner != NONE).map(|owner| owner as usize)
    }
}

/// Powers of the least confidence, which is between 0 and 1: the lower, the more is asked. Chosen on PolNeAR dev and the
/// articles, at a least confidence of 0.4, to be near 0.2, 0.6, 0.8 and 0.95.
const AGREED: f32 = 1.75;
const SOURCELESS: f32 = 0.55;
const THING: f32 = 0.25;
const ACT: f32 = 0.06;

/// The subject that a verb shares with the one before it: "rejected the plan and *threatened* to leave".
fn shared_source(reading: &Reading<'_>, cue: usize) -> Option<Source> {
    let is_finite = matches!(reading.tree.xpos(cue), "VBD" | "VBZ" | "VBP");
    (is_finite && reading.tree.relation(cue) == "conj").then(|| source::of_verb(reading, cue))?
}

/// How sure the model must be of a quotation.
fn threshold(reading: &Reading<'_>, draft: &Draft, agrees: bool, min: f32) -> f32 {
    if agrees {
        return min.powf(AGREED);
    }
    let Some(source) = &draft.source else { return min.powf(SOURCELESS) };
    let mut tokens = draft.content.iter().flat_map(|&piece| reading.doc.tokens_in(piece));
    if tokens.any(|token| reading.is_finite(token) || reading.level(token) != draft.level) {
        return min;
    }
    match reading.entity_of(source.head).map(|entity| reading.doc.entity(entity).label) {
        // What states and bodies do is told, not said: they ban, agree, call meetings.
        Some("GPE" | "ORG") => min.powf(ACT),
        None if reading.tree.xpos(source.head) == "NN" => min.powf(THING),
        _ => min,
    }
}

/// Whether the cue and the content of the second one are inside the content of the first.
fn holds(one: &Draft, other: &Draft) -> bool {
    let mut pieces = other.cue.iter().chain(&other.content);
    !other.cue.is_empty() && pieces.all(|piece| one.content.iter().any(|whole| whole.contains(*piece)))
}

/// Whether a person of that name says it.
fn is_named(reading: &Reading<'_>, draft: &Draft) -> bool {
    let tokens = draft.source.iter().flat_map(|source| source.tokens.clone());
    let mut entities = tokens.filter_map(|token| reading.entity_of(token));
    entities.any(|entity| reading.doc.entity(entity).label == "PERSON")
}
