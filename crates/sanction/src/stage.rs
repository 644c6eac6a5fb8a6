use demarche_core::{
    Action, Argument, BuildError, Component, Document, Factuality, Layer, Measures, Sanction, Span, Stage,
    StageError,
};
use serde_json::{Value, json};

use crate::codes::{self, Manner};
use crate::learned::{Example, Found, Model, Sight, events, examples, text_example};
use crate::lexicon::Lexicon;
use crate::options::SanctionOptions;
use crate::party::Party;
use crate::reason::{date, instrument, reason};
use crate::view::View;

/// Finds sanction events: trigger, action, measures, factuality, sender, target, actor, act, ground, date.
pub struct Sanctions {
    lexicon: Lexicon,
    model: Model,
    actions: Vec<Action>,
    codes: bool,
    min_confidence: f32,
    explain: bool,
}

impl Sanctions {
    /// The stage with a model of one's own.
    ///
    /// # Errors
    /// If an option is wrong or a file of the options cannot be read.
    pub fn with_model(options: &SanctionOptions, model: Model) -> Result<Self, BuildError> {
        Ok(Self {
            lexicon: options.lexicon()?,
            model,
            actions: options.actions()?,
            codes: options.codes,
            min_confidence: options.confidence()?,
            explain: options.explain,
        })
    }

    /// What there is to learn from a document that has every layer but sanctions: `gold` is the same text with its
    /// events.
    pub fn examples(&self, doc: &Document<'_>, gold: &Document<'_>) -> Vec<Example> {
        let view = View::of(doc, &self.lexicon);
        view.map(|view| examples(&Sight::of(&view, self.model.clusters()), gold)).unwrap_or_default()
    }

    /// What there is to learn from a text of which one knows only whether it `tells` of an event; `None` where no
    /// word could be one.
    pub fn text_example(&self, doc: &Document<'_>, tells: bool) -> Option<Example> {
        View::of(doc, &self.lexicon).map(|view| text_example(&Sight::of(&view, self.model.clusters()), tells))
    }
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
        let model = Model::open(Model::ENGLISH).expect("the crate's own model is whole, its tests see to it");
        Self::with_model(&options, model)
    }
}

impl Stage for Sanctions {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        let found = View::of(doc, &self.lexicon).map(|view| found(&view, &self.model)).unwrap_or_default();
        let kept = |event: &&Event| {
            self.actions.contains(&event.action) && event.why.confidence >= self.min_confidence
        };
        for event in found.iter().filter(kept) {
            doc.add_sanction(&event.row(self.codes));
            if self.explain {
                doc.annotate(WHY, event.trigger, &event.why.value());
            }
        }
        Ok(())
    }
}

/// The open layer that says why events were found.
const WHY: &str = "sanction-why";

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
    why: Why,
}

/// Why an event was found.
struct Why {
    confidence: f32,
    by_rule: bool,
    seed: Box<str>,
    way: Vec<Box<str>>,
}

impl Why {
    fn value(&self) -> Value {
        // Three digits are more than it is worth.
        let confidence = (f64::from(self.confidence) * 1000.0).round() / 1000.0;
        json!({"confidence": confidence, "by_rule": self.by_rule, "seed": self.seed, "way": self.way})
    }
}

/// The events of a document, in text order of their triggers.
fn found(view: &View<'_>, model: &Model) -> Vec<Event> {
    let sight = Sight::of(view, model.clusters());
    events(&sight, model).into_iter().map(|found| event(view, found)).collect()
}

fn event(view: &View<'_>, found: Found) -> Event {
    let Found { draft, action, measures, factuality, roles, confidence, by_rule } = found;
    let trigger = view.doc.tokens()[draft.trigger];
    let word = |token: usize| -> Box<str> { view.doc.token(token).into() };
    let way = draft.steps.iter().map(|step| word(step.token)).collect();
    Event {
        trigger,
        action,
        measures,
        factuality,
        sender: roles.sender,
        target: roles.target,
        actor: roles.actor,
        instrument: instrument(view, &draft),
        reason: reason(view, &draft, action),
        date: date(view, &draft),
        quote: view.quote(trigger),
        manner: codes::manner(view, &draft, action),
        why: Why { confidence, by_rule, seed: word(draft.seed.token), way },
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
