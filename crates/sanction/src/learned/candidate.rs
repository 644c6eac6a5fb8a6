//! Phrases that may name a party to an event.

use demarche_core::{Span, Upos};

use super::sight::Sight;
use crate::party::{Party, name, party, phrase};
use crate::view::View;

/// A phrase that may name a party.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) party: Party,
    /// Where it stands from the event.
    pub(crate) distance: Distance,
}

/// How far from an event a phrase stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Distance {
    /// In its sentence.
    Same,
    /// So many tokens before its sentence.
    Before(usize),
    /// Later in the text.
    After(usize),
}

/// How far before an event's sentence names are looked for, in tokens.
const MAX_BACK: usize = 250;

/// How far behind it.
const MAX_AHEAD: usize = 60;

/// The phrases of the event's sentence, then the names before and after it, each of them once.
pub(crate) fn candidates(sight: &Sight<'_>, trigger: usize) -> Vec<Candidate> {
    let view = sight.view;
    let sentence = view.vicinity(trigger);
    let mut found: Vec<Candidate> = Vec::new();
    for token in sentence.clone() {
        if token == trigger || !is_head(view, token) {
            continue;
        }
        let party = match party(view, token) {
            Some(party) => party,
            None if is_modifier(view, token) => match name(view, token) {
                Some(party) => party,
                None => continue,
            },
            None => Party {
                token,
                span: phrase(view, token),
                norm: None,
                pronoun: view.tree.upos(token) == Upos::Pron,
            },
        };
        found.push(Candidate { party, distance: Distance::Same });
    }
    let back = sentence.start.saturating_sub(MAX_BACK)..sentence.start;
    let ahead = sentence.end..view.len().min(sentence.end + MAX_AHEAD);
    for token in back.rev().chain(ahead) {
        if view.entity(token).is_none() || !is_head(view, token) {
            continue;
        }
        let Some(party) = name(view, token).filter(|party| party.norm.is_some()) else { continue };
        if found.iter().any(|known| known.party.norm == party.norm) {
            continue;
        }
        let distance = if token < sentence.start {
            Distance::Before(sentence.start - token)
        } else {
            Distance::After(token - sentence.end)
        };
        found.push(Candidate { party, distance });
    }
    // Whom the rules have found, wherever.
    if let Some(finding) = sight.told.finding(trigger) {
        let roles = &finding.roles;
        for party in roles.sender.iter().chain(&roles.target).chain(&roles.actor) {
            let known = |known: &Candidate| same(&known.party, party);
            if !found.iter().any(known) {
                let distance = if party.token < sentence.start {
                    Distance::Before(sentence.start - party.token)
                } else {
                    Distance::After(party.token.saturating_sub(sentence.end))
                };
                found.push(Candidate { party: party.clone(), distance });
            }
        }
    }
    found
}

/// Whether two phrases are the same party, as far as one can see.
pub(crate) fn same(one: &Party, other: &Party) -> bool {
    one.span == other.span || one.norm.is_some() && one.norm == other.norm
}

/// Whether the token heads a phrase that can be a party.
fn is_head(view: &View<'_>, token: usize) -> bool {
    if !matches!(
        view.tree.upos(token),
        Upos::Noun | Upos::Propn | Upos::Pron | Upos::Adj | Upos::Num | Upos::Det
    ) || view.is_relative(token)
    {
        return false;
    }
    match view.entity(token) {
        Some(entity) => {
            let label = view.doc.entity(entity).label;
            View::is_actor(label)
                && view.tree.head(token).is_none_or(|head| view.entity(head) != Some(entity))
                || label == "CARDINAL" && view.tree.relation(token) != "nummod"
        }
        None => matches!(view.tree.upos(token), Upos::Noun | Upos::Propn | Upos::Pron),
    }
}

fn is_modifier(view: &View<'_>, token: usize) -> bool {
    matches!(view.tree.relation(token), "compound" | "amod" | "nmod" | "appos" | "flat")
}

/// How well two spans cover each other: their overlap over their union.
pub(crate) fn likeness(one: Span, other: Span) -> f32 {
    let overlap = one.end.min(other.end).saturating_sub(one.start.max(other.start));
    let union = one.end.max(other.end) - one.start.min(other.start);
    #[expect(clippy::cast_precision_loss, reason = "phrases are short")]
    if union == 0 { 0.0 } else { overlap as f32 / union as f32 }
}
