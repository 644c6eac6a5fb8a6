//! Sanction events, matched one to one by overlapping triggers; dyads over whole documents.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashSet;
use serde::Deserialize;

use crate::assignment::assign;
use crate::code::Code;
use crate::document::{Pair, Side, WireSpan};
use crate::figures::{Share, Tally};
use crate::text::{Span, fold, overlapping};
use crate::{Error, Key, Scores};

#[derive(Deserialize)]
struct Wire<'d> {
    trigger: WireSpan,
    #[serde(borrow)]
    action: Option<Cow<'d, str>>,
    #[serde(borrow)]
    measures: Option<Vec<Cow<'d, str>>>,
    #[serde(borrow)]
    factuality: Option<Cow<'d, str>>,
    #[serde(borrow)]
    sender: Option<Vec<WireArgument<'d>>>,
    #[serde(borrow)]
    target: Option<Vec<WireArgument<'d>>>,
    #[serde(borrow)]
    actor: Option<Vec<WireArgument<'d>>>,
    instrument: Option<WireSpan>,
    reason: Option<WireSpan>,
    date: Option<WireSpan>,
}

#[derive(Deserialize)]
struct WireArgument<'d> {
    span: WireSpan,
    #[serde(borrow)]
    norm: Option<Code<'d>>,
}

/// Who takes part, in which role.
const ROLES: [&str; 3] = ["sender", "target", "actor"];
const SENDER: usize = 0;
const TARGET: usize = 1;

/// What else an event has a span for.
const OTHERS: [&str; 3] = ["instrument", "reason", "date"];

/// As many events as can be are paired; of equally many, the ones whose triggers fit best, then those of the same action.
const PAIRED: f64 = 1000.0;
const SAME_ACTION: f64 = 0.1;

struct Event<'d> {
    trigger: Span,
    action: Option<Cow<'d, str>>,
    measures: BTreeSet<Cow<'d, str>>,
    factuality: Option<Cow<'d, str>>,
    arguments: [Vec<Argument>; ROLES.len()],
    others: [Option<Span>; OTHERS.len()],
}

/// Who takes part: by code, folded, and where none is known by span.
#[derive(PartialEq)]
struct Argument {
    norm: Option<String>,
    span: Span,
}

#[derive(Default)]
struct Figures {
    detection: Tally,
    action: Tally,
    measures: Tally,
    arguments: Tally,
    roles: [Tally; ROLES.len()],
    dyads: Tally,
    factuality: Share,
    by_action: BTreeMap<String, Tally>,
    others: [Tally; OTHERS.len()],
}

pub(crate) fn score<'d>(pairs: impl Iterator<Item = Pair<'d>>) -> Result<Scores, Error> {
    let mut figures = Figures::default();
    for pair in pairs {
        figures.add(&events(&pair.gold)?, &events(&pair.predicted)?);
    }
    Ok(figures.scores())
}

fn events<'d>(side: &Side<'d>) -> Result<Vec<Event<'d>>, Error> {
    let event = |(i, wire): (usize, Wire<'d>)| {
        let optional = |span: Option<WireSpan>, field| {
            span.map(|span| side.span(span, Key::Sanctions, i, field)).transpose()
        };
        let arguments = |wire: Option<Vec<WireArgument<'d>>>, role| arguments(side, wire, i, role);
        Ok(Event {
            trigger: side.span(wire.trigger, Key::Sanctions, i, "trigger")?,
            action: wire.action,
            measures: wire.measures.into_iter().flatten().collect(),
            factuality: wire.factuality,
            arguments: [
                arguments(wire.sender, "sender")?,
                arguments(wire.target, "target")?,
                arguments(wire.actor, "actor")?,
            ],
            others: [
                optional(wire.instrument, "instrument")?,
                optional(wire.reason, "reason")?,
                optional(wire.date, "date")?,
            ],
        })
    };
    side.items::<Wire<'d>>(Key::Sanctions)?.into_iter().enumerate().map(event).collect()
}

/// Arguments without doubles: the same code twice is one, and so is the same span without a code.
fn arguments<'d>(
    side: &Side<'d>,
    wire: Option<Vec<WireArgument<'d>>>,
    event: usize,
    role: &str,
) -> Result<Vec<Argument>, Error> {
    let mut arguments: Vec<Argument> = Vec::new();
    let mut codes = HashSet::new();
    let mut spans = HashSet::new();
    for WireArgument { span, norm } in wire.into_iter().flatten() {
        let span = side.span(span, Key::Sanctions, event, role)?;
        let norm = norm.map(|norm| fold(&norm));
        let is_new = match &norm {
            Some(norm) => codes.insert(norm.clone()),
            None => spans.insert(span),
        };
        if is_new {
            arguments.push(Argument { norm, span });
        }
    }
    Ok(arguments)
}

impl Figures {
    /// Adds a document's events.
    fn add(&mut self, gold: &[Event<'_>], predicted: &[Event<'_>]) {
        let pairs = paired(gold, predicted);
        let (n_predicted, n_gold) = (predicted.len(), gold.len());
        let pairs: Vec<_> = pairs.into_iter().map(|(i, j)| (&gold[i], &predicted[j])).collect();
        self.detection.add(pairs.len(), n_predicted, n_gold);
        let right: Vec<_> =
            pairs.iter().filter(|(a, b)| a.action == b.action).map(|(a, _)| &a.action).collect();
        self.action.add(right.len(), n_predicted, n_gold);
        let actions: BTreeSet<_> = gold.iter().chain(predicted).map(|event| &event.action).collect();
        for action in actions {
            let n = |events: &[Event<'_>]| events.iter().filter(|event| event.action == *action).count();
            let tally = self.by_action.entry(action.as_deref().unwrap_or_default().to_owned()).or_default();
            tally.add(right.iter().filter(|right| **right == action).count(), n(predicted), n(gold));
        }
        for (a, b) in &pairs {
            let common = a.measures.intersection(&b.measures).count();
            self.measures.add(common, b.measures.len(), a.measures.len());
            self.factuality.add(a.factuality == b.factuality);
        }
        for (role, tally) in self.roles.iter_mut().enumerate() {
            let n = |events: &[Event<'_>]| events.iter().map(|event| event.arguments[role].len()).sum();
            let found = pairs.iter().map(|(a, b)| found(&a.arguments[role], &b.arguments[role])).sum();
            let mut own = Tally::default();
            own.add(found, n(predicted), n(gold));
            *tally += own;
            self.arguments += own;
        }
        let (gold_dyads, predicted_dyads) = (dyads(gold), dyads(predicted));
        let common = gold_dyads.intersection(&predicted_dyads).count();
        self.dyads.add(common, predicted_dyads.len(), gold_dyads.len());
        for (other, tally) in self.others.iter_mut().enumerate() {
            let n =
                |events: &[Event<'_>]| events.iter().filter(|event| event.others[other].is_some()).count();
            let meet = |(a, b): &&(&Event<'_>, &Event<'_>)| {
                a.others[other].zip(b.others[other]).is_some_and(|(a, b)| a.overlap(b) > 0)
            };
            tally.add(pairs.iter().filter(meet).count(), n(predicted), n(gold));
        }
    }

    fn scores(self) -> Scores {
        let mut scores = Scores::default()
            .with("detection", self.detection)
            .with("action", self.action)
            .with("measures", self.measures)
            .with("arguments", self.arguments);
        for (role, tally) in ROLES.into_iter().zip(self.roles) {
            scores.add(role, tally);
        }
        let group = |tallies: &mut dyn Iterator<Item = (String, Tally)>| {
            tallies.fold(Scores::default(), |scores, (name, tally)| scores.with(name, tally))
        };
        let others = OTHERS.into_iter().map(str::to_owned).zip(self.others);
        scores
            .with("dyads", self.dyads)
            .with("factuality", self.factuality)
            .with("by_action", group(&mut self.by_action.into_iter()))
            .with("other", group(&mut { others }))
    }
}

fn paired(gold: &[Event<'_>], predicted: &[Event<'_>]) -> Vec<(usize, usize)> {
    let triggers = |events: &[Event<'_>]| events.iter().map(|event| event.trigger).collect::<Vec<_>>();
    let weigh = |(i, j): (usize, usize)| {
        let (a, b) = (&gold[i], &predicted[j]);
        let action = if a.action == b.action { SAME_ACTION } else { 0.0 };
        (i, j, PAIRED + a.trigger.jaccard(b.trigger) + action)
    };
    let overlaps = overlapping(&triggers(gold), &triggers(predicted));
    assign(&overlaps.into_iter().map(weigh).collect::<Vec<_>>())
}

/// How many of the gold arguments are found: by code, or where gold has none by an overlapping span, one to one.
fn found(gold: &[Argument], predicted: &[Argument]) -> usize {
    let codes: HashSet<_> = predicted.iter().filter_map(|argument| argument.norm.as_deref()).collect();
    let is_found = |argument: &&Argument| argument.norm.as_deref().is_some_and(|norm| codes.contains(norm));
    let used: HashSet<_> =
        gold.iter().filter(is_found).filter_map(|argument| argument.norm.as_deref()).collect();
    let is_left = |argument: &&Argument| argument.norm.as_deref().is_none_or(|norm| !used.contains(norm));
    let left: Vec<_> = predicted.iter().filter(is_left).map(|argument| argument.span).collect();
    let unknown: Vec<_> =
        gold.iter().filter(|argument| argument.norm.is_none()).map(|argument| argument.span).collect();
    let edges: Vec<_> = overlapping(&unknown, &left).into_iter().map(|(i, j)| (i, j, 1.0)).collect();
    used.len() + assign(&edges).len()
}

/// Who does what to whom, by code: what event data is made of.
fn dyads<'e>(events: &'e [Event<'_>]) -> BTreeSet<(&'e str, Option<&'e str>, &'e str)> {
    let codes = |arguments: &'e [Argument]| arguments.iter().filter_map(|argument| argument.norm.as_deref());
    let of_event = |event: &'e Event<'_>| {
        codes(&event.arguments[SENDER]).flat_map(move |sender| {
            codes(&event.arguments[TARGET]).map(move |target| (sender, event.action.as_deref(), target))
        })
    };
    events.iter().flat_map(of_event).collect()
}
