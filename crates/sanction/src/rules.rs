//! Events by rule: from the seeds up the tree, with what the words around say.

use demarche_core::{Action, Measures};

use crate::argument::{Roles, roles};
use crate::factuality::{Mood, is_threat, mood};
use crate::governor::{Draft, climb};
use crate::lexicon::{Class, Things};
use crate::measure::measures;
use crate::memory::complete;
use crate::trigger::{Context, is_absorbed, is_resumed, seeds};
use crate::view::View;

/// What the rules find in a document, in text order of the triggers.
pub(crate) fn read(view: &View<'_>, context: Context) -> Vec<Finding> {
    let seeds = seeds(view, context);
    let mut drafts: Vec<Draft> = seeds
        .iter()
        .filter(|&&seed| !is_absorbed(view, seed, &seeds))
        .flat_map(|&seed| climb(view, seed))
        .collect();
    // Of two ways to the same trigger, the one from a sanction of its own tells more.
    drafts.sort_by_key(|draft| (draft.trigger, draft.seed.token == draft.trigger, draft.seed.token));
    // "Will respond with sanctions": the verb is on the way from the noun, and no event of its own.
    let mut answered: Vec<usize> =
        drafts.iter().flat_map(|draft| draft.steps.iter().map(|step| step.token)).collect();
    answered.sort_unstable();
    drafts
        .retain(|draft| draft.seed.class != Class::Answer || answered.binary_search(&draft.trigger).is_err());
    let mut readings: Vec<Reading> = Vec::new();
    for draft in drafts {
        if let Some(reading) = reading(view, draft, !readings.is_empty()) {
            match readings.last_mut().filter(|last| last.draft.trigger == reading.draft.trigger) {
                Some(last) => last.measures.0 |= reading.measures.0,
                None => readings.push(reading),
            }
        }
    }
    let mut all: Vec<Roles> =
        readings.iter().map(|reading| roles(view, &reading.draft, reading.action)).collect();
    for (at, reading) in readings.iter().enumerate() {
        let stated = all[at].clone();
        all[at] = complete(view, reading.draft.trigger, stated, &all[..at], &all[at + 1..]);
    }
    readings.into_iter().zip(all).map(|(reading, roles)| Finding { reading, roles }).collect()
}

/// An event as the rules find it.
pub(crate) struct Finding {
    pub(crate) reading: Reading,
    pub(crate) roles: Roles,
}

/// A draft that turned out to be an event.
pub(crate) struct Reading {
    pub(crate) draft: Draft,
    pub(crate) action: Action,
    pub(crate) measures: Measures,
}

/// What a draft amounts to; `None` where nothing above the seed makes it an event. `told` says that the text has told of
/// sanctions before.
fn reading(view: &View<'_>, draft: Draft, told: bool) -> Option<Reading> {
    let mood = mood(view, &draft);
    let action = settle(view, &draft, mood);
    let stands = match draft.seed.class {
        Class::Threat | Class::Anaphor => {
            let menaces = draft.seed.menaces && action == Action::Threaten;
            // "A measure" or "it" may be anything that one supports or applies; "such a measure" is the one just told of.
            let settled = match action {
                Action::Ease | Action::Expand | Action::Oppose | Action::UrgeRelief | Action::Violate => true,
                Action::Propose | Action::Enforce => is_resumed(view, draft.seed.token),
                Action::Impose | Action::InForce | Action::Threaten => false,
            };
            let entered = action == Action::Impose
                && !draft.steps.is_empty()
                && view.is(draft.seed.token, Things::LIST);
            menaces || draft.seed.echoes && told && (settled || entered)
        }
        Class::Answer => action == Action::Threaten,
        Class::Rule => {
            let settled = !matches!(action, Action::InForce | Action::Impose | Action::Threaten);
            matches!(action, Action::Violate | Action::Enforce) || told && settled
        }
        _ => true,
    };
    let measures = measures(view, &draft);
    stands.then_some(Reading { draft, action, measures })
}

/// The action in its mood: what one will do on a condition is a threat, what one should do is proposed.
fn settle(view: &View<'_>, draft: &Draft, mood: Mood) -> Action {
    let action = draft.action.unwrap_or(Action::InForce);
    match action {
        Action::Impose | Action::InForce | Action::Propose if is_threat(view, draft, mood, action) => {
            Action::Threaten
        }
        // "Ruled out sanctions": those that are not imposed do not stand.
        Action::InForce if (mood.open || draft.negated) && draft.seed.action.is_none() => Action::Impose,
        Action::Impose | Action::Expand if mood.due && !mood.negated => Action::Propose,
        Action::Ease if mood.due && !mood.negated => Action::UrgeRelief,
        _ => action,
    }
}
