//! The words that report: every verb of the lexicon that stands where it can.

use std::ops::Range;

use demarche_core::Upos;

use crate::aside::{self, Aside};
use crate::clause;
use crate::lexicon::{Class, Entry, Frame, Lexicon};
use crate::reading::Reading;
use crate::source::{self, Source};

/// A verb that reports, with who does.
#[derive(Clone, Debug)]
pub(crate) struct Cue<'l> {
    pub(crate) verb: usize,
    pub(crate) entry: &'l Entry,
    /// The verb with what belongs to it: "did not rule out", "was quoted as saying".
    pub(crate) words: Range<usize>,
    pub(crate) source: Option<Source>,
    /// In the passive: its subject is not who says it.
    pub(crate) is_passive: bool,
    /// Whether plans and wishes are to be taken as quotations too.
    pub(crate) with_plans: bool,
    /// The cue's clause where it stands aside from what it reports.
    pub(crate) aside: Option<Aside>,
}

/// Modal verbs with which nothing is said yet.
const UNREAL: [&str; 8] = ["would", "could", "should", "may", "might", "must", "wo", "shall"];
/// Verbs whose infinitive is what really happens: "used to say", "went on to say".
const AND_DID: [&str; 8] = ["use", "go", "continue", "begin", "start", "proceed", "hasten", "rush"];
/// Tokens before a participle in which "was quoted as" stands.
const QUOTED_AS: usize = 6;

/// The cues of a document, by the place of their verb.
pub(crate) fn find<'l>(reading: &Reading<'_>, lexicon: &'l Lexicon, beliefs: bool) -> Vec<Cue<'l>> {
    let mut cues: Vec<Cue<'l>> = Vec::new();
    for token in 0..reading.len() {
        let Some(mut cue) = cue(reading, lexicon, beliefs, token) else { continue };
        if let Some(before) = cues.last().filter(|before| goes_with(reading, lexicon, before, token)) {
            cue.source.clone_from(&before.source);
        }
        cues.push(cue);
    }
    cues
}

/// Whether a verb has the source of the cue before it, wherever the tree has put it: "rejected it, saying …", "said it
/// was late and called for patience".
fn goes_with(reading: &Reading<'_>, lexicon: &Lexicon, before: &Cue<'_>, verb: usize) -> bool {
    let is_near = reading.sentence(before.verb) == reading.sentence(verb)
        && reading.level(before.verb) == reading.level(verb)
        && before.source.is_some();
    let is_own = |&token: &usize| matches!(reading.tree.upos(token), Upos::Aux | Upos::Adv | Upos::Part);
    let Some(link) = (before.verb + 1..verb).rev().find(|token| !is_own(token)).filter(|_| is_near) else {
        return false;
    };
    match reading.tree.upos(link) {
        Upos::Cconj => clause::shares_subject(reading, lexicon, before, link),
        _ => reading.word(link) == "," && reading.tree.xpos(verb) == "VBG",
    }
}

/// The cues whose verb is in a range of tokens.
pub(crate) fn within<'c, 'l>(cues: &'c [Cue<'l>], tokens: &Range<usize>) -> &'c [Cue<'l>] {
    let first = cues.partition_point(|cue| cue.verb < tokens.start);
    let count = cues[first..].partition_point(|cue| cue.verb < tokens.end);
    &cues[first..first + count]
}

fn cue<'l>(reading: &Reading<'_>, lexicon: &'l Lexicon, beliefs: bool, verb: usize) -> Option<Cue<'l>> {
    let tree = &reading.tree;
    if !is_verb(reading, verb) {
        return None;
    }
    let is_negated = is_negated(reading, verb);
    let entry = lexicon.entries_of(reading.word(verb), tree.lemma(verb)).iter().find(|entry| {
        let mut rest = (verb + 1..).zip(&entry.rest);
        rest.all(|(at, word)| at < reading.len() && reading.is_word(at, word))
            && (!entry.is_negated || is_negated)
    })?;
    if entry.class == Class::Belief && !beliefs {
        return None;
    }
    let end = verb + 1 + entry.rest.len();
    if let Some((start, source)) = quoted_as(reading, verb) {
        let aside = aside::of(reading, verb, &(start..end));
        let source = aside.as_ref().map(|aside| aside.source.clone()).or(source);
        return Some(Cue {
            verb,
            entry,
            words: start..end,
            source,
            is_passive: false,
            with_plans: beliefs,
            aside,
        });
    }
    if is_negated && !entry.is_negated && !denies(entry) {
        return None;
    }
    let start = match tree.xpos(verb) {
        "VB" => bare_form(reading, verb)?,
        _ => verb,
    };
    let is_bare_participle = tree.xpos(verb) == "VBN" && !has_auxiliary(reading, verb);
    let start =
        if entry.is_negated { negation(reading, verb).map_or(start, |at| at.min(start)) } else { start };
    let is_passive = tree.children(verb).any(|child| tree.deprel(child) == "aux:pass");
    let can_stand_aside = !is_passive && entry.has(&Frame::Clause) && tree.xpos(verb) != "VBG";
    let aside = can_stand_aside.then(|| aside::of(reading, verb, &(start..end))).flatten();
    // A participle without an auxiliary may be past tense before its subject: "declared the minister".
    let is_inverted =
        aside.as_ref().is_some_and(|aside| aside.source.head > verb && !aside.pieces.is_empty());
    // Or where it is the only verb: "Norway accused Sweden of lying".
    let is_only_verb = || !reading.level_sentence(verb).any(|token| reading.is_finite(token));
    if is_bare_participle && !is_inverted && !is_only_verb() {
        return None;
    }
    let source = match &aside {
        Some(aside) => Some(aside.source.clone()),
        None if is_passive => agent(reading, verb),
        None => subject(reading, verb, &(start..end)),
    };
    let is_nobody = |source: &Source| {
        let words = ["nobody", "no", "none", "neither", "nothing", "few"];
        words.iter().any(|word| reading.is_word(source.tokens.start, word))
    };
    if source.as_ref().is_some_and(is_nobody) {
        return None;
    }
    Some(Cue { verb, entry, words: start..end, source, is_passive, with_plans: beliefs, aside })
}

/// A verb by its word class or its tag; also what the tagger took for a plural noun but the parser made the root.
fn is_verb(reading: &Reading<'_>, token: usize) -> bool {
    let tree = &reading.tree;
    let xpos = tree.xpos(token);
    match tree.upos(token) {
        Upos::Verb => true,
        Upos::Noun => {
            let next = (token + 1).min(reading.len() - 1);
            let governs =
                tree.head(token).is_none() || tree.xpos(next) == "VBG" || reading.is_word(next, "that");
            xpos.starts_with("VB") || (xpos == "NNS" && governs)
        }
        _ => false,
    }
}

/// Who does it: as the tree has it, if that stands directly before the verb or is not to be seen from the words alone;
/// otherwise as the words have it.
fn subject(reading: &Reading<'_>, verb: usize, words: &Range<usize>) -> Option<Source> {
    let tree = source::of_verb(reading, verb);
    let is_beside = tree.as_ref().is_some_and(|source| {
        let between = source.tokens.end..words.start;
        source.head < verb
            && between.clone().all(|token| {
                matches!(reading.tree.upos(token), Upos::Aux | Upos::Adv | Upos::Part | Upos::Punct)
            })
    });
    if is_beside {
        return tree;
    }
    match reading.tree.xpos(verb) {
        "VBD" | "VBZ" | "VBP" | "VBN" | "NNS" => aside::subject(reading, verb, words).or(tree),
        _ => tree,
    }
}

/// Whether to say the opposite of it is to say something too.
fn denies(entry: &Entry) -> bool {
    entry.has(&Frame::Noun) && entry.has(&Frame::Ing)
}

/// Where the words of an infinitive or of a form with a modal verb start; `None` if nothing is said with it.
fn bare_form(reading: &Reading<'_>, verb: usize) -> Option<usize> {
    let tree = &reading.tree;
    let is_infinitive = tree.children_by(verb, &["mark"]).any(|mark| reading.is_word(mark, "to"));
    if is_infinitive {
        let above = tree.head(verb)?;
        return (tree.relation(verb) == "xcomp" && AND_DID.contains(&tree.lemma(above))).then_some(above);
    }
    let is_unreal = tree.children_by(verb, &["aux"]).any(|aux| {
        let word = reading.word(aux);
        UNREAL.iter().any(|unreal| word.eq_ignore_ascii_case(unreal))
    });
    (!is_unreal).then_some(verb)
}

fn has_auxiliary(reading: &Reading<'_>, verb: usize) -> bool {
    let tree = &reading.tree;
    let mut at = verb;
    // "has said and done": the second participle shares the auxiliary of the first.
    while tree.relation(at) == "conj" && tree.children_by(at, &["aux"]).next().is_none() {
        match tree.head(at) {
            Some(above) => at = above,
            None => break,
        }
    }
    tree.children_by(at, &["aux"]).next().is_some()
        // A form that may be past tense is, where it has a subject of its own.
        || source::own_subject(reading, verb).is_some()
}

fn is_negated(reading: &Reading<'_>, verb: usize) -> bool {
    negation_of(reading, verb).is_some()
}

fn negation_of(reading: &Reading<'_>, verb: usize) -> Option<usize> {
    let words = ["not", "n't", "n’t", "never"];
    let is_negation = |&child: &usize| child < verb && words.iter().any(|word| reading.is_word(child, word));
    reading.tree.children_by(verb, &["advmod"]).find(is_negation)
}

/// Where "did not" starts.
fn negation(reading: &Reading<'_>, verb: usize) -> Option<usize> {
    let not = negation_of(reading, verb)?;
    let aux = reading.tree.children_by(verb, &["aux"]).find(|&aux| aux + 1 == not);
    Some(aux.unwrap_or(not))
}

/// Who does it in the passive.
fn agent(reading: &Reading<'_>, verb: usize) -> Option<Source> {
    let tree = &reading.tree;
    let by = |token: usize| tree.children_by(token, &["case"]).any(|case| reading.is_word(case, "by"));
    let agent = tree.children_by(verb, &["obl"]).find(|&child| child > verb && by(child))?;
    let mut source = source::of_head(reading, agent, verb)?;
    if reading.is_word(source.tokens.start, "by") {
        source.tokens.start += 1;
    }
    Some(source)
}

/// "was quoted as saying": where it starts and who is quoted.
fn quoted_as(reading: &Reading<'_>, verb: usize) -> Option<(usize, Option<Source>)> {
    let tree = &reading.tree;
    if tree.xpos(verb) != "VBG" || verb == 0 || !reading.is_word(verb - 1, "as") {
        return None;
    }
    let window = verb.saturating_sub(QUOTED_AS)..verb;
    let quoted = window.rev().find(|&token| matches!(tree.lemma(token), "quote" | "cite"))?;
    let start =
        tree.children(quoted).filter(|&child| tree.deprel(child) == "aux:pass").min().unwrap_or(quoted);
    let subject = tree.children_by(quoted, &["nsubj"]).next();
    let source = subject.and_then(|subject| source::of_head(reading, subject, start));
    Some((start, source.or_else(|| source::of_verb(reading, quoted))))
}
