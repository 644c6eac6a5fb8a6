//! What there is to learn from an annotated document.

use demarche_core::{Document, Sanction, Span};

use super::candidate::{Candidate, Distance, candidates, likeness};
use super::decide::{ACTOR, has_actor};
use super::role::{self, Frame};
use super::rows::Rows;
use super::{Sight, Task, nature, text, way, word};
use crate::view::View;

/// An item to learn from: a question, the features of what it is asked about, and the right answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The question.
    pub task: Task,
    /// Rows of the task's table: of the one thing asked about, or of each option of [`Task::Way`].
    pub options: Vec<Vec<u32>>,
    /// The right labels, as a set of bits: columns of the table, or options of [`Task::Way`]. Exactly one where the
    /// task is exclusive.
    pub labels: u32,
}

/// The example of whether a text tells of sanctions.
pub(crate) fn text_example(sight: &Sight<'_>, tells: bool) -> Example {
    let mut rows = Rows::default();
    text::features(sight, &mut rows);
    Example { task: Task::Text, options: vec![rows.as_slice().to_vec()], labels: u32::from(tells) }
}

/// The examples of a document, whose events are those of `gold`.
pub(crate) fn examples(sight: &Sight<'_>, gold: &Document<'_>) -> Vec<Example> {
    let view = sight.view;
    let events: Vec<_> = gold.sanctions().collect();
    let heads: Vec<_> = events.iter().map(|event| head(view, event.trigger)).collect();
    let mut examples = Vec::new();
    let mut rows = Rows::default();
    let mut add = |task: Task, rows: &Rows, labels: u32| {
        examples.push(Example { task, options: vec![rows.as_slice().to_vec()], labels });
    };
    text::features(sight, &mut rows);
    add(Task::Text, &rows, u32::from(!events.is_empty()));
    for token in (0..view.len()).filter(|&token| word::is_candidate(sight, token)) {
        let span = view.doc.tokens()[token];
        let event = heads.iter().position(|&head| head == Some(token));
        let inside = |event: &Sanction<'_>| event.trigger.start < span.end && span.start < event.trigger.end;
        if event.is_none() && events.iter().any(inside) {
            continue;
        }
        rows.clear();
        word::features(sight, token, &mut rows);
        add(Task::Trigger, &rows, u32::from(event.is_some()));
        if let Some(event) = event {
            add(Task::Action, &rows, 1 << events[event].action as u32);
        }
    }
    for (event, token) in events.iter().zip(&heads) {
        let Some(token) = *token else { continue };
        let draft = sight.told.draft(view, token, event.action);
        rows.clear();
        nature::factuality_features(sight, &draft, event.action, &mut rows);
        add(Task::Factuality, &rows, 1 << event.factuality as u32);
        rows.clear();
        nature::measure_features(sight, &draft, event.action, &mut rows);
        add(Task::Measures, &rows, u32::from(event.measures.0));
        let frame = Frame::of(sight, &draft, event.action);
        let candidates = candidates(sight, token);
        for (candidate, label) in candidates.iter().zip(labels(&candidates, event)) {
            let Some(label) = label else { continue };
            rows.clear();
            role::features(sight, &frame, candidate, &mut rows);
            add(Task::Role, &rows, label);
        }
    }
    for noun in (0..view.len()).filter(|&token| way::is_start(sight, token)) {
        let options = way::options(sight, noun);
        let is_gold = |token: usize| heads.contains(&Some(token));
        let mut labels =
            options.iter().enumerate().fold(0, |bits, (at, &token)| bits | u32::from(is_gold(token)) << at);
        if labels == 0 {
            labels = 1 << options.len();
        }
        let rows_of = |option: Option<usize>| {
            let mut rows = Rows::default();
            way::features(sight, noun, option, &mut rows);
            rows.as_slice().to_vec()
        };
        let options = options.into_iter().map(Some).chain([None]).map(rows_of).collect();
        examples.push(Example { task: Task::Way, options, labels });
    }
    examples
}

/// The token of a trigger that the others hang on.
fn head(view: &View<'_>, span: Span) -> Option<usize> {
    let tokens = view.doc.tokens();
    let first = tokens.partition_point(|token| token.end <= span.start);
    let end = tokens.partition_point(|token| token.start < span.end);
    (first..end).find(|&token| view.tree.head(token).is_none_or(|head| !(first..end).contains(&head)))
}

/// The roles of each candidate as bits; `None` where gold does not say which of several phrases it is.
fn labels(candidates: &[Candidate], event: &Sanction<'_>) -> Vec<Option<u32>> {
    let mut labels = vec![Some(0); candidates.len()];
    let roles = [&event.sender, &event.target, &event.actor];
    for (role, arguments) in roles.into_iter().enumerate() {
        if role == ACTOR && !has_actor(event.action) {
            continue;
        }
        for argument in arguments {
            let folded = argument.norm.map(str::to_lowercase);
            let agrees = |candidate: &Candidate| {
                folded.is_some() && candidate.party.norm.as_deref().map(str::to_lowercase) == folded
            };
            let fit = |candidate: &Candidate| {
                let likeness = likeness(candidate.party.span, argument.span);
                if likeness > 0.0 { likeness + f32::from(u8::from(agrees(candidate))) } else { 0.0 }
            };
            // The phrase that gold marks, be its code the right one or not.
            let marked = (0..candidates.len())
                .filter(|&at| candidates[at].distance == Distance::Same && fit(&candidates[at]) > 0.0)
                .max_by(|&one, &other| fit(&candidates[one]).total_cmp(&fit(&candidates[other])));
            for (at, candidate) in candidates.iter().enumerate() {
                if Some(at) == marked || marked.is_none() && agrees(candidate) {
                    if let Some(label) = &mut labels[at] {
                        *label |= 1 << role;
                    } else {
                        labels[at] = Some(1 << role);
                    }
                } else if (agrees(candidate) || fit(candidate) > 0.0) && labels[at] == Some(0) {
                    labels[at] = None;
                }
            }
        }
    }
    labels
}
