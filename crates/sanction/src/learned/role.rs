//! Features of a phrase as a party to an event.

use demarche_core::Action;

use super::candidate::{Candidate, Distance, same};
use super::rows::{Rows, word_hash as hash};
use super::sight::{Filler, Sight};
use crate::governor::{Draft, measure_below};
use crate::lexicon::Pos;
use crate::party::Party;

/// An event with what its parties are looked up in: the words that carry it, and what fills the places around them.
pub(crate) struct Frame<'e> {
    pub(crate) draft: &'e Draft,
    pub(crate) action: Action,
    /// Anchor by anchor, each with its number.
    fillers: Vec<(u64, Filler)>,
    /// Parties that other events of the document have by rule, with how many: senders, targets.
    known: Vec<(Party, [u8; 2])>,
    passive: bool,
}

/// Words that carry an event, by number: trigger, the verb above a noun, the noun of the sanction below, the verb of a
/// clause below, the head of a coordination.
const TRIGGER: u64 = 0;
const ABOVE: u64 = 1;
const NOUN: u64 = 2;
const CLAUSE: u64 = 3;
const FIRST: u64 = 4;

impl<'e> Frame<'e> {
    pub(crate) fn of(sight: &Sight<'_>, draft: &'e Draft, action: Action) -> Self {
        let view = sight.view;
        let trigger = draft.trigger;
        let mut anchors = vec![(TRIGGER, trigger)];
        let nominal = |token: usize| view.pos(token) == Some(Pos::Noun);
        let governor = view.tree.ancestors(trigger).take(MAX_UP).find(|&above| !nominal(above));
        if let Some(verb) = governor {
            let number = if nominal(trigger) { ABOVE } else { FIRST };
            anchors.push((number, verb));
        }
        let noun = Some(draft.seed.token).filter(|&seed| seed != trigger && nominal(seed));
        if let Some(noun) = noun.or_else(|| measure_below(view, trigger)) {
            anchors.push((NOUN, noun));
        }
        if let Some(clause) = view.tree.children_by(trigger, &["xcomp", "ccomp", "advcl", "acl"]).next() {
            anchors.push((CLAUSE, clause));
        }
        let fillers = anchors
            .into_iter()
            .flat_map(|(number, anchor)| {
                sight.fillers(anchor).into_iter().map(move |filler| (number, filler))
            })
            .collect();
        let mut known: Vec<(Party, [u8; 2])> = Vec::new();
        for finding in sight
            .told
            .findings
            .iter()
            .filter(|finding| finding.reading.draft.trigger != trigger)
            .take(MAX_EVENTS)
        {
            for (role, parties) in [&finding.roles.sender, &finding.roles.target].into_iter().enumerate() {
                for party in parties {
                    let at = known.iter().position(|(other, _)| same(other, party)).unwrap_or_else(|| {
                        known.push((party.clone(), [0; 2]));
                        known.len() - 1
                    });
                    let count = &mut known[at].1[role];
                    *count = count.saturating_add(1);
                }
            }
        }
        Self { draft, action, fillers, known, passive: view.is_passive(trigger) }
    }
}

/// Nouns between an event and the verb of its clause.
const MAX_UP: usize = 4;
/// Other events whose parties are known.
const MAX_EVENTS: usize = 40;

/// The features of a phrase.
pub(crate) fn features(sight: &Sight<'_>, frame: &Frame<'_>, candidate: &Candidate, rows: &mut Rows) {
    let (view, tree) = (sight.view, &sight.view.tree);
    let party = &candidate.party;
    let token = party.token;
    let action = frame.action as u64;
    let trigger = frame.draft.trigger;
    let kind = sight.kind(token);
    let named = u64::from(party.norm.is_some());
    rows.add("bias", &[]);
    let (distance, far) = match candidate.distance {
        Distance::Same => (0, bucket(token.abs_diff(trigger)) + if token < trigger { 20 } else { 0 }),
        Distance::Before(far) => (1, bucket(far)),
        Distance::After(far) => (2, bucket(far)),
    };
    rows.add("distance", &[distance, far]);
    rows.add("distance action", &[distance, action, kind]);
    rows.add("kind", &[kind, named, distance]);
    rows.add("kind action", &[kind, named, action, u64::from(distance == 0)]);
    let norm = hash(party.norm.as_deref().unwrap_or(""));
    if named == 1 {
        rows.add("norm", &[norm]);
        rows.add("norm action", &[norm, action]);
    }
    for code in sight.codes(token) {
        rows.add("code", &[code, distance.min(1)]);
    }
    by_rule(sight, frame, party, distance, rows);
    known(sight, frame, party, distance, rows);
    if let Some(quote) = view.quote(view.doc.tokens()[trigger]) {
        let speaker = view.doc.quote(quote).speaker;
        let is_speaker = speaker.is_some_and(|speaker| {
            party.norm.as_deref().is_some_and(|norm| speaker.norm == Some(norm) || speaker.name == norm)
        });
        rows.add("speaker", &[u64::from(is_speaker), action]);
    }
    if distance > 0 {
        return;
    }
    let passive = u64::from(frame.passive);
    let mut any = false;
    for &(anchor, filler) in &frame.fillers {
        let Some(manner) = manner(sight, filler.token, token) else { continue };
        any = true;
        let place = filler.place.code();
        rows.add("place", &[anchor, place, manner]);
        rows.add("place passive", &[anchor, place, manner, passive]);
        rows.add("place action", &[anchor, place, manner, action]);
        rows.add("place kind", &[anchor, place, manner, kind, named]);
        rows.add("place action kind", &[anchor, place, manner, action, kind]);
        rows.add("place lemma", &[anchor, place, manner.min(2), sight.lemma(trigger)]);
        if named == 1 {
            rows.add("place norm", &[place, norm]);
        }
    }
    rows.add("placed", &[u64::from(any), kind, action]);
    let path = path(sight, token, trigger);
    rows.add("path", &[path]);
    rows.add("path action", &[path, action]);
    rows.add("path kind", &[path, kind]);
    rows.add(
        "relation",
        &[hash(tree.deprel(token)), hash(view.preposition(token)), u64::from(token < trigger)],
    );
    rows.add("relation action", &[hash(tree.deprel(token)), hash(view.preposition(token)), action]);
    if let Some(head) = tree.head(token) {
        rows.add("head", &[hash(tree.deprel(token)), sight.lemma(head)]);
        rows.add("head kind", &[hash(tree.relation(token)), sight.kind(head), kind]);
        for code in sight.codes(head) {
            rows.add("head code", &[hash(tree.deprel(token)), code, action]);
        }
    }
    for (side, place) in [(0, token.checked_sub(1)), (1, Some(token + 1).filter(|&next| next < view.len()))] {
        if let Some(place) = place {
            rows.add("beside", &[side, sight.lemma(place)]);
            for code in sight.codes(place) {
                rows.add("beside code", &[side, code]);
            }
        }
    }
}

/// How a phrase stands to what fills a place: it is that, coordinated with it, in apposition, or inside it.
fn manner(sight: &Sight<'_>, filler: usize, token: usize) -> Option<u64> {
    let tree = &sight.view.tree;
    if filler == token {
        return Some(0);
    }
    let mut below = token;
    let mut manner = 0;
    for _ in 0..MAX_DEPTH {
        let head = tree.head(below)?;
        let step = match tree.relation(below) {
            "conj" => 1,
            "appos" => 2,
            "compound" | "amod" | "flat" => 3,
            "nmod" if tree.deprel(below) == "nmod:poss" => 4,
            "nmod" => match sight.view.preposition(below) {
                "of" => 5,
                "in" => 6,
                "from" => 7,
                _ => 8,
            },
            _ => 9,
        };
        manner = if manner == 0 || manner == 1 { step } else { 10 + step.max(manner % 10) };
        if head == filler {
            return Some(manner);
        }
        below = head;
    }
    None
}

/// Words from a phrase up to what fills a place.
const MAX_DEPTH: usize = 5;

/// What the rules make of the phrase in this event.
fn by_rule(sight: &Sight<'_>, frame: &Frame<'_>, party: &Party, distance: u64, rows: &mut Rows) {
    let action = frame.action as u64;
    let Some(finding) = sight.told.finding(frame.draft.trigger) else {
        rows.add("no rule", &[action, distance]);
        return;
    };
    let roles = &finding.roles;
    let agrees = u64::from(finding.reading.action == frame.action);
    for (role, parties) in [&roles.sender, &roles.target, &roles.actor].into_iter().enumerate() {
        let role = role as u64;
        let found = if parties.iter().any(|other| other.span == party.span) {
            2
        } else {
            u64::from(parties.iter().any(|other| same(other, party)))
        };
        rows.add("rule", &[role, found, agrees]);
        rows.add("rule distance", &[role, found, distance, agrees]);
        rows.add("rule action", &[role, found, action]);
        rows.add("rule empty", &[role, found, u64::from(parties.is_empty()), distance]);
    }
}

/// What other events of the text say of the party.
fn known(sight: &Sight<'_>, frame: &Frame<'_>, party: &Party, distance: u64, rows: &mut Rows) {
    let action = frame.action as u64;
    let counts =
        frame.known.iter().find(|(other, _)| same(other, party)).map_or([0; 2], |(_, counts)| *counts);
    let [sends, hit] = counts.map(|count| u64::from(count.min(3)));
    rows.add("known", &[sends, hit, distance]);
    rows.add("known action", &[sends.min(1), hit.min(1), distance, action]);
    let best = |role: usize| frame.known.iter().map(|(_, counts)| counts[role]).max().unwrap_or(0);
    rows.add(
        "best sender",
        &[u64::from(best(0) > 0 && u64::from(best(0)) == u64::from(counts[0])), distance],
    );
    rows.add(
        "best target",
        &[u64::from(best(1) > 0 && u64::from(best(1)) == u64::from(counts[1])), distance],
    );
    // How often the text names it.
    if let Some(norm) = &party.norm {
        let entities = sight.view.doc.entities().take(MAX_ENTITIES).enumerate();
        let named =
            entities.filter(|(at, entity)| sight.view.norm(*at) == Some(norm) || entity.name == Some(norm));
        let often = named.count().min(6) as u64;
        rows.add("often", &[often, distance]);
    }
}

/// Entities of a text that are counted.
const MAX_ENTITIES: usize = 200;

/// The way through the tree from the phrase to the trigger.
fn path(sight: &Sight<'_>, from: usize, to: usize) -> u64 {
    let tree = &sight.view.tree;
    let mut up = vec![from];
    up.extend(tree.ancestors(from).take(MAX_PATH));
    let mut down = vec![to];
    down.extend(tree.ancestors(to).take(MAX_PATH));
    let meeting = up.iter().position(|token| down.contains(token));
    let Some(meeting) = meeting else { return 0 };
    let top = up[meeting];
    let mut path = 1;
    for &token in &up[..meeting] {
        path = mix(path, hash(tree.deprel(token)) ^ hash(sight.view.preposition(token)).rotate_left(9));
    }
    path = mix(path, 2);
    let back = down.iter().position(|&token| token == top).unwrap_or(0);
    for &token in down[..back].iter().rev() {
        path = mix(path, hash(tree.relation(token)));
    }
    path
}

/// Longest way up on either side.
const MAX_PATH: usize = 5;

fn mix(path: u64, step: u64) -> u64 {
    (path.rotate_left(17) ^ step).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A distance in tokens, roughly.
fn bucket(distance: usize) -> u64 {
    match distance {
        0..=4 => distance as u64,
        5..=7 => 5,
        8..=12 => 6,
        13..=20 => 7,
        21..=40 => 8,
        41..=80 => 9,
        81..=160 => 10,
        _ => 11,
    }
}
