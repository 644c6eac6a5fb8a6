//! Clauses that a cue reports in the order of the sentence: "Kim said that …", "Kim said …".

use std::ops::Range;

use demarche_core::Upos;

use crate::content::Said;
use crate::cue::{self, Cue};
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
pub(crate) fn after(reading: &Reading<'_>, cues: &[Cue<'_>], cue: &Cue<'_>) -> Vec<Said> {
    let sentence = reading.level_sentence(cue.verb);
    let Some(start) = start(reading, cue, &sentence) else { return Vec::new() };
    let end = end(reading, cues, cue, start, &sentence);
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
    let mut at = from;
    while at < first_verb {
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
    let has_subject = first < first_verb || !own_level(&first_verb);
    let is_report = !is_other && has_subject && (reading.word(first) != "," || cue.is_passive);
    let question = ["whether", "if", "why", "how", "what"].iter().any(|word| reading.is_word(first, word));
    (is_report && (question || is_below_or_near(reading, cue, first_verb))).then_some(first)
}

/// Whether a "that" is a conjunction: by its tag, or for no verb and no noun in the singular follows.
fn opens_clause(reading: &Reading<'_>, that: usize) -> bool {
    let tree = &reading.tree;
    let next = (that + 1).min(reading.len() - 1);
    tree.upos(that) == Upos::Sconj
        || matches!(tree.upos(next), Upos::Det | Upos::Pron | Upos::Propn | Upos::Num | Upos::Adp)
        || tree.xpos(next) == "NNS"
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
    cues: &[Cue<'_>],
    cue: &Cue<'_>,
    start: usize,
    sentence: &Range<usize>,
) -> usize {
    let tree = &reading.tree;
    let level = reading.level(cue.verb);
    let mut end = sentence.end;
    // The tree's own coordination: "said it was late and left".
    for child in tree.children_by(cue.verb, &["conj"]).filter(|&child| child > start) {
        end = end.min(coordination(reading, child, start));
    }
    for other in cue::within(cues, &(start..end)) {
        if reading.level(other.verb) != level {
            continue;
        }
        let Some(before) = other.words.start.checked_sub(1).filter(|&before| before > start) else {
            continue;
        };
        // "the mayor, he said": the other cue stands aside from this one and what it reports.
        if let Some(aside) = other.aside.as_ref().filter(|aside| aside.own.start > start) {
            end = end.min(aside.own.start);
            continue;
        }
        let shares =
            other.source.as_ref().map(|source| source.head) == cue.source.as_ref().map(|source| source.head);
        let is_conjunction = tree.upos(before) == Upos::Cconj;
        let is_participle = reading.word(before) == "," && tree.xpos(other.verb) == "VBG";
        if is_conjunction || (is_participle && shares) {
            end = end.min(before);
        }
    }
    end
}

/// Where the coordination of a verb starts: at its conjunction, or the comma before it.
fn coordination(reading: &Reading<'_>, verb: usize, floor: usize) -> usize {
    let first = reading.tree.children_by(verb, &["cc"]).filter(|&cc| cc > floor).min();
    first.unwrap_or_else(|| reading.tree.reach(verb).start).max(floor)
}
