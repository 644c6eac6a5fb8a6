//! The second sieve: noun phrases that take up a person by role, a body by kind, a state by "the government".

use demarche_core::Upos;

use crate::chain::{Chain, Chains};
use crate::lexicon::Lexicon;
use crate::mention::{Class, Kind, Mention, Pronoun, is_age};
use crate::phrase::is_possessive_mark;

/// Sentences back to which "the 51-year-old" or "the Norwegian minister" may point at a person without that role.
const NEAR: u32 = 3;
/// Sentences back in which "the country" looks for its state.
const STATE_SENTENCES: u32 = 8;
/// Letters of a state's code.
const STATE_CODE: usize = 3;
/// First letters that related words share.
const RELATED: usize = 5;
/// Adjectives that tell nothing apart.
const EMPTY: [&str; 12] = [
    "former", "new", "own", "old", "same", "late", "current", "then", "top", "senior", "official", "veteran",
];

/// Puts every noun phrase in a chain, its antecedent's or a new one.
pub(crate) fn link(chains: &mut Chains<'_, '_>, lexicon: &Lexicon) {
    for mention in 0..chains.mentions.len() {
        let Mention { kind, class, .. } = chains.mentions[mention];
        if !matches!(kind, Kind::Definite | Kind::Indefinite) {
            continue;
        }
        let antecedent = match class {
            Class::State => state(chains, lexicon, mention),
            Class::Person if kind == Kind::Definite => person(chains, lexicon, mention),
            Class::Body if kind == Kind::Definite => body(chains, lexicon, mention),
            Class::Thing if kind == Kind::Definite => thing(chains, mention),
            _ => None,
        };
        match antecedent {
            Some(chain) => {
                chains.put(mention, chain);
                chains.absorb(mention);
            }
            None if class == Class::State => {}
            None => {
                let chain = chains.start(mention);
                chains.known[chain].label = match class {
                    Class::Person => Some("PERSON"),
                    Class::Body => Some("ORG"),
                    _ => None,
                };
                if class != Class::Thing {
                    chains.known[chain].norm = chains.norm_within(mention);
                }
                chains.describe(mention, lexicon);
            }
        }
    }
}

/// "his country", once the pronoun is resolved to somebody whose state is known.
pub(crate) fn link_owned_states(chains: &mut Chains<'_, '_>, lexicon: &Lexicon) {
    for owner in 0..chains.mentions.len() {
        let Kind::Pronoun(Pronoun::Person(_)) = chains.mentions[owner].kind else { continue };
        let first = chains.mentions[owner].first;
        // The possessor is the phrase's first word, so the phrase comes soon after it.
        let owned = (owner + 1..chains.mentions.len()).take(3).find(|&mention| {
            let Mention { first: start, head, class, .. } = chains.mentions[mention];
            start == first && class == Class::State && lexicon.is_state(chains.reading.word(head))
        });
        let norm = chains
            .of(owner)
            .and_then(|chain| chains.known[chain].norm)
            .filter(|norm| norm.len() == STATE_CODE);
        if let (Some(owned), Some(norm)) = (owned, norm) {
            let chain = chains.state(norm);
            chains.put(owned, chain);
        }
    }
}

/// "The deputy foreign minister", after "Vice Foreign Minister …".
fn person(chains: &Chains<'_, '_>, lexicon: &Lexicon, mention: usize) -> Option<usize> {
    let reading = chains.reading;
    let Mention { head, first, sentence, .. } = chains.mentions[mention];
    if reading.tree.xpos(first) == "PRP$" {
        return None;
    }
    let noun = reading.word(head);
    let norm = chains.norm_within(mention);
    let people = || before(chains, mention).filter(|&(_, chain)| chains.known[chain].class == Class::Person);
    let agrees = |chain: usize| {
        let chain = &chains.known[chain];
        let gender = lexicon.gender_of_role(noun);
        (norm.is_none() || chain.norm.is_none() || chain.norm == norm)
            && (gender.is_none() || chain.gender.is_none() || chain.gender == gender)
    };
    if !is_age(reading, head) {
        let fits = |chain: usize| agrees(chain) && has_role(chains, lexicon, mention, chain);
        if let Some((_, chain)) = people().find(|&(_, chain)| fits(chain)) {
            return Some(chain);
        }
    }
    if !is_age(reading, head) {
        // "The Russian ambassador was summoned. …, the Russian ambassador in Seoul, …"
        let named = ahead(chains, mention, Class::Person).find(|&(later, chain)| {
            let until = chains.mentions[later].end;
            norm.is_some() && agrees(chain) && has_role_until(chains, lexicon, mention, chain, until)
        });
        if let Some((_, chain)) = named {
            return Some(chain);
        }
    }
    // Nobody is known by that role: a person of whom no other is told, near enough and of the same state.
    let near =
        people().take_while(|&(antecedent, _)| sentence - chains.mentions[antecedent].sentence <= NEAR);
    let mut near = near.filter(|&(antecedent, chain)| {
        let is_bare = !chains.known[chain]
            .words
            .iter()
            .any(|&token| token < head && lexicon.is_role(reading.word(token)));
        let is_known =
            matches!(chains.mentions[antecedent].kind, Kind::Name(_)) && chains.known[chain].name.is_some();
        is_known && agrees(chain) && (is_age(reading, head) || is_bare)
    });
    let is_subject = |&(antecedent, _): &(usize, usize)| chains.mentions[antecedent].is_subject;
    let (_, chain) = near.find(is_subject)?;
    let is_only = people()
        .take_while(|&(antecedent, _)| sentence - chains.mentions[antecedent].sentence <= NEAR)
        .all(|(_, other)| other == chain);
    let says_little =
        is_age(reading, head) || is_only || norm.is_some() || modifiers(chains, mention).next().is_none();
    (says_little && chains.mentions[mention].is_subject).then_some(chain)
}

/// Whether the chain's titles say what the phrase says: its noun, and all that modifies it.
fn has_role(chains: &Chains<'_, '_>, lexicon: &Lexicon, mention: usize, chain: usize) -> bool {
    has_role_until(chains, lexicon, mention, chain, chains.mentions[mention].head)
}

/// The same by what is said before token `until`: what is only said later is not known yet.
fn has_role_until(
    chains: &Chains<'_, '_>,
    lexicon: &Lexicon,
    mention: usize,
    chain: usize,
    until: usize,
) -> bool {
    let reading = chains.reading;
    let noun = reading.word(chains.mentions[mention].head);
    let known =
        || chains.known[chain].words.iter().filter(|&&token| token < until).map(|&token| reading.word(token));
    let is_deputy = |word: &str| lexicon.same(word, "deputy");
    let says_deputy = is_deputy(noun) || modifiers(chains, mention).any(is_deputy);
    if !says_deputy
        && matches!(noun, "president" | "premier" | "chancellor" | "governor")
        && known().any(is_deputy)
    {
        return false;
    }
    known().any(|word| lexicon.same(word, noun) || lexicon.takes_up(noun, word))
        && modifiers(chains, mention).all(|modifier| known().any(|word| lexicon.same(word, modifier)))
}

/// "The ministry", after "the Foreign Ministry"; "the company", after a name that says no more.
fn body(chains: &Chains<'_, '_>, lexicon: &Lexicon, mention: usize) -> Option<usize> {
    let reading = chains.reading;
    let Mention { head, first, .. } = chains.mentions[mention];
    if reading.tree.xpos(first) == "PRP$" {
        return None;
    }
    let noun = reading.word(head);
    let norm = chains.norm_within(mention);
    // "The M23 rebel group": named by what stands before its noun.
    let is_named = |(_, chain): &(usize, usize)| chains.known[*chain].class == Class::Body;
    let named = (first..head).rev().find(|&token| reading.label_at(token) == "ORG");
    if let Some(name) = named.filter(|&name| name + 1 == head || !is_possessive_mark(reading, name + 1)) {
        let within = |&(inner, _): &(usize, usize)| {
            let Mention { first, end, .. } = chains.mentions[inner];
            first <= name && name < end
        };
        return before(chains, mention).filter(is_named).take(4).find(within).map(|(_, chain)| chain);
    }
    let bodies = || before(chains, mention).filter(|&(_, chain)| chains.known[chain].class == Class::Body);
    let agrees = |chain: usize| norm.is_none() || chains.known[chain].norm == norm;
    let holds = |chain: usize, noun: &str| {
        let chain = &chains.known[chain];
        let in_name =
            chain.name.is_some_and(|name| name.split([' ', '-']).any(|word| lexicon.same(word, noun)));
        in_name || chain.words.iter().any(|&token| token < head && lexicon.same(reading.word(token), noun))
    };
    let fits = |chain: usize| modifiers(chains, mention).all(|modifier| holds(chain, modifier));
    let takes_up = |chain: usize| agrees(chain) && holds(chain, noun) && fits(chain);
    // "The court" is rather the court that has a name than "a kangaroo court".
    let named = bodies().find(|&(_, chain)| chains.known[chain].name.is_some() && takes_up(chain));
    if let Some((_, chain)) = named.or_else(|| bodies().find(|&(_, chain)| takes_up(chain))) {
        return Some(chain);
    }
    let is_akin = |chain: usize, word: &str| {
        let name = chains.known[chain].name.unwrap_or_default();
        name.split([' ', '-']).any(|known| lexicon.same(known, word) || is_related(known, word))
    };
    let later = ahead(chains, mention, Class::Body).find(|&(_, chain)| {
        let modified = modifiers(chains, mention).next().is_some();
        modified
            && agrees(chain)
            && is_akin(chain, noun)
            && modifiers(chains, mention).all(|word| is_akin(chain, word))
    });
    if let Some((_, chain)) = later {
        return Some(chain);
    }
    let kinds = lexicon.body_kinds(noun);
    if kinds.is_empty() || modifiers(chains, mention).next().is_some() {
        return None;
    }
    let (any, named): (Vec<&str>, Vec<&str>) = kinds.iter().partition(|&&kind| kind == "*");
    let is_kind = |chain: usize| {
        let known = &chains.known[chain];
        let by_code = known.norm.is_some_and(|norm| named.iter().any(|kind| kind.eq_ignore_ascii_case(norm)));
        let by_default = !any.is_empty() && known.norm.is_none() && known.name.is_some();
        by_code || by_default || named.iter().any(|kind| holds(chain, kind))
    };
    bodies().find(|&(_, chain)| is_kind(chain)).map(|(_, chain)| chain)
}

/// "The Ghanaian government", "the government", "the country".
fn state(chains: &mut Chains<'_, '_>, lexicon: &Lexicon, mention: usize) -> Option<usize> {
    let reading = chains.reading;
    let Mention { head, first, sentence, kind, .. } = chains.mentions[mention];
    let noun = reading.word(head);
    let is_government = lexicon.is_government(noun);
    if let Some(norm) = chains.norm_within(mention).or_else(|| seat(chains, mention)) {
        return is_government.then(|| chains.state(norm));
    }
    if noun == "administration" {
        // Said bare, it is the American one.
        let is_american = |chain: &Chain<'_>| chain.class == Class::State && chain.norm == Some("USA");
        return chains.known.iter().position(is_american);
    }
    let is_bare = matches!(noun, "government" | "administration" | "authorities") || !is_government;
    let is_one = !matches!(reading.tree.xpos(head), "NNS") || noun == "authorities";
    let is_owned =
        reading.tree.xpos(first) == "PRP$" || (first..head).any(|token| is_possessive_mark(reading, token));
    if kind != Kind::Definite
        || !is_bare
        || !is_one
        || is_owned
        || modifiers(chains, mention).next().is_some()
    {
        return None;
    }
    if is_government && let Some(chain) = subject_state(chains, mention) {
        return Some(chain);
    }
    let states = before(chains, mention).filter(|&(_, chain)| chains.known[chain].class == Class::State);
    let mut nearest: Option<(u32, usize, bool)> = None;
    for (antecedent, chain) in states {
        let Mention { sentence: place, is_subject, .. } = chains.mentions[antecedent];
        if sentence - place > STATE_SENTENCES {
            break;
        }
        match nearest {
            None => nearest = Some((place, chain, is_subject)),
            Some((known, ..)) if known != place => break,
            // In an earlier sentence its subject, otherwise its first state.
            Some((_, _, false)) if place < sentence => nearest = Some((place, chain, is_subject)),
            Some(_) => {}
        }
    }
    nearest.map(|(_, chain, _)| chain)
}

/// "Minister Lind conveyed the government's position": the state of the sentence's subject,
/// if the text names that state at all.
fn subject_state(chains: &Chains<'_, '_>, mention: usize) -> Option<usize> {
    let sentence = chains.mentions[mention].sentence;
    let here = before(chains, mention).take_while(|&(other, _)| chains.mentions[other].sentence == sentence);
    let mut people = here.filter(|&(other, chain)| {
        chains.mentions[other].is_subject && chains.known[chain].class == Class::Person
    });
    let norm =
        people.find_map(|(_, chain)| chains.known[chain].norm.filter(|norm| norm.len() == STATE_CODE))?;
    chains.known_state(norm)
}

/// "The government in Lima": the code of where it sits.
fn seat<'d>(chains: &Chains<'_, 'd>, mention: usize) -> Option<&'d str> {
    let reading = chains.reading;
    let after =
        reading.after(chains.mentions[mention].end - 1).filter(|&after| reading.word(after) == "in")?;
    let entity = reading.after(after).and_then(|place| reading.entity_at(place))?;
    Some(reading.entities[entity]).filter(|row| row.label == "GPE").and_then(|row| row.norm)
}

/// "The agreement", after "a new agreement": the same noun, and no modifier that is new.
fn thing(chains: &Chains<'_, '_>, mention: usize) -> Option<usize> {
    let reading = chains.reading;
    let lemma = reading.tree.lemma(chains.mentions[mention].head);
    let fits = |antecedent: usize| {
        let Mention { head, first, .. } = chains.mentions[antecedent];
        reading.tree.lemma(head) == lemma
            && reading.tree.xpos(head) == reading.tree.xpos(chains.mentions[mention].head)
            && modifiers(chains, mention)
                .all(|modifier| (first..head).any(|token| reading.word(token).eq_ignore_ascii_case(modifier)))
    };
    before(chains, mention)
        .find(|&(antecedent, chain)| chains.known[chain].class == Class::Thing && fits(antecedent))
        .map(|(_, chain)| chain)
}

/// The mentions before this one that are in chains, the nearest first, with their chains.
fn before<'c>(chains: &'c Chains<'_, '_>, mention: usize) -> impl Iterator<Item = (usize, usize)> + 'c {
    let from = mention.saturating_sub(chains.window);
    (from..mention).rev().filter_map(|antecedent| Some((antecedent, chains.of(antecedent)?)))
}

/// The named mentions of a class after this one, the nearest first, with their chains.
fn ahead<'c>(
    chains: &'c Chains<'_, '_>,
    mention: usize,
    class: Class,
) -> impl Iterator<Item = (usize, usize)> + 'c {
    let until = chains.mentions.len().min(mention + 1 + chains.window);
    (mention + 1..until)
        .filter(|&later| matches!(chains.mentions[later].kind, Kind::Name(_)))
        .filter_map(|later| Some((later, chains.of(later)?)))
        .filter(move |&(_, chain)| chains.known[chain].class == class)
}

/// "election" and "electoral": the same first letters.
fn is_related(a: &str, b: &str) -> bool {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    same >= RELATED && a.len().abs_diff(b.len()) <= RELATED
}

/// Nouns and adjectives before the head that narrow it down; states and demonyms apart.
fn modifiers<'c, 'd>(chains: &'c Chains<'_, 'd>, mention: usize) -> impl Iterator<Item = &'d str> + 'c {
    let Mention { head, first, .. } = chains.mentions[mention];
    let reading = chains.reading;
    (first..head)
        .filter(move |&token| {
            matches!(reading.upos(token), Upos::Noun | Upos::Propn | Upos::Adj)
                && !matches!(reading.label_at(token), "GPE" | "NORP")
        })
        .map(|token| reading.word(token))
        .filter(|word| !EMPTY.iter().any(|empty| word.eq_ignore_ascii_case(empty)))
}
