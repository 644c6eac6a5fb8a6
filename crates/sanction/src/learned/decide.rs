//! From scores to events.
//!
//! The rules were written with an eye on a part of what the weights are learned from, so that learning takes them for better
//! than they are; what is learned is therefore weighed against a fixed trust in the rules. The constants of this file were
//! set by cross-validation on the written documents.

use demarche_core::{Action, Factuality, Measures, Span};
use demarche_model::sigmoid;

use super::candidate::{candidates, same};
use super::model::{Model, ROLES, Task};
use super::role::{self, Frame};
use super::rows::Rows;
use super::{Sight, nature, text, way, word};
use crate::argument::Roles;
use crate::governor::Draft;
use crate::measure::measures;
use crate::party::Party;

/// An event as it is found.
pub(crate) struct Found {
    pub(crate) draft: Draft,
    pub(crate) action: Action,
    pub(crate) measures: Measures,
    pub(crate) factuality: Factuality,
    pub(crate) roles: Roles,
    /// How sure it is that there is an event: between 0 and 1.
    pub(crate) confidence: f32,
    /// Whether the rules find an event at the same word.
    pub(crate) by_rule: bool,
}

/// A text whose score is lower tells of no sanctions.
const ABOUT: f32 = 0.3;
/// What a word that the rules take for a trigger gains, and what others lose.
const RULED: f32 = 1.5;
const UNRULED: f32 = -1.5;
/// What a user's own word gains where it is a trigger by the rules: nothing overrules it.
const CERTAIN: f32 = 1000.0;
/// What a word must score to be a trigger beside the one that speaks for the same noun of sanctions.
const BESIDE: f32 = 1.5;
/// What the answers of the rules gain, question by question.
const RULED_WAY: f32 = 1.5;
const RULED_ACTION: f32 = 2.0;
const RULED_FACTUALITY: f32 = 2.0;
const RULED_MEASURE: f32 = 2.5;
const RULED_ROLE: f32 = 0.7;
/// What a measure, and a part in an event, must score: what is learned is too cautious.
const MEASURE: f32 = -0.5;
const ROLE: f32 = -0.5;

/// The events of a document, in text order of their triggers.
pub(crate) fn events(sight: &Sight<'_>, model: &Model) -> Vec<Found> {
    let mut rows = Rows::default();
    text::features(sight, &mut rows);
    let [about] = model.scores::<{ Task::Text.labels() }>(Task::Text, rows.as_slice());
    let own = sight.told.findings.iter().any(|finding| is_own(sight, finding.reading.draft.trigger));
    if about < ABOUT && !own {
        return Vec::new();
    }
    let triggers = triggers(sight, model, &mut rows);
    triggers.into_iter().map(|(token, score)| event(sight, model, token, score, &mut rows)).collect()
}

/// Whether the trigger is a word that a user has brought.
fn is_own(sight: &Sight<'_>, token: usize) -> bool {
    sight.view.entry(token).own
}

/// The triggers with their scores: the word that speaks for a noun of sanctions, and others that score well by themselves.
fn triggers(sight: &Sight<'_>, model: &Model, rows: &mut Rows) -> Vec<(usize, f32)> {
    let n_tokens = sight.view.len();
    let mut speaks: Vec<Option<f32>> = vec![None; n_tokens];
    let mut beside = vec![false; n_tokens];
    let mut spoken = vec![false; n_tokens];
    for noun in (0..n_tokens).filter(|&token| way::is_start(sight, token)) {
        let options = way::options(sight, noun);
        let mut score = |option: Option<usize>| {
            rows.clear();
            way::features(sight, noun, option, rows);
            let [score] = model.scores::<{ Task::Way.labels() }>(Task::Way, rows.as_slice());
            score
        };
        let nobody = score(None);
        let ruled = |option: usize| if sight.told.finding(option).is_some() { RULED_WAY } else { 0.0 };
        let scores: Vec<f32> = options.iter().map(|&option| score(Some(option)) + ruled(option)).collect();
        let best = best(&scores);
        for &option in &options {
            beside[option] = true;
        }
        if scores[best] > nobody {
            speaks[options[best]] = Some(scores[best] - nobody);
            spoken[noun] = true;
        }
    }
    let mut triggers = Vec::new();
    for token in (0..n_tokens).filter(|&token| word::is_candidate(sight, token)) {
        let score = speaks[token].unwrap_or_else(|| {
            rows.clear();
            word::features(sight, token, rows);
            let [score] = model.scores::<{ Task::Trigger.labels() }>(Task::Trigger, rows.as_slice());
            let ruled = match sight.told.finding(token) {
                Some(_) if is_own(sight, token) => CERTAIN,
                // Another word speaks for the noun that the rules started from.
                Some(finding) if spoken[finding.reading.draft.seed.token] => UNRULED,
                Some(_) => RULED,
                None => UNRULED,
            };
            score + ruled - if beside[token] { BESIDE } else { 0.0 }
        });
        if score > 0.0 {
            triggers.push((token, score));
        }
    }
    triggers
}

fn event(sight: &Sight<'_>, model: &Model, token: usize, score: f32, rows: &mut Rows) -> Found {
    rows.clear();
    word::features(sight, token, rows);
    let mut scores = model.scores::<{ Task::Action.labels() }>(Task::Action, rows.as_slice());
    if let Some(finding) = sight.told.finding(token) {
        scores[finding.reading.action as usize] += RULED_ACTION;
    }
    let ruled = sight.told.finding(token).filter(|_| is_own(sight, token));
    let action = ruled.map_or(Action::ALL[best(&scores)], |finding| finding.reading.action);
    let draft = sight.told.draft(sight.view, token, action);
    rows.clear();
    nature::factuality_features(sight, &draft, action, rows);
    let mut scores = model.scores::<{ Task::Factuality.labels() }>(Task::Factuality, rows.as_slice());
    scores[nature::ruled(sight, &draft, action) as usize] += RULED_FACTUALITY;
    let factuality = Factuality::ALL[best(&scores)];
    Found {
        action,
        measures: penalties(sight, model, &draft, action, rows),
        factuality,
        roles: roles(sight, model, &draft, action, rows),
        confidence: sigmoid(score),
        by_rule: sight.told.finding(token).is_some(),
        draft,
    }
}

fn penalties(sight: &Sight<'_>, model: &Model, draft: &Draft, action: Action, rows: &mut Rows) -> Measures {
    rows.clear();
    nature::measure_features(sight, draft, action, rows);
    let scores = model.scores::<{ Task::Measures.labels() }>(Task::Measures, rows.as_slice());
    let ruled = measures(sight.view, draft);
    let mut found = Measures::default();
    for (at, score) in scores.into_iter().enumerate() {
        let trust = if ruled.0 >> at & 1 == 1 { RULED_MEASURE } else { 0.0 };
        found.0 |= u16::from(score + trust > MEASURE) << at;
    }
    found
}

fn roles(sight: &Sight<'_>, model: &Model, draft: &Draft, action: Action, rows: &mut Rows) -> Roles {
    let frame = Frame::of(sight, draft, action);
    let ruled = sight.told.finding(draft.trigger).map(|finding| &finding.roles);
    let ruled = ruled.map_or([&[][..]; ROLES], |roles| [&roles.sender, &roles.target, &roles.actor]);
    let owner = owner(sight, draft);
    let mut parties: [Vec<(f32, Party)>; ROLES] = Default::default();
    for candidate in candidates(sight, draft.trigger) {
        rows.clear();
        role::features(sight, &frame, &candidate, rows);
        let scores = model.scores::<ROLES>(Task::Role, rows.as_slice());
        for (role, score) in scores.into_iter().enumerate() {
            let is_same = |party: &Party| same(party, &candidate.party);
            let score = score + if ruled[role].iter().any(is_same) { RULED_ROLE } else { 0.0 };
            let can_be = match role {
                TARGET => owner != Some(candidate.party.token),
                ACTOR => has_actor(action),
                _ => true,
            };
            if score > ROLE && can_be && !parties[role].iter().any(|(_, party)| is_same(party)) {
                parties[role].push((score, candidate.party.clone()));
            }
        }
    }
    settle(&mut parties);
    let [sender, target, actor] =
        parties.map(|parties| parties.into_iter().map(|(_, party)| party).collect());
    Roles { sender, target, actor }
}

/// Whose the sanctions are where they say against whom: "the sanctions of the bloc against Niger".
fn owner(sight: &Sight<'_>, draft: &Draft) -> Option<usize> {
    let (view, noun) = (sight.view, draft.seed.token);
    let owner = view.behind(noun, &["of"])?;
    let against = [noun, owner].into_iter().find_map(|word| view.behind(word, &["against"]));
    against.filter(|&hit| hit != owner).map(|_| owner)
}

/// Nobody is both sender and target: the surer one counts. Who breaks sanctions or rejects them is not hit by them if another
/// is. "Syrian" in "two Syrian banks" is no party beside the banks.
fn settle(parties: &mut [Vec<(f32, Party)>; ROLES]) {
    let [sender, target, actor] = parties;
    let acts = |party: &Party| actor.iter().any(|(_, other)| same(party, other));
    if target.iter().any(|(_, party)| !acts(party)) {
        target.retain(|(_, party)| !acts(party));
    }
    let loses = |one: &(f32, Party), others: &[(f32, Party)]| {
        others.iter().any(|other| same(&one.1, &other.1) && other.0 >= one.0)
    };
    target.retain(|one| !loses(one, sender));
    sender.retain(|one| !loses(one, target));
    for parties in parties {
        let spans: Vec<Span> = parties.iter().map(|(_, party)| party.span).collect();
        parties.retain(|(_, party)| {
            !spans.iter().any(|span| span.start < party.span.start && span.contains(party.span))
        });
    }
}

/// The indices of the roles: whom it hits, and the one that only some actions have.
const TARGET: usize = 1;
pub(super) const ACTOR: usize = 2;

/// Whether an event of this action has an actor beside its sender.
pub(super) const fn has_actor(action: Action) -> bool {
    matches!(action, Action::Violate | Action::Oppose | Action::Propose | Action::UrgeRelief)
}

/// The index of the highest score, the first of equals.
fn best(scores: &[f32]) -> usize {
    let mut best = 0;
    for (at, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = at;
        }
    }
    best
}
