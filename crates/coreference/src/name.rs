//! The first sieve: names. The same name, a last name, an acronym are the same thing, which the entity layer says
//! already; a state goes with its capital, unless the capital is only where something happens.

use demarche_core::Upos;
use hashbrown::HashMap;

use crate::chain::Chains;
use crate::lexicon::Lexicon;
use crate::mention::{Class, Kind};

/// Puts every named mention in a chain.
pub(crate) fn link(chains: &mut Chains<'_, '_>, lexicon: &Lexicon) {
    let mut known: HashMap<(Class, &str), usize> = HashMap::new();
    for mention in 0..chains.mentions.len() {
        let Kind::Name(entity) = chains.mentions[mention].kind else { continue };
        let row = chains.reading.entities[entity];
        let name = row.name.unwrap_or_else(|| chains.reading.doc.slice(row.span));
        let text = chains.reading.doc.slice(row.span);
        let mut class = chains.mentions[mention].class;
        let is_capital = lexicon.is_capital(name) || lexicon.is_capital(text);
        if class == Class::State && is_capital && is_place(chains, mention, lexicon) {
            class = Class::Place;
        }
        // "Brussels" for the EU.
        if let (Class::State, Some(norm)) = (class, row.norm.filter(|norm| norm.len() != 3)) {
            class = Class::Body;
            known.entry((class, norm)).or_insert_with(|| chains.add(Class::Body));
        }
        chains.mentions[mention].class = class;
        let chain = match (class, row.norm) {
            (Class::State, Some(norm)) => chains.state(norm),
            (Class::Body, Some(norm)) if name == norm || is_acronym_of(norm, name) || row.label == "GPE" => {
                *known.entry((class, norm)).or_insert_with(|| chains.add(class))
            }
            _ => *known.entry((class, name)).or_insert_with(|| chains.add(class)),
        };
        chains.put(mention, chain);
        chains.describe(mention, lexicon);
        let chain = &mut chains.known[chain];
        let first_name = name.split(' ').next().unwrap_or(name);
        if class == Class::Person && chain.gender.is_none() {
            chain.gender = lexicon.gender_of_name(first_name);
        }
        let is_fuller = |known: &str| match class {
            // The state's own name, not its capital's.
            Class::State | Class::Body if row.label == "GPE" => lexicon.is_capital(known) && !is_capital,
            _ => name.len() > known.len(),
        };
        if chain.name.is_none_or(is_fuller) {
            chain.name = Some(name);
            chain.label = Some(row.label);
        }
        chain.norm = chain.norm.or(row.norm);
    }
}

/// Words before a capital among which "flew" in "flew back to Oslo" stands.
const MOTION_WORDS: usize = 3;

/// Whether a capital is named as the place: "in Oslo", a dateline, "flew to Oslo".
fn is_place(chains: &Chains<'_, '_>, mention: usize, lexicon: &Lexicon) -> bool {
    let reading = chains.reading;
    let crate::mention::Mention { head, first, end, .. } = chains.mentions[mention];
    let starts_line = reading.before(first).is_none();
    if starts_line
        && reading
            .after(end - 1)
            .is_some_and(|after| matches!(reading.word(after), "," | "(" | "-" | "–" | "—" | "."))
    {
        // "OSLO, March 3 (Wire) -", "OSLO —"; not "Oslo, which …".
        return reading.word(first).chars().all(|c| !c.is_lowercase()) || reading.word(end) != ",";
    }
    let Some(before) = reading.before(first) else { return false };
    if reading.upos(before) == Upos::Adp || reading.upos(before) == Upos::Sconj {
        return match reading.word(before).to_ascii_lowercase().as_str() {
            "in" | "at" | "near" | "outside" | "around" | "across" | "inside" | "into" | "through"
            | "via" | "over" | "leaving" | "beyond" => true,
            "to" | "from" | "for" => {
                let is_motion = |token: usize| lexicon.is_motion(reading.tree.lemma(token));
                let words = first.saturating_sub(MOTION_WORDS)..first;
                reading.tree.head(head).is_some_and(is_motion) || words.into_iter().any(is_motion)
            }
            _ => false,
        };
    }
    // "reached Oslo", "Oslo Airport".
    matches!(reading.tree.relation(head), "obj" | "compound")
        && reading.tree.head(head).is_some_and(|above| {
            lexicon.is_motion(reading.tree.lemma(above)) || reading.label_at(above) == "FAC"
        })
}

fn is_acronym_of(acronym: &str, name: &str) -> bool {
    let initials = name.split([' ', '-']).filter_map(|word| word.chars().next()).filter(|c| c.is_uppercase());
    acronym.len() > 1 && initials.eq(acronym.chars())
}
