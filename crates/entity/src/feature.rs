//! What the recognizer sees of a word: its letters, word class, classes in the lists, the listed name and the rules' mention
//! that it is in, and how the document writes it elsewhere.
//!
//! Each kind of feature is one hash, zero where there is nothing to say. The trainer calls the same code.

use demarche_core::Upos;
use demarche_model::cluster::Clusters;
use demarche_model::feature_hash;
use hashbrown::HashMap;

use crate::class::Class;
use crate::label::Label;
use crate::mention::{Evidence, Mention};
use crate::scan::Scan;
use crate::vocabulary::fold;
use crate::word::{Shape, Word, Words};

/// Number of kinds of features.
pub const N_FEATURES: usize = 19;

/// The hashes of a word's features, one a kind.
pub type Features = [u64; N_FEATURES];

/// Fills in the features of all words.
pub(crate) fn extract(
    scan: &Scan<'_>,
    rules: &[Mention<'_>],
    clusters: &Clusters,
    features: &mut Vec<Features>,
) {
    let words = scan.words;
    features.clear();
    features.reserve(words.len());
    let mut key = String::new();
    for (i, word) in words.list.iter().enumerate() {
        let text = words.text(i);
        fold(text, &mut key);
        let form = key.as_str();
        let (shape, len) = shape(text);
        let place = u8::from(word.has(Shape::START))
            | u8::from(word.has(Shape::GLUED)) << 1
            | u8::from(word.has(Shape::LINE_START)) << 2
            | u8::from(words.in_headline(i)) << 3
            | u8::from(word.is_capital()) << 4
            | u8::from(word.has(Shape::UPPER)) << 5;
        let ids = clusters.get(form);
        let cluster =
            |level: usize| ids.map_or(0, |ids| feature_hash(14 + level as u64, &ids[level].to_le_bytes()));
        features.push([
            feature_hash(0, form.as_bytes()),
            feature_hash(1, first(form, 3).as_bytes()),
            feature_hash(2, last(form, 3).as_bytes()),
            feature_hash(3, last(form, 2).as_bytes()),
            feature_hash(4, &shape[..len]),
            feature_hash(5, &[word.upos as u8, u8::from(word.is_capital())]),
            feature_hash(6, &[place]),
            feature_hash(7, &persons(word).to_le_bytes()),
            feature_hash(8, &things(word).to_le_bytes()),
            0,
            0,
            0,
            0,
            0,
            cluster(0),
            cluster(1),
            cluster(2),
            cluster(3),
            u64::from(word.is_capital() || word.upos == Upos::Propn),
        ]);
    }
    mark_listed(scan, features);
    mark_small(scan, features);
    mark_rules(words, rules, features);
    mark_elsewhere(words, rules, features);
}

/// Where a word stands in a name: alone, first, inside, last.
fn position(i: usize, first: usize, end: usize) -> u8 {
    match (i == first, i + 1 == end) {
        (true, true) => 0,
        (true, false) => 1,
        (false, false) => 2,
        (false, true) => 3,
    }
}

/// Listed names: a longer one hides those that start in it.
fn mark_listed(scan: &Scan<'_>, features: &mut [Features]) {
    let mut free = 0;
    for listed in scan.matches() {
        if listed.first < free {
            continue;
        }
        free = listed.end;
        let label = scan.label(listed).0.min(u16::from(u8::MAX)) as u8;
        for (i, features) in (listed.first..listed.end).zip(&mut features[listed.first..listed.end]) {
            let place = position(i, listed.first, listed.end);
            let source = scan.source(listed) as u8;
            features[9] = feature_hash(9, &[place, label, source, u8::from(listed.weak)]);
        }
    }
}

/// Listed names in small letters, as chat and e-mail have them.
fn mark_small(scan: &Scan<'_>, features: &mut [Features]) {
    let mut free = 0;
    for listed in scan.lists.gazetteer.small_matches(scan.words) {
        if listed.first < free {
            continue;
        }
        free = listed.end;
        let label = scan.label(&listed).0.min(u16::from(u8::MAX)) as u8;
        for (i, features) in (listed.first..listed.end).zip(&mut features[listed.first..listed.end]) {
            let place = position(i, listed.first, listed.end);
            features[13] = feature_hash(13, &[place, label, u8::from(listed.weak)]);
            features[N_FEATURES - 1] = 1;
        }
    }
}

fn mark_rules(words: &Words<'_>, rules: &[Mention<'_>], features: &mut [Features]) {
    for mention in rules {
        for (i, features) in (mention.first..mention.end).zip(&mut features[mention.first..mention.end]) {
            let place = position(i, mention.first, mention.end);
            let capital = u8::from(words.list[i].is_capital());
            features[10] = feature_hash(10, &[place, kind(mention), mention.evidence as u8, capital]);
            features[N_FEATURES - 1] = 1;
        }
    }
}

/// The label's number.
fn kind(mention: &Mention<'_>) -> u8 {
    mention.label.0.min(u16::from(u8::MAX)) as u8
}

/// How the document uses a form.
#[derive(Clone, Copy, Debug, Default)]
struct Usage {
    small: u8,
    capital: u8,
    /// By group of labels: persons, bodies, places, others.
    labels: [u8; 4],
}

/// What the document says of the form elsewhere: whether it is written with a small letter, with a capital inside a sentence,
/// and what the rules take it for.
fn mark_elsewhere(words: &Words<'_>, rules: &[Mention<'_>], features: &mut [Features]) {
    let mut usages: HashMap<u64, Usage> = HashMap::new();
    for (word, features) in words.list.iter().zip(features.iter()) {
        if word.is_capital() {
            let usage = usages.entry(features[0]).or_default();
            if !word.has(Shape::START) {
                usage.capital = usage.capital.saturating_add(1);
            }
        }
    }
    for (word, features) in words.list.iter().zip(features.iter()) {
        if !word.is_capital()
            && let Some(usage) = usages.get_mut(&features[0])
        {
            usage.small = usage.small.saturating_add(1);
        }
    }
    let group = |label: Label| match label {
        Label::PERSON => 0,
        Label::ORG => 1,
        Label::GPE | Label::LOC | Label::FAC => 2,
        _ => 3,
    };
    let sure = |mention: &&Mention<'_>| mention.evidence != Evidence::Weak;
    for mention in rules.iter().filter(sure) {
        for features in &features[mention.first..mention.end] {
            if let Some(usage) = usages.get_mut(&features[0]) {
                let count = &mut usage.labels[group(mention.label)];
                *count = count.saturating_add(1);
            }
        }
    }
    let mut rules = rules.iter().peekable();
    for (i, (word, features)) in words.list.iter().zip(features.iter_mut()).enumerate() {
        while rules.next_if(|mention| mention.end <= i).is_some() {}
        let Some(usage) = usages.get(&features[0]) else {
            features[11] = feature_hash(11, &[0]);
            features[12] = feature_hash(12, &[0]);
            continue;
        };
        let mut labels = usage.labels;
        if let Some(own) = rules.peek().filter(|mention| mention.first <= i && sure(mention)) {
            let count = &mut labels[group(own.label)];
            *count = count.saturating_sub(1);
        }
        let capital = usage.capital - u8::from(word.is_capital() && !word.has(Shape::START));
        features[11] =
            feature_hash(11, &[1, usage.small.min(2), capital.min(2), u8::from(word.is_capital())]);
        let most = labels.iter().copied().max().unwrap_or(0);
        let label = labels.iter().position(|&count| count == most && most > 0).map_or(0, |at| at as u8 + 1);
        features[12] = feature_hash(12, &[1, label, most.min(3)]);
    }
}

/// The classes that speak of persons.
fn persons(word: &Word) -> u64 {
    const PERSONS: Class = Class::HONORIFIC
        .or(Class::OFFICE)
        .or(Class::STATE_OFFICE)
        .or(Class::TITLE_PART)
        .or(Class::PRIVATE_ROLE)
        .or(Class::LEGISLATOR)
        .or(Class::MILITARY)
        .or(Class::PARTICLE)
        .or(Class::SUFFIX)
        .or(Class::SAY)
        .or(Class::COMMON)
        .or(Class::FIRST_NAME)
        .or(Class::WEAK_FIRST_NAME)
        .or(Class::SURNAME)
        .or(Class::WEAK_SURNAME);
    word.class.and(PERSONS)
}

/// The classes that speak of bodies, places and numbers.
fn things(word: &Word) -> u64 {
    const THINGS: Class = Class::ORG_HEAD
        .or(Class::STATE_BODY)
        .or(Class::COMPANY_SUFFIX)
        .or(Class::LOC_HEAD)
        .or(Class::LOC_FIRST)
        .or(Class::FAC_HEAD)
        .or(Class::FAC_FIRST)
        .or(Class::GPE_HEAD)
        .or(Class::EVENT_HEAD)
        .or(Class::EVENT_FIRST)
        .or(Class::LAW_HEAD)
        .or(Class::WEEKDAY)
        .or(Class::MONTH)
        .or(Class::NUMBER)
        .or(Class::DIRECTION)
        .or(Class::PLACE_PREPOSITION)
        .or(Class::PLACE_NOUN)
        .or(Class::PLACE_FIRST)
        .or(Class::ORG_NOUN)
        .or(Class::FUNCTION)
        .or(Class::PLAIN_ACRONYM)
        .or(Class::PORTFOLIO)
        .or(Class::STATE_CODE);
    word.class.and(THINGS)
}

const LONGEST_SHAPE: usize = 10;

/// Classes of the first characters, runs cut at two: `XxX` for `McCain` is `XxXx`.
fn shape(form: &str) -> ([u8; LONGEST_SHAPE], usize) {
    // A word as long as a book is looked at no further than any other.
    const LONGEST: usize = 48;
    let (mut shape, mut len, mut run) = ([0; LONGEST_SHAPE], 0, 0);
    for c in form.chars().take(LONGEST) {
        let class = match c {
            'a'..='z' => b'x',
            'A'..='Z' => b'X',
            '0'..='9' => b'd',
            '’' | '‘' => b'\'',
            '“' | '”' => b'"',
            '\0'..='\x7f' => c as u8,
            _ if c.is_uppercase() => b'X',
            _ if c.is_alphabetic() => b'x',
            _ => b'?',
        };
        run = if len > 0 && shape[len - 1] == class { run + 1 } else { 1 };
        if run <= 2 {
            if len == LONGEST_SHAPE {
                break;
            }
            shape[len] = class;
            len += 1;
        }
    }
    (shape, len)
}

/// The first `n` characters, or all.
fn first(form: &str, n: usize) -> &str {
    form.char_indices().nth(n).map_or(form, |(end, _)| &form[..end])
}

/// The last `n` characters, or all.
fn last(form: &str, n: usize) -> &str {
    form.char_indices().rev().nth(n - 1).map_or(form, |(start, _)| &form[start..])
}
