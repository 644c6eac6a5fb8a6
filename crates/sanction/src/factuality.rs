//! Whether an event is presented as having happened, as possible, or as not happening.

use demarche_core::{Action, Factuality};

use crate::governor::Draft;
use crate::lexicon::{Class, Pos};
use crate::view::View;

/// What the words of a clause say about its reality.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "five things that are heard of a clause, in any combination"
)]
pub(crate) struct Mood {
    pub(crate) negated: bool,
    /// `will`, `would`, `could`, …, or an infinitive of purpose.
    pub(crate) open: bool,
    /// `should`, `must`: somebody asks for it.
    pub(crate) due: bool,
    /// Under `if`, `unless`, `until`.
    pub(crate) conditional: bool,
    /// It has a conditional clause of its own.
    pub(crate) on_condition: bool,
}

impl Mood {
    fn and(self, other: Self) -> Self {
        Self {
            negated: self.negated || other.negated,
            open: self.open || other.open,
            due: self.due || other.due,
            conditional: self.conditional || other.conditional,
            on_condition: self.on_condition || other.on_condition,
        }
    }
}

/// Subordinators that make a clause hypothetical.
const CONDITIONAL: [&str; 7] = ["if", "unless", "until", "once", "lest", "whether", "before"];

/// The mood of an event: of its trigger, and of what stands between the trigger and the clause's verb.
pub(crate) fn mood(view: &View<'_>, draft: &Draft) -> Mood {
    let mut mood = of_word(view, draft.trigger);
    if draft.seed.token != draft.trigger && view.pos(draft.seed.token) == Some(Pos::Noun) {
        mood.negated |= denied_noun(view, draft.seed.token);
    }
    // A noun takes the mood of the verb that it hangs on: "will impose sanctions".
    let mut token = draft.trigger;
    for _ in 0..MAX_UP {
        let Some(head) = view.tree.head(token) else { break };
        let carries = match view.tree.relation(token) {
            "conj" => view.tree.children_by(token, &["aux", "nsubj"]).next().is_none(),
            "obj" | "nsubj" | "obl" | "nmod" | "xcomp" | "compound" | "appos" => {
                view.pos(token) == Some(Pos::Noun) || view.tree.relation(token) == "xcomp"
            }
            "ccomp" | "acl" => draft.steps.iter().any(|step| step.token == head),
            _ => false,
        };
        if !carries {
            break;
        }
        mood = mood.and(of_word(view, head));
        token = head;
    }
    mood
}

/// Words above the trigger whose mood is its mood too.
const MAX_UP: usize = 4;

pub(crate) fn of_word(view: &View<'_>, token: usize) -> Mood {
    let mut mood = Mood::default();
    for child in view.tree.children(token) {
        let lemma = view.tree.lemma(child);
        match view.tree.relation(child) {
            "advmod" | "det" | "cc" | "neg" | "part" => {
                mood.negated |= matches!(lemma, "not" | "n't" | "never" | "no" | "n’t" | "neither" | "nor");
            }
            "aux" => match lemma {
                "will" | "would" | "could" | "may" | "might" | "can" | "shall" | "'ll" | "wo" | "’ll" => {
                    mood.open = true;
                }
                "should" | "must" | "ought" => mood.due = true,
                _ => {}
            },
            "nsubj" => {
                mood.negated |= denied_noun(view, child);
                // "Any delivery is a violation": it is not said that there was one.
                mood.open |= view.tree.children_by(child, &["det"]).any(|det| view.tree.lemma(det) == "any");
            }
            "mark" => mood.conditional |= CONDITIONAL.contains(&lemma),
            "advcl" => mood.on_condition |= matches!(view.preposition(child), "if" | "unless"),
            _ => {}
        }
    }
    // A predicate that the tree has parted from its subject: "any" at the head of the sentence is still its quantifier.
    let parted = view.tree.children_by(token, &["cop"]).next().is_some()
        && view.tree.children_by(token, &["nsubj"]).next().is_none();
    mood.open |= parted && view.tree.lemma(view.vicinity(token).start).eq_ignore_ascii_case("any");
    // "to lift": an infinitive that nothing above settles.
    let relation = view.tree.relation(token);
    if matches!(relation, "advcl" | "acl") && view.tree.xpos(token) == "VB" {
        mood.open = true;
    }
    mood
}

fn denied_noun(view: &View<'_>, noun: usize) -> bool {
    matches!(view.tree.lemma(noun), "nobody" | "none" | "nothing")
        || view
            .tree
            .children_by(noun, &["det", "advmod"])
            .any(|child| matches!(view.tree.lemma(child), "no" | "neither"))
}

/// The factuality of an event of this action in this mood.
pub(crate) fn factuality(draft: &Draft, mood: Mood, action: Action) -> Factuality {
    let negated = mood.negated != draft.negated || mood.negated && draft.negated && action == Action::Violate;
    let possible = mood.open || mood.due || mood.conditional || draft.supposed;
    match action {
        _ if negated => Factuality::Negated,
        Action::Threaten | Action::Propose | Action::UrgeRelief => Factuality::Possible,
        Action::InForce => Factuality::Actual,
        _ if possible => Factuality::Possible,
        _ => Factuality::Actual,
    }
}

/// What one will do when it is an answer to somebody.
const ANSWERS: [&str; 8] = [
    "retaliate",
    "retaliation",
    "reprisal",
    "countermeasure",
    "response",
    "reaction",
    "answer",
    "consequence",
];

/// Whether the sender announces what it will do on a condition, how it will answer, or what somebody may face: a threat.
pub(crate) fn is_threat(view: &View<'_>, draft: &Draft, mood: Mood, action: Action) -> bool {
    if mood.negated || draft.negated {
        return false;
    }
    let steps = |class: Class| draft.steps.iter().any(|step| step.class == class);
    let answers = draft.seed.class == Class::Answer || ANSWERS.contains(&view.tree.lemma(draft.seed.token));
    match action {
        Action::Propose => steps(Class::Consider) && mood.on_condition,
        _ => mood.open && (mood.on_condition || answers || steps(Class::Suffer)),
    }
}
