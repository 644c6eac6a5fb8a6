//! The stated ground of an event, its date and its legal act.

use demarche_core::{Action, NONE, Span};

use crate::governor::{Draft, Step};
use crate::lexicon::{Class, Pos};
use crate::view::View;

/// Prepositions and subordinators that introduce a ground.
const GROUND: [&str; 8] = ["over", "because", "for", "due", "after", "since", "following", "given"];

/// Longest ground that is kept, in tokens: more is a misread sentence.
const MAX_GROUND: usize = 60;

/// The span of the stated ground, without its connective; for a threat, its condition.
pub(crate) fn reason(view: &View<'_>, draft: &Draft, action: Action) -> Option<Span> {
    let places = std::iter::once(draft.trigger)
        .chain(draft.steps.iter().map(|step| step.token))
        .chain(std::iter::once(draft.seed.token));
    places.filter(|&place| view.pos(place).is_some()).find_map(|place| {
        view.tree.children(place).find_map(|child| {
            let clause = view.tree.relation(child) == "advcl";
            let phrase = matches!(view.tree.deprel(child), "obl" | "nmod");
            let opener = view.preposition(child);
            let ground = match opener {
                "if" | "unless" => clause && action == Action::Threaten,
                "for" => {
                    // "for its role in" is a ground, "for six months" and "for Iran" are not.
                    clause && view.tree.xpos(child) == "VBG"
                        || phrase
                            && view.pos(place) == Some(Pos::Verb)
                            && view.entity(child).is_none()
                            && !is_amount(view, child)
                }
                "over" => phrase && !is_amount(view, child) && view.entity(child).is_none(),
                "after" | "since" | "following" => {
                    clause && view.tree.xpos(child) != "VBG" && opener == "after"
                }
                _ if GROUND.contains(&opener) => clause || phrase,
                "in" => phrase && is_response(view, child),
                _ => false,
            };
            // "Called for sanctions": what is asked for is no ground of asking.
            let own = view.tree.reach(child).contains(&draft.seed.token);
            (ground && !own).then(|| body(view, child)).flatten()
        })
    })
}

fn is_response(view: &View<'_>, token: usize) -> bool {
    matches!(view.tree.lemma(token), "response" | "retaliation" | "reaction" | "return")
}

fn is_amount(view: &View<'_>, token: usize) -> bool {
    view.tree.children_by(token, &["nummod"]).next().is_some()
        || view.entity(token).is_some_and(|entity| {
            matches!(view.doc.entity(entity).label, "DATE" | "TIME" | "MONEY" | "PERCENT" | "QUANTITY")
        })
}

/// The ground's own words.
fn body(view: &View<'_>, head: usize) -> Option<Span> {
    let reach = view.tree.reach(head);
    if is_response(view, head) {
        let ground = view.behind(head, &["to", "for"])?;
        return body(view, ground);
    }
    let openers = view.tree.children_by(head, &["case", "mark"]).take_while(|&child| child < head);
    let mut first = openers.map(|opener| view.tree.reach(opener).end).max().unwrap_or(reach.start);
    first = first.max(reach.start);
    if view.tree.relation(first) == "det"
        && matches!(view.tree.lemma(first), "the" | "a")
        && first + 1 < reach.end
    {
        first += 1;
    }
    let mut end = reach.end;
    while end > first + 1 && view.tree.relation(end - 1) == "punct" {
        end -= 1;
    }
    (first < end && end - first <= MAX_GROUND).then(|| view.span(first..end))
}

/// The date expression of the action itself: one that hangs on the trigger or on the verb that carries it, be it by way of
/// the nouns between them.
pub(crate) fn date(view: &View<'_>, draft: &Draft) -> Option<Span> {
    let carries = |token: usize| {
        let carrier = |step: &Step| {
            step.token == token && matches!(step.class, Class::Light | Class::Suffer | Class::Inflict)
        };
        token == draft.trigger || draft.steps.iter().any(carrier)
    };
    let mut last = None;
    view.vicinity(draft.trigger).find_map(|token| {
        let entity = view.entity(token).filter(|&entity| last.replace(entity) != Some(entity))?;
        let found = view.doc.entity(entity);
        if !matches!(found.label, "DATE" | "TIME") {
            return None;
        }
        let inside = |above: &usize| view.entity(*above) == Some(entity);
        let head = std::iter::once(token).chain(view.tree.ancestors(token)).take_while(inside).last()?;
        if matches!(view.preposition(head), "for" | "by" | "until") || view.tree.relation(head) == "nsubj" {
            return None;
        }
        let above = view
            .tree
            .ancestors(head)
            .take(MAX_CLIMB)
            .find(|&above| view.pos(above) != Some(Pos::Noun) || carries(above));
        above.is_some_and(carries).then_some(found.span)
    })
}

/// Nouns between a date and the verb that it dates.
const MAX_CLIMB: usize = 4;

/// The legal act: a named law of the sentence, or a resolution, act or order with its name or number.
pub(crate) fn instrument(view: &View<'_>, draft: &Draft) -> Option<Span> {
    let sentence = view.vicinity(draft.trigger);
    let mut last = NONE;
    let mut best: Option<(usize, Span)> = None;
    for token in sentence {
        let Some(entity) = view.entity(token).filter(|&entity| entity as u32 != last) else { continue };
        last = entity as u32;
        let entity = view.doc.entity(entity);
        let distance = token.abs_diff(draft.trigger);
        if entity.label == "LAW" && best.is_none_or(|(nearest, _)| distance < nearest) {
            best = Some((distance, entity.span));
        }
    }
    best.map(|(_, span)| span).or_else(|| {
        let seed = draft.seed;
        (seed.class == Class::Rule).then(|| crate::party::phrase(view, seed.token))
    })
}
