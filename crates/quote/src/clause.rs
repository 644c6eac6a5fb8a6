//! Clauses that a cue reports in the order of the sentence: "Kim said that …", "Kim said …".

use std::ops::Range;

use demarche_core::Upos;

use crate::content::Said;
use crate::cue::{self, Cue};
use crate::lexicon::{Class, Frame, Lexicon};
use crate::phrase;
use crate::reading::Reading;

/// Tokens after a verb in which a clause must start.
const WINDOW: usize = 40;
/// Verbs whose first object is who is spoken to.
const WITH_ADDRESSEE: [&str; 12] = [
    "tell", "inform", "remind", "assure", "advise", "ask", "notify", "reassure", "warn", "show", "promise",
    "caution",
];

/// Whether the verb's first object is who is spoken to.
pub(crate) fn has_addressee(reading: &Reading<'_>, verb: usize) -> bool {
    WITH_ADDRESSEE.contains(&reading.tree.lemma(verb))
}

/// The clauses after the cue, one item for each that is coordinated with its own "that".
pub(crate) fn after(reading: &Reading<'_>, lexicon: &Lexicon, cues: &[Cue<'_>], cue: &Cue<'_>) -> Vec<Said> {
    let sentence = reading.level_sentence(cue.verb);
    let Some(start) = start(reading, cue, &sentence) else { return Vec::new() };
    let end = end(reading, lexicon, cues, cue, start, &sentence);
    let is_cut = end < sentence.end && !(start..end).any(|token| reading.is_finite(token));
    if end <= start || is_cut {
        return Vec::new();
    }
    let mut said = Vec::new();
    let mut from = start;
    // "said that it was late, and that it would rain".
    for token in start..end {
        let is_second = reading.tree.upos(token) == Upos::Cconj
            && token + 1 < end
            && reading.is_word(token + 1, "that")
            && reading.tree.upos(token + 1) == Upos::Sconj
            && reading.level(token) == reading.level(cue.verb);
        if is_second {
            said.push(Said::one(from..token));
            from = token + 2;
        }
    }
    said.push(Said::one(from..end));
    said
}

/// The tokens of a clause without its "that".
pub(crate) fn after_that(reading: &Reading<'_>, tokens: Range<usize>) -> Range<usize> {
    let first = reading.trim(tokens.clone()).start;
    let is_that =
        first < tokens.end && reading.is_word(first, "that") && reading.tree.upos(first) == Upos::Sconj;
    if is_that { first + 1..tokens.end } else { tokens }
}

/// Where the clause after the cue starts: after "that" or a colon, otherwise after what the tree has as the verb's own
/// adverbs, phrases and addressee.
fn start(reading: &Reading<'_>, cue: &Cue<'_>, sentence: &Range<usize>) -> Option<usize> {
    let tree = &reading.tree;
    let level = reading.level(cue.verb);
    let from = cue.words.end;
    let end = sentence.end.min(from + WINDOW);
    let own_level = |&token: &usize| reading.level(token) == level;
    // Where the sentence is somebody else's: a relative clause, another verb.
    let is_that = |&token: &usize| {
        (reading.is_word(token, "that")
            && opens_clause(reading, token)
            && is_complementizer(reading, cue, token))
            || reading.word(token) == ":"
    };
    let first_verb = (from..end).find(|&token| reading.is_finite(token));
    let that = (from..first_verb.unwrap_or(end)).filter(own_level).find(is_that);
    if let Some(that) = that {
        let is_clause = reading.word(that) == ":" || first_verb.is_some();
        return is_clause.then_some(that + 1);
    }
    let first_verb = first_verb?;
    // What somebody finds out is reported only with a "that".
    if cue.entry.class == Class::Finding || is_in_question(reading, cue) {
        return None;
    }
    let mut at = from;
    while at < first_verb {
        if phrase::is_day(reading, at) {
            at += if reading.is_word(at, "on") { 2 } else { 1 };
            continue;
        }
        let own = tree.children(cue.verb).find(|&child| {
            let reach = tree.reach(child);
            reach.start <= at
                && at < reach.end
                && child >= from
                && reach.end <= first_verb
                && is_own(reading, cue, child)
        });
        match own {
            Some(child) => at = tree.reach(child).end.max(at + 1),
            None => break,
        }
    }
    let first = at;
    let opens_other = ["when", "as", "after", "before", "while", "who", "which", "because"];
    let is_other = opens_other.iter().any(|word| reading.is_word(first, word));
    // A verb right after the cue is the cue's neighbor, not its report: "said was", "said, is".
    // So is a verb that is coordinated with it: "protested and left".
    let is_second = first_verb > first && tree.upos(first_verb - 1) == Upos::Cconj;
    let has_subject = (first < first_verb && !is_second) || !own_level(&first_verb);
    let is_report = !is_other && has_subject && (reading.word(first) != "," || cue.is_passive);
    let question = ["whether", "if", "why", "how", "what"].iter().any(|word| reading.is_word(first, word));
    (is_report && (question || is_below_or_near(reading, cue, first_verb))).then_some(first)
}

/// "where Kim says it is": what the cue reports is in the question word.
fn is_in_question(reading: &Reading<'_>, cue: &Cue<'_>) -> bool {
    let before = cue.source.as_ref().filter(|source| source.head < cue.verb);
    let Some(before) = before.and_then(|source| source.tokens.start.checked_sub(1)) else { return false };
    ["where", "what", "which", "how", "than"].iter().any(|word| reading.is_word(before, word))
}

/// Whether a "that" is a conjunction and not the subject of the verb after it.
fn opens_clause(reading: &Reading<'_>, that: usize) -> bool {
    !reading.is_finite((that + 1).min(reading.len() - 1))
}

/// Whether a "that" opens what this cue reports and not a clause of a noun in between.
fn is_complementizer(reading: &Reading<'_>, cue: &Cue<'_>, that: usize) -> bool {
    let tree = &reading.tree;
    let Some(verb) = tree.head(that) else { return true };
    match tree.head(verb) {
        Some(above) if above == cue.verb => true,
        // "conveyed the position that": a noun's clause is the report of other frames.
        Some(above) => !(tree.relation(verb) == "acl" && tree.relation(above) == "obj" && above > cue.verb),
        None => true,
    }
}

/// Whether the tree has the clause under the cue, or at least not under something that is neither.
fn is_below_or_near(reading: &Reading<'_>, cue: &Cue<'_>, verb: usize) -> bool {
    let tree = &reading.tree;
    let up = std::iter::once(verb).chain(tree.ancestors(verb));
    let mut clause = up.take_while(|&token| token != cue.verb).filter(|&token| token > cue.verb);
    !clause.any(|token| matches!(tree.deprel(token), "acl:relcl" | "advcl"))
}

fn is_own(reading: &Reading<'_>, cue: &Cue<'_>, child: usize) -> bool {
    match reading.tree.relation(child) {
        "advmod" | "obl" | "punct" | "compound" => true,
        "obj" | "iobj" => has_addressee(reading, cue.verb),
        _ => false,
    }
}

/// Where the clause ends: with the sentence, or where another cue or another verb of the same subject starts.
pub(crate) fn end(
    reading: &Reading<'_>,
    lexicon: &Lexicon,
    cues: &[Cue<'_>],
    cue: &Cue<'_>,
    start: usize,
    sentence: &Range<usize>,
) -> usize {
    let tree = &reading.tree;
    let level = reading.level(cue.verb);
    let mut end = sentence.end;
    for token in start + 1..end {
        if tree.upos(token) == Upos::Cconj
            && reading.level(token) == level
            && shares_subject(reading, lexicon, cue, token)
        {
            end = token;
            break;
        }
    }
    for other in cue::within(cues, &(start..end)) {
        if reading.level(other.verb) != level {
            continue;
        }
        // "the mayor, he said": the other cue stands aside from this one and what it reports.
        if let Some(aside) = other.aside.as_ref().filter(|aside| aside.own.start > start) {
            return aside.own.start;
        }
        // "rejected it, saying …".
        let head = |cue: &Cue<'_>| cue.source.as_ref().map(|source| source.head);
        let before = other.words.start - 1;
        let is_participle = reading.word(before) == "," && tree.xpos(other.verb) == "VBG";
        if is_participle && before > start && head(other) == head(cue) {
            return before;
        }
    }
    end
}

/// Whether a conjunction is followed by another verb of the cue's own subject: "said it was late and left", by the tree
/// or for that verb reports too and is in the same tense.
pub(crate) fn shares_subject(
    reading: &Reading<'_>,
    lexicon: &Lexicon,
    cue: &Cue<'_>,
    conjunction: usize,
) -> bool {
    let tree = &reading.tree;
    let limit = reading.len().min(conjunction + 1 + COORDINATION);
    let is_between = |&token: &usize| matches!(tree.upos(token), Upos::Aux | Upos::Adv | Upos::Part);
    let Some(verb) = (conjunction + 1..limit).find(|token| !is_between(token)) else { return false };
    if !tree.xpos(verb).starts_with("VB") || tense(reading, verb) != tense(reading, cue.verb) {
        return false;
    }
    let by_tree = tree.relation(verb) == "conj" && tree.head(verb) == Some(cue.verb);
    let reports = || {
        lexicon.entries_of(reading.word(verb), tree.lemma(verb)).iter().any(|entry| {
            entry.class != Class::Belief && (entry.has(&Frame::Clause) || entry.has(&Frame::Predicate))
        })
    };
    by_tree || reports() || matches!(tree.lemma(verb), "decline" | "refuse")
}

/// Words between a conjunction and its verb at most.
const COORDINATION: usize = 4;

/// Whether a verb is in the past, by its own form or its first auxiliary's.
fn tense(reading: &Reading<'_>, verb: usize) -> Option<bool> {
    let tree = &reading.tree;
    let auxiliary = tree.children_by(verb, &["aux"]).next();
    match tree.xpos(auxiliary.unwrap_or(verb)) {
        "VBD" => Some(true),
        // Past forms look like participles, and are tagged so at times.
        "VBN" if auxiliary.is_none() => Some(true),
        "VBZ" | "VBP" => Some(false),
        _ => None,
    }
}
