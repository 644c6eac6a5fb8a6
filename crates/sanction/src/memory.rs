//! What the text before tells about an event that leaves its parties unsaid.

use demarche_core::NONE;

use crate::argument::Roles;
use crate::party::{Party, name};
use crate::view::View;

/// How far before an event a power still counts as named, in tokens.
const MAX_BACK: usize = 80;

/// Other events that are looked at, before and after.
const MAX_EVENTS: usize = 12;

/// Fills in what an event's sentence leaves unsaid: from the events before it, the nearest first; a sender also from what
/// the sentences of those after it state.
pub(crate) fn complete(
    view: &View<'_>,
    trigger: usize,
    mut roles: Roles,
    before: &[Roles],
    after: &[Roles],
) -> Roles {
    let mut others: Vec<&Roles> = before.iter().rev().take(MAX_EVENTS).collect();
    if is_open(&roles.target) {
        let found = target(view, trigger, &roles, &others);
        resolve(&mut roles.target, found);
    }
    // Who sends is often said once, and last; whom it hits comes first.
    others.extend(after.iter().take(MAX_EVENTS));
    if is_open(&roles.sender) {
        let found = sender(view, trigger, &roles, &others);
        resolve(&mut roles.sender, found);
    }
    if is_open(&roles.actor) && !roles.actor.is_empty() {
        let found = named_before(view, trigger, &[&roles.sender]);
        resolve(&mut roles.actor, found);
    }
    roles
}

/// Whoever was hit and now speaks; whom the same sender hit; who hits back; whom another event hit; who is named in the
/// sentence.
fn target(view: &View<'_>, trigger: usize, roles: &Roles, others: &[&Roles]) -> Vec<Party> {
    // Those who oppose sanctions or ask for relief are most often the ones whom they hit.
    let hit = others.iter().flat_map(|other| &other.target);
    let own: Vec<Party> =
        hit.filter(|party| meet(&roles.actor, std::slice::from_ref(*party))).take(1).cloned().collect();
    if !own.is_empty() {
        return own;
    }
    let taken: [&[Party]; 2] = [&roles.sender, &roles.actor];
    let same_sender = others.iter().filter(|other| meet(&other.sender, &roles.sender));
    let same_sender = same_sender.map(|other| without(&other.target, &taken));
    // Who was hit hits back.
    let returned = others.iter().filter(|other| meet(&other.target, &roles.sender));
    let returned = returned.map(|other| without(&other.sender, &taken));
    let any = others.iter().map(|other| without(&other.target, &taken));
    let known = same_sender.chain(returned).chain(any).find(|known| !is_open(known));
    known.unwrap_or_else(|| {
        let sentence = view.vicinity(trigger);
        let around = (trigger..sentence.end).chain((sentence.start..trigger).rev());
        let mut named = around.filter(|&token| is_told(view, token)).filter_map(|token| name(view, token));
        let free = |party: &Party| !taken.iter().any(|others| meet(others, std::slice::from_ref(party)));
        named.find(free).into_iter().collect()
    })
}

/// Who hit the same target; who sent another event; who was named last.
fn sender(view: &View<'_>, trigger: usize, roles: &Roles, others: &[&Roles]) -> Vec<Party> {
    let taken: [&[Party]; 2] = [&roles.target, &roles.actor];
    let same_target = others.iter().filter(|other| meet(&other.target, &roles.target));
    let mut known = same_target.chain(others).map(|other| without(&other.sender, &taken));
    let known = known.find(|known| known.iter().any(|party| party.norm.is_some()));
    known.unwrap_or_else(|| named_before(view, trigger, &taken))
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
fn named_before(view: &View<'_>, trigger: usize, taken: &[&[Party]]) -> Vec<Party> {
    let mut last = NONE as usize;
    for token in (trigger.saturating_sub(MAX_BACK)..trigger).rev() {
        let Some(entity) = view.entity(token).filter(|&entity| entity != last && is_told(view, token)) else {
            continue;
        };
        last = entity;
        if let Some(party) = name(view, token)
            && !taken.iter().any(|others| meet(others, std::slice::from_ref(&party)))
        {
            return vec![party];
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
