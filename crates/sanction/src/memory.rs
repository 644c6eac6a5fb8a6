//! What the text before tells about an event that leaves its parties unsaid.

use demarche_core::NONE;

use crate::argument::Roles;
use crate::party::{Party, name};
use crate::view::View;

/// The parties of earlier events.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    events: Vec<Dyad>,
}

#[derive(Clone, Debug)]
struct Dyad {
    sender: Vec<Party>,
    target: Vec<Party>,
}

/// Events before this many are forgotten.
const MAX_EVENTS: usize = 12;

/// How far before an event a power still counts as named, in tokens.
const MAX_BACK: usize = 80;

impl Memory {
    /// Fills in what the sentence leaves unsaid, and remembers the event.
    pub(crate) fn complete(&mut self, view: &View<'_>, trigger: usize, roles: &mut Roles) {
        if is_open(&roles.target) {
            let found = self.target(view, trigger, roles);
            resolve(&mut roles.target, found);
        }
        if is_open(&roles.sender) {
            let found = self.sender(view, trigger, roles);
            resolve(&mut roles.sender, found);
        }
        if is_open(&roles.actor) && !roles.actor.is_empty() {
            let found = before(view, trigger, &[&roles.sender]);
            resolve(&mut roles.actor, found);
        }
        if self.events.len() == MAX_EVENTS {
            self.events.remove(0);
        }
        self.events.push(Dyad { sender: roles.sender.clone(), target: roles.target.clone() });
    }

    /// Whom the same sender hit before; who is named in the sentence; whom the last event hit.
    fn target(&self, view: &View<'_>, trigger: usize, roles: &Roles) -> Vec<Party> {
        let taken: [&[Party]; 2] = [&roles.sender, &roles.actor];
        let same_sender = self.events.iter().rev().find(|event| meet(&event.sender, &roles.sender));
        let known = same_sender.map_or_else(Vec::new, |event| without(&event.target, &taken));
        if !known.is_empty() {
            return known;
        }
        let sentence = view.sentence_tokens(view.sentence(trigger));
        let around = (trigger..sentence.end).chain((sentence.start..trigger).rev());
        let mut named = around.filter(|&token| is_told(view, token)).filter_map(|token| name(view, token));
        let free = |party: &Party| !taken.iter().any(|others| meet(others, std::slice::from_ref(party)));
        let near: Vec<_> = named.find(free).into_iter().collect();
        if !near.is_empty() {
            return near;
        }
        // Who was hit hits back.
        let last = self.events.iter().rev().find(|event| meet(&event.target, &roles.sender));
        if let Some(event) = last.filter(|event| !event.sender.is_empty()) {
            return without(&event.sender, &taken);
        }
        let targets = self.events.iter().rev().map(|event| without(&event.target, &taken));
        targets.into_iter().find(|target| !target.is_empty()).unwrap_or_default()
    }

    /// Who hit the same target before; who sent the last event; who was named last.
    fn sender(&self, view: &View<'_>, trigger: usize, roles: &Roles) -> Vec<Party> {
        let taken: [&[Party]; 2] = [&roles.target, &roles.actor];
        let same_target = self.events.iter().rev().filter(|event| meet(&event.target, &roles.target));
        let others = self.events.iter().rev();
        let known = same_target.chain(others).map(|event| without(&event.sender, &taken)).find(|sender| !sender.is_empty());
        known.unwrap_or_else(|| before(view, trigger, &taken))
    }
}

/// Whether nobody is named: no phrase, or only pronouns that stand for nobody known.
fn is_open(parties: &[Party]) -> bool {
    parties.iter().all(|party| party.pronoun && party.norm.is_none())
}

/// Gives a pronoun what it stands for, or takes the found parties where there was no phrase.
fn resolve(parties: &mut Vec<Party>, found: Vec<Party>) {
    let Some(pronoun) = parties.first().cloned() else {
        *parties = found;
        return;
    };
    if !found.is_empty() {
        *parties = found.into_iter().map(|party| Party { span: pronoun.span, ..party }).collect();
    }
}

/// The last power named before the trigger, those taken aside.
fn before(view: &View<'_>, trigger: usize, taken: &[&[Party]]) -> Vec<Party> {
    let mut last = NONE as usize;
    for token in (trigger.saturating_sub(MAX_BACK)..trigger).rev() {
        let Some(entity) = view.entity(token).filter(|&entity| entity != last && is_told(view, token)) else { continue };
        last = entity;
        if let Some(party) = name(view, token) {
            if !taken.iter().any(|others| meet(others, std::slice::from_ref(&party))) {
                return vec![party];
            }
        }
    }
    Vec::new()
}

/// Whether a power is named by the text itself, not by the place in capitals at its head.
fn is_told(view: &View<'_>, token: usize) -> bool {
    let word = view.doc.token(token);
    view.is_power(token) && (word.len() <= MAX_ACRONYM || word.chars().any(char::is_lowercase))
}

/// Letters of an acronym; longer names in capitals are datelines.
const MAX_ACRONYM: usize = 4;

/// Whether two lists have a norm in common.
fn meet(some: &[Party], others: &[Party]) -> bool {
    some.iter().any(|one| one.norm.is_some() && others.iter().any(|other| other.norm == one.norm))
}

/// The parties whose norm is none of the others'.
fn without(parties: &[Party], taken: &[&[Party]]) -> Vec<Party> {
    let free = |party: &&Party| !taken.iter().any(|others| meet(others, std::slice::from_ref(*party)));
    parties.iter().filter(free).cloned().collect()
}
