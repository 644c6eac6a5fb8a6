use demarche_core::{
    Action, Argument, BuildError, Component, Document, Factuality, Layer, Measures, Sanction, Span, Stage,
    StageError,
};

use crate::argument::{Roles, roles};
use crate::codes::{self, Manner};
use crate::factuality::{Mood, factuality, is_threat, mood};
use crate::governor::{Draft, climb};
use crate::lexicon::{Class, Lexicon, Things};
use crate::measure::measures;
use crate::memory::complete;
use crate::options::SanctionOptions;
use crate::party::Party;
use crate::reason::{date, instrument, reason};
use crate::trigger::{Context, is_absorbed, is_resumed, seeds};
use crate::view::View;

/// Finds sanction events: trigger, action, measures, factuality, sender, target, actor, act, ground, date.
pub struct Sanctions {
    lexicon: Lexicon,
    actions: Vec<Action>,
    codes: bool,
}

impl Component for Sanctions {
    const NAME: &'static str = "sanction";
    const SUMMARY: &'static str = "who sanctions whom, how and why, with codes for event data";
    const READS: &'static [Layer] = &[
        Layer::Tokens,
        Layer::Sentences,
        Layer::Morphology,
        Layer::Dependencies,
        Layer::Entities,
        Layer::Chains,
        Layer::Quotes,
    ];
    const WRITES: &'static [Layer] = &[Layer::Sanctions];
    type Options = SanctionOptions;

    fn build(options: SanctionOptions) -> Result<Self, BuildError> {
        let mut lexicon = Lexicon::built_in();
        if let Some(file) = &options.lexicon {
            lexicon.add_triggers(&file.read()?).map_err(|error| BuildError::File {
                path: file.as_path().to_owned(),
                line: error.line,
                message: error.message,
            })?;
        }
        Ok(Self { lexicon, actions: options.actions()?, codes: options.codes })
    }
}

impl Stage for Sanctions {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        let found = View::of(doc, &self.lexicon).map(|view| events(&view)).unwrap_or_default();
        for event in found.iter().filter(|event| self.actions.contains(&event.action)) {
            doc.add_sanction(&event.row(self.codes));
        }
        Ok(())
    }
}

/// An event as it is found; its strings are its own.
struct Event {
    trigger: Span,
    action: Action,
    measures: Measures,
    factuality: Factuality,
    sender: Vec<Party>,
    target: Vec<Party>,
    actor: Vec<Party>,
    instrument: Option<Span>,
    reason: Option<Span>,
    date: Option<Span>,
    quote: Option<usize>,
    manner: Manner,
}

/// The events of a document, in text order of their triggers.
fn events(view: &View<'_>) -> Vec<Event> {
    let context = Context::of(view);
    if context.is_foreign() {
        return Vec::new();
    }
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
    readings.iter().zip(all).map(|(reading, roles)| event(view, reading, roles)).collect()
}

/// A draft that turned out to be an event.
struct Reading {
    draft: Draft,
    mood: Mood,
    action: Action,
    measures: Measures,
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
    stands.then_some(Reading { draft, mood, action, measures })
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

fn event(view: &View<'_>, reading: &Reading, roles: Roles) -> Event {
    let Reading { draft, mood, action, measures } = reading;
    let trigger = view.doc.tokens()[draft.trigger];
    Event {
        trigger,
        action: *action,
        measures: *measures,
        factuality: factuality(draft, *mood, *action),
        sender: roles.sender,
        target: roles.target,
        actor: roles.actor,
        instrument: instrument(view, draft),
        reason: reason(view, draft, *action),
        date: date(view, draft),
        quote: view.quote(trigger),
        manner: codes::manner(view, draft, *action),
    }
}

impl Event {
    fn row(&self, codes: bool) -> Sanction<'_> {
        Sanction {
            trigger: self.trigger,
            action: self.action,
            measures: self.measures,
            factuality: self.factuality,
            sender: arguments(&self.sender),
            target: arguments(&self.target),
            actor: arguments(&self.actor),
            instrument: self.instrument,
            reason: self.reason,
            date: self.date,
            quote: self.quote,
            cameo: codes::cameo(self.action, self.measures, self.manner).filter(|_| codes),
            plover: codes::plover(self.action, self.manner).filter(|_| codes),
        }
    }
}

fn arguments(parties: &[Party]) -> Vec<Argument<'_>> {
    parties.iter().map(|party| Argument { span: party.span, norm: party.norm.as_deref() }).collect()
}
