//! What the rules say of each word: knowledge that the learned part weighs with everything else.

use demarche_core::Action;

use crate::governor::Draft;
use crate::lexicon::Class;
use crate::rules::{Finding, read};
use crate::trigger::{Context, seeds};
use crate::view::View;

/// A document's rule events, along its tokens.
pub(crate) struct Told {
    pub(crate) context: Context,
    pub(crate) findings: Vec<Finding>,
    /// Along the tokens: the finding whose trigger it is.
    trigger: Vec<u32>,
    /// Along the tokens: what kind of seed it is, taken up by a finding or not.
    seed: Vec<Option<Class>>,
    /// Along the tokens: a step on the way to the trigger of this finding.
    step: Vec<Option<(Class, Action)>>,
}

/// No finding.
const NOTHING: u32 = u32::MAX;

impl Told {
    /// Reads the document by rule.
    pub(crate) fn of(view: &View<'_>) -> Self {
        let context = Context::of(view);
        let findings = read(view, context);
        let mut told = Self {
            context,
            trigger: vec![NOTHING; view.len()],
            seed: vec![None; view.len()],
            step: vec![None; view.len()],
            findings,
        };
        for seed in seeds(view, context) {
            told.seed[seed.token] = Some(seed.class);
        }
        for (i, finding) in told.findings.iter().enumerate() {
            let draft = &finding.reading.draft;
            told.trigger[draft.trigger] = i as u32;
            for step in &draft.steps {
                told.step[step.token] = Some((step.class, finding.reading.action));
            }
        }
        told
    }

    /// The rule event whose trigger the token is.
    pub(crate) fn finding(&self, token: usize) -> Option<&Finding> {
        self.findings.get(self.trigger[token] as usize)
    }

    /// What kind of seed the token is.
    pub(crate) fn seed(&self, token: usize) -> Option<Class> {
        self.seed[token]
    }

    /// What the token is on the way from a seed to a trigger, and the action of that event.
    pub(crate) fn step(&self, token: usize) -> Option<(Class, Action)> {
        self.step[token]
    }

    /// The draft of an event with this trigger: that of the rules, or one of the word alone.
    pub(crate) fn draft(&self, view: &View<'_>, token: usize, action: Action) -> Draft {
        let known = self.finding(token).map(|finding| finding.reading.draft.clone());
        known.unwrap_or_else(|| Draft::alone(view, token, action))
    }
}
