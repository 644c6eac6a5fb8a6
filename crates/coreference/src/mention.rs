//! What may be a mention: names with their phrases, noun phrases for persons, bodies and states, pronouns.

use demarche_core::Upos;

use crate::lexicon::{Gender, Lexicon};
use crate::phrase;
use crate::reading::Reading;

/// Words between a description and the comma before its name ("the ambassador in Oslo, Kari Lind").
const MAX_COMPLEMENT: usize = 6;
/// Steps over "of" in a title ("head of the department of rivers of the ministry").
const MAX_OF: usize = 4;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Mention {
    pub(crate) head: usize,
    /// First token of the phrase.
    pub(crate) first: usize,
    /// One past the last token.
    pub(crate) end: usize,
    pub(crate) kind: Kind,
    pub(crate) class: Class,
    pub(crate) sentence: u32,
    pub(crate) quotation: u32,
    /// Whether it is the subject of a clause.
    pub(crate) is_subject: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Named by this entity.
    Name(usize),
    /// A definite noun phrase: it may take up what is known.
    Definite,
    /// Any other noun phrase: it only introduces.
    Indefinite,
    Pronoun(Pronoun),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pronoun {
    Person(Gender),
    It,
    They,
}

/// What is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Class {
    Person,
    /// A company, ministry, party, court, international body.
    Body,
    /// A state, its government, its capital where it stands for the government.
    State,
    Place,
    Thing,
}

/// All mentions, by their heads.
pub(crate) fn find(reading: &Reading<'_>, lexicon: &Lexicon, things: bool) -> Vec<Mention> {
    let mut mentions = Vec::with_capacity(reading.n_tokens() / 5);
    // Titles and appositions are part of a name's mention, not mentions of their own.
    let mut described = vec![false; reading.n_tokens()];
    for entity in 0..reading.entities.len() {
        if let Some(mention) = named(reading, lexicon, entity) {
            if mention.class == Class::Person {
                described[mention.first..mention.end].fill(true);
            }
            mentions.push(mention);
        }
    }
    for (token, is_described) in described.into_iter().enumerate() {
        if reading.upos(token) == Upos::Pron {
            mentions.extend(pronoun(reading, token, things));
        } else if is_age(reading, token) || reading.entity_at(token).is_none() && is_noun(reading, token) {
            mentions.extend(nominal(reading, lexicon, token, things).filter(|mention| {
                // The noun of a title is no mention of its own, the body in it is; but not together with the name.
                !is_described
                    || mention.class != Class::Person && reading.label_at(mention.end - 1) != "PERSON"
            }));
        }
    }
    mentions.sort_by_key(|mention| (mention.head, mention.first));
    mentions
}

fn named(reading: &Reading<'_>, lexicon: &Lexicon, entity: usize) -> Option<Mention> {
    let row = reading.entities[entity];
    let class = match row.label {
        "PERSON" => Class::Person,
        "ORG" => Class::Body,
        "GPE" if row.norm.is_some() => Class::State,
        "GPE" | "LOC" | "FAC" => Class::Place,
        _ => return None,
    };
    let tokens = reading.doc.tokens_in(row.span);
    if tokens.is_empty() {
        return None;
    }
    let is_outside = |&token: &usize| reading.tree.head(token).is_none_or(|head| !tokens.contains(&head));
    let head = tokens.clone().find(is_outside).unwrap_or(tokens.start);
    let (mut first, mut end) = (tokens.start, tokens.end);
    if class == Class::Person {
        first = start_of_description(reading, lexicon, first, end);
        end = phrase::end_of_affiliation(reading, phrase::end_of_apposition(reading, lexicon, end));
    } else if !is_before_noun(reading, end) {
        first = match class {
            Class::Body => phrase::first_token(reading, first),
            _ => article_before(reading, first).unwrap_or(first),
        };
    }
    Some(mention(reading, head, first, end, Kind::Name(entity), class))
}

/// Whether a noun goes on after the name: "the EU sanctions". A person's name does not: "the Foreign Ministry's …".
fn is_before_noun(reading: &Reading<'_>, end: usize) -> bool {
    reading
        .after(end - 1)
        .is_some_and(|after| is_noun(reading, after) && !matches!(reading.label_at(after), "PERSON" | "DATE"))
}

/// Where the title or description before a person's name starts: "the Russian ambassador in Seoul, …", "President …".
fn start_of_description(reading: &Reading<'_>, lexicon: &Lexicon, start: usize, end: usize) -> usize {
    let mut first = start;
    let is_noun = |token: usize| matches!(reading.upos(token), Upos::Noun | Upos::Propn);
    if reading.before(start).is_some_and(|before| is_noun(before) && reading.label_at(before) != "PERSON") {
        first = start_of_title(reading, lexicon, phrase::first_token(reading, start));
    }
    start_of_apposed(reading, lexicon, first, end).unwrap_or(first)
}

/// "the deputy head of the department of rivers …": over "of" to the noun for a person, if there is one.
fn start_of_title(reading: &Reading<'_>, lexicon: &Lexicon, first: usize) -> usize {
    let mut start = first;
    for _ in 0..MAX_OF {
        let Some(of) = reading.before(start).filter(|&of| reading.word(of) == "of") else { break };
        let Some(noun) = reading.before(of).filter(|&noun| is_noun(reading, noun)) else { break };
        start = phrase::first_token(reading, noun);
        if lexicon.is_role(reading.word(noun)) {
            return start;
        }
    }
    first
}

/// "the Russian ambassador in Seoul, …": a description that a comma parts from the name.
fn start_of_apposed(reading: &Reading<'_>, lexicon: &Lexicon, start: usize, end: usize) -> Option<usize> {
    let comma = reading.before(start).filter(|&comma| reading.word(comma) == ",")?;
    let closes = |token: usize| matches!(reading.word(token), "," | "." | ")" | "”" | "\"" | ";");
    if reading.after(end - 1).is_some_and(|after| !closes(after)) {
        return None;
    }
    let mut role = reading.before(comma)?;
    while !lexicon.is_role(reading.word(role)) {
        let complement = [Upos::Noun, Upos::Propn, Upos::Adj, Upos::Adp, Upos::Det, Upos::Part];
        if !complement.contains(&reading.upos_in_phrase(role)) || comma - role > MAX_COMPLEMENT {
            return None;
        }
        role = reading.before(role)?;
    }
    let first = phrase::first_token(reading, role);
    (reading.label_at(role) != "PERSON" && is_definite(reading, first, role)).then_some(first)
}

/// "the EU", "a furious Ukraine".
fn article_before(reading: &Reading<'_>, start: usize) -> Option<usize> {
    let before = reading.before(start)?;
    if reading.upos(before) == Upos::Det {
        return Some(before);
    }
    let article = reading.before(before)?;
    (reading.upos(before) == Upos::Adj
        && reading.upos(article) == Upos::Det
        && reading.entity_at(before).is_none())
    .then_some(article)
}

fn nominal(reading: &Reading<'_>, lexicon: &Lexicon, head: usize, things: bool) -> Option<Mention> {
    let word = reading.word(head);
    let is_age = is_age(reading, head);
    let is_plural = matches!(reading.tree.xpos(head), "NNS" | "NNPS");
    let lemma = reading.tree.lemma(head);
    // A noun before a noun is its modifier, "the government spokesman"; the parser may not know the noun.
    let is_modifier = reading.after(head).is_some_and(|after| {
        reading.word(after) == "-"
            || is_noun(reading, after) && !matches!(reading.label_at(after), "DATE" | "PERSON")
    });
    if is_modifier && !is_age {
        return None;
    }
    let class = if is_age || lexicon.is_role(word) && !is_plural {
        Class::Person
    } else if lexicon.is_government(word) || lexicon.is_state(word) {
        Class::State
    } else if lexicon.is_body(word) && !is_plural {
        Class::Body
    } else if things && !lexicon.is_role(lemma) {
        Class::Thing
    } else {
        return None;
    };
    if class == Class::Person && reading.tree.relation(head) == "appos" {
        return None;
    }
    let first = if is_age {
        reading.before(head + 1 - AGE_WORDS).filter(|&before| reading.upos(before) == Upos::Det)?
    } else {
        phrase::first_token(reading, head)
    };
    let is_bare = class == Class::Thing || is_age || matches!(word, "side" | "delegation");
    let end = if is_bare { head + 1 } else { phrase::end_of_complement(reading, head) };
    let kind = if is_definite(reading, first, head) { Kind::Definite } else { Kind::Indefinite };
    if kind == Kind::Indefinite && class == Class::Person && follows_person(reading, lexicon, first) {
        return None;
    }
    Some(mention(reading, head, first, end, kind, class))
}

/// "Her father, a clerk": a phrase said of the person before the comma.
fn follows_person(reading: &Reading<'_>, lexicon: &Lexicon, first: usize) -> bool {
    let comma = reading.before(first).filter(|&comma| reading.word(comma) == ",");
    comma.and_then(|comma| reading.before(comma)).is_some_and(|person| {
        reading.label_at(person) == "PERSON"
            || lexicon.is_role(reading.word(person))
            || is_age(reading, person)
    })
}

/// Words of "51-year-old".
const AGE_WORDS: usize = 5;

/// "the 51-year-old".
pub(crate) fn is_age(reading: &Reading<'_>, head: usize) -> bool {
    matches!(reading.word(head), "old" | "olds")
        && head >= AGE_WORDS
        && reading.word(head - 2).eq_ignore_ascii_case("year")
        && reading.after(head).is_none_or(|after| !is_noun(reading, after))
}

/// Whether the phrase points at something known: by its article, demonstrative or possessor.
fn is_definite(reading: &Reading<'_>, first: usize, head: usize) -> bool {
    let opens = |word: &str| {
        ["the", "this", "that", "these", "those"].iter().any(|the| word.eq_ignore_ascii_case(the))
    };
    opens(reading.word(first))
        || reading.tree.xpos(first) == "PRP$"
        || (first..head).any(|token| phrase::is_possessive_mark(reading, token))
}

fn pronoun(reading: &Reading<'_>, token: usize, things: bool) -> Option<Mention> {
    let is = |words: &[&str]| words.iter().any(|word| reading.word(token).eq_ignore_ascii_case(word));
    let (pronoun, class) = if is(&["he", "him", "his", "himself"]) {
        (Pronoun::Person(Gender::Masculine), Class::Person)
    } else if is(&["she", "her", "hers", "herself"]) {
        (Pronoun::Person(Gender::Feminine), Class::Person)
    } else if is(&["it", "its", "itself"]) {
        (Pronoun::It, Class::Thing)
    } else if things && is(&["they", "them", "their", "theirs", "themselves"]) {
        (Pronoun::They, Class::Thing)
    } else {
        return None;
    };
    Some(mention(reading, token, token, token + 1, Kind::Pronoun(pronoun), class))
}

fn mention(
    reading: &Reading<'_>,
    head: usize,
    first: usize,
    end: usize,
    kind: Kind,
    class: Class,
) -> Mention {
    Mention {
        head,
        first: first.min(head),
        end: end.max(head + 1),
        kind,
        class,
        sentence: reading.sentence_of(head),
        quotation: reading.quotation_of(head),
        is_subject: is_subject(reading, head, first, end),
    }
}

/// Whether the phrase is a subject; its head by the parser may be another word than ours (a title).
fn is_subject(reading: &Reading<'_>, head: usize, first: usize, end: usize) -> bool {
    let leaves = |token: usize| reading.tree.head(token).is_none_or(|above| above < first || above >= end);
    let top = if leaves(head) { Some(head) } else { (first..end).find(|&token| leaves(token)) };
    top.is_some_and(|top| matches!(reading.tree.relation(top), "nsubj" | "csubj"))
}

pub(crate) fn is_noun(reading: &Reading<'_>, token: usize) -> bool {
    matches!(reading.upos(token), Upos::Noun | Upos::Propn) || reading.word(token) == "old"
}
