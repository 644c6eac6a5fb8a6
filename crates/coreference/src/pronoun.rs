//! The third sieve: pronouns, after Hobbs (1978) in spirit: the subject first, the sentence at hand before the one
//! before, and nobody outside a quotation for what is said inside it by somebody else.

use crate::chain::Chains;
use crate::lexicon::Gender;
use crate::mention::{Class, Kind, Mention, Pronoun};

/// Sentences back to which "he" and "she" reach.
const PERSON_SENTENCES: u32 = 5;
/// Sentences back to which "it" reaches.
const IT_SENTENCES: u32 = 1;

/// Puts the pronouns whose antecedent is clear in its chain, in text order.
pub(crate) fn link(chains: &mut Chains<'_, '_>, things: bool) {
    for mention in 0..chains.mentions.len() {
        let Kind::Pronoun(pronoun) = chains.mentions[mention].kind else { continue };
        let antecedent = match pronoun {
            Pronoun::Person(gender) => person(chains, mention, gender),
            Pronoun::It => it(chains, mention, things),
            Pronoun::They => {
                nearest(chains, mention, IT_SENTENCES, |chain| chains.known[chain].class == Class::Thing)
            }
        };
        let Some(chain) = antecedent else { continue };
        chains.put(mention, chain);
        if let Pronoun::Person(gender) = pronoun {
            chains.known[chain].gender.get_or_insert(gender);
        }
    }
}

fn person(chains: &Chains<'_, '_>, mention: usize, gender: Gender) -> Option<usize> {
    let fits = |chain: usize| {
        let chain = &chains.known[chain];
        chain.class == Class::Person && chain.gender.is_none_or(|known| known == gender)
    };
    cataphor(chains, mention, fits).or_else(|| nearest(chains, mention, PERSON_SENTENCES, fits))
}

fn it(chains: &Chains<'_, '_>, mention: usize, things: bool) -> Option<usize> {
    if is_expletive(chains, mention) {
        return None;
    }
    let fits = |chain: usize| match chains.known[chain].class {
        Class::Body | Class::State => true,
        Class::Thing => things,
        Class::Person | Class::Place => false,
    };
    nearest(chains, mention, IT_SENTENCES, fits)
}

/// The antecedent by salience: in the sentence at hand the nearest subject before the pronoun, then anything before
/// it; in earlier sentences the first subject, then (for persons) the first of all.
fn nearest(
    chains: &Chains<'_, '_>,
    mention: usize,
    reach: u32,
    fits: impl Fn(usize) -> bool,
) -> Option<usize> {
    let pronoun = chains.mentions[mention];
    let from = mention.saturating_sub(chains.window);
    let is_person = reach == PERSON_SENTENCES;
    let speaker = speaker(chains, mention);
    // Best of the sentence looked at: (is subject, chain).
    let mut best: Option<(bool, usize)> = None;
    let mut place = pronoun.sentence;
    for antecedent in (from..mention).rev() {
        let Mention { sentence, is_subject, .. } = chains.mentions[antecedent];
        if sentence != place {
            if let Some((is_subject, chain)) = best
                && (is_subject || is_person || place == pronoun.sentence)
            {
                return Some(chain);
            }
            best = None;
            place = sentence;
        }
        if pronoun.sentence - sentence > reach {
            return None;
        }
        let Some(chain) = chains.of(antecedent).filter(|&chain| fits(chain) && speaker != Some(chain)) else {
            continue;
        };
        if !may_corefer(chains, antecedent, mention) {
            continue;
        }
        let is_here = sentence == pronoun.sentence;
        let replaces = match best {
            None => true,
            // Going backwards: here the first subject met is the nearest, elsewhere the last one met is the first.
            Some((known_subject, _)) if is_here => is_subject && !known_subject,
            Some((known_subject, _)) => is_subject || !known_subject,
        };
        if replaces {
            best = Some((is_subject, chain));
        }
    }
    let (is_subject, chain) = best?;
    (is_subject || is_person || place == pronoun.sentence).then_some(chain)
}

/// "Before she left, Lind …": the subject of the clause that the pronoun's clause depends on.
fn cataphor(chains: &Chains<'_, '_>, mention: usize, fits: impl Fn(usize) -> bool) -> Option<usize> {
    let reading = chains.reading;
    let Mention { head, sentence, .. } = chains.mentions[mention];
    let clause = std::iter::once(head)
        .chain(reading.tree.ancestors(head))
        .find(|&token| reading.tree.relation(token) == "advcl")?;
    let main = reading.tree.head(clause).filter(|&main| main > head)?;
    let subject = reading.tree.children_by(main, &["nsubj"]).next().filter(|&subject| subject > head)?;
    let later = (mention + 1..chains.mentions.len()).take(chains.window);
    let mut later = later.take_while(|&other| chains.mentions[other].sentence == sentence);
    let other = later.find(|&other| {
        let Mention { first, end, .. } = chains.mentions[other];
        first <= subject && subject < end
    })?;
    chains.of(other).filter(|&chain| fits(chain))
}

/// Who says the quotation that the pronoun is in, if the sentence tells: "“He is wrong,” Lind said."
fn speaker(chains: &Chains<'_, '_>, mention: usize) -> Option<usize> {
    let Mention { sentence, quotation, .. } = chains.mentions[mention];
    if quotation == 0 {
        return None;
    }
    let around = mention.saturating_sub(chains.window)..chains.mentions.len().min(mention + chains.window);
    let is_speaker = |&other: &usize| {
        let other = chains.mentions[other];
        other.sentence == sentence && other.quotation == 0 && other.is_subject
    };
    around.into_iter().find(is_speaker).and_then(|other| chains.of(other))
}

fn may_corefer(chains: &Chains<'_, '_>, antecedent: usize, mention: usize) -> bool {
    let (pronoun, other) = (chains.mentions[mention], chains.mentions[antecedent]);
    let reading = chains.reading;
    // A phrase does not hold a pronoun for itself: "her mother".
    if other.first <= pronoun.head && pronoun.head < other.end {
        return false;
    }
    let same_sentence = pronoun.sentence == other.sentence;
    if pronoun.quotation != other.quotation {
        // Outside, one speaks of who is outside; inside, not of who is speaking.
        if other.quotation != 0 || same_sentence {
            return false;
        }
    }
    // "He saw him": two persons.
    let is_object = matches!(reading.tree.relation(pronoun.head), "obj" | "iobj" | "obl");
    let is_reflexive = reading.word(pronoun.head).ends_with("self");
    let clause = |mention: Mention| reading.tree.head(mention.head);
    !(same_sentence && is_object && !is_reflexive && other.is_subject && clause(pronoun) == clause(other))
}

/// "It is clear that …", "it rains": nothing is meant.
fn is_expletive(chains: &Chains<'_, '_>, mention: usize) -> bool {
    let tree = &chains.reading.tree;
    let token = chains.mentions[mention].head;
    if tree.relation(token) == "expl" {
        return true;
    }
    let Some(predicate) = tree.head(token).filter(|_| tree.relation(token) == "nsubj") else { return false };
    let is_copular = tree.children_by(predicate, &["cop"]).next().is_some();
    let has_clause =
        tree.children_by(predicate, &["csubj", "ccomp", "advcl", "acl"]).any(|clause| clause > predicate);
    let is_number = chains.reading.upos(predicate) == demarche_core::Upos::Num;
    is_copular && (has_clause || is_number)
        || matches!(tree.lemma(predicate), "seem" | "appear" | "happen" | "rain" | "snow" | "recall" | "turn")
}
