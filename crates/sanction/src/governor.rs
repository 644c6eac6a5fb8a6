//! The way up from a seed: which words above it state what happens to the sanction.

use demarche_core::{Action, Upos};

use crate::action::{Effect, effect, is_final};
use crate::lexicon::{CLAUSE, Class, OBJECT, Pos, Sense, Things};
use crate::trigger::Seed;
use crate::view::{Link, View};

/// A word on the way up, and what it is to the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) token: usize,
    pub(crate) class: Class,
}

/// An event before its arguments are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) seed: Seed,
    /// The word that carries the action.
    pub(crate) trigger: usize,
    /// `None` as long as a bare measure met nothing that settles it.
    pub(crate) action: Option<Action>,
    pub(crate) negated: bool,
    pub(crate) supposed: bool,
    /// The governors, nearest first.
    pub(crate) steps: Vec<Step>,
}

impl Draft {
    /// An event of which only the trigger is known: its seed is the sanction that it governs, or the word itself.
    pub(crate) fn alone(view: &View<'_>, trigger: usize, action: Action) -> Self {
        let seed = measure_below(view, trigger).unwrap_or(trigger);
        let mut senses = view.entry(seed).senses.iter().filter(|sense| sense.class.is_seed());
        let class = senses.next().map_or(Class::Weak, |sense| sense.class);
        Self {
            seed: Seed { hit: view.object(seed), ..Seed::new(seed, class) },
            trigger,
            action: Some(action),
            negated: false,
            supposed: false,
            steps: Vec::new(),
        }
    }
}

/// The first noun of a sanction below a word.
pub(crate) fn measure_below(view: &View<'_>, top: usize) -> Option<usize> {
    let names = |&token: &usize| {
        view.pos(token) == Some(Pos::Noun)
            && view.entry(token).senses.iter().any(|sense| {
                matches!(sense.class, Class::Sanction | Class::Measure | Class::Weak)
                    && sense.pos == Pos::Noun
            })
    };
    let reach = view.tree.reach(top);
    let near = reach.start.max(top.saturating_sub(MAX_BELOW))..reach.end.min(top + MAX_BELOW);
    near.filter(|&token| token != top)
        .find(|token| names(token) && view.tree.ancestors(*token).take(MAX_CLIMB).any(|above| above == top))
}

/// So far from a trigger the noun of its sanction is looked for, in tokens.
const MAX_BELOW: usize = 24;

/// Longest way up: deeper embedding than this is not read as one event.
const MAX_CLIMB: usize = 8;

/// The events that start from a seed: as a rule one, none if it turns out to be a name, two for "fined for evading".
pub(crate) fn climb(view: &View<'_>, seed: Seed) -> Vec<Draft> {
    let mut draft = Draft {
        seed,
        trigger: seed.token,
        action: seed.action,
        negated: false,
        supposed: false,
        steps: Vec::new(),
    };
    let mut others = participles(view, &mut draft);
    let mut below = seed.token;
    for _ in 0..MAX_CLIMB {
        let Some((head, link)) = view.above(below) else { break };
        if link == Link::Conjunct {
            below = head;
            continue;
        }
        let (head, sense) = match governor(view, head, link) {
            Some(sense) => (head, sense),
            None if passes(view, head, link) => {
                below = head;
                continue;
            }
            None => match distant(view, head, link).or_else(|| adjacent(view, seed, below)) {
                Some(found) => found,
                None => break,
            },
        };
        draft.steps.push(Step { token: head, class: sense.class });
        match effect(draft.action, sense.class) {
            Effect::Keep => {}
            Effect::Settle(action) => draft.action = Some(action),
            Effect::Become(action) => {
                draft.action = Some(action);
                draft.trigger = head;
                if is_final(action) {
                    break;
                }
            }
            Effect::Negate => draft.negated = true,
            Effect::Suppose => draft.supposed = true,
            Effect::Also(action) => {
                let steps = draft.steps.clone();
                others.push(Draft { trigger: head, action: Some(action), steps, ..draft.clone() });
            }
            Effect::Drop => return Vec::new(),
        }
        below = head;
    }
    others.push(draft);
    others
}

/// The sense of the word above by which it governs what hangs on it like this.
fn governor<'v>(view: &View<'v>, head: usize, link: Link<'_>) -> Option<&'v Sense> {
    let pos = view.pos(head)?;
    let senses = view.entry(head).senses.iter().filter(|sense| !sense.class.is_seed() && sense.pos == pos);
    let fitting = senses.filter(|sense| {
        sense.particle.as_ref().is_none_or(|particle| view.has_particle(head, particle)) && fits(sense, link)
    });
    // A particle or a preposition says more than the bare word: "cut off", "warn against". The first of equals wins.
    fitting.rev().max_by_key(|sense| (sense.particle.is_some(), !sense.prepositions.is_empty()))
}

fn fits(sense: &Sense, link: Link<'_>) -> bool {
    let listed = |word: &str| sense.prepositions.iter().any(|known| **known == *word);
    let attitude = matches!(
        sense.class,
        Class::Ask | Class::Consider | Class::Threaten | Class::Negate | Class::Through | Class::Light
    );
    match link {
        Link::Subject => sense.class == Class::Expire,
        Link::Object | Link::PassiveSubject => {
            sense.class != Class::Expire && (sense.prepositions.is_empty() || listed(OBJECT))
        }
        Link::Compound | Link::Possessive => sense.pos == Pos::Noun,
        Link::Preposition(word) => {
            listed(word)
                || sense.particle.as_deref() == Some(word)
                || sense.prepositions.is_empty()
                    && if sense.pos == Pos::Noun {
                        matches!(word, "of" | "on" | "to" | "in" | "for" | "from" | "against")
                    } else {
                        word.is_empty()
                    }
        }
        Link::Clause(word) => {
            listed(word)
                || matches!(word, "" | "to" | "that")
                    && (attitude || listed(CLAUSE) || sense.prepositions.is_empty())
        }
        Link::Conjunct | Link::Other => false,
    }
}

/// The verb that asks for the preposition, where a parser has hung the phrase on a noun between them: "hit *the bank* with
/// sanctions", "charged *the firm* with evading".
fn distant<'v>(view: &View<'v>, noun: usize, link: Link<'_>) -> Option<(usize, &'v Sense)> {
    let (Link::Preposition(word) | Link::Clause(word)) = link else { return None };
    let nominal = |&token: &usize| view.pos(token) == Some(Pos::Noun);
    let verb = view.tree.ancestors(noun).take(MAX_DISTANCE).find(|token| !nominal(token))?;
    let sense = governor(view, verb, link)?;
    let asked = nominal(&noun) && sense.prepositions.iter().any(|known| **known == *word);
    asked.then_some((verb, sense))
}

/// Nouns between a verb and a phrase that belongs to it.
const MAX_DISTANCE: usize = 3;

/// The word right before a seed's phrase, where the tree has nothing to say.
fn adjacent<'v>(view: &View<'v>, seed: Seed, below: usize) -> Option<(usize, &'v Sense)> {
    let (word, link) = view.neighbor(below).filter(|_| below == seed.token && seed.action.is_none())?;
    Some((word, governor(view, word, link)?))
}

/// Whether the way goes on through a word of which nothing is known.
fn passes(view: &View<'_>, head: usize, link: Link<'_>) -> bool {
    match link {
        // "began to lift", "helped to evade"
        Link::Clause(_) => view.pos(head) != Some(Pos::Noun) && !SAYING.contains(&view.tree.lemma(head)),
        // "demand that these sanctions go"
        Link::Subject | Link::PassiveSubject => {
            matches!(view.tree.relation(head), "ccomp" | "xcomp" | "csubj")
        }
        // "some of the sanctions"
        Link::Preposition("of") => {
            view.is(head, Things::COUNT) || view.pos(head) != Some(Pos::Verb) && !is_noun(view, head)
        }
        // "the sanctions dispute"
        Link::Compound => is_noun(view, head),
        _ => false,
    }
}

fn is_noun(view: &View<'_>, token: usize) -> bool {
    matches!(view.tree.upos(token), Upos::Noun | Upos::Propn)
}

/// What is said to happen stays what it is: the way up ends at these verbs.
const SAYING: [&str; 12] =
    ["say", "tell", "report", "add", "note", "write", "explain", "show", "know", "believe", "think", "mean"];

/// Participles and relative clauses on a measure: "the sanctions *imposed* by Washington on Iran", "sanctions *lifted* last
/// year". Those that only impose are steps of the draft, where its arguments are looked for; the others are events.
fn participles(view: &View<'_>, draft: &mut Draft) -> Vec<Draft> {
    let noun = draft.seed.token;
    let mut others = Vec::new();
    if draft.seed.action.is_some() && draft.seed.class != Class::Relief {
        return others;
    }
    for verb in view.tree.children_by(noun, &["acl", "amod"]) {
        // "Easing sanctions would help": the gerund before its object looks like an attribute.
        let gerund = view.tree.xpos(verb) == "VBG" && verb < noun;
        if view.tree.relation(verb) == "amod" && !gerund || view.object(verb) != Some(noun) {
            continue;
        }
        let Some(sense) = governor(view, verb, Link::Object) else { continue };
        let step = Step { token: verb, class: sense.class };
        match effect(draft.seed.action, sense.class) {
            Effect::Become(action) => {
                others.push(Draft {
                    trigger: verb,
                    action: Some(action),
                    steps: vec![step],
                    ..draft.clone()
                });
            }
            _ => draft.steps.push(step),
        }
    }
    others
}
