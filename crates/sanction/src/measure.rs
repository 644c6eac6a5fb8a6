//! Which kind of penalty it is: what the words around the seed say.

use demarche_core::Measures;

use crate::governor::Draft;
use crate::lexicon::{Class, Things};
use crate::view::View;

/// Tokens of a phrase that are looked through.
const MAX_PHRASE: usize = 24;

/// The measures of an event; empty where the text does not say.
pub(crate) fn measures(view: &View<'_>, draft: &Draft) -> Measures {
    let seed = draft.seed;
    let mut own = match seed.class {
        Class::Penalty | Class::Release | Class::Seizure => penalty(view, draft),
        _ => noun(view, seed.token),
    };
    for conjunct in view.tree.children_by(seed.token, &["conj"]) {
        if view.entry(conjunct).is_seed() && view.tree.upos(conjunct) == view.tree.upos(seed.token) {
            own = union(own, noun(view, conjunct));
        }
    }
    own
}

/// "oil embargo", "ban on Russian diamonds", "arms and travel restrictions".
fn noun(view: &View<'_>, noun: usize) -> Measures {
    let senses = view.entry(noun).senses.iter().filter(|sense| sense.class.is_seed());
    let general = senses.fold(Measures::default(), |sum, sense| union(sum, sense.measures));
    let mut particular = Measures::default();
    for child in view.tree.children(noun) {
        let relation = view.tree.relation(child);
        match relation {
            "amod" | "compound" => particular = union(particular, modifier(view, child)),
            // "consequences for our relations"
            "nmod" if view.preposition(child) == "for" && view.is(child, Things::RELATION) => {
                particular = union(particular, said(view, child));
            }
            "nmod"
                if matches!(view.preposition(child), "on" | "of" | "to" | "in")
                    && view.tree.deprel(child) == "nmod" =>
            {
                particular = union(particular, within(view, child));
            }
            _ => {}
        }
    }
    if let Some(phrase) = view.behind(noun, &["on"]).filter(|_| particular.is_empty()) {
        particular = within(view, phrase);
    }
    if particular.is_empty() { general } else { particular }
}

fn modifier(view: &View<'_>, word: usize) -> Measures {
    let series = view.tree.children_by(word, &["conj", "compound", "amod"]).take(MAX_PHRASE);
    series.fold(said(view, word), |sum, other| union(sum, said(view, other)))
}

/// What a word says by itself; "diplomatic", "oil". Names of states and persons say nothing.
fn said(view: &View<'_>, word: usize) -> Measures {
    if view.is_power(word) { Measures::default() } else { view.entry(word).measures }
}

/// What the words of a phrase say, clauses in it aside.
fn within(view: &View<'_>, head: usize) -> Measures {
    let mut sum = Measures::default();
    for token in view.tree.reach(head).take(MAX_PHRASE) {
        if matches!(view.tree.relation(token), "acl" | "advcl" | "parataxis") && token != head {
            break;
        }
        sum = union(sum, said(view, token));
    }
    sum
}

/// A penalty's own measure, made precise by what it hits and what it keeps from: "bar tankers from ports".
fn penalty(view: &View<'_>, draft: &Draft) -> Measures {
    let seed = draft.seed;
    let hit = seed.hit.map_or_else(Measures::default, |hit| {
        if view.is(hit, Things::PARTY) || view.is_power(hit) {
            Measures::default()
        } else {
            within(view, hit)
        }
    });
    let kept_from =
        view.behind(seed.token, &["from"]).map_or_else(Measures::default, |place| within(view, place));
    let clause = view.tree.children_by(seed.token, &["advcl", "xcomp"]).next();
    let kept_doing = clause.map_or_else(Measures::default, |clause| within(view, clause));
    let precise = union(union(kept_from, kept_doing), Measures::default());
    let general = Measures(1 << demarche_core::Measure::Trade as u8);
    match (precise.is_empty(), seed.measures.is_empty()) {
        (false, _) => precise,
        (true, true) => hit,
        (true, false) if seed.measures == general && !hit.is_empty() => hit,
        (true, false) => seed.measures,
    }
}

const fn union(one: Measures, other: Measures) -> Measures {
    Measures(one.0 | other.0)
}
