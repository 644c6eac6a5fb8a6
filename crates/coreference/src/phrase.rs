//! How far a noun phrase reaches.
//!
//! Mostly by what stands beside the head, for parsers are least sure of titles and appositions; prepositional
//! phrases are the parser's.

use demarche_core::Upos;

use crate::lexicon::Lexicon;
use crate::reading::Reading;

/// Words before a head; longer phrases are the tagger's mistakes.
const MAX_BEFORE: usize = 12;
/// Words of an apposition after a name.
const MAX_APPOSITION: usize = 16;

/// First token of the phrase whose head (or name) starts at `start`: its modifiers, titles, possessor, article.
pub(crate) fn first_token(reading: &Reading<'_>, start: usize) -> usize {
    let mut first = start;
    while start - first < MAX_BEFORE {
        let Some(before) = reading.before(first) else { break };
        let label = reading.label_at(before);
        if matches!(label, "DATE" | "TIME" | "PERSON" | "PERCENT" | "MONEY")
            && !is_possessive_mark(reading, first)
        {
            break;
        }
        match reading.upos(before) {
            Upos::Noun | Upos::Propn | Upos::Adj | Upos::Num => first = before,
            Upos::Part if is_possessive_mark(reading, before) => first = before,
            // Participles and adverbs before the noun: "the newly elected mayor".
            Upos::Verb | Upos::Adv if is_modifier(reading, before, start) => first = before,
            Upos::Punct if reading.word(before) == "-" => first = before,
            Upos::Det => {
                // "all the ministers": one article is enough, but a possessor may stand before what looks like one.
                return before;
            }
            Upos::Pron if reading.tree.xpos(before) == "PRP$" => return before,
            _ => break,
        }
    }
    // A phrase starts with none of its joints.
    while first < start && (is_possessive_mark(reading, first) || reading.upos(first) == Upos::Punct) {
        first += 1;
    }
    first
}

fn is_possessive_mark(reading: &Reading<'_>, token: usize) -> bool {
    matches!(reading.word(token), "'s" | "’s" | "'" | "’") && reading.upos(token) != Upos::Aux
}

fn is_modifier(reading: &Reading<'_>, token: usize, head: usize) -> bool {
    matches!(reading.tree.relation(token), "amod" | "advmod" | "compound")
        && reading.tree.head(token).is_some_and(|above| above > token && above <= head + 1)
}

/// One past the "of …" phrase right after the head, if there is one.
pub(crate) fn end_of_complement(reading: &Reading<'_>, head: usize) -> usize {
    let end = head + 1;
    if reading.after(head).is_none_or(|after| reading.word(after) != "of") {
        return end;
    }
    let complement =
        reading.tree.children_by(head, &["nmod"]).find(|&child| reading.tree.reach(child).start == end);
    let Some(complement) = complement else { return end };
    let reach = reading.tree.reach(complement);
    // Not into what a comma sets apart: "of Poland, which …".
    let comma = reach
        .clone()
        .find(|&token| matches!(reading.word(token), "," | ";" | ":" | "–" | "—" | "(" | "\"" | "“" | "”"));
    comma.unwrap_or(reach.end).max(complement + 1)
}

/// One past the apposition after a person's name that ends before `end`: ", the trade minister", ", 28, a nurse".
pub(crate) fn end_of_apposition(reading: &Reading<'_>, lexicon: &Lexicon, end: usize) -> usize {
    let mut at = end;
    let comma =
        |at: usize| at < reading.n_tokens() && reading.word(at) == "," && reading.before(at).is_some();
    if !comma(at) {
        return end;
    }
    let mut whole = end;
    if reading.after(at).is_some_and(|age| reading.upos(age) == Upos::Num && comma(age + 1)) {
        at += 2;
    }
    let Some(start) = reading.after(at) else { return whole };
    let mut role = None;
    let mut token = start;
    // Over the phrase's own words up to its head.
    while token - start < MAX_APPOSITION && reading.sentence_of(token) == reading.sentence_of(end - 1) {
        match reading.upos(token) {
            Upos::Det | Upos::Adj | Upos::Num | Upos::Pron if role.is_none() => {}
            Upos::Noun | Upos::Propn => {
                if lexicon.is_role(reading.word(token)) {
                    role = Some(token);
                }
            }
            Upos::Part if is_possessive_mark(reading, token) => role = None,
            Upos::Punct if reading.word(token) == "-" => {}
            _ => break,
        }
        token += 1;
        if token >= reading.n_tokens() {
            break;
        }
    }
    if let Some(role) = role.filter(|&role| role + 1 == token) {
        whole = end_of_apposed(reading, role);
    }
    whole
}

/// One past an apposition's prepositional phrases: "the spokesman for the coast guard", "a nurse with …".
fn end_of_apposed(reading: &Reading<'_>, role: usize) -> usize {
    let mut end = role + 1;
    for child in reading.tree.children_by(role, &["nmod"]) {
        let reach = reading.tree.reach(child);
        if reach.start != end {
            continue;
        }
        let stop = reach
            .clone()
            .find(|&token| matches!(reading.word(token), "," | ";" | ":" | "–" | "—" | "\"" | "“" | "”"));
        let clause = reach
            .clone()
            .find(|&token| reading.tree.relation(token) == "acl" || reading.tree.xpos(token) == "WDT");
        end = stop.unwrap_or(reach.end).min(clause.unwrap_or(reach.end)).max(end);
        if stop.is_some() || clause.is_some() {
            break;
        }
    }
    end
}
