//! Clauses that are reported: what a verb of saying has as its complement, and what stands around it.

use std::ops::Range;

use demarche_core::Upos;

use crate::content::Said;
use crate::cue::Cue;
use crate::reading::Reading;

/// Clauses that the tree has as complements of the cue's verb.
pub(crate) fn complements(reading: &Reading<'_>, cue: &Cue<'_>) -> Vec<Said> {
    let tree = &reading.tree;
    let verb = cue.verb;
    let is_clause = |&child: &usize| match tree.relation(child) {
        "ccomp" => true,
        // A colon before what is said; "that", whatever the relation.
        "parataxis" | "dep" => child > verb && follows_colon(reading, verb, tree.reach(child).start),
        "advcl" | "xcomp" | "obj" | "obl" => child > verb && that(reading, child).is_some(),
        _ => false,
    };
    let Some(clause) = tree.children(verb).filter(is_clause).last() else { return Vec::new() };
    let reach = tree.reach(clause);
    if clause < verb {
        let own = own(reading, cue, Some(clause));
        return vec![Said { pieces: around_own(reading, reach, &own), preposition: None }];
    }
    let start = reach.start.max(cue.words.end);
    let mut end = reach.end;
    let mut said = Vec::new();
    // "said that it was late, and that it would rain".
    for other in tree.children_by(clause, &["conj"]).filter(|&other| that(reading, other).is_some()) {
        let reach = tree.reach(other);
        end = end.min(reach.start);
        said.push(Said::one(after_that(reading, reach)));
    }
    said.insert(0, Said::one(after_that(reading, start..end.max(start + 1))));
    // "A, he said, B", where the tree has only B.
    said
}

/// The clause that a cue follows or interrupts.
pub(crate) fn around(reading: &Reading<'_>, cue: &Cue<'_>) -> Option<Said> {
    let tree = &reading.tree;
    let sentence = level_sentence(reading, cue.verb);
    let own = own(reading, cue, None);
    let follows_comma = own.start > sentence.start && is_separator(reading, own.start - 1);
    if !follows_comma {
        return following(reading, cue, &own, &sentence);
    }
    let start = segment_start(reading, own.start - 1, &sentence);
    let end = match tree.relation(cue.verb) {
        "parataxis" => tree.head(cue.verb).map_or(sentence.end, |head| tree.reach(head).end.max(own.end)),
        _ => segment_end(reading, own.end, &sentence),
    };
    let pieces = around_own(reading, start..end.min(sentence.end), &own);
    let has_verb = pieces.iter().flat_map(Clone::clone).any(|token| is_predicative(reading, token));
    (has_verb && !pieces.is_empty()).then_some(Said { pieces, preposition: None })
}

/// "The minister said in an interview it would rain", where the tree has lost the clause: from its subject on.
fn following(
    reading: &Reading<'_>,
    cue: &Cue<'_>,
    own: &Range<usize>,
    sentence: &Range<usize>,
) -> Option<Said> {
    let tree = &reading.tree;
    let source = cue.source.as_ref()?;
    if source.head > cue.verb {
        return None;
    }
    let rest = cue.words.end..sentence.end;
    let level = reading.level(cue.verb);
    let subject = rest.clone().find(|&token| {
        tree.relation(token) == "nsubj"
            && reading.level(token) == level
            && tree
                .head(token)
                .is_some_and(|head| head > token && head != cue.verb && !tree.is_below(head, cue.verb))
    })?;
    let start = tree.reach(subject).start.max(cue.words.end);
    (start >= own.end || rest.contains(&start)).then(|| Said::one(start..sentence.end))
}

/// The tokens of a clause without its "that".
pub(crate) fn after_that(reading: &Reading<'_>, tokens: Range<usize>) -> Range<usize> {
    let trimmed = reading.trim(tokens.clone());
    let mut start = tokens.start;
    let first = trimmed.start;
    let is_conjunction = |token: usize| reading.tree.upos(token) == Upos::Cconj;
    if first < trimmed.end
        && is_conjunction(first)
        && first + 1 < trimmed.end
        && reading.is_word(first + 1, "that")
    {
        start = first + 2;
    } else if first + 1 < trimmed.end
        && reading.is_word(first, "that")
        && reading.tree.upos(first) == Upos::Sconj
    {
        start = first + 1;
    }
    start..tokens.end
}

fn that(reading: &Reading<'_>, clause: usize) -> Option<usize> {
    reading.tree.children_by(clause, &["mark"]).find(|&mark| reading.is_word(mark, "that"))
}

fn follows_colon(reading: &Reading<'_>, verb: usize, start: usize) -> bool {
    (verb + 1..start + 1).any(|token| reading.word(token) == ":")
}

fn is_separator(reading: &Reading<'_>, token: usize) -> bool {
    matches!(reading.word(token), "," | "–" | "—" | "-" | "--" | "”" | "\"" | "’" | "'" | "''" | ";")
}

fn is_predicative(reading: &Reading<'_>, token: usize) -> bool {
    reading.is_finite(token) || reading.tree.children_by(token, &["cop", "nsubj"]).next().is_some()
}

/// The sentence of a token, cut to the quoted stretch that it is in.
fn level_sentence(reading: &Reading<'_>, token: usize) -> Range<usize> {
    let sentence = reading.sentence(token);
    match reading.level(token) {
        Some(quoted) => {
            let quoted = reading.quoted_tokens(quoted);
            sentence.start.max(quoted.start)..sentence.end.min(quoted.end)
        }
        None => sentence,
    }
}

/// The tokens of the clause that the cue is in, without what it reports: verb, source, addressee, adverbs.
fn own(reading: &Reading<'_>, cue: &Cue<'_>, content: Option<usize>) -> Range<usize> {
    let tree = &reading.tree;
    let mut own = cue.words.clone();
    if let Some(source) = &cue.source {
        let near = tree.relation(source.head) == "nsubj" && tree.head(source.head) == Some(cue.verb);
        if near {
            own = own.start.min(source.tokens.start)..own.end.max(tree.reach(source.head).end);
        }
    }
    for child in tree.children(cue.verb).filter(|&child| Some(child) != content) {
        let reach = tree.reach(child);
        let is_own = match tree.relation(child) {
            "aux" | "advmod" | "mark" | "cc" | "obj" | "iobj" | "obl" | "compound" | "expl" | "nsubj" => true,
            "advcl" | "conj" | "parataxis" | "xcomp" => child > cue.verb,
            _ => false,
        };
        if is_own && content.is_none_or(|content| !tree.reach(content).contains(&child)) {
            own = own.start.min(reach.start)..own.end.max(reach.end);
        }
    }
    own
}

/// What of a range stands before and after the cue's own words.
fn around_own(reading: &Reading<'_>, tokens: Range<usize>, own: &Range<usize>) -> Vec<Range<usize>> {
    let before = reading.trim(tokens.start..own.start.clamp(tokens.start, tokens.end));
    let after = reading.trim(own.end.clamp(tokens.start, tokens.end)..tokens.end);
    let whole_before = before.clone().any(|token| is_predicative(reading, token));
    // A participle after the cue belongs to the reporter's sentence: "said the minister, lifting the pound".
    let is_loose =
        after.start < after.end && whole_before && matches!(reading.tree.xpos(after.start), "VBG" | "VBN");
    let mut pieces = Vec::with_capacity(2);
    if !before.is_empty() {
        pieces.push(before);
    }
    if !after.is_empty() && !is_loose {
        pieces.push(after);
    }
    pieces
}

/// Where the clauses before a cue start: at the last semicolon, otherwise with the sentence.
fn segment_start(reading: &Reading<'_>, before: usize, sentence: &Range<usize>) -> usize {
    let level = reading.level(before);
    let is_cut = |&token: &usize| reading.word(token) == ";" && reading.level(token) == level;
    (sentence.start..before).rev().find(is_cut).map_or(sentence.start, |cut| cut + 1)
}

fn segment_end(reading: &Reading<'_>, after: usize, sentence: &Range<usize>) -> usize {
    (after..sentence.end).find(|&token| reading.word(token) == ";").unwrap_or(sentence.end)
}
