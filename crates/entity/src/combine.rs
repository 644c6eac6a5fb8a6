//! Rules and recognizer together: the rules' mentions count as votes beside the recognizer's scores, then the best row of tags
//! is taken. Dates, numbers and a user's own names are the rules' alone.

use std::cell::RefCell;
use std::ops::Range;

use demarche_model::sigmoid;

use crate::class::Class;
use crate::consensus;
use crate::feature::{self, Features};
use crate::gazetteer::Source;
use crate::label::Label;
use crate::mention::{Evidence, Mention};
use crate::recognizer::Recognizer;
use crate::run;
use crate::scan::Scan;
use crate::tag::{self, KINDS, N_TAGS, OUTSIDE, Paths, Place};
use crate::word::{Shape, Words};

/// How much the rules' votes weigh beside the recognizer's scores, which are logarithms of chances. The defaults were chosen on
/// the development parts of UNER English EWT, of GUM and of the project's articles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trust {
    /// A mention by default, or of a name that may be something else.
    pub weak: f32,
    /// A mention by its words or neighbors.
    pub strong: f32,
    /// A mention by a list.
    pub listed: f32,
    /// For no name where the rules see none.
    pub silence: f32,
}

impl Default for Trust {
    fn default() -> Self {
        Self { weak: 0.0, strong: 2.0, listed: 3.0, silence: 1.0 }
    }
}

impl Trust {
    const fn of(&self, evidence: Evidence) -> f32 {
        match evidence {
            Evidence::Weak => self.weak,
            Evidence::Strong => self.strong,
            Evidence::Listed => self.listed,
        }
    }
}

/// A vote that nothing outweighs.
const CERTAIN: f32 = 1e4;

/// Memory of a thread.
#[derive(Default)]
struct Work {
    features: Vec<Features>,
    scores: Vec<f32>,
    paths: Paths,
    tags: Vec<usize>,
}

thread_local! {
    static WORK: RefCell<Work> = RefCell::default();
}

/// The mentions of rules and recognizer: in text order, apart from each other.
pub(crate) fn combine<'a>(
    scan: &Scan<'a>,
    recognizer: &Recognizer,
    trust: &Trust,
    rules: &[Mention<'a>],
) -> Vec<Mention<'a>> {
    WORK.with_borrow_mut(|work| {
        let Work { features, scores, paths, tags } = work;
        feature::extract(scan, rules, recognizer.clusters(), features);
        scores.clear();
        for sentence in scan.words.sentences() {
            recognizer.score(&features[sentence], scores);
        }
        vote(scan, trust, rules, scores);
        consensus::agree(scan.words, features, rules, scores);
        settle(scan, rules, scores);
        let mut mentions = Vec::with_capacity(rules.len() + rules.len() / 4);
        let mut rules = rules.iter().peekable();
        for sentence in scan.words.sentences() {
            tag::best(&scores[sentence.start * N_TAGS..sentence.end * N_TAGS], paths, tags);
            tag::names(tags, |kind, first, end| {
                let (first, end) = (sentence.start + first, sentence.start + end);
                while let Some(rule) = rules.next_if(|rule| rule.end <= first) {
                    keep_counted(scan, rule, &mut mentions);
                }
                let tags = &tags[first - sentence.start..end - sentence.start];
                let rows = scores[first * N_TAGS..end * N_TAGS].chunks_exact(N_TAGS);
                let chance = rows.zip(tags).map(|(row, &tag)| chance(row, tag)).fold(1.0, f32::min);
                let mut push = |name: Range<usize>| {
                    while rules.next_if(|rule| rule.end <= name.start).is_some() {}
                    let same = rules.peek().filter(|rule| rule.first == name.start && rule.end == name.end);
                    let mention = named(scan, kind, name, same.copied());
                    mentions.extend(mention.map(|mention| Mention { confidence: Some(chance), ..mention }));
                };
                if KINDS[kind] == "PERSON" {
                    run::persons(scan, first..end, push);
                } else {
                    push(first..end);
                }
            });
        }
        rules.for_each(|rule| keep_counted(scan, rule, &mut mentions));
        mentions
    })
}

/// Adds the rules' votes to the scores.
fn vote(scan: &Scan<'_>, trust: &Trust, rules: &[Mention<'_>], scores: &mut [f32]) {
    let mut free = 0;
    let silent = |from: usize, to: usize, scores: &mut [f32]| {
        for i in from..to {
            scores[i * N_TAGS + OUTSIDE] += trust.silence;
        }
    };
    for rule in rules {
        silent(free, rule.first, scores);
        free = rule.end;
        let Some(kind) = kind_of(rule.label) else { continue };
        for i in rule.first..rule.end {
            let tag = tag::tag(kind, Place::of(i, rule.first, rule.end));
            scores[i * N_TAGS + tag] += trust.of(rule.evidence);
        }
    }
    silent(free, scan.words.len(), scores);
}

/// Sees to it that what the rules alone decide stays. This comes after the consensus, which it has no say in: a law that has a
/// state's name in it makes no law of the state.
fn settle(scan: &Scan<'_>, rules: &[Mention<'_>], scores: &mut [f32]) {
    for rule in rules {
        let kind = if is_of_user(scan, rule) { None } else { kind_of(rule.label) };
        if kind.is_some() && !is_settled(scan, rule) {
            continue;
        }
        for i in rule.first..rule.end {
            let tag = kind.map_or(OUTSIDE, |kind| tag::tag(kind, Place::of(i, rule.first, rule.end)));
            scores[i * N_TAGS + tag] += CERTAIN;
        }
    }
}

/// The kind of name that a label is; none for dates and numbers.
pub(crate) fn kind_of(label: Label) -> Option<usize> {
    match label {
        Label::LAW | Label::PRODUCT => Some(KINDS.len() - 1),
        _ => (label.0 <= Label::EVENT.0).then_some(label.0 as usize),
    }
}

/// Whether the rules alone decide: laws and products, companies by their suffix, names whose head has a small letter
/// ("sports ministry"), which the recognizer has not learned from, persons
/// whose title says that they are no place, pairs of peoples, and listed names of several words.
fn is_settled(scan: &Scan<'_>, rule: &Mention<'_>) -> bool {
    let last = rule.end - 1;
    let small_head = rule.n_words() > 1
        && scan.words.has(last, Shape::WORD)
        && !scan.words.has(last, Shape::CAPITAL)
        && !scan.words.has(last, Shape::DIGIT);
    let whole = rule.n_words() > 1 && (rule.evidence == Evidence::Listed || rule.label == Label::NORP);
    whole
        || rule.evidence != Evidence::Weak
            && (matches!(rule.label, Label::LAW | Label::PRODUCT)
                || rule.label == Label::ORG && scan.words.is(last, Class::COMPANY_SUFFIX)
                || rule.label == Label::ORG && rule.n_words() > 1 && has_organ(scan.words, rule)
                || rule.label == Label::EVENT && scan.words.is(rule.first, Class::STORM)
                || rule.label == Label::PERSON && rule.n_words() == 1 && scan.listed(rule.first).is_some()
                || small_head)
}

/// "Philippine Coast Guard", "Ministry of Water Resources and Irrigation".
fn has_organ(words: &Words<'_>, rule: &Mention<'_>) -> bool {
    (rule.first..rule.end).any(|i| words.is(i, Class::STATE_BODY) && words.has(i, Shape::CAPITAL))
}

fn is_of_user(scan: &Scan<'_>, mention: &Mention<'_>) -> bool {
    mention.thing != demarche_core::NONE && scan.lists.gazetteer.thing(mention.thing).source == Source::User
}

/// Dates, numbers and a user's names stay as the rules have them.
fn keep_counted<'a>(scan: &Scan<'a>, rule: &Mention<'a>, mentions: &mut Vec<Mention<'a>>) {
    if kind_of(rule.label).is_none() || is_of_user(scan, rule) {
        mentions.push(apart(rule));
    }
}

/// The mention without what it says of others, which may be gone.
fn apart<'a>(rule: &Mention<'a>) -> Mention<'a> {
    Mention { fullest: None, ..rule.clone() }
}

/// The mention of a decoded name: the rules' own where they have the same one, the listed one where the list agrees.
fn named<'a>(
    scan: &Scan<'a>,
    kind: usize,
    name: Range<usize>,
    same: Option<&Mention<'a>>,
) -> Option<Mention<'a>> {
    let is_place = |kind: usize| matches!(KINDS[kind], "GPE" | "LOC" | "FAC");
    let agrees = |label| kind_of(label).is_some_and(|own| own == kind || is_place(own) && is_place(kind));
    // What the recognizer knows of peoples it has from the rules.
    if let Some(rule) = same.filter(|rule| agrees(rule.label) || rule.label == Label::NORP) {
        return Some(apart(rule));
    }
    let listed =
        scan.listed(name.start).filter(|listed| listed.end == name.end && agrees(scan.label(listed)));
    let mention = match listed {
        Some(listed) => scan.of_list(listed),
        None if kind + 1 == KINDS.len() || is_title(scan, kind, &name) => return None,
        None => Mention::new(name.start, name.end, Label(kind as u16)),
    };
    Some(Mention { learned: true, ..mention })
}

/// "National Security" of "National Security Advisor", "Secretary of State", "Member States": titles and common words.
fn is_title(scan: &Scan<'_>, kind: usize, name: &Range<usize>) -> bool {
    const TITLE: Class = Class::OFFICE.or(Class::STATE_OFFICE).or(Class::TITLE_PART);
    const NAME: Class =
        Class::FIRST_NAME.or(Class::WEAK_FIRST_NAME).or(Class::SURNAME).or(Class::WEAK_SURNAME);
    let words = scan.words;
    let common = |i: usize| words.is(i, Class::COMMON.or(Class::FUNCTION).or(TITLE)) && !words.is(i, NAME);
    let before_office =
        words.is(name.end, Class::OFFICE.or(Class::STATE_OFFICE)) && words.has(name.end, Shape::CAPITAL);
    let barred = matches!(KINDS[kind], "PERSON" | "GPE") && name.clone().any(|i| words.is(i, TITLE));
    (before_office || barred || name.len() > 1 && KINDS[kind] == "PERSON") && name.clone().all(common)
}

/// The chance of a tag by its word's scores alone.
fn chance(scores: &[f32], tag: usize) -> f32 {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    // The exponential of what is not above zero, from arithmetic alone.
    let power = |score: f32| sigmoid(score - most) / sigmoid(most - score);
    power(scores[tag]) / scores.iter().map(|&score| power(score)).sum::<f32>()
}
