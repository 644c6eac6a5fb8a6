//! How far a candidate's phrase reaches, by the tree.

use std::ops::Range;

use demarche_core::Upos;

use crate::reading::Reading;

/// The phrase of a head: its subtree without prepositions, conjunctions and the clause it may be the predicate of.
pub(super) fn phrase(reading: &Reading<'_>, head: usize, with_conjuncts: bool) -> Range<usize> {
    let tree = &reading.tree;
    let is_predicate = tree.children_by(head, &["cop", "nsubj"]).next().is_some();
    let (mut first, mut end) = (head, head + 1);
    for child in tree.children(head) {
        let is_inside = match tree.relation(child) {
            "case" => child > head && is_possessive(reading, child),
            "cc" | "mark" | "cop" | "nsubj" | "csubj" | "aux" | "parataxis" | "discourse" | "vocative"
            | "dislocated" | "expl" | "orphan" | "reparandum" | "list" | "ccomp" | "advcl" | "punct" => false,
            "conj" => with_conjuncts && !matches!(tree.upos(child), Upos::Verb | Upos::Aux),
            "advmod" | "obl" => !is_predicate && child > head,
            _ => true,
        };
        if is_inside {
            let reach = tree.reach(child);
            first = first.min(reach.start);
            end = end.max(reach.end);
        }
    }
    trim(reading, head, first..end)
}

/// Without punctuation at its ends, but for marks that close what the phrase opened.
fn trim(reading: &Reading<'_>, head: usize, mut span: Range<usize>) -> Range<usize> {
    while span.end - 1 > head && reading.upos(span.end - 1) == Upos::Punct {
        let opener = match reading.word(span.end - 1) {
            ")" => "(",
            "]" => "[",
            "”" => "“",
            "’" => "‘",
            "\"" => "\"",
            _ => "",
        };
        if (span.start..span.end - 1).any(|token| reading.word(token) == opener) {
            break;
        }
        span.end -= 1;
    }
    while span.start < head && reading.upos(span.start) == Upos::Punct {
        let is_opener = matches!(reading.word(span.start), "“" | "\"" | "(" | "‘");
        if is_opener && reading.word(span.end - 1) != "," && closes_inside(reading, &span) {
            break;
        }
        span.start += 1;
    }
    span
}

fn closes_inside(reading: &Reading<'_>, span: &Range<usize>) -> bool {
    let closer = match reading.word(span.start) {
        "“" => "”",
        "‘" => "’",
        "(" => ")",
        _ => "\"",
    };
    (span.start + 1..span.end).any(|token| reading.word(token) == closer)
}

pub(super) fn is_possessive(reading: &Reading<'_>, token: usize) -> bool {
    matches!(reading.word(token), "'s" | "’s" | "'" | "’" | "s")
}

/// The entity's own words with article and possessive mark, where the parser saw another phrase.
pub(super) fn name_apart(reading: &Reading<'_>, head: usize, phrase: &Range<usize>) -> Option<Range<usize>> {
    let entity = reading.entity_at(head)?;
    let row = reading.entities[entity];
    if !matches!(row.label, "PERSON" | "ORG" | "GPE" | "LOC" | "FAC") {
        return None;
    }
    let tokens = reading.doc.tokens_in(row.span);
    // Once an entity, by its top word.
    if reading.tree.head(head).is_some_and(|above| tokens.contains(&above)) {
        return None;
    }
    let (mut first, mut end) = (tokens.start, tokens.end);
    if let Some(before) = reading.before(first).filter(|&before| reading.upos(before) == Upos::Det) {
        first = before;
    }
    if let Some(after) = reading.after(end - 1).filter(|&after| is_possessive(reading, after)) {
        end = after + 1;
    }
    (phrase.start > first || phrase.end < end || phrase.start < first).then_some(first..end)
}
